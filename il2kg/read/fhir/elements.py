"""FHIR elements whose type nobody has checked: small readers that never raise on a wrong one."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from il2kg.read.limits import REMEMBERED
from il2kg.recognise.coding import Coding
from il2kg.statements import UNSAID, CodedText, distinct

Element = dict[str, Any]

_NOTHING: Final[Element] = {}
_ILL_FORMED: Final = (("code of the wrong type", ""),)
_VALUES: Final = frozenset(
    f"value{kind}"
    for kind in (
        *("Attachment", "Boolean", "CodeableConcept", "DateTime", "Integer", "Period", "Quantity", "Range", "Ratio"),
        *("Reference", "SampledData", "String", "Time", "Decimal", "Code", "Coding", "Instant", "Date"),
    )
)


def as_element(value: object) -> Element:
    """The value if it is a JSON object, else an empty one (not to be written to)."""
    return value if isinstance(value, dict) else _NOTHING


def as_list(value: object) -> list[Any]:
    """The value if it is a JSON array, an array of it if it is anything else that is there."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def as_text(value: object) -> str | None:
    """The value if it is a string that says something."""
    return value if isinstance(value, str) and value and not value.isspace() else None


def codings(concept: object) -> list[Coding]:
    """The codings of a CodeableConcept, or of an array of them; badly typed ones are left out."""
    return [
        Coding(as_text(coding.get("system")), as_text(coding.get("code")), as_text(coding.get("display")))
        for element in as_list(concept)
        for coding in as_list(as_element(element).get("coding"))
        if isinstance(coding, dict)
    ]


def coded_text(concept: object) -> CodedText:
    """What a CodeableConcept says, or an array of them, as far as it can be read."""
    if concept is None:
        return UNSAID
    if isinstance(concept, dict):
        try:
            (coding,) = concept["coding"]
            parts = (coding.get("system", ""), coding.get("code", ""), coding.get("display", ""))
            text = concept.get("text", "")
        except (KeyError, TypeError, ValueError, AttributeError):
            pass  # not as most are; what can be read of it is
        else:
            if isinstance(text, str) and all(isinstance(part, str) for part in parts):
                return _usual(*parts, text)
    said = (
        as_text(element if isinstance(element, str) else as_element(element).get("text"))
        for element in as_list(concept)
    )
    flaws = () if well_formed_concept(concept) else _ILL_FORMED
    return CodedText(tuple(codings(concept)), tuple(distinct(text for text in said if text)), flaws)


@lru_cache(maxsize=REMEMBERED)
def _usual(system: str, code: str, display: str, text: str) -> CodedText:
    """One coding and a text, any of which may be empty."""
    said = as_text(text)
    return CodedText((Coding(as_text(system), as_text(code), as_text(display)),), () if said is None else (said,))


def codes(concept: object) -> set[str]:
    """The codes of a CodeableConcept, or of an array of them, whatever their system; a bare string is one, too."""
    bare = {element for element in as_list(concept) if isinstance(element, str)}
    return bare | {coding.code for coding in codings(concept) if coding.code is not None}


def well_formed_concept(concept: object) -> bool:
    """Whether a CodeableConcept has the types that FHIR gives it."""
    if not isinstance(concept, dict) or not isinstance(concept.get("text", ""), str):
        return False
    coding = concept.get("coding", [])
    return isinstance(coding, list) and all(
        isinstance(each, dict) and all(isinstance(each.get(name, ""), str) for name in ("system", "code", "display"))
        for each in coding
    )


def values(holder: Element, form: "Shape") -> tuple[str, ...]:
    """The names of the ``value[x]`` elements that are there, given its shape."""
    names = form.values
    if len(names) == 1 and holder[names[0]] is not None:
        return names
    return tuple(name for name in names if holder[name] is not None)


@dataclass(frozen=True, slots=True)
class Shape:
    """Which of the elements that matter stand in a resource; resources of one maker have few shapes.

    ``values`` and ``times`` are the names of its ``value[x]`` elements and of those that say when. ``unusual``: one of
    those is there by which an item may be set aside or deny what it names. ``numeric``: its value is a number.
    """

    values: tuple[str, ...]
    times: tuple[str, ...]
    unusual: bool
    numeric: bool


_NUMBERS: Final = frozenset({"valueQuantity", "valueInteger"})
POINTS: Final = (
    *("effectiveDateTime", "effectiveInstant", "performedDateTime", "occurenceDateTime", "occurrenceDateTime"),
    "effectiveTimeDateTime",
)
PERIODS: Final = (
    *("effectivePeriod", "performedPeriod", "occurencePeriod", "occurrencePeriod"),
    "effectiveTimePeriod",
)
DENIALS: Final = ("notGiven", "wasNotGiven", "wasNotTaken", "notDone", "notPerformed", "doNotPerform")
_UNUSUAL: Final = frozenset(
    {*DENIALS, "taken", "adherence", "focus", "modifierExtension", "dosage", "dosageInstruction"}
)


@lru_cache(maxsize=REMEMBERED)
def shape(names: tuple[str, ...]) -> Shape:
    """The shape of a resource, or of a part of one, that has elements of these names."""
    return Shape(
        tuple(sorted(_VALUES.intersection(names))),
        tuple(name for name in (*POINTS, *PERIODS) if name in names),
        not _UNUSUAL.isdisjoint(names),
        not _NUMBERS.isdisjoint(names),
    )
