"""What was recognised of the codings of records, and what the others are most like (semantics, section 7).

It is told by the reader of each item as that item is read, so that what it says is what an assessment does.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

import msgspec

from il2kg.guideline.model import Guideline
from il2kg.read.concepts import Subject
from il2kg.recognise.names import words

_LIKE: Final = 0.72
_SAME_WORD: Final = 0.9


class How(StrEnum):
    """How an item was recognised; what cannot be relied upon comes last."""

    CODED = "coded"
    NAMED = "named"
    DOUBTFUL = "doubtful"
    SET_ASIDE = "set-aside"
    PASSED_OVER = "passed-over"


class Met(msgspec.Struct, frozen=True, order=True, gc=False):
    """A coding and text of a type of resource, and what it was taken for; ``known`` if a coding said so."""

    resource: str
    system: str
    code: str
    text: str
    how: How
    concepts: tuple[str, ...]
    known: bool


@dataclass(frozen=True, slots=True)
class Row:
    """What was met, how often, and the concept that its text is most like, if none was recognised."""

    met: Met
    count: int
    suggestion: str | None


class Coverage:
    """What was met so far; `met` is to be given to a reader as its observer."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline
        self._count: Counter[Met] = Counter()

    def met(self, resource: str, subject: Subject) -> None:
        """An item, or a part of one, of a type of resource was read."""
        concepts = tuple(sorted({meaning.concept for meaning in subject.meanings}))
        how = _how(resource, subject, self._guideline)
        known = subject.coded or (subject.known and not concepts)
        self._count[Met(resource, subject.system, subject.code, subject.text, how, concepts, known)] += 1

    def rows(self) -> list[Row]:
        """By type of resource and code system, the most frequent first."""
        suggest = _Suggestions(self._guideline)
        return [
            Row(met, count, None if met.concepts or met.known else suggest.of(met.resource, met.text or met.code))
            for met, count in sorted(self._count.items(), key=lambda e: (e[0].resource, e[0].system, -e[1], e[0]))
        ]


def _how(resource: str, subject: Subject, guideline: Guideline) -> How:
    if not subject.meanings:
        # A drug that nobody can name may be any; a finding or result that nobody can name is passed over.
        return How.DOUBTFUL if subject.nameless and resource.startswith("Medication") else How.PASSED_OVER
    if subject.doubts:
        return How.SET_ASIDE
    if subject.coded:
        return How.DOUBTFUL if all(meaning.doubtful for meaning in subject.meanings) else How.CODED
    named = {meaning.concept for meaning in subject.meanings}
    if named & guideline.treatments.keys():
        return How.NAMED
    return How.SET_ASIDE if named & guideline.observables.keys() else How.DOUBTFUL


class _Suggestions:
    """The concept whose names are most like a text: for a person to confirm, and never used."""

    def __init__(self, guideline: Guideline) -> None:
        findings = _spelled((each.id, each.names) for each in guideline.findings.values())
        seen = _spelled((each.id, each.names) for each in guideline.observables.values() if each.count is None)
        self._names = {"Observation": [*seen, *findings], "Condition": findings, "Procedure": findings}
        self._given = _spelled((each.id, each.names) for each in guideline.treatments.values())
        self.of = lru_cache(maxsize=None)(self._nearest)

    def _nearest(self, resource: str, text: str) -> str | None:
        said = words(text)
        names = self._given if resource.startswith("Medication") else self._names.get(resource, [])
        if not said or not names:
            return None
        likeness, best = max(((_likeness(said, name), concept) for concept, name in names), key=lambda each: each[0])
        return best if likeness >= _LIKE else None


def _spelled(names: Iterable[tuple[str, tuple[str, ...]]]) -> list[tuple[str, tuple[str, ...]]]:
    return [(concept, words(name)) for concept, several in names for name in several]


def _likeness(said: tuple[str, ...], name: tuple[str, ...]) -> float:
    """From 0 to 1: the mean of how like the two are as written and how many of their words they share."""
    from jellyfish import jaro_winkler_similarity

    whole = jaro_winkler_similarity(" ".join(said), " ".join(name))
    shared = sum(any(jaro_winkler_similarity(one, other) >= _SAME_WORD for other in said) for one in name)
    return (whole + shared / max(len(name), 1)) / 2
