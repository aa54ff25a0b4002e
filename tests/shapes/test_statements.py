"""Whatever a source says of a patient: the shapes set aside what the reader sets aside, and no more."""

from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from il2kg.bulk import load_engine
from il2kg.read.sources.json_text import from_python
from il2kg.read.sources.source import patients_of
from il2kg.statements import Patient, PatientStatements
from il2kg.write.reader_notes import distrusted
from il2kg.write.validation import validated_patient
from tests.bundles import bundle
from tests.patient_graph.strategies import patients
from tests.planting import clean, plant
from tests.shapes.reading import report, set_aside, violated

EXAMPLES = Path(__file__).parents[2] / "examples"


def _agree(patient: Patient) -> None:
    engine = load_engine()
    aside = distrusted(patient, engine.reader.record(patient), engine.guideline)
    found = {result.item for result in validated_patient(engine, patient) if result.severity == "violation"}
    assert found == aside


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(patients())
def test_they_agree_on_any_statements(patient: PatientStatements) -> None:
    own = [
        msgspec.structs.replace(each, item=msgspec.structs.replace(each.item, name=f"{each.item.kind}/{number}"))
        for number, each in enumerate(patient.statements)
    ]
    _agree(msgspec.structs.replace(patient, statements=tuple(own), problems=(), unusable=None))


@pytest.mark.parametrize("seed", range(12))
def test_they_agree_on_fhir_with_codes_and_names_of_all_kinds(seed: int) -> None:
    from random import Random

    random = Random(seed)
    resources = [*clean(), *(plant(random) for _ in range(12))]
    for patient in patients_of([from_python(bundle(resources))], "record"):
        _agree(patient)


@pytest.mark.parametrize(
    "path", sorted(EXAMPLES.rglob("*.json")) + sorted(EXAMPLES.glob("*.ttl")), ids=lambda p: p.name
)
def test_they_agree_on_the_examples(path: Path) -> None:
    assert violated(report(path)) == set_aside(path)
