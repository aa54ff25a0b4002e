"""Resources of FHIR as parsed JSON, and what refers to them (semantics, section 7)."""

from collections.abc import Iterable

import msgspec

from il2kg.read.fhir.elements import Element, as_element, as_list, as_text


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
