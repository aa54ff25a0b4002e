"""What all statements have in common: forms that are true or false by themselves, without a number to compare."""

from abc import abstractmethod
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Self

import numpy as np

from il2kg.derive.episodes import Belief, Spell
from il2kg.derive.findings import FindingAt
from il2kg.derive.grounds import Ground, Stated
from il2kg.derive.instants import Instants
from il2kg.derive.kleene import Truths
from il2kg.derive.timeline import Keys, Timeline
from il2kg.guideline.conditions import Asked, Concepts, Leaf, Speaker


class Statement(Leaf):
    """A leaf that is true, false or unknown of what was charted, given or done."""

    __slots__ = ()

    @abstractmethod
    def derive(self, at: Instants) -> Stated:
        """Its truth at some instants, and what that rests on."""

    @property
    def source(self) -> Asked | None:
        """Itself."""
        return self

    @property
    def says(self) -> str | None:
        """What evidence of it has to add to its concept: all of its words, or nothing (None: the words)."""
        return None

    @property
    def granted(self) -> bool:
        """Whether people see it without being told, so that it is evidence for tools alone while it is known."""
        return False

    def matures(self, timeline: Timeline) -> Keys:
        """The instants at which it becomes true by the mere passing of time."""
        return np.empty(0, dtype=np.int64)

    def shape(self, *, known: bool) -> str:
        """The assessment shows it; or it does not exclude it."""
        if known:
            return f"[ sh:property [ sh:path il2:shows ; sh:hasValue derived:{self.key} ] ]"
        return f"[ sh:not [ sh:property [ sh:path il2:excludes ; sh:hasValue derived:{self.key} ] ] ]"


@dataclass(frozen=True, slots=True)
class FindingStatement(Statement):
    """A statement about a finding, or one below it.

    One that is ``shown`` goes by what the record shows: silence means that the finding is absent, whatever the
    charting policy.
    """

    finding: str
    shown_only: bool = field(default=False, kw_only=True)

    def asks_about(self, concepts: Concepts) -> tuple[str, ...]:
        """The finding."""
        return (self.finding,)

    def shown(self) -> Self:
        """The same, where silence is absence."""
        return replace(self, shown_only=True)

    def charted(self, speaker: Speaker) -> str:
        """What people call the finding; ``charted`` where silence is absence."""
        label = speaker.label(self.finding)
        return f"charted {label}" if self.shown_only else label

    def keyed(self, key: str) -> str:
        """A key, with what tells the one that is shown from the other."""
        return f"shown-{key}" if self.shown_only else key

    def stated(
        self,
        at: Instants,
        state: Callable[[FindingAt], Truths],
        belief: Belief,
        spells: Callable[[FindingAt, int], Sequence[Spell]],
        words: tuple[str, str] = ("yes", "no"),
    ) -> Stated:
        """The statement at some instants, and what it rests on.

        Args:
            at: the instants.
            state: its truth, of the finding at a degree of belief.
            belief: which doubtful presences may make it true: those that may be going on, or all that may have been.
            spells: the episodes that make it true in a row.
            words: how it reads where it is true, and where it is false.
        """
        finding = FindingAt.of(at, self.finding, shown=self.shown_only)
        truths = finding.truths(state, belief)

        def ground(row: int) -> Ground:
            match truths.at(row):
                case True:
                    return finding.yes(row, spells(finding, row), words[0])
                case False:
                    return finding.no(row, words[1])
                case None:
                    return finding.open_question(row, now=belief is Belief.MAY_BE)

        return Stated(truths, ground)


@dataclass(frozen=True, slots=True)
class TimedFinding(FindingStatement):
    """A statement about a finding and a length of time."""

    hours: Decimal

    @property
    def looks_back(self) -> Decimal:
        """The hours."""
        return self.hours


@dataclass(frozen=True, slots=True)
class TreatmentStatement(Statement):
    """A statement about a treatment, or one below it, and a length of time."""

    treatment: str
    hours: Decimal

    @property
    def looks_back(self) -> Decimal:
        """The hours."""
        return self.hours

    def asks_about(self, concepts: Concepts) -> tuple[str, ...]:
        """The treatment."""
        return (self.treatment,)

    def denied(self, speaker: Speaker) -> str:
        """None of it in that time."""
        return f"no {self.words(speaker)}"
