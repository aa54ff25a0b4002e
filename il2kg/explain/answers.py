"""Answers as a table for people, and as JSON and CSV for tools."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from il2kg.ask.answering import Answered
from il2kg.explain.table import print_table
from il2kg.guideline.lengths import HOURS_PER_DAY
from il2kg.guideline.plain_units import plain_unit
from il2kg.knowledge.results import Answers, Value

_LABEL: Final = "_label"
_COMPARATOR: Final = "comparator"
_HOURS: Final = "h"
_DAY: Final = Fraction(HOURS_PER_DAY)
# The graph counts time in hours; people read it in the largest of these in which the numbers are whole.
_TIMES: Final = (
    (Fraction(365.25) * _DAY, "year"),
    (_DAY, "day"),
    (Fraction(1), _HOURS),
    (Fraction(1, 60), "min"),
)
_PLURAL: Final = frozenset({"year", "day"})


def as_json(answered: Answered) -> str:
    """One JSON object: the question, the query's name, the parameters' identifiers, and the answers, flat."""
    import json

    document = {
        "question": answered.question,
        "query": answered.query,
        "parameters": dict(answered.parameters),
        "answers": [dict(row) for row in answered.answers.rows],
    }
    return json.dumps(document, ensure_ascii=False, indent=2)


def as_csv(answers: Answers) -> str:
    """The answers as CSV (RFC 4180) with a header line."""
    import csv
    import io

    text = io.StringIO()
    writer = csv.DictWriter(text, answers.columns, lineterminator="\n")
    writer.writeheader()
    writer.writerows({name: _plain(value) for name, value in row.items()} for row in answers.rows)
    return text.getvalue()


def print_answers(title: str, answers: Answers) -> None:
    """Print the guideline's answers to people; an empty answer says that the guideline gives none."""
    print_solutions(title, answers, empty="The guideline does not say.")
    print("This supports a decision; it makes none.")


def print_solutions(title: str, answers: Answers, empty: str = "No solution.") -> None:
    """Print solutions: terms by their labels, numbers with their units, columns that say nothing left out."""
    if answers.rows:
        print_table(title, *_for_people(answers))
    else:
        print(f"{title}\n{empty}")


def _for_people(answers: Answers) -> tuple[list[str], list[list[str]]]:
    """Columns and cells as people read them."""
    said = {name: [_cell(row, name) for row in answers.rows] for name in answers.columns if not name.endswith(_LABEL)}
    comparators = said.pop(_COMPARATOR, [""] * len(answers.rows)) if "low" in said else [""] * len(answers.rows)
    for low in [name for name in said if name.endswith("low") and name.removesuffix("low") + "high" in said]:
        said = _joined(said, low, comparators)
    columns = [name for name, cells in said.items() if any(cells)]
    rows = [list(cells) for cells in zip(*(said[name] for name in columns), strict=True)]
    distinct = list({tuple(row): row for row in rows}.values())
    return [name.replace("_", " ") for name in columns], distinct


def _joined(said: dict[str, list[str]], low: str, comparators: list[str]) -> dict[str, list[str]]:
    """The columns with the ends of a range, its unit and its comparator in one; a comparator is used up."""
    high, unit = low.removesuffix("low") + "high", low.removesuffix("low") + "unit"
    units = said.get(unit, [""] * len(comparators))
    cells = []
    for row, ends in enumerate(zip(said[low], said[high], strict=True)):
        cells.append(_range(comparators[row], *ends, units[row]) if any(ends) else "")
        if any(ends):
            comparators[row] = ""
    amount = low.removesuffix("low").removesuffix("_") or "amount"
    return {
        (amount if name == low else name): cells if name == low else column
        for name, column in said.items()
        if name not in (high, unit)
    }


def _range(comparator: str, low: str, high: str, unit: str) -> str:
    """A range in words: one number where both ends are the same, *up to* and *at least* where one is open."""
    if unit == _HOURS:
        low, high, unit = _time(low, high)
    if low and high:
        numbers = low if low == high else f"{low} to {high}"
    else:
        numbers = low or high
        comparator = comparator or ("at least" if low else "up to")
    plain = unit.strip("{}") if unit.startswith("{") else plain_unit(unit)
    return f"{comparator} {numbers}{'' if plain in ('', '%') else ' '}{plain}".strip()


def _time(low: str, high: str) -> tuple[str, str, str]:
    """Hours as people say them, e.g. 48 and 72 as 2 and 3 days."""
    hours = [Fraction(number) for number in (low, high) if number]
    for size, word in _TIMES:
        if all((number / size).denominator == 1 for number in hours):
            many = "s" if word in _PLURAL and hours[-1] > size else ""
            low, high = (str(Fraction(number) / size) if number else "" for number in (low, high))
            return low, high, word + many
    return low, high, _HOURS


def _cell(row: Mapping[str, Value], name: str) -> str:
    label = row.get(name + _LABEL)
    text = _plain(row[name] if label is None else label)
    return plain_unit(text) if name.endswith("unit") else text


def _plain(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)
