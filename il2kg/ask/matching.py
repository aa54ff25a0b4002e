"""Which question is meant, and of what: words are laid along the phrasings of the questions.

Every word must have a place: in a phrasing, give or take a slip of typing, in the name of a term, or among the few words
that say nothing. A word without a place, above all a *not*, means that the question is not understood, and no answer is
given: a near question is offered, never asked.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final

from rapidfuzz import fuzz

from il2kg.ask.catalogue import Parameter, Question
from il2kg.ask.lexicon import Lexicon, Term, slips, words
from il2kg.errors import QuestionError

_SILENT: Final = frozenset({"a", "an", "the", "please", "patient", "my", "in", "of", "during", "therapy", "treatment"})
_LONGEST_NAME: Final = 10
_OFFERED: Final = 3
_ONE_SLIP_IN_WORD: Final = 4
_PART = re.compile(r"\{(\w+)\}|([^\s{}]+)")


@dataclass(frozen=True)
class Understood:
    """A question, and the terms that it is asked of, by parameter."""

    question: Question
    terms: dict[str, Term]

    @property
    def parameters(self) -> dict[str, str]:
        """The IRIs of the terms, by parameter."""
        return {name: term.iri for name, term in self.terms.items()}


@dataclass(frozen=True)
class _Reading:
    """One way to read the words: how many slips it takes and how many words it leaves unused."""

    slips: int
    silent: int
    terms: tuple[tuple[str, Term], ...]
    ambiguous: tuple[Term, ...] = ()


_Part = Parameter | str


def understand(text: str, questions: Iterable[Question], lexicon: Lexicon) -> Understood:
    """The question that a text asks.

    Raises:
        QuestionError: none, or more than one equally well; the message offers the nearest.
    """
    asked = words(text)
    questions = tuple(questions)
    found = [
        (reading, question)
        for question in questions
        for parts in _phrasings(question)
        for reading in _readings(asked, parts, lexicon)
    ]
    if not found:
        raise QuestionError(_not_understood(text, asked, questions, lexicon))
    best = min((reading.slips, reading.silent) for reading, _ in found)
    reading, question = next(f for f in found if (f[0].slips, f[0].silent) == best)
    if reading.ambiguous:
        names = " or ".join(f"{term.label} ({term.name})" for term in reading.ambiguous)
        raise QuestionError(f"{text!r}: does this mean {names}?")
    return Understood(question, dict(reading.terms))


@cache
def _phrasings(question: Question) -> tuple[tuple[_Part, ...], ...]:
    """The phrasings of a question as words and parameters."""
    return tuple(
        tuple(
            part
            for match in _PART.finditer(phrasing)
            for part in ([question.parameter(match[1])] if match[1] else words(match[2]))
        )
        for phrasing in question.phrasings
    )


def _readings(asked: list[str], parts: tuple[_Part, ...], lexicon: Lexicon) -> Iterator[_Reading]:
    """All ways to lay words along the parts of a phrasing."""
    if not parts:
        if all(word in _SILENT for word in asked):
            yield _Reading(0, len(asked), ())
        return
    part, rest = parts[0], parts[1:]
    if isinstance(part, Parameter):
        for end in range(1, min(len(asked), _LONGEST_NAME) + 1):
            # Names are looked up last: that the words behind do not fit is known sooner.
            behind = tuple(_readings(asked[end:], rest, lexicon))
            mentions = lexicon.find(" ".join(asked[:end]), part.classes) if behind else ()
            for reading in behind if mentions else ():
                ambiguous = tuple(m.term for m in mentions) if len(mentions) > 1 else reading.ambiguous
                terms = ((part.name, mentions[0].term), *reading.terms)
                yield _Reading(mentions[0].slips + reading.slips, reading.silent, terms, ambiguous)
    elif asked and (slipped := _word_slips(asked[0], part)) is not None:
        for reading in _readings(asked[1:], rest, lexicon):
            yield _Reading(slipped + reading.slips, reading.silent, reading.terms, reading.ambiguous)
    if asked and asked[0] in _SILENT:
        for reading in _readings(asked[1:], parts, lexicon):
            yield _Reading(reading.slips, reading.silent + 1, reading.terms, reading.ambiguous)


def _word_slips(written: str, meant: str) -> int | None:
    """Slips in a word of a phrasing. One at most: two make *eligible* of *ineligible*."""
    return 0 if written == meant else slips(written, meant, _ONE_SLIP_IN_WORD, len(meant) + 1)


def _not_understood(text: str, asked: list[str], questions: tuple[Question, ...], lexicon: Lexicon) -> str:
    """What to say of a text that no question matches: the nearest questions, and what its unknown name may be."""
    plain = " ".join(asked)
    for question in questions:
        for parts in _phrasings(question):
            unknown = _unknown_name(asked, parts)
            if unknown is not None:
                parameter, name = unknown
                near = lexicon.nearest(name, parameter.classes)
                offer = f"; nearest: {'; '.join(near)}" if near else ""
                return f"{text!r}: the guideline knows no {parameter.name} called {name!r}{offer}"
    scored = sorted(
        ((fuzz.token_sort_ratio(plain, " ".join(words(p))), p) for q in questions for p in q.phrasings), reverse=True
    )
    offered = "; ".join(phrasing for _, phrasing in scored[:_OFFERED])
    return f"no question matches {text!r}; nearest: {offered}. `il2kg questions` lists all"


def _unknown_name(asked: list[str], parts: tuple[_Part, ...]) -> tuple[Parameter, str] | None:
    """The words in the place of the only parameter, where all words around it are those of a phrasing."""
    places = [i for i, part in enumerate(parts) if isinstance(part, Parameter)]
    if len(places) != 1 or len(parts) < _OFFERED or len(asked) < len(parts):
        return None
    (place,) = places
    behind = len(parts) - place - 1
    around = [*asked[:place], *asked[len(asked) - behind :]]
    fixed = [part for part in parts if isinstance(part, str)]
    parameter = parts[place]
    if not isinstance(parameter, Parameter) or any(
        _word_slips(a, f) is None for a, f in zip(around, fixed, strict=True)
    ):
        return None
    return parameter, " ".join(asked[place : len(asked) - behind])
