"""Patients of several formats in one source: those of one name are one, and each record has a name of its own."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Protocol, Self, TypeVar

from il2kg.read.fhir.patients import PatientResources
from il2kg.statements import Patient, PatientStatements


class Nameable(Protocol):
    """A patient, in whatever form, whose record can be given a name."""

    @property
    def patient(self) -> str | None:
        """Who it is."""

    def called(self, name: str) -> Self:
        """The same under a name."""


_Found = TypeVar("_Found", bound=Nameable)


def joined(
    resources: Iterable[PatientResources], stated: Iterable[PatientStatements]
) -> Iterator[PatientResources | PatientStatements]:
    """The patients of resources and of patient graphs; one who is in both is said of by both."""
    own = {patient.patient: patient for patient in stated}
    for patient in resources:
        also = own.pop(patient.patient, None)
        yield patient if also is None else _together(patient, also)
    yield from own.values()


def _together(one: Patient, other: Patient) -> PatientStatements:
    return PatientStatements(
        one.patient,
        (*one.statements, *other.statements),
        tuple(dict.fromkeys((*one.problems, *other.problems))),
        one.unusable if one.unusable is not None else other.unusable,
    )


def named(patients: Iterable[_Found], source: str) -> Iterator[_Found]:
    """Each patient with the name of his record: that of the source, and his own where it has several."""
    rest = iter(patients)
    first, second = next(rest, None), next(rest, None)
    if first is None:
        return
    if second is None:
        yield first.called(source)
        return
    for patient in chain((first, second), rest):
        yield patient.called(f"{source}#{patient.patient}")
