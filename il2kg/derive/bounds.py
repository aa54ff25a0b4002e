"""What is known of a quantity: bounds on the lowest and on the highest of the values that count."""

from dataclasses import dataclass

import numpy as np

from il2kg.derive.timeline import Numbers, Truth

_TIE = 1e-6
_LEAST = 1e-12


@dataclass(frozen=True)
class Bounds:
    """Four columns. With one exact value all are equal; where nothing is known they are infinite.

    Several values at one instant give a lowest and a highest; a comparator, or a value that was set aside, keeps what
    is at least known of them apart from what is at most possible.
    """

    lowest_at_least: Numbers
    lowest_at_most: Numbers
    highest_at_least: Numbers
    highest_at_most: Numbers

    @classmethod
    def unknown(cls, size: int) -> "Bounds":
        """Nothing known."""
        low, high = np.full(size, -np.inf), np.full(size, np.inf)
        return cls(low, high, low, high)

    @classmethod
    def between(cls, low: Numbers, high: Numbers) -> "Bounds":
        """One value that lies between two numbers."""
        return cls(low, high, low, high)

    @classmethod
    def exactly(cls, values: Numbers) -> "Bounds":
        """One value."""
        return cls(values, values, values, values)

    def where(self, known: Truth) -> "Bounds":
        """The same where ``known``, nothing elsewhere."""
        low, high = np.full(len(known), -np.inf), np.full(len(known), np.inf)
        return Bounds(
            np.where(known, self.lowest_at_least, low),
            np.where(known, self.lowest_at_most, high),
            np.where(known, self.highest_at_least, low),
            np.where(known, self.highest_at_most, high),
        )

    def replace(self, mask: Truth, value: float) -> "Bounds":
        """The same, but exactly ``value`` where ``mask``."""
        return Bounds(
            np.where(mask, value, self.lowest_at_least),
            np.where(mask, value, self.lowest_at_most),
            np.where(mask, value, self.highest_at_least),
            np.where(mask, value, self.highest_at_most),
        )

    def at_least(self, mask: Truth, value: float) -> "Bounds":
        """The same, but ``value`` or more where ``mask``."""
        low, high = np.where(mask, value, self.lowest_at_least), np.where(mask, np.inf, self.lowest_at_most)
        highest_low, highest_high = (
            np.where(mask, value, self.highest_at_least),
            np.where(mask, np.inf, self.highest_at_most),
        )
        return Bounds(low, high, highest_low, highest_high)

    def beside_any(self, mask: Truth) -> "Bounds":
        """The same, with one more value of any size where ``mask``."""
        return Bounds(
            np.where(mask, -np.inf, self.lowest_at_least),
            self.lowest_at_most,
            self.highest_at_least,
            np.where(mask, np.inf, self.highest_at_most),
        )

    def take(self, index: np.ndarray) -> "Bounds":
        """Rows by index."""
        return Bounds(
            self.lowest_at_least[index],
            self.lowest_at_most[index],
            self.highest_at_least[index],
            self.highest_at_most[index],
        )

    def minus(self, other: "Bounds") -> "Bounds":
        """What one of these values can exceed one of the others by."""
        return Bounds(
            self.lowest_at_least - other.highest_at_most,
            self.lowest_at_most - other.highest_at_least,
            self.highest_at_least - other.lowest_at_most,
            self.highest_at_most - other.lowest_at_least,
        )

    def rounded(self, digits: int) -> "Bounds":
        """Computed values at the precision at which they are compared."""
        return Bounds(
            round_significant(self.lowest_at_least, digits),
            round_significant(self.lowest_at_most, digits),
            round_significant(self.highest_at_least, digits),
            round_significant(self.highest_at_most, digits),
        )


def round_significant(values: Numbers, digits: int) -> Numbers:
    """Rounded to significant digits, half to even (semantics, section 2a).

    A difference too small to be one keeps its sign and becomes `_LEAST`, which every SHACL engine can tell from 0.
    A double within a millionth of a unit of the last digit of a tie is one: what sets it apart is the noise of binary
    arithmetic on decimal input.
    """
    result = values.copy()
    finite = np.isfinite(values) & (values != 0)
    if finite.any():
        numbers = values[finite]
        exponent = digits - 1 - np.floor(np.log10(np.abs(numbers)))
        # Powers of ten above 1 are exact doubles; dividing by one rounds once.
        up, down = 10.0 ** np.maximum(exponent, 0), 10.0 ** np.maximum(-exponent, 0)
        scaled = numbers * up / down
        tie = np.abs(np.abs(scaled - np.trunc(scaled)) - 0.5) < _TIE
        half = np.trunc(scaled) + np.copysign(0.5, scaled)
        result[finite] = np.rint(np.where(tie, half, scaled)) * down / up
    return np.where((result != 0) & (np.abs(result) < _LEAST), np.copysign(_LEAST, result), result)
