"""An Observation, or a component of one, ready to be read."""

import msgspec

from il2kg.read.spans import Span
from il2kg.statements import Item, Result


class Part(msgspec.Struct, frozen=True, gc=False):
    """An Observation, or a component of one: what it says, when that was, and when it was issued at the latest."""

    item: Item
    result: Result
    span: Span
    issued: int | None
