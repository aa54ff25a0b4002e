"""What is wrong with a graph, by table: none of it is left out, and none of it is taken for something else."""

import pytest

from il2kg.read.patient_graph import is_patient_graph
from il2kg.recognise.coding import Coding
from il2kg.record import Problem
from il2kg.statements import (
    NEVER_SAID,
    CodedText,
    Condition,
    Doubt,
    Medication,
    Observation,
    PatientStatements,
    Quantity,
    Statement,
    When,
)
from il2kg.vocabulary import IL2
from tests.patient_graph.graphs import TABLES, graphs, read, read_one

SEVERAL = "several values where one belongs"
WRONG = "a value of the wrong type"
STRANGE = "no property of the vocabulary"
NEAR = "the nearest is "
TWO_TIMES = ("a time and a period that cannot both be", "")
PULSE = 'sosa:observedProperty il2:HeartRate ; sosa:phenomenonTime "2026-03-02"^^xsd:date'


def only(text: str) -> tuple[PatientStatements, Statement]:
    patient = read_one(text)
    (statement,) = patient.statements
    return patient, statement


# What is said of an item, and the doubts that it then has.
DOUBTS: list[tuple[str, tuple[Doubt, ...]]] = [
    ("a il2:Oliguria ; il2:strat '2026'", ((STRANGE, f"il2:strat; {NEAR}il2:start"),)),
    ("a il2:Oliguria ; il2:stayKind 'IMP'", ((STRANGE, "il2:stayKind"),)),
    ("a il2:Oliguria ; il2:over 'yes'", ((WRONG, "il2:over: 'yes' where true or false belongs"),)),
    ("a il2:Oliguria ; il2:over 1", ((WRONG, "il2:over: '1' where true or false belongs"),)),
    ("a il2:Oliguria ; il2:over true , false", ((SEVERAL, "il2:over: 'false', 'true'"),)),
    ("a il2:Oliguria ; il2:end '2026' , '2027'", ((SEVERAL, "il2:end: '2026', '2027'"),)),
    ("a il2:Oliguria ; il2:start [] ", ((WRONG, "il2:start: a node where text belongs"),)),
    ("a il2:Oliguria ; il2:flaw 'two starts'", (("two starts", ""),)),
    ("a il2:Oliguria ; il2:flaw [ rdfs:label 'a' , 'b' ; il2:detail 'c' ]", (("a", "c"), ("b", "c"))),
    (
        "a il2:Oliguria , il2:Prednisone",
        (("no class of items", "il2:Prednisone"),),
    ),
    (
        "a il2:Oliguria , il2:StatedAbsence",
        (("an item of several classes", "il2:StatedAbsence, il2:ClinicalFinding"),),
    ),
    ("a il2:MedicationUse ; il2:finding il2:Coma", ((STRANGE, "il2:finding"),)),
    (
        "a il2:Administration ; il2:givenDose il2:Coma",
        ((WRONG, "il2:givenDose: 'il2:Coma' where a quantity belongs"),),
    ),
    (
        "a il2:Administration ; il2:product <a> , <b>",
        ((SEVERAL, "il2:product: https://hospital.example/a, https://hospital.example/b"),),
    ),
    (
        "a il2:Administration ; il2:chartedAs [ il2:position 'first' ] , 'x'",
        ((WRONG, "il2:position: 'first' where a whole number belongs"),),
    ),
    ("a il2:HospitalStay ; il2:finished 'no'", ((WRONG, "il2:finished: 'no' where true or false belongs"),)),
    (
        f"a sosa:Observation ; {PULSE} ; sosa:hasSimpleResul 84",
        ((STRANGE, f"sosa:hasSimpleResul; {NEAR}sosa:hasSimpleResult"),),
    ),
    (
        f"a sosa:Observation ; {PULSE} ; sosa:resultTime '1' , '2'",
        ((SEVERAL, "sosa:resultTime: '1', '2'"),),
    ),
]


@pytest.mark.parametrize(("text", "doubts"), DOUBTS, ids=[row[0] for row in DOUBTS])
def test_a_slip_sets_the_item_aside(text: str, doubts: tuple[Doubt, ...]) -> None:
    patient = read_one(f"<item> {text} .")
    assert {statement.item.doubts for statement in patient.statements} == {doubts}
    assert {statement.item.name for statement in patient.statements} == {"https://hospital.example/item"}
    assert patient.problems == ()


# What is said of a result, and the doubts that the result then has.
RESULTS: list[tuple[str, tuple[Doubt, ...]]] = [
    ("[ qudt:numericValue 84 , 85 ]", ((SEVERAL, "qudt:numericValue: '84', '85'"),)),
    ("[ qudt:numericValue 84 ; qudt:value 85 ]", ((SEVERAL, "qudt:numericValue, qudt:value"),)),
    ("[ qudt:numericValue 84 ; il2:comparator '<' ]", ((STRANGE, f"il2:comparator; {NEAR}il2:valueComparator"),)),
    ("[ qudt:numericValue 84 ; qudt:ucumCode '/min' , 'Hz' ]", ((SEVERAL, "qudt:ucumCode: '/min', 'Hz'"),)),
    ("[ qudt:numericValue 84 ; qudt:ucumCode 'Hz' ; qudt:hasUnit unit:PER-MIN ]", ((SEVERAL, "the unit: Hz, /min"),)),
    (
        "[ qudt:numericValue 84 ; qudt:hasUnit unit:PER-MIN , unit:HZ ]",
        ((SEVERAL, "qudt:hasUnit: unit:HZ, unit:PER-MIN"),),
    ),
    ("[ qudt:numericValue 84 ; qudt:hasUnit [ qudt:ucumCode 'a' , 'b' ] ]", ((SEVERAL, "qudt:ucumCode: 'a', 'b'"),)),
    ("[ qudt:numericValue 84 ; il2:unit [] ]", ((WRONG, "il2:unit: a node where text belongs"),)),
]


@pytest.mark.parametrize(("text", "doubts"), RESULTS, ids=[row[0] for row in RESULTS])
def test_a_slip_in_a_result_is_a_doubt_about_it(text: str, doubts: tuple[Doubt, ...]) -> None:
    _, found = only(f"[] a sosa:Observation ; {PULSE} ; sosa:hasResult {text} .")
    assert isinstance(found, Observation)
    assert (found.item.doubts, found.result.doubts) == ((), doubts)
    _, found = only(f"[] a sosa:Observation ; {PULSE} ; il2:component [ sosa:hasResult {text} ; il2:foo 1 ] .")
    assert isinstance(found, Observation)
    (component,) = found.components
    assert (found.item.doubts, found.result.doubts, component.doubts) == (
        (),
        (),
        tuple(sorted([*doubts, (STRANGE, "il2:foo")], key=repr)),
    )


def test_what_is_wrong_with_a_unit_is_wrong_with_all_that_share_it() -> None:
    patient = read_one(
        "<u> qudt:ucumCode 'a' , 'b' ."
        + "".join(
            f"<{n}> a sosa:Observation ; {PULSE} ; sosa:hasResult [ qudt:numericValue {n} ; qudt:hasUnit <u> ] ."
            for n in (1, 2)
        )
    )
    doubts = [found.result.doubts for found in patient.statements if isinstance(found, Observation)]
    assert doubts == [((SEVERAL, "qudt:ucumCode: 'a', 'b'"),)] * 2


# What is said of when something was, and the time that is read.
TIMES: list[tuple[str, When]] = [
    (
        "sosa:phenomenonTime '2026' , '2027'",
        When(flaws=((SEVERAL, "'2026', '2027'"),)),
    ),
    (
        "sosa:phenomenonTime [ time:inXSDgYear '2026' ] , [ time:hasBeginning '2025' ; time:hasEnd '2026' ]",
        When(flaws=((SEVERAL, "2025 to 2026, 2026"),)),
    ),
    (
        "sosa:phenomenonTime <t>",
        When(flaws=(("a time that is not described", "https://hospital.example/t"),)),
    ),
    (
        "sosa:phenomenonTime [ time:hasBeginning <t> ]",
        When(
            "", period=True, flaws=(("a time that is not described", "time:hasBeginning: https://hospital.example/t"),)
        ),
    ),
    (
        "sosa:phenomenonTime [ time:hasBeginning '2026' ; time:hasXSDDuration 'PT8H' ]",
        When("2026", period=True, flaws=((STRANGE, "time:hasXSDDuration"),)),
    ),
    (
        "sosa:phenomenonTime [ time:hasBeginning '2026' ; time:inXSDgYear '2026' ]",
        When("2026", period=True, flaws=(TWO_TIMES,)),
    ),
    (
        "sosa:phenomenonTime [ time:inXSDDate '2026-03-02' ; time:inXSDgYear '2025' ]",
        When("2026-03-02", flaws=((SEVERAL, "'2026-03-02', '2025'"),)),
    ),
    (
        "sosa:phenomenonTime [ time:inXSDgYear '2025' , '2026' ]",
        When(flaws=((SEVERAL, "time:inXSDgYear: '2025', '2026'"),)),
    ),
    (
        "sosa:phenomenonTime '2026' ; il2:flaw [ rdfs:label 'a guess' ; il2:detail 'by the night shift' ]",
        When("2026", flaws=(("a guess", "by the night shift"),)),
    ),
]


@pytest.mark.parametrize(("text", "when"), TIMES, ids=[row[0] for row in TIMES])
def test_a_slip_in_a_time_is_a_flaw_of_it(text: str, when: When) -> None:
    _, found = only(f"[] a sosa:Observation ; sosa:observedProperty il2:HeartRate ; {text} .")
    assert isinstance(found, Observation)
    assert (found.when, found.item.doubts) == (when, ())


GIVEN_TIMES: list[tuple[str, When, When]] = [
    ("il2:atTime '2026' ; il2:start '2026'", When(flaws=(TWO_TIMES,)), NEVER_SAID),
    (
        "il2:start '2026' , '2027' ; il2:end '2028'",
        When(None, "2028", True, ((SEVERAL, "il2:start: '2026', '2027'"),)),
        NEVER_SAID,
    ),
    ("il2:atTime '2026' ; il2:flaw 'a guess'", When("2026", flaws=(("a guess", ""),)), NEVER_SAID),
    ("il2:orderedFrom '2026' ; il2:orderFlaw 'a guess'", NEVER_SAID, When("2026", None, True, (("a guess", ""),))),
]


@pytest.mark.parametrize(("text", "when", "ordered"), GIVEN_TIMES, ids=[row[0] for row in GIVEN_TIMES])
def test_a_slip_in_the_time_of_a_drug_is_a_flaw_of_it(text: str, when: When, ordered: When) -> None:
    _, found = only(f"[] a il2:MedicationUse ; il2:gives il2:Prednisone ; {text} .")
    assert isinstance(found, Medication)
    assert (found.when, found.ordered, found.item.doubts) == (when, ordered, ())


# What is said of a coded text, and what it then is.
TEXTS: list[tuple[str, CodedText]] = [
    (
        "il2:chartedAs [ il2:coding 'R34' ]",
        CodedText((Coding(None, "R34"),), (), ((WRONG, "il2:coding: 'R34' where a coding belongs"),)),
    ),
    (
        "il2:chartedAs [ il2:coding [ il2:code 'a' , 'b' ; il2:codeSystem 'x' ] ]",
        CodedText((Coding("x", None),), (), ((SEVERAL, "il2:code: 'a', 'b'"),)),
    ),
    (
        "il2:chartedAs [ il2:word 'x' ; il2:coding [ il2:codeSytem 'y' ] ]",
        CodedText(
            (Coding(None, None),),
            (),
            ((STRANGE, f"il2:codeSytem; {NEAR}il2:codeSystem"), (STRANGE, f"il2:word; {NEAR}il2:words")),
        ),
    ),
]


@pytest.mark.parametrize(("text", "about"), TEXTS, ids=[row[0] for row in TEXTS])
def test_a_slip_in_a_coded_text_is_a_flaw_of_it(text: str, about: CodedText) -> None:
    _, found = only(f"[] a il2:ClinicalFinding ; {text} .")
    assert isinstance(found, Condition)
    assert (found.about, found.item.doubts) == (about, ())


def test_findings_that_contradict_each_other_are_both_said() -> None:
    _, found = only("[] a il2:Oliguria , il2:Coma .")
    assert isinstance(found, Condition)
    assert found.about == CodedText((Coding(IL2, "Coma"), Coding(IL2, "Oliguria")))


# What nobody can read as an item, and the problems that are told.
PROBLEMS: list[tuple[str, tuple[Problem, ...]]] = [
    (
        "<x> a il2:Olliguria ; il2:start '2026' .",
        (Problem("no class of items", "https://hospital.example/x", "il2:Olliguria; the nearest is il2:Oliguria"),),
    ),
    (
        "[] a il2:Administraton ; dcterms:identifier 'A/1' .",
        (Problem("no class of items", "A/1", "il2:Administraton; the nearest is il2:Administration"),),
    ),
    ("[] il2:start '2026' .", (Problem("an item without a class", ""),)),
    ("[] a ex:Thing ; sosa:phenomenonTime '2026' .", (Problem("an item without a class", ""),)),
    (
        "[] a sosa:Sampling ; sosa:hasFeatureOfInterest <p> .",
        (Problem("no class of items", "", "sosa:Sampling"),),
    ),
    ("[] a sosa:ObservationCollection ; sosa:xyz 3 .", (Problem(STRANGE, "", "sosa:xyz"),)),
    ("<p> a il2:Patient ; il2:nme 'x' .", (Problem(STRANGE, "", f"il2:nme; {NEAR}il2:unnamed"),)),
    ("<p> a il2:Patient ; dcterms:identifier '1' , '2' .", (Problem(SEVERAL, "", "dcterms:identifier: '1', '2'"),)),
    ("<p> a il2:Patient ; il2:sourceProblem 'read in part' .", (Problem("read in part", ""),)),
]


@pytest.mark.parametrize(("text", "problems"), PROBLEMS, ids=[row[0] for row in PROBLEMS])
def test_what_is_no_item_is_a_problem(text: str, problems: tuple[Problem, ...]) -> None:
    patient = read_one(text)
    assert (patient.problems, patient.statements) == (problems, ())


def test_a_slip_by_which_an_item_would_be_passed_over_is_a_problem() -> None:
    patient, found = only("[] a sosa:Observation ; sosa:observdProperty il2:HeartRate ; sosa:hasSimpleResult 84 .")
    assert found.item.doubts == ((STRANGE, f"sosa:observdProperty; {NEAR}sosa:observedProperty"),)
    assert patient.problems == (Problem(STRANGE, "Observation (1)", found.item.doubts[0][1]),)


@pytest.mark.parametrize(
    "text",
    [
        "<s> a sosa:Sensor ; sosa:observes il2:HeartRate .",
        "<q> a ex:Thing ; ex:start '2026' ; rdfs:label 'x' .",
        "il2:Coma a owl:Class ; il2:source il2:table-1 . il2:x a il2:Criterion ; il2:condition [ il2:ever il2:Coma ] .",
        "[] a il2:UnitSpelling ; il2:spelling 'x' ; il2:ucum 'y' .",
    ],
)
def test_what_is_of_no_patient_is_none_of_it(text: str) -> None:
    assert read("@prefix owl: <http://www.w3.org/2002/07/owl#> . " + text) == []


def test_a_product_that_is_part_of_itself_comes_to_an_end() -> None:
    _, found = only("[] a il2:Administration ; il2:product <p> . <p> il2:chartedAs 'x' ; il2:ingredient <p> .")
    assert isinstance(found, Medication)
    product, depth = found.product, 0
    while product is not None and product.ingredients:
        (product,), depth = product.ingredients, depth + 1
    assert product is not None
    assert depth == 6
    assert product.doubts == (("a product of parts within parts that do not end", ""),)


def test_a_dose_that_is_no_quantity_is_not_made_up() -> None:
    _, found = only("[] a il2:Administration ; il2:givenDose 'lots' ; il2:infusionRate true .")
    assert isinstance(found, Medication)
    assert found.amount is None
    assert found.rate is not None
    assert not isinstance(found.rate, Quantity)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[] a il2:Oliguria .", True),
        ("[] a il2:Olliguria .", True),
        ("<p> a il2:Patient .", True),
        ("[] a sosa:Observation .", True),
        ("[] il2:ofPatient <p> .", True),
        ("[] a <http://hl7.org/fhir/Observation> ; <http://hl7.org/fhir/status> [] .", False),
        ("il2:x a il2:Criterion .", False),
        ("<x> a ex:Thing .", False),
    ],
)
def test_a_patient_graph_is_known_by_its_vocabulary(text: str, expected: bool) -> None:
    (graph,) = graphs(text)
    assert is_patient_graph(graph, TABLES) is expected
