"""A table of cases beside each criterion (``tests/cases/<criterion>.toml``): what it says is what il2kg says."""

import pytest

from il2kg.bulk import load_engine
from il2kg.engine import Engine
from il2kg.guideline.model import Criterion
from tests.case_notation import Scope
from tests.case_tables import cases_lacking, cases_of, expected_and_said, plain_case, said_in, says, tables

CRITERIA = load_engine().guideline.criteria


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda c: c.id)
def test_table(engine: Engine, criterion: Criterion) -> None:
    expected, found = expected_and_said(engine, criterion)
    assert found == expected


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda c: c.id)
def test_what_is_said(engine: Engine, criterion: Criterion) -> None:
    """Of the plain met case: effect, organ system, decision, advice, the limits in words and what was seen."""
    scope = Scope(criterion, engine.guideline)
    assert said_in(engine, criterion, plain_case(cases_of(scope))) == says(scope)


def test_every_criterion_has_its_cases() -> None:
    assert cases_lacking(load_engine().guideline) == {}


def test_no_table_is_about_nothing() -> None:
    assert {path.stem for path in tables()} == {criterion.id for criterion in CRITERIA}
