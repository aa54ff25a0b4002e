"""The Python interface: one function."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

from il2kg.assessment.result import Assessment
from il2kg.bulk import load_engine
from il2kg.engine import Engine
from il2kg.errors import EvaluatorDisagreement, RecordError
from il2kg.locations import guideline_path
from il2kg.read.sources.forms import form_named
from il2kg.read.times import microseconds
from il2kg.record_source import RecordSource, patients_in
from il2kg.request import NamedRecord, Request, instant_of


def assess(
    record: RecordSource,
    *,
    at: datetime | None = None,
    given: datetime | None = None,
    charting: Literal["explicit", "by-exception"] = "explicit",
    rules: Iterable[str] = (),
    every_criterion: bool = False,
    zone: str | ZoneInfo | None = None,
    maps: str | PathLike[str] | Iterable[str | PathLike[str]] = (),
    input_format: str | None = None,
    guideline: str | PathLike[str] | None = None,
) -> list[Assessment]:
    """Say what a guideline says of the next dose, or of one that was given.

    Args:
        record: a path to a file or folder of FHIR JSON (Bundle, resource, NDJSON), FHIR RDF or the patient graph,
            gzipped too; FHIR resources as Python values (one mapping, or several that are one record set together);
            an rdflib Graph or Dataset, or a pyoxigraph Store.
        at: the instant to assess, with a time zone; by default the latest time in the record.
        given: in place of ``at``, the instant, with a time zone, of a dose or other event that was given: what the
            guideline said of it (semantics, section 8).
        charting: what silence about a finding means: unknown (``explicit``) or absent (``by-exception``).
        rules: the rule sets to use; all by default.
        every_criterion: report the criteria that are not met, too.
        zone: the zone in which to read times without one, as an IANA name or a ZoneInfo with one; by default such
            times are problems.
        maps: files that map codes of one's own (SSSOM, FHIR ConceptMap): one path, or several.
        input_format: the format of the files (fhir-json, turtle, trig, nt, nq, jsonld, rdfxml); by default what their
            names say or what they look like.
        guideline: the folder of the guideline; by default that of the environment variable IL2KG_GUIDELINE, or the one
            for interleukin-2.

    Returns:
        One assessment for each patient of the record, in the order in which it names them.

    Raises:
        RecordError: the record, or that of one of its patients, cannot be used.
        GuidelineError: the ontology cannot be used, or its compiled shapes are stale.
        MapError: a map cannot be used.
        EvaluatorDisagreement: the two evaluators differ; there is no verdict.
        ValueError: ``at`` or ``given`` has no time zone, both are given, or a rule set, charting policy, zone or format
            is not known.
        TypeError: an argument is of a type that is not listed above.
    """
    if isinstance(rules, str):
        raise TypeError(f"rules are several names, such as [{rules!r}], not one string")
    request = replace(
        request_for(at, given, charting, zone, maps, input_format, guideline),
        rule_sets=tuple(rules),
        every_criterion=every_criterion,
    )
    engine = load_engine(request.zone, request.maps, request.guideline)
    known = {rule_set.id for rule_set in engine.guideline.rule_sets}
    if unknown := [name for name in request.rule_sets if name not in known]:
        raise ValueError(f"no such rule set: {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    assessments = []
    for outcome in engine.assess(_usable(engine, record, request), request):
        if isinstance(outcome, EvaluatorDisagreement):
            raise outcome
        assessments.append(outcome)
    return assessments


def request_for(
    at: datetime | None,
    given: datetime | None,
    charting: str,
    zone: str | ZoneInfo | None,
    maps: str | PathLike[str] | Iterable[str | PathLike[str]],
    input_format: str | None,
    guideline: str | PathLike[str] | None,
) -> Request:
    """What is asked of records, from the arguments of `assess`, which says what they are and what is raised."""
    if at is not None and given is not None:
        raise ValueError("at and given exclude each other: given is the instant that is assessed")
    if charting not in ("explicit", "by-exception"):
        raise ValueError(f"charting is explicit or by-exception, not {charting!r}")
    return Request(
        at=_instant("at", at),
        given=_instant("given", given),
        by_exception=charting == "by-exception",
        zone=zone.key if isinstance(zone, ZoneInfo) else zone,
        maps=tuple(map(Path, [maps] if isinstance(maps, str | PathLike) else maps)),
        form=None if input_format is None else form_named(input_format),
        guideline=guideline_path(guideline),
    )


def _instant(name: str, moment: datetime | None) -> int | None:
    if moment is None:
        return None
    if not isinstance(moment, datetime):
        raise TypeError(f"{name} is a datetime, not {type(moment).__name__}")
    if moment.utcoffset() is None:
        raise ValueError(f"{name} needs a time zone")
    return microseconds(moment)


def _usable(engine: Engine, record: RecordSource, request: Request) -> list[NamedRecord]:
    """The records, each of which can be assessed."""
    records = list(engine.named(patients_in(record, engine.formats(request.form))))
    for named in records:
        try:
            instant_of(named.record, request)
        except RecordError as error:
            raise RecordError(f"{named.name}: {error}") from error
    return records
