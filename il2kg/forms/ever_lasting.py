"""``il2:everLasting``: a finding has at some time lasted longer than some time."""

from dataclasses import dataclass
from typing import Final

from il2kg.derive.episodes import Belief, any_between
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
class EverLasting(TimedFinding):
    """The finding has at some time lasted longer than ``hours``."""

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return self.keyed(f"ever-lasting-{self.finding}-{key_of(self.hours)}")

    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """The finding, at any time for longer than that."""
        return f"{self.charted(speaker)} at any time for longer than {plain_time(self.hours)}"

    def derive(self, at: Instants) -> Stated:
        """Whether episodes that overlap or touch have lasted longer, up to now at most."""
        return self.stated(at, self._state, Belief.MAY_HAVE_BEEN, FindingAt.longest)

    def _state(self, finding: FindingAt) -> Truths:
        columns, span = finding.episodes, span_of(self.hours)
        ever = finding.ever()
        long = columns.group_end - columns.group_first > span
        # It has lasted longer at the first instant after start + span.
        true = any_between(columns.group_first[long] + span + 1, finding.at.origin, finding.at.keys)
        return Truths(true, ever.false | (ever.true & ~true))


SYNTAX: Final = (
    Syntax(
        "everLasting",
        Of.FINDING,
        lambda reader, node: EverLasting(reader.finding(node, "everLasting"), reader.hours(node)),
        SPAN,
    ),
)
