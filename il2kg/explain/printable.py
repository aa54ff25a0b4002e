"""Texts of a record as they may be printed: nothing in them moves a cursor, breaks a line or turns a direction."""

import re
from typing import Final

_STEERING: Final = re.compile(
    "[\0-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff]"
)
_LONGEST: Final = 120


def printable(text: str) -> str:
    """A text on one line, with what would steer the terminal, or cannot be seen, as escapes."""
    return _STEERING.sub(lambda matched: matched[0].encode("unicode_escape", "surrogatepass").decode("ascii"), text)


def shortened(text: str) -> str:
    """A text that leaves room for others."""
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}..."
