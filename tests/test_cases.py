"""A table of cases beside each criterion (``tests/cases/<criterion>.toml``): every status in it is what il2kg says."""

import pytest

from il2kg.bulk import load_engine
from il2kg.engine import Engine
from il2kg.guideline.model import Criterion
from tests.case_tables import cases_lacking, expected_and_said, tables

CRITERIA = load_engine().guideline.criteria


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda c: c.id)
def test_table(engine: Engine, criterion: Criterion) -> None:
    expected, found = expected_and_said(engine, criterion)
    assert found == expected


def test_every_criterion_has_its_cases() -> None:
    assert cases_lacking(load_engine().guideline) == {}


def test_no_table_is_about_nothing() -> None:
    assert {path.stem for path in tables()} == {criterion.id for criterion in CRITERIA}
