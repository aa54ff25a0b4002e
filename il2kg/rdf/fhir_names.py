"""JSON-LD of FHIR R4 by the drafts of a context that its working group's tools name.

FHIR publishes no context. These tools write the JSON of a resource, with ``{"value": ...}`` around what is primitive,
and leave the full names to a context for each resource. The names depend on what they stand in; a context that says so
takes a parser seconds. So the names are put into the document instead: ``status`` of an Observation becomes
``fhir:Observation.status``, as in FHIR RDF (R4). What is not known here gets its bare name, and so is not lost.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import msgspec

FHIR_CONTEXT: Final = {
    "@vocab": "http://hl7.org/fhir/",
    "fhir": "http://hl7.org/fhir/",
    "loinc": "http://loinc.org/rdf#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "sct": "http://snomed.info/id/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "resourceType": {"@id": "rdf:type", "@type": "@vocab"},
    "nodeRole": {"@id": "fhir:nodeRole", "@type": "@vocab"},
}
"""What stands in the place of such a context."""

_DRAFT: Final = re.compile(
    r"https?://(?:fhircat\.org/(?:fhir-r[45]/original/contexts|fhir/contexts/r[45])"
    r"|raw\.githubusercontent\.com/fhircat/jsonld_context_files/master/contextFiles(?:/r[45])?)"
    r"/[A-Za-z.]+\.context\.jsonld"
).fullmatch
_TABLE: Final = Path(__file__).parent / "contexts" / "fhir-r4.json"
_PREFIX: Final = "fhir:"
_TYPE: Final = "resourceType"
_QUANTITIES: Final = frozenset({"Age", "Duration"})
"""Types whose elements are those of a Quantity."""


@dataclass(frozen=True, slots=True)
class _Element:
    """The full name of an element, and the type of what it holds."""

    name: str
    part: str


_OF_ALL: Final = {"id": _Element("fhir:Element.id", ""), "extension": _Element("fhir:Element.extension", "Extension")}
_OF_PARTS: Final = {"modifierExtension": _Element("fhir:BackboneElement.modifierExtension", "Extension")}
_OF_RESOURCES: Final = {
    "id": _Element("fhir:Resource.id", ""),
    "meta": _Element("fhir:Resource.meta", "Meta"),
    "implicitRules": _Element("fhir:Resource.implicitRules", ""),
    "language": _Element("fhir:Resource.language", ""),
    "text": _Element("fhir:DomainResource.text", "Narrative"),
    "contained": _Element("fhir:DomainResource.contained", ""),
    "extension": _Element("fhir:DomainResource.extension", "Extension"),
    "modifierExtension": _Element("fhir:DomainResource.modifierExtension", "Extension"),
}


def is_draft(address: str) -> bool:
    """Whether that is the address of such a context."""
    return _DRAFT(address) is not None


def with_full_names(value: Any) -> Any:
    """A document with the names of FHIR RDF in all its resources."""
    if isinstance(value, list):
        return [with_full_names(inner) for inner in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get(_TYPE), str):
        return _named(value, "")
    return {key: inner if key == "@context" else with_full_names(inner) for key, inner in value.items()}


def _named(value: Any, part: str) -> Any:
    if isinstance(value, list):
        return [_named(inner, part) for inner in value]
    if not isinstance(value, dict):
        return value
    resource = value.get(_TYPE)
    elements = (
        _elements(resource.removeprefix(_PREFIX), resource=True) if isinstance(resource, str) else _elements(part)
    )
    named = {}
    for key, inner in value.items():
        element = elements.get(key)
        named[element.name if element else key] = (
            inner if key[:1] == "@" else _named(inner, element.part if element else "")
        )
    return named


@cache
def _tables() -> dict[str, dict[str, dict[str, str | list[str]]]]:
    tables: dict[str, dict[str, dict[str, str | list[str]]]] = msgspec.json.decode(_TABLE.read_bytes())
    return tables


@cache
def _elements(owner: str, *, resource: bool = False) -> dict[str, _Element]:
    """The elements of a type, by the names that they have in JSON."""
    owner = "Quantity" if owner in _QUANTITIES else owner
    elements = dict(_OF_RESOURCES if resource else _OF_ALL | _OF_PARTS)
    for written, kind in _tables()["resources" if resource else "parts"].get(owner, {}).items():
        stem = written.removesuffix("[x]")
        for name, part in [(written, kind)] if isinstance(kind, str) else [(stem + each, each) for each in kind]:
            elements[name] = _Element(f"{_PREFIX}{owner}.{name}" if owner else f"{_PREFIX}{name}", part)
    return elements
