"""RDF in memory, as plain values: quicker to walk than a store, and independent of any library's terms."""

from typing import Final

import msgspec

from il2kg.vocabulary import XSD

STRING: Final = f"{XSD}string"

RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
FIRST: Final = f"{RDF}first"
REST: Final = f"{RDF}rest"
NIL: Final = f"{RDF}nil"
LANGUAGE_STRING: Final = f"{RDF}langString"
"""The datatype of every literal that has a language."""

BLANK: Final = "_:"
"""How a blank node begins."""


class Literal(msgspec.Struct, frozen=True, gc=False):
    """A literal as it is written: its lexical form, the IRI of its datatype, and its language tag if it has one."""

    text: str
    datatype: str = STRING
    language: str = ""


Term = str | Literal
"""An IRI, a blank node (``_:label``), or a literal."""

Node = dict[str, list[Term]]
"""What is said of one subject: its values by the IRI of the property."""


class Graph(msgspec.Struct, frozen=True):
    """A graph by subject. ``name`` is its IRI or blank node, empty for the default graph."""

    name: str
    nodes: dict[str, Node]
