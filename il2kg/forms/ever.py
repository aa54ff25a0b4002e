"""``il2:ever``: a finding has started at some time."""

from dataclasses import dataclass
from typing import Final

from il2kg.derive.episodes import Belief
from il2kg.derive.findings import FindingAt
from il2kg.derive.grounds import Stated
from il2kg.derive.instants import Instants
from il2kg.forms.reader import Of, Syntax
from il2kg.forms.statement import FindingStatement
from il2kg.guideline.conditions import Speaker


@dataclass(frozen=True, slots=True)
class Ever(FindingStatement):
    """The finding, or one below it, has started at some time."""

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return self.keyed(f"ever-{self.finding}")

    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """The finding, at any time."""
        return f"{self.charted(speaker)} at any time"

    def derive(self, at: Instants) -> Stated:
        """Whether an episode has started; never if that was stated since the last event, or by silence."""
        return self.stated(at, FindingAt.ever, Belief.MAY_HAVE_BEEN, FindingAt.started)


SYNTAX: Final = (Syntax("ever", Of.FINDING, lambda reader, node: Ever(reader.finding(node, "ever"))),)
