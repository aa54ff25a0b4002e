"""Volumes, and the stretch that each covers (semantics, sections 1, 4 and 7)."""

from decimal import Decimal
from typing import Any

import pytest

from il2kg.recognise.maps import CodeMap, MapTarget
from il2kg.record import Measurement, SetAside
from tests.reading.records import (
    HOUR,
    LOINC,
    T8,
    Content,
    at,
    coded,
    observation,
    own,
    point,
    problem,
    quantity,
    read,
    record,
)

UNTIMED = {"effectiveDateTime": None}
EIGHT_HOURS = {**UNTIMED, "effectivePeriod": {"start": "2026-03-02T00:00:00Z", "end": T8}}


def urine(value: Any, unit: str = "mL", **content: Any) -> Content:
    return observation(own("UrineOutput"), **{"valueQuantity": quantity(value, unit), **content})


def covered(low: float, hours: int, written: str, item: str = "Observation/i0", **more: Any) -> Measurement:
    high, end, name = more.get("high", low), more.get("end", at(T8)), more.get("observable", "UrineOutput")
    return Measurement(name, low, high, end, end - hours * HOUR, item, written)


SOUND: dict[str, tuple[Content, Measurement]] = {
    "a volume": (urine(80, **EIGHT_HOURS), covered(80, 8, "80 mL")),
    "litres": (urine(0.08, "L", **EIGHT_HOURS), covered(80, 8, "0.08 L")),
    "a volume per hour, over its period": (urine(10, "mL/h", **EIGHT_HOURS), covered(80, 8, "10 mL/h")),
    "a volume per hour, at an instant": (urine(10, "mL/h"), covered(10, 1, "10 mL/h")),
    "less than": (
        urine(0, valueQuantity={"value": 30, "comparator": "<", "unit": "mL"}, **EIGHT_HOURS),
        covered(0, 8, "<30 mL", high=29.999999999),
    ),
    "a code that says how long": (
        observation(coded(LOINC, "3167-4"), valueQuantity=quantity(1800, "mL")),
        covered(1800, 24, "1800 mL"),
    ),
    "a code that says how long, and a period": (
        observation(coded(LOINC, "3167-4"), valueQuantity=quantity(80, "mL"), **EIGHT_HOURS),
        covered(80, 8, "80 mL"),
    ),
}


@pytest.mark.parametrize("name", SOUND)
def test_a_volume_covers_its_period(name: str) -> None:
    resource, expected = SOUND[name]
    assert read(resource) == record(measurements=(expected,))


UNSOUND: dict[str, tuple[Content, str, str]] = {
    "an empty period": (
        {**UNTIMED, "effectivePeriod": {"start": T8, "end": T8}},
        "a volume over a period of no length",
        "80 mL",
    ),
    "an open period": (
        {**UNTIMED, "effectivePeriod": {"start": T8}},
        "a volume over a period without a start or an end",
        "80 mL",
    ),
    "a string": ({"valueQuantity": None, "valueString": "80 mL"}, "text where a number belongs", "80 mL"),
    "no unit": ({"valueQuantity": {"value": 80}}, "no unit", "80; mL is expected"),
    "a flow too large": (
        {"valueQuantity": quantity(30000, "mL/h")},
        "outside the plausible range",
        "30000 mL/h; plausible are 0 to 20000 mL",
    ),
}


@pytest.mark.parametrize("name", UNSOUND)
def test_a_volume_that_cannot_be_trusted_is_set_aside(name: str) -> None:
    change, kind, detail = UNSOUND[name]
    content = {"valueQuantity": quantity(80, "mL"), **change}
    assert read(observation(own("UrineOutput"), **content)) == record(
        set_aside=(SetAside("UrineOutput", at(T8), at(T8), "Observation/i0"),),
        problems=(problem(kind, detail=detail, concept="UrineOutput"),),
    )


def test_a_volume_whose_period_is_reversed_is_set_aside() -> None:
    period = {"start": T8, "end": "2026-03-02T00:00:00Z"}
    found = read(urine(80, **UNTIMED, effectivePeriod=period))
    assert (found.measurements, found.set_aside) == ((), (SetAside("UrineOutput", at(T8), at(T8), "Observation/i0"),))
    assert {p.kind for p in found.problems} == {"period ends before it starts", "a volume over a period of no length"}


NONE_BEFORE = "none charted in the 8 h before it"


def test_volumes_at_instants_cover_the_time_since_the_one_before() -> None:
    """Two at one instant share the stretch; the end of a period counts as charted; what is too far apart does not."""
    resources = [
        urine(50, effectiveDateTime="2026-03-02T12:00:00Z"),
        urine(30, effectiveDateTime="2026-03-02T12:00:00Z"),
        urine(80, **EIGHT_HOURS),
        urine(70, effectiveDateTime="2026-03-02T20:00:01Z"),
    ]
    noon, late = at("2026-03-02T12:00:00Z"), at("2026-03-02T20:00:01Z")
    assert read(*resources) == record(
        measurements=(
            covered(80, 8, "80 mL", "Observation/i2"),
            covered(50, 4, "50 mL", "Observation/i0", end=noon),
            covered(30, 4, "30 mL", "Observation/i1", end=noon),
        ),
        set_aside=(SetAside("UrineOutput", late, late, "Observation/i3"),),
        problems=(
            problem(
                "a volume, and nothing says since when it was collected",
                "Observation/i3",
                f"70 mL, {NONE_BEFORE}",
                "UrineOutput",
            ),
        ),
        latest=late,
        latest_but_one=noon,
    )


def test_what_cannot_be_read_was_charted_all_the_same() -> None:
    """The bottle was emptied then, whoever wrote what of it."""
    noon = "2026-03-02T12:00:00Z"
    named = observation({"text": "urine output"}, valueQuantity=quantity(50, "mL"))
    for before in (urine("much"), named, urine(50, focus=[{"reference": "Patient/child"}])):
        found = read(before, urine(50, effectiveDateTime=noon))
        assert found.measurements == (covered(50, 4, "50 mL", "Observation/i1", end=at(noon)),)


def test_a_stool_with_none_before_it_covers_eight_hours_by_exception() -> None:
    stool = observation(own("DiarrheaVolume"), valueQuantity=quantity(300, "mL"))
    by_exception = covered(300, 8, "300 mL", observable="DiarrheaVolume")
    assert read(stool) == record(
        set_aside=(SetAside("DiarrheaVolume", at(T8), at(T8), "Observation/i0", by_exception),),
        problems=(
            problem(
                "a volume, and nothing says since when it was collected",
                detail=f"300 mL, {NONE_BEFORE}",
                concept="DiarrheaVolume",
            ),
        ),
    )


def test_a_map_says_the_unit_and_how_long() -> None:
    target = MapTarget(("UrineOutput",), unit="mL", hours=Decimal(6))
    code_map = CodeMap({("urn:lab", "URO"): target, ("urn:lab", "CREA"): MapTarget(("SerumCreatinine",), unit="mg/dL")})
    volume = observation(coded("urn:lab", "URO"), valueQuantity={"value": 300})
    value = observation(coded("urn:lab", "CREA"), valueInteger=2)
    other = observation(coded("urn:lab", "CREA"), valueQuantity=quantity(88.4, "umol/L"))
    assert read(volume, value, other, code_map=code_map) == record(
        measurements=(
            point("SerumCreatinine", 2, "2 mg/dL", item="Observation/i1"),
            point("SerumCreatinine", 1, "88.4 umol/L", item="Observation/i2"),
            covered(300, 6, "300 mL"),
        ),
        latest_but_one=at(T8),
    )
