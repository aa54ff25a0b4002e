"""Shapes of FHIR RDF: flawed resources in the styles of R4 and R5, by four engines and by the reader."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from rdflib import SH

from il2kg.locations import content_root
from il2kg.vocabulary import IL2, VOCABULARY
from tests.fhir_rdf_writer import BASE, Style, as_turtle
from tests.shapes.reading import set_aside, written
from tests.shapes.test_engines import ENGINES, Row, by_shacl, skolemised

Resource = dict[str, Any]
SHAPES = (content_root() / "shapes" / "fhir.ttl").read_text(encoding="utf-8")
MILLIGRAMS = {"value": Decimal("1.2"), "code": "mg/dL", "system": "http://unitsofmeasure.org"}


def observation(**more: Any) -> Resource:
    said: Resource = {
        "resourceType": "Observation",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2160-0"}]},
        "subject": {"reference": "Patient/1"},
        "effectiveDateTime": "2026-03-02T08:00:00Z",
        "valueQuantity": MILLIGRAMS,
        **more,
    }
    return {name: value for name, value in said.items() if value is not None}


def measured(value: str, unit: str | None, **more: Any) -> Resource:
    quantity = {"value": Decimal(value), **({} if unit is None else {"unit": unit})}
    return observation(valueQuantity=quantity, **more)


def of_patient(kind: str, **more: Any) -> Resource:
    return {"resourceType": kind, "subject": {"reference": "Patient/1"}, **more}


def pressure(value: str) -> Resource:
    systolic = {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]}
    component = {"code": systolic, "valueQuantity": {"value": Decimal(value), "code": "mm[Hg]"}}
    return observation(
        code={"coding": [{"system": "http://loinc.org", "code": "85354-9"}]}, valueQuantity=None, component=[component]
    )


OWN = {"coding": [{"system": IL2, "code": "SerumCreatinine"}]}
OLIGURIA = {"coding": [{"system": IL2, "code": "Oliguria"}]}
PREDNISONE = {"coding": [{"system": IL2, "code": "Prednisone"}]}
GIVEN = {"status": "completed", "medicationCodeableConcept": PREDNISONE}
RESOURCES: dict[str, tuple[Resource, tuple[str, ...]]] = {
    "sound": (observation(), ()),
    "own-code": (observation(code=OWN), ()),
    "micromoles": (measured("318", "umol/L"), ()),
    "sound-parts": (pressure("120"), ()),
    "other-code": (observation(code={"coding": [{"system": "http://h.example", "code": "1"}]}), ()),
    "in-error": (measured("3000", None, status="entered-in-error", effectiveDateTime=None), ()),
    "absent": (observation(valueQuantity=None, dataAbsentReason={"text": "lost"}), ()),
    "too-high": (measured("31", "mg/dL"), ("V SerumCreatinine-value",)),
    "too-high-own-code": (measured("31", "mg/dL", code=OWN), ("V SerumCreatinine-value",)),
    "micromoles-as-milligrams": (measured("318", "mg/dL"), ("V SerumCreatinine-value",)),
    "too-many-micromoles": (measured("2653", "umol/L"), ("V SerumCreatinine-value",)),
    "no-unit": (measured("1.2", None), ("V SerumCreatinine-value",)),
    "other-dimension": (measured("1.2", "mL"), ("V SerumCreatinine-value",)),
    "no-comparator": (observation(valueQuantity={**MILLIGRAMS, "comparator": "~"}), ("V comparator",)),
    "part-too-high": (pressure("400"), ("V SystolicBloodPressure-value",)),
    "no-zone": (observation(effectiveDateTime="2026-03-02T08:00:00"), ("V zone",)),
    "no-time": (observation(effectiveDateTime=None), ("V observation-time",)),
    "no-status": (observation(status=None), ("W status",)),
    "focus": (observation(focus=[{"reference": "Device/1"}]), ("V modifier",)),
    "finding": (of_patient("Condition", code=OLIGURIA, onsetDateTime="2026-03-02"), ()),
    "finding-recorded": (of_patient("Condition", code=OLIGURIA, recordedDate="2026-03-02"), ()),
    "finding-no-time": (of_patient("Condition", code=OLIGURIA), ("V condition-time",)),
    "finding-no-zone": (of_patient("Condition", code=OLIGURIA, onsetDateTime="2026-03-02T08:00:00"), ("V zone",)),
    "given": (of_patient("MedicationAdministration", **GIVEN, effectiveDateTime="2026-03-02T08:00:00Z"), ()),
    "given-no-time": (of_patient("MedicationAdministration", **GIVEN), ("V administration-time",)),
    "given-nothing": (
        of_patient("MedicationAdministration", status="completed", effectiveDateTime="2026-03-02"),
        ("V medication",),
    ),
}


def document(names: list[str], style: Style) -> str:
    prefixes = as_turtle({"resourceType": "Patient", "id": "1"}, style)
    rest = (as_turtle({**RESOURCES[name][0], "id": name}, style) for name in names)
    return prefixes + "".join("\n".join(line for line in t.splitlines() if "@prefix" not in line) + "\n" for t in rest)


def said(rows: set[Row]) -> dict[str, set[str]]:
    """The shapes of the results, with the first letter of their severity, by the resource's id."""
    found: dict[str, set[str]] = {}
    for focus, _, severity, shape in rows:
        name = f"{severity.removeprefix(str(SH))[0]} {shape.removeprefix(f'{VOCABULARY.shape}fhir/')}"
        found.setdefault(focus.rpartition("/")[2], set()).add(name)
    return found


@pytest.mark.parametrize("style", Style)
def test_each_flaw_is_found(style: Style) -> None:
    found = said(by_shacl(SHAPES, document(list(RESOURCES), style)))
    assert found == {name: set(expected) for name, (_, expected) in RESOURCES.items() if expected}


@pytest.mark.parametrize("style", Style)
def test_shapes_and_reader_set_the_same_aside(style: Style, tmp_path: Path) -> None:
    """But for what names nothing that the shapes know by its code."""
    text = document(list(RESOURCES), style)
    aside = {item.rpartition("/")[2] for item in set_aside(written(tmp_path, text))}
    violated = {focus.rpartition("/")[2] for focus, _, severity, _ in by_shacl(SHAPES, text) if "Violation" in severity}
    assert violated == aside


def test_engines_find_the_same() -> None:
    """pySHACL takes half a second a resource, so it is shown a few."""
    few = ["sound", "too-many-micromoles", "part-too-high", "no-zone", "finding-no-time", "given-nothing", "in-error"]
    for style in Style:
        data = skolemised(document(few, style))
        found = {engine.__name__: engine(SHAPES, data) for engine in ENGINES}
        assert found == dict.fromkeys(found, found["by_pyshacl"])
        assert len({row[0] for row in found["by_shacl"]}) == 5
        every = skolemised(document(list(RESOURCES), style))
        assert len({frozenset(engine(SHAPES, every)) for engine in ENGINES[1:]}) == 1


def test_focus_nodes_are_the_resources() -> None:
    rows = by_shacl(SHAPES, document(list(RESOURCES), Style.R5))
    assert {row[0].removeprefix(BASE).partition("/")[0] for row in rows} == {
        "Observation",
        "Condition",
        "MedicationAdministration",
    }
