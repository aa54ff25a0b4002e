"""Every term that the ontology names is there, and is of the kind that is meant.

A slip in a name would otherwise say nothing, or come to light at the bedside.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import pyoxigraph as ox

from il2kg.errors import GuidelineError
from il2kg.guideline.ontology_graph import Node, OntologyGraph
from il2kg.vocabulary import IL2, RDF_TYPE, RDFS

# Findings and treatments are classes, so that no rdfs:range can say that one is meant.
_CLASSES = {
    "ClinicalFinding": ("toxicity", "manages", "prevents", "monitorsFor", "interpretedAs", "endedBy", "rulesOut"),
    "Treatment": ("uses", "infusionRateOf", "eventsOf"),
}
_CLASS = {name: kind for kind, names in _CLASSES.items() for name in names}
_WORDS = {"ClinicalFinding": "finding", "Treatment": "treatment"}

RULES = frozenset(
    {
        *("ruleSet", "organSystem", "effect", "toxicity", "source", "applies", "silenceBearsOn", "eventsOf"),
        *("leadsTo", "staysFor", "readsAs", "ofEffect", "orAny", "clearAs", "firstOf", "laterIn", "starts"),
        *("countsEventsIn", "timeSinceLastOf", "timeSinceStartOf", "timeSinceEndOf", "holdsLastFor", "baselineBefore"),
        *("endedBy", "rulesOut", "infusionRateOf", "interpretedAs"),
    }
)
"""The properties that the rules follow, beside those of conditions, which their reader checks."""


def check_references(graph: OntologyGraph, of_forms: Mapping[str, str], names: Collection[str] | None = None) -> None:
    """Hold the terms that the product's properties point at to what they are declared to point at.

    Args:
        graph: the files that describe all that may be pointed at.
        of_forms: the classes that the properties of conditions point below.
        names: the properties that are looked at; all, where it is None.

    Raises:
        GuidelineError: a term is not there, or of another kind; the message names file, term, slip and the nearest.
    """
    references = _References(graph, {**_CLASS, **of_forms})
    wrong = [
        references.message(node, name, value)
        for node, name, value in references.made(names)
        if value not in references.allowed(name)
    ]
    if wrong:
        raise GuidelineError("\n".join(wrong))


@dataclass(frozen=True)
class _References:
    graph: OntologyGraph
    classes: Mapping[str, str]
    _allowed: dict[str, frozenset[Node]] = field(default_factory=dict)

    def made(self, names: Collection[str] | None) -> Iterator[tuple[Node, str, ox.NamedNode | ox.Literal]]:
        """What points at what, by which property; a text where one should point at a term, too."""
        for node, predicates in self.graph.index.items():
            for predicate, values in predicates.items():
                name = predicate.removeprefix(IL2)
                if name != predicate and (names is None or name in names):
                    terms = ox.NamedNode if self.kind(name) is None else (ox.NamedNode, ox.Literal)
                    yield from ((node, name, value) for value in values if isinstance(value, terms))

    def allowed(self, name: str) -> frozenset[Node]:
        """What a property may point at."""
        if name not in self._allowed:
            self._allowed[name] = frozenset(self._find(self.kind(name), name in self.classes))
        return self._allowed[name]

    def kind(self, name: str) -> str | None:
        """The class that a property's objects are of or below, if it is one of the product's own."""
        if name in self.classes:
            return self.classes[name]
        ranges = self.graph.objects(ox.NamedNode(IL2 + name), RDFS + "range")
        own = [r for r in ranges if isinstance(r, ox.NamedNode) and r.value.startswith(IL2)]
        return own[0].value.removeprefix(IL2) if own else None

    def _find(self, kind: str | None, below: bool) -> Iterator[Node]:
        if kind is None:
            yield from self.graph.index
            return
        kinds = {kind, *self._below(kind)}
        if below:
            yield from (node for name, node in self._terms.items() if name in kinds - {kind})
        else:
            yield from (node for name in kinds for node in self._instances.get(name, ()))

    @cached_property
    def _terms(self) -> dict[str, Node]:
        """The terms that the files describe, by identifier."""
        return {self.graph.local_name(node): node for node in self.graph.index if self.graph.is_own(node)}

    @cached_property
    def _instances(self) -> dict[str, list[Node]]:
        """The nodes that are declared to be of each class."""
        instances: dict[str, list[Node]] = {}
        for node, predicates in self.graph.index.items():
            for kind in predicates.get(RDF_TYPE, ()):
                if self.graph.is_own(kind):
                    instances.setdefault(self.graph.local_name(kind), []).append(node)
        return instances

    def _below(self, kind: str) -> Iterator[str]:
        for name in self._children.get(kind, ()):
            yield name
            yield from self._below(name)

    @cached_property
    def _children(self) -> dict[str, list[str]]:
        children: dict[str, list[str]] = {}
        for name, parents in self.graph.subclasses.items():
            for parent in parents:
                children.setdefault(parent, []).append(name)
        return children

    def message(self, node: Node, name: str, value: ox.NamedNode | ox.Literal) -> str:
        """What is wrong with a term, and which known one is nearest."""
        from difflib import get_close_matches  # only where something is wrong

        kind = self.kind(name)
        what = _WORDS.get(kind, f"il2:{kind}") if kind is not None else "term"
        known = [self.graph.short(n) for n in self.allowed(name) if isinstance(n, ox.NamedNode)]
        slip = str(value) if isinstance(value, ox.Literal) else self.graph.short(value)
        near = get_close_matches(slip, sorted(known), n=1)
        path = self.graph.files.get(node)
        place = f"{path.name if path else 'ontology'}: {self._term(node)}, il2:{name}"
        return f"{place}: {slip} is no {what} of the ontology" + (f"; the nearest is {near[0]}" if near else "")

    def _term(self, node: Node) -> str:
        """The term that a node stands in: itself, or what points at it where it has no name."""
        return self.graph.short(self.graph.holder(node))
