"""The Medications of a source, found by reference (semantics, section 7)."""

from collections import defaultdict
from collections.abc import Iterable

from il2kg.read.fhir.elements import Element
from il2kg.read.fhir.resources import names_of, without_version
from il2kg.read.sources.versions import latest


class Medications:
    """The Medications of a source, by ``fullUrl`` and by type and id."""

    def __init__(self, medications: Iterable[tuple[str | None, Element]] = ()) -> None:
        """``medications``: the address of each, if the source gives one, and its content."""
        self._by_name: dict[str, list[Element]] = defaultdict(list)
        for full_url, content in medications:
            self.add(full_url, content)

    def add(self, full_url: str | None, content: Element) -> None:
        """Take one in."""
        for name in names_of("Medication", content, full_url):
            self._by_name[name].append(content)

    def __call__(self, reference: str) -> list[Element]:
        """Those that a reference may mean: the latest version of each, and those that differ."""
        named = self._by_name.get(without_version(reference), [])
        return named if len(named) <= 1 else [named[number] for number in latest(named)]
