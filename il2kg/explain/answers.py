"""Answers as a table for people, and as JSON and CSV for tools."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from il2kg.knowledge.answers import Answers, Value

_PLAIN_WIDTH: Final = 120
_LABEL: Final = "_label"
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?)?")
_DURATION_UNITS: Final = ("year", "month", "day", "h", "min")
_NOTHING: Final = "The guideline does not say."


@dataclass(frozen=True)
class Answered:
    """A question, the query that answers it with the terms it was asked of, and what it gave."""

    question: str
    query: str
    parameters: Mapping[str, str]
    answers: Answers


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


def print_table(title: str, answers: Answers, empty: str = _NOTHING) -> None:
    """Print answers to people: terms by their labels, numbers with their units, columns that say nothing left out."""
    if not answers.rows:
        print(f"{title}\n{empty}")
        return
    columns, rows = _for_people(answers)
    print_rows(title, columns, rows)


def print_rows(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table of texts, as wide as the terminal."""
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False, leading=1)
    for column in columns:
        table.add_column(column)
    for row in rows:
        table.add_row(*(Text(cell) for cell in row))
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=_PLAIN_WIDTH)
    console.print(Text(title))
    console.print(table)


def _for_people(answers: Answers) -> tuple[list[str], list[list[str]]]:
    """Columns and cells as people read them."""
    said = {name: [_cell(row, name) for row in answers.rows] for name in answers.columns if not name.endswith(_LABEL)}
    for name in list(said):
        if name.endswith("low") and (high := name.removesuffix("low") + "high") in said:
            _join_range(said, name, high)
    columns = [name for name, cells in said.items() if any(cells)]
    rows = [list(cells) for cells in zip(*(said[name] for name in columns), strict=True)]
    distinct = list({tuple(row): row for row in rows}.values())
    return [name.replace("_", " ") for name in columns], distinct


def _join_range(said: dict[str, list[str]], low: str, high: str) -> None:
    """Put the ends of a range, its comparator and its unit into the column of the low end."""
    unit = low.removesuffix("low") + "unit"
    nothing = [""] * len(said[low])
    units, comparators = said.pop(unit, nothing), nothing
    if low == "low" and "comparator" in said:
        comparators = said.pop("comparator")
    said[low] = [_range(*parts) for parts in zip(comparators, said[low], said[high], units, strict=True)]
    del said[high]
    amount = low.removesuffix("_low") if low != "low" else "amount"
    for name in list(said):  # renamed in its place
        said[amount if name == low else name] = said.pop(name)


def _range(comparator: str, low: str, high: str, unit: str) -> str:
    """A range in words: one number where both ends are the same, *up to* and *from* where one is open."""
    if low and high:
        numbers = low if low == high else f"{low} to {high}"
    elif low or high:
        numbers = low or high
        comparator = comparator or ("from" if low else "up to")
    else:
        return ""
    close = "" if unit == "%" or not unit else " "
    return f"{comparator} {numbers}{close}{unit.strip('{}')}".strip()


def _cell(row: Mapping[str, Value], name: str) -> str:
    label = row.get(name + _LABEL)
    return _in_words(_plain(row[name] if label is None else label))


def _plain(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case _:
            return str(value)


def _in_words(text: str) -> str:
    """A text; a length of time (ISO 8601) as people say it."""
    match = _DURATION.fullmatch(text) if text.startswith("P") else None
    if match is None or not any(match.groups()):
        return text
    said = [(n, unit) for n, unit in zip(match.groups(), _DURATION_UNITS, strict=True) if n]
    return " ".join(f"{n} {unit}{'s' if int(n) > 1 and len(unit) > len('min') else ''}" for n, unit in said)
