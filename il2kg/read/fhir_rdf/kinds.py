"""Types of FHIR in RDF: that of a resource, and that of an element which may have one of several."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from il2kg.rdf.graphs import Literal, Node, Term
from il2kg.read.fhir_rdf.literals import kind_of
from il2kg.read.fhir_rdf.names import ALWAYS_CHOICES, DOSE_HOLDER, FHIR, VALUE, VALUE_HOLDERS, V, owner
from il2kg.read.limits import REMEMBERED
from il2kg.vocabulary import RDF_TYPE

# What is no type of its own; a reasoner may add these.
_ABSTRACT: Final = frozenset(
    {
        *("Base", "Element", "BackboneElement", "DataType", "PrimitiveType", "BackboneType", "Resource"),
        *("DomainResource", "CanonicalResource", "MetadataResource"),
    }
)
_DATATYPES: Final = frozenset(
    {
        *("Address", "Age", "Annotation", "Attachment", "Availability", "CodeableConcept", "CodeableReference"),
        *("Coding", "ContactDetail", "ContactPoint", "Contributor", "Count", "DataRequirement", "Distance", "Dosage"),
        *("Duration", "ElementDefinition", "Expression", "ExtendedContactDetail", "Extension", "HumanName"),
        *("Identifier", "MarketingStatus", "Meta", "MonetaryComponent", "Money", "MoneyQuantity", "Narrative"),
        *("ParameterDefinition", "Period", "Population", "ProdCharacteristic", "ProductShelfLife", "Quantity", "Range"),
        *("Ratio", "RatioRange", "Reference", "RelatedArtifact", "SampledData", "Signature", "SimpleQuantity"),
        *("SubstanceAmount", "Timing", "TriggerDefinition", "UsageContext", "VirtualServiceDetail", "Xhtml"),
        *("Boolean", "Canonical", "Code", "Date", "DateTime", "Decimal", "Id", "Instant", "Integer", "Markdown", "Oid"),
        *("PositiveInt", "String", "Time", "UnsignedInt", "Uri", "Url", "Uuid", "Base64Binary", "Integer64"),
    }
)
_QUANTITIES: Final = {"SimpleQuantity": "Quantity", "MoneyQuantity": "Quantity"}
_MEASURES: Final = frozenset({"Age", "Count", "Distance", "Duration", "Money"})
"""Types that are Quantities, too, as a reasoner may say."""
# What of a choice tells its type where nothing says it.
_TOLD_BY: Final = {
    "coding": "CodeableConcept",
    "text": "CodeableConcept",
    "reference": "Reference",
    "start": "Period",
    "end": "Period",
    "low": "Range",
    "high": "Range",
    "numerator": "Ratio",
    "denominator": "Ratio",
    "origin": "SampledData",
    "value": "Quantity",
    "unit": "Quantity",
    "comparator": "Quantity",
}


@lru_cache(maxsize=REMEMBERED)
def _classes(terms: tuple[Term, ...]) -> tuple[str, ...]:
    """The names of the FHIR classes among the types of a node, without those that say little, each once.

    A primitive type may be written ``fhir:dateTime`` or ``fhir:DateTime``. A resource that an extension modifies
    (``fhir:_Observation``) keeps its underscore.
    """
    names = [term.removeprefix(FHIR) for term in terms if isinstance(term, str) and term.startswith(FHIR)]
    capital = (name[:1].upper() + name[1:] for name in names if "/" not in name and "#" not in name)
    classes = dict.fromkeys(name for name in capital if name and name not in _ABSTRACT)
    return tuple(name for name in classes if name in names or name in _DATATYPES)


def resource_kinds(node: Node) -> list[str]:
    """The types of resource that a node has; by the names of its R4 properties where nothing says it."""
    said = [name for name in _classes(tuple(node.get(RDF_TYPE, ()))) if name not in _DATATYPES]
    if said:
        return said
    owners = dict.fromkeys(map(owner, node))
    return [name for name in owners if name[:1].isupper() and "." not in name and name not in _ABSTRACT | _DATATYPES]


def choice(name: str, within: str, node: Node, value: Any) -> str | None:
    """The name in JSON of an element that may have one of several types; None where nobody can tell which it has."""
    if (name == "value" and within not in VALUE_HOLDERS) or (name == "dose" and within != DOSE_HOLDER):
        return name
    kinds = [_QUANTITIES.get(kind, kind) for kind in _classes(tuple(node.get(RDF_TYPE, ())))]
    if not _MEASURES.isdisjoint(kinds):
        kinds = [kind for kind in kinds if kind != "Quantity"]
    if len(kinds) == 1:
        return name if kinds[0] == "CodeableReference" else f"{name}{kinds[0]}"
    if kinds:
        return None
    kind = _told_by(node, value)
    if name not in ALWAYS_CHOICES:
        return f"{name}{kind}" if name == "author" and not isinstance(value, Mapping | list) else name
    return None if kind is None else f"{name}{kind}"


def _told_by(node: Node, value: Any) -> str | None:
    """The type of a value of which nothing says it: mostly primitive ones, whose literals have a datatype."""
    literal = next((terms[0] for key in (V, VALUE) if (terms := node.get(key))), None)
    if isinstance(literal, Literal):
        return kind_of(literal)
    if not isinstance(value, Mapping):
        return None
    kinds = {_TOLD_BY[key] for key in value if key in _TOLD_BY}
    if not kinds and "code" in value:
        return "Coding"
    return kinds.pop() if len(kinds) == 1 else None
