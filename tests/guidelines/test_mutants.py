"""The cases of both guidelines tell each criterion from its slips."""

import pytest

from il2kg.guideline.model import Criterion
from tests.guidelines.folders import NAMES, engine_of, folder_of
from tests.test_mutants import Tables, unseen

TABLES = {name: Tables(engine_of(name), folder_of(name) / "cases") for name in NAMES}
CRITERIA = [(name, criterion) for name, tables in TABLES.items() for criterion in tables.guideline.criteria]


@pytest.mark.parametrize(("name", "criterion"), CRITERIA, ids=lambda value: getattr(value, "id", value))
def test_no_slip_goes_unseen(name: str, criterion: Criterion) -> None:
    assert unseen(TABLES[name], criterion) == []
