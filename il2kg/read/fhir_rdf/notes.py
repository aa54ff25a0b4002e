"""What is wrong with the resources of a graph, and the mark on those that cannot be trusted."""

from typing import Final

import msgspec

from il2kg.read.fhir.elements import Element
from il2kg.read.fhir_rdf.addresses import id_of
from il2kg.read.fhir_rdf.values import concatenated
from il2kg.read.limits import QUOTED
from il2kg.record import Problem

UNREADABLE: Final = "urn:il2kg:unreadable"
"""The modifierExtension of a resource of which not all can be understood: FHIR's own way to say that it means something
else than it seems, which readers set aside."""


class _Note(msgspec.Struct, frozen=True, gc=False):
    """Something that is wrong; ``grave``: the resource cannot be trusted for it."""

    kind: str
    detail: str
    grave: bool


class Notes:
    """Takes down what is wrong with one resource, and those within it, after another."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._notes: list[_Note] = []

    def tell(self, kind: str, detail: str, grave: bool = True) -> None:
        """Take down what is wrong with the resource that is being read."""
        self._notes.append(_Note(kind, detail, grave))

    def begin(self) -> list[_Note]:
        """Begin a resource; gives what has been taken down of the one that holds it."""
        outer, self._notes = self._notes, []
        return outer

    def end(self, term: str, content: Element, outer: list[_Note]) -> None:
        """Say what is wrong with a resource under its name, mark it if need be, and go back to the one around it."""
        if self._notes:
            name = f"{content.get('resourceType', '')}/{content.get('id') or id_of(term) or ''}".strip("/")
            for note in dict.fromkeys(self._notes):
                self.problems.append(Problem(note.kind, name, note.detail[:QUOTED]))
            if any(note.grave for note in self._notes):
                said = content.get("modifierExtension", [])
                content["modifierExtension"] = concatenated([said, {"url": UNREADABLE}])
        self._notes = outer
