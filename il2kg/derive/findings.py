"""Charted findings at each instant: present, ever, lasting, within (semantics, sections 3 and 4)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from il2kg.derive.episodes import (
    Belief,
    absence_keys,
    any_between,
    end_keys,
    episode_columns,
    in_doubt,
    own_columns,
)
from il2kg.derive.series_at import SeriesAt
from il2kg.derive.timeline import Keys, Rows, Timeline, Truth, span_of
from il2kg.guideline.conditions import Ever, EverLasting, FindingStatement, Lasting, OpenWithin, Present

_State = tuple[Truth, Truth]


def finding_state(
    timeline: Timeline, rows: Rows, series: Mapping[str, SeriesAt], statement: FindingStatement, *, by_exception: bool
) -> _State:
    """Where a statement about a finding is true, and where it is false; it is unknown elsewhere.

    What is doubtful is taken for true and for not there: where the two differ, the statement is unknown.
    """
    concept = timeline.guideline.findings[statement.finding]
    silent = by_exception or statement.shown or concept.closed
    certain = _FindingsAt(timeline, rows, series, silent, Belief.CERTAIN)
    belief = Belief.MAY_BE if isinstance(statement, Present | Lasting) else Belief.MAY_HAVE_BEEN
    true, false = certain.state(statement)
    if not in_doubt(timeline, statement.finding, belief):
        return true, false
    may_be_true, may_be_false = replace(certain, belief=belief).state(statement)
    return true & may_be_true, false & may_be_false


@dataclass(frozen=True)
class _FindingsAt:
    """Findings at some instants; ``silent``: one of which nothing is charted is absent."""

    timeline: Timeline
    rows: Rows
    series: Mapping[str, SeriesAt]
    silent: bool
    belief: Belief

    def state(self, statement: FindingStatement) -> _State:
        """Where a statement is true, and where it is false."""
        match statement:
            case Present(finding):
                return self._present(finding)
            case Ever(finding):
                return self._ever(finding)
            case Lasting(finding, hours):
                return self._lasting(finding, span_of(hours))
            case EverLasting(finding, hours):
                return self._ever_lasting(finding, span_of(hours))
            case OpenWithin(finding, hours):
                return self._open_within(finding, span_of(hours))

    def _present(self, finding: str) -> _State:
        """Started and not ended."""
        true = episode_columns(self.timeline, finding, self.belief).open(self.rows.keys)
        concept, conventions = self.timeline.guideline.findings[finding], self.timeline.guideline.conventions
        counts = concept.absence_hours if concept.absence_hours is not None else conventions.absence_hours
        absent = self._stated_absent(finding, self.rows.keys - span_of(counts) + 1)
        if self.silent:
            absent |= ~self._open_above(finding)
        return true, ~true & absent

    def _ever(self, finding: str) -> _State:
        """Started at some time."""
        true = episode_columns(self.timeline, finding, self.belief).started(self.rows, self.timeline)
        since = self.timeline.first[self.rows.patients]
        for series in self.series.values():
            since = np.where(series.given, np.maximum(since, series.last_key + 1), since)
        absent = self._stated_absent(finding, since) | self.silent
        return true, ~true & absent

    def _lasting(self, finding: str, length: int) -> _State:
        """Present for some time or longer."""
        now, absent = self._present(finding)
        long = episode_columns(self.timeline, finding, self.belief).began(self.rows) <= self.rows.keys - length
        return now & long, absent | (now & ~long)

    def _ever_lasting(self, finding: str, length: int) -> _State:
        """Lasted, at some time, longer than some time."""
        columns = episode_columns(self.timeline, finding, self.belief)
        some, never = self._ever(finding)
        long = columns.group_end - columns.group_first > length
        # It has lasted longer at the first instant after start + length.
        true = any_between(
            columns.group_first[long] + length + 1, self.timeline.origin[self.rows.patients], self.rows.keys
        )
        return true, never | (some & ~true)

    def _open_within(self, finding: str, length: int) -> _State:
        """Present at some moment of the last time."""
        some, never = self._ever(finding)
        true = episode_columns(self.timeline, finding, self.belief).open(self.rows.keys, back=length)
        return true, never | (some & ~true)

    def _open_above(self, finding: str) -> Truth:
        """Whether something is open that was charted as a class above, and may be this one."""
        above = self.timeline.guideline.findings[finding].ancestors
        is_open = [own_columns(self.timeline, name, self.belief).open(self.rows.keys) for name in above]
        return np.logical_or.reduce(is_open) if is_open else np.zeros(len(self.rows), dtype=np.bool_)

    def _stated_absent(self, finding: str, since: Keys) -> Truth:
        """Whether a finding, or one above it, was stated absent since an instant: outright, or by an episode's end.

        The end of an episode speaks while nothing of its class is open.
        """
        found = any_between(absence_keys(self.timeline, finding), since, self.rows.keys)
        for name in (finding, *self.timeline.guideline.findings[finding].ancestors):
            ends = end_keys(self.timeline, name, self.belief)
            if len(ends):
                ended = any_between(ends, since, self.rows.keys)
                found |= ended & ~episode_columns(self.timeline, name, self.belief).open(self.rows.keys)
        return found
