"""A table of cases beside each criterion (``guidelines/*/cases/``): both evaluators say what stands in it."""

import pytest

from il2kg.guideline.model import Criterion
from tests.case_tables import cases_lacking, expected_and_said, tables
from tests.guidelines.folders import NAMES, engine_of, folder_of

CRITERIA = [(name, criterion) for name in NAMES for criterion in engine_of(name).guideline.criteria]


@pytest.mark.parametrize(("name", "criterion"), CRITERIA, ids=lambda value: getattr(value, "id", value))
def test_table(name: str, criterion: Criterion) -> None:
    expected, found = expected_and_said(engine_of(name), criterion, folder_of(name) / "cases")
    assert found == expected


@pytest.mark.parametrize("name", NAMES)
def test_every_criterion_has_its_cases(name: str) -> None:
    assert cases_lacking(engine_of(name).guideline, folder_of(name) / "cases") == {}


@pytest.mark.parametrize("name", NAMES)
def test_no_table_is_about_nothing(name: str) -> None:
    told = {path.stem for path in tables(folder_of(name) / "cases")}
    assert told == {criterion.id for criterion in engine_of(name).guideline.criteria}
