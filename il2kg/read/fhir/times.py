"""When something was, as the versions of FHIR say it."""

from typing import Final

from il2kg.read.fhir.elements import POINTS, Element, Shape, as_element, as_list, shape
from il2kg.read.limits import SHOWN
from il2kg.read.times import UNREADABLE, read_moment
from il2kg.statements import NEVER_SAID, Doubt, When

_USUAL: Final = ("effectiveDateTime",)
_TWO_TIMES: Final = When(flaws=(("a time and a period that cannot both be", ""),))
_NO_PERIOD: Final = When(flaws=(("period of the wrong type", ""),))
_WRITTEN: Final = ("authoredOn", "dateAsserted", "dateWritten")


def when_of(content: Element, form: Shape | None = None) -> When:
    """The time or period of a resource (of a known ``form``), under any of the names that versions of FHIR give it."""
    names = (form or shape(tuple(content))).times
    if names == _USUAL and isinstance(time := content[names[0]], str):
        return When(time)
    names = tuple(name for name in names if content[name] is not None)
    if len(names) != 1:
        return _TWO_TIMES if names else NEVER_SAID
    time = content[names[0]]
    if names[0] in POINTS:
        return When(time) if isinstance(time, str) else When(flaws=(_no_time(time),))
    if not isinstance(time, dict):
        return _NO_PERIOD
    return period(time.get("start"), time.get("end"))


def period(first: object, last: object) -> When:
    """The period between what stands where two times belong."""
    if isinstance(first, str | None) and isinstance(last, str | None):
        return When(first, last, period=True)
    flaws = tuple(_no_time(each) for each in (first, last) if not isinstance(each, str | None))
    start, end = (each if isinstance(each, str | None) else "" for each in (first, last))
    return When(start, end, period=True, flaws=flaws)


def time_of(value: object) -> str | None:
    """What stands where a time belongs, as text; what is no text cannot be taken for a time."""
    return value if isinstance(value, str | None) else f"({type(value).__name__}) {value}"


def ordered(content: Element) -> When:
    """When an order, or a statement without a time of its own, holds.

    From when it says that it is to begin, else from when it was written; until all of its instructions have ended.
    """
    whole = content.get("effectiveDosePeriod")
    instructions = as_list(content.get("dosageInstruction") or content.get("dosage"))
    periods = [as_element(whole)] if whole is not None else [_bounds(each) for each in instructions]
    starts = [start for period in periods if (start := period.get("start")) is not None]
    ends = [end for period in periods if isinstance(end := period.get("end"), str)]
    written = next((content[name] for name in _WRITTEN if content.get(name) is not None), None)
    first = min(starts, key=str) if starts and len(starts) == len(periods) else written
    if first is None:
        first = min(starts, key=str, default=None)
    last = max(ends, key=lambda end: read_moment(end, as_end=True).time or 0) if ends else None
    return period(first, last if len(ends) == len(periods) else None)


def _bounds(instruction: object) -> Element:
    return as_element(as_element(as_element(as_element(instruction).get("timing")).get("repeat")).get("boundsPeriod"))


def _no_time(value: object) -> Doubt:
    return UNREADABLE, str(value)[:SHOWN]
