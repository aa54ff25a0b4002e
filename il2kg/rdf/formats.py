"""The formats of RDF: what they are called, how their files end, and how their text begins."""

import re
from enum import StrEnum
from typing import Final

from il2kg.errors import RecordError


class RdfFormat(StrEnum):
    """A format, by the name that it has on the command line."""

    TURTLE = "turtle"
    TRIG = "trig"
    N_TRIPLES = "nt"
    N_QUADS = "nq"
    JSON_LD = "jsonld"
    RDF_XML = "rdfxml"


TITLES: Final = {
    RdfFormat.TURTLE: "Turtle",
    RdfFormat.TRIG: "TriG",
    RdfFormat.N_TRIPLES: "N-Triples",
    RdfFormat.N_QUADS: "N-Quads",
    RdfFormat.JSON_LD: "JSON-LD",
    RdfFormat.RDF_XML: "RDF/XML",
}
"""What people call the formats."""

_ALIASES: Final = {
    **{form.value: form for form in RdfFormat},
    "ttl": RdfFormat.TURTLE,
    "n-triples": RdfFormat.N_TRIPLES,
    "ntriples": RdfFormat.N_TRIPLES,
    "n-quads": RdfFormat.N_QUADS,
    "nquads": RdfFormat.N_QUADS,
    "json-ld": RdfFormat.JSON_LD,
    "rdf": RdfFormat.RDF_XML,
    "rdf/xml": RdfFormat.RDF_XML,
    "rdf-xml": RdfFormat.RDF_XML,
    "xml": RdfFormat.RDF_XML,
}
SUFFIXES: Final = {
    ".ttl": RdfFormat.TURTLE,
    ".turtle": RdfFormat.TURTLE,
    ".trig": RdfFormat.TRIG,
    ".nt": RdfFormat.N_TRIPLES,
    ".nq": RdfFormat.N_QUADS,
    ".jsonld": RdfFormat.JSON_LD,
    ".rdf": RdfFormat.RDF_XML,
    ".owl": RdfFormat.RDF_XML,
    ".xml": RdfFormat.RDF_XML,
}
"""How the names of files end; ``.gz`` may follow."""

HEAD: Final = 1 << 16
"""How many bytes of a document `recognised` needs, if it has as many."""

LONGEST_MARK: Final = 4
"""How many bytes a byte order mark may have."""
_MARK: Final = b"\xef\xbb\xbf"
_WIDE: Final = re.compile(rb"\xff\xfe|\xfe\xff|\0[ -~]|[ -~]\0|\0\0")
_NOTHING: Final = re.compile(rb"(?:\s++|#[^\r\n]*+)*+")
_DIRECTIVE: Final = re.compile(rb"@(?:prefix|base)\b|(?i:prefix|base|graph)\s")
_IRI: Final = rb"<[A-Za-z][A-Za-z0-9+.-]*+:[^<>\"{}|^`\\\x00-\x20]*+>"
_RESOURCE: Final = rb"(?:" + _IRI + rb"|_:[^\s<>\"]++)"
_TEXT: Final = rb'"(?:[^"\\\r\n]|\\.)*+"(?:\^\^' + _IRI + rb"|@[A-Za-z0-9-]++)?+"
_QUADS: Final = re.compile(
    rb"(?:[ \t]*+(?:" + _RESOURCE + rb"[ \t]*+" + _IRI + rb"[ \t]*+(?:" + _RESOURCE + rb"|" + _TEXT + rb")[ \t]*+"
    rb"(?:" + _RESOURCE + rb"[ \t]*+)?+\.[ \t]*+)?+(?:#[^\r\n]*+)?+[\r\n]++)++"
)
_SUBJECT: Final = re.compile(rb"<[^<>\"{}|^`\x00-\x20]*+>\s*+[<a-zA-Z_:{]|_:\S++\s++[<a-zA-Z:{]")
_XML: Final = re.compile(rb"<\?xml\s|<!(?:--|DOCTYPE)|<[A-Za-z_][\w.-]*+(?::[\w.-]++)?+(?:\s|/?>)")
_JSON_LD_KEY: Final = re.compile(rb'"@(?:context|id|graph|type)"\s*+:')
_JSON: Final = re.compile(rb'("(?:[^"\\]|\\.)*+"?+)(\s*+:)?|([{\[])|([}\]])', re.DOTALL)


def format_named(name: str) -> RdfFormat | None:
    """The format of that name, None if there is none."""
    return _ALIASES.get(name.lower())


def format_of_file(name: str) -> RdfFormat | None:
    """The format that the name of a file tells, None if it tells none."""
    stem = name.lower().removesuffix(".gz")
    return next((form for suffix, form in SUFFIXES.items() if stem.endswith(suffix)), None)


def recognised(head: bytes) -> RdfFormat | None:
    """The format of a document that begins so; None if it is no RDF, and so for FHIR JSON that has a JSON-LD context.

    Turtle is given as TriG and N-Triples as N-Quads, which hold it: by its beginning alone nobody can tell.

    Raises:
        RecordError: it is UTF-16 or UTF-32.
    """
    text = without_mark(head)
    start = _NOTHING.match(text)
    text = text[start.end() :] if start else text
    if text[:1] in {b"{", b"["}:
        return RdfFormat.JSON_LD if _JSON_LD_KEY.search(text) and _has_keys_of_json_ld(text) else None
    if _DIRECTIVE.match(text):
        return RdfFormat.TRIG
    if _SUBJECT.match(text):
        return RdfFormat.N_QUADS if _whole_lines_are_quads(head, text) else RdfFormat.TRIG
    return RdfFormat.RDF_XML if _XML.match(text) else None


def without_mark(text: bytes) -> bytes:
    """A text without the byte order mark that it may begin with.

    Raises:
        RecordError: it is UTF-16 or UTF-32.
    """
    if _WIDE.match(text):
        raise RecordError("is not in UTF-8, but seems to be in UTF-16 or UTF-32; save it as UTF-8")
    return text.removeprefix(_MARK)


def _whole_lines_are_quads(head: bytes, text: bytes) -> bool:
    """Whether all lines but the last, which may be cut off, are N-Quads."""
    lines = text[: text.rfind(b"\n") + 1] if len(head) >= HEAD else text + b"\n"
    return bool(_QUADS.fullmatch(lines))


def _has_keys_of_json_ld(text: bytes) -> bool:
    """Whether the outer objects have a key of JSON-LD and none of FHIR."""
    depth, outer, has_key = 0, text[:1] == b"[", False
    for token in _JSON.finditer(text):
        if token[3]:
            depth += 1
        elif token[4]:
            depth -= 1
        elif token[2] and depth == 1 + outer:
            if token[1] == b'"resourceType"':
                return False
            has_key = has_key or _JSON_LD_KEY.match(token[0]) is not None
    return has_key
