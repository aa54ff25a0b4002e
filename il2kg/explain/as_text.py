"""An assessment as text for a person at the bedside: the decision first, at 80 columns, without colour."""

import textwrap
from collections.abc import Iterable, Iterator
from decimal import Decimal

from il2kg.assessment import Advice, Assessment, CriterionStatus, Evidence
from il2kg.decide import Severity, Status
from il2kg.guideline.model import Amount, Guideline
from il2kg.guideline.plain_units import plain_unit
from il2kg.guideline.wording import amount as in_words
from il2kg.guideline.wording import plain_number
from il2kg.read.times import zulu

_WIDTH = 80
_HEADLINES = {
    "administer": "ADMINISTER: nothing in the guideline speaks against the next dose",
    "indeterminate": "CANNOT BE SAID YET: assess first what is listed below",
    "not-due": "NOT DUE: no dose is scheduled now",
    "withhold": "WITHHOLD the next dose",
    "stop-cycle": "STOP THE CYCLE: no further dose in this cycle",
    "stop-course": "STOP THE COURSE: no further dose in this course",
    "contraindicated": "CONTRAINDICATED: do not treat",
}


class TextReport:
    """Writes assessments as text, in the words of one guideline."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline

    def text(self, assessment: Assessment) -> str:
        """The whole report; lines end with a newline."""
        sections = (
            self._head(assessment),
            self._in_force(assessment),
            self._advice(assessment.advice),
            self._to_assess(assessment),
            self._problems(assessment),
            self._rule_sets(assessment),
        )
        return "\n".join("\n".join(lines) + "\n" for section in sections if (lines := list(section)))

    # ---- decision

    def _head(self, assessment: Assessment) -> Iterator[str]:
        yield from _wrapped(_HEADLINES[assessment.decision])
        _, at_least, at_most = assessment.overall.words(gate=False)
        if at_least != at_most:
            yield from _wrapped(f"Between {at_least} and {at_most}, depending on what is still unknown.")
        restricted = len(assessment.rule_sets) < len(self._guideline.rule_sets)
        if restricted:
            yield from _wrapped(f"By {', '.join(assessment.rule_sets)} only.")
        if restricted and not any(d.applies for d in assessment.rule_sets.values()):
            yield from _wrapped("None of these speaks to the next dose.")
        yield from _wrapped(f"{assessment.patient or 'One patient'}, {_minute(assessment.at)}. {assessment.record}")
        yield from _wrapped(f"Charting: {assessment.charting}. This supports a decision; it makes none.")

    # ---- in force

    def _in_force(self, assessment: Assessment) -> Iterator[str]:
        in_force = [c for c in assessment.criteria if c.status in (Status.MET, Status.HELD)]
        ended = [
            d
            for d in assessment.rule_sets.values()
            if d.range.at_least is Severity.STOP_CYCLE and not any(c.rule_set == d.rule_set.id for c in in_force)
        ]
        if not in_force and not ended:
            yield "IN FORCE: nothing"
            return
        yield "IN FORCE"
        for decision in ended:
            yield from _wrapped(f"{decision.rule_set.label}: the cycle was ended earlier, and stays so.", "- ", "  ")
        applying = {name for name, decision in assessment.rule_sets.items() if decision.applies}
        for criterion in sorted(in_force, key=lambda c: c.rule_set not in applying):
            yield from self._criterion(criterion, applies=criterion.rule_set in applying)

    def _criterion(self, criterion: CriterionStatus, *, applies: bool) -> Iterator[str]:
        yield from _wrapped(f"{criterion.label}.", "- ", "  ")
        state = "met" if criterion.status is Status.MET else "no longer met, still in force"
        since = f", since {_minute(criterion.since)}" if criterion.since is not None else ""
        aside = "" if applies else "; does not bear on this dose"
        yield from _wrapped(f"{criterion.effect}: {state}{since}{aside}", "  ", "  ")
        seen = [line for e in criterion.evidence if (line := self._evidence(e))]
        yield from _wrapped(f"Seen: {'; '.join(seen)}" if seen else "Seen: from the doses given", "  ", "    ")
        yield from _wrapped(f"Limit: {criterion.condition}", "  ", "    ")
        if criterion.resume is not None:
            yield from _wrapped(f"Lifted when: {criterion.resume}", "  ", "    ")
        yield from _wrapped(f"Source: {criterion.source} [{criterion.id}]", "  ", "    ")

    def _evidence(self, evidence: Evidence) -> str:
        label = evidence.quantity or self._guideline.labels[evidence.concept]
        match evidence.value:
            case None:
                return f"{label} not known"
            case True:
                value = "present" if evidence.concept in self._guideline.findings else "given"
            case False:
                value = "absent" if evidence.concept in self._guideline.findings else "not given"
            case float() | int():
                value = in_words(Decimal(repr(float(evidence.value))), evidence.unit or "")
            case str():
                value = f"{evidence.value} {plain_unit(evidence.unit or '')}".strip()
        when = f", {_minute(evidence.time)}" if evidence.time is not None else ""
        item = f" ({evidence.resource})" if evidence.resource else ""
        return f"{label} {value}{when}{item}"

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
        for problem in assessment.problems:
            yield from _wrapped(f"{problem.item}: {problem.problem}", "- ", "  ")
        if assessment.passed_over:
            yield from _wrapped(f"Passed over: {assessment.passed_over} resources about other things.")

    def _rule_sets(self, assessment: Assessment) -> Iterator[str]:
        yield "BY RULE SET"
        for name, decision in assessment.rule_sets.items():
            word, at_least, at_most = decision.words
            span = f" ({at_least} to {at_most})" if at_least != at_most else ""
            applies = "" if decision.applies else ", does not bear on this dose"
            yield from _wrapped(f"{name}: {word}{span}{applies}", "- ", "  ")


def _wrapped(text: str, first: str = "", following: str = "") -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent=first, subsequent_indent=following, break_on_hyphens=False, break_long_words=True
    )


def _minute(time: int) -> str:
    """A time in UTC as people read it, to the minute unless there is more."""
    date, _, clock = zulu(time).removesuffix("Z").partition("T")
    return f"{date} {clock.removesuffix(':00')} UTC"


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
