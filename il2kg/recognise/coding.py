"""A coding as it stands in a record."""

from typing import NamedTuple


class Coding(NamedTuple):
    """A code and the system that it is of, both as they are written, and what it is displayed as."""

    system: str | None
    code: str | None
    display: str | None = None
