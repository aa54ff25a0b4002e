"""Nodes of a graph as what is said of them: pairs of a property and a value, those that say nothing left out."""

from decimal import Decimal
from typing import Final

from il2kg.rdf.graphs import Literal, Node, Term
from il2kg.read.times import zulu
from il2kg.vocabulary import IL2, RDF_TYPE, XSD

PROV: Final = "http://www.w3.org/ns/prov#"

Pair = tuple[str, Term | None]
"""A property and its value; None: that is not said."""
Described = tuple[str, Node]
"""A node's name, and what is said of it."""


def said(*pairs: Pair) -> Node:
    """What is said of a node, each thing once."""
    node: Node = {}
    for predicate, term in pairs:
        if term is not None and term not in node.setdefault(predicate, []):
            node[predicate].append(term)
    return node


def a(kind: str) -> Pair:
    """That a node is of one of the product's own classes."""
    return RDF_TYPE, IL2 + kind


def p(predicate: str, term: Term | None) -> Pair:
    """A property of the product's own with its value."""
    return IL2 + predicate, term


def text(value: str | None) -> Literal | None:
    """A text."""
    return None if value is None else Literal(value)


def time(instant: int | None) -> Literal | None:
    """An instant (microseconds since the epoch)."""
    return None if instant is None else Literal(zulu(instant), f"{XSD}dateTime")


def number(value: Decimal | float | None) -> Literal | None:
    """A number as a decimal, with the point that tells it from a whole one; a double as the shortest one."""
    if value is None:
        return None
    written = f"{value if isinstance(value, Decimal) else Decimal(repr(float(value))):f}"
    return Literal(written if "." in written else f"{written}.0", f"{XSD}decimal")


def whole(value: int) -> Literal:
    """A whole number."""
    return Literal(str(value), f"{XSD}integer")


def truth(value: bool) -> Literal:
    """True or false."""
    return Literal("true" if value else "false", f"{XSD}boolean")
