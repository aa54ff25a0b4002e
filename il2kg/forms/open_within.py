"""``il2:openWithin``: a finding was present at some moment of the last hours or days."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from il2kg.derive.episodes import Belief
from il2kg.derive.findings import FindingAt
from il2kg.derive.grounds import Ground, Stated
from il2kg.derive.instants import Instants
from il2kg.derive.kleene import Truths
from il2kg.derive.timeline import span_of
from il2kg.forms.reader import SPAN, Of, Syntax
from il2kg.forms.statement import FindingStatement
from il2kg.guideline.conditions import Speaker
from il2kg.guideline.lengths import key_of, plain_time


@dataclass(frozen=True, slots=True)
class OpenWithin(FindingStatement):
    """The finding was present at some moment of the last ``hours``."""

    hours: Decimal

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return self.keyed(f"open-within-{self.finding}-{key_of(self.hours)}")

    @property
    def looks_back(self) -> Decimal:
        """The hours."""
        return self.hours

    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """The finding, within so long."""
        return f"{self.charted(speaker)} within {plain_time(self.hours)}"

    def denied(self, speaker: Speaker) -> str:
        """None of it within so long."""
        return f"no {self.words(speaker)}"

    def derive(self, at: Instants) -> Stated:
        """Whether an episode was open at some moment of the time."""
        finding = self.finding_at(at)
        truths = finding.truths(self._state, Belief.MAY_HAVE_BEEN)

        def ground(row: int) -> Ground:
            match truths.at(row):
                case True:
                    return finding.yes(row, finding.open(row, back=span_of(self.hours)))
                case False:
                    return finding.no(row)
                case None:
                    return finding.open_question(row, now=False)

        return Stated(truths, ground)

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
