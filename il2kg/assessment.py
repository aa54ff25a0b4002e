"""What an assessment of one record says: the public result types."""

from collections.abc import Mapping
from dataclasses import dataclass

from il2kg.decide import Range, RuleSetDecision, Status
from il2kg.guideline.model import Amount, Effect
from il2kg.record import Problem


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a record says of one concept at the assessed instant.

    ``value`` is a number in ``unit`` (UCUM), text such as ``<5 `` where a comparator was charted, a truth value for a
    finding or treatment, None where nothing is known. ``time`` is in microseconds since the epoch. ``quantity`` says in
    words what was computed from the concept, where the value is not simply its latest one.
    """

    concept: str
    value: float | str | bool | None
    unit: str | None = None
    time: int | None = None
    resource: str | None = None
    quantity: str | None = None


@dataclass(frozen=True, slots=True)
class CriterionStatus:
    """A criterion at the assessed instant: its status, since when (met and held), and the evidence."""

    id: str
    rule_set: str
    organ_system: str
    effect: Effect
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

    ``overall`` covers the rule sets that were asked for and apply. ``criteria`` are those met, held or unknown; all of
    them where that was asked for.
    """

    record: str
    patient: str | None
    at: int
    charting: str
    overall: Range
    rule_sets: Mapping[str, RuleSetDecision]
    criteria: tuple[CriterionStatus, ...]
    advice: tuple[Advice, ...]
    to_assess: tuple[ToAssess, ...]
    problems: tuple[Problem, ...]
    passed_over: int

    @property
    def decision(self) -> str:
        """The overall decision as it is written: administer, indeterminate, not-due, withhold, ..."""
        return self.overall.words(gate=False)[0]
