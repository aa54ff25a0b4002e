"""What shapes say of the events of the series that a guideline counts."""

from dataclasses import replace
from decimal import Decimal

import pytest

from il2kg.bulk import load_engine
from il2kg.compile.event_shapes import event_shapes
from il2kg.compile.shape_text import prefixes
from il2kg.guideline.series import EventSeries
from il2kg.validation.shape_engines import run
from il2kg.vocabulary import IL2, RDF_TYPE

GUIDELINE = load_engine().guideline
PRESSORS = EventSeries(
    "pressors", "infusions", "Vasopressor", "emergency infusion", Decimal(0), Decimal(24), (), None, None
)
SEVERAL = replace(GUIDELINE, series=(*GUIDELINE.series, PRESSORS))


@pytest.mark.parametrize(
    ("kind", "treatment", "expected"),
    [
        ("MedicationUse", "Aldesleukin", {"dose-vague"}),
        ("ClinicalProcedure", "Aldesleukin", {"dose-by-procedure"}),
        ("MedicationOrder", "Phenylephrine", {"emergency-infusion-ordered"}),
        ("Administration", "Phenylephrine", set()),
        ("MedicationUse", "Prednisone", set()),
    ],
)
def test_each_series_has_shapes_of_its_own(kind: str, treatment: str, expected: set[str]) -> None:
    item = f"<urn:i> <{RDF_TYPE}> <{IL2}{kind}> .\n<urn:i> <{IL2}gives> <{IL2}{treatment}> .\n"
    breaches = run("shacl", prefixes(GUIDELINE.names) + "\n".join(event_shapes(SEVERAL)), item)
    assert {each.shape.removeprefix(f"{GUIDELINE.names.shape}record/") for each in breaches} == expected


def test_a_guideline_without_series_has_none() -> None:
    assert list(event_shapes(replace(GUIDELINE, series=()))) == []
