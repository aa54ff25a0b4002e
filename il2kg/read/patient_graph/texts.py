"""What codings and words stand for together, wherever a graph says it: by a node, by the IRI of a code, or in words."""

from collections.abc import Iterable
from typing import Final

import msgspec

from il2kg.rdf.graphs import Literal, Node, Term
from il2kg.read.patient_graph.said import WRONG_TYPE, Said, is_blank, notes, shown
from il2kg.read.patient_graph.tables import Tables
from il2kg.read.patient_graph.terms import (
    CODE,
    CODE_SYSTEM,
    CODED_TEXT,
    CODING,
    DISPLAY,
    FLAW,
    HAS_CODING,
    LABEL,
    POSITION,
    PREFERRED,
    SAME,
    WORDS,
    short,
)
from il2kg.recognise.coding import Coding
from il2kg.statements import UNSAID, CodedText, Doubt
from il2kg.vocabulary import RDF_TYPE

_LAST: Final = float("inf")
_NOTHING: Final[Node] = {}


class Texts:
    """Reads coded texts; a graph says most of them many times, and each is read once."""

    def __init__(self, nodes: dict[str, Node], tables: Tables) -> None:
        self._nodes = nodes
        self._tables = tables
        self._known: dict[Term, CodedText] = {}
        self._things: dict[tuple[Term, ...], CodedText] = {}

    def of(self, term: Term) -> CodedText:
        """What a term stands for."""
        text = self._known.get(term)
        if text is None:
            text = self._known[term] = self._read(term)
        return text

    def together(self, charted: Iterable[Term], things: Iterable[Term] = ()) -> CodedText:
        """All that says what an item is about, as one: as it was charted, then what names things that are known.

        What is said twice is said once.
        """
        key = (*charted, "", *things)
        text = self._things.get(key)
        if text is None:
            text = self._things[key] = _joined(self._sorted(charted), self._sorted(things))
        return text

    def _sorted(self, terms: Iterable[Term]) -> list[CodedText]:
        return sorted(map(self.of, set(terms)), key=repr)

    def _read(self, term: Term) -> CodedText:
        if isinstance(term, Literal):
            return CodedText(words=(term.text,)) if _says(term.text) else UNSAID
        node = self._nodes.get(term)
        if is_blank(term):
            return self._node(node or _NOTHING)
        if node is None or self._tables.is_term(term):
            return CodedText((self._tables.coding(term),))
        return self._node(node) if _is_text(node) else self._described(term, node)

    def _node(self, node: Node) -> CodedText:
        slips: list[Doubt] = []
        said = Said(node, slips)
        said.known(CODED_TEXT)
        codings = sorted((self._coding(each, slips) for each in said.every(HAS_CODING)), key=_place)
        words = [text for name in (WORDS, LABEL, PREFERRED) for text in said.texts(name) if _says(text)]
        flaws = {*notes(said, FLAW, self._nodes), *slips}
        all_codings = (*_in_words(words[1:]), *(coding for _, coding in codings))
        return CodedText(all_codings, tuple(words[:1]), tuple(sorted(flaws)))

    def _coding(self, term: Term, slips: list[Doubt]) -> tuple[float, Coding]:
        """A coding and its place."""
        if isinstance(term, Literal):
            slips.append((WRONG_TYPE, f"{short(HAS_CODING)}: {shown(term)} where a coding belongs"))
            return _LAST, Coding(None, term.text)
        node = self._nodes.get(term)
        if node is None or not (is_blank(term) or {CODE, CODE_SYSTEM, DISPLAY} & node.keys()):
            return _LAST, self._tables.coding(term)
        said = Said(node, slips)
        said.known(CODING)
        parts = (text if text and _says(text) else None for text in map(said.text, (CODE_SYSTEM, CODE, DISPLAY)))
        return position(said), Coding(*parts)

    def _described(self, iri: str, node: Node) -> CodedText:
        """Something that has an IRI of its own and is described: by its code, its names, and what it is the same as."""
        slips: list[Doubt] = []
        said = Said(node, slips)
        names = [text for name in (PREFERRED, LABEL) for text in said.texts(name) if _says(text)]
        own = msgspec.structs.replace(self._tables.coding(iri), display=names[0] if names else None)
        same = [self._tables.coding(term) for term in said.every(SAME) if isinstance(term, str) and not is_blank(term)]
        coded = [coding for _, coding in sorted((self._coding(t, slips) for t in said.every(HAS_CODING)), key=_place)]
        return CodedText((*_in_words(names[1:]), own, *coded, *same), (), tuple(sorted(set(slips))))


def position(said: Said) -> float:
    """The place of a node among its like; those that do not say it come last."""
    text = said.text(POSITION)
    if text is None:
        return _LAST
    if text.strip().isascii() and text.strip().isdigit():
        return float(text)
    said.slips.append((WRONG_TYPE, f"{short(POSITION)}: {text!r} where a whole number belongs"))
    return _LAST


def _says_less(coding: Coding, other: Coding) -> bool:
    """Whether a coding says nothing beyond another."""
    return (coding.system, coding.code) == (other.system, other.code) and coding.display in (None, other.display)


def _joined(charted: list[CodedText], things: list[CodedText]) -> CodedText:
    """Texts as one: of what is said again of a thing, what is new."""
    texts = [*charted, *things]
    if len(texts) == 1:
        return texts[0]
    codings = [coding for text in charted for coding in text.codings]
    for coding in (coding for text in things for coding in text.codings):
        if not any(_says_less(coding, other) for other in codings):
            codings.append(coding)
    words = list(dict.fromkeys(word for text in texts for word in text.words))
    flaws = {flaw for text in texts for flaw in text.flaws}
    return CodedText((*_in_words(words[1:]), *codings), tuple(words[:1]), tuple(sorted(flaws)))


def _in_words(words: Iterable[str]) -> tuple[Coding, ...]:
    """Words as codings that say nothing else, so that they have an order."""
    return tuple(Coding(None, None, word) for word in words)


def _is_text(node: Node) -> bool:
    """Whether a named node is a coded text, and not the thing that one speaks of."""
    return WORDS in node or CODED_TEXT in node.get(RDF_TYPE, ())


def _place(placed: tuple[float, Coding]) -> tuple[float, str, str, str]:
    place, coding = placed
    return place, coding.system or "", coding.code or "", coding.display or ""


def _says(text: str) -> bool:
    return bool(text) and not text.isspace()
