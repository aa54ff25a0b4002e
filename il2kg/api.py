"""The Python interface: one function."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import Any, Literal

import msgspec

from il2kg.assessment import Assessment
from il2kg.bulk import load_engine
from il2kg.engine import Engine, NamedRecord, Request
from il2kg.errors import EvaluatorDisagreement
from il2kg.read.files import group_by_patient, parse
from il2kg.read.times import microseconds


def assess(
    record: str | PathLike[str] | Mapping[str, Any] | Iterable[Mapping[str, Any]],
    *,
    at: datetime | None = None,
    charting: Literal["explicit", "by-exception"] = "explicit",
    rules: Iterable[str] = (),
    every_criterion: bool = False,
) -> list[Assessment]:
    """Say what the guideline says of the next dose.

    Args:
        record: a path to FHIR JSON (Bundle, resource, NDJSON; gzipped too), or FHIR resources as Python values.
        at: the instant to assess, with a time zone; by default the latest time in the record.
        charting: what silence about a finding means: unknown (``explicit``) or absent (``by-exception``).
        rules: the rule sets to use; all by default.
        every_criterion: report the criteria that are not met, too.

    Returns:
        One assessment for each patient of the record.

    Raises:
        RecordError: the record cannot be used.
        GuidelineError: the ontology cannot be used, or its compiled shapes are stale.
        EvaluatorDisagreement: the two evaluators differ; there is no verdict.
        ValueError: ``at`` has no time zone, or a rule set or charting policy is not known.
    """
    if at is not None and at.tzinfo is None:
        raise ValueError("at needs a time zone")
    if charting not in ("explicit", "by-exception"):
        raise ValueError(f"charting is explicit or by-exception, not {charting!r}")
    engine = load_engine()
    wanted = tuple(rules)
    known = {rule_set.id for rule_set in engine.guideline.rule_sets}
    if unknown := [name for name in wanted if name not in known]:
        raise ValueError(f"no such rule set: {', '.join(unknown)}; there are {', '.join(sorted(known))}")
    request = Request(None if at is None else microseconds(at), charting == "by-exception", wanted, every_criterion)
    found = []
    for outcome in engine.assess(_records(engine, record), request):
        if isinstance(outcome, EvaluatorDisagreement):
            raise outcome
        found.append(outcome)
    return found


def _records(
    engine: Engine, record: str | PathLike[str] | Mapping[str, Any] | Iterable[Mapping[str, Any]]
) -> list[NamedRecord]:
    if isinstance(record, str | PathLike):
        return engine.read(Path(record))
    values = [record] if isinstance(record, Mapping) else list(record)
    encoder = msgspec.json.Encoder(decimal_format="number")
    return engine.named("record", group_by_patient([root for v in values for root in parse(encoder.encode(v))]))
