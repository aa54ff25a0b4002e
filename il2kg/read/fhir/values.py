"""The ``value[x]`` elements of Observations, and the quantities of dosages, as they stand there."""

from decimal import Decimal
from typing import Any, Final

from il2kg.read.fhir.elements import Element, Shape, coded_text, values
from il2kg.read.limits import SHOWN
from il2kg.read.values import QUANTITY
from il2kg.statements import Quantity, Unreadable, Value

_PARTS: Final = ("comparator", "unit", "system", "code")
_TEXT: Final = frozenset({str, type(None)})


def values_of(holder: Element, form: Shape) -> tuple[Value, ...]:
    """What stands where the value of an Observation, or of a component of one, belongs."""
    return tuple(_value(name.removeprefix("value"), holder[name]) for name in values(holder, form))


def _value(kind: str, stated: Any) -> Value:
    match kind:
        case "Quantity":
            return quantity_of(stated)
        case "Integer":
            return Quantity(_number(stated))
        case "CodeableConcept" if isinstance(stated, dict | list):
            return coded_text(stated)
        case "String" if isinstance(stated, str):
            return stated
        case "Boolean" if isinstance(stated, bool):
            return stated
        case _:
            return Unreadable(kind, _shown(stated))


def quantity_of(stated: object) -> Quantity | Unreadable:
    """A Quantity, if its parts are of the types that FHIR gives them; a number may be any text."""
    if not isinstance(stated, dict) or stated.get("modifierExtension"):  # which may make it another quantity
        return Unreadable(QUANTITY, _shown(stated))
    parts = list(map(stated.get, _PARTS))
    if not _TEXT.issuperset(map(type, parts)):
        return Unreadable(QUANTITY, _shown(stated))
    return Quantity(_number(stated.get("value")), *parts)


def _number(stated: object) -> int | Decimal | str | None:
    if stated is None or isinstance(stated, Decimal) or (isinstance(stated, int) and not isinstance(stated, bool)):
        return stated
    return str(stated)


def _shown(stated: object) -> str:
    return str(stated)[:SHOWN]
