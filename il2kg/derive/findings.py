"""Charted findings at each instant: present, ever, lasting, within (semantics, sections 3 and 4)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from il2kg.derive.doses import RegimenAt
from il2kg.derive.timeline import Keys, Rows, Timeline, Truth, span_of
from il2kg.guideline.conditions import Ever, EverLasting, Lasting, OpenWithin, Present
from il2kg.guideline.model import Concept
from il2kg.record import Episode, Record


@dataclass(frozen=True)
class Course:
    """An episode with the end that the whole record gives it: ``end`` is exclusive, None while it is open.

    ``charts_absence`` says whether its end leaves nothing of its class open, and so states the class absent.
    """

    finding: str
    start: int
    end: int | None
    item: str
    charts_absence: bool


def courses(record: Record, findings: Mapping[str, Concept]) -> list[Course]:
    """The episodes of a record, ended by statements of absence and by the findings that rule them out.

    An absence ends the older episodes of its class and below; a presence stated for the same instant stands.
    """
    absences: dict[str, list[int]] = defaultdict(list)
    for absence in record.absences:
        absences[absence.finding].append(absence.time)
    starts: dict[str, list[int]] = defaultdict(list)
    for episode in record.episodes:
        for name in (episode.finding, *findings[episode.finding].ancestors):
            starts[name].append(episode.start)
    ended = [(episode, _end(episode, findings[episode.finding], absences, starts)) for episode in record.episodes]
    return [
        Course(e.finding, e.start, end, e.item, end is not None and not _open_at(end, e, ended, findings))
        for e, end in ended
    ]


def _end(
    episode: Episode, concept: Concept, absences: dict[str, list[int]], starts: dict[str, list[int]]
) -> int | None:
    ends = [] if episode.end is None else [episode.end]
    for name in (concept.id, *concept.ancestors):
        ends += [time for time in absences.get(name, ()) if time > episode.start]
    if concept.ended_by is not None:
        ends += [time for time in starts.get(concept.ended_by, ()) if time >= episode.start]
    return min(ends, default=None)


def _open_at(
    time: int, episode: Episode, ended: list[tuple[Episode, int | None]], findings: Mapping[str, Concept]
) -> bool:
    """Whether another episode of the class, or of one below it, is open at a time."""
    return any(
        other.start <= time and (end is None or end > time)
        for other, end in ended
        if other is not episode
        and (other.finding == episode.finding or episode.finding in findings[other.finding].ancestors)
    )


@dataclass(frozen=True)
class EpisodeColumns:
    """The episodes of one finding and those below it, of all patients, and the statements of its absence.

    ``starts`` and ``ends`` are each sorted. ``group_start`` goes with ``starts``: when the merged episode began that
    the episode belongs to; those that overlap or touch are one, from ``group_first`` to ``group_end``.
    """

    starts: Keys
    ends: Keys
    group_start: Keys
    group_first: Keys
    group_end: Keys
    absences: Keys
    end_absences: Keys
    doubts: tuple[Keys, np.ndarray]

    def started(self, rows: Rows, timeline: Timeline) -> Truth:
        """Whether an episode has started at or before the instant."""
        return _any_between(self.starts, timeline.first[rows.patients], rows.keys)

    def open(self, rows: Rows, *, back: int = 0) -> Truth:
        """Whether an episode is open at the instant, or was at some moment of the time ``back`` from it."""
        began = np.searchsorted(self.starts, rows.keys, side="right")
        over = np.searchsorted(self.ends, rows.keys - back, side="right")
        return began > over

    def began(self, rows: Rows) -> Keys:
        """When the merged episode began that the last one to start belongs to."""
        if not len(self.starts):
            return rows.keys
        return self.group_start[np.maximum(np.searchsorted(self.starts, rows.keys, side="right") - 1, 0)]

    def doubtful(self, rows: Rows, size: int) -> Truth:
        """Whether a finding whose time cannot be trusted may be one of these."""
        keys, patients = self.doubts
        earliest = np.full(size, np.iinfo(np.int64).max)
        np.minimum.at(earliest, patients, keys)
        return earliest[rows.patients] <= rows.keys


def _any_between(keys: Keys, low: Keys, high: Keys) -> Truth:
    """Whether any of the sorted keys lies in ``[low, high]``."""
    return np.searchsorted(keys, high, side="right") > np.searchsorted(keys, low, side="left")


def episode_columns(timeline: Timeline, finding: str) -> EpisodeColumns:
    """The columns of a finding, made once."""
    key = ("episodes", finding)
    if key not in timeline.cache:
        timeline.cache[key] = _episode_columns(timeline, finding)
    found = timeline.cache[key]
    assert isinstance(found, EpisodeColumns)
    return found


@dataclass(frozen=True)
class _Charted:
    """What is charted of each class exactly, of all patients: (patient, ...) tuples by class."""

    courses: dict[str, list[tuple[int, Course]]]
    absences: dict[str, list[tuple[int, int]]]
    doubts: dict[str, list[tuple[int, int | None]]]


def _charted(timeline: Timeline) -> _Charted:
    if "charted" not in timeline.cache:
        charted = _Charted(defaultdict(list), defaultdict(list), defaultdict(list))
        for patient, record in enumerate(timeline.records):
            for course in courses(record, timeline.guideline.findings):
                charted.courses[course.finding].append((patient, course))
            for absence in record.absences:
                charted.absences[absence.finding].append((patient, absence.time))
            for doubt in record.doubtful:
                charted.doubts[doubt.finding].append((patient, doubt.time))
        timeline.cache["charted"] = charted
    found = timeline.cache["charted"]
    assert isinstance(found, _Charted)
    return found


def _episode_columns(timeline: Timeline, finding: str) -> EpisodeColumns:
    charted = _charted(timeline)
    concept = timeline.guideline.findings[finding]
    below = (finding, *sorted(concept.descendants))
    above = (finding, *sorted(concept.ancestors))
    found = [pair for name in below for pair in charted.courses.get(name, ())]
    starts = timeline.keys((p for p, _ in found), (c.start for _, c in found))
    # An episode that the record leaves open lasts to the end of the patient's stretch.
    ends = np.array(
        [int(timeline.last[p]) + 1 if c.end is None else c.end + int(timeline.shift[p]) for p, c in found],
        dtype=np.int64,
    )
    order = np.argsort(starts, kind="stable")
    starts, unsorted_ends = starts[order], ends[order]
    reach = np.maximum.accumulate(unsorted_ends) if len(ends) else ends
    new = np.concatenate(([True], starts[1:] > reach[:-1])) if len(starts) else np.empty(0, np.bool_)
    first = np.flatnonzero(new)
    group = np.cumsum(new) - 1
    group_first = starts[first]
    doubts = [pair for name in below for pair in charted.doubts.get(name, ())]
    return EpisodeColumns(
        starts=starts,
        ends=np.sort(ends),
        group_start=group_first[group] if len(starts) else starts,
        group_first=group_first,
        group_end=np.maximum.reduceat(unsorted_ends, first) if len(first) else ends,
        absences=_sorted_keys(timeline, (pair for name in above for pair in charted.absences.get(name, ()))),
        end_absences=_sorted_keys(
            timeline,
            ((p, c.end) for p, c in charted.courses.get(finding, ()) if c.charts_absence and c.end is not None),
        ),
        doubts=(
            np.array(
                [int(timeline.first[p]) if t is None else t + int(timeline.shift[p]) for p, t in doubts],
                dtype=np.int64,
            ),
            np.array([p for p, _ in doubts], dtype=np.intp),
        ),
    )


def _sorted_keys(timeline: Timeline, pairs: Iterable[tuple[int, int]]) -> Keys:
    found = list(pairs)
    return np.sort(timeline.keys((p for p, _ in found), (t for _, t in found)))


@dataclass(frozen=True)
class FindingsAt:
    """Findings at some instants, under a charting policy: each method gives (true, false) columns."""

    timeline: Timeline
    rows: Rows
    regimen: RegimenAt
    by_exception: bool

    def present(self, statement: Present) -> tuple[Truth, Truth]:
        """Started and not ended."""
        columns = episode_columns(self.timeline, statement.finding)
        true = columns.open(self.rows)
        oldest = self.rows.keys - span_of(self.timeline.guideline.conventions.absence_hours) + 1
        absent = self._silent() | self._stated_absent(statement.finding, oldest)
        return true, ~true & absent & ~columns.doubtful(self.rows, len(self.timeline.records))

    def ever(self, statement: Ever) -> tuple[Truth, Truth]:
        """Started at some time."""
        columns = episode_columns(self.timeline, statement.finding)
        true = columns.started(self.rows, self.timeline)
        since = np.where(self.regimen.given, self.regimen.last + 1, self.timeline.first[self.rows.patients])
        absent = self._silent() | self._stated_absent(statement.finding, since)
        return true, ~true & absent & ~columns.doubtful(self.rows, len(self.timeline.records))

    def lasting(self, statement: Lasting) -> tuple[Truth, Truth]:
        """Present for some time or longer."""
        columns = episode_columns(self.timeline, statement.finding)
        now, absent = self.present(Present(statement.finding))
        long = columns.began(self.rows) <= self.rows.keys - span_of(statement.hours)
        doubtful = columns.doubtful(self.rows, len(self.timeline.records))
        return now & long, absent | (now & ~long & ~doubtful)

    def ever_lasting(self, statement: EverLasting) -> tuple[Truth, Truth]:
        """Lasted, at some time, longer than some time."""
        columns = episode_columns(self.timeline, statement.finding)
        some, never = self.ever(Ever(statement.finding))
        hours = span_of(statement.hours)
        long = columns.group_end - columns.group_first > hours
        # It has lasted longer at the first instant after start + hours.
        true = _any_between(
            columns.group_first[long] + hours + 1, self.timeline.first[self.rows.patients], self.rows.keys
        )
        doubtful = columns.doubtful(self.rows, len(self.timeline.records))
        return true, never | (some & ~true & ~doubtful)

    def open_within(self, statement: OpenWithin) -> tuple[Truth, Truth]:
        """Present at some moment of the last hours."""
        columns = episode_columns(self.timeline, statement.finding)
        some, never = self.ever(Ever(statement.finding))
        true = columns.open(self.rows, back=span_of(statement.hours))
        doubtful = columns.doubtful(self.rows, len(self.timeline.records))
        return true, never | (some & ~true & ~doubtful)

    def _silent(self) -> Truth:
        """Whether a finding of which nothing is open is absent without being charted so."""
        return np.full(len(self.rows), self.by_exception)

    def _stated_absent(self, finding: str, since: Keys) -> Truth:
        """Whether a finding, or one above it, was stated absent since an instant: outright, or by an episode's end.

        The end of an episode speaks while nothing of its class is open.
        """
        found = _any_between(episode_columns(self.timeline, finding).absences, since, self.rows.keys)
        for name in (finding, *self.timeline.guideline.findings[finding].ancestors):
            columns = episode_columns(self.timeline, name)
            if len(columns.end_absences):
                ended = _any_between(columns.end_absences, since, self.rows.keys)
                found = found | (ended & ~columns.open(self.rows))
        return found
