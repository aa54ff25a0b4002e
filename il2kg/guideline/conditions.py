"""What conditions are: expressions that are true, false or unknown of a patient at an instant.

Here are their combinations, and what each single form (a leaf) has to say of itself. The forms are in `il2kg.forms`, a
module each.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, Self


class Concepts(Protocol):
    """What a form needs to know of a guideline to say which concepts it asks about."""

    def treatment_of(self, fact_or_count: str) -> str:
        """The treatment whose administrations a fact, or a counted observable, is about."""
        ...

    def treatments_between(self) -> tuple[str, ...]:
        """The treatments whose administrations count where something comes back after one."""
        ...


class Speaker(Protocol):
    """What a form needs to put itself into words."""

    def label(self, concept: str) -> str:
        """What people call a concept."""
        ...

    def unit(self, observable: str) -> str:
        """The unit (UCUM) of an observable."""
        ...

    def fact(self, key: str, *, denied: bool = False) -> str:
        """A fact of an event series as a phrase, or that it is not so."""
        ...

    def event_between(self) -> str:
        """What people call that after which something comes back, such as *a dose given*."""
        ...

    def baseline(self) -> str:
        """What people call the baseline that changes are counted from, such as *the cycle's baseline*."""
        ...

    def phrase(self, condition: "Condition", *, nested: bool = False) -> str:
        """A condition as a phrase; in brackets where it is ``nested`` and has several parts."""
        ...


class Condition(ABC):
    """True, false or unknown of a patient at an instant."""

    __slots__ = ()

    @property
    @abstractmethod
    def parts(self) -> tuple["Condition", ...]:
        """The conditions that this one combines; none of a leaf."""

    @abstractmethod
    def shown(self) -> "Condition":
        """The condition as far as the record shows it (semantics, section 4: `shown`)."""

    @abstractmethod
    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """The condition as a phrase."""

    def denied(self, speaker: Speaker) -> str:
        """That the condition is false, as a phrase."""
        return f"not {speaker.phrase(self, nested=True)}"


@dataclass(frozen=True, slots=True)
class AllOf(Condition):
    """True if all parts are, false if any is false."""

    parts: tuple[Condition, ...]

    def shown(self) -> Self:
        """All parts, as far as the record shows them."""
        return type(self)(tuple(part.shown() for part in self.parts))

    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """The parts with *and* between them; what another part takes for granted needs no words."""
        return _joined([part for part in self.parts if not _goes_without_saying(part)], " and ", speaker, nested)


@dataclass(frozen=True, slots=True)
class AnyOf(Condition):
    """True if any part is, false if all are false."""

    parts: tuple[Condition, ...]

    def shown(self) -> Self:
        """The parts, as far as the record shows them."""
        return type(self)(tuple(part.shown() for part in self.parts))

    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """The parts with *or* between them."""
        return _joined(list(self.parts), " or ", speaker, nested)


@dataclass(frozen=True, slots=True)
class Not(Condition):
    """True if the part is false, and the other way round."""

    part: Condition

    @property
    def parts(self) -> tuple[Condition, ...]:
        """The part that is denied."""
        return (self.part,)

    def shown(self) -> "Not":
        """The denial of the part, as far as the record shows that."""
        return Not(self.part.shown())

    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """That the part is false, in its own words."""
        return self.part.denied(speaker)


def _joined(parts: list[Condition], word: str, speaker: Speaker, nested: bool) -> str:
    text = word.join(speaker.phrase(part, nested=len(parts) > 1) for part in parts)
    return f"({text})" if nested and len(parts) > 1 else text


def _goes_without_saying(part: Condition) -> bool:
    return isinstance(part, Leaf) and part.goes_without_saying


class Asked(ABC):
    """What is asked of a record: a statement, or a quantity that is compared."""

    __slots__ = ()

    @property
    @abstractmethod
    def key(self) -> str:
        """Its public local name in snapshots and shapes."""

    @abstractmethod
    def asks_about(self, concepts: Concepts) -> tuple[str, ...]:
        """The observables, findings and treatments that it is about; the first is what to measure or chart for it."""

    @property
    def of_events(self) -> bool:
        """Whether it is about the events of a series, and about nothing that is asked for by name."""
        return False

    @property
    def looks_back(self) -> Decimal:
        """How many hours before the instant it looks, as far as it says so itself."""
        return Decimal(0)


class Leaf(Condition, Asked):
    """A condition that combines no others."""

    __slots__ = ()

    @property
    def parts(self) -> tuple[Condition, ...]:
        """None."""
        return ()

    @property
    @abstractmethod
    def source(self) -> Asked | None:
        """What evidence of it is evidence of; None where that of another leaf beside it says all."""

    @property
    def earlier(self) -> Condition | None:
        """The condition whose past it asks about, if there is one."""
        return None

    @property
    def goes_without_saying(self) -> bool:
        """Whether the conditions beside it take it for granted, so that it needs no words."""
        return False

    def shown(self) -> Condition:
        """Itself: silence has no say in most forms."""
        return self

    @abstractmethod
    def shape(self, *, known: bool) -> str:
        """The SHACL shape, as Turtle, that holds where it is true (``known``), or where it is not false."""


def leaves(*conditions: Condition | None) -> Iterator[Leaf]:
    """The leaves of some conditions, in order, each as often as it stands there."""
    for condition in conditions:
        if isinstance(condition, Leaf):
            yield condition
        elif condition is not None:
            yield from leaves(*condition.parts)


def inner_leaves(*conditions: Condition | None) -> Iterator[Leaf]:
    """The leaves of some conditions, and after each that looks back at a condition the leaves of that one."""
    for leaf in leaves(*conditions):
        yield leaf
        yield from inner_leaves(leaf.earlier)
