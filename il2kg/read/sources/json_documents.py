"""JSON files as values, part by part: a document, the entries of a large Bundle, the lines of NDJSON.

Sources: FHIR JSON (R4, R5); FHIR Bulk Data (NDJSON). Semantics, section 7.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import msgspec

from il2kg.errors import RecordError
from il2kg.read.fhir.elements import Element, as_element, as_list, as_text
from il2kg.read.fhir.resources import Resource
from il2kg.read.limits import QUOTED
from il2kg.read.sources.cutting import CutDocument, Stretch, cut
from il2kg.read.sources.json_text import byte_order_mark, decode
from il2kg.read.sources.spill import CHUNK, Content
from il2kg.record import Problem

_LINES: Final = (".ndjson", ".jsonl")
_LONG_LINE: Final = 1 << 16
_NESTED_BUNDLES: Final = 8
_OPENED: Final = frozenset({"Bundle", "Parameters", "OperationOutcome"})
BLANK: Final = b"\xef\xbb\xbf \t\r\n"
"""What is nothing between JSON values, and the mark that may stand before the first."""
_NO_RESOURCE: Final = "is no FHIR resource (it has no resourceType)"


class Part(msgspec.Struct, frozen=True, gc=False):
    """A value of a file, where it stands, in words and in bytes; ``entry``: it is an entry of a Bundle."""

    place: str
    value: object
    start: int
    length: int
    entry: bool = False


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line of NDJSON that cannot be used: where it stands, its text, and why."""

    place: str
    text: bytes
    cause: str


@dataclass(frozen=True, slots=True)
class _Into:
    """What is found, and what is no resource."""

    resources: list[Resource]
    problems: list[Problem]


_Where = tuple[str, int | None]
"""A place and, of an entry of the Bundle there, its number; put into words where they are needed."""


def parts(content: Content, *, small: bool) -> Iterator[Part | BadLine]:
    """The parts of a file. ``small``: a document may be parsed as a whole.

    Raises:
        RecordError: the file cannot be read, or is neither JSON nor NDJSON.
    """
    head = content.read(0, CHUNK)
    begin = byte_order_mark(head)
    if _has_lines(content, head[begin:]):
        yield from _lines(content, begin)
    elif small:
        text = b"".join(content.chunks(begin))
        if text.strip():
            yield Part(content.name, decode(text), begin, len(text))
    elif head[begin:].strip() or len(head) == CHUNK:
        document = cut(content.chunks(begin), begin)
        if document.is_bundle:
            yield from _entries(content, document)
        else:
            text = b"".join(content.chunks(begin))
            yield Part(content.name, decode(text), begin, len(text))


def resources(part: Part, problems: list[Problem]) -> list[Resource]:
    """The resources of a part, Bundles in it opened; what is none becomes a problem."""
    into = _Into([], problems)
    if part.entry:
        _open_entry(part.value, (part.place, None), into, 1)
    else:
        _open(part.value, None, (part.place, None), into, 0)
    return into.resources


def _has_lines(content: Content, head: bytes) -> bool:
    """Whether a file is NDJSON: by its name, or because its first line is a whole object and not the only one."""
    if content.path.name.lower().removesuffix(".gz").endswith(_LINES):
        return True
    first, newline, rest = head.lstrip(BLANK).partition(b"\n")
    if not newline or not first.rstrip(BLANK).endswith(b"}") or not rest.strip(BLANK):
        return False
    try:
        return isinstance(decode(first), dict)
    except RecordError:
        return False


def _lines(content: Content, begin: int) -> Iterator[Part | BadLine]:
    unfinished: list[bytes] = []
    start, number = begin, 0
    for chunk in content.chunks(begin):
        first, newline, rest = chunk.partition(b"\n")
        unfinished.append(first)
        if not newline:
            continue
        *lines, last = rest.split(b"\n")
        for line in (b"".join(unfinished), *lines):
            number += 1
            yield from _line(line, start, _place(content, f"line {number}"))
            start += len(line) + 1
        unfinished = [last]
    yield from _line(b"".join(unfinished), start, _place(content, f"line {number + 1}"))


def _place(content: Content, words: str) -> str:
    return f"{content.name} {words}".lstrip()


def _line(line: bytes, start: int, place: str) -> Iterator[Part | BadLine]:
    """A line, or the entries of the Bundle in it."""
    if not line.strip(BLANK):
        return
    try:
        if len(line) > _LONG_LINE and b'"Bundle"' in line:
            document = cut([line], start)
            if document.is_bundle:
                for piece in document.others():
                    decode(line[piece.start - start :][: piece.length])
                for index, piece in document.entries():
                    yield _entry(place, index, piece, line[piece.start - start :][: piece.length])
                return
        value = decode(line)
        if as_text(as_element(value).get("resourceType")) is None:
            raise RecordError(_NO_RESOURCE)
    except RecordError as error:
        yield BadLine(place, line, str(error))
    else:
        yield Part(place, value, start, len(line))


def _entries(content: Content, document: CutDocument) -> Iterator[Part]:
    """The entries of a large Bundle; what was cut out elsewhere is looked at, too, for it may be wrong."""
    for piece in document.others():
        decode(content.read(piece.start, piece.length))
    for index, piece in document.entries():
        yield _entry(content.name, index, piece, content.read(piece.start, piece.length))


def _entry(within: str, index: int, piece: Stretch, text: bytes) -> Part:
    place = f"{within} Bundle.entry[{index}]".lstrip()
    try:
        return Part(place, decode(text) if piece.length else None, piece.start, piece.length, entry=True)
    except RecordError as error:
        raise RecordError(f"{error} (in {place})") from error


def _open(value: object, full_url: str | None, where: _Where, into: _Into, depth: int) -> None:
    """Take out the resource that a value is or, if it is a Bundle, those in it."""
    kind = value.get("resourceType") if isinstance(value, dict) else None
    if not isinstance(value, dict) or not isinstance(kind, str) or not kind:
        into.problems.append(Problem(_NO_RESOURCE, _words(where)))
    elif kind == "Parameters":
        _open_parameters(value, where, into, depth)
    elif kind != "Bundle":
        identifier = value.get("id")
        named = isinstance(identifier, str | int) and identifier != ""
        name = f"{kind}/{identifier}" if named else _unnamed(kind, where)
        _take(Resource(name, value, None, full_url), into)
    elif depth >= _NESTED_BUNDLES:
        into.problems.append(Problem("Bundles nested too deeply to be read", _words(where)))
    else:
        _open_bundle(value, _words(where), into, depth + 1)


def _open_bundle(bundle: Element, place: str, into: _Into, depth: int) -> None:
    """Take out what is in the entries of a Bundle; mostly an entry holds a resource that has a type and an id."""
    if any(as_element(link).get("relation") == "next" for link in as_list(bundle.get("link"))):
        into.problems.append(Problem("the source says that there is more of it, which is not here", place))
    for index, entry in enumerate(as_list(bundle.get("entry"))):
        try:
            content, full_url = entry["resource"], entry.get("fullUrl")
            kind, identifier = content["resourceType"], content["id"]
        except (KeyError, TypeError):
            _open_entry(entry, (place, index), into, depth)
            continue
        if kind.__class__ is identifier.__class__ is str and kind and identifier and kind not in _OPENED:
            address = full_url if isinstance(full_url, str) and full_url else None
            whole = Resource(f"{kind}/{identifier}", content, None, address)
            if "contained" in content:
                _take(whole, into)
            else:
                into.resources.append(whole)
        else:
            _open_entry(entry, (place, index), into, depth)


def _open_entry(entry: object, where: _Where, into: _Into, depth: int) -> None:
    if not isinstance(entry, dict):
        into.problems.append(Problem(_NO_RESOURCE, _words(where)))
        return
    content = entry.get("resource")
    if content is not None:  # an entry may carry a request or a response alone
        full_url = entry.get("fullUrl")
        _open(content, full_url if isinstance(full_url, str) and full_url else None, where, into, depth)


def _take(resource: Resource, into: _Into) -> None:
    """Take a resource, and the results that are contained in it and say nothing of whose they are."""
    content = resource.content
    if content["resourceType"] == "OperationOutcome":
        _tell_of_errors(resource, into)
    into.resources.append(resource)
    for inner in map(as_element, as_list(content.get("contained"))):
        if inner.get("resourceType") == "Observation":
            subject = content.get("subject") if content.get("subject") is not None else content.get("patient")
            own = inner if "subject" in inner or subject is None else {**inner, "subject": subject}
            into.resources.append(Resource(f"{resource.item}#{inner.get('id', '')}", own, None, resource.full_url))


def _tell_of_errors(outcome: Resource, into: _Into) -> None:
    """What the sender could not give is missing, and nobody knows what it was."""
    for issue in map(as_element, as_list(outcome.content.get("issue"))):
        if issue.get("severity") in ("error", "fatal"):
            said = as_text(issue.get("diagnostics")) or as_text(as_element(issue.get("details")).get("text")) or ""
            into.problems.append(Problem("an error that the source itself reports", outcome.item, said[:QUOTED]))


def _open_parameters(value: Element, where: _Where, into: _Into, depth: int) -> None:
    if depth >= _NESTED_BUNDLES:
        into.problems.append(Problem("Parameters nested too deeply to be read", _words(where)))
        return
    for each in map(as_element, as_list(value.get("parameter"))):
        if each.get("resource") is not None:
            _open(each["resource"], None, where, into, depth + 1)
        if each.get("part") is not None:
            _open_parameters({"parameter": each["part"]}, where, into, depth + 1)


def _words(where: _Where) -> str:
    place, index = where
    return place if index is None else f"{place} Bundle.entry[{index}]".lstrip()


def _unnamed(kind: str, where: _Where) -> str:
    words = _words(where)
    return f"{kind} ({words})" if words else kind
