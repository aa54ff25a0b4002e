"""What a source of FHIR gives of one patient (semantics, section 7)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from il2kg.read.fhir.elements import Element
from il2kg.read.fhir.resources import Resource
from il2kg.read.fhir.statements import statement_of
from il2kg.record import Problem
from il2kg.statements import Statement


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

    def called(self, name: str) -> "PatientResources":
        """The same under a name."""
        return replace(self, name=name)

    @cached_property
    def statements(self) -> tuple[Statement, ...]:
        """What the resources say."""
        statements = (statement_of(resource, self.medications) for resource in self.resources)
        return tuple(statement for statement in statements if statement is not None)
