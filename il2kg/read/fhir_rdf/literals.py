"""The values of literals as JSON has them: numbers to the digit, dates and all else as they are written."""

import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

from il2kg.rdf.graphs import Literal
from il2kg.vocabulary import XSD

_NUMBER: Final = re.compile(r"[+-]?(?:\d+(?P<point>\.\d*)?|(?P<only>\.\d+))(?P<power>[eE][+-]?\d+)?", re.ASCII)


def number(text: str) -> object:
    """An int, a Decimal to the digits that are written, or the text where that is no number (NaN, INF, words)."""
    matched = _NUMBER.fullmatch(text)
    if matched is None:
        return text
    try:
        return int(text) if matched.lastgroup is None else Decimal(text)
    except (ValueError, ArithmeticError):  # more digits, or a higher power, than Python reads
        return text


def _truth(text: str) -> object:
    return {"true": True, "1": True, "false": False, "0": False}.get(text, text)


_NUMERIC: Final = (
    *("decimal", "integer", "double", "float", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
    *("negativeInteger", "long", "int", "short", "byte", "unsignedLong", "unsignedInt", "unsignedShort"),
    "unsignedByte",
)
CONVERSIONS: Final[dict[str, Callable[[str], Any]]] = {
    **{f"{XSD}{name}": number for name in _NUMERIC},
    f"{XSD}boolean": _truth,
}
"""By datatype, what makes a value of its text; literals of other datatypes are text."""

_KINDS: Final = {
    **dict.fromkeys(
        (f"{XSD}{name}" for name in ("date", "dateTime", "dateTimeStamp", "gYear", "gYearMonth")), "DateTime"
    ),
    **dict.fromkeys((f"{XSD}{name}" for name in _NUMERIC), "Integer"),
    **dict.fromkeys((f"{XSD}{name}" for name in ("decimal", "double", "float")), "Decimal"),
    f"{XSD}boolean": "Boolean",
    f"{XSD}time": "Time",
    f"{XSD}anyURI": "Uri",
    f"{XSD}base64Binary": "Base64Binary",
}


def value_of(literal: Literal) -> Any:
    """The value of a literal; one that is not of its datatype is its text."""
    convert = CONVERSIONS.get(literal.datatype)
    return literal.text if convert is None else convert(literal.text)


def kind_of(literal: Literal) -> str:
    """The type of FHIR whose values are written with the datatype of a literal."""
    return _KINDS.get(literal.datatype, "String")
