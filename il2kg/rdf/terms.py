"""Terms from the text that stands for them, and what is refused of any syntax."""

import re
from typing import Final

from il2kg.errors import RecordError
from il2kg.rdf.graphs import LANGUAGE_STRING, STRING, Literal, Node, Term
from il2kg.rdf.limits import Limits

STAR: Final = (
    "has triples about triples (RDF-star, RDF 1.2), which are not read; say what they say in triples of their own"
)

_ESCAPE: Final = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPED: Final = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}


def literal(text: str, datatype: str = STRING, language: str = "") -> Literal:
    r"""A literal whose text may have escapes (``\n``, ``\u00e9``).

    Raises:
        KeyError, ValueError: one of them is none.
    """
    if "\\" in text:
        text = _ESCAPE.sub(_character, text)
        text.encode()  # halves of characters are none
    return Literal(text, LANGUAGE_STRING, language.lower()) if language else Literal(text, datatype)


def shown(text: str, most: int = 200) -> str:
    """A piece of a document for a message: not long, on one line, and nothing in it that cannot be seen."""
    start = text if len(text) <= most else f"{text[:most]}..."
    return "".join(each if each.isprintable() else repr(each)[1:-1] for each in start)


def check_length(text: str | bytes, limits: Limits) -> None:
    """Refuse a literal that nobody wrote to be read.

    Raises:
        RecordError: it is too long.
    """
    if len(text) > limits.literal:
        raise RecordError(f"has a literal of more than {limits.literal} characters; leave out what is attached to it")


def size(nodes: dict[str, Node]) -> int:
    """How many triples a graph has."""
    return sum(len(values) for node in nodes.values() for values in node.values())


def check_size(triples: int, limits: Limits) -> None:
    """Refuse a graph that is too large.

    Raises:
        RecordError: it has too many triples.
    """
    if triples > limits.triples:
        raise RecordError(
            f"has more than {limits.triples} triples in one graph; write N-Quads, with a graph for each patient"
        )


def once(values: list[Term]) -> None:
    """Leave each value once, where it came first: a triple that is said twice is said."""
    if len(distinct := dict.fromkeys(values)) < len(values):
        values[:] = distinct


def _character(matched: re.Match[str]) -> str:
    code = matched[1] or matched[2]
    return chr(int(code, 16)) if code else _ESCAPED[matched[3]]
