"""The cases beside each criterion, written for people (docs/cases.md).

They are in ``<criterion>.toml`` in the folder of a guideline's cases.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from il2kg.engine import Engine
from il2kg.errors import EvaluatorDisagreement
from il2kg.guideline.model import Criterion, Guideline
from il2kg.request import NamedRecord, Request
from tests.bundles import Resource, bundle, named_record
from tests.case_notation import NotationError, Scope
from tests.case_says import PLAIN, Says, said_of, says_of
from tests.case_spelling import Speller, T

TABLES = Path(__file__).parent / "cases"
BY_EXCEPTION = "by-exception"
STATUSES = ("met", "held", "unknown", "not-met")
REQUEST = Request(at=int(T.timestamp()) * 1_000_000)
_SHARED = "items"
_SAYS = "says"
_DECISION = "=> "
_IN_FORCE = ("met", "held")


@dataclass(frozen=True, eq=False)
class Case:
    """A record in words, and what one criterion says of it; where that is determined, its rule set's decision too."""

    criterion: str
    name: str
    status: str
    by_exception: bool
    decision: str | None
    resources: tuple[Resource, ...]

    @property
    def title(self) -> str:
        """Its name in reports: status, charting policy, name."""
        return f"{self.status}{' by exception' if self.by_exception else ''}: {self.name}"


def tables(folder: Path = TABLES) -> list[Path]:
    """The files of the tables, one a criterion."""
    return sorted(folder.glob("*.toml"))


def cases_of(scope: Scope, folder: Path = TABLES) -> list[Case]:
    """The cases of a criterion, whose table is in a folder; by default that of interleukin-2.

    Raises:
        NotationError: its table cannot be read; the message names the criterion and the line.
    """
    table = _table(scope, folder)
    section = table.pop(_SAYS, None)
    decision = None if section is None else says_of(scope, section).decision
    shared = {name: _items(text) for name, text in table.pop(_SHARED, {}).items()}
    other = table.pop(BY_EXCEPTION, {})
    rows = [(False, row) for row in _rows(scope, table)] + [(True, row) for row in _rows(scope, other)]
    return [_case(scope, n, by_exception, row, shared, decision) for n, (by_exception, row) in enumerate(rows)]


def says(scope: Scope) -> Says:
    """What is to be said of the plain met case of a criterion.

    Raises:
        NotationError: its table does not say so, or cannot be read.
    """
    return says_of(scope, _table(scope, TABLES).get(_SAYS, {}))


def plain_case(cases: Sequence[Case]) -> Case:
    """The case whose words are asserted: the plain one that is met."""
    (found,) = (case for case in cases if case.title == f"met: {PLAIN}")
    return found


def _table(scope: Scope, folder: Path) -> dict[str, Any]:
    path = folder / f"{scope.criterion.id}.toml"
    if not path.is_file():
        raise NotationError(f"{scope.criterion.id} has no table of cases; write {path.name} in {folder.name}/")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def all_cases(guideline: Guideline, folder: Path = TABLES) -> list[Case]:
    """The cases of every criterion.

    Raises:
        NotationError: a table cannot be read.
    """
    return [case for criterion in guideline.criteria for case in cases_of(Scope(criterion, guideline), folder)]


def cases_lacking(guideline: Guideline, folder: Path = TABLES) -> dict[str, list[str]]:
    """What tables lack, by criterion: met, not met, unknown; if it remembers, held; with a resume condition, lifted."""
    lacking = {}
    for criterion in guideline.criteria:
        titles = [case.title for case in cases_of(Scope(criterion, guideline), folder)]
        wanted = ["met", "not-met", "unknown", *(["held"] if criterion.remembers else [])]
        wanted += ["not-met.*: .*lifted"] if criterion.resume is not None else []
        missing = [start for start in wanted if not any(re.match(rf"{start}\b", title) for title in titles)]
        if missing:
            lacking[criterion.id] = missing
    return lacking


def expected_and_said(
    engine: Engine, criterion: Criterion, folder: Path = TABLES
) -> tuple[dict[str, tuple[str, str | None]], dict[str, tuple[str, str | None]]]:
    """By the title of each case of a criterion: status, and decision where the table names one; and what is said."""
    cases = cases_of(Scope(criterion, engine.guideline), folder)
    said = statuses_of(engine, criterion, cases, records_of(engine, cases))
    expected = {case.title: (case.status, case.decision) for case in cases}
    found = {c.title: (status, c.decision and decision) for c, (status, decision) in zip(cases, said, strict=True)}
    return expected, found


def _rows(scope: Scope, table: Mapping[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    """Status, name and items of the cases under one charting policy."""
    for status, named in table.items():
        if status not in STATUSES:
            raise NotationError(f"{scope.criterion.id}: [{status}] is no status")
        for name, text in named.items():
            yield status, name, _items(text)


def _items(text: str | list[str]) -> list[str]:
    """The items of a row, which stand on lines or between semicolons."""
    lines = [text] if isinstance(text, str) else text
    return [item.strip() for line in lines for item in line.split(";") if item.strip()]


def _case(
    scope: Scope,
    number: int,
    by_exception: bool,
    row: tuple[str, str, list[str]],
    shared: Mapping[str, list[str]],
    in_force: str | None,
) -> Case:
    status, name, written = row
    decision = in_force if status in _IN_FORCE else None
    if written and written[-1].startswith(_DECISION):
        *written, last = written
        decision = last.removeprefix(_DECISION)
    lines = [line for item in written for line in shared.get(item, [item])]
    speller = Speller(scope.guideline, number)
    items = [item for line in lines for item in scope.items(line)]
    resources = tuple(speller.resource(item, i) for i, item in enumerate(items))
    return Case(scope.criterion.id, name, status, by_exception, decision, resources)


def records_of(engine: Engine, cases: Sequence[Case]) -> list[NamedRecord]:
    """The records of cases, in order, each named after its case."""
    return [named_record(engine, f"{case.criterion}: {case.title}", bundle(case.resources)) for case in cases]


def statuses_of(
    engine: Engine, criterion: Criterion, cases: Sequence[Case], records: Sequence[NamedRecord]
) -> list[tuple[str, str]]:
    """The status of a criterion in each of its cases, and the decision of its rule set; both evaluators are asked.

    Cases of one charting policy are assessed side by side.

    Raises:
        EvaluatorDisagreement: the evaluators differ on a case.
    """
    found: dict[int, tuple[str, str]] = {}
    for by_exception in (False, True):
        chosen = [n for n, case in enumerate(cases) if case.by_exception is by_exception]
        request = replace(REQUEST, by_exception=by_exception, rule_sets=(criterion.rule_set,))
        for n, outcome in zip(chosen, engine.assess([records[n] for n in chosen], request), strict=True):
            if isinstance(outcome, EvaluatorDisagreement):
                raise outcome
            said = outcome.rule_sets[criterion.rule_set]
            lists = {"met": said.met, "held": said.held, "unknown": said.unknown}
            status = next((name for name, criteria in lists.items() if criterion.id in criteria), "not-met")
            found[n] = status, said.said[0].word
    return [found[n] for n in range(len(cases))]


def said_in(engine: Engine, criterion: Criterion, case: Case) -> Says:
    """What is said of a criterion in a case in which it is met.

    Raises:
        EvaluatorDisagreement: the evaluators differ on it.
    """
    request = replace(REQUEST, by_exception=case.by_exception, rule_sets=(criterion.rule_set,))
    (outcome,) = engine.assess(records_of(engine, [case]), request)
    if isinstance(outcome, EvaluatorDisagreement):
        raise outcome
    return said_of(engine, criterion.id, outcome)
