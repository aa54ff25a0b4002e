"""Files and folders as patients, one after another, in bounded memory (semantics, section 7.1).

A source is a file or a folder; a folder is one data set, joined by patient. It is read once to learn whose each item
is. A small source is kept as it was parsed; of a large one the texts of one patient's items are read again, when it is
his turn.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Final

from il2kg.errors import RecordError
from il2kg.read.fhir.patients import PatientResources
from il2kg.read.sources.holdings import Group, Holdings
from il2kg.read.sources.json_documents import Part
from il2kg.read.sources.packed import PackedPatient
from il2kg.read.sources.spill import IN_MEMORY, Content, Spill
from il2kg.read.sources.versions import without_versions
from il2kg.record import Problem

_FHIR_NAMES: Final = (".json", ".ndjson", ".jsonl")
_NAMED: Final = 5
_PACKED_TO: Final = 10  # how much gzip packs JSON, about
_SNIFFED: Final = 1 << 12
_NAMESAKE: Final = Problem("a patient of the same id at another address is in the source, and is read as another", "")


def patients(path: Path) -> Iterator[PatientResources]:
    """The patients of a file or folder, in the order in which it names them.

    Raises:
        RecordError: it cannot be used as a whole (see `open_source`).
    """
    with open_source(path) as source:
        yield from source.patients()


def patients_of(values: Iterable[object], name: str) -> Iterator[PatientResources]:
    """The patients of parsed JSON values that are one source together, which output is to call ``name``.

    Raises:
        RecordError: nothing in them is about a patient.
    """
    holdings = Holdings(small=True)
    for value in values:
        holdings.gather_part(Part("", value, 0, 0))
    yield from _patients(holdings, name)


@contextmanager
def open_source(path: Path) -> "Iterator[Source]":
    """A file or folder, read once.

    Raises:
        RecordError: a file cannot be read or is not FHIR JSON, or nothing in it is about a patient.
    """
    with Spill() as spill:
        yield Source(path, spill)


def size_on_disk(path: Path) -> int:
    """About how many bytes of JSON a file or folder holds, without opening it."""
    if not path.is_dir():
        return _size(path)
    return sum(map(_size, _files(path)))


class Source:
    """A file or folder that has been read once, and gives its patients."""

    def __init__(self, path: Path, spill: Spill) -> None:
        """Read a file or folder; what cannot be read twice goes into ``spill``."""
        self.name = str(path)
        files = (
            [(path, "")] if not path.is_dir() else [(file, file.relative_to(path).as_posix()) for file in _files(path)]
        )
        contents = (Content(file, name, spill) for file, name in files)
        opened, small = _at_hand(contents)
        self._holdings = Holdings(small=small)
        unread: list[str] = []
        for content in chain(opened, contents):
            if content.name and not _is_fhir(content):
                unread.append(content.name)
                content.close()
                continue
            try:
                self._holdings.gather(content)
            except RecordError as error:
                raise RecordError(f"{content.name}: {error}" if content.name else str(error)) from error
        self._holdings.problems += _unread(unread)

    @property
    def is_small(self) -> bool:
        """Whether it is held in memory, parsed."""
        return self._holdings.small

    def patients(self) -> Iterator[PatientResources]:
        """The patients, in the order in which the source names them. To be asked once."""
        if not self.is_small:
            yield from (packed.unpack() for packed in self.packed())
            return
        yield from _patients(self._holdings, self.name)

    def packed(self) -> Iterator[PackedPatient]:
        """The patients of a source that is not small, not yet parsed. To be asked once."""
        for name, group in _named(self._holdings, self.name):
            parts, medications = self._holdings.pack(group)
            problems = _problems(group, self._holdings)
            yield PackedPatient(name, group.patient, parts, medications, problems, group.unusable)


def _patients(holdings: Holdings, source: str) -> Iterator[PatientResources]:
    """The patients of what was kept as it was parsed."""
    kept = holdings.kept
    for name, group in _named(holdings, source):
        doubts = group.doubts
        found = [kept[row].doubted(doubts.get(row)) for row in group.rows] if doubts else [kept[r] for r in group.rows]
        said = _problems(group, holdings)
        yield PatientResources(group.patient, without_versions(found), holdings.medications, said, group.unusable, name)


def _named(holdings: Holdings, source: str) -> Iterator[tuple[str, Group]]:
    """Each patient with the name of his record: that of the source, and his own where it has several."""
    groups = holdings.groups()
    first, second = next(groups), next(groups, None)
    if second is None:
        yield source, first
        return
    for group in chain((first, second), groups):
        yield f"{source}#{group.patient}", group


def _problems(group: Group, holdings: Holdings) -> tuple[Problem, ...]:
    return (*holdings.problems, _NAMESAKE) if group.namesake else tuple(holdings.problems)


def _at_hand(contents: Iterable[Content]) -> tuple[list[Content], bool]:
    """The first files of a source, and whether they are all of it and small enough to be held in memory."""
    opened: list[Content] = []
    room = IN_MEMORY
    for content in contents:
        opened.append(content)
        room -= len(content.read(0, room + 1))
        if room < 0:
            return opened, False
    return opened, True


def _files(folder: Path) -> list[Path]:
    """All files of a folder and its folders, in order; hidden ones are none of it."""
    found: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        found += [Path(place, name) for name in names if not name.startswith(".")]
    return sorted(found)


def _size(file: Path) -> int:
    try:
        size = file.stat().st_size
    except OSError:
        return 0  # who reads it says so
    return size * _PACKED_TO if file.suffix.lower() == ".gz" else size


def _is_fhir(content: Content) -> bool:
    """Whether a file of a folder is to be read: by its name, or because it looks like FHIR JSON."""
    if content.path.name.lower().removesuffix(".gz").endswith(_FHIR_NAMES):
        return True
    head = content.read(0, _SNIFFED)
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"resourceType"' in head


def _unread(names: list[str]) -> list[Problem]:
    if not names:
        return []
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return [Problem("files that are no FHIR JSON were not read", "", ", ".join(names[:_NAMED]) + more)]
