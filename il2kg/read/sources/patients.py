"""What a source gives of one patient: resources of FHIR as parsed JSON, ready for a reader (semantics, section 7.1)."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

import msgspec

from il2kg.read.fhir.elements import Element, as_element, as_list, as_text
from il2kg.record import Problem


class Resource(msgspec.Struct, frozen=True, gc=False):
    """One resource: its name for messages (``Observation/7``), its content, and why it cannot be trusted, if so.

    Numbers in ``content`` are int, or Decimal as they were written. ``full_url`` is its address, if the source gives
    one. A struct, because a source has many.
    """

    item: str
    content: Element
    doubt: str | None = None
    full_url: str | None = None

    def doubted(self, doubt: str | None) -> "Resource":
        """The same resource with a reason not to trust it, unless it has one."""
        return self if doubt is None or self.doubt is not None else msgspec.structs.replace(self, doubt=doubt)


@dataclass(frozen=True)
class PatientResources:
    """All resources of one patient in one source, those included that may be anybody's (with a doubt).

    ``patient`` is None where the source names none. ``medications`` gives, for a reference, the Medications of the
    source that it may mean: those that differ each once. ``problems`` are what is wrong with the source itself,
    ``unusable`` is why the patient cannot be assessed at all, if so. ``name`` is what output calls the record.
    """

    patient: str | None
    resources: Sequence[Resource]
    medications: Callable[[str], list[Element]]
    problems: tuple[Problem, ...] = ()
    unusable: str | None = None
    name: str = ""


def medication_reference(content: Element) -> str | None:
    """The reference of what was given, R4 or R5, if it is given by reference."""
    pointer = as_element(content.get("medicationReference") or as_element(content.get("medication")).get("reference"))
    reference = as_text(pointer.get("reference"))
    return None if reference is None else without_version(reference)


def without_version(reference: str) -> str:
    """A reference or address without white space at its ends and without the version that it names."""
    return reference.strip().partition("/_history/")[0]


def contained(content: Element, reference: str) -> list[Element]:
    """The resources contained in one that a reference (``#id``) means."""
    wanted = reference.strip().removeprefix("#")
    return [each for each in as_list(content.get("contained")) if isinstance(each, dict) and each.get("id") == wanted]


def names_of(kind: str, content: Element, full_url: str | None) -> Iterable[str]:
    """What a reference to a resource may say: its ``fullUrl``, and its type and id."""
    if full_url:
        full_url = without_version(full_url)
        yield full_url
    identifier = as_text(content.get("id"))
    if identifier is None and full_url and f"/{kind}/" in full_url:
        identifier = full_url.rpartition("/")[2]
    if identifier:
        yield f"{kind}/{identifier}"
