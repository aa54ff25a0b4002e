"""Charted findings as episodes on the axis of instants: those that are certain, and those that may have been.

What cannot be trusted of a presence is taken over the longest stretch that it may have had; a statement is then what it
is both with it and without it (semantics, section 1). So there are columns for three degrees of belief.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from il2kg.derive.timeline import Keys, Rows, Timeline, Truth
from il2kg.guideline.model import Concept
from il2kg.record import Absence, DoubtfulPresence, Episode, Record


class Belief(IntEnum):
    """Which episodes are taken to be true."""

    CERTAIN = 0
    """Those that can be trusted."""
    MAY_BE = 1
    """Those that may be going on, too."""
    MAY_HAVE_BEEN = 2
    """All that may ever have been."""


@dataclass(frozen=True, slots=True)
class Course:
    """An episode with the end that the whole record gives it: ``end`` is exclusive, None while it is open."""

    finding: str
    start: int
    end: int | None
    item: str


def absences_of(record: Record, findings: Mapping[str, Concept]) -> list[Absence]:
    """The statements of absence: outright, and by the presence of what excludes a finding."""
    implied = [
        Absence(excluded, episode.start, episode.item)
        for episode in record.episodes
        for name in (episode.finding, *findings[episode.finding].ancestors)
        for excluded in findings[name].excludes
    ]
    return [*record.absences, *implied]


@dataclass(frozen=True)
class _Times:
    """The sorted times at which classes were stated absent, or began in a way that ends others."""

    absences: dict[str, list[int]]
    starts: dict[str, list[int]]

    @classmethod
    def of(cls, record: Record, absences: Iterable[Absence], findings: Mapping[str, Concept]) -> "_Times":
        stated: dict[str, list[int]] = defaultdict(list)
        for absence in absences:
            stated[absence.finding].append(absence.time)
        starts: dict[str, list[int]] = defaultdict(list)
        for episode in record.episodes:
            for name in (episode.finding, *findings[episode.finding].ancestors):
                starts[name].append(episode.start)
        for times in (*stated.values(), *starts.values()):
            times.sort()
        return cls(stated, starts)

    def absent_after(self, concept: Concept, time: int) -> list[int]:
        """The first absence of the class, and of each above it, after a time."""
        found = [self.absences.get(name, []) for name in (concept.id, *concept.ancestors)]
        return [times[at] for times in found if (at := bisect_right(times, time)) < len(times)]

    def ended(self, concept: Concept, time: int) -> list[int]:
        """When, from a time on, the finding first began whose start ends the class."""
        times = self.starts.get(concept.ended_by or "", [])
        at = bisect_left(times, time)
        return times[at : at + 1]


def courses(record: Record, findings: Mapping[str, Concept]) -> list[Course]:
    """The episodes of a record, ended by statements of absence and by the findings that rule them out.

    An absence ends the older episodes of its class and below; a presence stated for the same instant stands.
    """
    return _courses(record, _Times.of(record, absences_of(record, findings), findings), findings)


def _courses(record: Record, times: _Times, findings: Mapping[str, Concept]) -> list[Course]:
    return [Course(e.finding, e.start, _end(e, findings[e.finding], times), e.item) for e in record.episodes]


def _end(episode: Episode, concept: Concept, times: _Times) -> int | None:
    ends = [] if episode.end is None else [episode.end]
    ends += times.absent_after(concept, episode.start)
    ends += times.ended(concept, episode.start)
    return min(ends, default=None)


def doubtful_end(doubt: DoubtfulPresence, times: _Times, findings: Mapping[str, Concept]) -> int | None:
    """Until when a doubtful presence may have lasted: its end, or the first absence once it must have begun."""
    if doubt.end is not None or doubt.latest_start is None:
        return doubt.end
    return min(times.absent_after(findings[doubt.finding], doubt.latest_start), default=None)


@dataclass(frozen=True)
class EpisodeColumns:
    """Episodes of all patients. ``starts`` and ``ends`` are each sorted.

    ``group_start`` goes with ``starts``: when the merged episode began that the episode belongs to; those that overlap
    or touch are one, from ``group_first`` to ``group_end``.
    """

    starts: Keys
    ends: Keys
    group_start: Keys
    group_first: Keys
    group_end: Keys

    @classmethod
    def of(cls, pairs: Sequence[tuple[int, int]]) -> "EpisodeColumns":
        """Sort and merge episodes, given as keys of their start and exclusive end."""
        columns = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
        starts, ends = columns[:, 0], columns[:, 1]
        if not len(starts):
            return cls(starts, ends, starts, starts, ends)
        reach = np.maximum.accumulate(ends)
        new = np.concatenate(([True], starts[1:] > reach[:-1]))
        first = np.flatnonzero(new)
        return cls(
            starts=starts,
            ends=np.sort(ends),
            group_start=starts[first][np.cumsum(new) - 1],
            group_first=starts[first],
            group_end=np.maximum.reduceat(ends, first),
        )

    def started(self, rows: Rows, timeline: Timeline) -> Truth:
        """Whether an episode has started at or before the instant."""
        return any_between(self.starts, timeline.origin[rows.patients], rows.keys)

    def open(self, keys: Keys, *, back: int = 0) -> Truth:
        """Whether an episode is open at the instant, or was at some moment of the time ``back`` from it."""
        began = np.searchsorted(self.starts, keys, side="right")
        over = np.searchsorted(self.ends, keys - back, side="right")
        return began > over

    def began(self, rows: Rows) -> Keys:
        """When the merged episode began that the last one to start belongs to."""
        if not len(self.starts):
            return rows.keys
        return self.group_start[np.maximum(np.searchsorted(self.starts, rows.keys, side="right") - 1, 0)]


def any_between(keys: Keys, low: Keys, high: Keys) -> Truth:
    """Whether any of the sorted keys lies in ``[low, high]``."""
    return np.searchsorted(keys, high, side="right") > np.searchsorted(keys, low, side="left")


@dataclass(frozen=True)
class _Charted:
    """What is charted of each class exactly, of all patients, as keys."""

    certain: dict[str, list[tuple[int, int]]]
    may_be: dict[str, list[tuple[int, int]]]
    may_have_been: dict[str, list[tuple[int, int]]]
    absences: dict[str, list[int]]

    def episodes(self, name: str, belief: Belief) -> list[tuple[int, int]]:
        """The episodes of one class, none of those below, at a degree of belief."""
        found = list(self.certain.get(name, ()))
        if belief >= Belief.MAY_BE:
            found += self.may_be.get(name, ())
        if belief >= Belief.MAY_HAVE_BEEN:
            found += self.may_have_been.get(name, ())
        return found


def _charted(timeline: Timeline) -> _Charted:
    if "charted" not in timeline.cache:
        charted = _Charted(defaultdict(list), defaultdict(list), defaultdict(list), defaultdict(list))
        findings = timeline.guideline.findings
        for patient, record in enumerate(timeline.records):
            shift = int(timeline.shift[patient])
            absences = absences_of(record, findings)
            times = _Times.of(record, absences, findings)
            for course in _courses(record, times, findings):
                end = timeline.finish(patient, course.end)
                charted.certain[course.finding].append((course.start + shift, end))
            for doubt in record.doubtful:
                begin = timeline.begin(patient, doubt.earliest)
                end = timeline.finish(patient, doubtful_end(doubt, times, findings))
                kind = charted.may_have_been if doubt.over else charted.may_be
                kind[doubt.finding].append((begin, max(begin, end)))
            for absence in absences:
                charted.absences[absence.finding].append(absence.time + shift)
        timeline.cache["charted"] = charted
    found = timeline.cache["charted"]
    assert isinstance(found, _Charted)
    return found


def in_doubt(timeline: Timeline, finding: str, belief: Belief) -> bool:
    """Whether something doubtful is charted of a finding, of one below it or of one above."""
    charted, concept = _charted(timeline), timeline.guideline.findings[finding]
    lineage = (finding, *concept.descendants, *concept.ancestors)
    doubts = [charted.may_be] if belief is Belief.MAY_BE else [charted.may_be, charted.may_have_been]
    return any(name in doubt for doubt in doubts for name in lineage)


def episode_columns(timeline: Timeline, finding: str, belief: Belief = Belief.CERTAIN) -> EpisodeColumns:
    """The episodes of a finding and of those below it, made once."""
    key = ("episodes", finding, belief)
    if key not in timeline.cache:
        charted, concept = _charted(timeline), timeline.guideline.findings[finding]
        names = (finding, *concept.descendants)
        timeline.cache[key] = EpisodeColumns.of([pair for name in names for pair in charted.episodes(name, belief)])
    found = timeline.cache[key]
    assert isinstance(found, EpisodeColumns)
    return found


def own_columns(timeline: Timeline, finding: str, belief: Belief) -> EpisodeColumns:
    """The episodes that were charted as a finding itself, made once."""
    key = ("own episodes", finding, belief)
    if key not in timeline.cache:
        timeline.cache[key] = EpisodeColumns.of(_charted(timeline).episodes(finding, belief))
    found = timeline.cache[key]
    assert isinstance(found, EpisodeColumns)
    return found


def absence_keys(timeline: Timeline, finding: str) -> Keys:
    """The sorted instants at which a finding, or one above it, was stated absent."""
    key = ("absences", finding)
    if key not in timeline.cache:
        charted, concept = _charted(timeline), timeline.guideline.findings[finding]
        names = (finding, *concept.ancestors)
        found = sorted(time for name in names for time in charted.absences.get(name, ()))
        timeline.cache[key] = np.array(found, dtype=np.int64)
    keys = timeline.cache[key]
    assert isinstance(keys, np.ndarray)
    return keys


def end_keys(timeline: Timeline, finding: str, belief: Belief) -> Keys:
    """The sorted ends of a finding's own certain episodes that left nothing of its class open."""
    key = ("ends", finding, belief)
    if key not in timeline.cache:
        ends = own_columns(timeline, finding, Belief.CERTAIN).ends
        timeline.cache[key] = ends[~episode_columns(timeline, finding, belief).open(ends)]
    keys = timeline.cache[key]
    assert isinstance(keys, np.ndarray)
    return keys
