"""Which concepts the texts of an item name, where no coding says so (semantics, section 7).

Texts and names are compared as their words: without case, accents and punctuation, letters and digits apart, so that
``IL-2``, ``il 2`` and ``IL2`` are one. What the words around a name do to it stands in the vocabulary's ``naming.ttl``.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Final

from il2kg.guideline.model import Concept, Guideline, Naming

_WORD: Final = re.compile(r"[^\W\d_]+|\d+")
_SCANNED: Final = 65536

Words = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NameMatch:
    """A concept that a text names.

    ``over``: the text says that it is past (`history of`).
    """

    concept: str
    text: str
    over: bool = False


def words(text: str) -> Words:
    """The words of a text as they are compared."""
    decomposed = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    return tuple(_WORD.findall("".join(c for c in decomposed if not unicodedata.combining(c))))


@dataclass(frozen=True, slots=True, order=True)
class _Spot:
    """A name in a text: its first word, the one after its last, its letters, and what it names."""

    start: int
    end: int
    length: int
    concepts: Words


class _WordIndex:
    """Names that a text may hold as whole words, found in one walk over its words."""

    def __init__(self, names: Iterable[tuple[str, tuple[str, ...]]], apart_below: int) -> None:
        """``names`` with what each names; those of fewer letters than ``apart_below`` are not joined of other words."""
        self._apart_below = apart_below
        self._known: dict[str, dict[Words, Words]] = {}
        for name, concepts in names:
            if spelt := words(name):
                spellings = self._known.setdefault("".join(spelt), {})
                spellings[spelt] = tuple(dict.fromkeys((*spellings.get(spelt, ()), *concepts)))
        self._longest = max(map(len, self._known), default=0)

    def whole(self, text: Words) -> Words:
        """What a text names that is nothing but a name."""
        return _together(self._known.get("".join(text), {}))

    def within(self, text: Words) -> list[_Spot]:
        """The names that a text holds; where they overlap, the longest."""
        spots: list[_Spot] = []
        for start in range(len(text)):
            joined = ""
            for end in range(start, len(text)):
                joined += text[end]
                if len(joined) > self._longest:
                    break
                spellings = self._known.get(joined)
                if spellings is None:
                    continue
                run = text[start : end + 1]
                concepts = _together(spellings) if len(joined) >= self._apart_below else spellings.get(run)
                if concepts is not None:
                    spots.append(_Spot(start, end + 1, len(joined), concepts))
        kept: list[_Spot] = []
        for spot in sorted(spots, key=lambda s: -s.length):
            if not any(spot.start < k.end and k.start < spot.end and k.length > spot.length for k in kept):
                kept.append(spot)
        return kept


def _together(spellings: dict[Words, Words]) -> Words:
    return tuple(dict.fromkeys(concept for concepts in spellings.values() for concept in concepts))


@dataclass(frozen=True, slots=True)
class _Said:
    """What one text says: the concepts that it names, and whether it would but for a disclaimer."""

    matches: tuple[NameMatch, ...]
    disclaimed: bool = False


class Names:
    """All names of a guideline's concepts. Indexes are built when the first text that needs them comes."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline
        self._naming = guideline.naming
        self._observed = lru_cache(maxsize=_SCANNED)(self._read_observed)
        self._found = lru_cache(maxsize=_SCANNED)(self._read_finding)
        self._done = lru_cache(maxsize=_SCANNED)(self._read_procedure)
        self._given = lru_cache(maxsize=_SCANNED)(self._read_treatment)

    @classmethod
    def of(cls, guideline: Guideline) -> "Names":
        """The names of a guideline."""
        return cls(guideline)

    def named(self, resource: str, texts: Sequence[str], *, numeric: bool = False) -> tuple[NameMatch, ...]:
        """The concepts that the texts of an item name, each once.

        Args:
            resource: the FHIR type of the item; only what such a resource can speak of is named.
            texts: its texts and the displays of its codings.
            numeric: whether its value is a number, which no finding has.
        """
        matches: dict[str, NameMatch] = {}
        for said in self._said(resource, texts, numeric):
            for match in said.matches:
                earlier = matches.get(match.concept, match)
                # Of two texts, the one that doubts more of the record counts.
                matches[match.concept] = NameMatch(match.concept, earlier.text, earlier.over and match.over)
        return tuple(matches.values())

    def telling(self, resource: str, texts: Sequence[str], *, numeric: bool = False) -> bool:
        """Whether a text would name a finding but for words such as `family history`, `risk` or `test`."""
        return any(said.disclaimed for said in self._said(resource, texts, numeric))

    def says_nothing(self, text: str) -> bool:
        """Whether a text is as good as none: without a letter, or `unknown` and its like."""
        return not any(letter.isalpha() for letter in text) or words(text) in self._no_names

    def _said(self, resource: str, texts: Sequence[str], numeric: bool) -> list[_Said]:
        read: Callable[[str], _Said]
        if resource.startswith("Medication"):
            read = self._given
        elif resource == "Procedure":
            read = self._done
        elif resource == "Condition":
            read = self._found
        elif resource == "Observation":
            observed = [self._observed(text) for text in texts]
            if numeric:
                return observed
            return [
                of_value if of_value.matches else self._found(text)
                for of_value, text in zip(observed, texts, strict=True)
            ]
        else:
            return []
        return [read(text) for text in texts]

    def _read_observed(self, text: str) -> _Said:
        bare = self._without_fillers(text)
        return _Said(tuple(NameMatch(each, text) for each in self._observables.get(bare, ())) if bare else ())

    def _read_finding(self, text: str) -> _Said:
        return self._read_words(text, self._findings, self._short_findings)

    def _read_procedure(self, text: str) -> _Said:
        return self._read_words(text, self._procedures, self._short_procedures)

    def _read_words(self, text: str, names: _WordIndex, short: _WordIndex) -> _Said:
        said = words(text)
        if whole := short.whole(said):
            return _Said(tuple(NameMatch(concept, text) for concept in whole))
        spots = names.within(said)
        if not spots:
            return _Said(())
        taken = {place for spot in spots for place in range(spot.start, spot.end)}
        if any(taken.isdisjoint(range(spot.start, spot.end)) for spot in self._disclaimers.within(said)):
            return _Said((), disclaimed=True)
        over = bool(self._bygone.within(said))
        return _Said(tuple(NameMatch(concept, text, over=over) for concept in _concepts(spots)))

    def _read_treatment(self, text: str) -> _Said:
        said = words(text)
        concepts = _concepts(self._treatments.within(said))
        return _Said(tuple(NameMatch(concept, text) for concept in concepts))

    def _without_fillers(self, text: str) -> str:
        """The words of a text that say what is measured, joined."""
        folded = text.casefold()
        for mark in self._marks:
            folded = folded.replace(mark, " ")
        said, fillers = words(folded), self._fillers.within(words(folded))
        taken = {place for spot in fillers for place in range(spot.start, spot.end)}
        return "".join(word for place, word in enumerate(said) if place not in taken)

    @cached_property
    def _marks(self) -> list[str]:
        """Fillers that are known by their punctuation alone."""
        return [filler.casefold() for filler in self._naming.fillers if "[" in filler]

    @cached_property
    def _fillers(self) -> _WordIndex:
        return _phrases(filler for filler in self._naming.fillers if "[" not in filler)

    @cached_property
    def _disclaimers(self) -> _WordIndex:
        return _phrases(self._naming.disclaimers)

    @cached_property
    def _bygone(self) -> _WordIndex:
        return _phrases(self._naming.bygone)

    @cached_property
    def _no_names(self) -> frozenset[Words]:
        return frozenset(map(words, self._naming.no_names))

    @cached_property
    def _observables(self) -> dict[str, Words]:
        by_name: dict[str, Words] = {}
        for observable in self._guideline.observables.values():
            if observable.count is None:
                for name in observable.names:
                    bare = self._without_fillers(name)
                    by_name[bare] = tuple(dict.fromkeys((*by_name.get(bare, ()), observable.id)))
        return by_name

    @cached_property
    def _treatments(self) -> _WordIndex:
        concepts = self._guideline.treatments.values()
        meant = [(name, (concept.id,)) for concept in concepts for name in concept.names]
        return _WordIndex([*meant, *_not_meant(concepts)], self._naming.whole_text_below)

    @cached_property
    def _findings(self) -> _WordIndex:
        return _long_names(self._guideline.findings.values(), self._naming)

    @cached_property
    def _short_findings(self) -> _WordIndex:
        return _short_names(self._guideline.findings.values(), self._naming)

    @cached_property
    def _procedures(self) -> _WordIndex:
        return _long_names(self._procedural, self._naming)

    @cached_property
    def _short_procedures(self) -> _WordIndex:
        return _short_names(self._procedural, self._naming)

    @cached_property
    def _procedural(self) -> list[Concept]:
        return [each for each in self._guideline.findings.values() if each.closed or each.named_by_procedure]


def _phrases(texts: Iterable[str]) -> _WordIndex:
    """Words around names, as they are written: none is joined of others."""
    phrases = [(text, (text,)) for text in texts]
    return _WordIndex(phrases, 1 + max((len(text) for text, _ in phrases), default=0))


def _concepts(spots: Iterable[_Spot]) -> Words:
    """What names in a text name, in the order of the text."""
    return tuple(dict.fromkeys(concept for spot in sorted(spots) for concept in spot.concepts))


def _letters(name: str) -> int:
    return sum(map(str.isalpha, name))


def _not_meant(concepts: Iterable[Concept]) -> list[tuple[str, Words]]:
    """Names that hold one of a concept and name nothing."""
    return [(name, ()) for concept in concepts for name in concept.not_called]


def _long_names(concepts: Collection[Concept], naming: Naming) -> _WordIndex:
    meant = [(n, (c.id,)) for c in concepts for n in c.names if _letters(n) >= naming.whole_text_below]
    return _WordIndex([*meant, *_not_meant(concepts)], naming.whole_text_below)


def _short_names(concepts: Iterable[Concept], naming: Naming) -> _WordIndex:
    return _WordIndex(
        ((n, (c.id,)) for c in concepts for n in c.names if _letters(n) < naming.whole_text_below),
        naming.whole_text_below,
    )
