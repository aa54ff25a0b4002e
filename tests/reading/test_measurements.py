"""Measurements: values in the observable's own unit, and what is set aside (semantics, sections 1, 2a and 7)."""

import math
from decimal import Decimal
from typing import Any

import pytest

from il2kg.record import Administration, Episode, Measurement, Record, SetAside, exact_bound, interval
from tests.reading.records import (
    ANY_RATE,
    LOINC,
    RXNORM,
    SNOMED,
    T7,
    T8,
    T9,
    Content,
    at,
    coded,
    condition,
    creatinine,
    observation,
    own,
    point,
    problem,
    quantity,
    read,
    record,
)

VALUES: dict[str, tuple[str, Content, float, str]] = {
    "its own unit": ("SerumCreatinine", {"value": Decimal("1.250"), "code": "mg/dL"}, 1.25, "1.250 mg/dL"),
    "umol/L": ("SerumCreatinine", quantity(397.8, "umol/L"), 4.5, "397.8 umol/L"),
    "mmol/L": ("SerumCreatinine", quantity(0.3536, "mmol/L"), 4.0, "0.3536 mmol/L"),
    "spelled": ("SerumCreatinine", {"value": 88.4, "unit": "µmol/L"}, 1.0, "88.4 µmol/L"),
    "rounded to six digits": ("SerumCreatinine", {"value": 100, "code": "umol/L"}, 1.13122, "100 umol/L"),
    "platelets per uL": ("PlateletCount", {"value": 30000, "code": "/uL"}, 30, "30000 /uL"),
    "K/uL is no kelvin": ("PlateletCount", {"value": 45, "unit": "K/uL", "code": "K/uL"}, 45, "45 K/uL"),
    "Fahrenheit": ("BodyTemperature", {"value": 98.6, "code": "[degF]"}, 37, "98.6 [degF]"),
    "pounds": ("BodyWeight", {"value": 150, "unit": "lbs"}, 68.0389, "150 lbs"),
    "meq": ("SerumBicarbonate", {"value": 18, "unit": "mEq/L"}, 18, "18 mEq/L"),
    "beats": ("HeartRate", {"value": 88, "code": "{beats}/min"}, 88, "88 {beats}/min"),
    "hertz": ("HeartRate", {"value": 1.5, "code": "Hz"}, 90, "1.5 Hz"),
    "fraction": ("OxygenSaturation", {"value": 0.97, "code": "1"}, 97, "0.97 1"),
    "score": ("EcogPerformanceStatus", {"value": 1, "code": "{score}"}, 1, "1 {score}"),
    "plain": ("EcogPerformanceStatus", {"value": 1}, 1, "1"),
    "printed unit, a code of the house": (
        "SerumCreatinine",
        {"value": 2, "unit": "mg/dL", "system": "urn:x", "code": "17"},
        2,
        "2 mg/dL",
    ),
}


@pytest.mark.parametrize("name", VALUES)
def test_a_quantity_is_read_in_its_observables_unit(name: str) -> None:
    observable, value, own_value, written = VALUES[name]
    found = read(observation(own(observable), valueQuantity=value))
    assert found == record(measurements=(point(observable, own_value, written),))


@pytest.mark.parametrize(
    ("value", "low", "high", "written"),
    [
        ({"valueString": "3+"}, 3, 3, "3+"),
        ({"valueString": " Negative "}, 0, 0, "Negative"),
        ({"valueString": "trace"}, 1, 1, "trace"),
        ({"valueString": "positive"}, 1, 4, "positive"),
        ({"valueInteger": 2}, 2, 2, "2"),
        ({"valueBoolean": True}, 1, 4, "True"),
        ({"valueCodeableConcept": {"text": "4+"}}, 4, 4, "4+"),
        ({"valueCodeableConcept": coded("urn:x", "y", display="2+")}, 2, 2, "2+"),
        ({"valueCodeableConcept": {**coded(SNOMED, "10828004"), "text": "pos."}}, 1, 4, "pos."),
        ({"valueCodeableConcept": {**coded(SNOMED, "260385009"), "text": "neg."}}, 0, 0, "neg."),
    ],
)
def test_a_grade_is_read_from_words_and_codes(value: Content, low: float, high: float, written: str) -> None:
    expected = Measurement("StoolGuaiac", low, high, at(T8), None, "Observation/i0", written)
    assert read(observation(own("StoolGuaiac"), **value)) == record(measurements=(expected,))


def test_what_is_no_grade_is_set_aside() -> None:
    assert read(observation(own("StoolGuaiac"), valueString="brown")) == record(
        set_aside=(SetAside("StoolGuaiac", at(T8), at(T8), "Observation/i0"),),
        problems=(problem("a result that is not known", detail="brown", concept="StoolGuaiac"),),
    )


@pytest.mark.parametrize(
    ("comparator", "low", "high", "written"),
    [
        ("<", -math.inf, 4.999999999, "<5 mg/dL"),
        ("<=", -math.inf, 5.0, "<=5 mg/dL"),
        (">", 5.000000001, math.inf, ">5 mg/dL"),
        (">=", 5.0, math.inf, ">=5 mg/dL"),
    ],
)
def test_a_comparator_is_an_interval(comparator: str, low: float, high: float, written: str) -> None:
    value = {"value": 5, "comparator": comparator, "unit": "mg/dL"}
    expected = Measurement("SerumCreatinine", low, high, at(T8), None, "Observation/i0", written)
    assert read(creatinine(valueQuantity=value)) == record(measurements=(expected,))
    assert interval(comparator, Decimal(5)) == (low, high)


def test_long_decimals_lie_on_their_side_of_a_limit() -> None:
    assert exact_bound(Decimal("4.5")) == 4.5
    assert exact_bound(Decimal("4.5000000000000000001")) > 4.5
    assert exact_bound(Decimal("4.4999999999999999999")) < 4.5


UNUSABLE: dict[str, tuple[Content, str, str]] = {
    "no unit": ({"valueQuantity": {"value": 1}}, "no unit", "1; mg/dL is expected"),
    "blank unit": ({"valueQuantity": {"value": 1, "unit": " "}}, "no unit", "1; mg/dL is expected"),
    "unknown unit": ({"valueQuantity": {"value": 1, "unit": "furlongs"}}, "unknown unit", "'furlongs'"),
    "other dimension": (
        {"valueQuantity": quantity(1, "mg")},
        "a unit that measures something else",
        "'mg'; 'mg/dL' is expected",
    ),
    "contradiction": (
        {"valueQuantity": {"value": 1, "unit": "umol/L", "code": "mg/dL"}},
        "printed unit that contradicts its code",
        "'umol/L', coded 'mg/dL'",
    ),
    "implausible": (
        {"valueQuantity": quantity(4500, "mg/dL")},
        "outside the plausible range",
        "4500 mg/dL; plausible are 0.1 to 30 mg/dL",
    ),
    "implausible once converted": (
        {"valueQuantity": quantity(8840, "umol/L")},
        "outside the plausible range",
        "8840 umol/L, which is 100 mg/dL; plausible are 0.1 to 30 mg/dL",
    ),
    "beyond numbers": (
        {"valueQuantity": quantity(Decimal("1e60"), "mg/dL")},
        "a number too large or too long to be meant",
        "1E+60",
    ),
    "text": ({"valueQuantity": quantity("1.0", "mg/dL")}, "text where a number belongs", "'1.0'"),
    "string": ({"valueString": "1.0 mg/dL", "valueQuantity": None}, "text where a number belongs", "1.0 mg/dL"),
    "boolean": ({"valueBoolean": True, "valueQuantity": None}, "text where a number belongs", "True"),
    "a true number": ({"valueQuantity": quantity(True, "mg/dL")}, "text where a number belongs", "'True'"),
    "no value": ({"valueQuantity": None}, "no value", ""),
    "no number": ({"valueQuantity": {"unit": "mg/dL"}}, "no value", ""),
    "two values": ({"valueString": "1"}, "several values", "Quantity, String"),
    "comparator": (
        {"valueQuantity": {**quantity(1, "mg/dL"), "comparator": "ad"}},
        "comparator that cannot be read",
        "'ad'",
    ),
    "wrong type": ({"valueQuantity": {**quantity(1, "mg/dL"), "unit": ["mg"]}}, "not a number with a unit",
                   "{'value': 1, 'unit': ['mg'], 'system': '"),
    "modified": (
        {"valueQuantity": {"modifierExtension": [{"url": "urn:x"}], **quantity(1, "mg/dL")}},
        "not a number with a unit",
        "{'modifierExtension': [{'url': 'urn:x'}]",
    ),
    "no quantity": ({"valueQuantity": [5]}, "not a number with a unit", "[5]"),
    "status": ({"status": ["final"]}, "status of the wrong type", ""),
    "focus": ({"focus": [{"reference": "Patient/child"}]}, "about something else than the patient", "it has a focus"),
    "modifier": ({"modifierExtension": [{"url": "urn:x"}]}, "modifierExtension that is not known", ""),
    "period of the wrong type": (
        {"effectivePeriod": T8, "effectiveDateTime": None},
        "period of the wrong type",
        "",
    ),
}  # fmt: skip
TIMELESS = {"period of the wrong type"}


@pytest.mark.parametrize("name", UNUSABLE)
def test_a_measurement_that_cannot_be_trusted_is_set_aside(name: str) -> None:
    change, kind, detail = UNUSABLE[name]
    time = None if name in TIMELESS else at(T8)
    assert read(creatinine(**change)) == record(
        set_aside=(SetAside("SerumCreatinine", time, time, "Observation/i0"),),
        problems=(problem(kind, detail=detail, concept="SerumCreatinine"),),
        latest=time,
    )


def test_each_problem_of_an_item_is_said_once() -> None:
    found = read(
        creatinine(effectiveDateTime="2026-03-02T08:00:00", valueQuantity={"value": 1}, focus=[{"reference": "x"}])
    )
    assert [p.kind for p in found.problems] == [
        "about something else than the patient",
        "no unit",
        "time without a zone",
    ]
    assert len(found.set_aside) == 1


def test_what_its_file_says_of_an_item_is_heeded() -> None:
    assert read(creatinine(), doubt="shares its id with another item") == record(
        set_aside=(SetAside("SerumCreatinine", at(T8), at(T8), "Observation/i0"),),
        problems=(problem("shares its id with another item", concept="SerumCreatinine"),),
    )


@pytest.mark.parametrize(
    ("more", "latest"),
    [({}, None), ({"issued": T9}, T9), ({"issued": "2026-03-02T09:00:00"}, None), ({"issued": 5}, None)],
)
def test_a_measurement_without_a_time_is_no_later_than_it_was_issued(more: Content, latest: str | None) -> None:
    assert read(creatinine(effectiveDateTime=None, **more)) == record(
        set_aside=(SetAside("SerumCreatinine", None, None if latest is None else at(latest), "Observation/i0"),),
        problems=(problem("no time that can be read", concept="SerumCreatinine"),),
        latest=None,
    )


PERIODS: dict[str, tuple[Content, str, tuple[str, ...]]] = {
    "whole": ({"start": T7, "end": T8}, T8, ()),
    "reversed: the later of its times": ({"start": T8, "end": T7}, T8, ("period ends before it starts",)),
    "an end alone places it": ({"end": T8}, T8, ()),
    "a start alone": ({"start": T8}, T8, ()),
}


@pytest.mark.parametrize("name", PERIODS)
def test_a_measurement_with_a_period_counts_from_its_end(name: str) -> None:
    period, time, kinds = PERIODS[name]
    assert read(creatinine(effectiveDateTime=None, effectivePeriod=period)) == record(
        measurements=(point("SerumCreatinine", 1.2, "1.2 mg/dL", time),),
        problems=tuple(problem(kind, concept="SerumCreatinine") for kind in kinds),
        latest=at(time),
    )


def test_a_time_and_a_period_cannot_both_be() -> None:
    found = read(creatinine(effectivePeriod={"start": T7, "end": T9}))
    assert found.set_aside == (SetAside("SerumCreatinine", None, None, "Observation/i0"),)
    assert found.problems[0].kind == "a time and a period that cannot both be"


def test_components_are_measurements_of_their_own() -> None:
    systolic = {"code": coded(LOINC, "8480-6"), "valueQuantity": quantity(112, "mm[Hg]")}
    rate = {"code": own("HeartRate"), "valueQuantity": quantity(88, "/min"), "modifierExtension": [{"url": "urn:x"}]}
    unread = {"code": own("OxygenSaturation"), "dataAbsentReason": {"text": "asleep"}}
    other = {"code": coded(LOINC, "8462-4", display="diastolic"), "valueQuantity": quantity(70, "mm[Hg]")}
    found = read(observation(coded(LOINC, "85354-9"), component=[systolic, rate, unread, other, "wrong"]))
    assert found.measurements == (point("SystolicBloodPressure", 112, "112 mm[Hg]"),)
    assert found.set_aside == (SetAside("HeartRate", at(T8), at(T8), "Observation/i0"),)
    assert [p.kind for p in found.problems] == ["modifierExtension that is not known"]
    assert [(p.code, p.text, p.count) for p in found.passed_over] == [("", "", 1), ("8462-4", "diastolic", 1)]


NOT_OF_THE_RECORD = [
    {"status": status} for status in ("entered-in-error", "cancelled", "registered", "unknown", "not-done")
] + [{"valueQuantity": None, "dataAbsentReason": {"text": "hemolyzed"}}]


@pytest.mark.parametrize("change", NOT_OF_THE_RECORD, ids=repr)
def test_what_is_in_error_or_absent_is_no_part_of_the_record(change: Content) -> None:
    assert read(creatinine(**change)) == record(latest=None)


def test_a_value_speaks_although_a_reason_for_its_absence_stands_beside_it() -> None:
    assert len(read(creatinine(dataAbsentReason={"text": "x"})).measurements) == 1


@pytest.mark.parametrize("flag", ["H", "HH", "A"])
def test_a_result_flagged_as_raised_states_a_finding(flag: str) -> None:
    result = observation(
        own("CreatineKinaseMB"), valueQuantity=quantity(9, "ng/mL"), interpretation=[{"coding": [{"code": flag}]}]
    )
    assert read(result) == record(
        measurements=(point("CreatineKinaseMB", 9, "9 ng/mL"),),
        episodes=(Episode("ElevatedCreatineKinaseMB", at(T8), None, "Observation/i0"),),
    )


def test_a_result_flagged_as_normal_states_its_absence_and_others_nothing() -> None:
    def flagged(*flags: str, **content: Any) -> Record:
        interpretation = [{"coding": [{"code": flag}]} for flag in flags]
        value = {"valueQuantity": quantity(9, "ng/mL"), "interpretation": interpretation}
        return read(observation(own("CreatineKinaseMB"), **{**value, **content}))

    assert [a.finding for a in flagged("N").absences] == ["ElevatedCreatineKinaseMB"]
    assert (flagged("L").absences, flagged("L").episodes) == ((), ())
    both = flagged("N", "H")
    assert (both.absences, both.episodes, [d.finding for d in both.doubtful]) == (
        (),
        (),
        ["ElevatedCreatineKinaseMB"],
    )
    alone = flagged("H", valueQuantity=None)
    assert (len(alone.episodes), alone.measurements, alone.set_aside) == (1, (), ())
    # What is flagged is no less raised for a unit that does not fit.
    other_unit = flagged("H", valueQuantity=quantity(9, "U/L"))
    assert (len(other_unit.episodes), len(other_unit.set_aside)) == (1, 1)


def test_oxygen_of_a_patient_with_a_tube_is_no_oxygen_by_mask() -> None:
    mask = observation(coded(LOINC, "3150-0"), valueQuantity=quantity(40, "%"))
    tube = condition(own("EndotrachealIntubation"), onsetDateTime=T7)
    assert read(mask) == record(measurements=(point("MaskOxygenFraction", 40, "40 %"),))
    assert read(mask, tube) == record(
        set_aside=(SetAside("MaskOxygenFraction", at(T8), at(T8), "Observation/i0"),),
        episodes=(Episode("EndotrachealIntubation", at(T7), None, "Condition/i1"),),
        problems=(
            problem(
                "not counted while this is or may be present",
                detail="endotracheal intubation",
                concept="MaskOxygenFraction",
            ),
        ),
        latest_but_one=at(T7),
    )
    out = observation(own("EndotrachealIntubation"), valueBoolean=False, effectiveDateTime="2026-03-02T07:30:00Z")
    assert len(read(mask, tube, out).measurements) == 1
    assert len(read(mask, condition(own("EndotrachealIntubation"))).set_aside) == 1


def test_a_measurement_in_words_only_is_set_aside() -> None:
    named = creatinine(code={"coding": [{"system": "urn:x", "code": "17"}], "text": "Creatinine, serum"})
    detail = "'Creatinine, serum' (urn:x|17)"
    kind = "coding not recognised, named in text"
    assert read(observation(named.pop("code"), **{k: v for k, v in named.items() if k != "resourceType"})) == record(
        set_aside=(SetAside("SerumCreatinine", at(T8), at(T8), "Observation/i0"),),
        problems=(problem(kind, detail=detail, concept="SerumCreatinine"),),
    )


def test_codings_that_contradict_each_other_set_an_item_aside_for_each() -> None:
    both = {"coding": [*own("SerumCreatinine")["coding"], *own("HeartRate")["coding"]]}
    found = read(observation(both, valueQuantity=quantity(1, "mg/dL")))
    assert {s.observable for s in found.set_aside} == {"SerumCreatinine", "HeartRate"}
    assert found.measurements == ()
    assert "codings that contradict each other" in {p.kind for p in found.problems}


def test_what_an_observation_can_say_nothing_of_is_said() -> None:
    found = read(observation(coded(RXNORM, "8640", display="prednisone"), valueQuantity=quantity(10, "mg")))
    assert (found.measurements, found.administrations) == ((), ())
    assert len(found.problems) + len(found.passed_over) == 1


def test_a_charted_rate_is_that_of_an_infusion_at_its_time() -> None:
    rate = observation(own("PhenylephrineRate"), valueQuantity=quantity(1.5, "ug/kg/min"))
    drug, item, time = "Phenylephrine", "Observation/i0", at(T8)
    assert read(rate) == record(administrations=(Administration(drug, time, time, time, time, 1.5, 1.5, item),))
    assert read({**rate, "valueQuantity": quantity(1.5, "mL")}) == record(
        administrations=(Administration(drug, time, time, time, time, *ANY_RATE, item),),
        problems=(
            problem(
                "a unit that measures something else",
                detail="'mL'; 'ug/kg/min' is expected",
                concept="PhenylephrineRate",
            ),
        ),
    )
    aside = read({**rate, "focus": [{"reference": "x"}]}).administrations
    assert aside == (Administration(drug, time, time, time, time, *ANY_RATE, item, set_aside=True),)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ({"valueCodeableConcept": {"coding": [{"system": LOINC, "code": "LA9624-3"}]}}, 2),
        ({"valueString": "1"}, 1),
        ({"valueCodeableConcept": {"text": "0"}}, 0),
        ({"valueBoolean": False}, None),
        ({"valueCodeableConcept": {"text": "negative"}}, None),
    ],
)
def test_a_score_is_one_of_its_answers_and_has_no_negative(value: Content, expected: int | None) -> None:
    found = read(observation(own("EcogPerformanceStatus"), **value))
    assert [m.low for m in found.measurements] == ([] if expected is None else [expected])
    assert len(found.set_aside) == (expected is None)
