"""What is looked for in a document before a parser sees it: depth, declarations of XML, triples about triples.

Parsers recurse, or take time that grows with the square of the depth, and one that runs out of its stack takes its
process with it. Each character is looked at once.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from il2kg.errors import RecordError
from il2kg.rdf.limits import Limits
from il2kg.rdf.terms import STAR, check_length, shown

_HEAD: Final = 1 << 12

# Of Turtle and its kin: what is no syntax (texts, IRIs, comments, escapes), then what opens a level, what closes one,
# and what begins a triple about triples. A text or an IRI that does not end is taken to the end.
_TURTLE: Final = re.compile(
    rb'"{3}(?:[^"\\]|\\.|\\\Z|"{1,2}(?!"))*+(?:"{3}|\Z)'
    rb"|'{3}(?:[^'\\]|\\.|\\\Z|'{1,2}(?!'))*+(?:'{3}|\Z)"
    rb'|"(?:[^"\\\r\n]|\\.|\\\Z)*+"?+'
    rb"|'(?:[^'\\\r\n]|\\.|\\\Z)*+'?+"
    rb'|<[^<>"{}|^`\x00-\x20]*+(?:>|\Z)'
    rb"|\\(?:.|\Z)"
    rb"|#[^\r\n]*+"
    rb"|(?P<opens>[(\[{])|(?P<closes>[)\]}])|(?P<star><<)",
    re.DOTALL,
)
# Of XML: comments, sections and instructions, then declarations, then ends of elements, beginnings, and empty ones.
_TAG: Final = rb"""<(?:[^<>"'/]++|/(?!>)|"[^"<]*+"|'[^'<]*+')++"""
_XML: Final = re.compile(
    rb"<!--.*?(?:-->|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)|<\?.*?(?:\?>|\Z)"
    rb"|(?P<declares><!)|(?P<closes></)|(?P<opens>" + _TAG + rb">)|(?P<empty>" + _TAG + rb"/>)",
    re.DOTALL,
)
_ENCODING: Final = re.compile(rb"""\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"'>]*)["']""")
_FHIR_XML: Final = re.compile(rb"""<[A-Za-z]+\s[^>]*?\bxmlns\s*=\s*["']http://hl7\.org/fhir["']""")
_UTF_8: Final = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


def check_turtle(data: bytes, limits: Limits) -> None:
    """Refuse Turtle, TriG, N-Triples or N-Quads that no parser should see.

    Raises:
        RecordError: it is nested too deeply, or has triples about triples.
    """
    for _ in scanned((data,), limits):
        pass


def scanned(chunks: Iterable[bytes], limits: Limits) -> Iterator[bytes]:
    """The pieces of such a document, each when it has been looked at.

    Raises:
        RecordError: as `check_turtle`.
    """
    depth, rest = 0, b""
    for chunk in chunks:
        text, rest = rest + chunk, b""
        for found in _TURTLE.finditer(text):
            kind = found.lastgroup
            if kind == "opens":
                depth += 1
                if depth > limits.depth:
                    raise too_deep(limits)
            elif kind == "closes":
                depth = max(0, depth - 1)
            elif kind == "star":
                raise RecordError(STAR)
            elif found.end() == len(text):  # it may go on
                rest = found[0]
        check_length(rest, limits)
        yield chunk


def check_xml(data: bytes, limits: Limits) -> None:
    """Refuse XML that no parser should see, or that is no RDF.

    Raises:
        RecordError: it declares a document type or entities, is in another encoding than UTF-8, is nested too deeply,
            is FHIR XML, or is cut off.
    """
    declared = _ENCODING.match(data)
    encoding = declared[1].decode("latin-1") if declared else ""
    if encoding and encoding.strip().lower() not in _UTF_8:
        raise RecordError(f"is XML in {shown(encoding)}; save it as UTF-8")
    if _FHIR_XML.search(data[:_HEAD]):
        raise RecordError("is FHIR XML, which is not read; have it as FHIR JSON or FHIR RDF")
    depth = roots = 0
    for found in _XML.finditer(data):
        kind = found.lastgroup
        if kind == "declares":
            raise RecordError(
                "declares a document type or entities (<!DOCTYPE, <!ENTITY), which are not read; take them out"
            )
        if kind in {"opens", "empty"}:
            roots += not depth
        if kind == "opens":
            depth += 1
            if depth > limits.depth:
                raise too_deep(limits)
        elif kind == "closes":
            depth -= 1
    if depth > 0 or roots != 1:
        raise RecordError("is not RDF/XML: it is cut off, or has not one outermost element")


def too_deep(limits: Limits) -> RecordError:
    """The error of a document whose nesting nobody needs to follow to its end."""
    return RecordError(f"is nested deeper than {limits.depth} levels; write it more simply")
