"""Items of a patient graph, sound ones and flawed ones, each with what the shapes are to say of it.

``<i>`` is the item, ``<p>`` the patient. What is expected is written as the shapes' names; the first letter of each
tells the severity: V, W, I.
"""

from typing import NamedTuple

PREFIXES = """@prefix cdt: <https://w3id.org/cdt/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix ex: <https://hospital.example/> .
@prefix il2: <https://w3id.org/il2kg/> .
@prefix loinc: <http://loinc.org/rdf/> .
@prefix qudt: <http://qudt.org/schema/qudt/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sct: <http://snomed.info/id/> .
@prefix sosa: <http://www.w3.org/ns/sosa/> .
@prefix time: <http://www.w3.org/2006/time#> .
@prefix unit: <http://qudt.org/vocab/unit/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
AT = 'sosa:phenomenonTime [ a time:Instant ; time:inXSDDateTimeStamp "2026-03-02T08:00:00Z"^^xsd:dateTimeStamp ]'
FROM_TO = """sosa:phenomenonTime [ a time:Interval ;
    time:hasBeginning [ time:inXSDDateTimeStamp "2026-03-02T02:00:00Z"^^xsd:dateTimeStamp ] ;
    time:hasEnd [ time:inXSDDateTimeStamp "2026-03-02T08:00:00Z"^^xsd:dateTimeStamp ] ]"""
REVERSED = """sosa:phenomenonTime [ a time:Interval ;
    time:hasBeginning [ time:inXSDDateTimeStamp "2026-03-02T08:00:00Z"^^xsd:dateTimeStamp ] ;
    time:hasEnd [ time:inXSDDateTimeStamp "2026-03-02T02:00:00Z"^^xsd:dateTimeStamp ] ]"""
ONLY_END = 'sosa:phenomenonTime [ time:hasEnd [ time:inXSDDateTimeStamp "2026-03-02T08:00:00Z"^^xsd:dateTimeStamp ] ]'
STAMP = '"2026-03-02T08:00:00Z"^^xsd:dateTime'
LATER = '"2026-03-04T08:00:00Z"^^xsd:dateTime'
LOCAL_END = '"2026-03-03T08:00:00"^^xsd:dateTime'
LOCAL = '"2026-03-02T08:00:00"^^xsd:dateTime'


class Flaw(NamedTuple):
    """An item as Turtle, and the shapes of which there is to be a result about it."""

    turtle: str
    expected: tuple[str, ...] = ()


def observed(name: str, rest: str, when: str = AT) -> str:
    return f"<i> a sosa:Observation ; sosa:hasFeatureOfInterest <p> ; sosa:observedProperty {name} ; {when} ; {rest} ."


def quantity(number: str, unit: str = 'qudt:ucumCode "mg/dL"', more: str = "") -> str:
    return f"sosa:hasResult [ a qudt:QuantityValue ; qudt:numericValue {number} ; {unit} {more} ]"


def creatinine(number: str, unit: str = 'qudt:ucumCode "mg/dL"', more: str = "", when: str = AT) -> str:
    return observed("il2:SerumCreatinine", quantity(number, unit, more), when)


def item(kind: str, rest: str) -> str:
    return f"<i> a {kind} ; il2:ofPatient <p> ; {rest} ."


def rate(unit: str, number: str = "1.5", drug: str = "il2:Phenylephrine") -> str:
    value = f"il2:infusionRate [ a qudt:QuantityValue ; qudt:numericValue {number} ; {unit} ]"
    return item("il2:Administration", f"il2:gives {drug} ; il2:start {STAMP} ; il2:end {LATER} ; {value}")


PRESSURE = "sosa:observedProperty il2:SystolicBloodPressure ; " + quantity("120", 'qudt:ucumCode "mm[Hg]"')
CLEAN: dict[str, Flaw] = {
    name: Flaw(turtle)
    for name, turtle in {
        "creatinine": creatinine("1.2"),
        "creatinine in micromoles": creatinine("318", 'qudt:ucumCode "umol/L"'),
        "creatinine as a double": creatinine("1.2e0"),
        "creatinine as a whole number": creatinine("3"),
        "lowest that is believed": creatinine("0.1"),
        "highest that is believed": creatinine("30"),
        "lowest in another unit": creatinine("8.83999558", 'qudt:ucumCode "umol/L"'),
        "printed unit": creatinine("1.2", 'il2:unit "MG/DL"'),
        "unit of QUDT": creatinine("1.2", "qudt:hasUnit unit:MilliGM-PER-DeciL"),
        "unit with a node of its own": creatinine("1.2", 'qudt:hasUnit [ qudt:ucumCode "mg/dL" ; il2:unit "mg/dl" ]'),
        "printed unit of nobody's beside its code": creatinine("1.2", 'qudt:ucumCode "mg/dL" ; il2:unit "mg per dl!"'),
        "unit of UCUM that is not listed": creatinine("12", 'qudt:ucumCode "g/m3"'),
        "comparator": creatinine("0.3", more='; il2:valueComparator "<"'),
        "number beside its unit": observed("il2:SerumCreatinine", 'sosa:hasSimpleResult 1.2 ; il2:unit "mg/dL"'),
        "number and unit in one": observed("il2:SerumCreatinine", 'sosa:hasSimpleResult "1.2 mg/dL"^^cdt:ucum'),
        "date": creatinine("1.2", when='sosa:phenomenonTime [ time:inXSDDate "2026-03-02"^^xsd:date ]'),
        "literal as time": creatinine("1.2", when=f"sosa:phenomenonTime {STAMP}"),
        "leap day": creatinine("1.2", when='sosa:phenomenonTime "2024-02-29"^^xsd:date'),
        "leap second": creatinine("1.2", when='sosa:phenomenonTime "2016-12-31T23:59:60Z"^^xsd:dateTime'),
        "measured over a period": creatinine("1.2", when=FROM_TO),
        "measured until": creatinine("1.2", when=ONLY_END),
        "no value, and said so": observed("il2:SerumCreatinine", "il2:dataAbsent true"),
        "no value, no time, and said so": observed("il2:SerumCreatinine", "il2:dataAbsent true", "il2:position 1"),
        "code of LOINC": observed("loinc:2160-0", quantity("1.2")),
        "code and term": observed("il2:SerumCreatinine , loinc:2160-0", quantity("1.2")),
        "fraction as a ratio": observed("il2:OxygenSaturation", quantity("0.94", 'qudt:ucumCode "1"')),
        "fever in Fahrenheit": observed("il2:BodyTemperature", quantity("101.2", 'qudt:ucumCode "[degF]"')),
        "volume over a period": observed("il2:UrineOutput", quantity("300", 'qudt:ucumCode "mL"'), FROM_TO),
        "volume per hour": observed("il2:UrineOutput", quantity("40", 'qudt:ucumCode "mL/h"')),
        "grade": observed("il2:StoolGuaiac", "sosa:hasSimpleResult 3"),
        "grade in words": observed("il2:StoolGuaiac", 'sosa:hasSimpleResult " Trace"'),
        "grade as an answer": observed("il2:StoolGuaiac", 'sosa:hasResult [ a il2:CodedText ; il2:words "positiv" ]'),
        "grade as true or false": observed("il2:StoolGuaiac", "sosa:hasSimpleResult false"),
        "grade by its code": observed(
            "il2:EcogPerformanceStatus",
            'sosa:hasResult [ il2:coding [ il2:codeSystem "http://loinc.org" ; il2:code "LA9623-5" ] ]',
        ),
        "finding seen": observed("il2:Oliguria", "sosa:hasSimpleResult true"),
        "finding seen, without a value": observed("il2:Oliguria", "il2:position 1"),
        "finding denied in words": observed("il2:Oliguria", 'sosa:hasSimpleResult "  NOT  detected "'),
        "finding denied by a code": observed("il2:Oliguria", "sosa:hasResult sct:260385009"),
        "finding confirmed by a code": observed(
            "il2:Oliguria",
            'sosa:hasResult [ a il2:CodedText ; il2:coding [ il2:codeSystem "http://loinc.org" ; il2:code "LA33-6" ] ]',
        ),
        "flagged": observed("il2:CreatineKinaseMB", 'il2:interpretation [ il2:words "high" ]'),
        "rate as an observation": observed("il2:PhenylephrineRate", quantity("2", 'qudt:ucumCode "ug/kg/min"')),
        "components": observed(
            "ex:panel",
            f"il2:component [ {PRESSURE} ]",
        ),
        "panel of what it is about": observed(
            "il2:SystolicBloodPressure",
            f"il2:component [ {PRESSURE} ]",
        ),
        "finding": item("il2:Oliguria", f"il2:start {STAMP}"),
        "finding that ended": item("il2:Oliguria", f"il2:start {STAMP} ; il2:end {LATER}"),
        "finding with dates": item("il2:Oliguria", f'il2:start "2026-03-02"^^xsd:date ; il2:end {LATER}'),
        "finding that was recorded": item("il2:Oliguria", f"il2:recorded {STAMP}"),
        "finding that is over": item("il2:Oliguria", f"il2:start {STAMP} ; il2:over true ; il2:recorded {LATER}"),
        "finding recorded nobody knows when": item("il2:Oliguria", f'il2:start {STAMP} ; il2:recorded "lately"'),
        "stated absence": item("il2:StatedAbsence", f"il2:finding il2:Oliguria ; il2:recorded {STAMP}"),
        "procedure": item("il2:ClinicalProcedure", f"il2:finding il2:EndotrachealIntubation ; il2:atTime {STAMP}"),
        "procedure by its record": item(
            "il2:ClinicalProcedure", f"il2:finding il2:EndotrachealIntubation ; il2:recorded {STAMP}"
        ),
        "procedure that gives": item("il2:ClinicalProcedure", f"il2:gives il2:Prednisone ; il2:atTime {STAMP}"),
        "dose": item("il2:Administration", f"il2:gives il2:Aldesleukin ; il2:atTime {STAMP}"),
        "dose by a statement": item("il2:MedicationUse", f"il2:gives il2:Aldesleukin ; il2:atTime {STAMP}"),
        "infusion": rate('qudt:ucumCode "ug/kg/min"'),
        "infusion in units": rate('il2:unit "units/min"', "0.03", "il2:Vasopressin"),
        "drug without a rate that counts": rate('qudt:ucumCode "mL/h"', drug="il2:Antibiotic"),
        "use": item("il2:MedicationUse", f"il2:gives il2:Prednisone ; il2:start {STAMP}"),
        "order": item("il2:MedicationOrder", f"il2:gives il2:Prednisone ; il2:orderedFrom {STAMP}"),
        "product": item(
            "il2:Administration",
            f"il2:atTime {STAMP} ; il2:product [ a il2:Product ; il2:ingredient [ il2:gives il2:Prednisone ] ]",
        ),
        "stay": item("il2:HospitalStay", f"il2:start {STAMP} ; il2:end {LATER}"),
        "property of others": item("il2:Oliguria", f'il2:start {STAMP} ; ex:ward "3B"'),
    }.items()
}

FLAWED: dict[str, Flaw] = {
    name: Flaw(turtle, expected)
    for name, (turtle, *expected) in {
        # ---- Times of observations
        "no time": (creatinine("1.2", when="il2:position 1"), "V time-said"),
        "time of the result alone": (creatinine("1.2", when=f"sosa:resultTime {STAMP}"), "V time-said"),
        "no instant": (creatinine("1.2", when="sosa:phenomenonTime [ a time:Instant ]"), "V time-said"),
        "no time that can be read": (creatinine("1.2", when='sosa:phenomenonTime "this morning"'), "V time-read"),
        "no day of the calendar": (
            creatinine("1.2", when='sosa:phenomenonTime [ time:inXSDDateTime "2026-13-45"^^xsd:dateTime ]'),
            "V time-read",
        ),
        "thirtieth of February": (creatinine("1.2", when='sosa:phenomenonTime "2026-02-30"^^xsd:date'), "V time-read"),
        "date with a zone": (creatinine("1.2", when='sosa:phenomenonTime "2026-02-03Z"^^xsd:date'), "V time-read"),
        "no zone": (creatinine("1.2", when=f"sosa:phenomenonTime {LOCAL}"), "V time-zone"),
        "two times": (creatinine("1.2", when=f"sosa:phenomenonTime {STAMP} , {LATER}"), "V flaw"),
        "measured over a reversed period": (creatinine("1.2", when=REVERSED), "W measured-order"),
        "finding over a reversed period": (
            observed("il2:Oliguria", "sosa:hasSimpleResult true", REVERSED),
            "V observed-order",
        ),
        "finding until": (observed("il2:Oliguria", "sosa:hasSimpleResult true", ONLY_END), "V beginning"),
        "volume over a reversed period": (
            observed("il2:UrineOutput", quantity("300", 'qudt:ucumCode "mL"'), REVERSED),
            "V observed-order",
        ),
        "volume until": (observed("il2:UrineOutput", quantity("300", 'qudt:ucumCode "mL"'), ONLY_END), "V beginning"),
        "volume at an instant": (observed("il2:UrineOutput", quantity("300", 'qudt:ucumCode "mL"')), "V doubt"),
        "volume over no time": (
            observed(
                "il2:UrineOutput",
                quantity("300", 'qudt:ucumCode "mL"'),
                f"sosa:phenomenonTime [ time:hasBeginning {STAMP} ; time:hasEnd {STAMP} ]",
            ),
            "V collected-length",
        ),
        "volume from": (
            observed(
                "il2:UrineOutput",
                quantity("300", 'qudt:ucumCode "mL"'),
                f"sosa:phenomenonTime [ time:hasBeginning {STAMP} ]",
            ),
            "V collected-period",
        ),
        # ---- Values
        "no value": (observed("il2:SerumCreatinine", "il2:position 1"), "V value-said"),
        "two values": (observed("il2:SerumCreatinine", f"{quantity('1.2')} ; {quantity('1.4')}"), "V one-result"),
        "no number": (creatinine('"high"'), "V number"),
        "number as text": (creatinine('"1.2"'), "V number"),
        "number with its unit as text": (creatinine('"1.4 mg/dL"'), "V number"),
        "ill-typed number": (creatinine('"abc"^^xsd:decimal'), "V number"),
        "not a number": (creatinine('"NaN"^^xsd:double'), "V number"),
        "without end": (creatinine('"INF"^^xsd:double'), "V number"),
        "number beyond belief": (observed("il2:TotalBilirubin", quantity('"1e40"^^xsd:double')), "V number"),
        "number below belief": (observed("il2:TotalBilirubin", quantity('"1e-20"^^xsd:double')), "V number"),
        "words for a number": (observed("il2:SerumCreatinine", 'sosa:hasSimpleResult "raised"'), "V plain-number"),
        "codes for a number": (
            observed("il2:SerumCreatinine", 'sosa:hasResult [ a il2:CodedText ; il2:words "raised" ]'),
            "V quantity",
        ),
        "true for a number": (observed("il2:SerumCreatinine", "sosa:hasSimpleResult true"), "V plain-number"),
        "range for a number": (
            observed(
                "il2:SerumCreatinine",
                'sosa:hasResult [ a il2:UnreadableResult ; il2:entryType "Range" ; il2:words "1 - 2" ]',
            ),
            "V quantity",
        ),
        "unit without a number": (
            observed("il2:SerumCreatinine", 'sosa:hasResult [ a qudt:QuantityValue ; qudt:ucumCode "mg/dL" ]'),
            "V quantity",
        ),
        "no unit": (creatinine("1.2", 'rdfs:label "x"'), "V plain-unit-said"),
        "no unit at all": (observed("il2:SerumCreatinine", "sosa:hasSimpleResult 1.2"), "V plain-unit-said"),
        "blank unit": (creatinine("1.2", 'il2:unit "  "'), "V unit-said"),
        "unit of nobody": (creatinine("1.2", 'qudt:ucumCode "frobs/L"'), "V SerumCreatinine-unit"),
        "unit of another dimension": (creatinine("1.2", 'qudt:ucumCode "mL"'), "V SerumCreatinine-unit"),
        "unlisted unit of another dimension": (creatinine("1.2", 'qudt:ucumCode "kg.m"'), "V SerumCreatinine-unit"),
        "code of another system": (
            creatinine("1.2", 'qudt:ucumCode "7" ; il2:unitSystem "http://hospital.example/units"'),
            "V unit-said",
        ),
        "printed unit that contradicts": (
            creatinine("1.2", 'qudt:ucumCode "mg/dL" ; il2:unit "umol/L"'),
            "V SerumCreatinine-units-agree",
            "V SerumCreatinine-believed",
        ),
        "printed unit of another dimension": (
            creatinine("1.2", 'qudt:ucumCode "mg/dL" ; il2:unit "mL"'),
            "V SerumCreatinine-unit",
        ),
        "too much": (creatinine("30.000001"), "V SerumCreatinine-believed"),
        "too little": (creatinine("0.0999999999999999999999"), "V SerumCreatinine-believed"),
        "too much in another unit": (creatinine("2652.00443", 'qudt:ucumCode "umol/L"'), "V SerumCreatinine-believed"),
        "too little in another unit": (
            creatinine("8.83999557", 'qudt:ucumCode "umol/L"'),
            "V SerumCreatinine-believed",
        ),
        "too much in a unit that is not listed": (
            creatinine("301", 'qudt:ucumCode "g/m3"'),
            "V SerumCreatinine-believed",
        ),
        "micromoles as milligrams": (creatinine("318"), "V SerumCreatinine-believed"),
        "percent as a ratio": (
            observed("il2:OxygenSaturation", quantity("94", 'qudt:ucumCode "1"')),
            "V OxygenSaturation-believed",
        ),
        "far too much": (creatinine("1" + 40 * "0"), "V number"),
        "no comparator": (creatinine("1.2", more='; il2:valueComparator "~"'), "V comparator"),
        "ill-typed plain number": (
            observed("il2:SerumCreatinine", 'sosa:hasSimpleResult "NaN"^^xsd:double ; il2:unit "mg/dL"'),
            "V number",
        ),
        "volume below nothing": (
            observed("il2:UrineOutput", quantity("-1", 'qudt:ucumCode "mL/h"')),
            "V UrineOutput-believed",
        ),
        "volume per hour beyond belief": (
            observed("il2:UrineOutput", quantity("9000", 'qudt:ucumCode "mL/h"'), FROM_TO),
            "V doubt",
        ),
        "no grade": (observed("il2:StoolGuaiac", 'sosa:hasSimpleResult "plenty"'), "V StoolGuaiac-plain"),
        "no grade by its code": (
            observed("il2:EcogPerformanceStatus", 'sosa:hasResult [ a il2:CodedText ; il2:words "positive" ]'),
            "V EcogPerformanceStatus-grade",
        ),
        "grade too high": (observed("il2:StoolGuaiac", "sosa:hasSimpleResult 5"), "V StoolGuaiac-believed"),
        "grade with a unit": (
            observed("il2:StoolGuaiac", quantity("3", 'qudt:ucumCode "mg/dL"')),
            "V StoolGuaiac-unit",
        ),
        "no answer": (observed("il2:Oliguria", 'sosa:hasSimpleResult "perhaps"'), "V answer-plain"),
        "no coded answer": (
            observed("il2:Oliguria", 'sosa:hasResult [ a il2:CodedText ; il2:words "perhaps" ]'),
            "V answer-coded",
        ),
        "two answers": (
            observed(
                "il2:Oliguria", 'sosa:hasResult [ a il2:CodedText ; il2:words "yes" ; il2:coding [ il2:display "no" ] ]'
            ),
            "V answer-coded",
        ),
        "number as an answer": (observed("il2:Oliguria", quantity("3")), "V answer-coded"),
        "plain number as an answer": (observed("il2:Oliguria", "sosa:hasSimpleResult 3"), "V answer-plain"),
        "no flag": (observed("il2:CreatineKinaseMB", 'il2:interpretation [ il2:words "see note" ]'), "V flag-clear"),
        "two flags": (
            observed("il2:CreatineKinaseMB", 'il2:interpretation [ il2:words "high" ] , [ il2:words "normal" ]'),
            "V flag-clear",
        ),
        "component without a unit": (
            observed(
                "ex:panel",
                "il2:component [ sosa:observedProperty il2:SystolicBloodPressure ; sosa:hasSimpleResult 120 ]",
            ),
            "V plain-unit-said",
        ),
        "component without a time": (
            observed("ex:panel", f"il2:component [ {PRESSURE} ]", "il2:position 1"),
            "V time-said",
        ),
        "doubted component": (
            observed("ex:panel", f"il2:component [ {PRESSURE} ; il2:doubt [ rdfs:label 'cuff too small' ] ]"),
            "V part-doubt",
        ),
        # ---- Findings and absences
        "finding without a time": (item("il2:Oliguria", "il2:position 1"), "V finding-time"),
        "finding that ended, began nobody knows when": (item("il2:Oliguria", f"il2:end {LATER}"), "V finding-start"),
        "finding that ends before it starts": (
            item("il2:Oliguria", f"il2:start {LATER} ; il2:end {STAMP}"),
            "V finding-order",
        ),
        "finding whose date is after its end": (
            item("il2:Oliguria", f'il2:start "2026-03-05"^^xsd:date ; il2:end {LATER}'),
            "V finding-order",
        ),
        "finding over since nobody knows when": (
            item("il2:Oliguria", f"il2:start {STAMP} ; il2:over true"),
            "V over-since",
        ),
        "finding over before it began": (
            item("il2:Oliguria", f"il2:start {LATER} ; il2:over true ; il2:recorded {STAMP}"),
            "V finding-order",
        ),
        "finding without a zone": (item("il2:Oliguria", f"il2:start {LOCAL}"), "V finding-zone"),
        "end without a zone": (item("il2:Oliguria", f"il2:start {STAMP} ; il2:end {LOCAL_END}"), "V finding-zone"),
        "finding at no time": (item("il2:Oliguria", 'il2:start "monday"'), "V finding-read"),
        "finding recorded at no time": (item("il2:Oliguria", 'il2:recorded "monday"'), "V recorded-read"),
        "finding recorded without a zone": (item("il2:Oliguria", f"il2:recorded {LOCAL}"), "V recorded-zone"),
        "finding with two starts": (item("il2:Oliguria", f"il2:start {STAMP} , {LATER}"), "V doubt", "V finding-time"),
        "finding under two classes": (item("il2:Oliguria , il2:AtrialFibrillation", f"il2:start {STAMP}"), "V doubt"),
        "doubted finding": (
            item("il2:Oliguria", f"il2:start {STAMP} ; il2:doubt [ rdfs:label 'illegible' ]"),
            "V doubt",
        ),
        "flawed time": (item("il2:Oliguria", f"il2:start {STAMP} ; il2:flaw [ rdfs:label 'two starts' ]"), "V doubt"),
        "remark": (
            item(
                "il2:Administration",
                f"il2:gives il2:Prednisone ; il2:atTime {STAMP} ; il2:remark [ rdfs:label 'twice' ]",
            ),
            "W remark",
        ),
        "absence without a time": (item("il2:StatedAbsence", "il2:finding il2:Oliguria"), "V absence-time"),
        "absence without a zone": (
            item("il2:StatedAbsence", f"il2:finding il2:Oliguria ; il2:recorded {LOCAL}"),
            "V absence-zone",
        ),
        "absence at no time": (
            item("il2:StatedAbsence", 'il2:finding il2:Oliguria ; il2:recorded "?"'),
            "V absence-read",
        ),
        # ---- What was done and given
        "procedure without a time": (item("il2:ClinicalProcedure", "il2:finding il2:Oliguria"), "V procedure-time"),
        "procedure without a zone": (
            item("il2:ClinicalProcedure", f"il2:finding il2:Oliguria ; il2:atTime {LOCAL}"),
            "V procedure-zone",
        ),
        "procedure at a time and over a period": (
            item("il2:ClinicalProcedure", f"il2:finding il2:Oliguria ; il2:atTime {STAMP} ; il2:end {LATER}"),
            "V flaw",
        ),
        "dose by a procedure": (
            item("il2:ClinicalProcedure", f"il2:gives il2:Aldesleukin ; il2:atTime {STAMP}"),
            "V dose-by-procedure",
        ),
        "doses over a period": (
            item("il2:MedicationUse", f"il2:gives il2:Aldesleukin ; il2:start {STAMP}"),
            "V dose-vague",
        ),
        "dose that was planned": (
            item("il2:MedicationUse", f"il2:gives il2:Aldesleukin ; il2:atTime {STAMP} ; il2:planned true"),
            "W dose-planned",
        ),
        "dose that was ordered": (
            item("il2:MedicationOrder", f"il2:gives il2:Aldesleukin ; il2:atTime {STAMP}"),
            "W dose-ordered",
        ),
        "dose without a time": (item("il2:Administration", "il2:gives il2:Aldesleukin"), "V medication-time"),
        "dose without a zone": (
            item("il2:Administration", f"il2:gives il2:Aldesleukin ; il2:atTime {LOCAL}"),
            "V medication-zone",
        ),
        "dose at no time": (
            item("il2:Administration", 'il2:gives il2:Aldesleukin ; il2:atTime "8 am"'),
            "V medication-read",
        ),
        "drug until": (item("il2:Administration", f"il2:gives il2:Prednisone ; il2:end {LATER}"), "V medication-start"),
        "drug over a reversed period": (
            item("il2:Administration", f"il2:gives il2:Prednisone ; il2:start {LATER} ; il2:end {STAMP}"),
            "V done-order",
        ),
        "order until": (
            item("il2:MedicationOrder", f"il2:gives il2:Prednisone ; il2:orderedUntil {LATER}"),
            "V ordered-start",
        ),
        "order over a reversed period": (
            item(
                "il2:MedicationOrder", f"il2:gives il2:Prednisone ; il2:orderedFrom {LATER} ; il2:orderedUntil {STAMP}"
            ),
            "V done-order",
        ),
        "nobody can name it": (item("il2:Administration", f"il2:atTime {STAMP}"), "V doubt"),
        "code of nobody's, without words": (
            item(
                "il2:Administration",
                f"il2:atTime {STAMP} ; il2:chartedAs [ il2:coding [ il2:codeSystem 'http://h' ; il2:code '1' ] ]",
            ),
            "V doubt",
        ),
        "named in words": (
            item("il2:Administration", f"il2:atTime {STAMP} ; il2:chartedAs 'Prednisone tablet'"),
            "W remark",
        ),
        "named in words, without a time": (
            item("il2:Administration", "il2:chartedAs 'Prednisone tablet'"),
            "V medication-time",
            "W remark",
        ),
        "finding named in words": (
            item("il2:ClinicalFinding", f"il2:start {STAMP} ; il2:chartedAs 'oliguria'"),
            "V doubt",
        ),
        "doubted result": (
            creatinine("1.2")[:-1] + " ; il2:resultDoubt [ rdfs:label 'haemolysed' ] .",
            "V result-doubt",
        ),
        "value named in words": (
            f"<i> a sosa:Observation ; il2:ofPatient <p> ; il2:chartedAs 'creatinine' ; {quantity('1.2')} ; {AT} .",
            "V doubt",
        ),
        "rate without a unit": (rate('rdfs:label "x"'), "V rate-unit-said"),
        "rate in the wrong unit": (
            rate('qudt:ucumCode "mL/h"'),
            "V PhenylephrineRate-of-infusion-unit",
            "V VasopressorRate-of-infusion-unit",
        ),
        "rate beyond belief": (rate('qudt:ucumCode "ug/kg/min"', "21"), "V PhenylephrineRate-of-infusion-believed"),
        "rate that is no number": (rate('qudt:ucumCode "ug/kg/min"', '"fast"'), "V rate-number"),
        "rate below nothing": (rate('il2:unit "units/min"', "-1", "il2:Vasopressin"), "V rate-not-negative"),
        "rate without a weight": (rate('qudt:ucumCode "ug/min"'), "V doubt", "I rate-per-body"),
        "charted rate in the wrong unit": (
            observed("il2:PhenylephrineRate", quantity("2", 'qudt:ucumCode "mL"')),
            "V PhenylephrineRate-unit",
        ),
        # ---- Stays and all else
        "stay that ends before it starts": (
            item("il2:HospitalStay", f"il2:start {LATER} ; il2:end {STAMP}"),
            "V stay-order",
        ),
        "stay that ended at no time": (item("il2:HospitalStay", f'il2:start {STAMP} ; il2:end "noon"'), "V stay-read"),
        "stay without a zone": (item("il2:HospitalStay", f"il2:start {STAMP} ; il2:end {LOCAL_END}"), "V stay-zone"),
        "stay that goes on": (item("il2:HospitalStay", f"il2:start {STAMP}"), "I Other"),
        "visit": (item("il2:HospitalStay", f'il2:start {STAMP} ; il2:end {LATER} ; il2:stayKind "AMB"'), "I Other"),
        "of nothing in the guideline": (observed("ex:mood", "sosa:hasSimpleResult true"), "I Other"),
        "kind that is not read": (item("il2:OtherItem", 'il2:entryType "DiagnosticReport"'), "I Other"),
        "no term of the ontology": (observed("il2:SerumCreatinin", quantity("1.2")), "I Other", "W remark"),
        "no class": (item("il2:Oligurea", f"il2:start {STAMP}"), "V doubt"),
        "no property": (item("il2:Oliguria", f"il2:start {STAMP} ; il2:stat {LATER}"), "V doubt"),
        "two patients": (item("il2:Oliguria", f"il2:start {STAMP} ; il2:ofPatient <q>"), "V doubt"),
        "codings that contradict": (
            creatinine("1.2")[:-1]
            + " ; il2:chartedAs [ il2:coding [ il2:codeSystem 'http://loinc.org' ; il2:code '2823-3' ] ] .",
            "V doubt",
            "V SerumPotassium-unit",
        ),
    }.items()
}
