"""A table of cases beside each criterion (``tests/cases/<criterion>.toml``): what it says is what il2kg says."""

import re

import pytest

from il2kg.bulk import load_engine
from il2kg.engine import Engine
from il2kg.guideline.model import Criterion
from tests.case_notation import Scope
from tests.case_tables import cases_of, plain_case, records_of, said_in, says, statuses_of, tables

CRITERIA = load_engine().guideline.criteria


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda c: c.id)
def test_table(engine: Engine, criterion: Criterion) -> None:
    cases = cases_of(Scope(criterion, engine.guideline))
    said = statuses_of(engine, criterion, cases, records_of(engine, cases))
    expected = {case.title: (case.status, case.decision) for case in cases}
    found = {c.title: (status, c.decision and decision) for c, (status, decision) in zip(cases, said, strict=True)}
    assert found == expected


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda c: c.id)
def test_what_is_said(engine: Engine, criterion: Criterion) -> None:
    """Of the plain met case: effect, organ system, decision, advice, the limits in words and what was seen."""
    scope = Scope(criterion, engine.guideline)
    assert said_in(engine, criterion, plain_case(cases_of(scope))) == says(scope)


def test_every_criterion_has_its_cases() -> None:
    """Met, not met and unknown; and, where it remembers, held; with a resume condition, lifted too."""
    lacking = {}
    for criterion in CRITERIA:
        titles = [case.title for case in cases_of(Scope(criterion, load_engine().guideline))]
        wanted = ["met", "not-met", "unknown", *(["held"] if criterion.remembers else [])]
        wanted += ["not-met.*: .*lifted"] if criterion.resume is not None else []
        missing = [start for start in wanted if not any(re.match(rf"{start}\b", title) for title in titles)]
        if missing:
            lacking[criterion.id] = missing
    assert lacking == {}


def test_no_table_is_about_nothing() -> None:
    assert {path.stem for path in tables()} == {criterion.id for criterion in CRITERIA}
