"""Three patients of one ward, as FHIR files: made so that each query over records has something to find."""

import json
from pathlib import Path
from typing import Any

from tests.bundles import Resource, administration, concept, finding, measurement, quantity

LOINC, UCUM = "http://loinc.org", "http://unitsofmeasure.org"


def dose(time: str) -> Resource:
    return administration("Aldesleukin", f"2026-03-0{time}:00Z")


def creatinine(value: float, unit: str, time: str) -> Resource:
    coded = {"coding": [{"system": LOINC, "code": "2160-0"}], "text": "Creatinine, serum"}
    return {**measurement("", value, unit, f"2026-03-0{time}:00Z"), "code": coded}


def infusion(about: Resource, start: str, end: str) -> Resource:
    found = administration("", f"2026-03-0{start}:00Z", f"2026-03-0{end}:00Z", 0.4)
    return {**found, "medicationCodeableConcept": about}


ADA: dict[str, Resource] = {
    "dose-1": dose("2T08:00"),
    "dose-2": dose("2T16:00"),
    "dose-3": dose("3T00:00"),
    "creatinine-1": creatinine(0.9, "mg/dL", "2T06:00"),
    "creatinine-2": creatinine(318, "umol/L", "2T20:00"),
    # A drug in words alone, which no code names.
    "pressor": infusion({"text": "Phenylephrine infusion"}, "2T18:00", "3T02:00"),
}
BEN: dict[str, Resource] = {
    "dose-1": dose("2T08:00"),
    "creatinine-1": creatinine(0.9, "mg/dL", "2T06:00"),
    "creatinine-2": creatinine(3.6, "mg/dL", "2T20:00"),
    # It had ended before the creatinine rose.
    "pressor": infusion(concept("Phenylephrine"), "2T09:00", "2T10:00"),
    "platelets": {
        **measurement("PlateletCount", 180, "", "2026-03-02T20:00:00Z"),
        "valueQuantity": {"value": 180},
    },
    "weight": {**measurement("BodyWeight", 8000, "kg", "2026-03-02T20:00:00Z"), "valueQuantity": quantity(8000, "kg")},
}
CYD: dict[str, Resource] = {
    "pressure": measurement("SystolicBloodPressure", 118, "mm[Hg]", "2026-03-02T07:00:00Z"),
    "confused": finding("Confusion", False, "2026-03-02T07:00:00Z"),
}


def bundle(patient: str, resources: dict[str, Resource]) -> dict[str, Any]:
    entries: list[Resource] = [{"resourceType": "Patient", "id": patient}]
    subject = {"reference": f"Patient/{patient}"}
    entries += [{"id": name, **resource, "subject": subject} for name, resource in resources.items()]
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": entry} for entry in entries]}


def written(folder: Path) -> list[Path]:
    """The three files, in a folder."""
    paths = []
    for name, resources in {"ada": ADA, "ben": BEN, "cyd": CYD}.items():
        path = folder / f"{name}.json"
        path.write_text(json.dumps(bundle(name, resources)), encoding="utf-8")
        paths.append(path)
    return paths
