"""JSON text as values: exact numbers, and no object with one key twice (semantics, section 7)."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import jiter
import msgspec

from il2kg.errors import RecordError
from il2kg.read.limits import DEEPEST, QUOTED

_TOO_DEEP: Final = "is nested too deeply to be FHIR"
_TWICE: Final = re.compile(r"Detected duplicate key (?P<key>.+) at (?P<where>line \d+ column \d+)", re.DOTALL)
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number", order="sorted")


def decode(text: bytes) -> object:
    """The value of a JSON text; numbers are int, or Decimal as they were written.

    Raises:
        RecordError: it is not JSON, nested too deeply, or one of its objects has a key twice.
    """
    try:
        return jiter.from_json(text, allow_inf_nan=False, catch_duplicate_keys=True, float_mode="decimal")
    except (ValueError, ArithmeticError) as error:
        raise RecordError(_why(str(error))) from error


def from_python(value: object, depth: int = 0) -> object:
    """A value of Python as it would come from JSON; a float is the decimal that it is written as.

    Raises:
        RecordError: it holds what JSON does not have.
    """
    if depth > DEEPEST:
        raise too_deep()
    if value is None or isinstance(value, bool | str | int):
        return value
    if isinstance(value, float | Decimal):
        number = value if isinstance(value, Decimal) else Decimal(float.__repr__(value))
        if not number.is_finite():
            raise RecordError(f"holds {value}, which is no number of JSON")
        return number
    if isinstance(value, Mapping):
        if strange := [key for key in value if not isinstance(key, str)]:
            raise RecordError(f"has the key {strange[0]!r}, which is no string")
        return {key: from_python(inner, depth + 1) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [from_python(inner, depth + 1) for inner in value]
    raise RecordError(f"holds a {type(value).__name__}, which is no value of JSON")


def too_deep() -> RecordError:
    """The error of a text whose nesting nobody needs to follow to its end."""
    return RecordError(_TOO_DEEP)


def canonical(content: object) -> bytes:
    """The text that two values share only if they are the same, to the digits of their numbers."""
    return _ENCODER.encode(content)


def byte_order_mark(head: bytes) -> int:
    """How many bytes of byte order mark a text begins with.

    Raises:
        RecordError: it is UTF-16 or UTF-32, in which JSON may not be exchanged.
    """
    if head[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in head[:4]:
        raise RecordError("is not JSON in UTF-8, but seems to be in UTF-16 or UTF-32; save it as UTF-8")
    return 3 if head.startswith(b"\xef\xbb\xbf") else 0


def _why(error: str) -> str:
    if "recursion limit" in error:
        return _TOO_DEEP
    if twice := _TWICE.match(error):
        return f"has the key {twice['key'][:QUOTED]} twice in one object ({twice['where']})"
    if "number out of range" in error or "InvalidOperation" in error:
        return f"holds a number too large to be meant: {error}"
    return f"is not JSON: {error}"
