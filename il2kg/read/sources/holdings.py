"""What a source holds, gathered while it is read once: items, whom they mention, medications, what is wrong.

A small source is kept as it was parsed. Of a large one only places and a few numbers are kept; see `places`.
"""

from array import array
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from il2kg.errors import RecordError
from il2kg.read.elements import Element
from il2kg.read.sources.json_documents import BLANK, BadLine, Found, Part, parts, resources
from il2kg.read.sources.medications import Medications
from il2kg.read.sources.packed import PackedPart
from il2kg.read.sources.patients import Resource, medication_reference
from il2kg.read.sources.places import MedicationPlaces, Places
from il2kg.read.sources.spill import CHUNK, Content
from il2kg.read.sources.subjects import (
    NO_PATIENTS,
    Doubt,
    Form,
    Mention,
    Resolution,
    Subjects,
    mention_of,
    mentioned_in,
    server_of,
)
from il2kg.read.sources.versions import SHARED_ID, has_id, newest
from il2kg.record import Problem

ABOUT_PATIENTS: Final = frozenset(
    {
        "Observation",
        "Condition",
        "Procedure",
        "MedicationAdministration",
        "MedicationStatement",
        "MedicationRequest",
        "Encounter",
    }
)
_MANY_OF_NOBODY: Final = 10_000
_NO_HASH: Final = 0
_NO_SERVER: Final = 0
_SHARED: Final = -1
_SUPERSEDED: Final = -2


@dataclass(frozen=True)
class Group:
    """The rows of one patient, his own and those that may be anybody's, each with why it is not trusted."""

    patient: str | None
    rows: list[tuple[int, str | None]]
    unusable: str | None
    namesake: bool


class Holdings:
    """All that one source holds."""

    def __init__(self, *, small: bool) -> None:
        self.small = small
        self.contents: list[Content] = []
        self.problems: list[Problem] = []
        self.kept: list[Resource] = []
        self.medications = Medications()
        self._places = Places(self.contents)
        self._medication_places = MedicationPlaces(self.contents)
        self._subjects = Subjects()
        self._empty = True
        self._bad: list[tuple[list[Mention], str]] = []
        # One number an item: whom it mentions, a hash of its name, its server; of some: a hash of what they give.
        self._mention, self._item, self._server = array("i"), array("q"), array("i")
        self._servers: dict[str | None, int] = {None: _NO_SERVER}
        self._known: dict[tuple[str, int], int] = {}
        self._giving, self._given = array("i"), array("q")

    # -- gathering

    def gather(self, content: Content) -> None:
        """Read a file to its end.

        Raises:
            RecordError: it cannot be read, or is no JSON.
        """
        self.contents.append(content)
        self._places.next_file()
        self._medication_places.places.next_file()
        self._empty &= not content.read(0, CHUNK).strip(BLANK)
        for part in parts(content, small=self.small):
            if isinstance(part, BadLine):
                self._bad.append((mentioned_in(part.text), f"{part.place} {part.cause}"))
            else:
                self.gather_part(part)
        content.close()

    def gather_part(self, part: Part) -> None:
        """Take in what is in a part of a file."""
        self._empty = False
        for inner, found in enumerate(resources(part, self.problems)):
            self._add(part, inner, found)

    def _add(self, part: Part, inner: int, found: Found) -> None:
        item, full_url, content = found
        kind = content["resourceType"]
        if kind in ABOUT_PATIENTS:
            server = _NO_SERVER
            if full_url is not None:
                server = self._servers.setdefault(server_of(full_url), len(self._servers))
            self._mention.append(self._mentioned(content, full_url, server))
            self._item.append(hash(item) if has_id(content) else _NO_HASH)
            self._server.append(server)
            if self.small:
                self.kept.append(Resource(item, content))
                return
            self._places.add(part, inner, found)
            reference = medication_reference(content) if kind.startswith("Medication") else None
            if reference is not None:
                self._giving.append(len(self._mention) - 1)
                self._given.append(hash(reference))
        elif kind == "Patient":
            self._subjects.add_patient(content, full_url, item.partition("(")[2].removesuffix(")"))
        elif kind in NO_PATIENTS:
            self._subjects.add_other(full_url)
            if kind == "Medication" and self.small:
                self.medications.add(full_url, content)
            elif kind == "Medication":
                self._medication_places.add(part, inner, found)

    def _mentioned(self, content: Element, full_url: str | None, server: int) -> int:
        """The number of whom an item mentions; items mostly do it in the same words."""
        subject = content.get("subject")
        reference = subject.get("reference") if isinstance(subject, dict) else None
        if not isinstance(reference, str):
            return self._subjects.number(mention_of(content, full_url))
        known = self._known.get((reference, server))
        if known is None:
            mention = mention_of(content, full_url)
            known = self._subjects.number(mention)
            if mention.form in (Form.RELATIVE, Form.ADDRESS, Form.URN):
                self._known[reference, server] = known
        return known

    # -- giving

    def groups(self) -> Iterator[Group]:
        """What there is of each patient, in the order in which the source names them.

        Raises:
            RecordError: there is nothing about a patient, or too much of which nobody can tell whose it is.
        """
        for mentions, _ in self._bad:
            for mention in filter(self._subjects.is_patient, mentions):
                self._subjects.number(mention)
        resolution = self._subjects.resolve()
        names: tuple[str | None, ...] = resolution.names
        if not names:
            if not self._mention and not self._bad:
                raise RecordError(self._nothing())
            names = (None,)
        doubts = [who.reason if isinstance(who, Doubt) else None for who in resolution.whose]
        whose = np.array([_SHARED if isinstance(who, Doubt) else who or 0 for who in resolution.whose], np.int32)
        mentioned = np.frombuffer(self._mention, np.int32) if self._mention else np.empty(0, np.int32)
        patients = whose[mentioned]
        shared_ids = self._settle_shared_ids(patients)
        self._item, self._server = array("q"), array("i")  # not needed any more
        order = np.argsort(patients, kind="stable")
        bounds = np.searchsorted(patients[order], np.arange(_SHARED, len(names) + 1))
        shared = [(row, doubts[mentioned[row]]) for row in order[bounds[0] : bounds[1]].tolist()]
        if len(shared) > _MANY_OF_NOBODY and len(names) > 1:
            raise RecordError(f"has {len(shared)} items of which nobody can tell whose they are, among many patients")
        unusable, all_unusable = self._unusable(resolution)
        namesakes = resolution.namesakes()
        for number, name in enumerate(names):
            own = order[bounds[number + 1] : bounds[number + 2]].tolist()
            rows = [(row, shared_ids.get(row)) for row in own] + shared
            yield Group(name, rows, unusable.get(number, all_unusable), number in namesakes)

    def pack(self, rows: list[tuple[int, str | None]]) -> tuple[tuple[PackedPart, ...], tuple[PackedPart, ...]]:
        """The texts of some rows of a large source, and of the medications to which they refer."""
        giving = ((row, bisect_left(self._giving, row)) for row, _ in rows) if self._giving else ()
        references = {
            self._given[place] for row, place in giving if self._giving[place : place + 1] == array("i", [row])
        }
        return self._places.pack(rows), self._medication_places.pack(references)

    def _nothing(self) -> str:
        if self.problems:
            problem = self.problems[0]
            return f"{problem.item} {problem.problem}".lstrip()
        if self._empty:
            return "is empty"
        return "holds nothing about a patient that could be read (no FHIR resource, or only other kinds)"

    def _unusable(self, resolution: Resolution) -> tuple[dict[int, str], str | None]:
        """Whose records the lines that cannot be used spoil, and why; and why all are spoilt, if so."""
        spoilt: dict[int, str] = {}
        everybody = None
        for mentions, cause in self._bad:
            found = {resolution.of(mention) for mention in mentions if mention in resolution.mentions}
            numbers = [who for who in found if isinstance(who, int)]
            spoilt.update((number, cause) for number in numbers if number not in spoilt)
            if not numbers:
                everybody = everybody or cause
        return spoilt, everybody

    def _settle_shared_ids(self, patients: np.ndarray) -> dict[int, str]:
        """Items that are one patient's in one version and another's in another (semantics, section 1).

        Versions that are not the latest are taken out; where that cannot be told, all are in doubt.
        """
        doubts: dict[int, str] = {}
        if not self._item:
            return doubts
        items, servers = np.frombuffer(self._item, np.int64), np.frombuffer(self._server, np.int32)
        in_order = np.sort(items)
        shared = np.unique(in_order[1:][(in_order[1:] == in_order[:-1]) & (in_order[1:] != _NO_HASH)])
        del in_order
        places = np.flatnonzero(np.isin(items, shared) & (patients != _SHARED)) if len(shared) else shared
        places = places[np.argsort(items[places], kind="stable")]
        for rows in np.split(places, np.flatnonzero(np.diff(items[places])) + 1):
            if len(set(patients[rows].tolist())) <= 1:
                continue
            known = set(servers[rows].tolist())
            for server in (None,) if _NO_SERVER in known else known:
                versions = rows.tolist() if server is None else rows[servers[rows] == server].tolist()
                newest_of_all = {versions[number] for number in newest([self._content(row) for row in versions])}
                patients[[row for row in versions if row not in newest_of_all]] = _SUPERSEDED
                if len({int(patients[row]) for row in newest_of_all}) > 1:
                    doubts.update(dict.fromkeys(newest_of_all, SHARED_ID))
        return doubts

    def _content(self, row: int) -> Element:
        if self.small:
            return self.kept[row].content
        (part,) = self._places.pack([(row, None)])
        ((found, _),) = part.unpack()
        return found.content
