"""A coding as it stands in a record."""

import msgspec


class Coding(msgspec.Struct, frozen=True, gc=False):
    """A code and the system that it is of, both as they are written, and what it is displayed as."""

    system: str | None
    code: str | None
    display: str | None = None
