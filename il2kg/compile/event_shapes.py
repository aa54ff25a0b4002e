"""Compiles what shapes of patient graphs say of the events of a series, such as the doses that are counted."""

from collections.abc import Iterator
from typing import Final

from il2kg.compile.shape_text import is_term, result
from il2kg.guideline.model import Guideline
from il2kg.guideline.series import EventSeries
from il2kg.read.events import name_of

_GIVES: Final = "( [ sh:zeroOrOnePath il2:product ] [ sh:zeroOrMorePath il2:ingredient ] il2:gives )"
_PLANNED: Final = "[ sh:property [ sh:path il2:planned ; sh:hasValue true ] ]"
_AT_TIME: Final = "[ sh:property [ sh:path il2:atTime ; sh:minCount 1 ] ]"
_KINDS: Final = {
    "il2:MedicationUse": ("vague", "planned"),
    "il2:ClinicalProcedure": ("by-procedure",),
    "il2:MedicationOrder": ("ordered",),
}
"""The classes of items of which something is said, and what is said of each."""


def event_shapes(guideline: Guideline) -> Iterator[str]:
    """The shapes of what tells of events without being one, or without saying when each of them was."""
    for series in guideline.series:
        yield from _of_series(guideline, series)


def _of_series(guideline: Guideline, series: EventSeries) -> Iterator[str]:
    event, name = series.event, f"record:{name_of(series)}"
    counted = guideline.treatments[series.treatment]
    none = f"record:no-{name_of(series)}"
    yield is_term(f"{name}-given", (guideline.namespace, [counted.id, *sorted(counted.descendants)]))
    yield f"{none} a sh:NodeShape ;\n    sh:property [ sh:path {_GIVES} ; sh:not {name}-given ] .\n"
    for target, kinds in _KINDS.items():
        shapes = " , ".join(f"{name}-{kind}" for kind in kinds)
        class_name = target.removeprefix("il2:")
        yield f"{name}-in-{class_name} a sh:NodeShape ;\n    sh:targetClass {target} ;\n    sh:property {shapes} .\n"
    each = f"make an il2:Administration of each {event}"
    vague = f"It does not say when each {event} was given: {each}"
    yield _shape(f"{name}-vague", (none, _PLANNED, _AT_TIME), "Violation", vague)
    planned = f"A plan is no {event}, and is counted as none: {each} that was given"
    yield _shape(f"{name}-planned", (none, f"[ sh:not {_PLANNED} ]"), "Warning", planned)
    yield _shape(f"{name}-by-procedure", (none,), "Violation", vague)
    ordered = f"An order is no {event}, and is counted as none: {each} that was given"
    yield _shape(f"{name}-ordered", (none,), "Warning", ordered)


def _shape(name: str, unless: tuple[str, ...], severity: str, message: str) -> str:
    """A shape that an item breaks but for any of some reasons."""
    reasons = "\n            ".join(unless)
    return (
        f"{name} a sh:PropertyShape ;\n    sh:path [ sh:zeroOrOnePath owl:sameAs ] ;\n    sh:or ( {reasons} ) ;\n"
    ) + result(severity, message)
