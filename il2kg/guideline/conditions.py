"""Conditions as frozen objects: expressions that are true, false or unknown of a patient at an instant.

A statement about a finding that is ``shown`` goes by what the record shows: silence means that the finding is absent,
whatever the charting policy (semantics, section 4).
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from il2kg.guideline.quantities import Comparator, Latest, Quantity


def _span(hours: Decimal) -> str:
    return f"{hours.normalize():f}h"


def _shown(key: str, shown: bool) -> str:
    return f"shown-{key}" if shown else key


@dataclass(frozen=True, slots=True)
class AllOf:
    """True if all parts are, false if any is false."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True if any part is, false if all are false."""

    parts: tuple["Condition", ...]


@dataclass(frozen=True, slots=True)
class Not:
    """True if the part is false, and the other way round."""

    part: "Condition"


@dataclass(frozen=True, slots=True)
class Compare:
    """A quantity compared with a limit in the quantity's unit.

    ``every`` asks it of every value that counts (resume conditions) instead of some value (conditions).
    """

    quantity: Quantity
    comparator: Comparator
    limit: Decimal
    every: bool = False


@dataclass(frozen=True, slots=True)
class Present:
    """The finding, or one below it, has started and not ended."""

    finding: str
    shown: bool = False

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return _shown(f"present-{self.finding}", self.shown)


@dataclass(frozen=True, slots=True)
class Ever:
    """The finding, or one below it, has started at some time."""

    finding: str
    shown: bool = False

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return _shown(f"ever-{self.finding}", self.shown)


@dataclass(frozen=True, slots=True)
class Lasting:
    """The finding is present and has been for ``hours`` or longer."""

    finding: str
    hours: Decimal
    shown: bool = False

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return _shown(f"lasting-{self.finding}-{_span(self.hours)}", self.shown)


@dataclass(frozen=True, slots=True)
class EverLasting:
    """The finding has at some time lasted longer than ``hours``."""

    finding: str
    hours: Decimal
    shown: bool = False

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return _shown(f"ever-lasting-{self.finding}-{_span(self.hours)}", self.shown)


@dataclass(frozen=True, slots=True)
class OpenWithin:
    """The finding was present at some moment of the last ``hours``."""

    finding: str
    hours: Decimal
    shown: bool = False

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return _shown(f"open-within-{self.finding}-{_span(self.hours)}", self.shown)


@dataclass(frozen=True, slots=True)
class TreatedWith:
    """The treatment, or one below it, ran at some moment of the last ``hours``."""

    treatment: str
    hours: Decimal

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"treated-{self.treatment}-{_span(self.hours)}"


@dataclass(frozen=True, slots=True)
class OnTreatment:
    """The treatment, or one below it, has been going on for ``hours`` or longer."""

    treatment: str
    hours: Decimal

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"on-{self.treatment}-{_span(self.hours)}"


@dataclass(frozen=True, slots=True)
class RegimenFact:
    """Something that the doses given so far show of the dose now considered; keys in `Guideline.facts`."""

    name: str

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return self.name


@dataclass(frozen=True, slots=True)
class Measured:
    """There is a measurement of the observable in its window, be it one that was set aside."""

    observable: str

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"measured-{self.observable}"


@dataclass(frozen=True, slots=True)
class Again:
    """The condition is true, as it had been earlier in the cycle, and was false at a dose in between.

    ``criterion`` is the criterion that asks, which names the statement in snapshots and shapes.
    """

    condition: "Condition"
    criterion: str

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"again-{self.criterion}"


FindingStatement = Present | Ever | Lasting | EverLasting | OpenWithin
Statement = FindingStatement | TreatedWith | OnTreatment | RegimenFact | Measured | Again
Condition = AllOf | AnyOf | Not | Compare | Statement


def leaves(condition: Condition) -> Iterator[Compare | Statement]:
    """The comparisons and statements of a condition, in order, each as often as it stands there."""
    match condition:
        case AllOf(parts) | AnyOf(parts):
            for part in parts:
                yield from leaves(part)
        case Not(part):
            yield from leaves(part)
        case _:
            yield condition


def inner_leaves(condition: Condition) -> Iterator[Compare | Statement]:
    """The leaves of a condition, and after each that looks back at a condition the leaves of that one."""
    for leaf in leaves(condition):
        yield leaf
        if isinstance(leaf, Again):
            yield from inner_leaves(leaf.condition)


def as_shown(condition: Condition) -> Condition:
    """The condition as far as the record shows it: silence is absence, a comparison without a measurement false."""
    match condition:
        case AllOf(parts):
            return AllOf(tuple(as_shown(part) for part in parts))
        case AnyOf(parts):
            return AnyOf(tuple(as_shown(part) for part in parts))
        case Not(part):
            return Not(as_shown(part))
        case Compare(Latest(observable)):
            return AllOf((Measured(observable), condition))
        case Present() | Ever() | Lasting() | EverLasting() | OpenWithin():
            return replace(condition, shown=True)
        case _:
            return condition


def findings_of(condition: Condition) -> frozenset[str]:
    """The findings that a condition asks about."""
    return frozenset(leaf.finding for leaf in inner_leaves(condition) if isinstance(leaf, FindingStatement))
