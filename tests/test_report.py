"""What people see of an assessment: values, times, items, problems and what was passed over."""

import json
import re
from collections.abc import Sequence
from decimal import Decimal
from math import isfinite
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from il2kg.assessment.assessor import assessments
from il2kg.assessment.evaluation import evaluation
from il2kg.assessment.evidence import EvidenceOf, sources_of
from il2kg.assessment.readable import charted_in_words, in_words, number, value_of
from il2kg.assessment.result import Assessment
from il2kg.derive.timeline import batches
from il2kg.explain.as_json import as_document
from il2kg.explain.as_text import TextReport
from il2kg.explain.clock import Clock
from il2kg.explain.gathered import passed_over_lines, problem_lines
from il2kg.forms.collected import Collected
from il2kg.forms.compare import Compare
from il2kg.forms.drop import Drop
from il2kg.forms.gain import Gain
from il2kg.forms.in_a_row import InARow
from il2kg.forms.latest import Latest
from il2kg.forms.rising import Rise
from il2kg.guideline.conditions import inner_leaves
from il2kg.guideline.wording import Wording
from il2kg.loading import load_guideline
from il2kg.read.times import read_moment
from il2kg.record import (
    MICROSECONDS_PER_HOUR,
    Absence,
    Administration,
    DoubtfulEvent,
    DoubtfulPresence,
    Episode,
    Event,
    Measurement,
    PassedOver,
    Problem,
    Record,
    SetAside,
    interval,
)
from il2kg.request import Request
from il2kg.rules.decision import Status
from tests.folders import OWN

ROOT = Path(__file__).parent.parent
SCHEMA = json.loads((ROOT / "docs" / "assessment.schema.json").read_text(encoding="utf-8"))
GUIDELINE = load_guideline(OWN)
LABELS = GUIDELINE.labels


# ---- records, free of any format


def at(text: str) -> int:
    """A time of the days around the first dose: ``4 06:00`` is the fourth of March."""
    day, clock = text.split()
    time = read_moment(f"2026-03-{int(day):02}T{clock}:00Z").time
    assert time is not None
    return time


def value(
    observable: str, charted: str, time: str, item: str, *, start: str | None = None, own: str = ""
) -> Measurement:
    """A measurement as charted; ``own`` is its number in the guideline's unit, where that is another."""
    form = re.match(r"([<>]=?)?([\d.]+)", own or charted)
    assert form is not None
    low, high = interval(form[1], Decimal(form[2]))
    return Measurement(observable, low, high, at(time), None if start is None else at(start), item, charted)


def infusion(
    treatment: str, start: str, end: str, rate: float, item: str, *, most: float | None = None
) -> Administration:
    high = rate if most is None else most
    return Administration(treatment, at(start), at(start), at(end), at(end), rate, high, item)


def doses(*times: str) -> tuple[Event, ...]:
    return tuple(
        Event(at(t), at(t), at(t), f"dose-{number}", "aldesleukin-doses") for number, t in enumerate(times, start=1)
    )


def assessed(record: Record, now: str, **asked: Any) -> Assessment:
    """The assessment of a record by columns alone, with all criteria."""
    instant = at(now)
    request = Request(at=instant, cross_check=False, every_criterion=True, **asked)
    (timeline,) = batches(GUIDELINE, [record], [instant])
    (found,) = assessments(evaluation(timeline, request), "", Wording(GUIDELINE), ["record"], [instant])
    assert isinstance(found, Assessment)
    return found


def evidence(assessment: Assessment, criterion: str) -> list[dict[str, Any]]:
    """The evidence of one criterion, as JSON, without what is not set."""
    (found,) = [c for c in as_document(assessment)["criteria"] if c["id"] == criterion]
    return [{k: v for k, v in e.items() if v is not None and v != ()} for e in found["evidence"]]


def seen(assessment: Assessment, criterion: str) -> list[str]:
    """The evidence of one criterion, as text."""
    (found,) = [c for c in assessment.criteria if c.id == criterion]
    report = TextReport(GUIDELINE)
    return [report.evidence(e, Clock(assessment.zone)) for e in found.evidence if not e.granted]


# ---- numbers


@pytest.mark.parametrize(
    ("value", "limits", "shown"),
    [
        (3.59729, ["4.5", "4.0"], "3.60"),
        (8.10484, ["10"], "8.10"),
        (4.50226, ["4.5"], "4.502"),
        (4.49774, ["4.5"], "4.498"),
        (9.99999, ["10"], "9.99999"),
        (2.5, ["2.5"], "2.5"),
        (1234.56, ["1000"], "1235"),
        (0.0123456, [], "0.0123"),
        (-8e-13, ["0"], "0"),
        (1e-12, ["0"], "0"),
        (1e22, [], "10000000000000000000000"),
        (-1.23456, ["0"], "-1.23"),
    ],
)
def test_a_number_has_as_many_digits_as_are_sensible(value: float, limits: list[str], shown: str) -> None:
    assert number(value, [Decimal(limit) for limit in limits]) == shown


@given(
    st.floats(-1e6, 1e6).map(lambda v: float(f"{v:.6g}")).filter(lambda v: v == 0 or abs(v) > 1e-6),
    st.lists(st.decimals(-100, 100, places=2), max_size=4),
)
def test_a_number_is_never_shown_on_the_other_side_of_a_limit(value: float, limits: list[Decimal]) -> None:
    shown = Decimal(number(value, limits))
    exact = Decimal(repr(value))
    assert [shown.compare(limit) for limit in limits] == [exact.compare(limit) for limit in limits]
    assert abs(shown - exact) <= abs(exact) * Decimal("0.005")
    assert re.fullmatch(r"-?\d+(\.\d+)?", number(value, limits))


@pytest.mark.parametrize(
    ("charted", "own", "unit", "shown"),
    [
        ("318 umol/L", "3.59729", "mg/dL", "318 umol/L = 3.60 mg/dL"),
        ("398 umol/L", "4.50226", "mg/dL", "398 umol/L = 4.502 mg/dL"),
        ("<400 umol/L", "<4.52489", "mg/dL", "<400 umol/L = <4.52 mg/dL"),
        (">=5 mg/dL", ">=5", "mg/dL", ">=5 mg/dL"),
        ("4.20 mg/dL", "4.2", "mg/dL", "4.20 mg/dL"),
        ("88 beats/min", "88", "/min", "88 beats/min"),
        ("118 mm[Hg]", "118", "mm[Hg]", "118 mmHg"),
        ("210 10*9/L", "210", "10*3/uL", "210 10*9/L"),
        ("98.6 [degF]", "37", "Cel", "98.6 [degF] = 37 C"),
        ("32 [degF]", "0", "Cel", "32 [degF] = 0 C"),
        ("97 %", "97", "%", "97%"),
        ("0 {score}", "0", "{score}", "0"),
        ("3+", "3", "{grade}", "3+"),
        ("negative", "0", "{grade}", "negative"),
        ("1e2 mg/dL", "100", "mg/dL", "100 mg/dL"),
    ],
)
def test_a_value_is_shown_as_charted_and_converted(charted: str, own: str, unit: str, shown: str) -> None:
    form = re.fullmatch(r"([<>]=?)?([\d.]+)", own)
    assert form is not None
    low, high = interval(form[1], Decimal(form[2]))
    assert charted_in_words(charted, low, high, unit, [Decimal("4.5")]) == shown


@pytest.mark.parametrize(
    ("comparator", "text", "expected"),
    [(None, "5", 5.0), ("<", "5", "<5"), ("<=", "5", "<=5"), (">", "0.3", ">0.3"), (">=", "120", ">=120")],
)
def test_a_comparator_is_written_as_it_was_charted(comparator: str | None, text: str, expected: object) -> None:
    assert value_of(*interval(comparator, Decimal(text))) == expected


def test_bounds_are_a_value_a_range_or_nothing() -> None:
    assert value_of(float("-inf"), float("inf")) is None
    assert value_of(3.0, 4.5) == "3 to 4.5"
    assert value_of(-8e-13, -8e-13) == 0.0
    assert in_words(8.10484, 9.99999, "mL/h", [Decimal(10)]) == "8.10 to 9.99999 mL/h"


# ---- times


@pytest.mark.parametrize(
    ("zone", "shown"),
    [
        (None, "2026-03-08 08:30 UTC"),
        ("America/New_York", "2026-03-08 04:30 -04:00"),
        ("Asia/Kolkata", "2026-03-08 14:00 +05:30"),
        ("UTC", "2026-03-08 08:30 +00:00"),
    ],
)
def test_a_time_says_on_which_clock_it_is(zone: str | None, shown: str) -> None:
    assert Clock(zone).moment(at("8 08:30")) == shown


def test_a_time_keeps_its_seconds_and_the_ends_of_the_calendar_are_told() -> None:
    assert Clock().moment(at("8 08:30") + 5_250_000) == "2026-03-08 08:30:05.250000 UTC"
    first = read_moment("0001-01-01T00:00:00Z").time
    assert first is not None
    assert Clock("America/New_York").moment(first) == "0001-01-01 00:00 UTC"


# ---- evidence

BASE = Record(
    "Patient/1",
    measurements=(
        value("SerumCreatinine", "0.9 mg/dL", "2 06:00", "cr-1"),
        value("SerumCreatinine", "186 umol/L", "3 14:00", "cr-2", own="2.10407"),
        value("SerumCreatinine", "318 umol/L", "4 06:00", "cr-3", own="3.59729"),
        value("UrineOutput", "70 mL", "4 00:00", "u-1", start="3 16:00"),
        value("UrineOutput", "59.7 mL", "4 08:00", "u-2", start="4 00:00"),
        value("BodyWeight", "80 kg", "2 06:00", "w-1"),
        value("BodyWeight", "93 kg", "4 05:00", "w-2"),
    ),
    events=doses("2 08:00", "2 16:00", "3 00:00"),
)


def test_the_latest_value_is_shown_with_its_item_and_converted() -> None:
    found = assessed(BASE, "4 08:00")
    assert evidence(found, "upci-abs-creatinine") == [
        {
            "concept": "SerumCreatinine",
            "value": 3.59729,
            "unit": "mg/dL",
            "time": "2026-03-04T06:00:00Z",
            "resource": "cr-3",
            "resources": ("cr-3",),
            "charted": "318 umol/L",
        }
    ]
    assert seen(found, "upci-abs-creatinine") == [
        "serum creatinine 318 umol/L = 3.60 mg/dL, 2026-03-04 06:00 UTC (cr-3)"
    ]


def test_what_is_computed_names_its_window_and_all_of_its_items() -> None:
    found = assessed(BASE, "4 08:00")
    assert evidence(found, "label-oliguria") == [
        {
            "concept": "Aldesleukin",
            "value": False,
            "resource": "dose-3",
            "resources": ("dose-3", "dose-2", "dose-1"),
            "quantity": "the dose is the first of its cycle",
        },
        {
            "concept": "UrineOutput",
            "value": 8.10625,
            "unit": "mL/h",
            "time": "2026-03-04T08:00:00Z",
            "resource": "u-2",
            "resources": ("u-2", "u-1"),
            "quantity": "urine volume over 16 h",
            "window": {"start": "2026-03-03T16:00:00Z", "end": "2026-03-04T08:00:00Z"},
        },
        {
            "concept": "SerumCreatinine",
            "value": 1.49322,
            "unit": "mg/dL",
            "time": "2026-03-04T06:00:00Z",
            "resource": "cr-3",
            "resources": ("cr-3", "cr-2"),
            "quantity": "rise of serum creatinine",
            "window": {"start": "2026-03-03T14:00:00Z", "end": "2026-03-04T06:00:00Z"},
        },
    ]
    assert seen(found, "label-oliguria") == [
        "urine volume over 16 h to 2026-03-04 08:00 UTC: 8.11 mL/h (u-2, u-1)",
        "rise of serum creatinine, 2026-03-03 14:00 UTC to 2026-03-04 06:00 UTC: 1.49 mg/dL (cr-3, cr-2)",
    ]
    assert seen(found, "upci-rel-weight-gain") == [
        "gain of body weight over the cycle's baseline, 2026-03-02 06:00 UTC to 2026-03-04 05:00 UTC: 16.2% (w-2, w-1)",
    ]


def test_what_is_counted_names_the_doses() -> None:
    assert seen(assessed(BASE, "3 06:00"), "regimen-doses-per-cycle") == [
        "doses given in the cycle, 2026-03-02 08:00 UTC to 2026-03-03 06:00 UTC: 3 (dose-3, dose-2, dose-1)"
    ]
    assert seen(assessed(BASE, "3 06:00"), "regimen-dose-interval") == [
        "time since the last dose, 2026-03-03 00:00 UTC to 2026-03-03 06:00 UTC: 6 h (dose-3)",
    ]


def test_an_earlier_window_ends_earlier() -> None:
    record = Record(
        "Patient/1",
        measurements=(
            value("DiarrheaVolume", "1100 mL", "4 00:00", "s-1", start="3 16:00"),
            value("DiarrheaVolume", "1.2 L", "4 08:00", "s-2", start="4 00:00", own="1200"),
        ),
    )
    assert seen(assessed(record, "4 08:00"), "upci-abs-diarrhea") == [
        "liquid stool volume over 8 h to 2026-03-04 08:00 UTC: 1200 mL (s-2)",
        "liquid stool volume over 8 h to 2026-03-04 00:00 UTC: 1100 mL (s-1)",
    ]


def test_a_rate_of_infusion_names_the_infusions() -> None:
    record = Record(
        "Patient/1",
        administrations=(
            infusion("Phenylephrine", "3 02:00", "3 07:00", 1.2, "ph-old"),
            infusion("Phenylephrine", "4 02:00", "4 06:00", 1.2, "ph-1"),
            infusion("Phenylephrine", "4 06:00", "4 08:00", 0.6, "ph-2"),
        ),
    )
    assert seen(assessed(record, "4 08:00"), "upci-rel-phenylephrine-max")[:1] == [
        "highest phenylephrine infusion rate in 8 h to 2026-03-04 08:00 UTC: 1.2 ug/kg/min (ph-2, ph-1)"
    ]


def test_what_was_set_aside_is_named_with_the_reason_and_has_no_time() -> None:
    record = Record(
        "Patient/1",
        measurements=(value("PlateletCount", "210 10*9/L", "4 00:00", "plt-1"),),
        set_aside=(SetAside("PlateletCount", at("4 06:00"), at("4 06:00"), "plt-2"),),
        problems=(Problem("no unit where one is needed", "plt-2", "", "PlateletCount"),),
    )
    found = assessed(record, "4 08:00")
    assert evidence(found, "upci-abs-platelets") == [
        {
            "concept": "PlateletCount",
            "unit": "10*3/uL",
            "resource": "plt-2",
            "resources": ("plt-2",),
            "because": "no unit where one is needed",
        }
    ]
    assert seen(found, "upci-abs-platelets") == ["platelet count not known: no unit where one is needed (plt-2)"]


def test_a_value_set_aside_beside_a_sound_one_is_said_with_it() -> None:
    record = Record(
        "Patient/1",
        measurements=(value("SerumCreatinine", "5 mg/dL", "4 06:00", "cr-1"),),
        set_aside=(SetAside("SerumCreatinine", at("4 06:00"), at("4 06:00"), "cr-2"),),
    )
    assert seen(assessed(record, "4 08:00"), "upci-abs-creatinine") == [
        "serum creatinine 5 mg/dL, 2026-03-04 06:00 UTC (cr-1)",
        "serum creatinine not known: set aside (cr-2)",
    ]


FINDINGS = Record(
    "Patient/1",
    episodes=(
        Episode("AtrialFibrillation", at("4 05:00"), None, "af"),
        Episode("Infection", at("3 05:00"), at("4 04:00"), "inf"),
    ),
    absences=(
        Absence("PulmonaryToxicity", at("4 07:00"), "lungs"),
        Absence("MoistDesquamation", at("4 07:00"), "skin"),
        Absence("OvertBleeding", at("3 07:00"), "blood"),
    ),
    doubtful=(DoubtfulPresence("VentricularArrhythmia", at("4 05:00"), at("4 05:00"), None, "vt"),),
    problems=(Problem("named by its text alone", "vt", "'runs of VT'", "VentricularArrhythmia"),),
)


@pytest.mark.parametrize(
    ("criterion", "expected"),
    [
        ("upci-abs-atrial-fibrillation", ["atrial fibrillation present since 2026-03-04 05:00 UTC (af)"]),
        (
            "text-arrhythmia",
            ["disturbance of cardiac rhythm present since 2026-03-04 05:00 UTC, charted as atrial fibrillation (af)"],
        ),
        (
            "upci-abs-infection",
            ["documented or strongly suspected infection absent, 2026-03-04 04:00 UTC, ended (inf)"],
        ),
        ("upci-abs-moist-desquamation", ["moist desquamation absent, 2026-03-04 07:00 UTC (skin)"]),
        (
            "upci-rel-dyspnea-at-rest",
            ["shortness of breath at rest absent, 2026-03-04 07:00 UTC, as part of pulmonary toxicity (lungs)"],
        ),
        (
            "upci-abs-overt-bleeding",
            ["visible blood in sputum, emesis or stool not known: stated absent too long ago (blood)"],
        ),
        ("upci-abs-vomiting", ["vomiting that does not respond to medication not known: not charted"]),
        ("upci-abs-intubation", ["endotracheal intubation absent, not recorded"]),
        (
            "upci-abs-ventricular-arrhythmia",
            ["ventricular arrhythmia not known: named by its text alone: 'runs of VT' (vt)"],
        ),
    ],
)
def test_findings_name_the_item_that_states_them(criterion: str, expected: list[str]) -> None:
    assert seen(assessed(FINDINGS, "4 08:00"), criterion) == expected


def test_what_silence_means_is_said() -> None:
    found = assessed(FINDINGS, "4 08:00", by_exception=True)
    assert seen(found, "upci-abs-vomiting") == [
        "vomiting that does not respond to medication absent, not charted, by exception"
    ]
    assert seen(found, "upci-abs-oxygen") == [
        "oxygen flow through a nasal cannula 0 L/min, nothing charted, by exception",
        "inspired oxygen fraction through a mask 21%, nothing charted, by exception",
    ]


def test_a_treatment_names_what_ran() -> None:
    record = Record("Patient/1", administrations=(infusion("Prednisone", "4 02:00", "4 02:00", 0, "pred"),))
    found = assessed(record, "4 08:00")
    assert seen(found, "regimen-corticosteroid") == [
        "systemic corticosteroid within 24 h: given, 2026-03-04 02:00 UTC (pred)"
    ]
    assert seen(found, "regimen-antihypertensive") == ["antihypertensive within 24 h: not given"]


def test_a_dose_in_doubt_leaves_what_is_counted_unknown() -> None:
    record = Record(
        "Patient/1",
        events=doses("2 08:00"),
        doubtful_events=(DoubtfulEvent(at("2 20:00"), at("2 20:00"), "unnamed", None),),
        problems=(Problem("nobody can name what was given", "unnamed"),),
    )
    assert seen(assessed(record, "3 06:00"), "regimen-doses-per-cycle") == [
        "doses given in the cycle not known: nobody can name what was given (unnamed)"
    ]


# ---- problems and what was passed over


def test_problems_of_one_kind_are_one_line() -> None:
    many = [Problem("time without a zone", f"Observation/{n}", "", "HeartRate") for n in range(30)]
    found = list(problem_lines([*many, Problem("no unit", "Observation/x", "5", "SerumCreatinine")], LABELS))
    assert found == [
        "Observation/x: serum creatinine: no unit: 5",
        "30 items, such as Observation/0: heart rate: time without a zone",
    ]


def test_problems_that_differ_in_detail_or_concern_many_concepts_are_one_line_too() -> None:
    details = [Problem("no unit", f"Observation/{n}", str(n), "HeartRate") for n in range(3)]
    concepts = [
        Problem("time without a zone", f"Observation/{name}", "", name)
        for name in ("BodyTemperature", "BodyWeight", "HeartRate", "OxygenSaturation", "SerumCreatinine")
    ]
    whole = [Problem("the latest time lies far after all else", "", "2027")]
    assert list(problem_lines([*details, *concepts, *whole], LABELS)) == [
        "The record: the latest time lies far after all else: 2027",
        "3 items: heart rate: no unit. Such as Observation/0: no unit: 0",
        "5 items: time without a zone, about body temperature, body weight, heart rate and 2 more. "
        "Such as Observation/BodyTemperature: time without a zone",
    ]


@given(
    st.lists(
        st.builds(
            Problem,
            st.sampled_from(["no unit", "no zone", "no time"]),
            st.sampled_from(["", "a", "b", "c", "d"]),
            st.sampled_from(["", "x", "y"]),
            st.sampled_from(["", *list(LABELS)[:6]]),
        ),
        max_size=40,
    )
)
def test_no_kind_of_problem_is_left_out_and_none_takes_many_lines(problems: Sequence[Problem]) -> None:
    lines = list(problem_lines(problems, LABELS))
    for problem in problems:
        assert any(problem.kind in line for line in lines)
    of_items = [line for line in lines if not line.startswith("The record: ")]
    assert len(of_items) <= 3 * len({p.kind for p in problems})


def test_what_was_passed_over_is_told_in_a_few_lines() -> None:
    kinds = [
        PassedOver(0, "Observation", "urn:x", "RASS", "Sedation scale", 3),
        PassedOver(1, "Condition", "", "", "gout", 1),
        *(PassedOver(2, "Observation", "http://loinc.org", f"{n}-1", "", 2) for n in range(6)),
    ]
    assert list(passed_over_lines(kinds)) == [
        "3 x Observation 'Sedation scale' urn:x|RASS",
        "1 x Condition 'gout'",
        "2 x Observation http://loinc.org|0-1",
        "2 x Observation http://loinc.org|1-1",
        "2 x Observation http://loinc.org|2-1",
        "and 3 more kinds (6 items): `il2kg coverage`, or --format json, lists them all",
    ]


# ---- the whole


def test_the_head_says_what_is_not_behind_the_decision() -> None:
    record = Record(
        "Patient/1",
        problems=(Problem("no unit", "a"), Problem("no zone", "a"), Problem("no unit", "b")),
        passed_over=(PassedOver(0, "Condition", "", "", "gout", 1),),
    )
    text = TextReport(GUIDELINE).text(assessed(record, "4 08:00", zone="Europe/Vienna"))
    assert text.splitlines()[:6] == [
        "CANNOT BE SAID YET: assess first what is listed below",
        "Between administer and contraindicated, depending on what is still unknown.",
        "2 items could not be used as charted, and 1 was not recognised: see below.",
        "Patient/1, 2026-03-04 09:00 +01:00. record",
        "Times are those of Europe/Vienna.",
        "Charting: explicit. This supports a decision; it makes none.",
    ]
    assert text.isascii()


def test_a_document_has_all_that_the_schema_names() -> None:
    record = Record(
        "Patient/1",
        episodes=(Episode("AtrialFibrillation", at("4 05:00"), None, "af"),),
        problems=(Problem("no unit", "a", "5"),),
        passed_over=(PassedOver(0, "Condition", "", "", "gout", 1),),
    )
    document = as_document(assessed(record, "4 08:00", zone="Europe/Vienna", rule_sets=("label",)))
    in_force = [c for c in document.pop("criteria") if c["status"] == "met"]
    assert {"zone", "given", "passed_over"} <= set(SCHEMA["properties"])
    unknown = document["rule_sets"]["label"].pop("unknown")
    assert "label-creatinine" in unknown
    assert len(document.pop("to_assess")) > 0
    assert {i["for"] for i in document.pop("interventions")} == {"AtrialFibrillation"}
    assert document == {
        "record": "record",
        "patient": "Patient/1",
        "at": "2026-03-04T08:00:00Z",
        "charting": "explicit",
        "overall": {"decision": "withhold", "at_least": "withhold", "at_most": "stop-course"},
        "rule_sets": {
            "label": {
                "decision": "withhold",
                "at_least": "withhold",
                "at_most": "stop-course",
                "applies": True,
                "met": ("label-arrhythmia",),
                "held": (),
            }
        },
        "problems": [{"item": "a", "problem": "no unit: 5"}],
        "zone": "Europe/Vienna",
        "given": None,
        "passed_over": [{"resource": "Condition", "system": None, "code": None, "text": "gout", "count": 1}],
    }
    assert in_force[0]["evidence"][0] == {
        "concept": "AtrialFibrillation",
        "value": True,
        "unit": None,
        "time": "2026-03-04T05:00:00Z",
        "resource": "af",
        "resources": ("af",),
    }


def test_every_kind_of_document_keeps_to_the_schema() -> None:
    for record in (BASE, FINDINGS, Record(None)):
        for by_exception in (False, True):
            document = json.loads(json.dumps(as_document(assessed(record, "4 08:00", by_exception=by_exception))))
            jsonschema.validate(document, SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
            for found in (e for c in document["criteria"] for e in c["evidence"]):
                if found["value"] is None:
                    assert (found["time"], bool(found["because"])) == (None, True)


# ---- the items named are the reason

_CONDITIONS = [c.condition for c in GUIDELINE.criteria]
_LEAVES = [leaf for condition in _CONDITIONS for leaf in inner_leaves(condition)]
_COMPARED = sorted(
    {
        (leaf.quantity.observable, float(leaf.limit))
        for leaf in _LEAVES
        if isinstance(leaf, Compare) and GUIDELINE.observables[leaf.quantity.observable].count is None
    }
)
_ASKED = sorted({leaf.finding for leaf in _LEAVES if hasattr(leaf, "finding")})
_FINDINGS = sorted({name for asked in _ASKED for name in (asked, *GUIDELINE.findings[asked].descendants)})
_GIVEN = ("Phenylephrine", "Norepinephrine", "Prednisone", "Lisinopril", "SodiumBicarbonate")
_NOW = "4 08:00"
_hours_ago = st.integers(0, 40).map(lambda hours: at(_NOW) - hours * MICROSECONDS_PER_HOUR)


@st.composite
def _measured(draw: st.DrawFn) -> Measurement:
    name, limit = draw(st.sampled_from(_COMPARED))
    observable, time = GUIDELINE.observables[name], draw(_hours_ago)
    found = abs(limit) + draw(st.sampled_from([-1.0, -0.1, 0.0, 0.1, 1.0]))
    start = None
    if observable.collected:
        hours = draw(st.sampled_from([1, 4, 8]))
        found, start = found * hours, time - hours * MICROSECONDS_PER_HOUR
    return Measurement(name, found, found, time, start, "", f"{found}")


@st.composite
def _records(draw: st.DrawFn) -> Record:
    finding = st.sampled_from(_FINDINGS)
    drug = st.sampled_from(_GIVEN)
    rate = st.sampled_from([0.4, 0.6, 1.0, 1.5, 2.5])
    measurements = draw(st.lists(_measured(), max_size=8))
    episodes = draw(st.lists(st.builds(Episode, finding, _hours_ago, st.none(), st.just("")), max_size=4))
    absences = draw(st.lists(st.builds(Absence, finding, _hours_ago, st.just("")), max_size=4))
    infusions = []
    for start, hours, name, speed in draw(st.lists(st.tuples(_hours_ago, st.integers(0, 9), drug, rate), max_size=4)):
        end = start + hours * MICROSECONDS_PER_HOUR
        infusions.append(Administration(name, start, start, end, end, speed, speed, ""))
    count = draw(st.integers(0, 5))
    numbered = iter(range(1000))
    return Record(
        "Patient/1",
        measurements=tuple(replace(m, item=f"m{next(numbered)}") for m in measurements),
        episodes=tuple(replace(e, item=f"e{next(numbered)}") for e in episodes),
        absences=tuple(replace(a, item=f"a{next(numbered)}") for a in absences),
        administrations=tuple(replace(a, item=f"t{next(numbered)}") for a in infusions),
        events=doses(*("2 08:00", "2 16:00", "3 00:00", "3 08:00", "3 16:00")[:count]),
    )


def _only(record: Record, items: frozenset[str]) -> Record:
    """The record with some of its items, and its doses."""
    return replace(
        record,
        measurements=tuple(m for m in record.measurements if m.item in items),
        episodes=tuple(e for e in record.episodes if e.item in items),
        absences=tuple(a for a in record.absences if a.item in items),
        administrations=tuple(a for a in record.administrations if a.item in items),
    )


@given(_records(), st.booleans())
def test_the_items_named_are_the_reason(record: Record, by_exception: bool) -> None:
    found = assessed(record, _NOW, by_exception=by_exception)
    for criterion in found.criteria:
        if criterion.status is not Status.MET:
            continue
        named = frozenset(item for e in criterion.evidence for item in e.resources)
        again = assessed(_only(record, named), _NOW, by_exception=by_exception)
        (same,) = [c for c in again.criteria if c.id == criterion.id]
        known = [e for e in criterion.evidence if e.value is not None]
        assert (same.status, [e for e in same.evidence if e.value is not None]) == (Status.MET, known)


@given(_records(), st.booleans())
def test_evidence_names_items_of_the_record_and_times_that_have_been(record: Record, by_exception: bool) -> None:
    items = {
        i.item
        for group in (record.measurements, record.episodes, record.absences, record.administrations, record.events)
        for i in group
    }
    for criterion in assessed(record, _NOW, by_exception=by_exception).criteria:
        for e in criterion.evidence:
            assert items.issuperset(e.resources)
            assert all(time is None or time <= at(_NOW) for time in (e.time, *(e.window or ())))
            assert (e.value is None) == (e.written == "")
            assert e.value is not None or (e.time is None and bool(e.because))


@st.composite
def _asides(draw: st.DrawFn) -> SetAside:
    name, _ = draw(st.sampled_from(_COMPARED))
    times = draw(st.lists(st.one_of(_hours_ago, st.just(at("4 12:00"))), min_size=2, max_size=2).map(sorted))
    shape = draw(st.integers(0, 3))
    earliest = None if shape == 0 else times[0]
    latest = None if shape == 1 else times[0] if shape == 2 else times[1]
    return SetAside(name, earliest, latest, "aside")


@given(_records(), st.lists(_asides(), max_size=4), st.booleans())
def test_evidence_is_unknown_where_the_value_is(record: Record, asides: list[SetAside], by_exception: bool) -> None:
    record = replace(record, set_aside=tuple(asides))
    request = Request(at=at(_NOW), by_exception=by_exception, cross_check=False)
    (timeline,) = batches(GUIDELINE, [record], [at(_NOW)])
    wording = Wording(GUIDELINE)
    values = evaluation(timeline, request).values
    evidence = EvidenceOf(GUIDELINE, wording, values, 0)
    for leaf in _LEAVES:
        if isinstance(leaf, Compare) and isinstance(leaf.quantity, Latest | Collected | Gain | Drop | Rise | InARow):
            found = evidence.all(sources_of(leaf))
            bounds = values.amount(leaf.quantity).bounds
            ends = float(bounds.lowest_at_least[0]), float(bounds.highest_at_most[0])
            some_or_all = all if isinstance(leaf.quantity, Latest) else any
            assert all(e.value is not None for e in found) == some_or_all(isfinite(end) for end in ends)
