"""From the statuses of criteria to decisions and their ranges (semantics, section 6).

Knows nothing of RDF or of records.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from il2kg.guideline.model import Criterion, Effect, Occasion, RuleSet


class Status(StrEnum):
    """The status of a criterion at the assessed instant."""

    MET = "met"
    HELD = "held"
    UNKNOWN = "unknown"
    NOT_MET = "not-met"


class Severity(IntEnum):
    """Decisions from the mildest to the most severe."""

    ADMINISTER = 0
    NOT_DUE = 1
    WITHHOLD = 2
    STOP_CYCLE = 3
    STOP_COURSE = 4
    CONTRAINDICATED = 5

    @property
    def word(self) -> str:
        """The decision as it is written in output."""
        return self.name.lower().replace("_", "-")


_SEVERITIES = {
    Effect.WITHHOLD: Severity.WITHHOLD,
    Effect.RELATIVE: Severity.WITHHOLD,
    Effect.ABSOLUTE: Severity.STOP_CYCLE,
    Effect.STOP_CYCLE: Severity.STOP_CYCLE,
    Effect.STOP_COURSE: Severity.STOP_COURSE,
    Effect.NOT_DUE: Severity.NOT_DUE,
    Effect.CONTRAINDICATION: Severity.CONTRAINDICATED,
}


def severity_of(effect: Effect) -> Severity:
    """The decision that one criterion of an effect asks for by itself."""
    return _SEVERITIES[effect]


@dataclass(frozen=True)
class Range:
    """A decision as a range: if no unknown criterion were met (``at_least``), and if every one were (``at_most``)."""

    at_least: Severity
    at_most: Severity

    @property
    def decided(self) -> bool:
        """False where the dose could be given and something unknown could still forbid it."""
        return self.at_least is not Severity.ADMINISTER or self.at_most is Severity.ADMINISTER

    def words(self, *, gate: bool) -> tuple[str, str, str]:
        """(decision, at least, at most) as written; a ``gate`` (who may be treated) says eligible for administer."""

        def word(severity: Severity) -> str:
            return "eligible" if gate and severity is Severity.ADMINISTER else severity.word

        return (word(self.at_least) if self.decided else "indeterminate", word(self.at_least), word(self.at_most))


@dataclass(frozen=True)
class RuleSetDecision:
    """The decision of one rule set, and the criteria behind it, sorted by identifier.

    ``bearing`` is the range with which it enters the overall decision, ``open`` the unknown criteria behind that range:
    all, or those that are so by more than silence.
    """

    rule_set: RuleSet
    range: Range
    bearing: Range
    applies: bool
    met: tuple[str, ...]
    held: tuple[str, ...]
    unknown: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def words(self) -> tuple[str, str, str]:
        """(decision, at least, at most) as written."""
        return self.range.words(gate=self.rule_set.occasion is not Occasion.EVERY_DOSE)


@dataclass(frozen=True)
class Situation:
    """What the events so far say of the one now considered; None where what may have been an event leaves it open.

    ``later``: by series, whether there was one before it; ``first_of``: by level, whether it is the first of one.
    ``in_doubt`` are the levels of series in which there may have been an event more. ``escalated`` are the rule sets that
    had escalated before and still do; ``silent`` the criteria that are unknown by silence alone.
    """

    later: Mapping[str, bool | None]
    first_of: Mapping[str, bool | None]
    in_doubt: frozenset[str]
    escalated: frozenset[str]
    silent: frozenset[str]


def decide_rule_set(
    rule_set: RuleSet, criteria: Sequence[Criterion], statuses: Mapping[str, Status], situation: Situation
) -> RuleSetDecision:
    """Decide one rule set."""
    in_force = [c for c in criteria if statuses[c.id] in (Status.MET, Status.HELD)]
    unknown = [c for c in criteria if statuses[c.id] is Status.UNKNOWN]
    level = rule_set.silence_bears_on
    silence_bears = level is None or level in situation.in_doubt or situation.first_of[level] is not False
    still_open = unknown if silence_bears else [c for c in unknown if c.id not in situation.silent]
    least = Severity.STOP_CYCLE if rule_set.id in situation.escalated else Severity.ADMINISTER

    def up_to(possible: Sequence[Criterion]) -> Range:
        return Range(max(least, _severity(rule_set, in_force)), max(least, _severity(rule_set, [*in_force, *possible])))

    def names(status: Status) -> tuple[str, ...]:
        return tuple(sorted(c.id for c in criteria if statuses[c.id] is status))

    return RuleSetDecision(
        rule_set=rule_set,
        range=up_to(unknown),
        bearing=up_to(still_open),
        applies=_applies(rule_set, situation),
        met=names(Status.MET),
        held=names(Status.HELD),
        unknown=names(Status.UNKNOWN),
        open=tuple(sorted(c.id for c in still_open)),
    )


def _severity(rule_set: RuleSet, criteria: Iterable[Criterion]) -> Severity:
    effects = [criterion.effect for criterion in criteria]
    found = max((severity_of(effect) for effect in effects), default=Severity.ADMINISTER)
    if rule_set.tolerated_relative is not None and effects.count(Effect.RELATIVE) > rule_set.tolerated_relative:
        found = max(found, Severity.STOP_CYCLE)
    return found


def _applies(rule_set: RuleSet, situation: Situation) -> bool:
    """Whether a rule set enters the overall decision; in doubt it does."""
    match rule_set.occasion:
        case Occasion.EVERY_DOSE:
            return True
        case Occasion.FIRST_DOSE_OF_COURSE:
            return situation.first_of["course"] is not False
        case Occasion.ANY_LATER_DOSE:
            return situation.later["aldesleukin-doses"] is not False


def decide_overall(decisions: Iterable[RuleSetDecision]) -> Range:
    """The most severe of the rule sets that apply.

    Where none of those asked for applies, nothing was decided: the dose is not said to be given.
    """
    applying = [decision.bearing for decision in decisions if decision.applies]
    if not applying:
        return Range(Severity.ADMINISTER, Severity.CONTRAINDICATED)
    return Range(max(r.at_least for r in applying), max(r.at_most for r in applying))
