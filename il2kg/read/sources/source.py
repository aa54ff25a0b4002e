"""Files and folders as patients, one after another, in bounded memory (semantics, section 7).

A source is a file or a folder; a folder is one data set, joined by patient. It is read once to learn whose each item
is. A small source is kept as it was parsed; of a large one the texts of one patient's items are read again, when it is
his turn.
"""

import os
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from il2kg.errors import RecordError
from il2kg.rdf.graphs import Graph
from il2kg.read.fhir.patients import PatientResources
from il2kg.read.patient_graph import Tables, is_patient_graph, read_patients
from il2kg.read.sources.forms import Form, form_of
from il2kg.read.sources.holdings import Group, Holdings
from il2kg.read.sources.joining import joined, named
from il2kg.read.sources.json_documents import Part
from il2kg.read.sources.packed import Packed, PackedPatient, PackedStatements
from il2kg.read.sources.rdf_documents import as_ndjson, entries_of, graphs_of, nothing_of
from il2kg.read.sources.spill import IN_MEMORY, Content, Spill
from il2kg.read.sources.versions import without_versions
from il2kg.record import Problem
from il2kg.statements import Patient, PatientStatements

_NAMED: Final = 5
_PACKED_TO: Final = 10  # how much gzip packs JSON, about
_NAMESAKE: Final = Problem("a patient of the same id at another address is in the source, and is read as another", "")


@dataclass(frozen=True)
class Formats:
    """How files are to be read: what the patient graph's IRIs mean, and the format that was asked for, if one was."""

    tables: Tables
    form: Form | None = None

    def of(self, content: Content) -> Form | None:
        """The format of a file (see `form_of`)."""
        return form_of(content) if self.form is None else self.form


def patients(path: Path, formats: Formats) -> Iterator[Patient]:
    """The patients of a file or folder, in the order in which it names them; ``formats`` are those of its files.

    Raises:
        RecordError: it cannot be used as a whole (see `open_source`).
    """
    with open_source(path, formats) as source:
        yield from source.patients()


def patients_of(values: Iterable[object], name: str) -> Iterator[Patient]:
    """The patients of parsed JSON values that are one source together, which output is to call ``name``.

    Raises:
        RecordError: nothing in them is about a patient.
    """
    holdings = Holdings(small=True)
    for value in values:
        holdings.gather_part(Part("", value, 0, 0))
    yield from named(_kept(holdings), name)


def patients_of_graphs(graphs: Iterable[Graph], name: str, formats: Formats) -> Iterator[Patient]:
    """The patients of RDF graphs that are one source together, which output is to call ``name``.

    Raises:
        RecordError: nothing in them is about a patient.
    """
    holdings, stated = Holdings(small=True), list[Graph]()
    for graph in graphs:
        _gather_graph(graph, holdings, stated, formats.tables)
    yield from named(joined(_kept(holdings, stated), _stated(stated, formats.tables, holdings)), name)


@contextmanager
def open_source(path: Path, formats: Formats) -> "Iterator[Source]":
    """A file or folder, read once; ``formats`` are those of its files.

    Raises:
        RecordError: a file cannot be read or is of no format that is, or nothing in it is about a patient.
    """
    with Spill() as spill:
        yield Source(path, spill, formats)


def size_on_disk(path: Path) -> int:
    """About how many bytes of JSON a file or folder holds, without opening it."""
    if not path.is_dir():
        return _size(path)
    return sum(map(_size, _files(path)))


class Source:
    """A file or folder that has been read once, and gives its patients."""

    def __init__(self, path: Path, spill: Spill, formats: Formats) -> None:
        """Read a file or folder; what cannot be read twice goes into ``spill``."""
        self.name = str(path)
        self._spill, self._formats = spill, formats
        files = (
            [(path, "")] if not path.is_dir() else [(file, file.relative_to(path).as_posix()) for file in _files(path)]
        )
        contents = (Content(file, name, spill) for file, name in files)
        opened, small = _at_hand(contents)
        self._holdings = Holdings(small=small)
        self._stated: list[Graph] = []
        self._streams: list[tuple[Content, Form]] = []
        self._streamed_patients: list[str | None] = []
        unread: list[str] = []
        for content in chain(opened, contents):
            try:
                form = formats.of(content)
                if form is None and content.name:
                    unread.append(content.name)
                    content.close()
                elif form is None or form is Form.FHIR_JSON:
                    self._holdings.gather(content)
                else:
                    self._gather_rdf(content, form)
            except RecordError as error:
                raise RecordError(f"{content.name}: {error}" if content.name else str(error)) from error
        self._holdings.problems += _unread(unread)
        self._check_whole()

    @property
    def is_small(self) -> bool:
        """Whether it is held in memory, parsed."""
        return self._holdings.small

    def patients(self) -> Iterator[Patient]:
        """The patients, in the order in which the source names them. To be asked once.

        Raises:
            RecordError: nothing in it is about a patient.
        """
        if not self.is_small:
            yield from (packed.unpack() for packed in self.packed())
            return
        stated = _stated(self._stated, self._formats.tables, self._holdings)
        yield from named(joined(_kept(self._holdings, self._stated), stated), self.name)

    def packed(self) -> Iterator[Packed]:
        """The patients of a source that is not small, not yet parsed. To be asked once."""
        stated = (patient for content, form in self._streams for patient in self._streamed(content, form))
        packed = map(PackedStatements, stated)
        patients: Iterator[Packed] = packed if self._is_stated_alone() else chain(self._packed_resources(), packed)
        yield from named(patients, self.name)

    def _packed_resources(self) -> Iterator[PackedPatient]:
        for group in self._holdings.groups():
            parts, medications = self._holdings.pack(group)
            problems = _problems(group, self._holdings)
            yield PackedPatient("", group.patient, parts, medications, problems, group.unusable)

    def _is_stated_alone(self) -> bool:
        return bool(self._streams) and self._holdings.is_empty

    def _gather_rdf(self, content: Content, form: Form) -> None:
        graphs = graphs_of(content, form)
        if self.is_small:
            for graph in graphs:
                _gather_graph(graph, self._holdings, self._stated, self._formats.tables)
            return
        name = content.path.with_name(f"{content.path.name}.ndjson")
        before = len(self._streamed_patients)

        def seen() -> Iterator[Graph]:
            for graph in graphs:
                if is_patient_graph(graph, self._formats.tables):
                    self._streamed_patients += [p.patient for p in read_patients([graph], self._formats.tables)]
                yield graph

        made = as_ndjson(seen(), self._holdings.problems, self._formats.tables)
        self._holdings.gather(Content(name, content.name, self._spill, made))
        if len(self._streamed_patients) > before:
            self._streams.append((content, form))

    def _check_whole(self) -> None:
        """Refuse a large source in which a patient of a patient graph stands twice: no record would be whole.

        Raises:
            RecordError: there is one.
        """
        count = Counter([*self._streamed_patients, *(self._holdings.names() if self._streams else ())])
        for patient in self._streamed_patients:
            if count[patient] > 1:
                raise RecordError(
                    f"{patient} stands in several graphs, or in FHIR, too; put what is said of one into one graph"
                )

    def _streamed(self, content: Content, form: Form) -> Iterator[PatientStatements]:
        """The patients of a large file of the patient graph, a graph at a time."""
        for graph in graphs_of(content, form):
            if is_patient_graph(graph, self._formats.tables):
                yield from _stated([graph], self._formats.tables, self._holdings)


def _gather_graph(graph: Graph, holdings: Holdings, stated: list[Graph], tables: Tables) -> None:
    """Take in what a graph holds: FHIR, items of the patient graph, or both; neither is said."""
    entries = entries_of(graph, holdings.problems)
    for entry in entries:
        holdings.gather_part(Part("", entry, 0, 0, entry=True))
    if is_patient_graph(graph, tables):
        stated.append(graph)
    elif not entries:
        holdings.problems.append(nothing_of(graph))


def _stated(graphs: list[Graph], tables: Tables, holdings: Holdings) -> list[PatientStatements]:
    """The patients of patient graphs, which may be none, each with what is wrong with the source."""
    if not graphs:
        return []
    spoilt = holdings.spoilt()
    return [
        replace(
            patient,
            problems=tuple(dict.fromkeys((*patient.problems, *holdings.problems))),
            unusable=spoilt if patient.unusable is None else patient.unusable,
        )
        for patient in read_patients(graphs, tables)
    ]


def _kept(holdings: Holdings, stated: list[Graph] | None = None) -> Iterator[PatientResources]:
    """The patients of what was kept as it was parsed."""
    if stated and holdings.is_empty:
        return
    kept = holdings.kept
    for group in holdings.groups():
        doubts = group.doubts
        resources = (
            [kept[row].doubted(doubts.get(row)) for row in group.rows] if doubts else [kept[r] for r in group.rows]
        )
        said = _problems(group, holdings)
        yield PatientResources(group.patient, without_versions(resources), holdings.medications, said, group.unusable)


def _problems(group: Group, holdings: Holdings) -> tuple[Problem, ...]:
    said = (*holdings.problems, *group.problems, *((_NAMESAKE,) if group.namesake else ()))
    return tuple(dict.fromkeys(said))


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
    paths: list[Path] = []
    for place, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        paths += [Path(place, name) for name in names if not name.startswith(".")]
    return sorted(paths)


def _size(file: Path) -> int:
    try:
        size = file.stat().st_size
    except OSError:
        return 0  # who reads it says so
    return size * _PACKED_TO if file.suffix.lower() == ".gz" else size


def _unread(names: list[str]) -> list[Problem]:
    if not names:
        return []
    more = f" and {len(names) - _NAMED} more" if len(names) > _NAMED else ""
    return [Problem("files that are neither FHIR nor RDF were not read", "", ", ".join(names[:_NAMED]) + more)]
