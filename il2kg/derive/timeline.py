"""Many records side by side as sorted columns of instants, so that each rule is one vectorised look-up.

Every patient has a stretch of one common axis: ``key = time + shift[patient]``. Stretches keep a margin that is wider
than any window, so that a look back over a window never reaches another patient. Keys are microseconds (int64).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from il2kg.guideline.conditions import inner_leaves
from il2kg.guideline.lengths import HOURS_PER_DAY
from il2kg.guideline.model import Guideline
from il2kg.record import MICROSECONDS_PER_HOUR, Record

Keys = npt.NDArray[np.int64]
Numbers = npt.NDArray[np.float64]
Truth = npt.NDArray[np.bool_]

_AXIS: Final = 2**62


def span_of(hours: object) -> int:
    """Hours as microseconds."""
    return round(float(str(hours)) * MICROSECONDS_PER_HOUR)


@dataclass(frozen=True)
class Rows:
    """Instants to derive for: ascending keys, and the patient (index into the records) of each."""

    keys: Keys
    patients: npt.NDArray[np.intp]

    def __len__(self) -> int:
        return len(self.keys)


@dataclass(frozen=True)
class Stretches:
    """Stretches of time of all patients: for each beginning, in order, the latest end of those begun by then."""

    begins: Keys
    reach: Keys

    @classmethod
    def of(cls, pairs: Iterable[tuple[int, int]]) -> "Stretches":
        """Sort stretches, given as keys of their beginnings and ends."""
        columns = np.array(sorted(pairs), dtype=np.int64).reshape(-1, 2)
        return cls(columns[:, 0], np.maximum.accumulate(columns[:, 1]) if len(columns) else columns[:, 1])

    def reached(self, keys: Keys) -> Keys:
        """For each key, the latest end of the stretches that began at or before it; far before it where none did.

        The ends of other patients' stretches lie before a patient's own by more than any window.
        """
        if not len(self.begins):
            return np.full(len(keys), np.iinfo(np.int64).min)
        index = np.searchsorted(self.begins, keys, side="right") - 1
        return np.where(index >= 0, self.reach[np.maximum(index, 0)], np.iinfo(np.int64).min)


@dataclass(frozen=True)
class Timeline:
    """Records on one axis, assessed at one instant each.

    ``first`` and ``last`` are the keys between which a patient's items lie, ``origin`` is earlier than ``first`` by
    more than any length of time that is asked about; ``at`` are the keys of the assessed instants.
    """

    guideline: Guideline
    records: Sequence[Record]
    shift: Keys
    origin: Keys
    first: Keys
    last: Keys
    at: Keys
    cache: dict[object, object] = field(default_factory=dict, repr=False)

    def keys(self, patients: Iterable[int], times: Iterable[int]) -> Keys:
        """Keys of times of patients, in the order given."""
        rows = np.fromiter(patients, dtype=np.intp)
        return np.fromiter(times, dtype=np.int64, count=len(rows)) + self.shift[rows]

    def begin(self, patient: int, time: int | None) -> int:
        """The key of a beginning; None is long before anything that is looked at."""
        return int(self.origin[patient]) if time is None else time + int(self.shift[patient])

    def finish(self, patient: int, time: int | None) -> int:
        """The key of an end; None is after anything that is looked at."""
        return int(self.last[patient]) + 1 if time is None else time + int(self.shift[patient])

    def assessed(self) -> Rows:
        """One row a patient: the instant assessed."""
        return Rows(self.at, np.arange(len(self.records), dtype=np.intp))


def margin_of(guideline: Guideline) -> int:
    """Microseconds that no window of the guideline exceeds."""
    conventions = guideline.conventions
    hours = [o.window_hours for o in guideline.observables.values() if o.window_hours is not None]
    hours += [conventions.baseline_days * HOURS_PER_DAY, conventions.change_hours, conventions.repeat_hours]
    hours += [conventions.treatment_gap_hours, conventions.absence_hours]
    hours += [conventions.charted_rate_hours, *(series.doubtful_hours for series in guideline.series)]
    hours += [c.absence_hours for c in guideline.findings.values() if c.absence_hours is not None]
    hours += [leaf.looks_back for c in guideline.criteria for leaf in inner_leaves(c.condition, c.resume)]
    return 2 * span_of(max(hours))


def batches(guideline: Guideline, records: Sequence[Record], at: Sequence[int], size: int = 256) -> Iterable[Timeline]:
    """Timelines of at most ``size`` records each, fewer where their times would not fit on one axis."""
    margin = margin_of(guideline)
    begin = 0
    while begin < len(records):
        shift: list[int] = []
        first: list[int] = []
        last: list[int] = []
        position = 0
        for record, instant in zip(records[begin : begin + size], at[begin : begin + size], strict=True):
            times = [*record.bounds(), instant]
            low, high = min(times), max(times)
            if shift and position + margin + (high - low) > _AXIS:
                break
            shift.append(position + margin - low)
            first.append(position + margin)
            last.append(position + margin + (high - low))
            position = last[-1] + margin
        end = begin + len(shift)
        shifts = np.array(shift, dtype=np.int64)
        yield Timeline(
            guideline,
            records[begin:end],
            shifts,
            np.array(first, dtype=np.int64) - margin // 2 - 1,
            np.array(first, dtype=np.int64),
            np.array(last, dtype=np.int64),
            np.array(at[begin:end], dtype=np.int64) + shifts,
        )
        begin = end
