"""One charted finding at each instant: what is open, has started, is stated absent (semantics, sections 3 and 4).

What is doubtful is taken for true and for not there: where the two differ, a statement is unknown.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from il2kg.derive.episodes import (
    AbsenceColumns,
    Belief,
    EpisodeColumns,
    Spell,
    absence_columns,
    any_between,
    charted_lineages,
    end_keys,
    episode_columns,
    in_doubt,
    own_columns,
)
from il2kg.derive.grounds import Entry, Ground
from il2kg.derive.instants import Instants
from il2kg.derive.kleene import Truths
from il2kg.derive.timeline import Keys, Truth, span_of
from il2kg.guideline.model import Concept
from il2kg.record import Absence, DoubtfulPresence

NOT_CHARTED: Final = Ground(missing="not charted")


@dataclass(frozen=True)
class FindingAt:
    """A finding, with those below it, at some instants; ``silent``: one of which nothing is charted is absent."""

    at: Instants
    finding: str
    silent: bool
    belief: Belief = Belief.CERTAIN

    @classmethod
    def of(cls, at: Instants, finding: str, *, shown: bool) -> "FindingAt":
        """A finding as far as it is certain; silence is absence by exception, if ``shown``, and of what is closed."""
        return cls(at, finding, at.by_exception or shown or at.guideline.findings[finding].closed)

    @property
    def concept(self) -> Concept:
        """The finding in the ontology."""
        return self.at.guideline.findings[self.finding]

    @property
    def episodes(self) -> EpisodeColumns:
        """Its episodes, at the degree of belief."""
        return episode_columns(self.at.timeline, self.finding, self.belief)

    @property
    def absences(self) -> AbsenceColumns:
        """The statements that it, or one above it, is absent."""
        return absence_columns(self.at.timeline, self.finding)

    def truths(self, state: Callable[["FindingAt"], Truths], belief: Belief) -> Truths:
        """A statement about the finding, as far as it is the same with what is doubtful and without it."""
        certain = state(self)
        if not in_doubt(self.at.timeline, self.finding, belief):
            return certain
        return certain.agreed(state(replace(self, belief=belief)))

    # ---- at each instant

    def present(self) -> Truths:
        """Started and not ended."""
        true = self.episodes.open(self.at.keys)
        absent = self._stated_absent(self.at.keys - self._absence_counts + 1)
        if self.silent:
            absent |= ~self._open_above()
        return Truths(true, ~true & absent)

    def ever(self) -> Truths:
        """Started at some time; absent if that was stated since the last event of a series, or by silence."""
        true = self.episodes.started(self.at.rows, self.at.timeline)
        absent = self._stated_absent(self.at.after_last_event()) | self.silent
        return Truths(true, ~true & absent)

    @property
    def _absence_counts(self) -> int:
        hours = self.concept.absence_hours
        return span_of(self.at.guideline.conventions.absence_hours if hours is None else hours)

    def _open_above(self) -> Truth:
        """Whether something is open that was charted as a class above, and may be this one."""
        timeline = self.at.timeline
        is_open = [own_columns(timeline, name, self.belief).open(self.at.keys) for name in self.concept.ancestors]
        return np.logical_or.reduce(is_open) if is_open else self.at.none()

    def _stated_absent(self, since: Keys) -> Truth:
        """Whether it, or one above it, was stated absent since an instant: outright, or by an episode's end.

        The end of an episode speaks while nothing of its class is open.
        """
        absent = any_between(self.absences.keys, since, self.at.keys)
        for name in (self.finding, *self.concept.ancestors):
            ends = end_keys(self.at.timeline, name, self.belief)
            if len(ends):
                ended = any_between(ends, since, self.at.keys)
                absent |= ended & ~episode_columns(self.at.timeline, name, self.belief).open(self.at.keys)
        return absent

    # ---- what that rests on, in a row

    def started(self, row: int) -> list[Spell]:
        """The certain episodes that have started, in the order of their starts."""
        columns = episode_columns(self.at.timeline, self.finding)
        places = columns.up_to(self.at.key(row), self.at.origin_of(row))
        spells = [spell for place in places if isinstance(spell := columns.entries[place], Spell)]
        return sorted(spells, key=lambda spell: (spell.start, spell.place))

    def open(self, row: int, *, back: int = 0) -> list[Spell]:
        """The certain episodes that are open, or were at some moment of the time ``back`` from the instant."""
        since = self.at.time(row) - back
        return [spell for spell in self.started(row) if spell.end is None or spell.end > since]

    def going_on(self, row: int) -> list[Spell]:
        """The certain episodes that are open, with those that they overlap or touch one after the other."""
        spells = self.open(row)
        reached = min((spell.start for spell in spells), default=0)
        for spell in sorted(
            self.started(row), key=lambda spell: -(self.at.time(row) if spell.end is None else spell.end)
        ):
            if spell not in spells and (spell.end is None or spell.end >= reached):
                spells.append(spell)
                reached = min(reached, spell.start)
        return sorted(spells, key=lambda spell: (spell.start, spell.place))

    def longest(self, row: int) -> list[Spell]:
        """The certain episodes that overlap or touch and have together lasted longest by now."""
        now, merged = self.at.time(row), list[list[Spell]]()
        reach = 0
        for spell in self.started(row):
            if not merged or spell.start > reach:
                merged.append([])
                reach = spell.start
            merged[-1].append(spell)
            reach = max(reach, now if spell.end is None else min(spell.end, now))

        def lasted(spells: list[Spell]) -> int:
            return max(now if s.end is None else min(s.end, now) for s in spells) - spells[0].start

        return max(merged, key=lasted, default=[])

    def yes(self, row: int, spells: Sequence[Spell], says: str = "yes") -> Ground:
        """What says that a statement is true: some episodes, under which name they were charted, since when."""
        named = {spell.finding for spell in spells}
        note = None
        if spells and self.finding not in named:
            labels = self.at.guideline.labels
            note = "charted as " + ", ".join(dict.fromkeys(labels[spell.finding] for spell in spells))
        start = min((spell.start for spell in spells), default=None)
        # Of an instant of the past, what ended it since is told, too: without that, it would seem to go on.
        last = self.at.assessed(row)
        enders = (spell.ender for spell in spells if spell.end is not None and spell.end <= last)
        return Ground((*(e for e in enders if e is not None), *spells), time=start, says=says, note=note)

    def no(self, row: int, says: str = "no") -> Ground:
        """What says that a statement is false: what is going on, was stated, has ended; or silence."""
        if not self._is_charted(row):
            return Ground(says=says, note=self._silence())
        now = self.at.time(row)
        spells = self.started(row)
        going_on = [spell for spell in spells if spell.end is None or spell.end > now]
        if going_on:
            return Ground(tuple(going_on), time=going_on[0].start, says=says)
        # The end of what was charted as a class above says so, too.
        ended = [s for s in (*self._charted_as_above(row), *spells) if s.end is not None and s.end <= now]
        over = max(ended, key=lambda s: s.end or 0, default=None)
        absence = self._latest_absence(row)
        if absence is not None and (over is None or absence.time >= (over.end or 0)):
            note = None
            if absence.finding != self.finding:
                note = f"as part of {self.at.guideline.labels[absence.finding]}"
            return Ground((absence,), time=absence.time, says=says, note=note)
        if over is not None:
            below = over.finding == self.finding or over.finding in self.concept.descendants
            note = "ended" if below else f"ended, as part of {self.at.guideline.labels[over.finding]}"
            return Ground(_with_ender(over), time=over.end, says=says, note=note)
        return Ground(says=says, note=self._silence())

    def open_question(self, row: int, *, now: bool) -> Ground:
        """What leaves a statement unknown; ``now``: it is about the instant, so that what is over has no say."""
        if not self._is_charted(row):
            return NOT_CHARTED
        if doubts := self._doubts(row, now=now):
            return Ground(doubts=tuple(doubts), missing="in doubt")
        if above := self._charted_above(row):
            label = self.at.guideline.labels[above[-1].finding]
            return Ground(tuple(above), missing=f"charted as {label}, no closer")
        if stale := self._latest_absence(row):
            since = () if now else self.at.last_events(row)
            return Ground((*since, stale), missing="stated absent too long ago")
        return NOT_CHARTED

    def _is_charted(self, row: int) -> bool:
        """Whether anything of its lineage is charted of the patient, at any time, in doubt or not."""
        return self.finding in charted_lineages(self.at.timeline, int(self.at.rows.patients[row]))

    def _silence(self) -> str:
        if self.concept.closed:
            return "not recorded"
        return "not charted, by exception" if self.at.by_exception else "not charted"

    def _latest_absence(self, row: int) -> Absence | None:
        """The latest statement by now that it, or one above it, is absent; its own before one above."""
        columns = self.absences
        last = int(columns.keys.searchsorted(self.at.key(row), side="right")) - 1
        if last < 0 or columns.keys[last] < self.at.origin_of(row):
            return None
        first = int(columns.keys.searchsorted(columns.keys[last]))
        latest = columns.entries[first : last + 1]
        return min(reversed(latest), key=lambda absence: (absence.finding != self.finding, absence.finding))

    def _charted_above(self, row: int) -> list[Spell]:
        """The open episodes that were charted as a class above."""
        now = self.at.time(row)
        return [spell for spell in self._charted_as_above(row) if spell.end is None or spell.end > now]

    def _charted_as_above(self, row: int) -> list[Spell]:
        """The certain episodes that were charted as a class above and have started, in the order of their starts."""
        spells: list[Spell] = []
        for name in self.concept.ancestors:
            own = own_columns(self.at.timeline, name, Belief.CERTAIN)
            entries = (own.entries[place] for place in own.up_to(self.at.key(row), self.at.origin_of(row)))
            spells += (spell for spell in entries if isinstance(spell, Spell))
        return sorted(spells, key=lambda spell: (spell.start, spell.place))

    def _doubts(self, row: int, *, now: bool) -> list[DoubtfulPresence]:
        """The presences in doubt, of its own lineage, that may have begun by now."""
        lineage = {self.finding, *self.concept.descendants, *self.concept.ancestors}
        time = self.at.time(row)
        return [
            doubt
            for doubt in self.at.record(row).doubtful
            if doubt.finding in lineage
            and (doubt.earliest is None or doubt.earliest <= time)
            and not (now and doubt.over)
        ]


def _with_ender(spell: Spell) -> tuple[Entry, ...]:
    return (spell,) if spell.ender is None else (spell.ender, spell)
