"""``il2:present``, ``il2:absent``: a finding has started and not ended."""

from dataclasses import dataclass
from typing import Final

from il2kg.derive.episodes import Belief
from il2kg.derive.findings import FindingAt
from il2kg.derive.grounds import Stated
from il2kg.derive.instants import Instants
from il2kg.forms.reader import Of, Syntax
from il2kg.forms.statement import FindingStatement
from il2kg.guideline.conditions import Not, Speaker


@dataclass(frozen=True, slots=True)
class Present(FindingStatement):
    """The finding, or one below it, has started and not ended."""

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return self.keyed(f"present-{self.finding}")

    @property
    def says(self) -> str | None:
        """Nothing: to be present is what a finding is asked for."""
        return ""

    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """The finding."""
        return self.charted(speaker)

    def denied(self, speaker: Speaker) -> str:
        """The finding is absent."""
        return f"no {self.charted(speaker)}" if self.shown_only else f"{self.charted(speaker)} absent"

    def derive(self, at: Instants) -> Stated:
        """Whether an episode is open; absent if that was stated lately, or by silence."""
        return self.stated(at, FindingAt.present, Belief.MAY_BE, FindingAt.open, ("present since", "absent"))


SYNTAX: Final = (
    Syntax("present", Of.FINDING, lambda reader, node: Present(reader.finding(node, "present"))),
    Syntax("absent", Of.FINDING, lambda reader, node: Not(Present(reader.finding(node, "absent")))),
)
