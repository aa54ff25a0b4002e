"""What is looked for in a document before a parser sees it: depth, declarations of XML, triples about triples.

Parsers recurse, or take time that grows with the square of the depth, and one that runs out of its stack takes its
process with it. Each character is looked at once.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

from il2kg.errors import RecordError
from il2kg.rdf.limits import Limits
from il2kg.rdf.terms import STAR, check_length, shown

_HEAD: Final = 1 << 12

# Of Turtle and its kin, what is no syntax: texts, IRIs, escapes and comments. What begins and does not end is taken to
# the end.
_ASIDE: Final = (
    rb'"{3}(?:[^"\\]++|\\.|\\\Z|"(?!""))*+(?:"{3}|\Z)'
    rb"|'{3}(?:[^'\\]++|\\.|\\\Z|'(?!''))*+(?:'{3}|\Z)"
    rb'|"(?:[^"\\\r\n]++|\\.|\\\Z)*+"?+'
    rb"|'(?:[^'\\\r\n]++|\\.|\\\Z)*+'?+"
    rb'|<[^<>"{}|^`\x00-\x20]*+(?:>|\Z)'
    rb"|\\(?:.|\Z)"
    rb"|#[^\r\n]*+"
)
_ASIDES: Final = re.compile(_ASIDE, re.DOTALL)
# All but brackets and what begins a triple about triples.
_BETWEEN: Final = re.compile(rb"""(?:[^()\[\]{}"'<#\\]++|""" + _ASIDE + rb"|<(?!<))++", re.DOTALL)
_BETWEEN_JSON: Final = re.compile(rb"""(?:[^\[\]{}"]++|"(?:[^"\\]++|\\.)*+"?+)++""", re.DOTALL)
_ROUND: Final = bytes.maketrans(b"[]{}", b"()()")
_STAR: Final = b"<"
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
    _still_open(_BETWEEN.sub(b"", data), limits)


def scanned(chunks: Iterable[bytes], limits: Limits) -> Iterator[bytes]:
    """The pieces of such a document, each when it has been looked at.

    Raises:
        RecordError: as `check_turtle`, or a text does not end for too long.
    """
    rest = opened = b""
    for chunk in chunks:
        text = rest + chunk
        opened = _still_open(opened + _BETWEEN.sub(b"", text), limits)
        last = deque(_ASIDES.finditer(text), maxlen=1)
        rest = text[last[0].start() :] if last and last[0].end() == len(text) else b""  # it may go on
        check_length(rest, limits)
        yield chunk


def _still_open(brackets: bytes, limits: Limits) -> bytes:
    """The brackets that are still open."""
    if _STAR in brackets:
        raise RecordError(STAR)
    brackets = brackets.translate(_ROUND)
    depth, left = _taken_off(brackets, limits.depth + 1)
    opened = left.count(b"(")
    if opened and depth <= limits.depth:  # in what is open, levels may lie, too
        depth, _ = _taken_off(brackets + b")" * opened, limits.depth + 1)
    if depth > limits.depth:
        raise too_deep(limits)
    return b"(" * opened


def _taken_off(brackets: bytes, most: int) -> tuple[int, bytes]:
    """How often the innermost brackets can be taken off, and what is left."""
    for times in range(most):
        less = brackets.replace(b"()", b"")
        if len(less) == len(brackets):
            return times, brackets
        brackets = less
    return most, brackets


def check_json(data: bytes, limits: Limits) -> None:
    """Refuse JSON that no parser should see.

    Raises:
        RecordError: it is nested too deeply.
    """
    _still_open(_BETWEEN_JSON.sub(b"", data), limits)


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
    for matched in _XML.finditer(data):
        kind = matched.lastgroup
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
