"""What the terms of the graph are called: found by label or synonym, forgiving case, plural and slips of typing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import pyoxigraph as ox

from il2kg.knowledge.store import Knowledge
from il2kg.vocabulary import IL2, IL2_PREFIX, RDF_TYPE, RDFS, SKOS

_NAMES: Final = (ox.NamedNode(RDFS + "label"), ox.NamedNode(SKOS + "altLabel"))
_SUBCLASS: Final = ox.NamedNode(RDFS + "subClassOf")
_TYPE: Final = ox.NamedNode(RDF_TYPE)
_NEAREST: Final = 3

_PLURAL_TO_KEEP: Final = 4
_NO_PLURAL: Final = ("ss", "is", "us")
_ONE_SLIP: Final = 5
_REMEMBERED: Final = 2**16
_SINGULAR_VERBS: Final = {"are": "is", "do": "doe", "have": "has", "were": "was"}
_WORD = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"\d")


def words(text: str) -> list[str]:
    """The words of a text as they are compared: lower case, without marks and accents, plural endings off."""
    plain = text if text.isascii() else _without_accents(text)
    return [singular(word) for word in _WORD.findall(plain.lower().replace("'", ""))]


def _without_accents(text: str) -> str:
    """A text with letters instead of accented ones; letters of other scripts stay, for a word is never passed over."""
    from unicodedata import combining, normalize

    return "".join(c for c in normalize("NFKD", text.replace("\u2019", "'")) if not combining(c))


@lru_cache(maxsize=_REMEMBERED)
def is_slip(written: str, meant: str, letters: int = _ONE_SLIP) -> bool:
    """Whether a text of compared words is another, with one slip of typing.

    One letter more, less, other, or two swapped. Two slips are no slip: they lie between hypercalcemia and
    hyperkalemia, or eligible and ineligible. Nor is another number: it is that of another row or paragraph.

    Args:
        written: the words as written.
        meant: the words that may be meant.
        letters: how long these must be for a slip to be forgiven.
    """
    if len(meant) < letters or abs(len(written) - len(meant)) > 1 or _DIGIT.findall(written) != _DIGIT.findall(meant):
        return False
    from jellyfish import damerau_levenshtein_distance

    return damerau_levenshtein_distance(written, meant) == 1


@dataclass(frozen=True, slots=True)
class Term:
    """A term of the graph: its IRI, its label, all classes that it is, or is a kind of, and its identifier."""

    iri: str
    label: str
    classes: frozenset[str]
    name: str


class Lexicon:
    """The names of the terms of a graph that are of some classes, by default of any."""

    def __init__(self, knowledge: Knowledge, classes: Iterable[str] = ()) -> None:
        store, self._namespace = knowledge.store, knowledge.names
        self._classes = _classes_of_terms(store)
        wanted = set(classes)
        known = {iri for iri, kinds in self._classes.items() if not wanted or not wanted.isdisjoint(kinds)}
        self._names: dict[str, set[str]] = {}
        self._labels: dict[str, str] = {}
        for predicate in _NAMES:
            for quad in store.quads_for_pattern(None, predicate, None):
                if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                    iri, name = quad.subject.value, quad.object.value
                    if iri in known:
                        self._labels.setdefault(iri, name)
                        self._names.setdefault(" ".join(words(name)), set()).add(iri)
        for iri in self._labels:
            self._names.setdefault(singular(self._identifier(iri).lower()), set()).add(iri)
        self._slips: dict[str, tuple[str, ...]] = {}

    def exactly(self, text: str, classes: tuple[str, ...]) -> list[Term]:
        """The terms of some classes whose name a text of compared words is; more than one if it is ambiguous."""
        return self._of(text, classes)

    def nearly(self, text: str, classes: tuple[str, ...]) -> list[Term]:
        """The terms of some classes whose name a text is with one slip; what is a name of anything is no slip."""
        if text in self._names:
            return []
        if text not in self._slips:
            self._slips[text] = tuple(name for name in self._names if is_slip(text, name))
        return list({term.iri: term for name in self._slips[text] for term in self._of(name, classes)}.values())

    def term(self, identifier: str) -> Term | None:
        """The term with an identifier: its local name, ``prefix:name`` or IRI."""
        prefix, colon, local = identifier.rpartition(":")
        homes = {self._namespace.prefix: self._namespace.iri, IL2_PREFIX: IL2}
        if not colon:
            iris = [home + local for home in homes.values()]
        else:
            iris = [homes[prefix] + local] if prefix in homes else [identifier]
        return next((self._term(iri) for iri in iris if iri in self._labels), None)

    def nearest(self, text: str, classes: tuple[str, ...] = ()) -> list[str]:
        """The labels of the terms whose names are most like a text."""
        import difflib

        names = [name for name in self._names if self._of(name, classes)]
        likely = difflib.get_close_matches(text, names, n=_NEAREST)
        return list({term.label: None for name in likely for term in self._of(name, classes)})[:_NEAREST]

    def _of(self, name: str, classes: Iterable[str]) -> list[Term]:
        wanted = set(classes)
        terms = [self._term(iri) for iri in sorted(self._names.get(name, ()))]
        return [term for term in terms if not wanted or wanted & term.classes]

    def _term(self, iri: str) -> Term:
        return Term(iri, self._labels[iri], self._classes[iri], self._identifier(iri))

    def _identifier(self, iri: str) -> str:
        return self._namespace.identifier(iri) or iri


def _classes_of_terms(store: ox.Store) -> dict[str, frozenset[str]]:
    """All classes of each term: up the hierarchy from itself, or from the classes that it is one of."""
    up: dict[str, set[str]] = {}
    kinds: dict[str, set[str]] = {}
    for predicate, maps in ((_SUBCLASS, (up, kinds)), (_TYPE, (kinds,))):
        for quad in store.quads_for_pattern(None, predicate, None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                for by_term in maps:
                    by_term.setdefault(quad.subject.value, set()).add(quad.object.value)
    closures = {kind: _closure({kind}, up) for kind in {kind for some in kinds.values() for kind in some}}
    return {iri: frozenset().union(*(closures[kind] for kind in some)) for iri, some in kinds.items()}


def _closure(start: set[str], up: dict[str, set[str]]) -> set[str]:
    reached: set[str] = set()
    waiting = list(start)
    while waiting:
        node = waiting.pop()
        if node not in reached:
            reached.add(node)
            waiting += up.get(node, ())
    return reached


def singular(word: str) -> str:
    """A word without the ending of a plural; done to names and questions alike, so that it need not be right."""
    if not word.endswith("s"):
        return _SINGULAR_VERBS.get(word, word)
    return word if len(word) < _PLURAL_TO_KEEP or word.endswith(_NO_PLURAL) else word[:-1]
