"""The cases beside each criterion: ``tests/cases/<criterion>.toml``, written for people (docs/cases.md)."""

import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from il2kg.assessment import Assessment
from il2kg.engine import Engine, NamedRecord, Request
from il2kg.errors import EvaluatorDisagreement
from tests.bundles import Resource, bundle, named_record
from tests.case_notation import NotationError, Scope
from tests.case_spelling import Speller, T

TABLES = Path(__file__).parent / "cases"
BY_EXCEPTION = "by-exception"
STATUSES = ("met", "held", "unknown", "not-met")
REQUEST = Request(at=int(T.timestamp()) * 1_000_000, every_criterion=True)
_SHARED = "items"
_DECISION = "=> "


@dataclass(frozen=True, eq=False)
class Case:
    """A record in words, and what one criterion says of it; its rule set's decision where the table says so."""

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


def tables() -> list[Path]:
    """The files of the tables, one a criterion."""
    return sorted(TABLES.glob("*.toml"))


def cases_of(scope: Scope) -> list[Case]:
    """The cases of a criterion.

    Raises:
        NotationError: its table cannot be read; the message names the criterion and the line.
    """
    table = tomllib.loads((TABLES / f"{scope.criterion.id}.toml").read_text(encoding="utf-8"))
    shared = {name: _items(text) for name, text in table.pop(_SHARED, {}).items()}
    other = table.pop(BY_EXCEPTION, {})
    rows = [(False, row) for row in _rows(scope, table)] + [(True, row) for row in _rows(scope, other)]
    return [_case(scope, number, by_exception, row, shared) for number, (by_exception, row) in enumerate(rows)]


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
) -> Case:
    status, name, written = row
    decision = None
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


def assess_cases(
    engine: Engine, cases: Sequence[Case], records: Sequence[NamedRecord], *, cross_check: bool = True
) -> list[Assessment]:
    """The assessments of cases, in order, those of one charting policy side by side.

    Raises:
        EvaluatorDisagreement: the evaluators differ on a case.
    """
    found: dict[int, Assessment] = {}
    for by_exception in (False, True):
        chosen = [n for n, case in enumerate(cases) if case.by_exception is by_exception]
        request = replace(REQUEST, by_exception=by_exception, cross_check=cross_check)
        outcomes = engine.assess([records[n] for n in chosen], request)
        for n, outcome in zip(chosen, outcomes, strict=True):
            if isinstance(outcome, EvaluatorDisagreement):
                raise outcome
            found[n] = outcome
    return [found[n] for n in range(len(cases))]
