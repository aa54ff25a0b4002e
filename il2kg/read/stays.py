"""Stays as discharges (semantics, section 7)."""

from zoneinfo import ZoneInfo

import msgspec

from il2kg.guideline.coded_answers import Answers, Said
from il2kg.read.builder import RecordBuilder
from il2kg.read.spans import NO_START, span_of
from il2kg.statements import Stay


def read_stay(builder: RecordBuilder, said: Stay, kinds: Answers, zone: ZoneInfo | None) -> None:
    """Read a stay: the end of an admission is a discharge, and of a visit none; ``kinds`` tells which is which.

    One without a sound time counts at the latest that it may have been, for what waits for it waits no shorter then.
    """
    item = said.item
    visit = any(kinds.coded(None, code) is Said.VISIT for code in said.kinds)
    if visit or not said.finished or said.when.end is None:
        builder.pass_over(item.kind, "", min(said.kinds, default=""), "")
        return
    span = span_of(said.when, zone)
    builder.doubt(item, msgspec.structs.replace(span, problems=tuple(p for p in span.problems if p[0] != NO_START)), "")
    if span.end is not None and span.end.latest is not None and not span.reversed:
        builder.discharges.append(span.end.latest)
