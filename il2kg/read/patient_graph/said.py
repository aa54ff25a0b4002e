"""What is said of one node, with what is wrong with how it is said."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from il2kg.rdf.graphs import Literal, Node, Term
from il2kg.read.limits import REMEMBERED, SHOWN
from il2kg.read.patient_graph.terms import DETAIL, KNOWN, LABEL, SOSA, TIME, short
from il2kg.statements import Doubt
from il2kg.vocabulary import IL2, VOCABULARY, XSD, Namespace

SEVERAL: Final = "several values where one belongs"
WRONG_TYPE: Final = "a value of the wrong type"
STRANGE: Final = "no property of the vocabulary"
_BOOLEANS: Final = {"true": True, "1": True, "false": False, "0": False}
_OWN: Final = (IL2, SOSA)


class Said:
    """What is said of a node; what is wrong with it is added to ``slips``, and nothing is left out in silence."""

    __slots__ = ("node", "slips")

    def __init__(self, node: Node, slips: list[Doubt]) -> None:
        self.node = node
        self.slips = slips

    def one(self, name: str) -> Term | None:
        """The value of a property that has one; several are a slip, and as good as none."""
        values = self.node.get(name)
        if values is None:
            return None
        if len(values) > 1 and len(several := every(values)) > 1:
            self.slips.append((SEVERAL, f"{short(name)}: {', '.join(sorted(map(shown, several)))}"))
            return None
        return values[0]

    def every(self, name: str) -> list[Term]:
        """The values of a property, each once, in an order that does not depend on the file."""
        return every(self.node.get(name, ()))

    def text(self, name: str) -> str | None:
        """The text of a property, of whatever datatype; that of an IRI is the IRI."""
        value = self.one(name)
        return None if value is None else self._text(name, value)

    def texts(self, name: str) -> list[str]:
        """The texts of a property that may have several."""
        return [text for term in self.every(name) if (text := self._text(name, term)) is not None]

    def _text(self, name: str, term: Term) -> str | None:
        text = text_of(term)
        if text is None:
            self.slips.append((WRONG_TYPE, f"{short(name)}: a node where text belongs"))
        return text

    def flag(self, name: str) -> bool | None:
        """Whether a property is true; None where it is not there, or says neither."""
        value = self.one(name)
        if value is None:
            return None
        flag = boolean(value)
        if flag is None:
            self.slips.append((WRONG_TYPE, f"{short(name)}: {shown(value)} where true or false belongs"))
        return flag

    def known(self, kind: str) -> None:
        """Hold the properties of a node to those that its class has."""
        self.slips.extend((STRANGE, name) for name in strange(tuple(self.node), kind))


@lru_cache(maxsize=REMEMBERED)
def strange(names: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Of some properties, for a message, those of the vocabulary's namespaces that nodes of a class do not have."""
    known = KNOWN[kind]
    own = (*_OWN, TIME) if any(name.startswith(TIME) for name in known) else _OWN
    return tuple(nearest(name, known) for name in sorted(names) if name.startswith(own) and name not in known)


def nearest(iri: str, known: Iterable[str], own: Namespace = VOCABULARY) -> str:
    """A term for a message, with the known one of its namespace that it is most like, if there is one.

    ``own`` is the namespace of a guideline whose terms may be meant.
    """
    from difflib import get_close_matches  # only where something is wrong

    start = next((start for start in (own.iri, *_OWN, TIME) if iri.startswith(start)), "")
    names = sorted(name.removeprefix(start) for name in known if name.startswith(start))
    near = get_close_matches(iri.removeprefix(start), names, n=1)
    written = own.short if start == own.iri else short
    return f"{written(iri)}; the nearest is {written(start + near[0])}" if near else written(iri)


def every(terms: Iterable[Term]) -> list[Term]:
    """Terms, each once, in an order that does not depend on the file: IRIs before literals."""
    return sorted(set(terms), key=_place)


def _place(term: Term) -> tuple[str, str, str, str]:
    return (term, "", "", "") if isinstance(term, str) else ("\uffff", term.text, term.datatype, term.language)


def text_of(term: Term) -> str | None:
    """The text of a literal, or an IRI; None of a node without a name."""
    if isinstance(term, Literal):
        return term.text
    return None if is_blank(term) else term


def boolean(term: Term) -> bool | None:
    """The truth value that a literal is, if it is one."""
    if isinstance(term, Literal) and term.datatype == f"{XSD}boolean":
        return _BOOLEANS.get(term.text.strip())
    return None


def is_blank(term: str) -> bool:
    """Whether a node has no name."""
    return term.startswith("_:")


def shown(term: Term) -> str:
    """A term as a message repeats it."""
    if isinstance(term, Literal):
        return repr(term.text[:SHOWN])
    return "a node without a name" if is_blank(term) else short(term)


def notes(said: Said, name: str, nodes: dict[str, Node]) -> list[Doubt]:
    """The notes that a property points at: a kind of problem and its details; a literal is a kind alone."""
    doubts: list[Doubt] = []
    for term in said.every(name):
        if isinstance(term, Literal):
            doubts.append((term.text, ""))
            continue
        note = Said(nodes.get(term, {}), said.slips)
        detail = ", ".join(note.texts(DETAIL))
        doubts += [(kind, detail) for kind in note.texts(LABEL) or [""]]
    return sorted(set(doubts))
