"""Records written in a format and read again."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import get_args

import msgspec

from il2kg.bulk import load_engine
from il2kg.choices import Converted
from il2kg.rdf.formats import RdfFormat, format_named
from il2kg.rdf.parsing import parse
from il2kg.read.sources.json_text import decode
from il2kg.read.sources.source import patients_of, patients_of_graphs
from il2kg.record import Record
from il2kg.statements import Patient
from il2kg.write.documents import document

Rewriting = Callable[[Sequence[Patient]], list[Patient]]
"""Writes patients as one source of some format, and reads it."""


def records_of(found: Iterable[Patient]) -> dict[str | None, Record]:
    """The records of patients, by what they are called."""
    return {
        patient.patient: msgspec.structs.replace(load_engine().reader.record(patient), unusable=patient.unusable)
        for patient in found
    }


def written(found: Iterable[Patient], form: Converted) -> bytes:
    """The document of patients."""
    engine = load_engine()
    return b"".join(document(found, form, engine.reader.records.concepts, engine.tables))


def _rewritten(form: Converted, found: Sequence[Patient]) -> list[Patient]:
    if not found:
        return []
    text = written(found, form)
    if form == "fhir-json":
        return list(patients_of(map(decode, text.splitlines()), "record"))
    syntax = format_named(form)
    assert isinstance(syntax, RdfFormat)
    return list(patients_of_graphs(parse(text, syntax), "record", load_engine().formats()))


REWRITINGS: dict[str, Rewriting] = {form: partial(_rewritten, form) for form in get_args(Converted)}
