"""Findings: present, absent, doubtful (semantics, sections 1 and 7)."""

from typing import Any

import pytest

from il2kg.record import Absence, DoubtfulPresence, Episode, Problem
from tests.reading.records import (
    LOINC,
    SNOMED,
    T7,
    T8,
    T9,
    T10,
    Content,
    at,
    coded,
    condition,
    observation,
    own,
    problem,
    procedure,
    quantity,
    read,
    record,
    status,
)

EPISODE = {"episodes": (Episode("Infection", at(T8), None, "Observation/i0"),)}
ABSENCE = {"absences": (Absence("Infection", at(T8), "Observation/i0"),)}
NEITHER = "a value that says neither present nor absent"


def in_doubt(detail: str) -> dict[str, Any]:
    return {
        "doubtful": (DoubtfulPresence("Infection", at(T8), at(T8), None, "Observation/i0"),),
        "problems": (problem(NEITHER, detail=detail, concept="Infection"),),
    }


V2 = "http://terminology.hl7.org/CodeSystem/v2-0136"
STATED: dict[str, tuple[Content, dict[str, Any]]] = {
    "true": ({"valueBoolean": True}, EPISODE),
    "no value": ({}, EPISODE),
    "yes, LOINC": ({"valueCodeableConcept": coded(LOINC, "LA33-6")}, EPISODE),
    "yes, SNOMED CT": ({"valueCodeableConcept": coded(SNOMED, "373066001")}, EPISODE),
    "yes, under an OID": ({"valueCodeableConcept": coded("urn:oid:2.16.840.1.113883.6.1", "LA33-6 ")}, EPISODE),
    "present": ({"valueCodeableConcept": coded(SNOMED, "52101004")}, EPISODE),
    "positive": ({"valueCodeableConcept": coded(SNOMED, "10828004")}, EPISODE),
    "Y": ({"valueCodeableConcept": coded(V2, "Y")}, EPISODE),
    "yes in words": ({"valueCodeableConcept": {"text": " Yes"}}, EPISODE),
    "present in words": ({"valueString": "PRESENT"}, EPISODE),
    "detected, LOINC": ({"valueCodeableConcept": coded(LOINC, "LA11882-0")}, EPISODE),
    "detected, SNOMED CT": ({"valueCodeableConcept": coded(SNOMED, "260373001")}, EPISODE),
    "POS": ({"valueString": "POS"}, EPISODE),
    "false": ({"valueBoolean": False}, ABSENCE),
    "none, LOINC": ({"valueCodeableConcept": coded(LOINC, "LA137-2")}, ABSENCE),
    "not detected, LOINC": ({"valueCodeableConcept": coded(LOINC, "LA11883-8")}, ABSENCE),
    "known absent, SNOMED CT": ({"valueCodeableConcept": coded(SNOMED, "410516002")}, ABSENCE),
    "denies": ({"valueString": "Denies"}, ABSENCE),
    "no growth": ({"valueString": "NO GROWTH AFTER 5 DAYS"}, ABSENCE),
    "within limits": ({"valueString": "WDL"}, in_doubt("WDL")),
    "no growth yet": ({"valueString": "No growth at 24 hours"}, in_doubt("No growth at 24 hours")),
    "no, LOINC": ({"valueCodeableConcept": coded(LOINC, "LA32-8")}, ABSENCE),
    "no, SNOMED CT": ({"valueCodeableConcept": coded(SNOMED, "373067005")}, ABSENCE),
    "absent": ({"valueCodeableConcept": coded(SNOMED, "2667000")}, ABSENCE),
    "negative": ({"valueCodeableConcept": coded(SNOMED, "260385009")}, ABSENCE),
    "N": ({"valueCodeableConcept": coded(V2, "N")}, ABSENCE),
    "another code": (
        {"valueCodeableConcept": coded(SNOMED, "6736007")},
        in_doubt("6736007"),
    ),
    "N of one's own": (
        {"valueCodeableConcept": coded("u:x", "N")},
        in_doubt("N"),
    ),
    "yes and no": (
        {"valueCodeableConcept": {"coding": [{"code": "Y"}, {"code": "N"}]}},
        in_doubt("Y"),
    ),
    "another text": ({"valueString": "not sure"}, in_doubt("not sure")),
    "a number": ({"valueInteger": 0}, in_doubt("0")),
    "an amount": ({"valueQuantity": {"value": 2}}, in_doubt("2")),
    "two values": ({"valueBoolean": False, "valueString": "no"}, in_doubt("False, no")),
    "text for a boolean": ({"valueBoolean": "false"}, in_doubt("false")),
    "not asked": ({"dataAbsentReason": coded("x", "not-asked")}, {"latest": None}),
    "in error": ({"valueBoolean": True, "status": "entered-in-error"}, {"latest": None}),
}


@pytest.mark.parametrize("name", STATED)
def test_an_observation_states_a_finding(name: str) -> None:
    content, expected = STATED[name]
    assert read(observation(own("Infection"), **content)) == record(**expected)


def test_components_state_findings_of_their_own() -> None:
    def part(name: str, value: bool) -> Content:
        return {"code": own(name), "valueBoolean": value}

    parts = [part("Confusion", False), part("Agitation", True)]
    expected = {
        "episodes": (Episode("Agitation", at(T8), None, "Observation/i0"),),
        "absences": (Absence("Confusion", at(T8), "Observation/i0"),),
    }
    # A review of a system without a value of its own says what its parts say.
    assert read(observation(own("NeuropsychiatricToxicity"), component=parts)) == record(**expected)
    # A finding is present, whatever is measured beside it.
    temperature = {"code": own("BodyTemperature"), "valueQuantity": quantity(39, "Cel")}
    beside = read(observation(own("Infection"), component=[temperature]))
    assert (len(beside.episodes), len(beside.measurements)) == (1, 1)


def status_of(**codes: str) -> Content:
    return {name: status(code) for name, code in codes.items()}


def doubtful(earliest: str | None, latest: str | None, end: str | None = None, **more: Any) -> DoubtfulPresence:
    times = [None if time is None else at(time) for time in (earliest, latest, end)]
    return DoubtfulPresence("Infection", *times, "Condition/i0", **more)


def episode(start: str, end: str | None = None) -> dict[str, Any]:
    return {"episodes": (Episode("Infection", at(start), None if end is None else at(end), "Condition/i0"),)}


def absence(time: str) -> dict[str, Any]:
    return {"absences": (Absence("Infection", at(time), "Condition/i0"),), "latest": at(time)}


def said(kind: str, detail: str = "") -> tuple[Problem, ...]:
    return (Problem(kind, "Condition/i0", detail, "Infection"),)


ON, OFF, RECORDED = {"onsetDateTime": T8}, {"abatementDateTime": T9}, {"recordedDate": T9}
CONDITIONS: dict[str, tuple[Content, dict[str, Any]]] = {
    "open": (ON, episode(T8)),
    "over": ({**ON, **OFF}, episode(T8, T9)),
    "a period of onset": ({"onsetPeriod": {"start": T8, "end": T9}}, episode(T8)),
    "a period of abatement": ({**ON, "abatementPeriod": {"start": T9, "end": T10}}, episode(T8, T10)),
    "an end that is a date": ({**ON, "abatementDateTime": "2026-03-02"}, episode(T8, "2026-03-02T23:59:59.999999Z")),
    **{
        status: ({**ON, **status_of(verificationStatus=status)}, episode(T8))
        for status in ("provisional", "differential", "unconfirmed", "confirmed")
    },
    **{
        status: ({**ON, **RECORDED, **status_of(clinicalStatus=status)}, episode(T8, T9))
        for status in ("resolved", "remission", "inactive")
    },
    "recorded only": (RECORDED, {**episode(T9), "latest": at(T9)}),
    "recorded as over only": (
        {**RECORDED, **status_of(clinicalStatus="resolved")},
        {**episode(T9, T9), "latest": at(T9)},
    ),
    "abated, nobody says when": ({**ON, **RECORDED, "abatementBoolean": True}, episode(T8, T9)),
    "abated, in words": ({**ON, **RECORDED, "abatementString": "last week"}, episode(T8, T9)),
    "not abated": ({**ON, **RECORDED, "abatementBoolean": False}, episode(T8)),
    "of an earlier version": (
        {**ON, "assertedDate": T9, "clinicalStatus": "resolved", "verificationStatus": "confirmed"},
        episode(T8, T9),
    ),
    "an onset in words": ({"onsetString": "childhood", **RECORDED}, {**episode(T9), "latest": at(T9)}),
    "refuted": ({**ON, **status_of(verificationStatus="refuted")}, absence(T8)),
    "refuted when recorded": ({**ON, **RECORDED, **status_of(verificationStatus="refuted")}, absence(T9)),
    "refuted, of an earlier version": ({**ON, "verificationStatus": "refuted"}, absence(T8)),
    "refuted, nobody says when": (
        status_of(verificationStatus="refuted"),
        {"problems": said("no time that can be read"), "latest": None},
    ),
    "refuted and confirmed": (
        {**ON, "verificationStatus": {"coding": [{"code": "refuted"}, {"code": "confirmed"}]}},
        {"doubtful": (doubtful(T8, T8),), "problems": said("verificationStatus that contradicts itself")},
    ),
    "in error": ({**ON, **status_of(verificationStatus="entered-in-error")}, {"latest": None}),
    "no time at all": (
        {},
        {"doubtful": (doubtful(None, None),), "problems": said("no time that can be read"), "latest": None},
    ),
    "no time at all, over": (
        status_of(clinicalStatus="inactive"),
        {"doubtful": (doubtful(None, None, over=True),), "problems": said("no time that can be read"), "latest": None},
    ),
    "an end only": (
        OFF,
        {"doubtful": (doubtful(None, T9, T9),), "problems": said("period without a start"), "latest": None},
    ),
    "reversed": (
        {"onsetDateTime": T9, "abatementDateTime": T8},
        {"doubtful": (doubtful(T8, T9),), "problems": said("period ends before it starts"), "latest": at(T9)},
    ),
    "an onset that cannot be read": (
        {"onsetDateTime": "soon", **RECORDED},
        {"doubtful": (doubtful(None, T9),), "problems": said("not a date or time", "'soon'"), "latest": None},
    ),
    "an end that cannot be read": (
        {**ON, "abatementDateTime": "soon"},
        {"doubtful": (doubtful(T8, T8),), "problems": said("not a date or time", "'soon'")},
    ),
    "an end without a zone": (
        {**ON, "abatementDateTime": "2026-03-02T10:00:00"},
        {
            "doubtful": (doubtful(T8, T8, "2026-03-02T22:00:00Z"),),
            "problems": said("time without a zone", "2026-03-02T10:00:00"),
        },
    ),
    "over, nobody says since when": (
        {**ON, **status_of(clinicalStatus="resolved")},
        {
            **episode(T8, T8),
            "doubtful": (doubtful(T8, T8),),
            "problems": said("over, and nothing says since when"),
        },
    ),
    "set aside": (
        {**ON, **OFF, "modifierExtension": [{"url": "urn:x"}]},
        {"doubtful": (doubtful(T8, T8, T9),), "problems": said("modifierExtension that is not known")},
    ),
    "refuted and set aside": (
        {**ON, **status_of(verificationStatus="refuted"), "modifierExtension": [{"url": "urn:x"}]},
        {"problems": said("modifierExtension that is not known")},
    ),
    "a status of the wrong type": (
        {**ON, "verificationStatus": 5},
        {"doubtful": (doubtful(T8, T8),), "problems": said("verificationStatus of the wrong type")},
    ),
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_is_an_episode_an_absence_or_in_doubt(name: str) -> None:
    content, expected = CONDITIONS[name]
    assert read(condition(own("Infection"), **content)) == record(**expected)


def test_a_code_of_two_concepts_states_both() -> None:
    found = read(condition(coded("http://hl7.org/fhir/sid/icd-10-cm", "R41.0"), **ON))
    assert {e.finding for e in found.episodes} == {"Confusion", "Disorientation"}
    assert found.problems == ()


def test_a_code_that_may_mean_a_finding_is_in_doubt() -> None:
    code = "http://hl7.org/fhir/sid/icd-10-cm|G40"
    assert read(condition(coded(*code.split("|")), **ON)) == record(
        doubtful=(DoubtfulPresence("Seizure", at(T8), at(T8), None, "Condition/i0"),),
        problems=(Problem("may be present, or not", "Condition/i0", code, "Seizure"),),
    )


UNRECOGNISED = "coding not recognised, named in text"


def test_a_finding_in_words_only_is_in_doubt_over_its_own_time() -> None:
    named = condition({"coding": [{"system": "urn:x", "code": "7", "display": "Paralytic ileus"}]}, **ON, **OFF)
    assert read(named) == record(
        doubtful=(DoubtfulPresence("Ileus", at(T8), at(T8), at(T9), "Condition/i0"),),
        problems=(Problem(UNRECOGNISED, "Condition/i0", "'Paralytic ileus' (urn:x|7)", "Ileus"),),
    )
    absent = read({**named, "verificationStatus": status("refuted")})
    assert (absent.absences, absent.doubtful, absent.episodes, len(absent.problems)) == ((), (), (), 1)
    past = read(condition({"text": "history of ileus"}, **ON))
    assert past.doubtful == (DoubtfulPresence("Ileus", at(T8), at(T8), None, "Condition/i0", over=True),)


def test_what_no_criterion_names_is_in_doubt_without_a_word() -> None:
    found = read(condition({"text": "vitiligo"}, **ON))
    assert ([d.finding for d in found.doubtful], found.problems) == (["Vitiligo"], ())


def test_a_number_under_the_name_of_a_finding_is_no_finding() -> None:
    found = read(observation({"text": "hypotension"}, valueQuantity=quantity(1, "mg")))
    assert (found.doubtful, len(found.passed_over)) == ((), 1)


@pytest.mark.parametrize("name", ["performedPeriod", "occurrencePeriod"])
def test_a_procedure_is_an_episode(name: str) -> None:
    assert read(procedure(own("Dialysis"), **{name: {"start": T8, "end": T9}})) == record(
        episodes=(Episode("Dialysis", at(T8), at(T9), "Procedure/i0"),)
    )


def test_a_procedure_without_a_time_is_placed_by_its_recording_or_in_doubt() -> None:
    recorded = read(procedure(own("Dialysis"), recorded=T8))
    assert recorded == record(episodes=(Episode("Dialysis", at(T8), None, "Procedure/i0"),))
    assert read(procedure(own("Dialysis"))) == record(
        doubtful=(DoubtfulPresence("Dialysis", None, None, None, "Procedure/i0"),),
        problems=(Problem("no time that can be read", "Procedure/i0", "", "Dialysis"),),
        latest=None,
    )


@pytest.mark.parametrize("denial", [{"status": "not-done"}, {"notDone": True}, {"notPerformed": True}], ids=repr)
def test_a_procedure_that_was_not_done_is_none(denial: Content) -> None:
    assert read(procedure(own("Dialysis"), performedDateTime=T8, **denial)) == record(latest=None)


def test_a_denial_of_the_wrong_type_is_no_denial() -> None:
    found = read(procedure(own("Dialysis"), performedDateTime=T8, notDone="true"))
    assert found.doubtful == (DoubtfulPresence("Dialysis", at(T8), at(T8), None, "Procedure/i0"),)


def test_an_observed_finding_without_a_sound_time_is_in_doubt() -> None:
    undated = observation(own("Infection"), effectiveDateTime=None, issued=T9)
    assert read(undated).doubtful == (DoubtfulPresence("Infection", None, at(T9), None, "Observation/i0"),)
    reversed_ = observation(own("Infection"), effectiveDateTime=None, effectivePeriod={"start": T9, "end": T7})
    assert read(reversed_).doubtful == (DoubtfulPresence("Infection", at(T7), at(T9), None, "Observation/i0"),)
    clock = observation(own("Infection"), effectiveDateTime="2026-03-02T08:00:00", valueBoolean=False)
    assert (read(clock).absences, read(clock).doubtful, len(read(clock).problems)) == ((), (), 1)
    assert read(clock).latest == at(T8)
    period = observation(own("Infection"), effectiveDateTime=None, effectivePeriod={"start": T8, "end": T9})
    assert read(period) == record(**EPISODE)


QUESTION = {"coding": [{"system": "urn:x", "code": "7"}], "text": "Cardiac rhythm"}


@pytest.mark.parametrize(
    ("question", "value", "finding"),
    [
        (QUESTION, {"valueCodeableConcept": coded(SNOMED, "49436004")}, "AtrialFibrillation"),
        (QUESTION, {"valueCodeableConcept": {"text": "Atrial fibrillation with rapid response"}}, "AtrialFibrillation"),
        (QUESTION, {"valueString": "atrial fibrillation"}, "AtrialFibrillation"),
        (coded(LOINC, "29308-4"), {"valueCodeableConcept": coded(SNOMED, "91302008")}, "SepsisSyndrome"),
        ({"text": "Assessment"}, {"valueCodeableConcept": coded(SNOMED, "49436004")}, None),
        ({"text": "Family history"}, {"valueCodeableConcept": coded(SNOMED, "49436004")}, None),
        ({"text": "Screening for"}, {"valueString": "sepsis"}, None),
        (QUESTION, {"valueString": "regular"}, None),
        (QUESTION, {"valueQuantity": {"value": 3, "unit": "mg"}}, None),
    ],
)
def test_the_answer_to_an_unknown_question_may_name_a_finding(
    question: Content, value: Content, finding: str | None
) -> None:
    expected = [] if finding is None else [(finding, at(T8), False)]
    for content in (
        observation(question, **value),
        observation({"text": "Panel"}, component=[{"code": question, **value}]),
    ):
        found = read(content)
        assert [(d.finding, d.earliest, d.over) for d in found.doubtful] == expected
        assert (found.episodes, found.absences) == ((), ())
        assert bool(found.problems) == bool(expected)


def test_an_answer_about_the_past_is_over() -> None:
    found = read(observation({"text": "History of"}, valueCodeableConcept=coded(SNOMED, "22298006")))
    assert [(d.finding, d.over) for d in found.doubtful] == [("MyocardialInfarction", True)]


def test_two_onsets_are_none() -> None:
    found = read(condition(own("Infection"), onsetDateTime="2062-01-01", onsetPeriod={"start": "2026-03-01"}))
    assert [(d.earliest, d.latest_start) for d in found.doubtful] == [(None, None)]
