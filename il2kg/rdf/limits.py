"""How large RDF may be to be read. Each limit says so when it is passed, and what to do."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one reading; a test lowers them."""

    document: int = 64 << 20
    """Bytes of a document that has to be held as a whole: all but N-Quads and TriG, which are read graph by graph."""
    literal: int = 16 << 20
    """Characters of one literal, and about as many of one line of N-Quads."""
    triples: int = 3_000_000
    """Triples of one graph."""
    depth: int = 200
    """How deep brackets, JSON values or XML elements may lie within each other."""
    context_work: int = 1_000_000
    """Of JSON-LD, the terms and the contexts within a context, times the objects for which they are set up anew."""


LIMITS: Final = Limits()
