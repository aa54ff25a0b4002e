"""Where the resources of a large JSON document begin and end, found without parsing it as a whole.

A Bundle of hundreds of megabytes is one JSON value. What opens and closes in it is counted, many bytes at a time, and
every object or array that lies two levels below the document (the entries of a Bundle) is cut out. What remains is
small, and says what the document is. Each piece is decoded later, by itself, which finds whatever is wrong in it.
"""

from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

import msgspec
import numpy as np

from il2kg.errors import RecordError
from il2kg.read.fhir.elements import as_element
from il2kg.read.limits import DEEPEST
from il2kg.read.sources.json_text import decode, too_deep

_QUOTE, _BACKSLASH = ord('"'), ord("\\")
_CUT_AT: Final = 3  # the document, an array in it, an element of that
_STEP: Final = np.zeros(256, np.int8)
_STEP[list(b"{[")] = 1
_STEP[list(b"}]")] = -1
_LARGEST_FRAME: Final = 256 << 20


class Stretch(msgspec.Struct, frozen=True, gc=False):
    """Some bytes of a content."""

    start: int
    length: int


@dataclass(frozen=True)
class CutDocument:
    """A document without its pieces. ``frame`` has in place of each run of pieces ``{"": number of the first}``."""

    frame: object
    starts: "array[int]"
    ends: "array[int]"
    runs: dict[int, int]

    @property
    def is_bundle(self) -> bool:
        """Whether the pieces are to be read as entries of a Bundle."""
        frame = as_element(self.frame)
        return frame.get("resourceType") == "Bundle" and isinstance(frame.get("entry", []), list)

    def entries(self) -> Iterator[tuple[int, Stretch]]:
        """The entries of a Bundle: number and stretch, which is empty for one that is no object."""
        number = 0
        for element in as_element(self.frame).get("entry", []):
            first = as_element(element).get("")
            if first is None:
                yield number, Stretch(0, 0)
                number += 1
                continue
            for piece in range(first, first + self.runs[first]):
                yield number, self._stretch(piece)
                number += 1

    def others(self) -> Iterator[Stretch]:
        """The pieces that are not entries: what is in them must be JSON all the same."""
        entries = [as_element(e).get("") for e in as_element(self.frame).get("entry", [])]
        for first in self.runs.keys() - set(entries):
            yield from map(self._stretch, range(first, first + self.runs[first]))

    def _stretch(self, piece: int) -> Stretch:
        return Stretch(self.starts[piece], self.ends[piece] - self.starts[piece])


def cut(chunks: Iterable[bytes], begin: int = 0) -> CutDocument:
    """Cut a document that lies in some chunks, the first of which begins at an offset of its content.

    Raises:
        RecordError: what remains is not JSON, or the document is nested too deeply, no object, or not complete.
    """
    frame: list[bytes] = []
    gap: list[bytes] = []
    starts, ends = array("q"), array("q")
    runs: dict[int, int] = {}
    first, size, position = 0, 0, begin
    nesting = _Nesting()
    for chunk in nesting.whole_escapes(chunks):
        opened, closed = nesting.pieces(chunk)
        if not starts and not ends and not gap and not chunk.lstrip().startswith(b"{"):
            raise RecordError("is no FHIR resource (no JSON object)")
        last = 0 if len(starts) == len(ends) else None
        ends.extend((closed + position + 1).tolist())
        after = iter((closed + 1).tolist())
        for start in opened.tolist():
            if last is None:
                last = next(after)
            gap.append(chunk[last:start])
            text = b"".join(gap)
            gap.clear()
            if starts and text.strip(b" \t\r\n") == b",":
                runs[first] += 1
            else:
                first = len(starts)
                runs[first] = 1
                frame += (text, b'{"":%d}' % first)
                size += len(text)
            starts.append(position + start)
            last = next(after, None)
        if last is None:
            last = next(after, None)
        if last is not None:
            gap.append(chunk[last:])
            size += len(chunk) - last
        if size > _LARGEST_FRAME:
            raise RecordError("is too large for one resource; send a Bundle, or one resource a line (NDJSON)")
        position += len(chunk)
    if len(starts) != len(ends):
        raise RecordError("is not JSON: it ends too early")
    return CutDocument(decode(b"".join([*frame, *gap])), starts, ends, runs)


class _Nesting:
    """How deep a document is at each byte, chunk after chunk."""

    def __init__(self) -> None:
        self._depth = 0
        self._in_string = 0

    @staticmethod
    def whole_escapes(chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The same bytes in chunks that do not end in a backslash, so that what it escapes lies beside it."""
        carried = b""
        for piece in chunks:
            chunk = carried + piece
            body = chunk.rstrip(b"\\")
            carried = chunk[len(body) :]
            if body:
                yield body
        if carried:
            yield carried

    def pieces(self, chunk: bytes) -> tuple[np.ndarray, np.ndarray]:
        """Where in a chunk pieces open and close."""
        data = np.frombuffer(chunk, np.uint8)
        quotes = np.flatnonzero(data == _QUOTE)
        if b"\\" in chunk:
            quotes = quotes[~_escaped(quotes, np.flatnonzero(data == _BACKSLASH))]
        steps = _STEP[data]
        places = np.flatnonzero(steps)
        places = places[(np.searchsorted(quotes, places) + self._in_string) % 2 == 0]
        self._in_string = (self._in_string + len(quotes)) % 2
        step = steps[places]
        depth = np.cumsum(step, dtype=np.int64) + self._depth
        if len(depth):
            self._depth = int(depth[-1])
            if depth.max() > DEEPEST:
                raise too_deep()
        return places[(depth == _CUT_AT) & (step > 0)], places[(depth == _CUT_AT - 1) & (step < 0)]


def _escaped(quotes: np.ndarray, backslashes: np.ndarray) -> np.ndarray:
    """Which quotes have an odd number of backslashes right before them."""
    begins = np.diff(backslashes, prepend=-2) != 1
    begin_of_run = np.maximum.accumulate(np.where(begins, backslashes, 0))
    before = np.searchsorted(backslashes, quotes) - 1
    follows = (before >= 0) & (backslashes[before] == quotes - 1)
    escaped: np.ndarray = follows & ((quotes - begin_of_run[before]) % 2 == 1)
    return escaped
