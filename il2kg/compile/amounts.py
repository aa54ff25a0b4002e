"""The numbers that stand in the structure of a term: limits, lengths of time, doses, counts."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Context, Decimal
from functools import cache
from itertools import pairwise

import pyoxigraph as ox

from il2kg.forms import all_forms
from il2kg.guideline.ontology_graph import Node, OntologyGraph
from il2kg.read.units import Conversion, OtherDimensionError, UnknownUnitError, ask_library
from il2kg.vocabulary import IL2, RDF_TYPE, RDFS

_LIMITS = ("above", "atLeast", "below", "atMost")
_NUMBERS = ("low", "high")  # their unit stands beside them, as that of a limit
_TIMES = {"hours": "h", "hoursEarlier": "h", "days": "d"} | {
    f"{time}{end}Hours": "h" for time in ("time", "interval") for end in ("Low", "High")
}
_COUNTS = ("timesInARow", "toxicityGrade", "patientCount")
# A term may say the numbers of the statements at which these point: those of their structure, not of their words.
_STATEMENTS = (IL2 + "because", IL2 + "limitIn", IL2 + "level", IL2 + "earlier", IL2 + "later", RDFS + "seeAlso")
_LINKS = (*_STATEMENTS, IL2 + "study")


@dataclass(frozen=True, slots=True)
class Amount:
    """A number with its UCUM unit, or with none where the unit goes without saying.

    ``relations`` are the kinds of limit that it is, or, of a number in words, those that it may be.
    """

    value: Decimal
    unit: str | None
    relations: tuple[str, ...] = ()

    @classmethod
    def read(
        cls, value: str, unit: str | None, relations: tuple[str, ...] = (), per_hours: str | None = None
    ) -> "Amount":
        """A number as written, perhaps of so much in so many hours."""
        if per_hours is None:
            return cls(Decimal(value), unit, relations)
        return cls(Decimal(value) / Decimal(per_hours), f"{unit}/h", relations)

    def says(self, other: "Amount", rounded: Context) -> bool:
        """Whether this number, in words, is that one of a structure; converted values are compared ``rounded``."""
        if self.relations and other.relations and not {*self.relations} & {*other.relations}:
            return False
        if self.unit is None or self.unit == other.unit:
            return self.value == other.value
        if other.unit is None or self.unit.startswith("{") or other.unit.startswith("{"):
            return False
        conversion = _conversion(self.unit, other.unit)
        if conversion is None:
            return False
        return rounded.plus(self.value * conversion.scale + conversion.offset) == rounded.plus(other.value)

    def __str__(self) -> str:
        words = [*self.relations[:1], f"{self.value.normalize():f}", *([self.unit] if self.unit else [])]
        return " ".join(words)


@cache
def _conversion(source: str, target: str) -> Conversion | None:
    try:
        return ask_library(source, target)
    except (OtherDimensionError, UnknownUnitError):
        return None


@cache
def _conventions() -> Mapping[str, str]:
    """The conventions by which the properties of forms of conditions are read."""
    return {name: convention for form in all_forms().values() for name, convention in form.conventions.items()}


class StructuredAmounts:
    """Collects the numbers of terms; ``amounts_in`` reads those of a text."""

    def __init__(self, graph: OntologyGraph, amounts_in: Callable[[str], tuple[Amount, ...]]) -> None:
        self._graph = graph
        self._amounts_in = amounts_in
        self._found: dict[Node, tuple[Amount, ...]] = {}

    def of(self, node: Node) -> tuple[Amount, ...]:
        """The numbers of a term: its own, those of its nameless parts, and those that it points at."""
        if node not in self._found:
            self._found[node] = tuple(self._of(node))
        return self._found[node]

    def _of(self, node: Node) -> Iterator[Amount]:
        linked = [o for part in self._parts(node) for name in _LINKS for o in self._graph.objects(part, name)]
        for term in (node, *(o for o in linked if isinstance(o, ox.NamedNode))):
            for part in self._parts(term):
                yield from self._own(part)
                yield from self._named(part)

    def _parts(self, node: Node) -> Iterator[Node]:
        yield node
        for value in self._values(node):
            if isinstance(value, ox.BlankNode):
                yield from self._parts(value)

    def _values(self, node: Node) -> list[object]:
        return [value for objects in self._graph.index.get(node, {}).values() for value in objects]

    def _own(self, node: Node) -> Iterator[Amount]:
        texts = self._graph.texts
        unit = next(iter(texts(node, "unit")), None)
        for name in _LIMITS:
            yield from (Amount(Decimal(text), unit, (name,)) for text in texts(node, name))
        for name in _NUMBERS:
            yield from (Amount(Decimal(text), unit) for text in texts(node, name))
        for name, code in _TIMES.items():
            yield from (Amount(Decimal(text), code) for text in texts(node, name))
        for name in _COUNTS:
            yield from (Amount(Decimal(text), None) for text in texts(node, name))
        for text in texts(node, "frequency"):
            yield from self._amounts_in(text)

    def _named(self, node: Node) -> Iterator[Amount]:
        """The numbers in the names of what a structure points at, and of the conventions by which it is read."""
        for predicate, objects in self._graph.index.get(node, {}).items():
            if predicate in (RDF_TYPE, *_STATEMENTS):
                continue
            yield from self._convention(predicate)
            for value in objects:
                if isinstance(value, ox.NamedNode) and not self._is_part_of_document(value):
                    yield from self._of_series(value)
                    for text in self._graph.texts(value, RDFS + "label"):
                        yield from self._amounts_in(text)

    def _is_part_of_document(self, node: ox.NamedNode) -> bool:
        return bool(self._graph.objects(node, "partOf"))

    def _of_series(self, node: ox.NamedNode) -> Iterator[Amount]:
        """Of what starts a stretch, how many of them the wider level holds; by how much an event may be early."""
        started = self._graph.objects(node, "starts")
        for series in self._graph.of_class("EventSeries") if started else ():
            for narrower, wider in pairwise(self._graph.listed(series, "levels")):
                if narrower in started and isinstance(wider, ox.NamedNode):
                    yield from (Amount(Decimal(text), None) for text in self._graph.texts(wider, "holdsAtMost"))
        for counted in self._graph.objects(node, "timeSinceLastOf"):
            if isinstance(counted, ox.NamedNode):
                yield from (Amount(Decimal(text), "h") for text in self._graph.texts(counted, "earlyHours"))

    def _convention(self, iri: str) -> Iterator[Amount]:
        name = _conventions().get(iri.removeprefix(IL2))
        if name is not None:
            unit = "h" if name.endswith("Hours") else "d" if name.endswith("Days") else None
            for node in self._graph.of_class("Conventions"):
                yield from (Amount(Decimal(text), unit) for text in self._graph.texts(node, name))
