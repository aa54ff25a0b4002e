"""Conditions as frozen objects: expressions that are true, false or unknown of a patient at an instant."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from il2kg.guideline.quantities import Comparator, Quantity


def _span(hours: Decimal) -> str:
    return f"{hours.normalize():f}h"


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

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"present-{self.finding}"


@dataclass(frozen=True, slots=True)
class Ever:
    """The finding, or one below it, has started at some time."""

    finding: str

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"ever-{self.finding}"


@dataclass(frozen=True, slots=True)
class Lasting:
    """The finding is present and has been for ``hours`` or longer."""

    finding: str
    hours: Decimal

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"lasting-{self.finding}-{_span(self.hours)}"


@dataclass(frozen=True, slots=True)
class EverLasting:
    """The finding has at some time lasted longer than ``hours``."""

    finding: str
    hours: Decimal

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"ever-lasting-{self.finding}-{_span(self.hours)}"


@dataclass(frozen=True, slots=True)
class OpenWithin:
    """The finding was present at some moment of the last ``hours``."""

    finding: str
    hours: Decimal

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return f"open-within-{self.finding}-{_span(self.hours)}"


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
    """Something that the doses given so far show of the dose now considered; names in `il2kg.derive.doses`."""

    name: str

    @property
    def key(self) -> str:
        """Its name in snapshots and shapes."""
        return self.name


Statement = Present | Ever | Lasting | EverLasting | OpenWithin | TreatedWith | OnTreatment | RegimenFact
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


def findings_of(condition: Condition) -> frozenset[str]:
    """The findings that a condition asks about."""
    return frozenset(leaf.finding for leaf in leaves(condition) if hasattr(leaf, "finding"))
