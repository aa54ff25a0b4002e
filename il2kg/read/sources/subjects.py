"""Whose an item is (semantics, section 7).

While a source is read, each item mentions whom it is about. Who that is can be told only when all is read: a Patient
may stand behind its items, and what has no patient is sound only where the source names exactly one. References
compare exactly. A relative reference is one to the server at which the item itself lies, as far as the source says.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import Final

import msgspec

from il2kg.read.fhir.elements import Element, as_element, as_list, as_text
from il2kg.read.fhir.resources import contained, without_version
from il2kg.read.limits import QUOTED
from il2kg.read.sources.json_text import canonical
from il2kg.statements import NOBODY_STATED

_PATIENT: Final = re.compile(r"(?:(?P<base>https?://\S+)/)?Patient/(?P<id>[^/?#\s]+)")
_CONDITIONAL: Final = re.compile(r"Patient\?identifier=(?P<identifier>[^&#\s]+)")
_ABSOLUTE: Final = re.compile(r"urn:|https?://")
_OF_A_TYPE: Final = re.compile(r"https?://\S+/[A-Z][A-Za-z]+/[^/?#\s]+")
_REFERENCE: Final = re.compile(rb'"reference"\s*:\s*"\s*([^"\s]+)\s*"')
# What an Observation or a Medication* may be about instead of a patient (FHIR R4, R5: Observation.subject).
NO_PATIENTS: Final = frozenset(
    {"Group", "Device", "Location", "Organization", "Practitioner", "Medication", "Substance", "NutritionProduct"}
)


class Form(Enum):
    """How an item says whom it is about."""

    NOBODY = "says nothing of it"
    RELATIVE = "Patient/id, where the server is not known"
    ADDRESS = "an address that ends in Patient/id"
    URN = "a URN, or an address that does not say that a patient is there"
    IDENTIFIER = "an identifier"
    CONTAINED = "a Patient contained in it, without an identifier"
    NO_PATIENT = "something that is no patient"


class Mention(msgspec.Struct, frozen=True, gc=False):
    """Whom an item is about, as it says itself. ``here``: the address lies at the item's own server."""

    form: Form
    text: str = ""
    id: str = ""
    here: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """Why nobody can tell whose an item is."""

    reason: str


_NOBODY: Final = Mention(Form.NOBODY)


def mention_of(content: Element, full_url: str | None) -> Mention:
    """Whom a resource says that it is about; ``full_url`` is its own address, where the source gives one."""
    subject = content.get("subject")
    if subject is None:
        subject = content.get("patient")
    if subject is None:
        return _NOBODY
    if not isinstance(subject, dict):
        return Mention(Form.NO_PATIENT, "a subject of the wrong type")
    reference = subject.get("reference")
    if reference is None or (isinstance(reference, str) and not reference.strip()):
        return _identified([subject.get("identifier")]) or _NOBODY
    if not isinstance(reference, str):
        return Mention(Form.NO_PATIENT, "a reference of the wrong type")
    if reference.lstrip().startswith("#"):
        return _contained(content, reference)
    return refer(reference, server_of(full_url))


def refer(reference: str, base: str | None) -> Mention:
    """What a reference names, from an item on a server (``base``; None where that is not known)."""
    plain = without_version(reference)
    if named := _PATIENT.fullmatch(plain):
        if named["base"] is None and base is None:
            return Mention(Form.RELATIVE, plain, named["id"])
        address = plain if named["base"] else f"{base}/{plain}"
        return Mention(Form.ADDRESS, address, named["id"], here=named["base"] in (None, base))
    if conditional := _CONDITIONAL.fullmatch(plain):
        return Mention(Form.IDENTIFIER, conditional["identifier"])
    return Mention(Form.URN, plain) if _ABSOLUTE.match(plain) else Mention(Form.NO_PATIENT, repr(plain[:QUOTED]))


def mentioned_in(text: bytes) -> list[Mention]:
    """The patients to whom the text of a line refers that cannot be read as JSON.

    Only whole references count: one that is cut off may be the beginning of another.
    """
    references = _REFERENCE.findall(text.replace(b"\\/", b"/"))
    mentions = [refer(reference.decode(errors="replace"), None) for reference in references]
    return [mention for mention in mentions if mention.form in (Form.RELATIVE, Form.ADDRESS, Form.URN)]


def _identified(identifiers: Iterable[object]) -> Mention | None:
    for each in identifiers:
        value = as_text(as_element(each).get("value"))
        if value is not None:
            return Mention(Form.IDENTIFIER, _identifier(as_element(each).get("system"), value))
    return None


def _identifier(system: object, value: str) -> str:
    return f"{system if isinstance(system, str) else ''}|{value.strip()}"


def _contained(content: Element, reference: str) -> Mention:
    people = contained(content, reference)
    if len(people) != 1:
        return Mention(Form.NO_PATIENT, f"{reference[:QUOTED]!r}, which is not contained in it")
    (patient,) = people
    if patient.get("resourceType") != "Patient":
        return Mention(Form.NO_PATIENT, repr(reference[:QUOTED]))
    text = canonical({key: value for key, value in patient.items() if key != "id"}).decode()
    return _identified(as_list(patient.get("identifier"))) or Mention(Form.CONTAINED, text)


def server_of(full_url: str | None) -> str | None:
    """The server at which an address lies: what stands before the type and the id."""
    if full_url is None or not full_url.startswith(("http://", "https://")):
        return None
    return without_version(full_url).rsplit("/", 2)[0]


class Subjects:
    """All patients that a source names, told apart when it is read to its end."""

    def __init__(self) -> None:
        self._mentions: dict[Mention, int] = {}
        self._patients: set[Mention] = set()
        self._by_identifier: dict[str, set[Mention]] = defaultdict(set)
        self._ids_of_urns: dict[str, str | None] = {}
        self._contents_of_urns: dict[str, dict[str, bytes]] = defaultdict(dict)
        self._others: set[str] = set()
        self._said: dict[str, str] = {}

    @property
    def any(self) -> bool:
        """Whether anybody is mentioned, or is there."""
        return bool(self._mentions)

    def number(self, mention: Mention) -> int:
        """The number of a mention; the same for the same."""
        return self._mentions.setdefault(mention, len(self._mentions))

    def add_patient(self, content: Element, full_url: str | None, place: str, name: str | None = None) -> int:
        """Take note of a Patient of the source, by his ``name`` if he has one that his id does not say; his number."""
        own = self._own_mention(content, full_url, place)
        number = self.number(own)
        if name is not None:
            self._said[own.text] = name
        self._patients.add(own)
        for identifier in as_list(content.get("identifier")):
            value = as_text(as_element(identifier).get("value"))
            if value is not None:
                self._by_identifier[_identifier(as_element(identifier).get("system"), value)].add(own)
        return number

    def add_other(self, full_url: str | None) -> None:
        """Take note of something at an address that is no patient, but may be somebody's subject."""
        if full_url is not None:
            self._others.add(without_version(full_url))

    def is_patient(self, mention: Mention) -> bool:
        """Whether a mention that is no item's own is one of a patient for sure."""
        return mention.form is not Form.URN or mention.text in self._ids_of_urns

    def _own_mention(self, content: Element, full_url: str | None, place: str) -> Mention:
        identifier = as_text(content.get("id"))
        address = without_version(full_url) if full_url else None
        if address is None:
            if identifier is None:
                return Mention(Form.RELATIVE, f"Patient ({place})" if place else "Patient")
            return Mention(Form.RELATIVE, f"Patient/{identifier}", identifier)
        if (named := _PATIENT.fullmatch(address)) and named["base"]:
            return Mention(Form.ADDRESS, address, named["id"], here=True)
        self._ids_of_urns[address] = identifier
        if identifier is not None:
            self._contents_of_urns[identifier][address] = canonical(content)
        return Mention(Form.URN, address)

    def resolve(self) -> "Resolution":
        """Who everybody is."""
        servers: dict[str, set[str]] = defaultdict(set)
        for mention in self._mentions:
            if mention.form is Form.ADDRESS and mention.here:
                servers[mention.id].add(mention.text)
        names: dict[str, int] = {}
        whose: list[int | Doubt | None] = []
        strangers: list[Mention] = []
        for mention in self._mentions:
            name = self._name(mention, servers)
            whose.append(names.setdefault(name, len(names)) if isinstance(name, str) else name)
            if name is None and mention.form is not Form.NOBODY:
                strangers.append(mention)
        apart = not names and _are_apart(strangers)
        for stranger in strangers:
            known = names.setdefault(_shown(stranger), len(names)) if apart else _cannot_tell(stranger)
            whose[self._mentions[stranger]] = known
        if _NOBODY in self._mentions:
            certain = len(names) <= 1 and (apart or not strangers)
            nobody = 0 if names else None
            whose[self._mentions[_NOBODY]] = nobody if certain else Doubt(NOBODY_STATED)
        return Resolution(tuple(names), self._mentions, whose)

    def _name(self, mention: Mention, servers: dict[str, set[str]]) -> str | Doubt | None:
        """The name of the patient who is mentioned, or why there is none; None where all others must be known first."""
        if mention.text in self._said:
            return self._said[mention.text]
        match mention.form:
            case Form.NO_PATIENT:
                return Doubt(f"its subject is no patient: {mention.text}")
            case Form.RELATIVE if mention not in self._patients and self._is_ambiguous(mention.id, servers):
                return Doubt(f"its patient is found at several addresses: {mention.text[:QUOTED]!r}")
            case Form.RELATIVE:
                return mention.text
            case Form.ADDRESS:
                return f"Patient/{mention.id}" if servers[mention.id] == {mention.text} else mention.text
            case Form.URN if mention.text in self._ids_of_urns:
                identifier = self._ids_of_urns[mention.text]
                ambiguous = identifier is None or self._is_ambiguous(identifier, servers)
                return mention.text if ambiguous else f"Patient/{identifier}"
            case Form.URN if mention.text in self._others or _OF_A_TYPE.fullmatch(mention.text):
                return Doubt(f"its subject is no patient: {mention.text[:QUOTED]!r}")
            case Form.IDENTIFIER if patients := self._by_identifier.get(mention.text):
                names = {self._name(patient, servers) for patient in patients}
                return names.pop() if len(names) == 1 else _cannot_tell(mention)
            case _:
                return None

    def _is_ambiguous(self, identifier: str, servers: dict[str, set[str]]) -> bool:
        """Whether different Patients of the source have one id."""
        return len(servers[identifier]) > 1 or len(set(self._contents_of_urns[identifier].values())) > 1


def _are_apart(mentions: list[Mention]) -> bool:
    """Whether mentions that nothing explains are each a patient of their own: only if they cannot be the same one."""
    kinds = {(m.form, m.text.rpartition("|")[0] if m.form is Form.IDENTIFIER else "") for m in mentions}
    return len(kinds) == 1 and (len(mentions) == 1 or mentions[0].form is not Form.CONTAINED)


def _shown(mention: Mention) -> str:
    return "Patient (contained)" if mention.form is Form.CONTAINED else mention.text.removeprefix("|")


def _cannot_tell(mention: Mention) -> Doubt:
    if mention.form is Form.CONTAINED:
        return Doubt("its patient is contained in it and cannot be told from others")
    return Doubt(f"its patient is not found in the source: {_shown(mention)[:QUOTED]!r}")


@dataclass(frozen=True)
class Resolution:
    """Who everybody is: the patients' names in the order in which the source names them, and who is mentioned.

    ``whose`` has for each mention a patient's number, a doubt, or None: of a patient whom the source does not name.
    """

    names: tuple[str, ...]
    mentions: dict[Mention, int]
    whose: list[int | Doubt | None]

    def of(self, mention: Mention) -> int | Doubt | None:
        """Who is mentioned."""
        return self.whose[self.mentions[mention]]

    def namesakes(self) -> set[int]:
        """The patients with an id that a patient at another address has, too."""
        ids = [(number, named) for number, name in enumerate(self.names) if (named := _PATIENT.fullmatch(name))]
        shared = {named["id"] for _, named in ids if named["base"]}
        count = Counter(named["id"] for _, named in ids if named["id"] in shared)
        return {number for number, named in ids if count[named["id"]] > 1}
