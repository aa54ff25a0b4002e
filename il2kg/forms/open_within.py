"""``il2:openWithin``: a finding was present at some moment of the last hours or days."""

from dataclasses import dataclass
from typing import Final

from il2kg.derive.episodes import Belief
from il2kg.derive.findings import FindingAt
from il2kg.derive.grounds import Stated
from il2kg.derive.instants import Instants
from il2kg.derive.kleene import Truths
from il2kg.derive.timeline import span_of
from il2kg.forms.reader import SPAN, Of, Syntax
from il2kg.forms.statement import TimedFinding
from il2kg.guideline.conditions import Speaker
from il2kg.guideline.lengths import key_of, plain_time


@dataclass(frozen=True, slots=True)
class OpenWithin(TimedFinding):
    """The finding was present at some moment of the last ``hours``."""

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return self.keyed(f"open-within-{self.finding}-{key_of(self.hours)}")

    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """The finding, within so long."""
        return f"{self.charted(speaker)} within {plain_time(self.hours)}"

    def denied(self, speaker: Speaker) -> str:
        """None of it within so long."""
        return f"no {self.words(speaker)}"

    def derive(self, at: Instants) -> Stated:
        """Whether an episode was open at some moment of the time."""
        return self.stated(
            at, self._state, Belief.MAY_HAVE_BEEN, lambda finding, row: finding.open(row, back=span_of(self.hours))
        )

    def _state(self, finding: FindingAt) -> Truths:
        ever = finding.ever()
        true = finding.episodes.open(finding.at.keys, back=span_of(self.hours))
        return Truths(true, ever.false | (ever.true & ~true))


SYNTAX: Final = (
    Syntax(
        "openWithin",
        Of.FINDING,
        lambda reader, node: OpenWithin(reader.finding(node, "openWithin"), reader.hours(node)),
        SPAN,
    ),
)
