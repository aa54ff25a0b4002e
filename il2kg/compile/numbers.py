"""Holds every number that people read to the structure that the rules read.

A label, a note or a circumstance in words may say a number only if the same number stands in a structured place of the
term: a limit, a length of time, a dose, a number that the source prints, or one of a criterion or statement that the
term points at. "Above", "at least" and their like must agree with the limit, too. So a limit that was changed is never
announced as it was before.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Context
from functools import cached_property

from il2kg.compile.amounts import Amount, StructuredAmounts
from il2kg.errors import GuidelineError
from il2kg.guideline.ontology_graph import Node, OntologyGraph
from il2kg.guideline.plain_units import TIMES
from il2kg.vocabulary import IL2, RDFS, SKOS

_TEXTS = {
    RDFS + "label": "label",
    SKOS + "editorialNote": "note",
    SKOS + "definition": "definition",
    IL2 + "when": "il2:when",
}
_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")
_COUNTED = ("results", "beats")
_NUMBER = r"\d+(?:,\d{3})*(?:\.\d+)?"
_FREE = r"(?<![\w.])(?<![A-Za-z]-)"  # not the 2 of a name such as H2
_PLACE = re.compile(r"\b[Tt]ables? \d+(?:(?:,| and| or) \d+)*")
# What words before or behind a number say of it, and the limits that say so, or that are met by all else.
_BEFORE = {
    "above": ("above", "atMost"),
    "over": ("above", "atMost"),
    "more than": ("above", "atMost"),
    "below": ("below", "atLeast"),
    "under": ("below", "atLeast"),
    "at least": ("atLeast", "below"),
}
_BEHIND = {"or more": ("atLeast", "below"), "or less": ("atMost", "above")}


def check_numbers(graph: OntologyGraph, spellings: Mapping[str, str], digits: int) -> None:
    """Hold the numbers in words of every statement, criteria and interventions among them, to its structure.

    Args:
        graph: the whole ontology, beyond what the rules need.
        spellings: how texts write units, with their UCUM codes.
        digits: to how many significant digits converted values are compared.

    Raises:
        GuidelineError: there are numbers that stand in no structured place; the message names each, its term and file.
    """
    words = _Words(graph, spellings)
    structured = StructuredAmounts(graph, words.amounts)
    rounded = Context(prec=digits)
    wrong = [
        _message(graph, node, word, written, structured.of(node))
        for node in _terms(graph)
        for name, word in _TEXTS.items()
        for text in graph.texts(node, name)
        for said, written in words.said(text)
        if not any(said.says(one, rounded) for one in structured.of(node))
    ]
    if wrong:
        raise GuidelineError("\n".join(wrong))


def _terms(graph: OntologyGraph) -> list[Node]:
    """The statements: all that the sources say."""
    kinds = ["Statement", *(name for name, above in graph.subclasses.items() if "Statement" in above)]
    return list(dict.fromkeys(node for kind in kinds for node in graph.of_class(kind)))


def _message(graph: OntologyGraph, node: Node, word: str, written: str, structured: tuple[Amount, ...]) -> str:
    path = graph.files.get(node)
    known = ", ".join(dict.fromkeys(str(one) for one in structured)) or "no number"
    return (
        f"{path.name if path else 'ontology'}: {graph.short(node)}: its {word} says {written!r}, but its structure "
        f"says {known}; correct the one that is wrong (il2:printed holds what a source prints beside the limits)"
    )


@dataclass(frozen=True)
class _Words:
    """Reads numbers in texts."""

    graph: OntologyGraph
    spellings: Mapping[str, str]

    def amounts(self, text: str) -> tuple[Amount, ...]:
        """The numbers of a text."""
        return tuple(amount for amount, _ in self.said(text))

    def said(self, text: str) -> Iterator[tuple[Amount, str]]:
        """The numbers of a text, each with the words in which it stands there."""
        bare = _PLACE.sub("", text)
        for match in self._numbers.finditer(bare):
            values = [value for value in (match["one"], match["other"]) if value is not None]
            relations = () if len(values) > 1 else _relations(match["before"], match["behind"])
            for value in values:
                yield Amount.read(value.replace(",", ""), self._unit(match["unit"]), relations, match["per"]), match[0]
        for match in self._number_words.finditer(bare):
            value = str(_WORDS.index(match["word"].lower()) + 2)
            yield Amount.read(value, self._unit(match["unit"])), match[0]

    def _unit(self, written: str | None) -> str | None:
        return self._units.get(written) if written else None

    @cached_property
    def _units(self) -> dict[str, str]:
        """UCUM codes by how texts write them."""
        codes = {text: text for node in self.graph.index for text in self.graph.texts(node, "unit")}
        times = {word: code for code, words in TIMES.items() for word in words}
        return {**{c: c for c in codes if not c.startswith("{")}, **self.spellings, **times, "+": "{grade}"}

    @cached_property
    def _numbers(self) -> re.Pattern[str]:
        units = "|".join(re.escape(unit) for unit in sorted(self._units, key=len, reverse=True))
        return re.compile(
            rf"(?:\b(?P<before>(?i:{'|'.join(_BEFORE)}))\s+)?{_FREE}(?P<one>{_NUMBER})"
            rf"(?:\s*(?:to|-|and|or)\s*(?P<other>{_NUMBER}))?"
            rf"(?:[\s-]?(?P<unit>{units})(?![\w/])(?: per (?P<per>\d+) h\b)?)?"
            rf"(?:\s+(?P<behind>{'|'.join(_BEHIND)})\b)?"
        )

    @cached_property
    def _counted_in_series(self) -> tuple[str, ...]:
        """What people call the events and the levels of the guideline's series, more than one of each."""
        events = [
            text for series in self.graph.of_class("EventSeries") for text in self.graph.texts(series, "eventLabel")
        ]
        return tuple(f"{word}s" for word in (*events, *map(self.graph.label, self.graph.of_class("Level"))))

    @cached_property
    def _number_words(self) -> re.Pattern[str]:
        times = (word for words in TIMES.values() for word in words)
        units = "|".join(map(re.escape, (*_COUNTED, *self._counted_in_series, *times)))
        return re.compile(rf"\b(?P<word>{'|'.join(_WORDS)})(?: latest)?[\s-](?P<unit>{units})\b", re.IGNORECASE)


def _relations(before: str | None, behind: str | None) -> tuple[str, ...]:
    if behind is not None:
        return _BEHIND[behind]
    return _BEFORE[before.lower()] if before is not None else ()
