"""Which question is meant, and of what: words are laid along the phrasings of the questions.

Every word must have a place: in a phrasing, give or take a slip of typing, in the name of a term, or among the few
words that say nothing. A word without a place, above all a *not*, means that the question is not understood, and no
answer is given: a near question is offered, never asked.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Final

from il2kg.ask.catalogue import Parameter, Question
from il2kg.ask.lexicon import Lexicon, Term, is_slip, singular, words
from il2kg.errors import QuestionError

_SILENT: Final = frozenset({"a", "an", "the", "please", "patient", "my", "in", "of", "during", "therapy", "treatment"})
_LONGEST_NAME: Final = 10
_MOST_WORDS: Final = 40
_MOST_CHARACTERS: Final = 1000
_OFFERED: Final = 3
_ONE_SLIP_IN_WORD: Final = 4


@dataclass(frozen=True, slots=True)
class Understood:
    """A question, and the terms that it is asked of, by parameter."""

    question: Question
    terms: dict[str, Term]


@dataclass(frozen=True, slots=True)
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
    if len(text) > _MOST_CHARACTERS:
        raise QuestionError(f"a question has at most {_MOST_CHARACTERS} characters; this one has {len(text)}")
    asked = words(text)
    if len(asked) > _MOST_WORDS:
        raise QuestionError(f"a question has at most {_MOST_WORDS} words; this one has {len(asked)}")
    questions = tuple(questions)
    readings = _found(asked, questions, lexicon, forgiving=False) or _found(asked, questions, lexicon, forgiving=True)
    if not readings:
        raise QuestionError(_not_understood(text, asked, questions, lexicon))
    # The fewer liberties a reading takes, and the more of the words a phrasing itself has, the better.
    reading, question = min(readings, key=lambda f: (f[0].slips, f[0].silent, len(f[0].terms)))
    if reading.ambiguous:
        names = " or ".join(f"{term.label} ({term.name})" for term in reading.ambiguous)
        raise QuestionError(f"{text!r}: does this mean {names}?")
    return Understood(question, dict(reading.terms))


@cache
def _phrasings(question: Question) -> tuple[tuple[_Part, ...], ...]:
    """The phrasings of a question as words and parameters."""
    return tuple(
        tuple(question.parameter(p[1:-1]) if p.startswith("{") else singular(p) for p in phrasing.split())
        for phrasing in question.phrasings
    )


@dataclass(frozen=True, slots=True)
class _Reader:
    """Lays words along phrasings; forgiving or not of slips."""

    lexicon: Lexicon
    forgiving: bool

    def readings(self, asked: list[str], parts: tuple[_Part, ...]) -> Iterator[_Reading]:
        """All ways to lay words along the parts of a phrasing."""
        if not parts:
            if all(word in _SILENT for word in asked):
                yield _Reading(0, len(asked), ())
            return
        part, rest = parts[0], parts[1:]
        if isinstance(part, Parameter):
            yield from self._named(asked, part, rest)
        elif asked and (slips := self._word_slips(asked[0], part)) is not None:
            for reading in self.readings(asked[1:], rest):
                yield replace(reading, slips=reading.slips + slips)
        if asked and asked[0] in _SILENT:
            for reading in self.readings(asked[1:], parts):
                yield replace(reading, silent=reading.silent + 1)

    def _named(self, asked: list[str], part: Parameter, rest: tuple[_Part, ...]) -> Iterator[_Reading]:
        """The ways in which the first words name a term for a parameter."""
        for end in range(1, min(len(asked), _LONGEST_NAME) + 1):
            # Names are looked up last: that the words behind do not fit is known sooner.
            behind = tuple(self.readings(asked[end:], rest))
            terms, slips = self._terms(" ".join(asked[:end]), part.classes) if behind else ([], 0)
            for reading in behind if terms else ():
                yield _Reading(
                    slips + reading.slips,
                    reading.silent,
                    ((part.name, terms[0]), *reading.terms),
                    tuple(terms) if len(terms) > 1 else reading.ambiguous,
                )

    def _terms(self, name: str, classes: tuple[str, ...]) -> tuple[list[Term], int]:
        """What a name means, and with how many slips."""
        exact = self.lexicon.exactly(name, classes)
        return (exact, 0) if exact or not self.forgiving else (self.lexicon.nearly(name, classes), 1)

    def _word_slips(self, written: str, meant: str) -> int | None:
        """How many slips are in a word of a phrasing; None if it is another word."""
        if written == meant:
            return 0
        return 1 if self.forgiving and is_slip(written, meant, _ONE_SLIP_IN_WORD) else None


def _found(
    asked: list[str], questions: tuple[Question, ...], lexicon: Lexicon, *, forgiving: bool
) -> list[tuple[_Reading, Question]]:
    """All readings of all questions."""
    reader = _Reader(lexicon, forgiving)
    return [
        (reading, question)
        for question in questions
        for parts in _phrasings(question)
        for reading in reader.readings(asked, parts)
    ]


def _not_understood(text: str, asked: list[str], questions: tuple[Question, ...], lexicon: Lexicon) -> str:
    """What to say of a text that no question matches: the nearest questions, and what its unknown name may be."""
    import difflib

    plain = " ".join(asked)
    for question in questions:
        for parts in _phrasings(question):
            unknown = _unknown_name(asked, parts)
            if unknown is not None:
                parameter, name = unknown
                near = lexicon.nearest(name, parameter.classes)
                offer = f"; nearest: {'; '.join(near)}" if near else "; `il2kg questions` lists what can be asked"
                return f"{text!r}: the guideline knows no {parameter.name} called {name!r}{offer}"
    phrasings = [phrasing for question in questions for phrasing in question.phrasings]
    offered = "; ".join(difflib.get_close_matches(plain, phrasings, n=_OFFERED, cutoff=0))
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
    if not isinstance(parameter, Parameter):
        return None
    if not all(a == f or is_slip(a, f, _ONE_SLIP_IN_WORD) for a, f in zip(around, fixed, strict=True)):
        return None
    return parameter, " ".join(asked[place : len(asked) - behind])
