"""What all statements have in common: forms that are true or false by themselves, without a number to compare."""

from abc import abstractmethod
from dataclasses import dataclass, field, replace
from typing import Self

import numpy as np

from il2kg.derive.findings import FindingAt
from il2kg.derive.grounds import Stated
from il2kg.derive.instants import Instants
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

    def finding_at(self, at: Instants) -> FindingAt:
        """The finding at some instants, as far as it is certain."""
        return FindingAt.of(at, self.finding, shown=self.shown_only)
