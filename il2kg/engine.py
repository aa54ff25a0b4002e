"""The composer: read -> derive -> rules -> assessment, for one record or many."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

from il2kg.assessment.assessor import assessments
from il2kg.assessment.evaluation import ASSESSMENT_IRI, evaluation, snapshots
from il2kg.assessment.result import Assessment
from il2kg.compile.build import current_shapes
from il2kg.derive.timeline import batches
from il2kg.errors import EvaluatorDisagreement
from il2kg.guideline.folder import GuidelineFolder
from il2kg.guideline.model import Guideline
from il2kg.guideline.wording import Wording
from il2kg.loading import load_guideline
from il2kg.read.code_maps import load_code_map
from il2kg.read.patient_graph import Tables
from il2kg.read.patient_reader import PatientReader
from il2kg.read.sources.forms import Form
from il2kg.read.sources.source import Formats, patients
from il2kg.read.times import read_zone
from il2kg.request import NamedRecord, Request, as_judged, instant_of
from il2kg.rules.snapshot import Subject
from il2kg.statements import Patient, PatientStatements


@dataclass(frozen=True, eq=False)
class Engine:
    """A guideline, ready to assess records with both evaluators."""

    guideline: Guideline
    shapes: str
    reader: PatientReader
    wording: Wording
    tables: Tables

    @classmethod
    def load(
        cls, folder: GuidelineFolder | None = None, *, zone: str | None = None, maps: Sequence[Path] = ()
    ) -> "Engine":
        """Load the guideline of a folder (by default that of the environment, or the product's own).

        Args:
            folder: the guideline's.
            zone: the IANA name of the zone in which times without one are read.
            maps: files that map codes of one's own (SSSOM, FHIR ConceptMap).

        Raises:
            GuidelineError: the ontology cannot be read, or what is compiled from it is stale.
            MapError: a map cannot be used.
            RecordError: the zone is not known.
        """
        guideline = load_guideline(folder or GuidelineFolder.chosen())
        shapes = current_shapes(guideline)
        own_zone = None if zone is None else read_zone(zone)
        reader = PatientReader.of(guideline, zone=own_zone, code_map=load_code_map(maps, guideline))
        return cls(guideline, shapes, reader, Wording(guideline), Tables.of(guideline))

    def formats(self, form: Form | None = None) -> Formats:
        """How files are to be read: in the format that is asked for, or as they look."""
        return Formats(self.tables, form)

    def patients(self, path: Path, form: Form | None = None) -> Iterator[Patient]:
        """The patients of a file or folder (of files in a ``form``), as far as they are read without the guideline.

        Raises:
            RecordError: it cannot be used.
        """
        return patients(path, self.formats(form))

    def read(self, path: Path, form: Form | None = None) -> Iterator[NamedRecord]:
        """The records of a file or folder (of files in a ``form``), one a patient.

        Raises:
            RecordError: it cannot be used.
        """
        return self.named(self.patients(path, form))

    def named(self, all_patients: Iterable[Patient]) -> Iterator[NamedRecord]:
        """The records of patients, each with the name that its source gives it."""
        for patient in all_patients:
            record = msgspec.structs.replace(self.reader.record(patient), unusable=patient.unusable)
            if isinstance(patient, PatientStatements):
                addresses = {said.item.name: said.item.iri for said in patient.statements if said.item.iri}
                yield NamedRecord(patient.name, record, patient.iri, addresses)
            else:
                yield NamedRecord(patient.name, record)

    def assess(self, records: Sequence[NamedRecord], request: Request) -> Iterator[Assessment | EvaluatorDisagreement]:
        """Assess records, in order; one on which the evaluators differ gives that error in place of a verdict.

        Raises:
            RecordError: a record has no instant to assess (see `instant_of`).
        """
        at = [instant_of(named.record, request) for named in records]
        judged = [as_judged(named.record, request, self.guideline) for named in records]
        begin = 0
        for timeline in batches(self.guideline, judged, at):
            end = begin + len(timeline.records)
            evaluated = evaluation(timeline, request)
            names = (named.name for named in records[begin:end])
            yield from assessments(evaluated, self.shapes, self.wording, names, at[begin:end])
            begin = end

    def snapshot(self, named: NamedRecord, request: Request, name: str = ASSESSMENT_IRI) -> str:
        """The derived assessment graph of one record, as Turtle; ``name`` is the IRI of its assessment.

        Raises:
            RecordError: the record has no time and none is asked for.
        """
        instant = instant_of(named.record, request)
        record = as_judged(named.record, request, self.guideline)
        (timeline,) = batches(self.guideline, [record], [instant])
        subject = Subject(name, record.patient, instant, request.charting)
        return snapshots(evaluation(timeline, request)).turtle(0, subject)
