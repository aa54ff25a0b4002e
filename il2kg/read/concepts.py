"""What the codings and texts of an item stand for: asked of the recogniser once for each way of writing them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import msgspec

from il2kg.guideline.conditions import inner_leaves
from il2kg.guideline.model import Concept, Guideline
from il2kg.read.limits import REMEMBERED, SHOWN
from il2kg.recognise.recogniser import Meaning, Recogniser, Recognition
from il2kg.statements import CodedText


class Subject(msgspec.Struct, frozen=True, gc=False):
    """What an item, or a part of one, is about.

    ``system``, ``code`` and ``text`` are its first coding and its words, as they stand in the record. ``problems`` are
    what cannot be trusted of them, whatever is said; ``doubts`` set what is said aside. ``plain`` is its one meaning
    where nothing is to be said about it.
    """

    meanings: tuple[Meaning, ...]
    telling: bool
    nameless: bool
    known: bool
    system: str
    code: str
    text: str
    texts: tuple[str, ...]
    problems: tuple[tuple[str, str], ...]
    doubts: tuple[tuple[str, str], ...]
    plain: Meaning | None

    @property
    def coded(self) -> bool:
        """Whether a coding says what it is."""
        return any(meaning.coded for meaning in self.meanings)

    @property
    def shown(self) -> str:
        """The first coding, or else the text, for a message."""
        return f"{self.system}|{self.code}" if self.code else repr(self.text[:SHOWN])


def concerned(guideline: Guideline) -> frozenset[str]:
    """The concepts that bear on a criterion: those that one asks about, and the treatments whose events are counted."""
    counted = {each for series in guideline.series for each in _line(guideline.treatments[series.treatment])}
    return asked_about(guideline) | counted


def asked_about(guideline: Guideline) -> frozenset[str]:
    """The concepts that a criterion names, and those above and below them (semantics, section 7)."""
    named = {
        concept
        for criterion in guideline.criteria
        for leaf in inner_leaves(criterion.condition, criterion.resume)
        if not leaf.of_events
        for concept in leaf.asks_about(guideline)
    }
    for observable in guideline.observables.values():
        if observable.id in named and observable.infusion_of is not None:
            named.add(observable.infusion_of)
        if observable.interpreted_as in named:
            named.add(observable.id)
    concepts: Mapping[str, Concept] = {**guideline.findings, **guideline.treatments}
    related = {each for name in named & concepts.keys() for each in _line(concepts[name])}
    # A result that states such a finding bears on it as much as the finding does.
    stating = {o.id for o in guideline.observables.values() if o.interpreted_as in named | related}
    return frozenset(named | related | stating)


def _line(concept: Concept) -> frozenset[str]:
    return frozenset({concept.id}) | concept.ancestors | concept.descendants


@dataclass(frozen=True)
class ConceptReader:
    """Reads codings and words; each way of writing them is recognised once."""

    recogniser: Recogniser
    findings: Mapping[str, Concept]
    _known: dict[tuple[str, bool, CodedText], Subject]

    @classmethod
    def of(cls, recogniser: Recogniser, findings: Mapping[str, Concept]) -> "ConceptReader":
        """A reader that asks a recogniser; ``findings`` are those that an answer may name."""
        return cls(recogniser, findings, {})

    def subject(self, resource: str, said: CodedText, *, numeric: bool = False) -> Subject:
        """What codings and words stand for in a type of resource; ``numeric`` where the item's value is a number."""
        key = (resource, numeric, said)
        subject = self._known.get(key)
        if subject is None:
            if len(self._known) >= REMEMBERED:
                self._known.clear()
            subject = self._known[key] = self._subject(resource, said, numeric)
        return subject

    def answer(self, question: Subject, value: CodedText | str) -> Subject | None:
        """What the answer to a question that nobody knows names, if it names a finding: never for certain.

        The words of the question go before those of the answer, so that a family history remains one.
        """
        answered = self._in_words(value) if isinstance(value, str) else self.subject("Observation", value)
        meanings = tuple(m for m in answered.meanings if m.concept in self.findings)
        if not meanings:
            return None
        words = answered.texts or tuple(self.findings[meaning.concept].label for meaning in meanings)
        within = [self._in_words(f"{question.text} {text}") for text in words]
        if any(each.telling for each in within):
            return msgspec.structs.replace(question, telling=True)
        over = any(meaning.over for each in within for meaning in each.meanings)
        doubted = tuple(replace(m, doubtful=True, over=m.over or over) for m in meanings)
        return msgspec.structs.replace(answered, meanings=doubted, plain=None)

    def _in_words(self, text: str) -> Subject:
        return self.subject("Observation", CodedText(words=(text,)))

    def _subject(self, resource: str, said: CodedText, numeric: bool) -> Subject:
        texts, doubts = said.texts, said.flaws
        recognition: Recognition = self.recogniser.recognise(resource, said.codings, tuple(texts), numeric=numeric)
        problems: tuple[tuple[str, str], ...] = ()
        if recognition.stranger is not None:
            problems = (
                (
                    "no identifier of the ontology",
                    f"{recognition.stranger[:SHOWN]!r} is none of {self.recogniser.namespace}",
                ),
            )
        if recognition.set_aside:
            names = ", ".join(sorted(meaning.by for meaning in recognition.meanings))
            doubts = (*doubts, ("codings that contradict each other", names))
        first = next((each for each in said.codings if each.code), None)
        meanings = recognition.meanings
        plain = meanings[0] if len(meanings) == 1 and meanings[0].coded and not meanings[0].doubtful else None
        return Subject(
            recognition.meanings,
            recognition.telling,
            recognition.nameless,
            bool(recognition.meanings) or recognition.means_other,
            (first.system or "") if first else "",
            (first.code or "") if first else "",
            texts[0] if texts else "",
            tuple(texts),
            problems,
            doubts,
            None if problems or doubts else plain,
        )
