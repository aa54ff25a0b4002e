"""Patients of any format as records; of FHIR, the routine Observations in one step."""

from zoneinfo import ZoneInfo

from il2kg.guideline.model import Guideline
from il2kg.read.builder import RecordBuilder
from il2kg.read.fhir.patients import PatientResources
from il2kg.read.fhir.routine import RoutineReader
from il2kg.read.fhir.statements import statement_of
from il2kg.read.record_reader import Observer, RecordReader
from il2kg.recognise.maps import CodeMap
from il2kg.record import Record
from il2kg.statements import Patient


class PatientReader:
    """Reads patients, for one guideline."""

    def __init__(self, records: RecordReader) -> None:
        self.records = records
        self._routine = RoutineReader(records.guideline, records.concepts, records.values, records.zone)

    @classmethod
    def of(
        cls, guideline: Guideline, *, zone: ZoneInfo | None = None, code_map: CodeMap | None = None
    ) -> "PatientReader":
        """The reader of a guideline (see `RecordReader.of`)."""
        return cls(RecordReader.of(guideline, zone=zone, code_map=code_map))

    def record(self, patient: Patient, met: Observer | None = None) -> Record:
        """The record of one patient. Never raises for what an item holds.

        ``met`` is told of each item, or part of one, what it was taken for.
        """
        if met is not None or not isinstance(patient, PatientResources):
            return self.records.record(patient, met)
        builder = RecordBuilder(patient.problems)
        for resource in patient.resources:
            if not self._routine.read(builder, resource):
                statement = statement_of(resource, patient.medications)
                if statement is not None:
                    self.records.read(builder, statement)
        return self.records.finished(builder, patient.patient)
