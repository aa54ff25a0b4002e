"""``il2:lasting``: a finding is present and has been for some time."""

from dataclasses import dataclass
from typing import Final

from il2kg.derive.episodes import Belief, episode_columns
from il2kg.derive.findings import FindingAt
from il2kg.derive.grounds import Stated
from il2kg.derive.instants import Instants
from il2kg.derive.kleene import Truths
from il2kg.derive.timeline import Keys, Timeline, span_of
from il2kg.forms.reader import SPAN, Of, Syntax
from il2kg.forms.statement import TimedFinding
from il2kg.guideline.conditions import Speaker
from il2kg.guideline.lengths import key_of, plain_time


@dataclass(frozen=True, slots=True)
class Lasting(TimedFinding):
    """The finding is present and has been for ``hours`` or longer."""

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return self.keyed(f"lasting-{self.finding}-{key_of(self.hours)}")

    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """The finding, for so long."""
        return f"{self.charted(speaker)} for {plain_time(self.hours)} or longer"

    def matures(self, timeline: Timeline) -> Keys:
        """When it has lasted long enough, while it is present."""
        columns = episode_columns(timeline, self.finding)
        moment = columns.group_first + span_of(self.hours)
        return moment[moment < columns.group_end]

    def derive(self, at: Instants) -> Stated:
        """Whether the episode that is open, with those that it overlaps or touches, began long enough ago."""
        return self.stated(at, self._state, Belief.MAY_BE, FindingAt.going_on, ("yes, since", "no"))

    def _state(self, finding: FindingAt) -> Truths:
        now = finding.present()
        long = finding.episodes.began(finding.at.rows) <= finding.at.keys - span_of(self.hours)
        return Truths(now.true & long, now.false | (now.true & ~long))


SYNTAX: Final = (
    Syntax(
        "lasting",
        Of.FINDING,
        lambda reader, node: Lasting(reader.finding(node, "lasting"), reader.hours(node)),
        SPAN,
    ),
)
