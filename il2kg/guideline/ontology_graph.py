"""The ontology's Turtle files as a plain index of triples, with errors that name the file and the term."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from itertools import chain
from pathlib import Path

import pyoxigraph as ox

from il2kg.errors import GuidelineError
from il2kg.vocabulary import IL2, RDF, RDF_TYPE, RDFS, SH, VOCABULARY, XSD, Namespace

Node = ox.NamedNode | ox.BlankNode

_PLAIN = (ox.NamedNode(XSD + "integer"), ox.NamedNode(XSD + "decimal"))
_NIL = ox.NamedNode(RDF + "nil")
_FACETS = {"minExclusive": "above", "minInclusive": "at least", "maxInclusive": "at most"}


@dataclass(frozen=True)
class OntologyGraph:
    """Subjects in the order in which the files name them, and for each its predicates and objects.

    ``names`` is the namespace of the terms that are described, beside those of the vocabulary.
    """

    index: dict[Node, dict[str, list[object]]]
    files: dict[Node, Path]
    names: Namespace

    @classmethod
    def read(cls, paths: Iterable[Path], names: Namespace = VOCABULARY) -> "OntologyGraph":
        """Parse Turtle files.

        Raises:
            GuidelineError: a file is missing or is not Turtle; the message names file and line.
        """
        index: dict[Node, dict[str, list[object]]] = {}
        files: dict[Node, Path] = {}
        for path in paths:
            try:
                for quad in ox.parse(path=str(path), format=ox.RdfFormat.TURTLE):
                    subject = quad.subject
                    if isinstance(subject, ox.Triple):
                        raise GuidelineError(
                            f"{path}: has quoted triples (<< >>), which are not read; write plain ones"
                        )
                    files.setdefault(subject, path)
                    index.setdefault(subject, {}).setdefault(quad.predicate.value, []).append(quad.object)
            except SyntaxError as error:
                raise GuidelineError(f"{path}: not Turtle: {error}") from error
            except OSError as error:
                raise GuidelineError(f"{path}: {error.strerror or error}") from error
        return cls(index, files, names)

    def is_own(self, node: object) -> bool:
        """Whether a node is a term of the guideline or of the vocabulary."""
        return isinstance(node, ox.NamedNode) and self.names.identifier(node.value) is not None

    def local_name(self, node: object) -> str:
        """The identifier of a term of the guideline or of the vocabulary: what stands behind the namespace.

        Raises:
            GuidelineError: the node is a term of neither.
        """
        name = self.names.identifier(node.value) if isinstance(node, ox.NamedNode) else None
        if name is None:
            raise GuidelineError(f"must be a term under {self._namespaces()}, not {node}")
        return name

    def named(self, identifier: str) -> str:
        """A term by its identifier, for messages: ``prefix:name``."""
        return self.names.short((IL2 if identifier in self.shared else self.names.iri) + identifier)

    @cached_property
    def shared(self) -> frozenset[str]:
        """The identifiers of the terms that the vocabulary describes."""
        return frozenset(n.value.removeprefix(IL2) for n in self.index if self._is_shared(n))

    def check_names(self) -> None:
        """Hold the guideline's terms to have names of their own, so that an identifier is one term.

        Raises:
            GuidelineError: a term of the guideline is called as one of the vocabulary; the message names both.
        """
        if self.names.iri == IL2:
            return
        mentioned: dict[str, Node] = {}
        for subject, predicates in self.index.items():
            named = chain((subject,), map(ox.NamedNode, predicates), *predicates.values())
            mentioned |= {n.value: subject for n in named if isinstance(n, ox.NamedNode) and self.is_own(n)}
        own = {iri for iri in mentioned if self.names.owns(iri)}
        known = {iri.removeprefix(IL2) for iri in mentioned.keys() - own}
        for iri in sorted(own):
            name = iri.removeprefix(self.names.iri)
            if name and name in known:
                path = self.files.get(mentioned[iri])
                raise GuidelineError(
                    f"{path.name if path else 'ontology'}: {self.names.short(iri)} and {VOCABULARY.short(IL2 + name)} "
                    "have one name; call the guideline's own term something else, or write the vocabulary's"
                )

    def _is_shared(self, node: object) -> bool:
        return isinstance(node, ox.NamedNode) and node.value.startswith(IL2) and not self.names.owns(node.value)

    def _namespaces(self) -> str:
        return " or ".join(f"<{iri}>" for iri in dict.fromkeys((self.names.iri, IL2)))

    def short(self, node: object) -> str:
        """A node for messages: a term as ``prefix:name``."""
        return self.names.short(node.value) if isinstance(node, ox.NamedNode) else str(node)

    def where(self, node: Node) -> str:
        """The file that names a node first, and the node, or the term in which a nameless one stands, for messages."""
        path = self.files.get(node)
        return f"{path.name if path else 'ontology'}: {self.holder(node)}"

    def holder(self, node: Node) -> Node:
        """The term in which a nameless node stands, or the node itself."""
        while isinstance(node, ox.BlankNode):
            above = (n for n, ps in self.index.items() if any(node in values for values in ps.values()))
            holder = next(above, None)
            if holder is None:
                break
            node = holder
        return node

    def of_class(self, name: str) -> list[Node]:
        """The subjects that are declared as ``il2:name``, in file order."""
        return self._instances.get(IL2 + name, [])

    @cached_property
    def _instances(self) -> dict[str, list[Node]]:
        instances: dict[str, list[Node]] = {}
        for subject, predicates in self.index.items():
            for kind in dict.fromkeys(predicates.get(RDF_TYPE, ())):
                if isinstance(kind, ox.NamedNode):
                    instances.setdefault(kind.value, []).append(subject)
        return instances

    @cached_property
    def subclasses(self) -> dict[str, list[str]]:
        """Direct superclasses, by identifier, of the product's own classes."""
        return {
            self.local_name(s): [self.local_name(o) for o in ps[RDFS + "subClassOf"] if self.is_own(o)]
            for s, ps in self.index.items()
            if RDFS + "subClassOf" in ps and self.is_own(s)
        }

    def objects(self, subject: Node, name: str) -> list[object]:
        """The objects of ``il2:name`` (or of a predicate given as a whole IRI)."""
        predicate = name if "://" in name else IL2 + name
        return self.index.get(subject, {}).get(predicate, [])

    def one(self, subject: Node, name: str) -> object:
        """The only object of a predicate.

        Raises:
            GuidelineError: there is none, or more than one.
        """
        objects = self.objects(subject, name)
        if len(objects) != 1:
            raise GuidelineError(f"{self.where(subject)} needs exactly one il2:{name}, has {len(objects)}")
        return objects[0]

    def id(self, subject: Node, name: str) -> str:
        """The identifier that a predicate points at."""
        value = self.one(subject, name)
        try:
            return self.local_name(value)
        except GuidelineError as error:
            raise GuidelineError(f"{self.where(subject)}, il2:{name}: {error}") from error

    def ids(self, subject: Node, name: str) -> tuple[str, ...]:
        """The identifiers that a predicate points at, in file order."""
        return tuple(self.local_name(o) for o in self.objects(subject, name))

    def optional_id(self, subject: Node, name: str) -> str | None:
        """The identifier that a predicate points at, if it is there."""
        return self.id(subject, name) if self.objects(subject, name) else None

    def text(self, subject: Node, name: str) -> str:
        """The only text of a predicate."""
        value = self.one(subject, name)
        if not isinstance(value, ox.Literal):
            raise GuidelineError(f"{self.where(subject)}: {name} must be text, not {value}")
        return value.value

    def optional_text(self, subject: Node, name: str) -> str | None:
        """The text of a predicate, if it is there."""
        return self.text(subject, name) if self.objects(subject, name) else None

    def texts(self, subject: Node, name: str) -> tuple[str, ...]:
        """The texts of a predicate, in file order."""
        return tuple(o.value for o in self.objects(subject, name) if isinstance(o, ox.Literal))

    def flag(self, subject: Node, name: str) -> bool:
        """Whether a predicate is there and true.

        Raises:
            GuidelineError: its value is neither ``true`` nor ``false``.
        """
        text = self.optional_text(subject, name)
        if text not in (None, "true", "false"):
            raise GuidelineError(f"{self.where(subject)}: il2:{name} is true or false, not {text!r}")
        return text == "true"

    def label(self, subject: Node) -> str:
        """The ``rdfs:label``."""
        return self.text(subject, RDFS + "label")

    def number(self, subject: Node, name: str) -> Decimal:
        """The only number of a predicate, exactly as written.

        Raises:
            GuidelineError: it is none, or not one that the property's range and facets allow.
        """
        literal, text = self.one(subject, name), self.text(subject, name)
        if not isinstance(literal, ox.Literal) or literal.datatype not in _PLAIN:
            raise GuidelineError(
                f"{self.where(subject)}: il2:{name} must be a number without quotes and exponent, not {text!r}"
            )
        value = Decimal(text)
        kind, facets = self._allowed(name)
        bounds = {
            "minExclusive": value > facets.get("minExclusive", value - 1),
            "minInclusive": value >= facets.get("minInclusive", value),
            "maxInclusive": value <= facets.get("maxInclusive", value),
        }
        if not all(bounds.values()) or (kind == "whole number" and value != value.to_integral_value()):
            said = " and ".join(f"{_FACETS[facet]} {limit}" for facet, limit in facets.items())
            raise GuidelineError(f"{self.where(subject)}: il2:{name} is a {f'{kind} {said}'.strip()}, not {text}")
        return value

    def _allowed(self, name: str) -> tuple[str, dict[str, Decimal]]:
        """What kind of number a property has, and how small and how large it may be."""
        about = self.index.get(ox.NamedNode(IL2 + name), {})
        kind = "whole number" if _PLAIN[0] in about.get(RDFS + "range", ()) else "number"
        limits = {facet: about.get(SH + facet, ()) for facet in _FACETS}
        return kind, {f: Decimal(o.value) for f, values in limits.items() for o in values if isinstance(o, ox.Literal)}

    def optional_number(self, subject: Node, name: str) -> Decimal | None:
        """The number of a predicate, if it is there."""
        return self.number(subject, name) if self.objects(subject, name) else None

    def nodes(self, subject: Node, name: str) -> list[Node]:
        """The nodes that a predicate points at and that the ontology describes, in file order.

        Raises:
            GuidelineError: an object is a literal, or a term that no file describes.
        """
        nodes: list[Node] = []
        for value in self.objects(subject, name):
            if not isinstance(value, ox.NamedNode | ox.BlankNode) or value not in self.index:
                raise GuidelineError(f"{self.where(subject)}: il2:{name} points at {value}, which no file describes")
            nodes.append(value)
        return nodes

    def listed(self, subject: Node, name: str) -> list[object]:
        """The members of the list that a predicate points at, in order; none where it is not there."""
        members: list[object] = []
        rest = self.one(subject, name) if self.objects(subject, name) else _NIL
        while rest != _NIL:
            if not isinstance(rest, ox.BlankNode) or RDF + "first" not in self.index.get(rest, {}):
                raise GuidelineError(f"{self.where(subject)}: il2:{name} must be a list in round brackets, not {rest}")
            members += self.objects(rest, RDF + "first")
            rest = self.one(rest, RDF + "rest")
        return members

    def node(self, subject: Node, name: str) -> Node:
        """The only node of a predicate."""
        value = self.one(subject, name)
        if not isinstance(value, ox.NamedNode | ox.BlankNode):
            raise GuidelineError(
                f"{self.where(subject)}: il2:{name} must name a term or be written in square brackets, not {value}"
            )
        return value
