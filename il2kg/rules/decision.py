"""From the statuses of criteria to decisions and their ranges (semantics, section 6).

Knows nothing of RDF or of records.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from il2kg.guideline.decisions import Decision, Decisions, Effect, Escalation, Occasion, OccasionKind, most_severe
from il2kg.guideline.model import Criterion, RuleSet


class Status(StrEnum):
    """The status of a criterion at the assessed instant."""

    MET = "met"
    HELD = "held"
    UNKNOWN = "unknown"
    NOT_MET = "not-met"


@dataclass(frozen=True)
class Range:
    """A decision as a range: if no unknown criterion were met (``at_least``), and if every one were (``at_most``)."""

    at_least: Decision
    at_most: Decision

    def said(self, decisions: Decisions, clear_as: Decision | None = None) -> tuple[Decision, Decision, Decision]:
        """(decision, at least, at most) as they are said: undecided where going ahead could still be forbidden.

        ``clear_as`` is said for the lowest decision.
        """
        lowest = decisions.lowest

        def word(decision: Decision) -> Decision:
            return clear_as if clear_as is not None and decision.rank == lowest.rank else decision

        goes_ahead = self.at_least.goes_ahead or self.at_least.rank == lowest.rank
        open_still = goes_ahead and self.at_most.rank > self.at_least.rank
        return (decisions.undecided if open_still else word(self.at_least), word(self.at_least), word(self.at_most))


@dataclass(frozen=True)
class RuleSetDecision:
    """The decision of one rule set, and the criteria behind it, sorted by identifier.

    ``said`` is (decision, at least, at most) in the words of the rule set's occasion. ``bearing`` is the range with
    which it enters the overall decision, ``open`` the unknown criteria behind that range: all, or those that
    are so by more than silence. ``escalated`` is the level for which an escalation that was reached before stays.
    """

    rule_set: RuleSet
    range: Range
    said: tuple[Decision, Decision, Decision]
    bearing: Range
    escalated: str | None
    applies: bool
    met: tuple[str, ...]
    held: tuple[str, ...]
    unknown: tuple[str, ...]
    open: tuple[str, ...]


@dataclass(frozen=True)
class Situation:
    """What the events so far say of the one now considered.

    ``given``: whether there was one of a series at all; ``first``: whether the one now considered is the first of a
    level. None in both where what may have been an event leaves it open. ``surely_later`` are the levels of which it is
    known not to be the first, ``escalated`` the rule sets whose escalation, once reached, stays; ``silent`` the
    criteria that are unknown by silence alone.
    """

    given: Mapping[str, bool | None]
    first: Mapping[str, bool | None]
    surely_later: frozenset[str]
    escalated: frozenset[str]
    silent: frozenset[str]


def decide_rule_set(
    rule_set: RuleSet,
    criteria: Sequence[Criterion],
    statuses: Mapping[str, Status],
    situation: Situation,
    decisions: Decisions,
) -> RuleSetDecision:
    """Decide one rule set."""
    in_force = [c for c in criteria if statuses[c.id] in (Status.MET, Status.HELD)]
    unknown = [c for c in criteria if statuses[c.id] is Status.UNKNOWN]
    silence_bears = rule_set.silence_bears_on is None or rule_set.silence_bears_on not in situation.surely_later
    still_open = unknown if silence_bears else [c for c in unknown if c.id not in situation.silent]
    escalation = rule_set.escalation
    stays = escalation is not None and rule_set.id in situation.escalated
    least = escalation.decision if escalation is not None and stays else decisions.lowest

    def up_to(possible: Sequence[Criterion]) -> Range:
        return Range(
            asked_for([c.effect for c in in_force], escalation, least),
            asked_for([c.effect for c in (*in_force, *possible)], escalation, least),
        )

    def names(status: Status) -> tuple[str, ...]:
        return tuple(sorted(c.id for c in criteria if statuses[c.id] is status))

    reach = up_to(unknown)
    return RuleSetDecision(
        rule_set=rule_set,
        range=reach,
        said=reach.said(decisions, rule_set.occasion.clear_as),
        bearing=up_to(still_open),
        escalated=escalation.stays_for if escalation is not None and stays else None,
        applies=_applies(rule_set.occasion, situation),
        met=names(Status.MET),
        held=names(Status.HELD),
        unknown=names(Status.UNKNOWN),
        open=tuple(sorted(c.id for c in still_open)),
    )


def asked_for(effects: Sequence[Effect], escalation: Escalation | None, least: Decision) -> Decision:
    """What criteria of some effects, in force together, ask for; no milder than ``least``."""
    decisions = [effect.decision for effect in effects]
    if escalation is not None and escalation.reached([effect.id for effect in effects]):
        decisions.append(escalation.decision)
    return most_severe(decisions, least)


def _applies(occasion: Occasion, situation: Situation) -> bool:
    """Whether a rule set enters the overall decision; in doubt it does."""
    match occasion:
        case Occasion(kind=OccasionKind.FIRST_OF, of=str(level)):
            return situation.first[level] is not False
        case Occasion(kind=OccasionKind.LATER, of=str(series)):
            return situation.given[series] is not False
        case _:
            return True


def decide_overall(by_rule_set: Iterable[RuleSetDecision], decisions: Decisions) -> Range:
    """The most severe of the rule sets that apply.

    Where none of those asked for applies, nothing was decided: nobody is told to go ahead.
    """
    applying = [decision.bearing for decision in by_rule_set if decision.applies]
    if not applying:
        return Range(decisions.lowest, decisions.highest)
    return Range(
        most_severe((r.at_least for r in applying), decisions.lowest),
        most_severe((r.at_most for r in applying), decisions.lowest),
    )
