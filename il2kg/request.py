"""What is asked of a record, and of which instant (semantics, sections 2 and 8)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import msgspec

from il2kg.derive.timeline import span_of
from il2kg.errors import RecordError
from il2kg.guideline.model import Guideline
from il2kg.read.sources.forms import Form
from il2kg.read.times import zulu
from il2kg.record import PassedOver, Problem, Record

_NAMED: Final = 3


@dataclass(frozen=True)
class Request:
    """What is asked of every record.

    ``at`` None means each record's latest time; ``given`` in its place asks of what was given at that instant.
    ``rule_sets`` empty means all of them. ``zone`` (an IANA name) is that of times without one; ``maps`` are files of
    codes of one's own. ``form`` is the format of the files, None what they look like. ``cross_check`` runs the SHACL
    evaluator beside the columns; without it the columns speak alone. ``guideline`` is the folder of the guideline, None
    that of the environment, or the product's own.
    """

    at: int | None = None
    given: int | None = None
    by_exception: bool = False
    rule_sets: tuple[str, ...] = ()
    every_criterion: bool = False
    cross_check: bool = True
    zone: str | None = None
    maps: tuple[Path, ...] = ()
    form: Form | None = None
    guideline: Path | None = None

    @property
    def charting(self) -> str:
        """The charting policy as it is written."""
        return "by-exception" if self.by_exception else "explicit"


@dataclass(frozen=True)
class NamedRecord:
    """A record and the name that output gives it.

    ``iri`` is the patient's address, ``addresses`` those of his items by their names: where the source gives them.
    """

    name: str
    record: Record
    iri: str = ""
    addresses: Mapping[str, str] = field(default_factory=dict)


def instant_of(record: Record, request: Request) -> int:
    """The instant to assess: the one asked for, or the record's latest time.

    Raises:
        RecordError: the record cannot be used, or there is neither.
    """
    if record.unusable is not None:
        raise RecordError(record.unusable)
    asked = request.given if request.given is not None else request.at
    if asked is not None:
        return asked
    if record.latest is not None:
        return record.latest
    if record.passed_over and not record.problems:
        named = "; ".join(_coding(each) for each in record.passed_over[:_NAMED])
        items = sum(each.count for each in record.passed_over)
        raise RecordError(
            f"none of its codes is known ({items} items: {named}); see `il2kg coverage`, and give a map with --map"
        )
    raise RecordError("none of its items has a time; say which instant to assess with --at")


def _coding(passed_over: PassedOver) -> str:
    coding = f"{passed_over.system}|{passed_over.code}".strip("|")
    text = f"{passed_over.text!r}" if passed_over.text else ""
    return f"{passed_over.resource} {coding} {text}".replace("  ", " ").strip()


def as_judged(record: Record, request: Request, guideline: Guideline) -> Record:
    """The record as it is looked at: without the events from the judged one on; with what is odd of the time."""
    if request.given is not None:
        return _before(record, request.given, guideline)
    if request.at is not None or record.latest is None or record.latest_but_one is None:
        return record
    if record.latest - record.latest_but_one <= span_of(guideline.conventions.far_hours):
        return record
    return _remarked(record, "the latest time of the record, which is assessed, lies far after all else", record.latest)


def _before(record: Record, given: int, guideline: Guideline) -> Record:
    """The record before an instant's events; a guideline that counts none has nothing to leave out."""
    if not guideline.series:
        return _remarked(record, "the guideline counts nothing that was given, so nothing was left out", given)
    counted = {s.treatment for s in guideline.series}
    below = {each for treatment in counted for each in guideline.treatments[treatment].descendants}
    return record.before(given, frozenset(counted | below))


def _remarked(record: Record, kind: str, time: int) -> Record:
    return msgspec.structs.replace(record, problems=(Problem(kind, "", zulu(time)), *record.problems))
