"""The derived values of one assessment as RDF: with ``shapes/criteria/`` the input of any SHACL engine.

A snapshot is a public interface. For every statement that a condition asks about it says that the assessment shows or
excludes it, or nothing; for every quantity, the bounds that are known. All numbers are xsd:decimal.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import pyoxigraph as ox

from il2kg.derive.bounds import Bounds
from il2kg.derive.kleene import Truths
from il2kg.derive.timeline import Numbers, Truth
from il2kg.forms.compare import Compare, Quantity
from il2kg.forms.statement import Statement
from il2kg.guideline.conditions import leaves
from il2kg.guideline.model import Guideline
from il2kg.read.times import zulu
from il2kg.rules.values import Values
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
    silent = {rule_set.id for rule_set in guideline.rule_sets if rule_set.silence_bears_on is not None}
    for criterion in guideline.criteria:
        shown = criterion.condition.shown() if criterion.rule_set in silent else None
        for leaf in leaves(criterion.condition, criterion.resume, shown):
            if isinstance(leaf, Compare):
                quantities[leaf.key] = leaf.quantity
            elif isinstance(leaf, Statement):
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


@dataclass(frozen=True)
class Snapshots:
    """The snapshots of the assessed instants of some records, one row each.

    ``statements``: by key, where each is true and where it is false; ``quantities``: by key, the unit and the bounds of
    each; ``in_force_before``: by criterion (or rule set), where it was in force before the assessed instant;
    ``prefixes``: what a document of such triples begins with.
    """

    statements: Mapping[str, Truths]
    quantities: Mapping[str, tuple[str, tuple[Numbers, ...]]]
    in_force_before: Mapping[str, Truth]
    prefixes: str

    @classmethod
    def of(cls, guideline: Guideline, values: Values, in_force_before: Mapping[str, Truth]) -> "Snapshots":
        """Derive, for all rows at once, what the criteria ask about."""
        statements, quantities = asked_for(guideline)
        names = guideline.names
        return cls(
            {s.key: values.stated(s).truths for s in statements},
            {q.key: (guideline.observables[q.observable].unit, _columns(values.amount(q).bounds)) for q in quantities},
            {guideline.short(name): rows for name, rows in in_force_before.items()},
            _PREFIXES.format(derived=names.derived, vocabulary=IL2, own=names.declaration),
        )

    def turtle(self, row: int, subject: Subject) -> str:
        """The snapshot of one row as a Turtle document."""
        return self.prefixes + "\n" + self.triples(row, subject)

    def triples(self, row: int, subject: Subject) -> str:
        """The snapshot of one row as Turtle without its prefixes."""
        name = subject.name
        shown = [f"derived:{key}" for key, truths in self.statements.items() if truths.true[row]]
        excluded = [f"derived:{key}" for key, truths in self.statements.items() if truths.false[row]]
        before = [name for name, rows in self.in_force_before.items() if rows[row]]
        known = [
            (key, unit, bounds)
            for key, (unit, columns) in self.quantities.items()
            if (bounds := [(b, float(c[row])) for b, c in zip(_BOUNDS, columns, strict=True) if math.isfinite(c[row])])
        ]
        lines = [f"<{name}> a il2:Assessment", f'    il2:at "{zulu(subject.at)}"^^xsd:dateTime']
        lines.append(f'    il2:charting "{subject.charting}"')
        if subject.patient is not None:
            lines.append(f"    il2:patient {ox.Literal(subject.patient)}")
        lines += _list("il2:shows", shown) + _list("il2:excludes", excluded) + _list("il2:inForceBefore", before)
        lines += [f"    derived:{key} <{name}/{key}>" for key, _, _ in known]
        nodes = [
            f'<{name}/{key}> a il2:DerivedQuantity ;\n    il2:unit "{unit}" ;\n    '
            + " ; ".join(f"il2:{bound} {_decimal(value)}" for bound, value in bounds)
            + " .\n"
            for key, unit, bounds in known
        ]
        return " ;\n".join(lines) + " .\n\n" + "\n".join(nodes)


def _columns(bounds: Bounds) -> tuple[Numbers, ...]:
    return bounds.lowest_at_least, bounds.lowest_at_most, bounds.highest_at_least, bounds.highest_at_most


def _list(predicate: str, objects: Iterable[str]) -> list[str]:
    listed = " ,\n        ".join(objects)
    return [f"    {predicate} {listed}"] if listed else []


def _decimal(value: float) -> str:
    """A double as the shortest decimal that stands for it, with the point that makes it an xsd:decimal in Turtle."""
    text = f"{Decimal(repr(value)):f}"
    return text if "." in text else f"{text}.0"
