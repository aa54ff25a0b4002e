"""Each class of items, and each way of saying what it says, as Turtle and as the statement that it is."""

from decimal import Decimal

import pytest

from il2kg.recognise.coding import Coding
from il2kg.statements import (
    NEVER_SAID,
    UNSAID,
    CodedText,
    Condition,
    Item,
    Medication,
    Observation,
    Other,
    Procedure,
    Product,
    Quantity,
    Result,
    Statement,
    Stay,
    Unreadable,
    Value,
    When,
)
from il2kg.vocabulary import IL2
from tests.patient_graph.graphs import read_one

AT = "2026-03-02T08:00:00Z"
LATER = "2026-03-02T16:00:00Z"
MEASURED = f'[] a sosa:Observation ; sosa:observedProperty il2:HeartRate ; sosa:phenomenonTime "{AT}"^^xsd:dateTime ; '


def own(name: str) -> CodedText:
    """What an identifier of the ontology stands for."""
    return CodedText((Coding(IL2, name),))


def only(text: str) -> Statement:
    patient = read_one(text)
    assert patient.problems == ()
    (statement,) = patient.statements
    return statement


def observation(value: str) -> Observation:
    found = only(MEASURED + value + " .")
    assert isinstance(found, Observation)
    return found


def item(kind: str, name: str = "") -> Item:
    return Item(name or f"{kind} (1)", kind)


STATEMENTS: dict[str, tuple[str, Statement]] = {
    "an observation": (
        f"""<items/2> a sosa:Observation ; sosa:hasFeatureOfInterest <patients/1> ; dcterms:identifier "Observation/2" ;
            prov:wasDerivedFrom <https://hospital.example/fhir/Observation/2> ; sosa:observedProperty il2:HeartRate ;
            sosa:phenomenonTime [ a time:Instant ; time:inXSDDateTimeStamp "{AT}"^^xsd:dateTimeStamp ] ;
            sosa:resultTime "{LATER}"^^xsd:dateTime ;
            sosa:hasResult [ a qudt:QuantityValue ; qudt:numericValue 84 ; qudt:hasUnit unit:BEAT-PER-MIN ] .""",
        Observation(
            Item("Observation/2", "Observation", iri="https://hospital.example/fhir/Observation/2"),
            Result(own("HeartRate"), (Quantity(84, code="/min"),)),
            When(AT),
            LATER,
        ),
    ),
    "components": (
        f"""[] a sosa:Observation ; il2:chartedAs "panel" ; sosa:phenomenonTime "{AT}"^^xsd:dateTime ; il2:component
            [ il2:position 1 ; sosa:observedProperty il2:HeartRate ; sosa:hasSimpleResult 84 ; il2:unit "bpm" ] ,
            [ il2:position 0 ; il2:chartedAs [ il2:words "rales" ] ; sosa:hasSimpleResult false ;
              il2:doubt [ rdfs:label "by phone" ] ] .""",
        Observation(
            item("Observation"),
            Result(CodedText(words=("panel",))),
            When(AT),
            components=(
                Result(CodedText(words=("rales",)), (False,), doubts=(("by phone", ""),)),
                Result(own("HeartRate"), (Quantity(84, unit="bpm"),)),
            ),
        ),
    ),
    "an observation without a result": (
        MEASURED + 'il2:dataAbsent true ; il2:interpretation "H" , [ il2:coding [ il2:code "A" ] ] .',
        Observation(
            item("Observation"),
            Result(
                own("HeartRate"),
                flags=(CodedText((), ("H",)), CodedText((Coding(None, "A"),))),
                absent_reason=True,
            ),
            When(AT),
        ),
    ),
    "a result that came at a time": (
        f'[] a sosa:Observation ; sosa:observedProperty il2:HeartRate ; sosa:resultTime "{AT}"^^xsd:dateTime .',
        Observation(item("Observation"), Result(own("HeartRate")), NEVER_SAID, AT),
    ),
    "a finding": (
        f'<f> a il2:Oliguria ; il2:start "{AT}"^^xsd:dateTime ; il2:end "2026-03"^^xsd:gYearMonth ; il2:over true .',
        Condition(
            Item("https://hospital.example/f", "Condition", iri="https://hospital.example/f"),
            own("Oliguria"),
            AT,
            "2026-03",
            over=True,
        ),
    ),
    "a finding with classes above its own": (
        "[] a il2:ClinicalFinding , il2:AtrialFibrillation , il2:CardiacArrhythmia .",
        Condition(item("Condition"), own("AtrialFibrillation")),
    ),
    "a finding by the code that is its class": (
        '[] a il2:ClinicalFinding , sct:83128009 ; il2:chartedAs "oliguria" ; il2:recorded "2026"^^xsd:gYear .',
        Condition(
            item("Condition"),
            CodedText((Coding("http://snomed.info/sct", "83128009"),), ("oliguria",)),
            recorded="2026",
        ),
    ),
    "a stated absence": (
        f'[] a il2:StatedAbsence ; il2:finding il2:Infection ; il2:recorded "{AT}"^^xsd:dateTime .',
        Condition(item("Condition"), own("Infection"), recorded=AT, refuted=True),
    ),
    "a procedure": (
        f'[] a il2:ClinicalProcedure ; il2:finding il2:Dialysis ; il2:start "{AT}"^^xsd:dateTime ; il2:end "" .',
        Procedure(item("Procedure"), own("Dialysis"), When(AT, "", period=True)),
    ),
    "a procedure that gives something": (
        f'[] a il2:ClinicalProcedure ; il2:gives il2:RedCellTransfusion ; il2:atTime "{AT}"^^xsd:dateTime .',
        Procedure(item("Procedure"), own("RedCellTransfusion"), When(AT)),
    ),
    "an administration": (
        f"""[] a il2:Administration ; il2:gives il2:Phenylephrine ; il2:byRoute "intravenous" ;
            il2:start "{AT}"^^xsd:dateTime ; il2:end "{LATER}"^^xsd:dateTime ;
            il2:infusionRate [ qudt:numericValue 1.50 ; qudt:ucumCode "ug/kg/min" ] ;
            il2:givenDose "9 mg"^^cdt:ucum .""",
        Medication(
            item("MedicationAdministration"),
            (own("Phenylephrine"),),
            When(AT, LATER, period=True),
            routes=(CodedText((), ("intravenous",)),),
            rate=Quantity(Decimal("1.50"), code="ug/kg/min"),
            amount=Quantity(9, code="mg"),
        ),
    ),
    "a use that is planned": (
        """[] a il2:MedicationUse ; il2:gives loinc:1-1 ; il2:planned true ; il2:over true ;
            il2:start "2026-03-10"^^xsd:date .""",
        Medication(
            item("MedicationStatement"),
            (CodedText((Coding("http://loinc.org", "1-1"),)),),
            When("2026-03-10", period=True),
            meant=True,
            over=True,
        ),
    ),
    "an order that is said in two places": (
        """[] a il2:MedicationOrder ; il2:gives il2:Prednisone ;
            il2:chartedAs [ il2:position 1 ; il2:words "b" ] , [ il2:position 0 ; il2:words "c" ] ;
            il2:orderedFrom "2026-03-02"^^xsd:date ; il2:orderedUntil "2026-03-07"^^xsd:date .""",
        Medication(
            item("MedicationRequest"),
            (CodedText((), ("c",)), CodedText((), ("b",)), own("Prednisone")),
            NEVER_SAID,
            ordered=When("2026-03-02", "2026-03-07", period=True),
        ),
    ),
    "a product": (
        """[] a il2:Administration ; il2:product [ a il2:Product ; il2:chartedAs [ il2:words "mixture" ] ;
            il2:pointer [ il2:words "see list" ] ; il2:form [ il2:words "cream" ] ; il2:doubt [ rdfs:label "opened" ] ;
            il2:ingredient [ il2:position 1 ; il2:gives il2:Prednisone ] ,
                [ il2:position 0 ; il2:chartedAs "zinc" ] ] .""",
        Medication(
            item("MedicationAdministration"),
            (),
            NEVER_SAID,
            product=Product(
                CodedText((), ("mixture",)),
                CodedText((), ("see list",)),
                (Product(CodedText((), ("zinc",))), Product(own("Prednisone"))),
                (CodedText((), ("cream",)),),
                (("opened", ""),),
            ),
        ),
    ),
    "a product that cannot be found": (
        """[] a il2:Administration ; il2:unresolved "'Medication/9' finds nothing" ;
            il2:pointer [ il2:words "the blue one" ] .""",
        Medication(
            item("MedicationAdministration"),
            (),
            NEVER_SAID,
            pointer=CodedText((), ("the blue one",)),
            unresolved="'Medication/9' finds nothing",
        ),
    ),
    "a stay": (
        '[] a il2:HospitalStay ; il2:stayKind "IMP" , "ACUTE" ; il2:end "2026-03-09"^^xsd:date .',
        Stay(item("Encounter"), ("ACUTE", "IMP"), finished=True, when=When(None, "2026-03-09", period=True)),
    ),
    "a stay that goes on": (
        '[] a il2:HospitalStay ; il2:start "2026-03-01"^^xsd:date .',
        Stay(item("Encounter"), (), finished=False, when=When("2026-03-01", None, period=True)),
    ),
    "another item": (
        '[] a il2:OtherItem ; il2:entryType "DiagnosticReport" ; il2:chartedAs [ il2:words "CT" ] .',
        Other(item("DiagnosticReport"), CodedText((), ("CT",))),
    ),
    "notes": (
        """[] a il2:Oliguria ; il2:remark [ rdfs:label "charted twice" ; il2:detail "at night" ] ;
            il2:doubt "illegible" , [ rdfs:label "of somebody else, perhaps" ] ; dcterms:source "chart 7, page 2" .""",
        Condition(
            Item(
                "Condition (1)",
                "Condition",
                (("illegible", ""), ("of somebody else, perhaps", "")),
                (("charted twice", "at night"),),
                "chart 7, page 2",
            ),
            own("Oliguria"),
        ),
    ),
}


@pytest.mark.parametrize(("text", "expected"), STATEMENTS.values(), ids=list(STATEMENTS))
def test_an_item_is_read(text: str, expected: Statement) -> None:
    assert only(text) == expected


SERUM = CodedText((Coding("http://loinc.org", "2160-0", "Creatinine"),), ("S-Crea",))
VALUES: list[tuple[str, Value]] = [
    ("sosa:hasSimpleResult 84", Quantity(84)),
    ("sosa:hasSimpleResult 84.10", Quantity(Decimal("84.10"))),
    ("sosa:hasSimpleResult 8.4E1", Quantity(Decimal("8.4E1"))),
    ('sosa:hasSimpleResult "84"^^xsd:unsignedShort', Quantity(84)),
    ('sosa:hasSimpleResult " +84 "^^xsd:integer', Quantity(84)),
    ('sosa:hasSimpleResult ".5"^^xsd:float', Quantity(Decimal("0.5"))),
    ('sosa:hasSimpleResult 84 ; il2:unit "bpm"', Quantity(84, unit="bpm")),
    ('sosa:hasSimpleResult "84 /min"^^cdt:ucum', Quantity(84, code="/min")),
    ('sosa:hasSimpleResult "8.40e1 Cel"^^cdt:temperature', Quantity(Decimal("84.0"), code="Cel")),
    ('sosa:hasSimpleResult "84"^^<http://w3id.org/lindt/custom_datatypes#ucum>', Quantity(84)),
    ("sosa:hasSimpleResult true", True),
    ('sosa:hasSimpleResult "0"^^xsd:boolean', False),
    ('sosa:hasSimpleResult "trace"@en', "trace"),
    ('sosa:hasSimpleResult "84"', "84"),
    ("sosa:hasResult il2:Present", CodedText((Coding(IL2, "Present"),))),
    ("sosa:hasResult sct:52101004", CodedText((Coding("http://snomed.info/sct", "52101004"),))),
    (
        'sosa:hasResult [ a il2:CodedText ; il2:words "S-Crea" ; il2:coding [ il2:codeSystem "http://loinc.org" ; '
        'il2:code "2160-0" ; il2:display "Creatinine" ] ]',
        SERUM,
    ),
    (
        'sosa:hasResult [ a il2:UnreadableResult ; il2:entryType "Range" ; il2:words "1 to 2" ]',
        Unreadable("Range", "1 to 2"),
    ),
    ('sosa:hasSimpleResult "2026-03-02"^^xsd:date', Unreadable("date", "2026-03-02")),
    ('sosa:hasResult [ rdf:value "x" ]', "x"),
    ("sosa:hasResult [ qudt:numericValue 84 ]", Quantity(84)),
    ("sosa:hasResult [ qudt:value 84 ; qudt:unit unit:BEAT-PER-MIN ]", Quantity(84, code="/min")),
    ("sosa:hasResult [ qudt:numericValue 84 ; qudt:hasUnit unit:FURLONG ]", Quantity(84, unit="unit:FURLONG")),
    (
        "sosa:hasResult [ qudt:numericValue 84 ; qudt:hasUnit ex:beats ]",
        Quantity(84, unit="https://hospital.example/terms#beats"),
    ),
    (
        'sosa:hasResult [ qudt:numericValue 84 ; il2:unit "µmol/l" ; qudt:ucumCode "umol/L" ]',
        Quantity(84, unit="µmol/l", code="umol/L"),
    ),
    (
        """sosa:hasResult [ qudt:numericValue 84 ;
            qudt:hasUnit [ il2:unit "b" ; qudt:ucumCode "/min" ; il2:unitSystem "x" ] ]""",
        Quantity(84, unit="b", system="x", code="/min"),
    ),
    (
        'sosa:hasResult [ qudt:numericValue 84 ; qudt:hasUnit unit:PER-MIN ; il2:unit "bpm" ]',
        Quantity(84, unit="bpm", code="/min"),
    ),
    (
        'sosa:hasResult [ qudt:numericValue 84 ; il2:valueComparator ">=" ] ; il2:unit "bpm"',
        Quantity(84, ">=", unit="bpm"),
    ),
    # text where a number belongs stays text
    ('sosa:hasSimpleResult "NaN"^^xsd:double', Quantity("NaN")),
    ('sosa:hasSimpleResult "-INF"^^xsd:float', Quantity("-INF")),
    ('sosa:hasSimpleResult "8_4"^^xsd:integer', Quantity("8_4")),
    ('sosa:hasSimpleResult "8.4"^^xsd:integer', Quantity("8.4")),
    ('sosa:hasSimpleResult "\u0668"^^xsd:integer', Quantity("\u0668")),
    ('sosa:hasSimpleResult "1e99999999999999999999"^^xsd:double', Quantity("1e99999999999999999999")),
    ('sosa:hasSimpleResult "some mg"^^cdt:ucum', Quantity("some mg")),
    ('sosa:hasResult [ qudt:numericValue "84" ]', Quantity("84")),
    ('sosa:hasResult [ qudt:numericValue "five"^^xsd:decimal ]', Quantity("five")),
    ("sosa:hasResult [ a qudt:QuantityValue ]", Quantity(None)),
]


@pytest.mark.parametrize(("text", "expected"), VALUES, ids=[row[0] for row in VALUES])
def test_a_result_is_read(text: str, expected: Value) -> None:
    found = observation(text)
    assert found == Observation(item("Observation"), Result(own("HeartRate"), (expected,)), When(AT))
    assert [type(value) for value in found.result.values] == [type(expected)]


TIMES: list[tuple[str, When]] = [
    (f'"{AT}"^^xsd:dateTime', When(AT)),
    ('"yesterday"', When("yesterday")),
    (f'[ time:inXSDDateTimeStamp "{AT}"^^xsd:dateTimeStamp ]', When(AT)),
    ('[ time:inXSDDateTime "2026-03-02T08:00:00"^^xsd:dateTime ]', When("2026-03-02T08:00:00")),
    ('[ a time:Instant ; time:inXSDDate "2026-03-02"^^xsd:date ]', When("2026-03-02")),
    ('[ time:inXSDgYearMonth "2026-03"^^xsd:gYearMonth ]', When("2026-03")),
    ('[ time:inXSDgYear "2026"^^xsd:gYear ]', When("2026")),
    ('[ a time:Instant ; il2:words "yesterday" ]', When("yesterday")),
    (f'[ time:inXSDDateTimeStamp "{AT}"^^xsd:dateTimeStamp ; time:inXSDDate "2026-03-02"^^xsd:date ]', When(AT)),
    (f'[ time:hasBeginning [ time:inXSDDateTimeStamp "{AT}"^^xsd:dateTimeStamp ] ]', When(AT, None, period=True)),
    (f'[ a time:Interval ; time:hasEnd "{AT}"^^xsd:dateTime ]', When(None, AT, period=True)),
    ("[ a time:ProperInterval ]", When(None, None, period=True)),
    ("[ a time:Instant ]", NEVER_SAID),
]


@pytest.mark.parametrize(("text", "expected"), TIMES, ids=[row[0] for row in TIMES])
def test_a_time_is_read(text: str, expected: When) -> None:
    found = only(f"[] a sosa:Observation ; sosa:observedProperty il2:HeartRate ; sosa:phenomenonTime {text} .")
    assert found == Observation(item("Observation"), Result(own("HeartRate")), expected)


CONCEPTS: list[tuple[str, CodedText]] = [
    ("sosa:observedProperty il2:HeartRate", own("HeartRate")),
    ("sosa:observedProperty <http://loinc.org/rdf/8867-4>", CodedText((Coding("http://loinc.org", "8867-4"),))),
    ("sosa:observedProperty <https://loinc.org/rdf#8867-4>", CodedText((Coding("http://loinc.org", "8867-4"),))),
    (
        "sosa:observedProperty <http://hl7.org/fhir/sid/icd-9-cm/procedure/39.95>",
        CodedText((Coding("http://hl7.org/fhir/sid/icd-9-cm/procedure", "39.95"),)),
    ),
    (
        "sosa:observedProperty <http://hospital.example/lab#S%20Crea>",
        CodedText((Coding("http://hospital.example/lab#", "S Crea"),)),
    ),
    ("sosa:observedProperty <urn:lab:7>", CodedText((Coding("urn:lab:", "7"),))),
    (
        "sosa:observedProperty ex:crea . ex:crea rdfs:label 'S-Crea' ; skos:exactMatch loinc:2160-0",
        CodedText((Coding("https://hospital.example/terms#", "crea", "S-Crea"), Coding("http://loinc.org", "2160-0"))),
    ),
    (
        "sosa:observedProperty ex:c . ex:c skos:prefLabel 'S-Crea' ; rdfs:label 'b', 'a' ; il2:coding loinc:2160-0",
        CodedText(
            (
                Coding(None, None, "a"),
                Coding(None, None, "b"),
                Coding("https://hospital.example/terms#", "c", "S-Crea"),
                Coding("http://loinc.org", "2160-0"),
            )
        ),
    ),
    ("il2:chartedAs 'creatinine'", CodedText((), ("creatinine",))),
    ("il2:chartedAs [ a il2:CodedText ]", UNSAID),
    ("il2:chartedAs [ il2:words 'b' , 'a' , ' ' ]", CodedText((Coding(None, None, "b"),), ("a",))),
    (
        """il2:chartedAs [ il2:coding [ il2:position 1 ; il2:code 'x' ; il2:display '' ] ,
            [ il2:position 0 ; il2:display 'y' ] ]""",
        CodedText((Coding(None, None, "y"), Coding(None, "x"))),
    ),
    (
        "il2:chartedAs [ il2:coding [ il2:codeSystem <http://loinc.org> ; il2:code '1-1' ] ]",
        CodedText((Coding("http://loinc.org", "1-1"),)),
    ),
    (
        """il2:chartedAs [ il2:words 'pulse' ; il2:coding loinc:8867-4 ] ;
            sosa:observedProperty il2:HeartRate , loinc:8867-4""",
        CodedText((Coding("http://loinc.org", "8867-4"), Coding(IL2, "HeartRate")), ("pulse",)),
    ),
    (
        "il2:chartedAs [ il2:words 'pulse' ; il2:flaw [ rdfs:label 'illegible' ] ] , 'HR'",
        CodedText((Coding(None, None, "pulse"),), ("HR",), (("illegible", ""),)),
    ),
]


@pytest.mark.parametrize(("text", "expected"), CONCEPTS, ids=[row[0] for row in CONCEPTS])
def test_what_an_item_is_about_is_read(text: str, expected: CodedText) -> None:
    found = only(f"[] a sosa:Observation ; {text} .")
    assert found == Observation(item("Observation"), Result(expected), NEVER_SAID)
