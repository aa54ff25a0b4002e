"""Collects a patient's record while resources are read: what can be trusted, and the doubt about what cannot."""

from dataclasses import dataclass, field

from il2kg.read.elements import Element
from il2kg.read.spans import Span
from il2kg.record import Absence, Administration, Dose, DoubtfulFinding, Episode, Measurement, Problem, Record


@dataclass(frozen=True, slots=True)
class Item:
    """A resource that is read: its name for messages, its type and content, and why it cannot be trusted, if so."""

    name: str
    kind: str
    content: Element
    doubt: str | None = None


@dataclass
class RecordBuilder:
    """The record so far."""

    measurements: list[Measurement] = field(default_factory=list)
    episodes: list[Episode] = field(default_factory=list)
    absences: list[Absence] = field(default_factory=list)
    doubtful: list[DoubtfulFinding] = field(default_factory=list)
    administrations: list[Administration] = field(default_factory=list)
    doses: list[Dose] = field(default_factory=list)
    discharges: list[int] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    passed_over: int = 0

    def problem(self, item: Item, problem: str) -> None:
        """Report something about an item."""
        self.problems.append(Problem(item.name, problem))

    def episode(self, finding: str, item: Item, span: Span, doubt: str | None = None) -> None:
        """A finding that was present, unless its time, or the item, cannot be trusted."""
        if not self._in_doubt(finding, item, span, doubt):
            assert span.start is not None
            self.episodes.append(Episode(finding, span.start, span.end, item.name))

    def absence(self, finding: str, item: Item, span: Span, doubt: str | None = None) -> None:
        """A statement that a finding is absent, unless its time, or the item, cannot be trusted."""
        if not self._in_doubt(finding, item, span, doubt):
            assert span.start is not None
            self.absences.append(Absence(finding, span.start, item.name))

    def _in_doubt(self, finding: str, item: Item, span: Span, doubt: str | None) -> bool:
        """Set a finding aside, present or absent, if it cannot be trusted."""
        problem = item.doubt or doubt or span.problem or ("no time that can be read" if span.start is None else None)
        if problem is None:
            return False
        self.problem(item, problem)
        times = span.times
        self.doubtful.append(DoubtfulFinding(finding, min(times, default=None), max(times, default=None), item.name))
        return True

    def record(self, patient: str | None) -> Record:
        """The record of a patient."""
        return Record(
            patient=patient,
            measurements=tuple(self.measurements),
            episodes=tuple(self.episodes),
            absences=tuple(self.absences),
            doubtful=tuple(self.doubtful),
            administrations=tuple(self.administrations),
            doses=tuple(self.doses),
            discharges=tuple(self.discharges),
            problems=tuple(sorted(set(self.problems))),
            passed_over=self.passed_over,
        )
