"""FHIR Conditions as episodes, doubtful presences and statements of absence (semantics, sections 1 and 7.1)."""

from typing import Final
from zoneinfo import ZoneInfo

from il2kg.read.builder import Item, RecordBuilder
from il2kg.read.elements import as_element, codes
from il2kg.read.presences import absent, present
from il2kg.read.spans import UNDATED, Doubt, Span, span_between
from il2kg.recognise.recogniser import Meaning
from il2kg.record import Episode

_OVER: Final = frozenset({"inactive", "remission", "resolved"})
_CLINICAL: Final = _OVER | {"active", "recurrence", "relapse", "unknown"}
_VERIFICATION: Final = frozenset(
    {"unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error", "unknown"}
)
_RECORDED: Final = ("recordedDate", "assertedDate", "dateRecorded")
_NO_DATE: Final = ("abatementAge", "abatementRange", "abatementString", "abatementBoolean")
_TWO_ONSETS: Final = ("an onset at a time and one over a period", "")
_NOT_SINCE_WHEN: Final = ("over, and nothing says since when", "")


def in_error(item: Item) -> bool:
    """Whether a Condition was entered in error."""
    return "entered-in-error" in codes(item.content.get("verificationStatus"))


def read_condition(builder: RecordBuilder, item: Item, meaning: Meaning, zone: ZoneInfo | None) -> None:
    """Read a Condition: an episode from onset to abatement, a statement of absence if refuted.

    A suspected one counts as present. One that is over without an abatement ended when it was recorded.
    """
    content = item.content
    verification, clinical = codes(content.get("verificationStatus")), codes(content.get("clinicalStatus"))
    item = item._replace(doubts=(*item.doubts, *_wrong(item)))
    onset = content.get("onsetDateTime") or as_element(content.get("onsetPeriod")).get("start")
    recorded = next((content[name] for name in _RECORDED if content.get(name) is not None), None)
    if "refuted" in verification and len(verification & _VERIFICATION) > 1:
        item = item._replace(doubts=(*item.doubts, ("verificationStatus that contradicts itself", "")))
    elif "refuted" in verification:
        absent(builder, item, meaning, span_between(recorded or onset, None, zone))
        return
    if content.get("onsetDateTime") is not None and content.get("onsetPeriod") is not None:
        present(builder, item, meaning, UNDATED, doubt=_TWO_ONSETS)
        return
    start, end = onset or recorded, _abatement(item)
    over = end is None and bool(clinical & _OVER or _says_over(item))
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


def _abatement(item: Item) -> object:
    period = as_element(item.content.get("abatementPeriod"))
    return item.content.get("abatementDateTime") or period.get("end") or period.get("start")


def _says_over(item: Item) -> bool:
    """Whether an abatement is given that is no date."""
    return any(item.content.get(name) not in (None, False) for name in _NO_DATE)


def _wrong(item: Item) -> tuple[Doubt, ...]:
    """What cannot be read of the statuses: objects today, plain codes in earlier versions."""
    found: list[Doubt] = []
    for name, known in (("verificationStatus", _VERIFICATION), ("clinicalStatus", _CLINICAL)):
        status = item.content.get(name)
        if status is not None and not isinstance(status, dict) and not (isinstance(status, str) and status in known):
            found.append((f"{name} of the wrong type", ""))
    periods = ("onsetPeriod", "abatementPeriod")
    found += [
        (f"{name} of the wrong type", "") for name in periods if not isinstance(item.content.get(name), dict | None)
    ]
    return tuple(found)
