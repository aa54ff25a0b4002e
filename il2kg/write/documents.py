"""Patients as a document in any format that is written, from which the same records are read again."""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from il2kg.choices import Converted
from il2kg.errors import RecordError
from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.limits import LIMITS
from il2kg.rdf.writing import serialise
from il2kg.read.concepts import ConceptReader
from il2kg.read.patient_graph import Tables
from il2kg.read.patient_graph.terms import PREFIXES
from il2kg.statements import Patient, at_hand
from il2kg.write.fhir_json import fhir_json
from il2kg.write.naming import plain_names
from il2kg.write.patient_graph import patient_graph

_RDF: Final = {
    "ttl": RdfFormat.TURTLE,
    "trig": RdfFormat.TRIG,
    "nq": RdfFormat.N_QUADS,
    "jsonld": RdfFormat.JSON_LD,
}
_STREAMED: Final = frozenset({"nq", "trig"})
_LABEL: Final = re.compile(rb'<[^>]*+>|"(?:[^"\\]|\\.)*+"|_:')


def document(patients: Iterable[Patient], form: Converted, concepts: ConceptReader, tables: Tables) -> Iterator[bytes]:
    """Patients as a document, in pieces. N-Quads, TriG and FHIR JSON come patient by patient, all else at once.

    FHIR JSON has a Bundle for each patient, one a line. RDF has a named graph for each, where the format has such.

    Args:
        patients: the patients of one source.
        form: the format.
        concepts: recognises what items are about, so that the patient graph can say it by the guideline's identifiers.
        tables: tell findings from treatments.

    Raises:
        RecordError: it would be larger than a document of that format may be to be read again.
    """
    stated = map(at_hand, patients)
    if form == "fhir-json":
        for patient in stated:
            yield fhir_json(patient, patient.iri) + b"\n"
        return
    plain = plain_names(concepts)
    prefixes = {**PREFIXES, tables.names.prefix: tables.names.iri}
    graphs = (patient_graph(patient, plain, tables) for patient in stated)
    if form in _STREAMED:
        for number, graph in enumerate(graphs):
            yield _apart(serialise([graph], _RDF[form], prefixes), number)
        return
    written = serialise(graphs, _RDF[form], prefixes, apart=True)
    if len(written) > LIMITS.document:
        raise RecordError(f"is too large to be read again as one document of {form}; take nq")
    yield written


def _apart(quads: bytes, number: int) -> bytes:
    """Quads whose blank nodes are no other patient's: within one document a label means one node."""
    label = b"_:p%d" % number
    return _LABEL.sub(lambda matched: label if matched[0] == b"_:" else matched[0], quads)
