"""Kleene's three truth values over columns of instants: the one place where they are combined."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from il2kg.derive.timeline import Truth


@dataclass(frozen=True, slots=True)
class Truths:
    """Where something is true, and where it is false; it is unknown elsewhere."""

    true: Truth
    false: Truth

    @classmethod
    def all_of(cls, parts: Iterable["Truths"]) -> "Truths":
        """True where all parts are, false where any is false."""
        listed = list(parts)
        return cls(
            np.logical_and.reduce([part.true for part in listed]), np.logical_or.reduce([part.false for part in listed])
        )

    @classmethod
    def any_of(cls, parts: Iterable["Truths"]) -> "Truths":
        """True where any part is, false where all are false."""
        return ~cls.all_of(~part for part in parts)

    def __invert__(self) -> "Truths":
        """True where this is false, and the other way round."""
        return Truths(self.false, self.true)

    def at(self, row: int) -> bool | None:
        """The value in one row; None is unknown."""
        return True if self.true[row] else False if self.false[row] else None

    def agreed(self, other: "Truths") -> "Truths":
        """What both say; unknown where they differ."""
        return Truths(self.true & other.true, self.false & other.false)

    def take(self, rows: "np.ndarray") -> "Truths":
        """Rows by index."""
        return Truths(self.true[rows], self.false[rows])
