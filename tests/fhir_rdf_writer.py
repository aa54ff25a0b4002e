"""FHIR JSON as FHIR RDF, in the style of R4 and in that of R5, for tests.

What RDF cannot carry is left out: JSON nulls that stand for nothing, and in R4 empty lists. In R5, items of a list that
an extension modifies come in a list of their own, so their place among the others is lost. Choices are written without
their type (``fhir:value``) in the resources that are read; others keep the name that JSON gives them.
"""

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from enum import Enum, auto
from typing import Any

Element = dict[str, Any]

BASE = "http://hl7.org/fhir/"
PREFIXES = """@prefix fhir: <http://hl7.org/fhir/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix loinc: <http://loinc.org/rdf#> .
@prefix sct: <http://snomed.info/id/> .
"""


class Style(Enum):
    """How FHIR RDF is written."""

    R4 = auto()
    R5 = auto()


_IRI = re.compile(r"(?:https?://|urn:)[^\x00-\x20<>\"{}|^`\\]+")
_RELATIVE = re.compile(r"[A-Z][A-Za-z]+/[A-Za-z0-9.\-]+")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*")
_CODE = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)?")
_CONCEPTS = {"http://loinc.org": "loinc", "http://snomed.info/sct": "sct"}

# Names whose strings are of another type than string.
_DATES = {
    *("issued", "birthDate", "authoredOn", "recordedDate", "recorded", "assertedDate", "dateAsserted", "dateWritten"),
    *("start", "end", "lastUpdated", "timestamp", "date", "expirationDate", "dateRecorded", "event"),
}
_URIS = {"system", "url", "fullUrl", "profile", "implicitRules", "source", "instantiatesCanonical", "instantiatesUri"}
_INTEGERS = {"total", "frequency", "frequencyMax", "count", "rank", "sequence", "numberOfRepeatsAllowed", "dimensions"}
_PRIMITIVES = {
    *("boolean", "integer", "string", "decimal", "uri", "url", "canonical", "base64Binary", "instant", "date"),
    *("dateTime", "time", "code", "oid", "id", "markdown", "unsignedInt", "positiveInt", "uuid"),
}
_TYPES = {
    *("Quantity", "CodeableConcept", "Coding", "Range", "Ratio", "Period", "SampledData", "Reference", "Attachment"),
    *("Identifier", "Age", "Duration", "Timing", "Annotation", "HumanName", "Address", "ContactPoint", "Money"),
    *("Count", "Distance", "Signature"),
}
_SUFFIXES = {name[0].upper() + name[1:]: name for name in (*_PRIMITIVES, *_TYPES)}
_CHOICES = {
    *("value", "effective", "onset", "abatement", "performed", "occurence", "occurrence", "medication", "item", "rate"),
    *("dose", "deceased", "multipleBirth", "bounds", "effectiveTime"),
}
_VALUE_HOLDERS = {"", "component", "extension", "modifierExtension", "parameter", "part"}

# The types that own the elements of R4, where they are not the resource: by the name of the element that is of them.
_DATATYPES = {
    "identifier": "Identifier",
    "telecom": "ContactPoint",
    "name": "HumanName",
    "address": "Address",
    "meta": "Meta",
    "text": "Narrative",
    "note": "Annotation",
    "extension": "Extension",
    "modifierExtension": "Extension",
    "timing": "Timing",
    "dosageInstruction": "Dosage",
    "coding": "Coding",
    "tag": "Coding",
    "security": "Coding",
    "class": "Coding",
    "low": "Quantity",
    "high": "Quantity",
    "numerator": "Quantity",
    "denominator": "Quantity",
}
_SHAPES = (
    ("CodeableReference", {"concept"}, {"concept", "reference"}),
    ("CodeableConcept", {"coding", "text"}, {"coding", "text"}),
    ("Period", {"start", "end"}, {"start", "end"}),
    ("Range", {"low", "high"}, {"low", "high"}),
    ("Ratio", {"numerator", "denominator"}, {"numerator", "denominator"}),
    ("Quantity", {"value", "unit", "comparator"}, {"value", "unit", "system", "code", "comparator"}),
    ("Reference", {"reference", "display", "identifier"}, {"reference", "display", "identifier", "type"}),
    ("Coding", {"system", "code"}, {"system", "code", "display", "version", "userSelected"}),
)
_OF_EVERY_RESOURCE = {"id": "Resource", "meta": "Resource", "implicitRules": "Resource", "language": "Resource"}
_OF_MOST_RESOURCES = dict.fromkeys(("text", "contained", "extension", "modifierExtension"), "DomainResource")
_OF_ELEMENTS = {"id": "Element", "extension": "Element", "modifierExtension": "BackboneElement"}


def as_turtle(content: Element, style: Style, *, base: str = BASE, links: bool = True, capitals: bool = False) -> str:
    """A resource as Turtle.

    ``base`` is where resources without an address of their own lie. ``links``: references come with the IRI of what
    they mean. ``capitals``: R5 types as ``fhir:DateTime``.
    """
    return PREFIXES + "".join(_Writer(style, base, links, capitals).document(content))


class _Writer:
    def __init__(self, style: Style, base: str, links: bool, capitals: bool) -> None:
        self._style = style
        self._base = base
        self._links = links
        self._capitals = capitals
        self._apart: list[str] = []
        self._named: set[str] = set()

    def document(self, content: Element) -> Iterator[str]:
        kind, identifier = content.get("resourceType"), content.get("id")
        known = isinstance(kind, str) and isinstance(identifier, str) and _RELATIVE.fullmatch(f"{kind}/{identifier}")
        subject = f"<{self._base}{kind}/{identifier}>" if known else "_:root"
        self._named.add(subject)
        yield f"{subject} {self._resource(content, ['fhir:nodeRole fhir:treeRoot'])} .\n"
        yield from self._apart

    def _resource(self, content: Element, more: list[str]) -> str:
        kind = str(content["resourceType"])
        modified = self._style is Style.R5 and "modifierExtension" in content
        said = [f"a fhir:{'_' if modified else ''}{kind}", *more]
        rest = {name: value for name, value in content.items() if name != "resourceType"}
        return " ;\n".join((*said, *self._elements(rest, kind, "")))

    def _elements(self, holder: Element, owner: str, within: str) -> Iterator[str]:
        for name in dict.fromkeys(key.removeprefix("_") for key in holder):
            value = holder.get(name)
            if within == "entry" and name == "resource" and isinstance(value, dict):
                prefix = "Bundle.entry." if self._style is Style.R4 else ""
                yield f"fhir:{prefix}resource {self._entry(value, holder.get('fullUrl'))}"
            elif _NAME.fullmatch(name):
                yield from self._element(name, value, holder.get(f"_{name}"), owner, within)

    def _entry(self, content: Element, address: Any) -> str:
        """A resource in a Bundle: a node of its own if its address is an IRI and nobody else's, else one without."""
        iri = f"<{address}>"
        if not isinstance(address, str) or not _IRI.fullmatch(address) or iri in self._named:
            return f"[ {self._resource(content, [])} ]"
        self._named.add(iri)
        self._apart.append(f"{iri} {self._resource(content, [])} .\n")
        return iri

    def _element(self, name: str, value: Any, beside: Any, owner: str, within: str) -> Iterator[str]:
        if value is None and beside is None:
            return
        listed = isinstance(value if value is not None else beside, list)
        values = (value if value is not None else [None] * len(beside or ())) if listed else [value]
        extras = (beside or [None] * len(values)) if listed else [beside]
        items = [
            (self._node(name, one, extra, owner, within, place if listed else None), one)
            for place, (one, extra) in enumerate(zip(values, extras, strict=True))
            if one is not None or extra is not None
        ]
        if self._style is Style.R4:
            yield from (f"fhir:{self._owner(name, owner, within)}.{name} {node}" for node, _ in items)
            return
        plain, _ = _split(name, within)
        modified = [node for node, one in items if isinstance(one, dict) and "modifierExtension" in one]
        usual = [node for node, _ in items if node not in modified]
        for prefix, nodes in (("", usual), ("_", modified)):
            if nodes or (listed and not items and not prefix):
                yield f"fhir:{prefix}{plain} " + (f"( {' '.join(nodes)} )" if listed else nodes[0])

    def _node(self, name: str, value: Any, beside: Any, owner: str, within: str, place: int | None) -> str:
        said: list[str] = []
        if self._style is Style.R5:
            kind = _split(name, within)[1]
            if kind is not None:
                said.append(f"a fhir:{_SUFFIXES[kind] if not self._capitals else kind}")
        elif place is not None:
            said.append(f"fhir:index {place}")
        if isinstance(value, dict):
            if isinstance(value.get("resourceType"), str):
                return f"[ {self._resource(value, said)} ]"
            said += self._concept(value) if name == "coding" else []
            said += self._link(value)
            said += self._elements(value, _type_of(name, value, owner), name)
        elif value is not None:
            said.append(self._literal(name, value))
        if beside is not None:
            said += self._elements(beside, "Element", name)
        return f"[ {' ; '.join(said)} ]"

    def _owner(self, name: str, owner: str, within: str) -> str:
        if within:
            return _OF_ELEMENTS.get(name, owner)
        every = _OF_EVERY_RESOURCE.get(name)
        return every or ("" if owner in ("Bundle", "Parameters") else _OF_MOST_RESOURCES.get(name, "")) or owner

    def _literal(self, name: str, value: Any) -> str:
        text, datatype = _lexical(name, value, self._style)
        predicate = "value" if self._style is Style.R4 else "v"
        quoted = json.dumps(text, ensure_ascii=False)
        return f"fhir:{predicate} {quoted}" + (f"^^xsd:{datatype}" if datatype else "")

    def _concept(self, coding: Element) -> list[str]:
        """What a coding means, as a type."""
        system, code = coding.get("system"), coding.get("code")
        prefix = _CONCEPTS.get(system) if isinstance(system, str) else None
        return [f"a {prefix}:{code}"] if prefix and isinstance(code, str) and _CODE.fullmatch(code) else []

    def _link(self, value: Element) -> list[str]:
        """The IRI of what a reference means."""
        said = value.get("reference")
        if not self._links or not isinstance(said, str):
            return []
        if _RELATIVE.fullmatch(said):
            iri = f"<{self._base}{said}>"
            if iri not in self._named:
                self._named.add(iri)
                self._apart.append(f"{iri} a fhir:{said.partition('/')[0]} .\n")
            return [f"fhir:link {iri}"]
        return [f"fhir:link <{said}>"] if _IRI.fullmatch(said) else []


def _lexical(name: str, value: Any, style: Style) -> tuple[str, str]:
    """A primitive value as a literal: its text, and its XML Schema datatype where it has one."""
    if isinstance(value, bool):
        return ("true" if value else "false"), "boolean"
    if isinstance(value, int | Decimal | float):
        text = str(value)
        if isinstance(value, int) and (name in _INTEGERS or name.endswith("Integer")):
            return text, "integer"
        return text, "double" if style is Style.R5 and "E" in text.upper() else "decimal"
    text = str(value)
    if name in _DATES or name.endswith(("DateTime", "Instant", "Date")):
        return text, _of_a_time(text)
    return text, "anyURI" if style is Style.R5 and (name in _URIS or name.endswith("Uri")) else ""


def _of_a_time(text: str) -> str:
    """The datatype of a date or time, by how exact it is; none for what is neither."""
    forms = {
        "gYear": r"\d{4}",
        "gYearMonth": r"\d{4}-\d\d",
        "date": r"\d{4}-\d\d-\d\d",
        "dateTime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)",
    }
    return next((name for name, form in forms.items() if re.fullmatch(form, text, re.ASCII)), "")


def _split(name: str, within: str) -> tuple[str, str | None]:
    """The name of a choice without its type, and its type; of other elements the name alone."""
    for base in _CHOICES:
        kind = name.removeprefix(base)
        if name.startswith(base) and kind in _SUFFIXES:
            plain = (base == "value" and within not in _VALUE_HOLDERS) or (base == "dose" and within != "doseAndRate")
            return (name, None) if plain else (base, kind)
    return name, None


def _type_of(name: str, value: Element, owner: str) -> str:
    """The type that owns the elements of one: a datatype, or a part of the resource."""
    if name in {"repeat", "doseAndRate"}:
        return f"{owner}.{name}"
    kind = _split(name, "")[1]
    if kind is not None:
        return _SUFFIXES[kind]
    if name in _DATATYPES:
        return _DATATYPES[name]
    keys = {key.removeprefix("_") for key in value} - {"id", "extension"}
    shape = next((shape for shape, some, most in _SHAPES if keys & some and keys <= most), None)
    return shape or f"{owner}.{name}"
