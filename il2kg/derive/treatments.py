"""Treatments at each instant: whether they ran, and for how long (semantics, sections 1 and 3).

What is uncertain about a treatment is taken for true and for not there; where the two differ, the statement is unknown.
"""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

import numpy as np

from il2kg.derive.grounds import Ground
from il2kg.derive.instants import Instants
from il2kg.derive.kleene import Truths
from il2kg.derive.timeline import Keys, Rows, Stretches, Timeline, Truth, span_of
from il2kg.record import Administration

Given = tuple[int, Administration]
"""A patient (index into the records), and what was given."""


def given_by_treatment(timeline: Timeline) -> dict[str | None, list[Given]]:
    """What was given, by treatment; under None what nobody can name."""
    if "administrations" not in timeline.cache:
        by_treatment: dict[str | None, list[Given]] = defaultdict(list)
        for patient, record in enumerate(timeline.records):
            for administration in record.administrations:
                by_treatment[administration.treatment].append((patient, administration))
        timeline.cache["administrations"] = by_treatment
    return cast("dict[str | None, list[Given]]", timeline.cache["administrations"])


@dataclass(frozen=True)
class _TreatmentColumns:
    """When a treatment, or one below it, ran for certain, and when it may have run."""

    certain: Stretches
    possible: Stretches
    certain_chains: "_Chains"
    possible_chains: "_Chains"


@dataclass(frozen=True)
class _Chains:
    """Runs of administrations not far apart: beside each start when its run began, and ends as far as known then."""

    starts: Keys
    began: Keys
    ends: Keys

    @classmethod
    def of(cls, stretches: list[tuple[int, int]], gap: int) -> "_Chains":
        """Chain stretches that lie at most a gap apart."""
        in_order = sorted((start, end) for start, end in stretches if start <= end)
        chains: list[tuple[int, int, int]] = []
        for start, end in in_order:
            if chains and start - chains[-1][2] <= gap:
                chains.append((start, chains[-1][1], max(end, chains[-1][2])))
            else:
                chains.append((start, start, end))
        columns = np.array(chains, dtype=np.int64).reshape(-1, 3)
        return cls(columns[:, 0], columns[:, 1], columns[:, 2])

    def lasting(self, timeline: Timeline, rows: Rows, length: int, gap: int) -> Truth:
        """Where a run has gone on for some time, and runs or last ran no longer ago than the gap."""
        if not len(self.starts):
            return np.zeros(len(rows), dtype=np.bool_)
        index = np.searchsorted(self.starts, rows.keys, side="right") - 1
        at = np.maximum(index, 0)
        return (
            (index >= 0)
            & (self.began[at] <= rows.keys - length)
            & (self.ends[at] > rows.keys - gap)
            & (self.began[at] >= timeline.origin[rows.patients])
        )


def _columns(timeline: Timeline, treatment: str) -> _TreatmentColumns:
    key = ("treatment", treatment)
    if key not in timeline.cache:
        given = list(_given(timeline, treatment))
        gap = span_of(timeline.guideline.conventions.treatment_gap_hours)
        certain = [
            (timeline.begin(p, a.start_latest), timeline.finish(p, a.end_earliest))
            for p, a in given
            if a.treatment is not None and not a.set_aside and a.start_latest is not None
        ]
        possible = [(timeline.begin(p, a.start_earliest), timeline.finish(p, a.end_latest)) for p, a in given]
        timeline.cache[key] = _TreatmentColumns(
            Stretches.of(certain), Stretches.of(possible), _Chains.of(certain, gap), _Chains.of(possible, gap)
        )
    columns = timeline.cache[key]
    assert isinstance(columns, _TreatmentColumns)
    return columns


def _given(timeline: Timeline, treatment: str) -> Iterator[Given]:
    """What was given of a treatment and those below it, and what nobody can name."""
    by_treatment = given_by_treatment(timeline)
    for name in (treatment, *timeline.guideline.treatments[treatment].descendants, None):
        yield from by_treatment.get(name, ())


def ran_within(at: Instants, treatment: str, span: int) -> Truths:
    """Where a treatment ran at some moment of the time up to the instant, and where it did not."""
    columns = _columns(at.timeline, treatment)
    since = at.keys - span
    return Truths(columns.certain.reached(at.keys) > since, columns.possible.reached(at.keys) <= since)


def going_on_for(at: Instants, treatment: str, span: int) -> Truths:
    """Where a treatment has been going on for some time, and where it has not."""
    columns = _columns(at.timeline, treatment)
    gap = span_of(at.guideline.conventions.treatment_gap_hours)
    certain = columns.certain_chains.lasting(at.timeline, at.rows, span, gap)
    possible = columns.possible_chains.lasting(at.timeline, at.rows, span, gap)
    return Truths(certain, ~certain & ~possible)


def administered(at: Instants, treatment: str, truth: bool | None, since: int | None, row: int) -> Ground:
    """What says whether a treatment was given: what ran after ``since`` (a time; None: ever), or what is in doubt."""
    given = _by_now(at, treatment, row)
    if truth is None:
        return Ground(doubts=tuple(a for a in given if a.treatment is None or not a.placed), missing="in doubt")
    if not truth:
        return Ground(says="not given")
    ran = [a for a in given if a.treatment is not None and not a.set_aside]
    chosen = [a for a in ran if since is None or a.end_latest is None or a.end_latest > since]
    chosen.sort(key=lambda a: a.start_latest or 0)
    return Ground(tuple(chosen), time=chosen[-1].start_latest if chosen else None, says="given")


def _by_now(at: Instants, treatment: str, row: int) -> list[Administration]:
    """What was or may have been given of a treatment, or one below it, by now; unnamed ones included."""
    names = {None, treatment, *at.guideline.treatments[treatment].descendants}
    now = at.time(row)
    return [
        a
        for a in at.record(row).administrations
        if a.treatment in names and (a.start_earliest is None or a.start_earliest <= now)
    ]
