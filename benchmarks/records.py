"""Makes five-day records for the benchmarks: a cycle of high-dose interleukin-2 with its charting, as FHIR Bundles."""

import json
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

Resource = dict[str, Any]

_START = datetime(2026, 3, 2, 8, tzinfo=UTC)
_LOINC, _RXNORM, _IL2 = "http://loinc.org", "http://www.nlm.nih.gov/research/umls/rxnorm", "https://w3id.org/il2kg/"
_CHARTED = (
    "MentalStatusChange",
    "CardiacArrhythmia",
    "Infection",
    "Dyspnea",
    "SkinRash",
    "Hypotension",
    "HepaticFailureSign",
    "IschemicEcgChange",
)


def write_records(folder: Path, count: int) -> list[Path]:
    """Write records into a folder, the same ones every time.

    Returns:
        Their paths.
    """
    paths = []
    for number in range(count):
        path = folder / f"{number:04}.json"
        path.write_text(json.dumps(record(number)), encoding="utf-8")
        paths.append(path)
    return paths


def record(number: int) -> Resource:
    """A record of about 250 resources: vital signs every 4 h, urine every shift, daily laboratory, doses, findings."""
    draw = random.Random(number)
    resources: list[Resource] = []

    def quantity(value: float, unit: str) -> Resource:
        return {"value": value, "unit": unit, "system": "http://unitsofmeasure.org", "code": unit}

    def observe(code: str, value: float, unit: str, at: datetime, hours: int = 0) -> None:
        when: Resource = {"effectiveDateTime": at.isoformat()}
        if hours:
            when = {"effectivePeriod": {"start": (at - timedelta(hours=hours)).isoformat(), "end": at.isoformat()}}
        resources.append(
            {
                "resourceType": "Observation",
                "status": "final",
                "code": {"coding": [{"system": _LOINC, "code": code}]},
                "valueQuantity": quantity(value, unit),
                **when,
            }
        )

    for hour in range(-12, 113, 4):
        at = _START + timedelta(hours=hour)
        observe("8867-4", draw.randint(70, 128), "/min", at)
        observe("8480-6", draw.randint(85, 130), "mm[Hg]", at)
        observe("59408-5", draw.randint(89, 99), "%", at)
        observe("8310-5", round(draw.uniform(36, 39), 1), "Cel", at)
    for hour in range(-8, 113, 8):
        observe("9187-6", draw.randint(60, 900), "mL", _START + timedelta(hours=hour), 8)
    for day in range(-1, 5):
        at = _START + timedelta(days=day, hours=-1)
        observe("2160-0", round(draw.uniform(70, 270)), "umol/L", at)
        observe("777-3", draw.randint(40, 250), "10*9/L", at)
        observe("1963-8", draw.randint(17, 28), "mmol/L", at)
        observe("29463-7", round(draw.uniform(78, 90), 1), "kg", at)
        observe("2823-3", 4.1, "mmol/L", at)
    for dose in range(14):
        resources.append(_given("70223", {"effectiveDateTime": (_START + timedelta(hours=8 * dose)).isoformat()}))
    for hour in range(-4, 113, 8):
        for name in draw.sample(_CHARTED, 4):
            resources.append(
                {
                    "resourceType": "Observation",
                    "status": "final",
                    "code": {"coding": [{"system": _IL2, "code": name}]},
                    "effectiveDateTime": (_START + timedelta(hours=hour)).isoformat(),
                    "valueBoolean": draw.random() < 0.08,
                }
            )
    for _ in range(draw.randint(0, 3)):
        at = _START + timedelta(hours=draw.randint(20, 100))
        period = {"start": at.isoformat(), "end": (at + timedelta(hours=6)).isoformat()}
        rate = quantity(round(draw.uniform(0.1, 1.6), 2), "ug/kg/min")
        resources.append({**_given("8163", {"effectivePeriod": period}), "dosage": {"rateQuantity": rate}})
    patient = f"b{number}"
    for position, resource in enumerate(resources):
        resource.update(id=f"i{position}", subject={"reference": f"Patient/{patient}"})
    everything = [{"resourceType": "Patient", "id": patient}, *resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": r} for r in everything]}


def _given(code: str, when: Resource) -> Resource:
    return {
        "resourceType": "MedicationAdministration",
        "status": "completed",
        "medicationCodeableConcept": {"coding": [{"system": _RXNORM, "code": code}]},
        **when,
    }
