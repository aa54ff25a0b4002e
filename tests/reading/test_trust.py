"""Nothing that a resource holds breaks the reader, or makes what it says of a finding or a dose disappear unsaid."""

from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from il2kg.bulk import load_engine
from il2kg.record import PassedOver, Record
from tests.reading.places import WRONG, paths, replaced
from tests.reading.records import (
    IL2,
    LOINC,
    RXNORM,
    SNOMED,
    T7,
    T8,
    T9,
    Content,
    administration,
    at,
    coded,
    condition,
    creatinine,
    observation,
    order,
    own,
    problem,
    procedure,
    quantity,
    read,
    record,
    statement,
    status,
)

REAL: list[Content] = [
    creatinine(issued=T9, interpretation=[status("H")]),
    observation(
        coded(LOINC, "85354-9", display="Blood pressure"),
        component=[{"code": coded(LOINC, "8480-6"), "valueQuantity": quantity(112, "mm[Hg]")}],
    ),
    observation(
        own("UrineOutput"),
        effectiveDateTime=None,
        effectivePeriod={"start": T7, "end": T8},
        valueQuantity=quantity(80, "mL"),
    ),
    observation(own("UrineOutput"), valueQuantity=quantity(80, "mL")),
    observation(own("Infection"), valueCodeableConcept=coded(SNOMED, "2667000")),
    observation(own("StoolGuaiac"), valueString="3+"),
    observation(own("CreatineKinaseMB"), valueQuantity=quantity(9, "ng/mL"), interpretation=[status("H")]),
    condition(
        own("Infection"),
        onsetPeriod={"start": T7},
        abatementDateTime=T8,
        recordedDate=T9,
        verificationStatus=status("provisional"),
        clinicalStatus=status("resolved"),
    ),
    procedure({"text": "hemodialysis"}, performedPeriod={"start": T7, "end": T8}),
    administration(coded(RXNORM, "70223", display="aldesleukin")),
    administration(
        None,
        contained=[
            {
                "resourceType": "Medication",
                "id": "m",
                "code": own("Phenylephrine"),
                "form": {"text": "injection"},
                "ingredient": [{"itemCodeableConcept": own("Phenylephrine")}],
            }
        ],
        medicationReference={"reference": "#m", "display": "phenylephrine", "identifier": {"value": "x"}},
        effectivePeriod={"start": T7, "end": T8},
        dosage={"rateQuantity": quantity(90, "ug/min"), "route": {"text": "IV"}},
    ),
    statement(own("Prednisone"), effectiveDateTime=T8, dosage=[{"route": coded(SNOMED, "26643006")}]),
    order(
        own("Prednisone"),
        authoredOn=T8,
        dosageInstruction=[{"timing": {"repeat": {"boundsPeriod": {"start": T8, "end": T9}}}}],
    ),
    {"resourceType": "Encounter", "status": "finished", "class": {"code": "IMP"}, "period": {"start": T8, "end": T9}},
]


PLACES = [(n, path) for n, real in enumerate(REAL) for path in paths(real) if path and path != ("resourceType",)]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.decimals(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
NAMES = st.sampled_from(
    [
        "focus",
        "modifierExtension",
        "notGiven",
        "taken",
        "valueString",
        "valueBoolean",
        "effectivePeriod",
        "component",
        "issued",
        "medication",
        "contained",
        "effectiveInstant",
        "adherence",
        "recorded",
        "dosage",
        "interpretation",
    ]
)


def test_any_json_in_any_place_is_borne() -> None:
    for n, path in PLACES:
        for wrong in WRONG:
            read(*REAL[:n], replaced(REAL[n], path, wrong), *REAL[n + 1 :])


@given(
    st.lists(st.tuples(st.sampled_from(PLACES), JSON), min_size=1, max_size=3),
    st.lists(st.tuples(NAMES, JSON), max_size=3),
)
def test_whatever_json_stands_anywhere_a_record_comes_of_it(
    changes: list[tuple[tuple[int, tuple[Any, ...]], Any]], additions: list[tuple[str, Any]]
) -> None:
    contents = list(REAL)
    for (n, path), new in changes:
        if path in set(paths(contents[n])):
            contents[n] = replaced(contents[n], path, new)
    for place, (name, new) in enumerate(additions):
        contents[place] = {**contents[place], name: new}
    assert isinstance(read(*contents), Record)
    assert isinstance(read(*contents, zone="Europe/Vienna", doubt="in doubt"), Record)


@given(st.permutations([{**real, "id": f"r{n}"} for n, real in enumerate(REAL)]))
def test_the_order_of_resources_makes_no_difference(shuffled: list[Content]) -> None:
    def sorted_(found: Record) -> dict[str, Any]:
        parts = msgspec.structs.asdict(found)
        return {name: sorted(map(repr, part)) if isinstance(part, tuple) else part for name, part in parts.items()}

    assert sorted_(read(*shuffled)) == sorted_(read(*({**real, "id": f"r{n}"} for n, real in enumerate(REAL))))


SAID: dict[str, Content] = {
    "measurement": creatinine(5),
    "condition": condition(own("Infection"), onsetDateTime=T8, verificationStatus=status("confirmed")),
    "observed finding": observation(own("Infection"), valueBoolean=True),
    "dose": administration(own("Aldesleukin")),
    "treatment": administration(own("Prednisone")),
}
_ABOUT = {"resourceType", "code", "medicationCodeableConcept"}


@pytest.mark.parametrize("name", SAID)
def test_a_wrong_type_does_not_make_an_item_disappear(name: str) -> None:
    """What it is about must still be told; then it counts, is set aside, or is in doubt."""
    real = SAID[name]
    for path in paths(real):
        for wrong in WRONG:
            if path and path[0] not in _ABOUT:
                found = read(replaced(real, path, wrong))
                kept = (
                    *(*found.measurements, *found.set_aside, *found.episodes, *found.doubtful),
                    *(*found.administrations, *found.events, *found.doubtful_events),
                )
                assert kept, (path, wrong)


def test_a_denial_or_an_absence_needs_its_own_type() -> None:
    """Text for `false` is no statement of absence."""
    for wrong in WRONG[1:]:
        if not isinstance(wrong, bool):
            assert read(observation(own("Infection"), valueBoolean=wrong)).absences == ()


# ---- what is passed over, and what is said of it


def test_other_things_are_passed_over_by_coding_and_text_with_their_number() -> None:
    smoking = observation(coded(LOINC, "72166-2", display="Tobacco smoking status"), valueBoolean=True)
    risk = condition({"text": "risk of seizures"}, onsetDateTime=T8)
    cough = condition({"coding": [{"system": SNOMED, "code": "49727002"}], "text": "Cough"}, onsetDateTime=T8)
    assert read(cough, smoking, smoking, risk, {**smoking, "status": "entered-in-error"}) == record(
        passed_over=(
            PassedOver(0, "Condition", "", "", "risk of seizures", 1),
            PassedOver(1, "Observation", LOINC, "72166-2", "Tobacco smoking status", 2),
            PassedOver(1, "Condition", SNOMED, "49727002", "Cough", 1),
        ),
        latest=None,
    )


def test_a_code_that_claims_to_be_one_of_the_ontologys_is_said() -> None:
    kind = "no identifier of the ontology"
    assert read(creatinine(code=own("SerumCreatinin"))) == record(
        problems=(problem(kind, detail=f"'SerumCreatinin' is none of {IL2}"),),
        passed_over=(PassedOver(1, "Observation", IL2, "SerumCreatinin", "", 1),),
        latest=None,
    )


def test_a_code_of_the_wrong_type_is_said() -> None:
    found = read(creatinine(code=[own("SerumCreatinine")]))
    assert (len(found.set_aside), found.measurements) == (1, ())
    assert [p.kind for p in found.problems] == ["code of the wrong type"]
    lost = read(creatinine(code={"coding": [{"code": 5}]}))
    assert ([p.kind for p in lost.problems], len(lost.passed_over)) == (["code of the wrong type"], 1)


def test_the_namespace_is_a_code_system() -> None:
    assert len(read(observation(own("Fever"))).episodes) == 1
    assert read(observation(coded("https://example.org/", "Fever"))).episodes == ()


@pytest.mark.parametrize(
    ("content", "concept"),
    [
        (condition(own("SerumCreatinine"), onsetDateTime=T8), "SerumCreatinine"),
        (condition(own("Prednisone"), onsetDateTime=T8), "Prednisone"),
        (procedure(own("SerumCreatinine"), performedDateTime=T8), "SerumCreatinine"),
        (observation(own("Prednisone")), "Prednisone"),
        (administration({**own("Infection"), "text": "infection kit"}), "Infection"),
    ],
)
def test_what_a_resource_cannot_record_is_said(content: Content, concept: str) -> None:
    found = read(content)
    ((kind, about),) = [(p.kind, p.concept) for p in found.problems]
    article = "an" if content["resourceType"] == "Observation" else "a"
    label = load_engine().guideline.labels[concept]
    assert (kind, about) == (f"{article} {content['resourceType']} cannot record {label}", concept)
    assert (found.measurements, found.episodes, found.administrations, found.latest) == ((), (), (), None)


def test_an_item_without_a_status_counts_and_is_said() -> None:
    found = read(creatinine(status=None))
    assert len(found.measurements) == 1
    assert [p.kind for p in found.problems] == ["no status; read as one that counts"]


# ---- discharges

STAY = {"resourceType": "Encounter", "status": "finished", "class": {"code": "IMP"}, "period": {"start": T8, "end": T9}}
R5 = {
    "resourceType": "Encounter",
    "status": "completed",
    "class": [status("IMP")],
    "actualPeriod": {"start": T8, "end": T9},
}


@pytest.mark.parametrize(
    "stay", [STAY, R5, {**STAY, "status": None}, {**STAY, "class": "inpatient"}, {**STAY, "period": {"end": T9}}]
)
def test_the_end_of_an_admission_is_a_discharge(stay: Content) -> None:
    assert read(stay) == record(discharges=(at(T9),), latest=None)


@pytest.mark.parametrize(
    "other",
    [
        *({"class": {"code": code}} for code in ("AMB", "EMER", "VR", "HH", "FLD")),
        *({"class": code} for code in ("ambulatory", "emergency", "virtual", "home", "field", "outpatient")),
        {"class": [{"coding": [{"code": "AMB"}]}]},
        {"status": "in-progress"},
        {"status": "cancelled"},
        {"period": {"start": T8}},
    ],
    ids=repr,
)
def test_other_ends_are_none(other: Content) -> None:
    assert read({**STAY, **other}).discharges == ()


def test_a_discharge_without_a_zone_may_be_late() -> None:
    found = read({**STAY, "period": {"start": T8, "end": "2026-03-02T09:00:00"}})
    assert found.discharges == (at("2026-03-02T21:00:00Z"),)
    assert [p.kind for p in found.problems] == ["time without a zone"]
