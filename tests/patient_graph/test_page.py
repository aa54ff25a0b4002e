"""The page on the patient graph, and the worked example: their Turtle is what is read."""

import re
from decimal import Decimal

from il2kg.locations import content_root
from il2kg.read.patient_graph import read_patients
from il2kg.recognise.coding import Coding
from il2kg.record import Problem
from il2kg.statements import (
    NEVER_SAID,
    CodedText,
    Condition,
    Item,
    Medication,
    Observation,
    Other,
    PatientStatements,
    Procedure,
    Product,
    Quantity,
    Result,
    Statement,
    Stay,
    When,
)
from il2kg.vocabulary import IL2
from tests.patient_graph.graphs import BASE, TABLES, graphs, read

ROOT = content_root()
PAGE = (ROOT / "docs" / "patient-graph.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```turtle\n(.*?)```", PAGE, re.DOTALL)
SIX, SEVEN = "2026-03-02T06:00:00Z", "2026-03-02T07:00:00Z"


def item(name: str, kind: str) -> Item:
    return Item(f"{BASE}{name}", kind, iri=f"{BASE}{name}")


def called(name: str, place: str, kind: str) -> Item:
    return Item(name, kind, iri=f"{BASE}{place}")


def own(name: str) -> CodedText:
    return CodedText((Coding(IL2, name),))


def words(text: str) -> CodedText:
    return CodedText((), (text,))


def measured(place: str, name: str, value: Quantity | bool, when: When) -> Observation:
    return Observation(item(place, "Observation"), Result(own(name), (value,)), when)


EXPECTED: list[list[Statement]] = [
    [
        Medication(
            called("dose 1", "dose-1", "MedicationAdministration"), (own("Aldesleukin"),), When("2026-03-02T08:00:00Z")
        ),
        Observation(
            called("creatinine 1", "creatinine-1", "Observation"),
            Result(own("SerumCreatinine"), (Quantity(416, code="umol/L"),)),
            When("2026-03-02T14:00:00Z"),
        ),
    ],
    [
        measured("weight", "BodyWeight", Quantity(Decimal("81.5"), code="kg"), When(SIX)),
        measured("pulse", "HeartRate", Quantity(96, unit="bpm"), When(SIX)),
        measured("lungs", "PulmonaryToxicity", False, When(SIX)),
        measured(
            "urine",
            "UrineOutput",
            Quantity(70, "<", code="mL"),
            When("2026-03-02T00:00:00Z", "2026-03-02T08:00:00Z", period=True),
        ),
    ],
    [
        Observation(
            item("pulse-2", "Observation"), Result(own("HeartRate"), (Quantity(88, code="/min"),)), When(SEVEN)
        ),
        Observation(
            item("pressure", "Observation"),
            Result(words("blood pressure")),
            When(SEVEN),
            components=(Result(own("SystolicBloodPressure"), (Quantity(104, code="mm[Hg]"),)),),
        ),
    ],
    [
        Condition(item("chills", "Condition"), own("Chills"), "2026-03-02T10:00:00Z", "2026-03-02T12:00:00Z"),
        Condition(item("restless", "Condition"), words("restless"), "2026-03-02", over=True),
        Condition(item("no-infection", "Condition"), own("Infection"), recorded=SEVEN, refuted=True),
    ],
    [
        Medication(
            item("pressor", "MedicationAdministration"),
            (own("Phenylephrine"),),
            When("2026-03-02T11:00:00Z", "2026-03-02T12:30:00Z", period=True),
            rate=Quantity(Decimal("0.8"), code="ug/kg/min"),
        ),
        Medication(
            item("home", "MedicationStatement"),
            (own("Lisinopril"),),
            When("2025", period=True),
            routes=(words("oral"),),
        ),
        Medication(
            item("order", "MedicationRequest"),
            (),
            NEVER_SAID,
            product=Product(CodedText((Coding(IL2, "Acetaminophen"),), ("paracetamol 1 g tablet",))),
            ordered=When("2026-03-02", "2026-03-07", period=True),
        ),
        Procedure(item("tube", "Procedure"), own("EndotrachealIntubation"), When("2026-03-02T12:00:00Z")),
        Stay(item("stay", "Encounter"), ("IMP",), True, When("2026-03-01", "2026-03-09", period=True)),
        Other(item("report", "DiagnosticReport"), words("chest film")),
    ],
    [
        Observation(item("a", "Observation"), Result(CodedText((Coding("http://loinc.org", "2160-0"),))), NEVER_SAID),
        Observation(
            item("b", "Observation"),
            Result(
                CodedText(
                    (
                        Coding("http://loinc.org", "2160-0", "Creatinine"),
                        Coding("http://hospital.example/lab", "10301"),
                        Coding(IL2, "SerumCreatinine"),
                    ),
                    ("S-Crea",),
                )
            ),
            NEVER_SAID,
        ),
    ],
    [
        Condition(item("x", "Condition"), own("Oliguria"), "2026-03-02"),
        Condition(
            Item(
                f"{BASE}y",
                "Condition",
                (("no patient stated, in a source that names several", ""),),
                iri=f"{BASE}y",
            ),
            own("Oliguria"),
            "2026-03-02",
        ),
    ],
    [
        Observation(
            Item(f"{BASE}platelets", "Observation", (("clotted sample", "repeat ordered"),), iri=f"{BASE}platelets"),
            Result(own("PlateletCount"), (Quantity(91, code="10*3/uL"),)),
            When("2026-03-02"),
        ),
    ],
]


def by_name(found: list[Statement]) -> list[Statement]:
    return sorted(found, key=lambda statement: statement.item.name)


def test_the_page_s_turtle_is_read_as_it_says() -> None:
    assert len(BLOCKS) == len(EXPECTED)
    for block, expected in zip(BLOCKS, EXPECTED, strict=True):
        patients = read(block)
        assert by_name([*patients[0].statements]) == by_name(expected), block
        assert [patient.problems for patient in patients] == [()] * len(patients)


def test_an_item_that_may_be_anybodys_stands_in_both_records() -> None:
    found = {patient.patient: [each.item.name for each in patient.statements] for patient in read(BLOCKS[6])}
    assert found == {"Jane": [f"{BASE}x", f"{BASE}y"], "Joan": [f"{BASE}y"]}


def test_the_example_has_an_item_of_each_kind_and_nothing_wrong() -> None:
    text = (ROOT / "examples" / "patient-graph.ttl").read_text(encoding="utf-8")
    (patient,) = read_patients(graphs(text), TABLES)
    assert isinstance(patient, PatientStatements)
    assert (patient.patient, patient.problems, patient.unusable) == ("Patient/7", tuple[Problem, ...](), None)
    assert {type(statement) for statement in patient.statements} == {
        *(Observation, Condition, Procedure, Medication, Stay, Other)
    }
    doubtful = {statement.item.name: statement.item.doubts for statement in patient.statements if statement.item.doubts}
    assert doubtful == {"platelets": (("clotted sample", "repeat ordered"),)}
    flawed = [each for each in patient.statements if isinstance(each, Observation) and each.when.flaws]
    assert flawed == []


def test_the_page_names_the_files_that_it_speaks_of() -> None:
    named = re.findall(r"`((?:ontology|examples)/(?:vocabulary/)?[\w.-]+)`", PAGE)
    assert len(named) >= 4
    assert [name for name in named if not (ROOT / name).is_file()] == []
