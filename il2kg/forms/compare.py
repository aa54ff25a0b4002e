"""Quantities, and their comparison with a limit (``il2:above``, ``il2:atLeast``, ``il2:below``, ``il2:atMost``)."""

from abc import abstractmethod
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from il2kg.derive.bounds import Bounds
from il2kg.derive.grounds import Amount
from il2kg.derive.instants import Instants
from il2kg.derive.kleene import Truths
from il2kg.derive.timeline import Numbers
from il2kg.forms.next_event import SeriesFact
from il2kg.forms.reader import LIMITS, ConditionReader
from il2kg.guideline.conditions import AllOf, Asked, Concepts, Condition, Leaf, Speaker
from il2kg.guideline.lengths import plain_amount
from il2kg.guideline.ontology_graph import Node


class Comparator(StrEnum):
    """How a quantity is compared with a limit."""

    ABOVE = ">"
    AT_LEAST = ">="
    BELOW = "<"
    AT_MOST = "<="

    @property
    def upward(self) -> bool:
        """Whether the higher value is nearer to satisfying it."""
        return self in (Comparator.ABOVE, Comparator.AT_LEAST)


_WRITTEN: Final = dict(zip(LIMITS, Comparator, strict=True))
_WORDS: Final = dict(zip(Comparator, ("above", "at least", "below", "at most"), strict=True))
_CONSTRAINTS: Final = dict(
    zip(Comparator, ("sh:minExclusive", "sh:minInclusive", "sh:maxExclusive", "sh:maxInclusive"), strict=True)
)


class Quantity(Asked):
    """A number that is derived of an observable, and may be compared."""

    __slots__ = ()

    observable: str

    @abstractmethod
    def derive(self, at: Instants) -> Amount:
        """What is known of it at some instants, in its unit, and what that rests on."""

    def asks_about(self, concepts: Concepts) -> tuple[str, ...]:
        """The observable."""
        return (self.observable,)

    def words(self, speaker: Speaker) -> str:
        """What people call it."""
        return speaker.label(self.observable)

    def unit(self, speaker: Speaker) -> str:
        """Its unit (UCUM)."""
        return speaker.unit(self.observable)

    def evidence_words(self, speaker: Speaker) -> str:
        """What people call it where the time that it is of stands beside it."""
        return self.words(speaker)

    def compared(self, speaker: Speaker, comparator: Comparator, limit: Decimal) -> str:
        """Its comparison with a limit, as a phrase."""
        return f"{self.words(speaker)} {_WORDS[comparator]} {plain_amount(limit, self.unit(speaker))}"

    def not_compared(self, speaker: Speaker, limit: Decimal) -> str | None:
        """That its comparison with a limit fails, as a phrase, where there is a better one than *not*."""
        return None

    def shown(self, comparison: "Compare") -> Condition:
        """The comparison as far as the record shows it."""
        return comparison

    @property
    def counted_from_hold(self) -> bool:
        """Whether it depends on when a hold began."""
        return False

    @property
    def limits_under(self) -> str:
        """Among which limits those of this quantity are listed: its own, or those of the observable's latest value."""
        return self.key


@dataclass(frozen=True, slots=True)
class Compare(Leaf):
    """A quantity compared with a limit in the quantity's unit.

    ``every`` asks it of every value that counts (resume conditions) instead of some value (conditions).
    """

    quantity: Quantity
    comparator: Comparator
    limit: Decimal
    every: bool = False

    @property
    def key(self) -> str:
        """The name of the quantity in snapshots and shapes."""
        return self.quantity.key

    @property
    def source(self) -> Asked:
        """The quantity."""
        return self.quantity

    @property
    def of_events(self) -> bool:
        """Whether the quantity is."""
        return self.quantity.of_events

    @property
    def looks_back(self) -> Decimal:
        """As far as the quantity does."""
        return self.quantity.looks_back

    def asks_about(self, concepts: Concepts) -> tuple[str, ...]:
        """What the quantity is about."""
        return self.quantity.asks_about(concepts)

    def shown(self) -> Condition:
        """A comparison without any measurement is false."""
        return self.quantity.shown(self)

    def words(self, speaker: Speaker, *, nested: bool = False) -> str:
        """The comparison as a phrase."""
        return self.quantity.compared(speaker, self.comparator, self.limit)

    def denied(self, speaker: Speaker) -> str:
        """That it fails."""
        return self.quantity.not_compared(speaker, self.limit) or f"not {self.words(speaker)}"

    def holds(self, bounds: Bounds) -> Truths:
        """Where the comparison holds, and where it fails.

        In a condition some value must satisfy it, so the value nearest to satisfying decides; in a resume condition
        every value must, so the value farthest from it decides.
        """
        limit = float(self.limit)
        at_least, at_most = self._decisive(bounds)
        match self.comparator:
            case Comparator.ABOVE:
                return Truths(at_least > limit, at_most <= limit)
            case Comparator.AT_LEAST:
                return Truths(at_least >= limit, at_most < limit)
            case Comparator.BELOW:
                return Truths(at_most < limit, at_least >= limit)
            case Comparator.AT_MOST:
                return Truths(at_most <= limit, at_least > limit)

    def _decisive(self, bounds: Bounds) -> tuple[Numbers, Numbers]:
        if self.comparator.upward != self.every:
            return bounds.highest_at_least, bounds.highest_at_most
        return bounds.lowest_at_least, bounds.lowest_at_most

    def shape(self, *, known: bool) -> str:
        """A constraint on the one bound that decides; absence counts as possible, and not as known."""
        extreme = "highest" if self.comparator.upward != self.every else "lowest"
        # What is known of the value must already satisfy; what is possible only has to reach there.
        side = "AtLeast" if self.comparator.upward == known else "AtMost"
        path = f"( derived:{self.key} il2:{extreme}{side} )"
        required = "sh:minCount 1 ; " if known else ""
        return f"[ sh:property [ sh:path {path} ; {required}{_CONSTRAINTS[self.comparator]} {_decimal(self.limit)} ] ]"


def compared(reader: ConditionReader, node: Node, quantity: Quantity, unit: str, *needed: str) -> Condition:
    """A quantity compared with the limits at a node; a range is two comparisons.

    Args:
        reader: reads the criterion.
        node: the condition.
        quantity: what is compared.
        unit: its unit, in which the limit must be.
        needed: the facts of a series without which the quantity means nothing; without them the comparison is false.

    Raises:
        GuidelineError: there is no limit, or it is in another unit.
    """
    limits = [
        (comparator, reader.graph.number(node, name))
        for name, comparator in _WRITTEN.items()
        if reader.graph.objects(node, name)
    ]
    if not limits:
        raise reader.error(f"a comparison needs a limit ({', '.join(_WRITTEN)})")
    written = reader.graph.text(node, "unit")
    if written != unit:
        raise reader.error(f"the limit is in {written!r}, the observable in {unit!r}; write the limit in that unit")
    facts = (SeriesFact(name, needed=True) for name in needed)
    parts: tuple[Condition, ...] = (
        *facts,
        *(Compare(quantity, comparator, limit, reader.resume) for comparator, limit in limits),
    )
    return parts[0] if len(parts) == 1 else AllOf(parts)


def _decimal(limit: Decimal) -> str:
    """A limit as xsd:decimal, which Turtle writes with a point."""
    text = f"{limit:f}"
    return text if "." in text else f"{text}.0"
