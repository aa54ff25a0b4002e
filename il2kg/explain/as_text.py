"""An assessment as text for a person at the bedside: the decision first, at 80 columns, without colour."""

import textwrap
from collections.abc import Iterable, Iterator
from decimal import Decimal

from il2kg.assessment.result import Advice, Assessment, CriterionStatus, Evidence
from il2kg.explain.clock import Clock
from il2kg.explain.gathered import items_in_doubt, named, passed_over_lines, problem_lines
from il2kg.explain.printable import printable
from il2kg.guideline.lengths import plain_number, plain_time
from il2kg.guideline.model import Amount, Guideline
from il2kg.guideline.plain_units import plain_unit
from il2kg.record import MICROSECONDS_PER_HOUR
from il2kg.rules.decision import Status

_WIDTH = 80


class TextReport:
    """Writes assessments as text, in the words of one guideline."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline

    def text(self, assessment: Assessment) -> str:
        """The whole report; lines end with a newline."""
        clock = Clock(assessment.zone)
        sections = (
            self._head(assessment, clock),
            self._in_force(assessment, clock),
            self._to_assess(assessment),
            self._problems(assessment),
            self._passed_over(assessment),
            self._advice(assessment.advice),
            self._rule_sets(assessment),
        )
        return "\n".join("\n".join(lines) + "\n" for section in sections if (lines := list(section)))

    # ---- decision

    def _head(self, assessment: Assessment, clock: Clock) -> Iterator[str]:
        decision, at_least, at_most = assessment.said
        next_one = self._guideline.decides_on
        yield from _wrapped(decision.headline)
        if at_least != at_most:
            yield from _wrapped(f"Between {at_least.word} and {at_most.word}, depending on what is still unknown.")
        yield from _wrapped(_caution(assessment))
        restricted = len(assessment.rule_sets) < len(self._guideline.rule_sets)
        if restricted:
            yield from _wrapped(f"By {', '.join(assessment.rule_sets)} only.")
        if restricted and not any(d.applies for d in assessment.rule_sets.values()):
            yield from _wrapped(f"None of these speaks to the next {next_one}.")
        if assessment.given is not None and self._guideline.series:
            yield from _wrapped(
                f"Of the {next_one} given at {clock.moment(assessment.given)}, as if it had not been yet."
            )
        # Names that a record gives itself begin no line when they are wrapped.
        whose = assessment.patient or "One patient"
        yield from _wrapped(f"{whose}, {clock.moment(assessment.at)}. {assessment.record}", following="  ")
        if assessment.zone is not None:
            yield from _wrapped(f"Times are those of {assessment.zone}.")
        yield from _wrapped(f"Charting: {assessment.charting}. This supports a decision; it makes none.")

    # ---- in force

    def _in_force(self, assessment: Assessment, clock: Clock) -> Iterator[str]:
        in_force = [c for c in assessment.criteria if c.status in (Status.MET, Status.HELD)]
        ended = [
            (d.rule_set.label, self._guideline.levels[d.escalated].label)
            for d in assessment.rule_sets.values()
            if d.escalated is not None and not any(c.rule_set == d.rule_set.id for c in in_force)
        ]
        if not in_force and not ended:
            yield "IN FORCE: nothing"
            return
        yield "IN FORCE"
        for rule_set, level in ended:
            yield from _wrapped(f"{rule_set}: the {level} was ended earlier, and stays so.", "- ", "  ")
        applying = {name for name, decision in assessment.rule_sets.items() if decision.applies}
        for criterion in sorted(in_force, key=lambda c: c.rule_set not in applying):
            yield from self._criterion(criterion, clock, applies=criterion.rule_set in applying)

    def _criterion(self, criterion: CriterionStatus, clock: Clock, *, applies: bool) -> Iterator[str]:
        yield from _wrapped(f"{criterion.label}.", "- ", "  ")
        state = "met" if criterion.status is Status.MET else "no longer met, still in force"
        since = f", since {clock.moment(criterion.since)}" if criterion.since is not None else ""
        aside = "" if applies else f"; does not bear on this {self._guideline.decides_on}"
        yield from _wrapped(f"{criterion.effect}: {state}{since}{aside}", "  ", "  ")
        seen = [self.evidence(e, clock) for e in criterion.evidence if _bears(e, criterion.status)]
        yield from _wrapped(f"Seen: {'; '.join(seen) or self._from_events()}", "  ", "    ")
        yield from _wrapped(f"Limit: {criterion.condition}", "  ", "    ")
        if criterion.resume is not None:
            yield from _wrapped(f"Lifted when: {criterion.resume}", "  ", "    ")
        yield from _wrapped(f"Source: {criterion.source} [{criterion.id}]", "  ", "    ")

    def _from_events(self) -> str:
        """What was seen of a criterion that speaks of events and of nothing that is charted."""
        counted = " and ".join(f"{series.event}s" for series in self._guideline.series)
        return f"from the {counted} given" if counted else "nothing that is charted"

    def evidence(self, evidence: Evidence, clock: Clock) -> str:
        """What was seen of one concept: over which time, the value, why it is unknown, and the items."""
        said = evidence.quantity or self._guideline.labels[evidence.concept]
        items = f" ({named(evidence.resources)})" if evidence.resources else ""
        if evidence.value is None:
            return f"{said} not known: {evidence.because}{items}"
        because = f", {evidence.because}" if evidence.because else ""
        if evidence.window is not None:
            return f"{_over(said, evidence.window, clock)}: {evidence.written}{because}{items}"
        colon = ":" if evidence.quantity else ""
        comma = "" if evidence.written.endswith("since") else ","
        when = f"{comma} {clock.moment(evidence.time)}" if evidence.time is not None else ""
        return f"{said}{colon} {evidence.written}{when}{because}{items}"

    # ---- what to do

    def _advice(self, advice: Iterable[Advice]) -> Iterator[str]:
        heading = None
        for item in advice:
            if heading is None:
                yield "WHAT THE GUIDELINE SAYS TO DO"
            if item.finding_label != heading:
                heading = item.finding_label
                yield f"{heading}:"
            when = f" (when: {item.when})" if item.when else ""
            strength = "" if item.strength == "recommended" else f" [{_words(item.strength)}]"
            amount = f": {_amount(item.amount)}" if item.amount is not None else ""
            yield from _wrapped(f"{item.label}{amount}{when}{strength}. {item.source}", "- ", "  ")

    # ---- what is missing

    def _to_assess(self, assessment: Assessment) -> Iterator[str]:
        systems: dict[str, list[str]] = {}
        for wanted in assessment.to_assess:
            systems.setdefault(self._guideline.organ_systems[wanted.organ_system], []).append(wanted.label)
        if systems:
            yield "STILL TO ASSESS (what could settle it with least comes first)"
        for system, labels in systems.items():
            yield from _wrapped(f"{system}: {'; '.join(labels)}", "- ", "  ")

    def _problems(self, assessment: Assessment) -> Iterator[str]:
        if assessment.problems:
            yield "NOT TRUSTED"
        for line in problem_lines(assessment.problems, self._guideline.labels):
            yield from _wrapped(line, "- ", "  ")

    def _passed_over(self, assessment: Assessment) -> Iterator[str]:
        if assessment.passed_over:
            yield "PASSED OVER (nothing here names what the guideline asks about)"
        for line in passed_over_lines(assessment.passed_over):
            yield from _wrapped(line, "- ", "  ")

    def _rule_sets(self, assessment: Assessment) -> Iterator[str]:
        yield "BY RULE SET"
        for name, decision in assessment.rule_sets.items():
            decided, at_least, at_most = decision.said
            span = f" ({at_least.word} to {at_most.word})" if at_least != at_most else ""
            applies = "" if decision.applies else f", does not bear on this {self._guideline.decides_on}"
            yield from _wrapped(f"{name}: {decided.word}{span}{applies}", "- ", "  ")


def _wrapped(text: str, first: str = "", following: str = "") -> list[str]:
    return textwrap.wrap(
        printable(text),
        _WIDTH,
        initial_indent=first,
        subsequent_indent=following,
        break_on_hyphens=False,
        break_long_words=True,
    )


def _caution(assessment: Assessment) -> str:
    """How much of the record is not behind the decision."""
    doubted = items_in_doubt(assessment.problems)
    passed = sum(kind.count for kind in assessment.passed_over)
    said = [f"{doubted} item{'s' if doubted > 1 else ''} could not be used as charted"] if doubted else []
    if passed:
        said.append(f"{passed} {'were' if passed > 1 else 'was'} not recognised")
    return f"{', and '.join(said)}: see below." if said else ""


def _bears(evidence: Evidence, status: Status) -> bool:
    """Whether evidence helps to understand a status: what is silent does not, of a criterion that is met without it."""
    if evidence.granted or evidence.began:
        return False
    return status is not Status.MET or evidence.value is not None or bool(evidence.resources)


def _over(said: str, window: tuple[int, int], clock: Clock) -> str:
    """What was asked and of which time; the start is named where the words do not say how long it was."""
    start, end = window
    if said.endswith(plain_time(Decimal(end - start) / MICROSECONDS_PER_HOUR)):
        return f"{said} to {clock.moment(end)}"
    return f"{said.removesuffix(',')}, {clock.moment(start)} to {clock.moment(end)}"


def _words(strength: str) -> str:
    return "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in strength)


def _amount(amount: Amount) -> str:
    low, high = amount.low, amount.high
    if low is not None and high is not None and low != high:
        number = f"{plain_number(low)} to {plain_number(high)}"
    elif low is not None:
        number = plain_number(low) if high == low else f"at least {plain_number(low)}"
    else:
        number = "" if high is None else f"up to {plain_number(high)}"
    unit = plain_unit(amount.unit or "")
    parts = [f"{number} {unit}".strip(), amount.route, amount.frequency]
    return ", ".join(part for part in parts if part)
