"""Resources of FHIR as records: routine ones in one step, all others by way of their statements."""

from pathlib import Path
from zoneinfo import ZoneInfo

from il2kg.guideline.model import Guideline
from il2kg.read.builder import RecordBuilder
from il2kg.read.fhir.patients import PatientResources
from il2kg.read.fhir.routine import RoutineReader
from il2kg.read.fhir.statements import statement_of
from il2kg.read.record_reader import Observer, RecordReader
from il2kg.recognise.maps import CodeMap
from il2kg.record import Record


class FhirReader:
    """Reads the resources of patients, for one guideline."""

    def __init__(self, records: RecordReader) -> None:
        self.records = records
        self._routine = RoutineReader(records.guideline, records.concepts, records.values, records.zone)

    @classmethod
    def of(
        cls, guideline: Guideline, root: Path, *, zone: ZoneInfo | None = None, code_map: CodeMap | None = None
    ) -> "FhirReader":
        """The reader of a guideline whose tables lie under ``root`` (see `RecordReader.of`)."""
        return cls(RecordReader.of(guideline, root, zone=zone, code_map=code_map))

    def record(self, patient: PatientResources, met: Observer | None = None) -> Record:
        """The record of one patient. Never raises for what a resource holds.

        ``met`` is told of each item, or part of one, what it was taken for.
        """
        builder = RecordBuilder(patient.problems)
        for resource in patient.resources:
            if met is None and self._routine.read(builder, resource):
                continue
            statement = statement_of(resource, patient.medications)
            if statement is not None:
                self.records.read(builder, statement, met)
        return self.records.finished(builder, patient.patient)
