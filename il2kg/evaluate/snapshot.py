"""The derived values of one assessment as RDF: with ``shapes/criteria/`` the input of any SHACL engine.

A snapshot is a public interface. For every statement that a condition asks about it says that the assessment shows or
excludes it, or nothing; for every quantity, the bounds that are known. All numbers are xsd:decimal.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np
import pyoxigraph as ox

from il2kg.derive.assessment import DerivedValues
from il2kg.derive.bounds import Bounds
from il2kg.guideline.conditions import Compare, Statement, as_shown, leaves
from il2kg.guideline.model import Guideline
from il2kg.guideline.quantities import Quantity
from il2kg.read.times import zulu
from il2kg.vocabulary import IL2

_PREFIXES = """@prefix derived: <{derived}> .
@prefix il2: <{vocabulary}> .
{own}@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_BOUNDS = ("lowestAtLeast", "lowestAtMost", "highestAtLeast", "highestAtMost")


@lru_cache(maxsize=8)
def asked_for(guideline: Guideline) -> tuple[tuple[Statement, ...], tuple[Quantity, ...]]:
    """The statements and quantities that the criteria of a guideline ask about, each once, by key."""
    statements: dict[str, Statement] = {}
    quantities: dict[str, Quantity] = {}
    silent = {rule_set.id for rule_set in guideline.rule_sets if rule_set.silence_bears_on_first_dose}
    for criterion in guideline.criteria:
        shown = as_shown(criterion.condition) if criterion.rule_set in silent else None
        for condition in (criterion.condition, criterion.resume, shown):
            for leaf in leaves(condition) if condition is not None else ():
                if isinstance(leaf, Compare):
                    quantities[leaf.quantity.key] = leaf.quantity
                else:
                    statements[leaf.key] = leaf
    return (
        tuple(statements[key] for key in sorted(statements)),
        tuple(quantities[key] for key in sorted(quantities)),
    )


@dataclass(frozen=True, slots=True)
class Subject:
    """What a snapshot is of: the assessment's IRI, the patient, the instant (microseconds), the charting policy."""

    name: str
    patient: str | None
    at: int
    charting: str


class Snapshots:
    """Writes the snapshots of the assessed instants, one row each, of a batch of records."""

    def __init__(self, guideline: Guideline, derived: DerivedValues, in_force_before: dict[str, np.ndarray]) -> None:
        """Derive, for all rows at once, what the criteria ask about.

        Args:
            in_force_before: by criterion (or rule set), where it was in force before the assessed instant.
        """
        statements, quantities = asked_for(guideline)
        self._statements = [(s.key, *derived.statement(s)) for s in statements]
        self._quantities = [
            (q.key, guideline.observables[q.observable].unit, _columns(derived.quantity(q))) for q in quantities
        ]
        self._before = in_force_before
        self._short = guideline.short
        names = guideline.names
        self.prefixes = _PREFIXES.format(derived=names.derived, vocabulary=IL2, own=names.declaration)

    def turtle(self, row: int, subject: Subject) -> str:
        """The snapshot of one row as a Turtle document."""
        return self.prefixes + "\n" + self.triples(row, subject)

    def triples(self, row: int, subject: Subject) -> str:
        """The snapshot of one row as Turtle without its prefixes."""
        name = subject.name
        shown = [f"derived:{key}" for key, true, _ in self._statements if true[row]]
        excluded = [f"derived:{key}" for key, _, false in self._statements if false[row]]
        before = [self._short(name) for name, rows in self._before.items() if rows[row]]
        known = [
            (key, unit, found)
            for key, unit, columns in self._quantities
            if (found := [(b, float(c[row])) for b, c in zip(_BOUNDS, columns, strict=True) if math.isfinite(c[row])])
        ]
        lines = [f"<{name}> a il2:Assessment", f'    il2:at "{zulu(subject.at)}"^^xsd:dateTime']
        lines.append(f'    il2:charting "{subject.charting}"')
        if subject.patient is not None:
            lines.append(f"    il2:patient {ox.Literal(subject.patient)}")
        lines += _list("il2:shows", shown) + _list("il2:excludes", excluded) + _list("il2:inForceBefore", before)
        lines += [f"    derived:{key} <{name}/{key}>" for key, _, _ in known]
        nodes = [
            f'<{name}/{key}> a il2:DerivedQuantity ;\n    il2:unit "{unit}" ;\n    '
            + " ; ".join(f"il2:{bound} {_decimal(value)}" for bound, value in found)
            + " .\n"
            for key, unit, found in known
        ]
        return " ;\n".join(lines) + " .\n\n" + "\n".join(nodes)


def _columns(bounds: Bounds) -> tuple[np.ndarray, ...]:
    return bounds.lowest_at_least, bounds.lowest_at_most, bounds.highest_at_least, bounds.highest_at_most


def _list(predicate: str, objects: Iterable[str]) -> list[str]:
    found = list(objects)
    if not found:
        return []
    return [f"    {predicate} " + " ,\n        ".join(found)]


def _decimal(value: float) -> str:
    """A double as the shortest decimal that stands for it, with the point that makes it an xsd:decimal in Turtle."""
    text = f"{Decimal(repr(value)):f}"
    return text if "." in text else f"{text}.0"
