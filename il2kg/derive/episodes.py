"""Charted findings as episodes on the axis of instants: those that are certain, and those that may have been.

What cannot be trusted of a presence is taken over the longest stretch that it may have had; a statement is then what it
is both with it and without it (semantics, section 1). So there are columns for three degrees of belief.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np

from il2kg.derive.grounds import Entry
from il2kg.derive.timeline import Keys, Rows, Timeline, Truth
from il2kg.guideline.model import Concept
from il2kg.record import Absence, DoubtfulPresence, Episode, Record

_LAST: Final = "\U0010ffff"
"""Sorts behind the name of any item."""


class Belief(IntEnum):
    """Which episodes are taken to be true."""

    CERTAIN = 0
    """Those that can be trusted."""
    MAY_BE = 1
    """Those that may be going on, too."""
    MAY_HAVE_BEEN = 2
    """All that may ever have been."""


@dataclass(frozen=True, slots=True)
class Spell:
    """An episode with the end that the whole record gives it: ``end`` is exclusive, None while it is open.

    ``ended_by`` names the item that ends it, where that is another one; ``place`` is its place in the record.
    """

    finding: str
    start: int
    end: int | None
    item: str
    ended_by: str | None
    place: int

    @property
    def ender(self) -> Entry | None:
        """The item that ends it, where that is another one."""
        return None if self.end is None or self.ended_by is None else Absence(self.finding, self.end, self.ended_by)


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
    """The sorted times at which classes were stated absent, or began in a way that ends others, each with its item."""

    absences: dict[str, list[tuple[int, str]]]
    starts: dict[str, list[tuple[int, str]]]

    @classmethod
    def of(cls, record: Record, absences: Iterable[Absence], findings: Mapping[str, Concept]) -> "_Times":
        stated: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for absence in absences:
            stated[absence.finding].append((absence.time, absence.item))
        starts: dict[str, list[tuple[int, str]]] = defaultdict(list)
        for episode in record.episodes:
            for name in (episode.finding, *findings[episode.finding].ancestors):
                starts[name].append((episode.start, episode.item))
        for times in (*stated.values(), *starts.values()):
            times.sort()
        return cls(stated, starts)

    def absent_after(self, concept: Concept, time: int) -> list[tuple[int, str]]:
        """The first absence of the class, and of each above it, after a time."""
        stated = [self.absences.get(name, []) for name in (concept.id, *concept.ancestors)]
        return [times[at] for times in stated if (at := bisect_right(times, (time, _LAST))) < len(times)]

    def ended(self, concept: Concept, time: int) -> list[tuple[int, str]]:
        """When, from a time on, the finding first began whose start ends the class."""
        times = self.starts.get(concept.ended_by or "", [])
        at = bisect_left(times, (time, ""))
        return times[at : at + 1]


def _spells(record: Record, times: _Times, findings: Mapping[str, Concept]) -> list[Spell]:
    """The episodes of a record, ended by statements of absence and by the findings that rule them out.

    An absence ends the older episodes of its class and below; a presence stated for the same instant stands.
    """
    return [_spell(place, e, findings[e.finding], times) for place, e in enumerate(record.episodes)]


def _spell(place: int, episode: Episode, concept: Concept, times: _Times) -> Spell:
    ends = [] if episode.end is None else [(episode.end, "")]
    ends += times.absent_after(concept, episode.start)
    ends += times.ended(concept, episode.start)
    end, by = min(ends, default=(None, ""))
    return Spell(episode.finding, episode.start, end, episode.item, by or None, place)


def doubtful_end(doubt: DoubtfulPresence, times: _Times, findings: Mapping[str, Concept]) -> int | None:
    """Until when a doubtful presence may have lasted: its end, or the first absence once it must have begun."""
    if doubt.end is not None or doubt.latest_start is None:
        return doubt.end
    return min((time for time, _ in times.absent_after(findings[doubt.finding], doubt.latest_start)), default=None)


Placed = tuple[int, int, Spell | DoubtfulPresence]
"""An episode on the axis of instants: the keys of its start and of its exclusive end, and what it comes from."""


@dataclass(frozen=True)
class EpisodeColumns:
    """Episodes of all patients. ``starts`` and ``ends`` are each sorted.

    ``group_start`` goes with ``starts``: when the merged episode began that the episode belongs to; those that overlap
    or touch are one, from ``group_first`` to ``group_end``. ``until`` and ``entries`` go with ``starts``, too.
    """

    starts: Keys
    ends: Keys
    group_start: Keys
    group_first: Keys
    group_end: Keys
    until: Keys
    entries: Sequence[Spell | DoubtfulPresence]

    @classmethod
    def of(cls, placed: Sequence[Placed]) -> "EpisodeColumns":
        """Sort and merge episodes."""
        ordered = sorted(placed, key=lambda episode: episode[:2])
        columns = np.array([episode[:2] for episode in ordered], dtype=np.int64).reshape(-1, 2)
        entries = [episode[2] for episode in ordered]
        starts, until = columns[:, 0], columns[:, 1]
        if not len(starts):
            return cls(starts, until, starts, starts, until, until, entries)
        reach = np.maximum.accumulate(until)
        new = np.concatenate(([True], starts[1:] > reach[:-1]))
        first = np.flatnonzero(new)
        return cls(
            starts=starts,
            ends=np.sort(until),
            group_start=starts[first][np.cumsum(new) - 1],
            group_first=starts[first],
            group_end=np.maximum.reduceat(until, first),
            until=until,
            entries=entries,
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

    def up_to(self, key: int, origin: int) -> range:
        """The places, in the order of their starts, of a patient's episodes that have started by a key."""
        last = int(self.starts.searchsorted(key, side="right"))
        return range(int(self.starts.searchsorted(origin)), last) if last else range(0)


def any_between(keys: Keys, low: Keys, high: Keys) -> Truth:
    """Whether any of the sorted keys lies in ``[low, high]``."""
    return np.searchsorted(keys, high, side="right") > np.searchsorted(keys, low, side="left")


@dataclass(frozen=True)
class _ChartedFindings:
    """What is charted of each class exactly, of all patients, as keys."""

    certain: dict[str, list[Placed]]
    may_be: dict[str, list[Placed]]
    may_have_been: dict[str, list[Placed]]
    absences: dict[str, list[tuple[int, Absence]]]

    def episodes(self, name: str, belief: Belief) -> list[Placed]:
        """The episodes of one class, none of those below, at a degree of belief."""
        episodes = list(self.certain.get(name, ()))
        if belief >= Belief.MAY_BE:
            episodes += self.may_be.get(name, ())
        if belief >= Belief.MAY_HAVE_BEEN:
            episodes += self.may_have_been.get(name, ())
        return episodes


def _charted(timeline: Timeline) -> _ChartedFindings:
    if "charted" not in timeline.cache:
        charted = _ChartedFindings(defaultdict(list), defaultdict(list), defaultdict(list), defaultdict(list))
        findings = timeline.guideline.findings
        for patient, record in enumerate(timeline.records):
            shift = int(timeline.shift[patient])
            absences = absences_of(record, findings)
            times = _Times.of(record, absences, findings)
            for spell in _spells(record, times, findings):
                end = timeline.finish(patient, spell.end)
                charted.certain[spell.finding].append((spell.start + shift, end, spell))
            for doubt in record.doubtful:
                begin = timeline.begin(patient, doubt.earliest)
                end = timeline.finish(patient, doubtful_end(doubt, times, findings))
                kind = charted.may_have_been if doubt.over else charted.may_be
                kind[doubt.finding].append((begin, max(begin, end), doubt))
            for absence in absences:
                charted.absences[absence.finding].append((absence.time + shift, absence))
        timeline.cache["charted"] = charted
    charted_findings = timeline.cache["charted"]
    assert isinstance(charted_findings, _ChartedFindings)
    return charted_findings


def charted_lineages(timeline: Timeline, patient: int) -> frozenset[str]:
    """The classes of which a record says anything, present, absent or in doubt; and those above and below them."""
    key = ("charted lineages", patient)
    if key not in timeline.cache:
        record, findings = timeline.records[patient], timeline.guideline.findings
        present = [*(e.finding for e in record.episodes), *(d.finding for d in record.doubtful)]
        named = {*present, *(absence.finding for absence in absences_of(record, findings))}
        lineages = (findings[name].ancestors | findings[name].descendants for name in named)
        timeline.cache[key] = frozenset(named.union(*lineages))
    classes = timeline.cache[key]
    assert isinstance(classes, frozenset)
    return classes


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
        names = (finding, *sorted(concept.descendants))
        timeline.cache[key] = EpisodeColumns.of([each for name in names for each in charted.episodes(name, belief)])
    columns = timeline.cache[key]
    assert isinstance(columns, EpisodeColumns)
    return columns


def own_columns(timeline: Timeline, finding: str, belief: Belief) -> EpisodeColumns:
    """The episodes that were charted as a finding itself, made once."""
    key = ("own episodes", finding, belief)
    if key not in timeline.cache:
        timeline.cache[key] = EpisodeColumns.of(_charted(timeline).episodes(finding, belief))
    columns = timeline.cache[key]
    assert isinstance(columns, EpisodeColumns)
    return columns


@dataclass(frozen=True)
class AbsenceColumns:
    """The sorted instants at which a finding, or one above it, was stated absent, and the statements."""

    keys: Keys
    entries: Sequence[Absence]


def absence_columns(timeline: Timeline, finding: str) -> AbsenceColumns:
    """The statements that a finding, or one above it, is absent, made once."""
    key = ("absences", finding)
    if key not in timeline.cache:
        charted, concept = _charted(timeline), timeline.guideline.findings[finding]
        names = (finding, *sorted(concept.ancestors))
        stated = [each for name in names for each in charted.absences.get(name, ())]
        stated.sort(key=lambda each: each[0])
        keys = np.array([key for key, _ in stated], dtype=np.int64)
        timeline.cache[key] = AbsenceColumns(keys, [absence for _, absence in stated])
    columns = timeline.cache[key]
    assert isinstance(columns, AbsenceColumns)
    return columns


def end_keys(timeline: Timeline, finding: str, belief: Belief) -> Keys:
    """The sorted ends of a finding's own certain episodes that left nothing of its class open."""
    key = ("ends", finding, belief)
    if key not in timeline.cache:
        ends = own_columns(timeline, finding, Belief.CERTAIN).ends
        timeline.cache[key] = ends[~episode_columns(timeline, finding, belief).open(ends)]
    keys = timeline.cache[key]
    assert isinstance(keys, np.ndarray)
    return keys
