"""The vocabulary of the patient graph, as tables: which class is which kind of item, and what may be said of it."""

from typing import Final

from il2kg.vocabulary import IL2, RDFS, SKOS, XSD

SOSA: Final = "http://www.w3.org/ns/sosa/"
TIME: Final = "http://www.w3.org/2006/time#"
QUDT: Final = "http://qudt.org/schema/qudt/"
QUDT_UNITS: Final = "http://qudt.org/vocab/unit/"
PROV: Final = "http://www.w3.org/ns/prov#"
DCTERMS: Final = "http://purl.org/dc/terms/"

LABEL: Final = f"{RDFS}label"
RDF_VALUE: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#value"
PREFERRED: Final = f"{SKOS}prefLabel"
SAME: Final = f"{SKOS}exactMatch"
IDENTIFIER: Final = f"{DCTERMS}identifier"
SOURCE: Final = f"{DCTERMS}source"
DERIVED: Final = f"{PROV}wasDerivedFrom"

# ---- Observations (SOSA)

OBSERVATION: Final = f"{SOSA}Observation"
COLLECTION: Final = f"{SOSA}ObservationCollection"
MEMBER: Final = f"{SOSA}hasMember"
FEATURE: Final = f"{SOSA}hasFeatureOfInterest"
ULTIMATE_FEATURE: Final = f"{SOSA}hasUltimateFeatureOfInterest"
SAMPLE_OF: Final = f"{SOSA}isSampleOf"
PROPERTY: Final = f"{SOSA}observedProperty"
PHENOMENON_TIME: Final = f"{SOSA}phenomenonTime"
RESULT_TIME: Final = f"{SOSA}resultTime"
RESULT: Final = f"{SOSA}hasResult"
SIMPLE_RESULT: Final = f"{SOSA}hasSimpleResult"
INTERPRETATION: Final = f"{IL2}interpretation"
DATA_ABSENT: Final = f"{IL2}dataAbsent"
COMPONENT: Final = f"{IL2}component"
RESULT_DOUBT: Final = f"{IL2}resultDoubt"

# ---- Times (OWL-Time, and literals)

INSTANT: Final = f"{TIME}Instant"
INTERVAL: Final = f"{TIME}Interval"
BEGINNING: Final = f"{TIME}hasBeginning"
END_OF: Final = f"{TIME}hasEnd"
IN_STAMP: Final = f"{TIME}inXSDDateTimeStamp"
IN_TIME: Final = f"{TIME}inXSDDateTime"
IN_DATE: Final = f"{TIME}inXSDDate"
IN_MONTH: Final = f"{TIME}inXSDgYearMonth"
IN_YEAR: Final = f"{TIME}inXSDgYear"
POINTS: Final = (IN_STAMP, IN_TIME, IN_DATE, IN_MONTH, IN_YEAR)
"""How an instant says when it is, from the most exact to the least."""
AT_TIME: Final = f"{IL2}atTime"
START: Final = f"{IL2}start"
END: Final = f"{IL2}end"
RECORDED: Final = f"{IL2}recorded"
ORDERED_FROM: Final = f"{IL2}orderedFrom"
ORDERED_UNTIL: Final = f"{IL2}orderedUntil"

# ---- Values (QUDT)

QUANTITY: Final = f"{QUDT}QuantityValue"
UNIT_CLASS: Final = f"{QUDT}Unit"
NUMERIC: Final = f"{QUDT}numericValue"
NUMERIC_BEFORE: Final = f"{QUDT}value"
HAS_UNIT: Final = f"{QUDT}hasUnit"
HAS_UNIT_BEFORE: Final = f"{QUDT}unit"
UCUM_CODE: Final = f"{QUDT}ucumCode"
UNIT: Final = f"{IL2}unit"
UNIT_SYSTEM: Final = f"{IL2}unitSystem"
COMPARATOR: Final = f"{IL2}valueComparator"
UNREADABLE: Final = f"{IL2}UnreadableResult"
CDT: Final = ("https://w3id.org/cdt/", "http://w3id.org/lindt/custom_datatypes#")
"""Where the datatypes lie whose literals are a number and a UCUM code."""

# ---- What items are about

CHARTED_AS: Final = f"{IL2}chartedAs"
FINDING: Final = f"{IL2}finding"
GIVES: Final = f"{IL2}gives"
CODED_TEXT: Final = f"{IL2}CodedText"
CODING: Final = f"{IL2}Coding"
HAS_CODING: Final = f"{IL2}coding"
CODE_SYSTEM: Final = f"{IL2}codeSystem"
CODE: Final = f"{IL2}code"
DISPLAY: Final = f"{IL2}display"
WORDS: Final = f"{IL2}words"
POSITION: Final = f"{IL2}position"

# ---- Items

ROOT_FINDING: Final = f"{IL2}ClinicalFinding"
STATED_ABSENCE: Final = f"{IL2}StatedAbsence"
PROCEDURE: Final = f"{IL2}ClinicalProcedure"
STAY: Final = f"{IL2}HospitalStay"
OTHER_ITEM: Final = f"{IL2}OtherItem"
ENTRY_TYPE: Final = f"{IL2}entryType"
OF_PATIENT: Final = f"{IL2}ofPatient"
DOUBT: Final = f"{IL2}doubt"
REMARK: Final = f"{IL2}remark"
FLAW: Final = f"{IL2}flaw"
DETAIL: Final = f"{IL2}detail"
OVER: Final = f"{IL2}over"
PLANNED: Final = f"{IL2}planned"
FINISHED: Final = f"{IL2}finished"
STAY_KIND: Final = f"{IL2}stayKind"
RATE: Final = f"{IL2}infusionRate"
AMOUNT: Final = f"{IL2}givenDose"
ROUTE: Final = f"{IL2}byRoute"
PRODUCT: Final = f"{IL2}product"
PRODUCT_CLASS: Final = f"{IL2}Product"
INGREDIENT: Final = f"{IL2}ingredient"
FORM: Final = f"{IL2}form"
POINTER: Final = f"{IL2}pointer"
UNRESOLVED: Final = f"{IL2}unresolved"
ORDER_FLAW: Final = f"{IL2}orderFlaw"

MEDICATIONS: Final = {
    f"{IL2}Administration": "MedicationAdministration",
    f"{IL2}MedicationUse": "MedicationStatement",
    f"{IL2}MedicationOrder": "MedicationRequest",
}
"""The FHIR type of each class of medication items."""

# ---- Patients

PATIENT: Final = f"{IL2}Patient"
UNNAMED: Final = f"{IL2}unnamed"
UNUSABLE: Final = f"{IL2}unusable"
SOURCE_PROBLEM: Final = f"{IL2}sourceProblem"
ITEM: Final = f"{IL2}item"

# ---- What may be said of what

ITEMS: Final = frozenset(
    {OBSERVATION, ROOT_FINDING, STATED_ABSENCE, PROCEDURE, STAY, OTHER_ITEM, COLLECTION, *MEDICATIONS}
)
"""The classes of items; those below the clinical finding are in the ontology."""

INVERSES: Final = {
    f"{SOSA}isMemberOf": MEMBER,
    f"{SOSA}isResultOf": RESULT,
    f"{SOSA}isFeatureOfInterestOf": FEATURE,
}
"""Properties that say from the other end what another one says."""

INHERITED: Final = (FEATURE, ULTIMATE_FEATURE, OF_PATIENT, PROPERTY, PHENOMENON_TIME, RESULT_TIME)
"""What a collection of observations says for those of its members that do not say it."""

_OF_ANY: Final = frozenset({OF_PATIENT, FEATURE, ULTIMATE_FEATURE, DOUBT, REMARK, FLAW, POSITION, *INVERSES})
_OF_MEDICATIONS: Final = frozenset(
    {
        *(CHARTED_AS, GIVES, AT_TIME, START, END, ORDERED_FROM, ORDERED_UNTIL, ORDER_FLAW, RATE, AMOUNT, ROUTE),
        *(PRODUCT, POINTER, UNRESOLVED, PLANNED, OVER),
    }
)
_OF_FINDINGS: Final = frozenset({CHARTED_AS, FINDING, START, END, RECORDED, OVER})
_OF_RESULTS: Final = frozenset({CHARTED_AS, PROPERTY, RESULT, SIMPLE_RESULT, UNIT, INTERPRETATION, DATA_ABSENT})
# Of SOSA, what says how something was measured; the record does not ask.
_UNASKED: Final = frozenset(
    f"{SOSA}{name}"
    for name in (
        *("madeBySensor", "madeBySystem", "usedProcedure", "hasInputValue", "hasOutputValue", "inDeployment"),
        *("observationRelatedTo", "relatedObservation", "resultQuality", "wasOriginatedBy"),
    )
)
KNOWN: Final[dict[str, frozenset[str]]] = {
    OBSERVATION: _OF_ANY | _OF_RESULTS | _UNASKED | {PHENOMENON_TIME, RESULT_TIME, COMPONENT, RESULT_DOUBT},
    COLLECTION: _OF_ANY | _UNASKED | {MEMBER, *INHERITED},
    COMPONENT: _OF_RESULTS | _UNASKED | {DOUBT, POSITION},
    ROOT_FINDING: _OF_ANY | _OF_FINDINGS,
    STATED_ABSENCE: _OF_ANY | _OF_FINDINGS,
    PROCEDURE: _OF_ANY | {CHARTED_AS, FINDING, GIVES, AT_TIME, START, END, RECORDED},
    STAY: _OF_ANY | {START, END, STAY_KIND, FINISHED},
    OTHER_ITEM: _OF_ANY | {CHARTED_AS, ENTRY_TYPE},
    **dict.fromkeys(MEDICATIONS, _OF_ANY | _OF_MEDICATIONS),
    PRODUCT: frozenset({CHARTED_AS, GIVES, POINTER, INGREDIENT, FORM, DOUBT, POSITION}),
    CODED_TEXT: frozenset({HAS_CODING, WORDS, FLAW, POSITION}),
    CODING: frozenset({CODE_SYSTEM, CODE, DISPLAY, POSITION}),
    QUANTITY: frozenset({UNIT, UNIT_SYSTEM, COMPARATOR, ENTRY_TYPE, WORDS, f"{SOSA}isResultOf"}),
    INSTANT: frozenset({*POINTS, BEGINNING, END_OF, WORDS, f"{TIME}hasTRS"}),
    PATIENT: frozenset({UNNAMED, UNUSABLE, SOURCE_PROBLEM, f"{SOSA}isFeatureOfInterestOf"}),
}
"""The properties of the vocabulary and of SOSA, of instants those of OWL-Time, too, that nodes of each class have."""

OF_ITEMS_ALONE: Final = frozenset(
    {
        *(OF_PATIENT, FEATURE, PHENOMENON_TIME, RESULT_TIME, AT_TIME, START, END, RECORDED, ORDERED_FROM),
        *(ORDERED_UNTIL, RATE, AMOUNT, ROUTE, PRODUCT, FINDING, OVER, PLANNED, FINISHED, STAY_KIND),
    }
)
"""What only items say: a node that says such a thing is one, whatever its class."""

PREFIXES: Final = {
    "il2": IL2,
    "sosa": SOSA,
    "time": TIME,
    "qudt": QUDT,
    "unit": QUDT_UNITS,
    "prov": PROV,
    "dcterms": DCTERMS,
    "rdfs": RDFS,
    "skos": SKOS,
    "xsd": XSD,
}
"""How names are shortened, in messages and in files."""


def short(iri: str) -> str:
    """An IRI as a person would write it: ``il2:start``."""
    return next(
        (f"{prefix}:{iri.removeprefix(start)}" for prefix, start in PREFIXES.items() if iri.startswith(start)), iri
    )
