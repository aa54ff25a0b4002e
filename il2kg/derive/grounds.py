"""What derived values rest on: the items of the record that they came from, or that leave them open."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from il2kg.derive.bounds import Bounds
from il2kg.derive.kleene import Truths
from il2kg.record import Measurement


class Entry(Protocol):
    """Part of a record that comes from one of its items."""

    @property
    def item(self) -> str:
        """The name of the item."""
        ...


@dataclass(frozen=True, slots=True)
class Ground:
    """What a value rests on at one instant. Times are in microseconds since the epoch.

    ``items`` are the entries that decide, in the order of their times; ``doubts`` those that leave it open, wholly or
    in part. ``results`` are the measurements, where each is a value of its own (``each_its_own``). ``window`` is the
    time that was looked at. ``says`` is how a truth reads (*present since*), ``note`` what is to be said of a value
    that is known, ``missing`` why there is none if no doubt says so; ``void``: that there is a number means nothing.
    """

    items: tuple[Entry, ...] = ()
    doubts: tuple[Entry, ...] = ()
    results: tuple[Measurement, ...] = ()
    time: int | None = None
    window: tuple[int, int] | None = None
    says: str = ""
    note: str | None = None
    missing: str = ""
    each_its_own: bool = False
    void: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all items, the last first, each once."""
        return names([*self.results, *self.items, *self.doubts])


NOTHING: Final = Ground()


@dataclass(frozen=True, slots=True)
class Stated:
    """A statement at each instant, and what it rests on in a row."""

    truths: Truths
    ground: Callable[[int], Ground]


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity at each instant, in its unit, and what it rests on in a row."""

    bounds: Bounds
    ground: Callable[[int], Ground]


def names(entries: Iterable[Entry]) -> tuple[str, ...]:
    """The names of the items of entries, the last first, each once."""
    return tuple(dict.fromkeys(entry.item for entry in reversed(list(entries))))
