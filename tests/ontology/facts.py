"""The ontology as plain facts, by predicate and not by file: what a second reading and mutations look at."""

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from pathlib import Path

import pyoxigraph as ox

from il2kg.locations import content_root
from il2kg.vocabulary import IL2, RDF_TYPE, RDFS

Node = ox.NamedNode | ox.BlankNode
Term = ox.NamedNode | ox.BlankNode | ox.Literal
Mapped = tuple[str, str, str, str]
"""A row of a table of codes: term, predicate and its modifier, code, how it matches."""

LABEL, SUB_CLASS = RDFS + "label", RDFS + "subClassOf"
STATEMENTS = (
    "Intervention",
    "Incidence",
    "Onset",
    "Persistence",
    "Causation",
    "Manifestation",
    "Association",
    "RiskFactor",
    "Monitoring",
    "RegimenElement",
    "Comparison",
    "Trend",
    "MeasuredValue",
    "Requirement",
    "Indication",
    "Classification",
    "Conflict",
    "UnsupportedClaim",
)
_COMPILED = "compiled"


@dataclass(frozen=True, eq=False)
class Facts:
    """What is said of each node, and the rows of the tables of codes by file; both in the order of the files.

    Of a changed copy, ``nodes`` and ``files`` say where it was changed: only those are looked at. None: at all.
    """

    about: Mapping[Term, Mapping[str, tuple[Term, ...]]]
    codes: Mapping[str, tuple[Mapped, ...]]
    nodes: frozenset[Term] | None = None
    files: frozenset[str] | None = None

    @classmethod
    def read(cls, ontology: Path | None = None) -> "Facts":
        """Read the product's own ontology, or that in another folder."""
        folder = ontology or content_root() / "ontology"
        about: dict[Term, dict[str, tuple[Term, ...]]] = {}
        for path in sorted(folder.rglob("*.ttl")):
            if _COMPILED in path.relative_to(folder).parts:
                continue
            for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
                assert not isinstance(quad.subject, ox.Triple)
                assert not isinstance(quad.object, ox.Triple)
                said = about.setdefault(quad.subject, {})
                said[quad.predicate.value] = (*said.get(quad.predicate.value, ()), quad.object)
        tables = {path.relative_to(folder).as_posix(): _mapped(path) for path in sorted(folder.rglob("*.sssom.tsv"))}
        return cls(about, tables)

    def changed(self, node: Node, predicate: str, terms: tuple[Term, ...]) -> "Facts":
        """A copy in which a node has other objects of a predicate."""
        said = {**self.about[node], predicate: terms}
        if not terms:
            del said[predicate]
        return Facts({**self.about, node: said}, self.codes, frozenset({self.owner(node)}), frozenset())

    def with_codes(self, file: str, rows: tuple[Mapped, ...]) -> "Facts":
        """A copy in which a table of codes has other rows."""
        return Facts(self.about, {**self.codes, file: rows}, frozenset(), frozenset({file}))

    def owner(self, node: Node) -> Node:
        """The named node that one without a name describes; of a named one, itself."""
        return self._owners.get(node, node)

    @cached_property
    def _owners(self) -> Mapping[Term, Node]:
        """The named node that each one without a name describes."""
        named = [node for node in self.about if isinstance(node, ox.NamedNode)]
        return {part: node for node in named for part in self.parts(node)}

    def tables(self) -> Iterator[tuple[str, tuple[Mapped, ...]]]:
        """The tables of codes that are looked at."""
        yield from ((file, rows) for file, rows in self.codes.items() if self.files is None or file in self.files)

    def terms(self, node: Term, name: str) -> tuple[Term, ...]:
        """The objects of ``il2:name``, or of a predicate given as a whole IRI."""
        return self.about.get(node, {}).get(name if "://" in name else IL2 + name, ())

    def values(self, node: Term, name: str) -> list[str]:
        """The same as text, sorted: names of own terms, texts, numbers without superfluous zeros."""
        return sorted(self.text(term) for term in self.terms(node, name))

    def text(self, term: Term) -> str:
        """A term as text; of a node without a name, what is said of it."""
        match term:
            case ox.NamedNode(value=value):
                return value.removeprefix(IL2)
            case ox.Literal(value=value):
                return _plain(value)
        parts = ((local(p), self.values(term, p)) for p in self.about[term] if p != RDF_TYPE)
        return "; ".join(f"{name} {', '.join(values)}" for name, values in sorted(parts))

    def of_class(self, *names: str) -> list[ox.NamedNode]:
        """The named nodes that are declared as one of some own classes, of those that are looked at."""
        wanted = {ox.NamedNode(IL2 + name) for name in names}
        return [node for node in self._named() if not wanted.isdisjoint(self.about[node].get(RDF_TYPE, ()))]

    def instances(self, top: str) -> list[ox.NamedNode]:
        """The named nodes that are declared as an own class or one below it, of those that are looked at."""
        wanted = ox.NamedNode(IL2 + top)
        return [
            node
            for node in self._named()
            if any(
                kind == wanted or wanted in self._wider(kind, frozenset())
                for kind in self.about[node].get(RDF_TYPE, ())
            )
        ]

    def individuals(self) -> list[ox.NamedNode]:
        """The named nodes that are declared as of some own class, of those that are looked at."""
        return [
            node
            for node in self._named()
            if any(isinstance(k, ox.NamedNode) and k.value.startswith(IL2) for k in self.about[node].get(RDF_TYPE, ()))
        ]

    def below(self, *tops: str) -> list[ox.NamedNode]:
        """The classes below an own one, of those that are looked at."""
        wanted = {ox.NamedNode(IL2 + top) for top in tops}
        return [node for node in self._named() if not wanted.isdisjoint(self._wider(node, frozenset()))]

    def _named(self) -> Iterator[ox.NamedNode]:
        looked_at = self.about if self.nodes is None else self.nodes
        yield from (node for node in looked_at if isinstance(node, ox.NamedNode))

    def _wider(self, node: Term, seen: frozenset[Term]) -> frozenset[Term]:
        found = seen
        for wider in self.about.get(node, {}).get(SUB_CLASS, ()):
            if wider not in found:
                found = self._wider(wider, found | {wider})
        return found

    def parts(self, node: Node) -> Iterator[Node]:
        """A node, and the nodes without a name that it is described by."""
        yield node
        for terms in self.about.get(node, {}).values():
            for term in terms:
                if isinstance(term, ox.BlankNode):
                    yield from self.parts(term)


def local(iri: str) -> str:
    """The name of a predicate or term, without its namespace."""
    return iri.removeprefix(IL2).rsplit("#", 1)[-1].rsplit("/", 1)[-1]


def _plain(text: str) -> str:
    try:
        return f"{Decimal(text).normalize():f}"
    except InvalidOperation:
        return " ".join(text.split())


def _mapped(path: Path) -> tuple[Mapped, ...]:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t")
        return tuple(
            (
                row["subject_id"],
                " ".join(filter(None, (row.get("predicate_id"), row.get("predicate_modifier")))),
                row["object_id"],
                row.get("match") or "",
            )
            for row in rows
        )
