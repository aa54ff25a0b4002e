"""What the codings and texts of an item stand for: asked of the recogniser once for each way of writing them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

from il2kg.guideline.conditions import (
    Again,
    Compare,
    Condition,
    FindingStatement,
    Measured,
    OnTreatment,
    RegimenFact,
    TreatedWith,
    inner_leaves,
)
from il2kg.guideline.model import Concept, Guideline
from il2kg.guideline.quantities import RegimenCount
from il2kg.read.elements import REMEMBERED, SHOWN, codings, texts, well_formed_concept
from il2kg.recognise.coding import Coding
from il2kg.recognise.recogniser import Meaning, Recogniser, Recognition
from il2kg.vocabulary import IL2


class Subject(NamedTuple):
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
    """The concepts that a criterion names, and those above and below them (semantics, section 7.3)."""
    named: set[str] = set()
    for criterion in guideline.criteria:
        for condition in (criterion.condition, criterion.resume):
            if condition is not None:
                named |= _named(condition, guideline.conventions.dose_of)
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
    return concept.ancestors | concept.descendants


def _named(condition: Condition, dose_of: str) -> set[str]:
    found: set[str] = set()
    for leaf in inner_leaves(condition):
        match leaf:
            case Compare(RegimenCount()) | RegimenFact() | Again():
                found.add(dose_of)
            case Compare(quantity):
                found.add(quantity.observable)
            case Measured(observable):
                found.add(observable)
            case TreatedWith(treatment) | OnTreatment(treatment):
                found.add(treatment)
            case _ if isinstance(leaf, FindingStatement):
                found.add(leaf.finding)
    return found


@dataclass(frozen=True)
class ConceptReader:
    """Reads CodeableConcepts; each way of writing one is recognised once."""

    recogniser: Recogniser
    findings: Mapping[str, Concept]
    _known: dict[object, Subject]

    @classmethod
    def of(cls, recogniser: Recogniser, findings: Mapping[str, Concept]) -> "ConceptReader":
        """A reader that asks a recogniser; ``findings`` are those that an answer may name."""
        return cls(recogniser, findings, {})

    def subject(self, resource: str, concept: object, *, numeric: bool = False) -> Subject:
        """What a CodeableConcept of a type of resource stands for; ``numeric`` where the item's value is a number."""
        try:
            return self._known[_words(resource, numeric, concept)]
        except (KeyError, TypeError, ValueError, AttributeError):
            pass
        found = self._read(resource, concept, numeric)
        if well_formed_concept(concept):
            assert isinstance(concept, dict)
            if len(concept.get("coding", ())) == 1:
                if len(self._known) >= REMEMBERED:
                    self._known.clear()
                self._known[_words(resource, numeric, concept)] = found
        return found

    def named(self, resource: str, said: list[str]) -> Subject:
        """What texts that stand outside of a CodeableConcept stand for."""
        return self._subject(resource, [], said, False, ())

    def answer(self, question: Subject, value: object) -> Subject | None:
        """What the answer to a question that nobody knows names, if it names a finding: never for certain.

        The words of the question go before those of the answer, so that a family history remains one.
        """
        answered = self.named("Observation", [value]) if isinstance(value, str) else self.subject("Observation", value)
        meanings = tuple(m for m in answered.meanings if m.concept in self.findings)
        if not meanings:
            return None
        words = answered.texts or tuple(self.findings[meaning.concept].label for meaning in meanings)
        within = [self.named("Observation", [f"{question.text} {text}"]) for text in words]
        if any(each.telling for each in within):
            return question._replace(telling=True)
        over = any(meaning.over for each in within for meaning in each.meanings)
        doubted = tuple(replace(m, doubtful=True, over=m.over or over) for m in meanings)
        return answered._replace(meanings=doubted, plain=None)

    def _read(self, resource: str, concept: object, numeric: bool) -> Subject:
        wrong = (("code of the wrong type", ""),) if concept is not None and not well_formed_concept(concept) else ()
        return self._subject(resource, [Coding(*each) for each in codings(concept)], texts(concept), numeric, wrong)

    def _subject(
        self,
        resource: str,
        found: list[Coding],
        said: list[str],
        numeric: bool,
        doubts: tuple[tuple[str, str], ...],
    ) -> Subject:
        recognition: Recognition = self.recogniser.recognise(resource, tuple(found), tuple(said), numeric=numeric)
        problems: tuple[tuple[str, str], ...] = ()
        if recognition.stranger is not None:
            problems = (("no identifier of the ontology", f"{recognition.stranger[:SHOWN]!r} is none of {IL2}"),)
        if recognition.set_aside:
            names = ", ".join(sorted(meaning.by for meaning in recognition.meanings))
            doubts = (*doubts, ("codings that contradict each other", names))
        first = next((each for each in found if each.code), None)
        meanings = recognition.meanings
        plain = meanings[0] if len(meanings) == 1 and meanings[0].coded and not meanings[0].doubtful else None
        return Subject(
            recognition.meanings,
            recognition.telling,
            recognition.nameless,
            bool(recognition.meanings) or recognition.means_other,
            (first.system or "") if first else "",
            (first.code or "") if first else "",
            said[0] if said else "",
            tuple(said),
            problems,
            doubts,
            None if problems or doubts else plain,
        )


def _words(resource: str, numeric: bool, concept: Any) -> tuple[object, ...]:
    """What tells one way of writing a concept with one coding from another; what is missing is not what is null."""
    (only,) = concept["coding"]
    get = only.get
    return resource, numeric, get("system", ""), get("code", ""), get("display", ""), concept.get("text", "")
