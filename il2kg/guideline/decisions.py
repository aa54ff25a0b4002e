"""What can be decided, what criteria ask for, and when rule sets speak. Words and ranks are the guideline's own."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision: its ``word`` in output, its ``rank`` (a higher one is more severe), what people are told first.

    The lowest lets go ahead, and others may with less than usual (``goes_ahead``).
    """

    id: str
    word: str
    rank: int
    headline: str
    label: str
    goes_ahead: bool = False


@dataclass(frozen=True)
class Decisions:
    """All decisions of a guideline, ``in_order`` from the mildest to the most severe: first those that let go ahead.

    ``undecided`` is said where the decision could let go ahead and something unknown could make it another. It has no
    place among them, and ``other_words`` for the lowest have its own; no rank of these is to be compared.
    """

    in_order: tuple[Decision, ...]
    undecided: Decision
    other_words: tuple[Decision, ...] = ()

    @property
    def lowest(self) -> Decision:
        """The mildest decision: nothing speaks against going ahead."""
        return self.in_order[0]

    @property
    def highest(self) -> Decision:
        """The most severe decision."""
        return self.in_order[-1]

    def of(self, name: str) -> Decision:
        """The decision with an identifier."""
        return next(each for each in (*self.in_order, self.undecided, *self.other_words) if each.id == name)


def most_severe(decisions: Iterable[Decision], least: Decision) -> Decision:
    """The decision of the highest rank, and no milder than ``least``."""
    return max((least, *decisions), key=lambda decision: decision.rank)


@dataclass(frozen=True, slots=True)
class Effect:
    """What a criterion in force asks for; for which level, or ``for_good``, it stays once its criterion was met."""

    id: str
    label: str
    decision: Decision
    stays_for: str | None
    for_good: bool

    @property
    def remembers(self) -> bool:
        """Whether it stays in force after its criterion stopped being met."""
        return self.for_good or self.stays_for is not None


@dataclass(frozen=True, slots=True)
class Escalation:
    """More than ``more_than`` criteria of an effect, or any of those ``also`` named, lead to a decision together.

    Once reached, it stays for a level (None: for as long as it is so).
    """

    more_than: int
    effect: str
    also: tuple[str, ...]
    decision: Decision
    stays_for: str | None

    def reached(self, effects: Sequence[str]) -> bool:
        """Whether criteria of some effects, in force together, reach it."""
        return effects.count(self.effect) > self.more_than or not set(self.also).isdisjoint(effects)


class OccasionKind(StrEnum):
    """When a rule set speaks: always, of the first event of a level, or of any but the first of a series."""

    EVERY = "every"
    FIRST_OF = "first-of"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Occasion:
    """When a rule set speaks, ``of`` which level or series, and the word that it then has for the lowest decision."""

    id: str
    label: str
    kind: OccasionKind
    of: str | None
    clear_as: Decision | None
