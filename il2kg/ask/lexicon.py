"""What the terms of the graph are called: found by label or synonym, forgiving case, plural and slips of typing."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import pyoxigraph as ox
from rapidfuzz import process
from rapidfuzz.distance import OSA

from il2kg.vocabulary import IL2, OWL, RDF_TYPE, RDFS, SKOS

_NAMES: Final = (ox.NamedNode(RDFS + "label"), ox.NamedNode(SKOS + "altLabel"))
_SUBCLASS: Final = ox.NamedNode(RDFS + "subClassOf")
_TYPE: Final = ox.NamedNode(RDF_TYPE)
_CLASS: Final = ox.NamedNode(OWL + "Class")
_NEAREST: Final = 3
_NEAR_ENOUGH: Final = 0.5

_PLURAL_TO_KEEP: Final = 4
_ONE_SLIP: Final = 5  # letters, from which on a name may have one slip
_TWO_SLIPS: Final = 12  # and two, if it begins alike: hypercalcemia is no slip of hypocalcemia
_BEGINNING: Final = 5
_MOST_SLIPS: Final = 2
_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def words(text: str) -> list[str]:
    """The words of a text as they are compared: lower case, without marks, plural endings off."""
    return [_singular(word) for word in re.findall(r"[a-z0-9]+", text.casefold().replace("'s", "").replace("'", ""))]


def slips(written: str, meant: str, one: int = _ONE_SLIP, two: int = _TWO_SLIPS) -> int | None:
    """How many slips of typing lie between two texts of compared words; None if too many to be forgiven.

    Args:
        written: the words as written.
        meant: the words that may be meant.
        one: from how many letters on one slip is forgiven.
        two: from how many letters on two are.
    """
    alike = written[:_BEGINNING] == meant[:_BEGINNING]
    allowed = 2 if len(meant) >= two and alike else 1 if len(meant) >= one else 0
    distance = OSA.distance(written, meant, score_cutoff=allowed)
    return distance if distance <= allowed else None


@dataclass(frozen=True)
class Term:
    """A term of the graph: its IRI, its label, and all classes that it is, or is a kind of."""

    iri: str
    label: str
    classes: frozenset[str]

    @property
    def name(self) -> str:
        """Its identifier: the local name."""
        return self.iri.removeprefix(IL2)


@dataclass(frozen=True)
class Mention:
    """A term that words name, and how many slips of typing that takes."""

    term: Term
    slips: int


class Lexicon:
    """The names of the terms of a graph."""

    def __init__(self, store: ox.Store) -> None:
        self._store = store
        self._names: dict[str, set[str]] = {}
        self._labels: dict[str, str] = {}
        for predicate in _NAMES:
            for quad in store.quads_for_pattern(None, predicate, None):
                if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.Literal):
                    iri = quad.subject.value
                    self._labels.setdefault(iri, quad.object.value)
                    self._names.setdefault(" ".join(words(quad.object.value)), set()).add(iri)
        for iri in self._labels:
            if iri.startswith(IL2):
                self._names.setdefault(" ".join(words(_CAMEL.sub(" ", iri.removeprefix(IL2)))), set()).add(iri)
        self._mentions: dict[tuple[str, tuple[str, ...]], tuple[Mention, ...]] = {}

    def find(self, text: str, classes: tuple[str, ...]) -> tuple[Mention, ...]:
        """The terms of some classes that a text of compared words names, all with the fewest slips.

        More than one means that the text is ambiguous.
        """
        key = (text, classes)
        if key not in self._mentions:
            self._mentions[key] = self._find(text, classes)
        return self._mentions[key]

    def term(self, identifier: str) -> Term | None:
        """The term with an identifier: its local name, ``il2:`` name or IRI."""
        iri = (
            identifier
            if ":" in identifier and not identifier.startswith("il2:")
            else IL2 + identifier.removeprefix("il2:")
        )
        return self._term(iri) if iri in self._labels else None

    def nearest(self, text: str, classes: tuple[str, ...] = ()) -> list[str]:
        """The labels of the terms whose names are most like a text."""
        likely = process.extract(text, self._names.keys(), scorer=OSA.normalized_similarity, limit=50)
        found: dict[str, None] = {}
        for name, score, _ in likely:
            for term in self._of(name, classes) if score >= _NEAR_ENOUGH else ():
                found[term.label] = None
        return list(found)[:_NEAREST]

    def _find(self, text: str, classes: tuple[str, ...]) -> tuple[Mention, ...]:
        exact = self._of(text, classes)
        if exact:
            return tuple(Mention(term, 0) for term in exact)
        best: dict[str, Mention] = {}
        near = process.extract(text, self._names.keys(), scorer=OSA.distance, score_cutoff=_MOST_SLIPS, limit=None)
        for name, _, _ in near:
            distance = slips(text, name)
            if distance is None or (best and distance > next(iter(best.values())).slips):
                continue
            terms = self._of(name, classes)
            if terms and best and distance < next(iter(best.values())).slips:
                best.clear()
            best |= {term.iri: Mention(term, distance) for term in terms}
        return tuple(best.values())

    def _of(self, name: str, classes: Iterable[str]) -> list[Term]:
        wanted = set(classes)
        terms = [self._term(iri) for iri in sorted(self._names.get(name, ()))]
        return [term for term in terms if not wanted or wanted & term.classes]

    def _term(self, iri: str) -> Term:
        return Term(iri, self._labels[iri], self._ancestors.get(iri, frozenset()))

    @cached_property
    def _ancestors(self) -> dict[str, frozenset[str]]:
        """All classes of each term: up the hierarchy from itself, or from the classes that it is one of."""
        up: dict[str, set[str]] = {}
        for quad in self._store.quads_for_pattern(None, _SUBCLASS, None):
            if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
                up.setdefault(quad.subject.value, set()).add(quad.object.value)
        kinds: dict[str, set[str]] = {iri: set(parents) for iri, parents in up.items()}
        for quad in self._store.quads_for_pattern(None, _TYPE, None):
            if (
                isinstance(quad.subject, ox.NamedNode)
                and isinstance(quad.object, ox.NamedNode)
                and quad.object != _CLASS
            ):
                kinds.setdefault(quad.subject.value, set()).add(quad.object.value)
        return {iri: frozenset(_closure(parents, up)) for iri, parents in kinds.items()}


def _closure(start: set[str], up: dict[str, set[str]]) -> set[str]:
    found: set[str] = set()
    waiting = list(start)
    while waiting:
        node = waiting.pop()
        if node not in found:
            found.add(node)
            waiting += up.get(node, ())
    return found


def _singular(word: str) -> str:
    """A word without the ending of a plural; done to names and questions alike, so that it need not be right."""
    if len(word) >= _PLURAL_TO_KEEP and word.endswith("s") and not word.endswith(("ss", "is", "us")):
        return word[:-1]
    return word
