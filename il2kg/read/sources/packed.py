"""A patient's resources as the text that they were read from: small, and quick to hand to another process."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

import msgspec

from il2kg.read.fhir.patients import PatientResources
from il2kg.read.fhir.resources import Resource
from il2kg.read.sources.json_documents import Part, resources
from il2kg.read.sources.json_text import decode
from il2kg.read.sources.medications import Medications
from il2kg.read.sources.versions import without_versions
from il2kg.record import Problem
from il2kg.statements import PatientStatements


class PackedPart(msgspec.Struct, frozen=True, gc=False):
    """A part of a file, and which of the resources in it are wanted: their numbers, and why one is not trusted."""

    text: bytes
    place: str
    entry: bool
    wanted: tuple[tuple[int, str | None], ...]

    def unpack(self) -> Iterator[Resource]:
        """The resources that are wanted."""
        unpacked = resources(Part(self.place, decode(self.text), 0, 0, self.entry), [])
        for number, doubt in self.wanted:
            yield unpacked[number].doubted(doubt)


@dataclass(frozen=True)
class PackedPatient:
    """What `PatientResources` holds, not yet parsed."""

    name: str
    patient: str | None
    parts: tuple[PackedPart, ...]
    medications: tuple[PackedPart, ...]
    problems: tuple[Problem, ...]
    unusable: str | None

    @property
    def size(self) -> int:
        """How many bytes of text it holds."""
        return sum(len(part.text) for part in (*self.parts, *self.medications))

    def called(self, name: str) -> "PackedPatient":
        """The same under a name."""
        return replace(self, name=name)

    def unpack(self) -> PatientResources:
        """The resources, parsed."""
        unpacked = [resource for part in self.parts for resource in part.unpack()]
        medications = Medications((m.full_url, m.content) for part in self.medications for m in part.unpack())
        return PatientResources(
            self.patient, without_versions(unpacked), medications, self.problems, self.unusable, self.name
        )


_STATEMENT_SIZE: Final = 2000  # of bytes in memory, about


@dataclass(frozen=True)
class PackedStatements:
    """A patient whose statements were read already."""

    statements: PatientStatements

    @property
    def patient(self) -> str | None:
        """Who it is."""
        return self.statements.patient

    @property
    def size(self) -> int:
        """How many bytes it takes in memory, about."""
        return len(self.statements.statements) * _STATEMENT_SIZE

    def called(self, name: str) -> "PackedStatements":
        """The same under a name."""
        return PackedStatements(self.statements.called(name))

    def unpack(self) -> PatientStatements:
        """The patient."""
        return self.statements


Packed: TypeAlias = PackedPatient | PackedStatements
"""A patient, ready to be handed to another process."""
