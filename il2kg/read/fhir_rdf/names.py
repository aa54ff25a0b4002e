"""What the properties of FHIR RDF stand for, and what the specification says of the elements of that name.

R4 names a property by the type that has it (``fhir:Observation.component.code``), R5 does not (``fhir:code``); the
name of the element is what stands last in both.
"""

from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from il2kg.vocabulary import RDF_TYPE

FHIR: Final = "http://hl7.org/fhir/"
_RDF: Final = RDF_TYPE.removesuffix("type")
FIRST: Final = f"{_RDF}first"
REST: Final = f"{_RDF}rest"
NIL: Final = f"{_RDF}nil"
VALUE: Final = f"{FHIR}value"
V: Final = f"{FHIR}v"
INDEX: Final = f"{FHIR}index"
NODE_ROLE: Final = f"{FHIR}nodeRole"
TREE_ROOT: Final = f"{FHIR}treeRoot"
LINK: Final = f"{FHIR}link"
L: Final = f"{FHIR}l"


class Role(Enum):
    """How a property is read: as an element or as something else."""

    PLAIN = auto()
    """An element of its name."""
    NAMED = auto()
    """An element whose name depends on what it says."""
    MODIFIED = auto()
    """An element that an extension modifies, the name has an underscore before it."""
    RESOURCE = auto()
    """An element that holds a resource."""
    VALUE = auto()
    """The literal of a primitive value (R4), or an element (R5)."""
    BESIDE = auto()
    """The literal of a primitive value (R5), or a link to what a reference means; ``fhir:link`` may be an element."""
    NOTHING = auto()
    """What is looked at elsewhere."""
    FOREIGN = auto()
    """No property of FHIR."""


@dataclass(frozen=True, slots=True)
class Property:
    """A property: the name of its element, and how it is read."""

    name: str
    role: Role


# Elements that FHIR lets have one of several types, in the resources that are read (FHIR R4 and R5).
ALWAYS_CHOICES: Final = frozenset(
    {
        *("abatement", "bounds", "deceased", "effective", "effectiveTime", "multipleBirth", "occurence", "occurrence"),
        *("onset", "performed", "rate", "value"),
    }
)
CHOICES: Final = ALWAYS_CHOICES | {
    *("allowed", "asNeeded", "author", "dose", "item", "medication", "reasonForUse", "reported", "strength"),
}
"""With those that are so in some version, or some resource, only: they are so where they say their type."""
VALUE_HOLDERS: Final = frozenset({"", "component", "extension", "modifierExtension", "parameter", "part"})
"""Where ``value`` is a choice: in a resource (empty) and in these; elsewhere it is that of a Quantity or the like."""
DOSE_HOLDER: Final = "doseAndRate"
"""Where ``dose`` is a choice."""

INTEGERS: Final = frozenset({"valueInteger", "valuePositiveInt", "valueUnsignedInt", "multipleBirthInteger"})
"""Elements that are integers by name. The RDF of HAPI FHIR gives integers no datatype."""
RESOURCES: Final[dict[str, frozenset[str]]] = {
    "resource": frozenset({"entry", "parameter", "part"}),
    "contained": frozenset({""}),
    "outcome": frozenset({"response"}),
    "issues": frozenset({""}),
}
"""Elements that hold a resource, and within what they do; a resource (empty), or an element."""
TEXTS: Final = frozenset(
    {
        *("system", "url", "fullUrl", "profile", "implicitRules", "source", "definition", "instantiatesCanonical"),
        *("instantiatesUri", "resourceDefinition", "reference"),
    }
)
"""Elements whose value is an address: written as an IRI, it is that text. Of others an IRI is a reference."""

# Lists wherever they stand in the resources that are read (FHIR R4 and R5; the cardinality of their elements).
_LISTS: Final = frozenset(
    {
        *("additionalInstruction", "coding", "communication", "complication", "component", "contained", "diagnosis"),
        *("dosageInstruction", "doseAndRate", "entry", "evidence", "extension", "generalPractitioner", "given"),
        *("hasMember", "ingredient", "interpretation", "line", "modifierExtension", "parameter", "participant"),
        *("reasonCode", "reasonReference", "referenceRange", "statusHistory", "tag", "telecom"),
    }
)
UNORDERED: Final = frozenset({"contained", "extension", "modifierExtension"})
"""Lists whose order means nothing. Writers of FHIR RDF do not always give them one."""

# Of a primitive type wherever they stand in the resources that are read.
_PRIMITIVES: Final = frozenset(
    {
        *("active", "assertedDate", "authoredOn", "birthDate", "city", "comment", "comparator", "contentType", "count"),
        *("country", "data", "dateAsserted", "dateRecorded", "dateWritten", "dimensions", "display", "district", "div"),
        *("doNotPerform", "end", "factor", "family", "frequency", "fullUrl", "gender", "given", "id", "implicitRules"),
        *("instantiatesCanonical", "instantiatesUri", "intent", "issued", "lastUpdated", "line", "lotNumber", "mode"),
        *("lowerLimit", "notDone", "notGiven", "numberOfRepeatsAllowed", "patientInstruction", "periodUnit"),
        *("postalCode", "preferred", "prefix", "profile", "rank", "recorded", "recordedDate", "relation", "sequence"),
        *("source", "start", "state", "status", "suffix", "system", "taken", "time", "timeOfDay", "timestamp", "title"),
        *("total", "unit", "upperLimit", "url", "userSelected", "version", "versionId", "wasNotGiven", "wasNotTaken"),
        *("when", "language"),
    }
)
_PRIMITIVE_TYPES: Final = (
    *("Boolean", "Canonical", "Code", "Date", "DateTime", "Decimal", "Id", "Instant", "Integer", "Markdown", "Oid"),
    *("PositiveInt", "String", "Time", "UnsignedInt", "Uri", "Url", "Uuid", "Base64Binary", "Integer64"),
)
_PRIMITIVE_CHOICES: Final = frozenset(f"{base}{kind}" for base in CHOICES for kind in _PRIMITIVE_TYPES)
# Where elements of these names are objects; they are primitive elsewhere.
_OBJECTS_IN: Final[dict[str, frozenset[str]]] = {
    "code": frozenset({"", "component", "timing", "evidence", "adherence"}),
    "text": frozenset({""}),
    "value": VALUE_HOLDERS,
    "reference": frozenset({"medication", "reason", "item"}),
    "language": frozenset({"communication"}),
}


def is_list(name: str) -> bool:
    """Whether FHIR has a list for an element."""
    return name in _LISTS


def is_primitive(name: str, within: str) -> bool:
    """Whether an element is of a primitive type, ``within`` a resource (empty) or an element of that name."""
    if name in _OBJECTS_IN:
        return within not in _OBJECTS_IN[name]
    return name in _PRIMITIVES or name in _PRIMITIVE_CHOICES


_SPECIAL: Final[dict[str, Property]] = {
    RDF_TYPE: Property("", Role.NOTHING),
    NODE_ROLE: Property("", Role.NOTHING),
    INDEX: Property("", Role.NOTHING),
    VALUE: Property("value", Role.VALUE),
    V: Property("v", Role.BESIDE),
    LINK: Property("link", Role.BESIDE),
    L: Property("l", Role.BESIDE),
}


class Properties(dict[str, Property]):
    """Properties by their IRI, each found out once."""

    def __missing__(self, iri: str) -> Property:
        """Find out what a property is."""
        self[iri] = known = _SPECIAL.get(iri) or _property(iri)
        return known


def _property(iri: str) -> Property:
    local = iri.removeprefix(FHIR)
    if local == iri or not local or "/" in local or "#" in local:
        return Property("", Role.FOREIGN)
    name = local.rpartition(".")[2]
    if len(name) > 1 and name.startswith("_"):
        return Property(name[1:], Role.MODIFIED)
    if name in RESOURCES:
        return Property(name, Role.RESOURCE)
    return Property(name, Role.NAMED if name in CHOICES or name in INTEGERS else Role.PLAIN)


def owner(iri: str) -> str:
    """The type that, by the name of an R4 property, has it: ``Observation.component``; empty where it does not say."""
    return iri.removeprefix(FHIR).rpartition(".")[0] if iri.startswith(FHIR) else ""
