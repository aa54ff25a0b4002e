"""RDF of any syntax as graphs by subject, safely: nothing is fetched, nothing is executed, and limits are kept.

Nothing that a document names is opened: no context of JSON-LD, no entity or document type of XML, no imported ontology.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import IO, Final, cast

import pyoxigraph as ox

from il2kg.errors import RecordError
from il2kg.rdf.formats import LONGEST_MARK, TITLES, RdfFormat, without_mark
from il2kg.rdf.graphs import Graph
from il2kg.rdf.iris import document_base, label_prefix
from il2kg.rdf.jsonld import with_contexts
from il2kg.rdf.limits import LIMITS, Limits
from il2kg.rdf.quads import grouped, grouped_in_turn
from il2kg.rdf.scanning import check_turtle, check_xml, scanned
from il2kg.rdf.terms import check_length, shown

_PORTION: Final = 1 << 12
"""How many quads are carried over together."""
_PARSERS: Final = {
    RdfFormat.TURTLE: ox.RdfFormat.TURTLE,
    RdfFormat.TRIG: ox.RdfFormat.TRIG,
    RdfFormat.N_TRIPLES: ox.RdfFormat.N_TRIPLES,
    RdfFormat.N_QUADS: ox.RdfFormat.N_QUADS,
    RdfFormat.JSON_LD: ox.RdfFormat.JSON_LD,
    RdfFormat.RDF_XML: ox.RdfFormat.RDF_XML,
}
_TURTLES: Final = frozenset({RdfFormat.TURTLE, RdfFormat.TRIG})
_STAR: Final = b"<<"
_PLACE: Final = re.compile(r"(?:Parser error )?(?P<where>(?:at|between) line .*?): (?P<what>.*)", re.DOTALL)


def parse(
    data: bytes, form: RdfFormat, *, name: str = "", base: str | None = None, limits: Limits = LIMITS
) -> list[Graph]:
    """The graphs of a document that have triples, in the order in which they begin.

    Args:
        data: the document, unpacked.
        form: its format.
        name: what tells it from other documents; its blank nodes and its relative IRIs meet those of no other.
        base: what relative IRIs are resolved against; `document_base` of the name if it is None.
        limits: how large it may be.

    Raises:
        RecordError: it is not in that format, or not in UTF-8; it needs what lies outside of it, or has triples about
            triples; a limit is passed.
    """
    if len(data) > limits.document:
        raise _too_long(limits)
    data = without_mark(data)
    base = document_base(name) if base is None else base
    prefix = label_prefix(name)
    if form in _TURTLES:  # whose parser would say neither the line nor what to do
        _check_utf8(data)
    return grouped(_quads(_checked(data, form, limits), form, base), prefix, limits)


def parse_stream(
    chunks: Iterable[bytes], form: RdfFormat, *, name: str = "", base: str | None = None, limits: Limits = LIMITS
) -> Iterator[Graph]:
    """The graphs of a document, as `parse` gives them; of N-Quads and TriG each when the next begins.

    No more than one graph is then held, so what is said of it must stand together, and a blank node that stands in two
    graphs is two. Other formats are held as a whole.

    Raises:
        RecordError: as `parse`, or a graph goes on after others.
    """
    base = document_base(name) if base is None else base
    pieces = _without_mark(chunks)
    if form is RdfFormat.N_QUADS:
        pieces = _whole_lines(pieces, limits)
    elif form is RdfFormat.TRIG:
        pieces = scanned(pieces, limits)
    else:
        yield from parse(_joined(pieces, limits), form, name=name, base=base, limits=limits)
        return
    yield from grouped_in_turn(_quads(_Pieces(pieces), form, base), label_prefix(name), limits)


class _Pieces:
    """Pieces of a document as the file that a parser reads."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._piece = b""
        self._at = 0

    def read(self, size: int) -> bytes:
        """The next bytes; no more than asked for, and none at the end only."""
        while self._at == len(self._piece):
            piece = next(self._pieces, None)
            if piece is None:
                return b""
            self._piece, self._at = piece, 0
        portion = self._piece[self._at : self._at + size]
        self._at += len(portion)
        return portion


def _quads(source: bytes | _Pieces, form: RdfFormat, base: str) -> Iterator[str]:
    """What a document says, as N-Quads, many at a time."""
    try:
        quads = ox.parse(cast("bytes | IO[bytes]", source), _PARSERS[form], base_iri=base)
        while portion := ox.serialize(islice(quads, _PORTION), format=ox.RdfFormat.N_QUADS):
            yield portion.decode()
    except (SyntaxError, ValueError, OSError) as error:
        raise RecordError(f"is not {TITLES[form]}: {_why(error)}") from None


def _checked(data: bytes, form: RdfFormat, limits: Limits) -> bytes:
    """A document that a parser may see."""
    if form is RdfFormat.JSON_LD:
        return with_contexts(data, limits)
    if form is RdfFormat.RDF_XML:
        check_xml(data, limits)
    elif form in _TURTLES or _STAR in data:
        check_turtle(data, limits)
    return data


def _check_utf8(data: bytes) -> None:
    try:
        data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise RecordError(f"is not in UTF-8 (line {line}); save it as UTF-8") from None


def _without_mark(chunks: Iterable[bytes]) -> Iterator[bytes]:
    head, begun = b"", False
    for chunk in chunks:
        if begun:
            yield chunk
        else:
            head += chunk
            if len(head) >= LONGEST_MARK:
                yield without_mark(head)
                begun = True
    if not begun:
        yield without_mark(head)


def _whole_lines(pieces: Iterable[bytes], limits: Limits) -> Iterator[bytes]:
    """Pieces that end where lines do, each checked."""
    rest = b""
    for piece in chain(pieces, (b"\n",)):
        text = rest + piece
        end = text.rfind(b"\n") + 1
        lines, rest = text[:end], text[end:]
        check_length(rest, limits)
        if _STAR in lines:
            check_turtle(lines, limits)
        yield lines


def _joined(pieces: Iterable[bytes], limits: Limits) -> bytes:
    """The whole document."""
    read: list[bytes] = []
    left = limits.document
    for piece in pieces:
        left -= len(piece)
        if left < 0:
            raise _too_long(limits)
        read.append(piece)
    return b"".join(read)


def _too_long(limits: Limits) -> RecordError:
    return RecordError(
        f"has more than {limits.document} bytes in one document; write N-Quads, with a graph for each patient"
    )


def _why(error: Exception) -> str:
    said = getattr(error, "msg", None) or str(error)
    matched = _PLACE.fullmatch(said)
    return shown(f"{matched['what']} ({matched['where']})" if matched else said)
