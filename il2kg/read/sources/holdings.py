"""What a source holds, gathered while it is read once: items, whom they mention, medications, what is wrong.

A small source is kept as it was parsed. Of a large one only places and a few numbers are kept; see `places`.
"""

from array import array
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from il2kg.errors import RecordError
from il2kg.read.fhir.doubts import SaidOfPatient, said_of_patient
from il2kg.read.fhir.elements import Element, as_element
from il2kg.read.fhir.resources import Resource, medication_reference
from il2kg.read.sources.json_documents import BLANK, BadLine, Part, parts, resources
from il2kg.read.sources.medications import Medications
from il2kg.read.sources.packed import PackedPart
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
# Types of FHIR that state nothing of a patient's health: money, appointments, records of what was done to records.
_ADMINISTRATIVE: Final = frozenset(
    {
        *("Account", "Appointment", "AppointmentResponse", "AuditEvent", "CareTeam", "ChargeItem", "Claim"),
        *("ClaimResponse", "Consent", "Coverage", "CoverageEligibilityRequest", "CoverageEligibilityResponse"),
        *("EnrollmentRequest", "EpisodeOfCare", "ExplanationOfBenefit", "ImagingStudy", "Invoice", "OperationOutcome"),
        *("PaymentNotice", "Person", "Provenance", "RelatedPerson", "Schedule", "Slot", "Task"),
    }
)
_MANY_OF_NOBODY: Final = 10_000
_NO_HASH: Final = 0
_NO_SERVER: Final = 0
_SHARED: Final = -1
_SUPERSEDED: Final = -2


@dataclass(frozen=True)
class Group:
    """The rows of one patient, his own and then those that may be anybody's; ``doubts``: why one is not trusted."""

    patient: str | None
    rows: Sequence[int]
    doubts: Mapping[int, str]
    unusable: str | None
    namesake: bool
    problems: tuple[Problem, ...] = ()


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
        self._said: list[tuple[int, SaidOfPatient]] = []
        self._said_of_all = SaidOfPatient()
        self._bad: list[tuple[list[Mention], str]] = []
        # One number an item: whom it mentions, its server, a hash of its name; of some: a hash of what they give.
        self._mention, self._server, self._item = array("i"), array("i"), array("q")
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
        for inner, resource in enumerate(resources(part, self.problems)):
            self._add(part, inner, resource)

    def _add(self, part: Part, inner: int, resource: Resource) -> None:
        content, full_url = resource.content, resource.full_url
        kind = content["resourceType"]
        if kind in ABOUT_PATIENTS or _states_something(kind, content):
            server = _NO_SERVER
            if full_url is not None:
                server = self._servers.setdefault(server_of(full_url), len(self._servers))
            try:
                mention = self._known[content["subject"]["reference"], server]
            except (KeyError, TypeError):
                mention = self._mentioned(content, full_url, server)
            self._mention.append(mention)
            self._server.append(server)
            if self.small:
                self.kept.append(resource)
                return
            self._item.append(_hash_of(resource))
            self._places.add(part, inner, resource)
            reference = medication_reference(content) if kind.startswith("Medication") else None
            if reference is not None:
                self._giving.append(len(self._mention) - 1)
                self._given.append(hash(reference))
        elif kind == "Patient":
            self._add_patient(content, full_url, resource.item.partition("(")[2].removesuffix(")"))
        elif kind in NO_PATIENTS:
            self._subjects.add_other(full_url)
            if kind == "Medication" and self.small:
                self.medications.add(full_url, content)
            elif kind == "Medication":
                self._medication_places.add(part, inner, resource)

    def _add_patient(self, content: Element, full_url: str | None, place: str) -> None:
        """Take note of a Patient; of one whom the source does not name, of what it says of the source alone."""
        said = said_of_patient(content)
        if not said.named:
            self.problems += said.problems
            self._said_of_all = said
            return
        number = self._subjects.add_patient(content, full_url, place, said.name)
        if said.problems or said.unusable is not None:
            self._said.append((number, said))

    def _mentioned(self, content: Element, full_url: str | None, server: int) -> int:
        """The number of whom an item mentions, in words that are then known."""
        mention = mention_of(content, full_url)
        number = self._subjects.number(mention)
        reference = as_element(content.get("subject")).get("reference")
        if isinstance(reference, str) and mention.form in (Form.RELATIVE, Form.ADDRESS, Form.URN):
            self._known[reference, server] = number
        return number

    @property
    def is_empty(self) -> bool:
        """Whether nothing that was gathered is about a patient."""
        return not self._mention and not self._bad and not self._subjects.any

    def names(self) -> tuple[str, ...]:
        """All patients whom what was gathered names."""
        return self._subjects.resolve().names

    def spoilt(self) -> str | None:
        """Why every record of the source is spoilt, if so: a line that cannot be used may be anybody's."""
        return self._unusable(self._resolved())[1] if self._bad else None

    def _resolved(self) -> Resolution:
        """Who everybody is, those included whom only lines name that cannot be used."""
        for mentions, _ in self._bad:
            for mention in filter(self._subjects.is_patient, mentions):
                self._subjects.number(mention)
        return self._subjects.resolve()

    # -- giving

    def groups(self) -> Iterator[Group]:
        """What there is of each patient, in the order in which the source names them.

        Raises:
            RecordError: there is nothing about a patient, or too much of which nobody can tell whose it is.
        """
        resolution = self._resolved()
        names: tuple[str | None, ...] = resolution.names
        if not names:
            if not self._mention and not self._bad and self._said_of_all.named:
                raise RecordError(self._nothing())
            names = (None,)
        whose = np.array([_SHARED if isinstance(who, Doubt) else who or 0 for who in resolution.whose], np.int32)
        mentioned = np.frombuffer(self._mention, np.int32) if self._mention else np.empty(0, np.int32)
        patients = whose[mentioned]
        doubts = self._settle_shared_ids(patients) if len(names) > 1 else {}
        self._server, self._item = array("i"), array("q")  # not needed any more
        order = np.argsort(patients, kind="stable")
        bounds = np.searchsorted(patients[order], np.arange(_SHARED, len(names) + 1)).tolist()
        shared = order[bounds[0] : bounds[1]].tolist()
        for row in shared:
            who = resolution.whose[mentioned[row]]
            assert isinstance(who, Doubt)
            doubts[row] = who.reason
        if len(shared) > _MANY_OF_NOBODY and len(names) > 1:
            raise RecordError(f"has {len(shared)} items of which nobody can tell whose they are, among many patients")
        unusable, all_unusable = self._unusable(resolution)
        namesakes = resolution.namesakes()
        problems: defaultdict[int, list[Problem]] = defaultdict(list)
        for patient, said in self._said:
            who = resolution.whose[patient]
            assert isinstance(who, int)
            problems[who] += said.problems
            if said.unusable is not None:
                unusable.setdefault(who, said.unusable)
        all_unusable = all_unusable or self._said_of_all.unusable
        for number, name in enumerate(names):
            own = order[bounds[number + 1] : bounds[number + 2]].tolist() + shared
            yield Group(
                name, own, doubts, unusable.get(number, all_unusable), number in namesakes, tuple(problems[number])
            )

    def pack(self, group: Group) -> tuple[tuple[PackedPart, ...], tuple[PackedPart, ...]]:
        """The texts of the rows of a patient of a large source, and of the medications to which they refer."""
        giving = ((row, bisect_left(self._giving, row)) for row in group.rows) if self._giving else ()
        references = {
            self._given[place] for row, place in giving if self._giving[place : place + 1] == array("i", [row])
        }
        return self._places.pack(group.rows, group.doubts), self._medication_places.pack(references)

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
            owners = {resolution.of(mention) for mention in mentions if mention in resolution.mentions}
            numbers = [who for who in owners if isinstance(who, int)]
            spoilt.update((number, cause) for number in numbers if number not in spoilt)
            if not numbers:
                everybody = everybody or cause
        return spoilt, everybody

    def _settle_shared_ids(self, patients: np.ndarray) -> dict[int, str]:
        """Items that are one patient's in one version and another's in another (semantics, section 1).

        Versions that are not the latest are taken out; where that cannot be told, all are in doubt.
        """
        doubts: dict[int, str] = {}
        if not self._mention:
            return doubts
        hashes = array("q", map(_hash_of, self.kept)) if self.small else self._item
        items, servers = np.frombuffer(hashes, np.int64), np.frombuffer(self._server, np.int32)
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
        (part,) = self._places.pack([row])
        (resource,) = part.unpack()
        return resource.content


def _states_something(kind: str, content: Element) -> bool:
    """Whether a resource of a type that is not read is about a patient's health, and is to be said."""
    if kind in NO_PATIENTS or kind == "Patient" or kind in _ADMINISTRATIVE:
        return False
    return content.get("subject") is not None or content.get("patient") is not None


def _hash_of(resource: Resource) -> int:
    return hash(resource.item) if has_id(resource.content) else _NO_HASH
