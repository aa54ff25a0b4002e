"""The numbers that a condition may compare, as frozen objects.

Each has a ``key``: its public local name in a snapshot and in the compiled shapes.
``silence`` says whether, for an observable that is charted by exception, silence may stand for a value
(it may in a condition, never in a resume condition).
"""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

HOURS_PER_DAY: Final = 24


class Comparator(StrEnum):
    """How a quantity is compared with a limit."""

    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="


def _hours(value: Decimal) -> str:
    return f"{value.normalize():f}h"


def _measured(key: str, silence: bool) -> str:
    return key if silence else f"{key}-measured"


@dataclass(frozen=True, slots=True)
class Latest:
    """The latest value of an observable in its window, in the observable's unit."""

    observable: str
    silence: bool = True

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return _measured(self.observable, self.silence)


@dataclass(frozen=True, slots=True)
class Collected:
    """A volume collected over ``hours`` that end ``earlier`` hours before the instant: per hour, or in all."""

    observable: str
    hours: Decimal
    earlier: Decimal = Decimal(0)
    per_hour: bool = True
    silence: bool = True

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        kind = "rate" if self.per_hour else "volume"
        earlier = f"-{_hours(self.earlier)}-earlier" if self.earlier else ""
        return _measured(f"{kind}-{self.observable}-{_hours(self.hours)}{earlier}", self.silence)


@dataclass(frozen=True, slots=True)
class Gain:
    """The rise of the latest value over the cycle's baseline, in percent of the baseline."""

    observable: str

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"gain-{self.observable}"


@dataclass(frozen=True, slots=True)
class Drop:
    """The fall of the latest value below the cycle's baseline, in the observable's unit."""

    observable: str

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"drop-{self.observable}"


@dataclass(frozen=True, slots=True)
class Rise:
    """The latest value less the one before it, in the observable's unit."""

    observable: str

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"rise-{self.observable}"


@dataclass(frozen=True, slots=True)
class FallSinceHold:
    """The highest value since a criterion's hold began less the latest, in the observable's unit."""

    observable: str
    criterion: str

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"fall-{self.observable}-since-{self.criterion}"


@dataclass(frozen=True, slots=True)
class InfusionExtreme:
    """The highest or lowest infusion rate of the last ``hours``, in the observable's unit."""

    observable: str
    hours: Decimal
    highest: bool = True

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"{'highest' if self.highest else 'lowest'}-{self.observable}-{_hours(self.hours)}"


@dataclass(frozen=True, slots=True)
class InfusionIncrease:
    """The largest rise, over ``hours``, of the rate of some one drug, in the observable's unit."""

    observable: str
    hours: Decimal

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"increase-{self.observable}-{_hours(self.hours)}"


@dataclass(frozen=True, slots=True)
class InfusionDecrease:
    """The largest fall, over ``hours``, of the rate of some one drug, in the observable's unit."""

    observable: str
    hours: Decimal

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"decrease-{self.observable}-{_hours(self.hours)}"


@dataclass(frozen=True, slots=True)
class InARow:
    """The value, of the latest ``times`` results, that is hardest to satisfy: the ``lowest``, or else the highest."""

    observable: str
    times: int
    lowest: bool
    silence: bool = True

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return _measured(f"{'lowest' if self.lowest else 'highest'}-of-{self.times}-{self.observable}", self.silence)


@dataclass(frozen=True, slots=True)
class RegimenCount:
    """A number counted from the doses given: doses, hours or days, as the observable's unit says."""

    observable: str

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return self.observable


Quantity = (
    Latest
    | Collected
    | Gain
    | Drop
    | Rise
    | FallSinceHold
    | InfusionExtreme
    | InfusionIncrease
    | InfusionDecrease
    | InARow
    | RegimenCount
)
