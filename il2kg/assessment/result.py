"""What an assessment of one record says: the public result types."""

from collections.abc import Mapping
from dataclasses import dataclass

from il2kg.guideline.decisions import Decision
from il2kg.guideline.model import Amount
from il2kg.record import PassedOver, Problem
from il2kg.rules.decision import Range, RuleSetDecision, Status


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a record says of one concept at the assessed instant, and the items that say so.

    ``value`` is a number in ``unit`` (UCUM), text such as ``<5`` or ``3 to 4`` where it is known within bounds, a truth
    value for a finding or treatment, None where nothing is known: then ``because`` says why. ``charted`` is the value
    as it stands in the record, ``written`` the value as a person reads it. ``quantity`` says in words what was asked of
    the concept, where that is not simply its latest value or whether it is present; ``window`` is the stretch of time
    that was looked at for it. ``resources`` are all items that it comes from, the latest first. What is ``granted`` is
    told to tools alone: people see it without being told. What ``began`` a hold is of the instant at which the
    criterion came into force. Times are in microseconds since the epoch; where nothing is known there is none.
    """

    concept: str
    value: float | str | bool | None
    unit: str | None = None
    time: int | None = None
    resources: tuple[str, ...] = ()
    quantity: str | None = None
    charted: str | None = None
    written: str = ""
    window: tuple[int, int] | None = None
    because: str | None = None
    granted: bool = False
    began: bool = False

    @property
    def resource(self) -> str | None:
        """The latest item that it comes from."""
        return self.resources[0] if self.resources else None


@dataclass(frozen=True, slots=True)
class CriterionStatus:
    """A criterion at the assessed instant: its status, since when (met and held), and the evidence."""

    id: str
    rule_set: str
    organ_system: str
    effect: str
    status: Status
    label: str
    since: int | None
    condition: str
    resume: str | None
    source: str
    note: str | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """What the guideline says to do about something that was found."""

    id: str
    label: str
    finding: str
    finding_label: str
    treatment: str | None
    amount: Amount | None
    when: str | None
    strength: str
    source: str


@dataclass(frozen=True, slots=True)
class ToAssess:
    """A concept to measure or chart that could change the overall decision, and the organ system that asks for it."""

    concept: str
    label: str
    organ_system: str


@dataclass(frozen=True)
class Assessment:
    """What the guideline says of the next dose for one patient at one instant.

    ``overall`` covers the rule sets that were asked for and apply; ``said`` is it as (decision, at least, at most).
    ``criteria`` are those met, held or unknown; all of them where that was asked for. ``zone`` is the IANA name that
    times without a zone were read in, if one was given; ``given`` the instant of the dose that is judged, where one
    that was given is (semantics, section 8).
    """

    record: str
    patient: str | None
    at: int
    charting: str
    overall: Range
    said: tuple[Decision, Decision, Decision]
    rule_sets: Mapping[str, RuleSetDecision]
    criteria: tuple[CriterionStatus, ...]
    advice: tuple[Advice, ...]
    to_assess: tuple[ToAssess, ...]
    problems: tuple[Problem, ...]
    passed_over: tuple[PassedOver, ...]
    zone: str | None = None
    given: int | None = None

    @property
    def decision(self) -> str:
        """The overall decision as it is written, in the guideline's own word."""
        return self.said[0].word
