"""What stays in force: holds, and what ends a level or goes on for good (semantics, section 5).

What a criterion carries over lasts for one of a level, such as a cycle, or for the whole record. Such a span is named
by the level's id, and is None where it is the whole record.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from il2kg.derive.grounds import Entry
from il2kg.derive.instants import HoldState, Instants, Recurrence
from il2kg.derive.kleene import Truths
from il2kg.derive.series import series_at
from il2kg.derive.timeline import Keys, Rows, Timeline, Truth
from il2kg.forms.compare import Compare
from il2kg.forms.statement import Statement
from il2kg.guideline.conditions import Condition, Leaf, inner_leaves, leaves
from il2kg.guideline.decisions import Escalation
from il2kg.guideline.model import Criterion, Guideline
from il2kg.rules.values import Values

Span = str | None

_NEVER: Final = -1


@dataclass(frozen=True)
class Carried:
    """What a criterion, or the escalation of a rule set, carries over to the assessed instants.

    ``before``: in force at the instant before the assessed one. ``since``: the key at which it came into force, where
    it is in force at the assessed instant.
    """

    before: Truth
    since: Keys


@dataclass(frozen=True)
class History:
    """The instants up to the assessed one, which is each patient's last row, as far back as anything is carried over.

    ``starts``: by span, for each row, the row at which what lasts so long begins for its patient; ``start``: his first
    row.
    """

    values: Values
    last: np.ndarray
    starts: Mapping[Span, np.ndarray]
    start: np.ndarray


@dataclass(frozen=True)
class Memory:
    """What is carried over to the assessed instants: by criterion, and by rule set where it escalates.

    ``holds`` are those that quantities are counted from; ``recurrences``, by the key
    of the statement, where something has come back.
    """

    criteria: Mapping[str, Carried]
    escalations: Mapping[str, Carried]
    holds: Mapping[str, HoldState]
    recurrences: Mapping[str, Recurrence]


# ---- how long it lasts


def span_of_criterion(guideline: Guideline, criterion: Criterion) -> Span:
    """How long a criterion that remembers stays in force: as its effect says, or else as holds last."""
    return criterion.effect.stays_for if criterion.effect.remembers else guideline.holds_last_for


def _spans(guideline: Guideline) -> set[Span]:
    """The spans that something lasts for; that of holds always, for what is met has been so since some time, too."""
    escalations = (rule_set.escalation for rule_set in guideline.rule_sets)
    return {
        guideline.holds_last_for,
        *(c.effect.stays_for for c in guideline.criteria if c.effect.remembers),
        *(each.stays_for for each in escalations if each is not None and each.stays_for is not None),
    }


def _begins(timeline: Timeline) -> dict[Span, Keys]:
    """For each span, when the one began that each assessed instant is in; that instant where one begins anew."""
    assessed, guideline = timeline.assessed(), timeline.guideline
    series = series_at(timeline, assessed)

    def begin(span: Span) -> Keys:
        if span is None:
            return timeline.first
        events = series[guideline.series_of(span).id]
        return np.where(events.within(span), events.first_key(span), assessed.keys)

    return {span: begin(span) for span in _spans(guideline)}


# ---- the instants


def history(timeline: Timeline, *, by_exception: bool) -> History:
    """Collect the instants at which a record changes, or a statement becomes true by itself."""
    begins = _begins(timeline)
    begin = np.minimum.reduce(list(begins.values()))
    rows = _instants(timeline, begin)

    def row(keys: Keys) -> np.ndarray:
        return np.searchsorted(rows.keys, keys)

    past = History(
        values=Values(Instants.of(timeline, rows, by_exception=by_exception)),
        last=row(timeline.at),
        starts={span: row(keys)[rows.patients] for span, keys in begins.items()},
        start=row(begin)[rows.patients],
    )
    for key, condition in _recurrences(timeline.guideline):
        at = past.values.at
        known = {**at.recurrences, key: _recurred(past, condition)}
        past = replace(past, values=past.values.where(replace(at, recurrences=known)))
    return past


def _instants(timeline: Timeline, begin: Keys) -> Rows:
    """The instants from ``begin`` to the assessed one, for each patient; the assessed one always."""
    patients: list[int] = []
    times: list[int] = []
    for patient, record in enumerate(timeline.records):
        own = record.changes()
        times += own
        patients += [patient] * len(own)
    keys = timeline.keys(patients, times)
    owners = np.array(patients, dtype=np.intp)
    extra = _self_made(timeline)
    keys = np.concatenate((keys, *extra))
    owners = np.concatenate((owners, *(np.searchsorted(timeline.first, e, side="right") - 1 for e in extra)))
    kept = (keys >= begin[owners]) & (keys < timeline.at[owners])
    return _rows(timeline, np.concatenate((keys[kept], timeline.at)))


def _self_made(timeline: Timeline) -> list[Keys]:
    """The instants at which a statement becomes true by the mere passing of time."""
    statements = {
        leaf
        for criterion in timeline.guideline.criteria
        for leaf in inner_leaves(criterion.condition, criterion.resume)
        if isinstance(leaf, Statement)
    }
    return [statement.matures(timeline) for statement in statements]


def _rows(timeline: Timeline, keys: Keys) -> Rows:
    unique = np.unique(keys)
    return Rows(unique, np.searchsorted(timeline.first, unique, side="right") - 1)


# ---- what comes back


def _recurrences(guideline: Guideline) -> Iterator[tuple[str, Condition]]:
    """The conditions whose coming back is asked about, by the statement's key, the inner before the outer."""
    for criterion in guideline.criteria:
        asked: list[Leaf] = list(inner_leaves(criterion.condition, criterion.resume))
        yield from ((leaf.key, leaf.earlier) for leaf in reversed(asked) if leaf.earlier is not None)


def _recurred(history: History, condition: Condition) -> Recurrence:
    """Where a condition is true that had been true before, and was false at an event since; and where not.

    Not known where it is true, and was not known to be true at each such event (semantics, section 4). It is looked for
    as long as a hold lasts.
    """
    truths = history.values.truths(condition)
    true, false = truths.true, truths.false
    index = np.arange(len(true))
    start, at_event, doubtful = _events_of_hold(history)

    def last(mask: Truth) -> np.ndarray:
        return np.maximum.accumulate(np.where(mask, index, _NEVER)) if len(index) else index

    had_been = np.concatenate(([_NEVER], last(true)[:-1])) >= start if len(index) else true
    after = at_event & had_been
    gone = last(after & false) >= start
    open_question = (last(after & ~true) >= start) | doubtful
    recurred = Truths(true & gone & ~doubtful, false | (true & ~gone & ~open_question))
    last_true = last(true)

    def past(row: int) -> tuple[Entry, ...]:
        """How it was at each event since the start, and before it when it had last been true.

        Where the condition is not true now, how it was has no say.
        """
        if not true[row]:
            return ()
        events = np.flatnonzero(at_event[: row + 1] & (index[: row + 1] >= start[row]))
        rows = {int(at) for event in events for at in (event, last_true[event - 1] if event else _NEVER)}
        known = (history.values.entries(condition, at) for at in sorted(rows) if at >= start[row])
        return tuple(entry for entries in known for entry in entries)

    return Recurrence(recurred, past)


def _events_of_hold(history: History) -> tuple[np.ndarray, Truth, Truth]:
    """For each row, the row at which a hold's span begins, whether there is an event in it, and whether that is open.

    Over the whole record the events of all series count; without a series, every instant.
    """
    at, index = history.values.at, np.arange(len(history.values.at))
    keys, guideline = at.keys, at.guideline
    span = guideline.holds_last_for
    if span is not None:
        series = at.series[guideline.series_of(span).id]
        inside = series.within(span)
        start = np.where(inside, np.searchsorted(keys, series.first_key(span)), index)
        return start, inside & (series.last_key == keys), series.doubtful
    all_series = list(at.series.values())
    none = np.zeros(len(keys), dtype=np.bool_)
    doubtful = np.logical_or.reduce([none, *(series.doubtful for series in all_series)])
    at_event = np.logical_or.reduce([series.last_key == keys for series in all_series]) if all_series else ~none
    return history.start, at_event, doubtful


# ---- what is carried over


def memory(history: History) -> Memory:
    """What the criteria and rule sets of the guideline carry over."""
    guideline = history.values.at.guideline
    staying = [(r, r.escalation, r.escalation.stays_for) for r in guideline.rule_sets if r.escalation is not None]
    counted = {c.id for r, _, stays_for in staying if stays_for is not None for c in guideline.criteria_of(r.id)}
    met = {c.id: history.values.truths(c.condition).true for c in guideline.criteria if c.remembers or c.id in counted}
    remembered = {c.id: _remembered(history, c, met[c.id]) for c in guideline.criteria if c.remembers}
    last = history.last
    return Memory(
        criteria={name: carried for name, (carried, _) in remembered.items()},
        escalations={
            r.id: _escalated(history, escalation, stays_for, [(c, met[c.id]) for c in guideline.criteria_of(r.id)])
            for r, escalation, stays_for in staying
            if stays_for is not None
        },
        holds={
            n: HoldState(hold.held[last], hold.began[last]) for n, (_, hold) in remembered.items() if hold is not None
        },
        recurrences={key: _at_last(each, last) for key, each in history.values.at.recurrences.items()},
    )


def _at_last(recurrence: Recurrence, last: np.ndarray) -> Recurrence:
    return Recurrence(recurrence.truths.take(last), lambda row: recurrence.past(int(last[row])))


def met_since(history: History, criterion: Criterion) -> Keys:
    """Since when a criterion that remembers nothing has been met, where it is met at the assessed instants."""
    met = history.values.truths(criterion.condition).true
    return _carried(history, met, ~met, history.start).since


def _remembered(history: History, criterion: Criterion, met: Truth) -> tuple[Carried, HoldState | None]:
    """What a criterion carries over; and its hold, if its resume condition depends on when that began.

    Each round settles at least the next lift in time, so the rounds end.
    """
    values, lifted = history.values, np.zeros_like(met)
    start = history.starts[span_of_criterion(values.at.guideline, criterion)]
    if criterion.resume is None:
        return _carried(history, met, lifted, start), None
    if not any(isinstance(leaf, Compare) and leaf.quantity.counted_from_hold for leaf in leaves(criterion.resume)):
        may_resume = values.truths(criterion.resume).true
        return _carried(history, met, may_resume & ~met, start), None
    while True:
        held, began = _in_force(met, lifted, start)
        hold = HoldState(held, values.at.keys[began])
        may_resume = values.with_hold(criterion.id, hold).truths(criterion.resume).true
        now = may_resume & ~met
        if np.array_equal(now, lifted):
            return _carried(history, met, now, start), hold
        lifted = now


def _escalated(
    history: History, escalation: Escalation, stays_for: str, criteria: Iterable[tuple[Criterion, Truth]]
) -> Carried:
    """Where too many criteria of one effect were met at once, or any of another that suffices."""
    counted = np.zeros(len(history.values.at), dtype=np.int64)
    reached = np.zeros(len(history.values.at), dtype=np.bool_)
    for criterion, met in criteria:
        if criterion.effect.id in escalation.also:
            reached |= met
        elif criterion.effect.id == escalation.effect:
            counted += met
    reached |= counted > escalation.more_than
    return _carried(history, reached, np.zeros_like(reached), history.starts[stays_for])


def _carried(history: History, met: Truth, lifted: Truth, start: np.ndarray) -> Carried:
    held, began = _in_force(met, lifted, start)
    rows, last = history.values.at.rows, history.last
    previous = np.maximum(last - 1, 0)
    same = (last > start[last]) & (rows.patients[previous] == rows.patients[last])
    return Carried(same & held[previous] & ~lifted[previous], rows.keys[began[last]])


def _in_force(met: Truth, lifted: Truth, start: np.ndarray) -> tuple[Truth, np.ndarray]:
    """At each instant, before a lift at that instant takes effect: whether in force, and the row since when."""
    index = np.arange(len(met))
    inside = index >= start
    last_met = np.maximum.accumulate(np.where(met & inside, index, _NEVER))
    last_lift = np.maximum.accumulate(np.where(lifted & inside, index, _NEVER))
    lift_before = np.concatenate(([_NEVER], last_lift[:-1])) if len(index) else last_lift
    held = (last_met >= start) & (last_met > lift_before) & inside
    met_rows = np.flatnonzero(met)
    # The first instant at which it was met after the last lift, or after the start.
    floor = np.maximum(lift_before + 1, start)
    position = np.searchsorted(met_rows, floor)
    began = met_rows[np.minimum(position, len(met_rows) - 1)] if len(met_rows) else index
    return held, np.where(held, began, index)
