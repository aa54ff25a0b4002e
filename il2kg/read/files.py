"""Files of FHIR JSON as resources, one group a patient.

A file is a Bundle, a single resource or NDJSON, plain or gzipped (FHIR R4/R5 JSON; FHIR Bulk Data NDJSON).
"""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from il2kg.errors import RecordError
from il2kg.read.elements import Element, as_element, as_list, as_text
from il2kg.record import Problem

_JSON = msgspec.json.Decoder(float_hook=Decimal)
_NESTED_BUNDLES = 8


@dataclass(frozen=True)
class Resource:
    """One resource: its name for messages, its content, and whether its patient is not stated."""

    item: str
    content: Element
    stray: bool = False


@dataclass
class PatientResources:
    """The resources of one patient, and what was wrong with others of the same file."""

    patient: str | None
    resources: list[Resource] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    medications: dict[str, Element] = field(default_factory=dict)


def read_file(path: Path) -> list[PatientResources]:
    """The patients of a file, in the order in which it names them.

    Raises:
        RecordError: the file cannot be read, is not FHIR JSON, or names no patient and nothing about one.
    """
    try:
        content = path.read_bytes()
        if content.startswith(b"\x1f\x8b"):
            content = gzip.decompress(content)
    except (OSError, EOFError, zlib.error) as error:
        raise RecordError(getattr(error, "strerror", None) or f"cannot be read: {error}") from error
    return group_by_patient(parse(content, lines=path.name.removesuffix(".gz").endswith((".ndjson", ".jsonl"))))


def parse(content: bytes, *, lines: bool = False) -> list[tuple[str, object]]:
    """The JSON values of a file, each with its place. ``lines``: NDJSON for sure; else it is found out.

    Raises:
        RecordError: not JSON; the message says where.
    """
    content = content.removeprefix(b"\xef\xbb\xbf")
    if not content.strip():
        raise RecordError("is empty")
    if not lines:
        try:
            return [("", _JSON.decode(content))]
        except RecursionError as error:
            raise RecordError("is nested too deeply to be FHIR") from error
        except (msgspec.DecodeError, UnicodeDecodeError, ArithmeticError) as error:
            first, _, rest = content.lstrip().partition(b"\n")
            if not rest.strip() or not _is_json(first):
                raise RecordError(f"is not JSON: {error}") from error
    found: list[tuple[str, object]] = []
    for number, line in enumerate(content.split(b"\n"), start=1):
        if line.strip():
            try:
                found.append((f"line {number}", _JSON.decode(line)))
            except RecursionError as error:
                raise RecordError(f"line {number} is nested too deeply to be FHIR") from error
            except (msgspec.DecodeError, UnicodeDecodeError, ArithmeticError) as error:
                raise RecordError(f"line {number} is not JSON: {error}") from error
    return found


def _is_json(line: bytes) -> bool:
    try:
        _JSON.decode(line)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError, ArithmeticError):
        return False
    return True


def group_by_patient(roots: list[tuple[str, object]]) -> list[PatientResources]:
    """Sort resources by the patient whom they are about.

    A resource that names no patient, in a file that names some, belongs to each of them as one that cannot be
    trusted: whose it is, nobody knows.

    Raises:
        RecordError: there is no FHIR resource at all, or none that could be about a patient.
    """
    problems: list[Problem] = []
    entries = [entry for place, root in roots for entry in _entries(place, root, problems, 0)]
    if not entries:
        raise RecordError("holds no FHIR resource" if not problems else problems[0].problem)
    aliases = {
        full_url: f"Patient/{content['id']}"
        for _, full_url, content in entries
        if full_url and content["resourceType"] == "Patient" and as_text(content.get("id"))
    }
    medications: dict[str, Element] = {}
    patients: dict[str, PatientResources] = {}
    stray: list[Resource] = []
    for item, full_url, content in entries:
        match content["resourceType"]:
            case "Patient":
                patients.setdefault(_own_reference(content, full_url, item), PatientResources(None))
            case "Medication":
                for name in (full_url, f"Medication/{content.get('id')}"):
                    if name:
                        medications[name] = content
            case kind if kind in _ABOUT_PATIENTS:
                reference = _patient_reference(content, aliases)
                if reference is None:
                    stray.append(Resource(item, content))
                else:
                    patients.setdefault(reference, PatientResources(None)).resources.append(Resource(item, content))
    if not patients and not stray:
        raise RecordError("holds nothing about a patient that could be read (only other kinds of FHIR resource)")
    groups = [
        PatientResources(
            reference,
            [*group.resources, *(Resource(r.item, r.content, stray=True) for r in stray)],
            list(problems),
            medications,
        )
        for reference, group in patients.items()
    ]
    return groups or [PatientResources(None, stray, problems, medications)]


_ABOUT_PATIENTS = frozenset(
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


def _entries(
    place: str, root: object, problems: list[Problem], depth: int
) -> Iterator[tuple[str, str | None, dict[str, Any]]]:
    """(name, fullUrl, content) of every resource, Bundles opened."""
    if not isinstance(root, dict) or not isinstance(root.get("resourceType"), str):
        problems.append(Problem(place or "file", "is JSON, but no FHIR resource (it has no resourceType)"))
        return
    if root["resourceType"] != "Bundle":
        yield _item(root, place), None, root
        return
    if depth >= _NESTED_BUNDLES:
        problems.append(Problem(place, "Bundles nested too deeply to be read"))
        return
    for number, entry in enumerate(as_list(root.get("entry"))):
        where = f"{place} Bundle.entry[{number}]".strip()
        content = as_element(entry).get("resource")
        if content is None and isinstance(entry, dict):
            continue  # an entry may carry a request or a response alone
        if isinstance(content, dict) and isinstance(content.get("resourceType"), str):
            if content["resourceType"] == "Bundle":
                yield from _entries(where, content, problems, depth + 1)
            else:
                yield _item(content, where), as_text(as_element(entry).get("fullUrl")), content
        else:
            problems.append(Problem(where, "is no FHIR resource (it has no resourceType)"))


def _item(content: Element, place: str) -> str:
    identifier = content.get("id")
    if isinstance(identifier, str | int) and str(identifier):
        return f"{content['resourceType']}/{identifier}"
    return f"{content['resourceType']} ({place})" if place else str(content["resourceType"])


def _own_reference(content: Element, full_url: str | None, item: str) -> str:
    return item if as_text(content.get("id")) else full_url or item


@lru_cache(maxsize=65536)
def _patient_named(reference: str) -> str:
    """A reference to a patient as ``Patient/id`` where it can be told, whatever server or version it names."""
    reference = reference.partition("/_history/")[0]
    _, found, identifier = reference.rpartition("Patient/")
    return f"Patient/{identifier}" if found else reference


def _patient_reference(content: Element, aliases: dict[str, str]) -> str | None:
    """The patient whom a resource is about, as ``Patient/id`` where that can be told."""
    subject = as_element(content.get("subject") or content.get("patient"))
    reference = as_text(subject.get("reference"))
    if reference is None:
        identifier = as_element(subject.get("identifier"))
        value = as_text(identifier.get("value"))
        return f"{identifier.get('system') or 'identifier'}|{value}" if value else None
    if reference.startswith("#"):
        return None
    named = _patient_named(reference)
    return aliases.get(named, named)
