"""Treatments, doses, rates, and what was given (semantics, sections 1 and 7)."""

import math
from typing import Any

import pytest

from il2kg.record import Administration, DoubtfulEvent, Event, Problem, Record
from tests.reading.records import (
    ANY_RATE,
    DAY,
    HOUR,
    RXNORM,
    SNOMED,
    T7,
    T8,
    T9,
    T10,
    Content,
    administration,
    at,
    coded,
    observation,
    order,
    own,
    procedure,
    quantity,
    read,
    record,
    statement,
    status,
)

PREDNISONE = own("Prednisone")
CLOCK = "2026-03-02T08:00:00"


def ran(
    start: str | None,
    end: str | None,
    *,
    kind: str = "MedicationAdministration",
    drug: str | None = "Prednisone",
    rate: tuple[float, float] = ANY_RATE,
    **more: Any,
) -> dict[str, Any]:
    first, last = (None if time is None else at(time) for time in (start, end))
    return {"administrations": (Administration(drug, first, first, last, last, *rate, f"{kind}/i0", **more),)}


def said(kind: str, detail: str = "", item: str = "MedicationAdministration/i0", concept: str = "Prednisone") -> Any:
    return {"problems": (Problem(kind, item, detail, concept),)}


PERIOD = {"start": T8, "end": T9}
STATEMENT, ORDER = {"kind": "MedicationStatement"}, {"kind": "MedicationRequest"}
ORDERED = {"latest": None}
TIMES: dict[str, tuple[Content, dict[str, Any]]] = {
    "at an instant": (administration(PREDNISONE), ran(T8, T8)),
    "over a period": (administration(PREDNISONE, effectivePeriod=PERIOD), ran(T8, T9)),
    "over a period without an end": (administration(PREDNISONE, effectivePeriod={"start": T8}), ran(T8, None)),
    "R5": (
        administration(None, medication={"concept": PREDNISONE}, occurencePeriod=PERIOD),
        ran(T8, T9),
    ),
    "DSTU2": (administration(PREDNISONE, effectiveTimeDateTime=T8), ran(T8, T8)),
    "a procedure": (
        procedure(own("RedCellTransfusion"), performedDateTime=T8),
        ran(T8, T8, kind="Procedure", drug="RedCellTransfusion"),
    ),
    "without a start": (
        administration(PREDNISONE, effectivePeriod={"end": T9}),
        {**ran(None, T9), **said("period without a start"), "latest": None},
    ),
    "without a time": (
        administration(PREDNISONE, effectiveDateTime=None, effectivePeriod=None),
        {**ran(None, None), **said("no time that can be read"), "latest": None},
    ),
    "an end that cannot be read": (
        administration(PREDNISONE, effectivePeriod={"start": T8, "end": "soon"}),
        {**ran(T8, None), **said("not a date or time", "'soon'")},
    ),
    "an end of the wrong type": (
        administration(PREDNISONE, effectivePeriod={"start": T8, "end": 9}),
        {**ran(T8, None), **said("not a date or time", "9")},
    ),
    "an order runs on from when it was written": (
        order(PREDNISONE, authoredOn=T8),
        {**ran(T8, None, **ORDER), **ORDERED},
    ),
    "an order that says from when to when": (
        order(PREDNISONE, authoredOn=T7, dosageInstruction=[{"timing": {"repeat": {"boundsPeriod": PERIOD}}}]),
        {**ran(T8, T9, **ORDER), **ORDERED},
    ),
    "an order, one of whose instructions is open": (
        order(PREDNISONE, authoredOn=T7, dosageInstruction=[{"timing": {"repeat": {"boundsPeriod": PERIOD}}}, {}]),
        {**ran(T7, None, **ORDER), **ORDERED},
    ),
    "an order of R5": (order(PREDNISONE, effectiveDosePeriod=PERIOD), {**ran(T8, T9, **ORDER), **ORDERED}),
    "a statement runs on": (statement(PREDNISONE, effectiveDateTime=T8), ran(T8, None, **STATEMENT)),
    "a statement with an end": (statement(PREDNISONE, effectivePeriod=PERIOD), ran(T8, T9, **STATEMENT)),
    "a statement without a time of its own": (statement(PREDNISONE, dateAsserted=T8), ran(T8, None, **STATEMENT)),
}


@pytest.mark.parametrize("name", TIMES)
def test_a_treatment_runs(name: str) -> None:
    content, expected = TIMES[name]
    assert read(content) == record(**expected)


@pytest.mark.parametrize("over", ["completed", "stopped", "ended"])
def test_an_order_that_is_over_ended_at_some_time_within_thirty_days(over: str) -> None:
    start = at(T8)
    expected = Administration("Prednisone", start, start, start, start + 30 * DAY, *ANY_RATE, "MedicationRequest/i0")
    assert read(order(PREDNISONE, status=over, authoredOn=T8)) == record(administrations=(expected,), latest=None)
    stated = read(statement(PREDNISONE, status=over, effectiveDateTime=T8)).administrations
    assert [(a.end_earliest, a.end_latest) for a in stated] == [(start, start + 30 * DAY)]
    ended = read(statement(PREDNISONE, status=over, effectivePeriod=PERIOD)).administrations
    assert [(a.end_earliest, a.end_latest) for a in ended] == [(at(T9), at(T9))]
    given = read(administration(PREDNISONE, status=over, effectivePeriod={"start": T8})).administrations
    assert [(a.end_earliest, a.end_latest) for a in given] == [(None, None)]


def test_a_treatment_without_a_zone_ran_at_any_of_26_hours() -> None:
    earliest, latest = at(T8) - 14 * HOUR, at(T8) + 12 * HOUR
    item = "MedicationAdministration/i0"
    assert read(administration(PREDNISONE, effectiveDateTime=CLOCK)) == record(
        administrations=(Administration("Prednisone", earliest, latest, earliest, latest, *ANY_RATE, item),),
        **said("time without a zone", CLOCK),
    )
    (over,) = read(order(PREDNISONE, status="completed", authoredOn=CLOCK)).administrations
    assert (over.end_earliest, over.end_latest) == (earliest, latest + 30 * DAY)


def test_a_reversed_treatment_began_at_one_of_its_times_and_runs_on() -> None:
    item = "MedicationAdministration/i0"
    assert read(administration(PREDNISONE, effectivePeriod={"start": T9, "end": T8})) == record(
        administrations=(Administration("Prednisone", at(T8), at(T9), None, None, *ANY_RATE, item),),
        **said("period ends before it starts"),
        latest=at(T9),
    )


NOT_GIVEN = [
    administration(PREDNISONE, status="not-done"),
    administration(PREDNISONE, wasNotGiven=True),
    administration(PREDNISONE, notGiven=True),
    administration(own("Aldesleukin"), notGiven=True),
    statement(PREDNISONE, status="not-taken", effectiveDateTime=T8),
    statement(PREDNISONE, wasNotTaken=True, effectiveDateTime=T8),
    statement(PREDNISONE, taken="n", effectiveDateTime=T8),
    statement(PREDNISONE, adherence={"code": status("not-taking")}, effectiveDateTime=T8),
    order(PREDNISONE, doNotPerform=True, authoredOn=T8),
    order(PREDNISONE, status="cancelled", authoredOn=T8),
    order(PREDNISONE, status="entered-in-error", authoredOn=T8),
]


@pytest.mark.parametrize("content", NOT_GIVEN, ids=repr)
def test_what_was_not_given_is_no_part_of_the_record(content: Content) -> None:
    assert read(content) == record(latest=None)


ASIDE: dict[str, tuple[Content, str, str]] = {
    "modifier": ({"modifierExtension": [{"url": "u:x"}]}, "modifierExtension that is not known", ""),
    "modified dosage": (
        {"dosage": {"modifierExtension": [{"url": "u:x"}]}},
        "modifierExtension that is not known",
        "in its dosage",
    ),
    "denial of the wrong type": ({"notGiven": "yes"}, "notGiven of the wrong type", ""),
    "nobody knows": ({"taken": "unk"}, "not known whether it was taken", ""),
}


@pytest.mark.parametrize("name", ASIDE)
def test_a_treatment_that_is_set_aside_may_have_run(name: str) -> None:
    change, kind, detail = ASIDE[name]
    pressor = administration(
        own("Phenylephrine"),
        effectivePeriod=PERIOD,
        **{"dosage": {"rateQuantity": quantity(1, "ug/kg/min")}, **change},
    )
    if "dosage" in change:
        pressor["dosage"] = {**pressor["dosage"], "rateQuantity": quantity(1, "ug/kg/min")}
    assert read(pressor) == record(
        **ran(T8, T9, drug="Phenylephrine", set_aside=True), **said(kind, detail, concept="Phenylephrine")
    )
    dose = read(administration(own("Aldesleukin"), **change))
    assert (dose.events, dose.doubtful_events) == ((), (doubtful_dose(T8, T8),))


# ---- doses

DOSE = own("Aldesleukin")
SERIES = "aldesleukin-doses"


def dose(time: str = T8, item: str = "MedicationAdministration/i0") -> Event:
    return Event(at(time), at(time), at(time), item, SERIES)


def doubtful_dose(earliest: str | None, latest: str | None, item: str = "MedicationAdministration/i0") -> DoubtfulEvent:
    return DoubtfulEvent(*(None if time is None else at(time) for time in (earliest, latest)), item, SERIES)


def of_doses(kind: str, detail: str = "", item: str = "MedicationAdministration/i0") -> Any:
    return said(kind, detail, item, "Aldesleukin")


DOSES: dict[str, tuple[Content, dict[str, Any]]] = {
    "given": (administration(DOSE), {"events": (dose(),)}),
    "coded": (administration(coded(RXNORM, "70223")), {"events": (dose(),)}),
    "over a period": (administration(DOSE, effectivePeriod=PERIOD), {"events": (dose(),)}),
    "over a period that is reversed": (
        administration(DOSE, effectivePeriod={"start": T9, "end": T8}),
        {
            "events": (Event(at(T9), at(T8), at(T9), "MedicationAdministration/i0", SERIES),),
            **of_doses("period ends before it starts"),
            "latest": at(T9),
        },
    ),
    "without a time": (
        administration(DOSE, effectiveDateTime=None, effectivePeriod=None),
        {"doubtful_events": (doubtful_dose(None, None),), **of_doses("no time that can be read"), "latest": None},
    ),
    "stated": (
        statement(DOSE, effectiveDateTime=T8),
        {"events": (dose(item="MedicationStatement/i0"),)},
    ),
    "stated over a period": (
        statement(DOSE, effectivePeriod={"start": T8, "end": T10}),
        {
            "doubtful_events": (doubtful_dose(T8, T10, "MedicationStatement/i0"),),
            **of_doses("does not say when each dose was given", item="MedicationStatement/i0"),
        },
    ),
    "a procedure": (
        procedure(DOSE, performedDateTime=T8),
        {
            "doubtful_events": (doubtful_dose(T8, T8, "Procedure/i0"),),
            **of_doses("does not say when each dose was given", item="Procedure/i0"),
        },
    ),
    "an order": (
        order(DOSE, authoredOn=T8),
        {**of_doses("an order is no dose", item="MedicationRequest/i0"), "latest": None},
    ),
    "intended": (
        statement(DOSE, status="intended", effectiveDateTime=T8),
        {**of_doses("an order is no dose", item="MedicationStatement/i0"), "latest": None},
    ),
    "named": (
        administration({"text": "Proleukin 22 MIU"}),
        {
            "events": (dose(),),
            **of_doses(
                "coding not recognised, named in text",
                "'Proleukin 22 MIU'",
            ),
        },
    ),
}


@pytest.mark.parametrize("name", DOSES)
def test_an_administration_of_the_regimens_drug_is_a_dose(name: str) -> None:
    content, expected = DOSES[name]
    assert read(content) == record(**expected)


def test_two_doses_at_one_instant_are_two_and_a_problem() -> None:
    kind = "given at the same instant as another dose"
    first, second = "MedicationAdministration/a", "MedicationAdministration/b"
    found = read(
        administration(DOSE, id="a"), administration(DOSE, id="b"), administration(DOSE, id="c", effectiveDateTime=T9)
    )
    assert found == record(
        events=(dose(item=first), dose(item=second), dose(T9, "MedicationAdministration/c")),
        problems=(
            Problem(kind, first, f"as {second}; both are counted", "Aldesleukin"),
            Problem(kind, second, f"as {first}; both are counted", "Aldesleukin"),
        ),
        latest=at(T9),
        latest_but_one=at(T8),
    )


# ---- what was given


def medication(code: Content | None, **content: Any) -> Content:
    return {"resourceType": "Medication", "id": "m", **({} if code is None else {"code": code}), **content}


def by_reference(*products: Content, kind: str = "medicationReference", **reference: Any) -> Record:
    """What an administration by reference gives, where the source holds some Medications of that id."""
    pointer = {"reference": "Medication/m", **reference}
    given = administration(
        None, **({"medication": {"reference": pointer}} if kind == "medication" else {kind: pointer})
    )
    return read(given, medications=lambda asked: [p for p in products if asked == "Medication/m"])


STEROID = record(**ran(T8, T8))
INGREDIENT = medication({"text": "house mix"}, ingredient=[{"itemCodeableConcept": PREDNISONE}])
FOUND: dict[str, Record] = {
    "by reference": by_reference(medication(PREDNISONE)),
    "R5": by_reference(medication(PREDNISONE), kind="medication"),
    "of a version": by_reference(medication(PREDNISONE), reference=" Medication/m/_history/2"),
    "by its ingredient": by_reference(INGREDIENT),
    "by its ingredient, R5": by_reference(
        medication(None, ingredient=[{"item": {"concept": PREDNISONE}}]), kind="medication"
    ),
    "contained": read(
        administration(None, contained=[medication(PREDNISONE), "wrong"], medicationReference={"reference": "#m"})
    ),
}


@pytest.mark.parametrize("name", FOUND)
def test_a_medication_is_found_by_reference(name: str) -> None:
    assert FOUND[name] == STEROID


def test_each_part_of_a_mixture_is_given() -> None:
    parts = [{"itemCodeableConcept": own("Prednisone")}, {"itemCodeableConcept": own("Metoprolol")}]
    found = by_reference(medication(None, ingredient=parts))
    assert [(a.treatment, a.set_aside) for a in found.administrations] == [("Metoprolol", False), ("Prednisone", False)]
    assert found.problems == ()


NAMELESS = "neither a recognised coding nor any text"
DANGLING = "medication reference that cannot be followed"
DIFFERING = (medication(PREDNISONE), medication(own("Metoprolol")))


def test_a_reference_that_finds_none_or_several_names_by_its_own_words() -> None:
    for found in (
        by_reference(display="Prednisone 20 mg"),
        by_reference(*DIFFERING, display="Prednisone 20 mg"),
        by_reference(medication(None), display="Prednisone 20 mg"),
        by_reference(identifier={"value": "prednisone"}),
    ):
        assert [a.treatment for a in found.administrations] == ["Prednisone"]
        assert [p.kind for p in found.problems] == ["coding not recognised, named in text"]


def nobody_knows(kind: str = "MedicationAdministration") -> dict[str, Any]:
    time = at(T8)
    doses = (DoubtfulEvent(time, time, f"{kind}/i0", None),) if kind == "MedicationAdministration" else ()
    return {**ran(T8, T8, drug=None), "doubtful_events": doses}


@pytest.mark.parametrize("found", [by_reference(), by_reference(*DIFFERING)], ids=["none", "several"])
def test_without_words_nobody_can_name_it(found: Record) -> None:
    assert (found.administrations, found.doubtful_events) == tuple(nobody_knows().values())
    assert {p.kind for p in found.problems} == {NAMELESS, DANGLING}


@pytest.mark.parametrize(
    "given",
    [
        administration(None),
        administration({}),
        administration({"coding": [{"code": "?"}]}),
        administration({"text": " "}),
        administration(None, medicationReference={}),
        administration(None, medicationReference=5),
        administration(None, medication="prednisone"),
    ],
    ids=repr,
)
def test_what_has_neither_a_coding_nor_a_text_may_be_anything(given: Content) -> None:
    found = read(given)
    assert (found.administrations, found.doubtful_events) == tuple(nobody_knows().values())
    assert NAMELESS in {p.kind for p in found.problems}


def test_an_order_of_what_nobody_can_name_is_no_dose() -> None:
    found = read(order({"coding": [{"code": "?"}]}, authoredOn=T8))
    assert [a.treatment for a in found.administrations] == [None]
    assert found.doubtful_events == ()


# ---- where it acts

TOPICAL = coded(SNOMED, "6064005")
LOCAL = [
    administration(PREDNISONE, dosage={"route": TOPICAL}),
    administration(PREDNISONE, dosage={"route": {"text": "Eye, left"}}),
    statement(PREDNISONE, effectiveDateTime=T8, dosage=[{"route": {"text": "inhaled"}}]),
    order(
        PREDNISONE,
        authoredOn=T8,
        dosageInstruction=[{"route": coded("http://terminology.hl7.org/CodeSystem/v2-0162", "TP")}],
    ),
    administration({**own("Hydrocortisone"), "text": "hydrocortisone 1 % cream"}),
    administration(
        None,
        contained=[medication(PREDNISONE, form={"text": "Ointment"})],
        medicationReference={"reference": "#m"},
    ),
    administration({"text": "prednisolone eye drops"}),
]


@pytest.mark.parametrize("content", LOCAL, ids=repr)
def test_a_drug_that_acts_where_it_is_put_is_passed_over(content: Content) -> None:
    found = read(content)
    assert (found.administrations, found.problems, len(found.passed_over)) == ((), (), 1)


WHOLE_BODY = [
    administration(PREDNISONE, dosage={"route": {"text": "oral"}}),
    administration(PREDNISONE, dosage={"route": coded("urn:x", "IV")}),
    administration({**PREDNISONE, "text": "prednisone transdermal gel"}),
    administration({**PREDNISONE, "text": "prednisone patch, topical"}),
    administration({**PREDNISONE, "text": "prednisone oral gel"}),
]


@pytest.mark.parametrize("content", WHOLE_BODY, ids=repr)
def test_any_other_counts(content: Content) -> None:
    assert read(content) == STEROID


def test_form_and_route_that_disagree_set_it_aside() -> None:
    cream = {**PREDNISONE, "text": "prednisone cream"}
    assert read(administration(cream, dosage={"route": {"text": "oral"}})) == record(
        **ran(T8, T8, set_aside=True), **said("form and route that disagree", "prednisone cream")
    )


# ---- rates

PRESSOR = own("Phenylephrine")


def infusion(value: Any, unit: str, drug: str = "Phenylephrine", **content: Any) -> Content:
    dosage = {"rateQuantity": quantity(value, unit)}
    return administration(own(drug), **{"effectivePeriod": PERIOD, "dosage": dosage, **content})


RATES: dict[str, tuple[Content, dict[str, Any]]] = {
    "its own unit": (infusion(1.5, "ug/kg/min"), {"rate": (1.5, 1.5)}),
    "converted": (infusion(0.06, "mg/kg/h"), {"rate": (1.0, 1.0)}),
    "less than": (
        infusion(1, "", dosage={"rateQuantity": {"value": 1, "comparator": "<", "unit": "mcg/kg/min"}}),
        {"rate": (0.0, 0.999999999)},
    ),
    "arbitrary": (
        infusion(0.04, "U/min", "Vasopressin"),
        {"drug": "Vasopressin", "rate": (0.04, 0.04), "rate_unit": "[IU]/min"},
    ),
    "none": (administration(PRESSOR, effectivePeriod=PERIOD), {}),
}


@pytest.mark.parametrize("name", RATES)
def test_a_rate_is_read(name: str) -> None:
    content, expected = RATES[name]
    assert read(content) == record(**ran(T8, T9, **{"drug": "Phenylephrine", **expected}))


UNREAD = {
    "a volume": (infusion(20, "mL/h"), "a unit that measures something else", "'mL/h'; 'ug/kg/min' is expected"),
    "implausible": (infusion(200, "ug/kg/min"), "outside the plausible range", None),
    "no unit": (infusion(2, ""), "no unit", "2; ug/kg/min is expected"),
    "below zero": (infusion(-1, "U/min"), "a rate below 0", "-1 U/min"),
    "no weight": (infusion(90, "ug/min"), "no recent weight to divide it by", "90 ug/min"),
}


@pytest.mark.parametrize("name", UNREAD)
def test_a_rate_that_cannot_be_trusted_is_any(name: str) -> None:
    content, kind, detail = UNREAD[name]
    found = read(content)
    assert found.administrations == ran(T8, T9, drug="Phenylephrine")["administrations"]
    assert [(p.kind, p.detail if detail else None) for p in found.problems] == [(f"rate: {kind}", detail)]


def weight(kilograms: float, time: str, **content: Any) -> Content:
    value = quantity(kilograms, "kg")
    return observation(own("BodyWeight"), **{"effectiveDateTime": time, "valueQuantity": value, **content})


@pytest.mark.parametrize(
    ("weights", "rate"),
    [
        ([weight(75, T7)], (1.2, 1.2)),
        ([weight(80, "2026-03-01"), weight(75, T8), weight(60, T9)], (1.2, 1.2)),
        ([weight(75, T8), weight(60, T8)], (1.2, 1.5)),
        ([weight(75, "2026-02-23T08:00:00Z")], (1.2, 1.2)),
        ([weight(75, "2026-02-23T07:59:59Z")], ANY_RATE),
        ([weight(75, T9)], ANY_RATE),
        ([weight(75, T8, focus=[{"reference": "x"}])], ANY_RATE),
        ([weight(70, T8)], (1.28571, 1.28571)),
        ([weight(0, T8, valueQuantity={"value": 60, "comparator": ">", "unit": "kg"})], ANY_RATE),
    ],
)
def test_a_rate_without_kilograms_is_divided_by_the_latest_weight(weights: list[Content], rate: Any) -> None:
    found = read(infusion(90, "ug/min"), *weights).administrations
    assert [(a.rate_low, a.rate_high) for a in found] == [rate]


def test_a_rate_in_milligrams_an_hour_is_one_without_kilograms() -> None:
    found = read(infusion(5.4, "mg/h"), weight(75, T7))
    assert [(a.rate_low, a.rate_high) for a in found.administrations] == [(1.2, 1.2)]
    assert found.problems == ()
    clock = read(infusion(90, "ug/min", effectivePeriod={"start": CLOCK}), weight(75, "2026-03-01"))
    assert [(a.rate_low, a.rate_high) for a in clock.administrations] == [(0.0, math.inf)]


ALDESLEUKIN: Content = {"coding": [{"system": RXNORM, "code": "70223"}]}


@pytest.mark.parametrize(
    "medication",
    [
        {"ingredient": [{"itemReference": {"reference": "#i"}}]},
        {"code": {"text": "D5W 50 mL"}, "ingredient": [{"itemReference": {"reference": "#i"}}]},
        {"code": {"text": "IVPB mixture"}, "ingredient": [{"item": {"reference": {"reference": "#i"}}}]},
        {"code": {"text": "Mixture"}, "ingredient": [{"itemCodeableConcept": ALDESLEUKIN}]},
        {"code": own("Saline"), "ingredient": [{"itemReference": {"reference": "#i"}}]},
    ],
)
def test_a_dose_in_a_mixture_is_a_dose(medication: Content) -> None:
    contained = [{"resourceType": "Medication", "id": "m", **medication}]
    contained.append({"resourceType": "Medication", "id": "i", "code": ALDESLEUKIN})
    given = {"medicationReference": {"reference": "#m"}, "contained": contained}
    assert [d.item for d in read(administration(None, **given)).events] == ["MedicationAdministration/i0"]


def test_an_ingredient_that_is_the_product_is_given_once() -> None:
    contained = [
        {
            "resourceType": "Medication",
            "id": "m",
            "code": ALDESLEUKIN,
            "ingredient": [{"item": {"concept": ALDESLEUKIN}}],
        }
    ]
    assert len(read(administration(None, medicationReference={"reference": "#m"}, contained=contained)).events) == 1


@pytest.mark.parametrize(
    ("identifier", "doses", "nameless"),
    [
        ({"system": "http://hl7.org/fhir/sid/ndc", "value": "65483-0116-07"}, 1, 0),
        ({"system": RXNORM, "value": "70223"}, 1, 0),
        ({"value": "12345"}, 0, 1),
        ({"system": "urn:local", "value": "12345"}, 0, 1),
        ({"value": "Proleukin"}, 1, 0),
    ],
)
def test_an_identifier_is_a_code_or_a_name_or_nothing(identifier: Content, doses: int, nameless: int) -> None:
    found = read(administration(None, medicationReference={"identifier": identifier}))
    assert (len(found.events), len([a for a in found.administrations if a.treatment is None])) == (doses, nameless)


def test_what_was_given_said_in_two_ways_is_set_aside() -> None:
    contained = [{"resourceType": "Medication", "id": "m", "code": own("Dexamethasone")}]
    content = administration(own("Acetaminophen"), medicationReference={"reference": "#m"}, contained=contained)
    found = read(content)
    assert {(a.treatment, a.set_aside) for a in found.administrations} == {
        ("Acetaminophen", True),
        ("Dexamethasone", True),
    }


def test_a_dose_never_acts_locally() -> None:
    found = read(administration({**ALDESLEUKIN, "text": "aldesleukin - private eye label"}))
    assert (len(found.events), len(found.doubtful_events)) == (0, 1)
