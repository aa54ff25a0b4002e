"""Where each resource of a large source lies: a few numbers a resource; its text is read again when it is wanted."""

from array import array
from bisect import bisect_right
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Final

import msgspec
import numpy as np

from il2kg.read.fhir.resources import Resource, names_of
from il2kg.read.sources.json_documents import Part
from il2kg.read.sources.packed import PackedPart
from il2kg.read.sources.spill import Content
from il2kg.read.sources.versions import has_id

_AT_HAND: Final = 1 << 12
_NO_DOUBTS: Final[Mapping[int, str]] = {}


class Places:
    """Where resources lie: in which file and stretch of it, and which they are of those that are parsed together.

    There may be millions, so that each takes 16 bytes.
    """

    def __init__(self, contents: list[Content]) -> None:
        """``contents``: the files, the last of them the one that is being read."""
        self._contents = contents
        self._first_rows: list[int] = []
        self._start, self._length, self._inner = array("q"), array("I"), array("i")
        self._words: dict[int, str] = {}

    def next_file(self) -> None:
        """What is added from now on lies in the next file."""
        self._first_rows.append(len(self._start))

    def add(self, part: Part, inner: int, resource: Resource) -> None:
        """Note where a resource lies, in the file that is being read."""
        if not has_id(resource.content):
            self._words[len(self._start)] = part.place  # what has no id is called after its place
        self._start.append(part.start)
        self._length.append(part.length)
        self._inner.append(2 * inner + part.entry)

    def __len__(self) -> int:
        return len(self._start)

    def pack(self, rows: Iterable[int], doubts: Mapping[int, str] = _NO_DOUBTS) -> tuple[PackedPart, ...]:
        """The texts of some rows, each with why it is not trusted. Neighbours that lie in one part come in one."""
        packed: list[PackedPart] = []
        within = None
        for row in rows:
            file, start = bisect_right(self._first_rows, row) - 1, self._start[row]
            inner, entry = divmod(self._inner[row], 2)
            wanted = ((inner, doubts.get(row)),)
            if (file, start) == within:
                packed[-1] = msgspec.structs.replace(packed[-1], wanted=packed[-1].wanted + wanted)
                continue
            within = (file, start)
            text = self._contents[file].read(start, self._length[row])
            packed.append(PackedPart(text, self._words.get(row, ""), bool(entry), wanted))
        return tuple(packed)


class MedicationPlaces:
    """Where the Medications of a large source lie, by the names that references may give them."""

    def __init__(self, contents: list[Content]) -> None:
        """``contents``: the files, the last of them the one that is being read."""
        self.places = Places(contents)
        self._names, self._rows = array("q"), array("i")
        self._at_hand: dict[int, tuple[PackedPart, ...]] = {}

    def add(self, part: Part, inner: int, resource: Resource) -> None:
        """Take note of one."""
        row = len(self.places)
        self.places.add(part, inner, resource)
        for name in names_of("Medication", resource.content, resource.full_url):
            self._names.append(hash(name))
            self._rows.append(row)

    @cached_property
    def _sorted(self) -> tuple[np.ndarray, np.ndarray]:
        names = np.frombuffer(self._names, np.int64)
        order = np.argsort(names, kind="stable")
        return names[order], np.frombuffer(self._rows, np.int32)[order]

    def pack(self, references: set[int]) -> tuple[PackedPart, ...]:
        """The texts of those that some references (their hashes) may mean."""
        if not self._names or not references:
            return ()
        names, rows = self._sorted
        wanted = np.fromiter(references, np.int64)
        first, last = np.searchsorted(names, wanted, "left"), np.searchsorted(names, wanted, "right")
        chosen = {int(row) for begin, end in zip(first, last, strict=True) for row in rows[begin:end]}
        return tuple(part for row in sorted(chosen) for part in self._one(row))

    def _one(self, row: int) -> tuple[PackedPart, ...]:
        parts = self._at_hand.get(row)
        if parts is None:
            if len(self._at_hand) >= _AT_HAND:
                self._at_hand.clear()
            parts = self._at_hand[row] = self.places.pack([row])
        return parts
