"""Conditions as episodes, doubtful presences and statements of absence (semantics, sections 1 and 7)."""

from typing import Final
from zoneinfo import ZoneInfo

from il2kg.read.builder import RecordBuilder
from il2kg.read.presences import absent, present
from il2kg.read.spans import UNDATED, Span, span_between
from il2kg.recognise.recogniser import Meaning
from il2kg.record import Episode
from il2kg.statements import Condition, Item

_NOT_SINCE_WHEN: Final = ("over, and nothing says since when", "")


def read_condition(
    builder: RecordBuilder, item: Item, said: Condition, meaning: Meaning, zone: ZoneInfo | None
) -> None:
    """Read a Condition: an episode from onset to abatement, a statement of absence if refuted.

    A suspected one counts as present. One that is over without an abatement ended when it was recorded.
    """
    recorded = said.recorded
    if said.refuted:
        absent(builder, item, meaning, span_between(recorded or said.onset, None, zone))
        return
    start, end = said.onset or recorded, said.abatement
    over = end is None and said.over
    if over:
        end = recorded
    span = span_between(start, end, zone)
    if start is None and end is None:
        present(builder, item, meaning, UNDATED, over=over)
    elif over and end is None:
        _over_since(builder, item, meaning, span)
    else:
        at = span_between(recorded, None, zone)
        present(builder, item, meaning, span, by=None if at.problems else at.latest_start)


def _over_since(builder: RecordBuilder, item: Item, meaning: Meaning, span: Span) -> None:
    """Present at its onset for sure, and for as long as nobody knows."""
    present(builder, item, meaning, span, doubt=_NOT_SINCE_WHEN)
    if not (item.doubts or span.problems or meaning.doubtful or meaning.over):
        assert span.start is not None
        assert span.start.time is not None
        builder.episodes.append(Episode(meaning.concept, span.start.time, span.start.time, item.name))
