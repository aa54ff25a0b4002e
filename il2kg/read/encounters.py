"""FHIR Encounters as discharges (semantics, section 7.1)."""

from typing import Final
from zoneinfo import ZoneInfo

from il2kg.guideline.answers import Answers, Said
from il2kg.read.builder import Item, RecordBuilder
from il2kg.read.elements import as_element, as_list, as_text, codes
from il2kg.read.spans import NO_START, span_between

_DISCHARGED: Final = ("finished", "completed", "discharged")


def read_encounter(builder: RecordBuilder, item: Item, stays: Answers, zone: ZoneInfo | None) -> None:
    """Read an Encounter: the end of an admission is a discharge, and of a visit none; ``stays`` tells which is which.

    One without a sound time counts at the latest that it may have been, for what waits for it waits no shorter then.
    """
    content = item.content
    # R4 has one Coding, R5 several CodeableConcepts, and the versions before a plain code.
    kinds = codes(content.get("class")) | {
        code for each in as_list(content.get("class")) if (code := as_text(as_element(each).get("code")))
    }
    period = as_element(content.get("actualPeriod") or content.get("period"))
    visit = any(stays.coded(None, code) is Said.VISIT for code in kinds)
    status = content.get("status")
    if (
        visit
        or not (status is None or (isinstance(status, str) and status in _DISCHARGED))
        or period.get("end") is None
    ):
        builder.pass_over(item.kind, "", min(kinds, default=""), "")
        return
    span = span_between(period.get("start"), period.get("end"), zone)
    builder.doubt(item, span._replace(problems=tuple(p for p in span.problems if p[0] != NO_START)), "")
    if span.end is not None and span.end.latest is not None and not span.reversed:
        builder.discharges.append(span.end.latest)
