"""How long a hold lasts is the guideline's: through the whole record, for a level, or for good."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.bundles import PATIENT, Resource, bundle, quantity
from tests.guidelines.folders import engine_of, printed

AT = datetime(2026, 3, 10, 14, tzinfo=UTC)


def _time(days_back: float) -> str:
    return (AT - timedelta(days=days_back)).isoformat()


def _observation(name: str, code: str, value: float, days_back: float) -> Resource:
    guideline = engine_of(name).guideline
    return {
        "resourceType": "Observation",
        "status": "final",
        "subject": PATIENT,
        "code": {"coding": [{"system": guideline.namespace, "code": code}]},
        "effectiveDateTime": _time(days_back),
        "valueQuantity": quantity(value, guideline.observables[code].unit),
    }


def _intake(days_back: float) -> Resource:
    code = {"coding": [{"system": engine_of("capecitabine").guideline.namespace, "code": "Capecitabine"}]}
    given = {"resourceType": "MedicationAdministration", "status": "completed", "subject": PATIENT}
    return {**given, "medicationCodeableConcept": code, "effectiveDateTime": _time(days_back)}


def _statuses(name: str, resources: list[Resource], folder: Path) -> dict[str, str]:
    path = folder / "record.json"
    path.write_text(json.dumps(bundle(resources)), encoding="utf-8")
    document: dict[str, Any] = json.loads(
        printed(name, "assess", path, "--format", "json", "--all", "--at", AT.isoformat())
    )
    return {criterion["id"]: criterion["status"] for criterion in document["criteria"]}


@pytest.mark.parametrize("days", [1, 40, 4000])
def test_without_a_series_a_hold_lasts_over_the_whole_record(days: int, tmp_path: Path) -> None:
    high = _observation("potassium", "SerumPotassium", 5.8, days)
    down = _observation("potassium", "SerumPotassium", 5.3, 0.1)
    back = _observation("potassium", "SerumPotassium", 4.9, 0.1)
    assert _statuses("potassium", [high, down], tmp_path)["potassium-high-hold"] == "held"
    assert _statuses("potassium", [high], tmp_path)["potassium-high-hold"] == ("met" if days < 0.5 else "held")
    assert _statuses("potassium", [high, back], tmp_path)["potassium-high-hold"] == "not-met"
    assert _statuses("potassium", [down], tmp_path)["potassium-high-hold"] == "not-met"


def test_a_hold_lasts_for_the_level_that_the_series_names(tmp_path: Path) -> None:
    bad, unclear = (_observation("capecitabine", "DiarrheaGrade", 2, days) for days in (30, 10))
    assert unclear
    in_line = [_intake(31), bad, _intake(12)]
    in_another = [_intake(131), _observation("capecitabine", "DiarrheaGrade", 2, 130), _intake(12)]
    assert _statuses("capecitabine", in_line, tmp_path)["diarrhea-hold"] == "held"
    assert _statuses("capecitabine", in_another, tmp_path)["diarrhea-hold"] == "unknown"


def test_an_effect_for_a_level_ends_with_it_and_one_for_good_never(tmp_path: Path) -> None:
    bad = [_intake(801), _observation("capecitabine", "DiarrheaGrade", 4, 800)]
    now = [_intake(12), _observation("capecitabine", "DiarrheaGrade", 0, 0.1)]
    found = _statuses("capecitabine", [*bad, *now], tmp_path)
    assert (found["diarrhea-severe"], found["diarrhea-life-threatening"]) == ("not-met", "held")
