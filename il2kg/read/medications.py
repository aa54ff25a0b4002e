"""What was given, wherever an item says it, and where it acts (semantics, section 7)."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property, lru_cache
from typing import Final

import msgspec
from msgspec.structs import replace

from il2kg.guideline.coded_answers import Answers, Question, Said, whole_words
from il2kg.guideline.model import Guideline
from il2kg.read.concepts import ConceptReader, Subject
from il2kg.read.limits import REMEMBERED
from il2kg.statements import UNSAID, CodedText, Doubt, Medication, Product

_NOWHERE: Final[frozenset[Said]] = frozenset()
_TWO_WAYS: Final = ("what was given is said in two ways", "")


class Given(msgspec.Struct, frozen=True, gc=False):
    """What an item gives: what it is about, each part of a mixture on its own, and where form and route say it acts.

    ``problems`` say why nobody can name it, ``doubts`` why it is set aside.
    """

    subjects: tuple[Subject, ...]
    form: frozenset[Said]
    route: frozenset[Said]
    problems: tuple[Doubt, ...]
    doubts: tuple[Doubt, ...]


class MedicationReader:
    """Finds what a medication item gives."""

    def __init__(self, guideline: Guideline, concepts: ConceptReader, answers: Mapping[Question, Answers]) -> None:
        self._naming = guideline.naming
        self._treatments = guideline.treatments
        self._concepts = concepts
        self._places = answers[Question.PLACE]
        self._said_in = lru_cache(maxsize=REMEMBERED)(self._read_words)

    # Patterns are made when the first text turns up: they take longer than reading a record does.

    @cached_property
    def _local(self) -> re.Pattern[str]:
        return self._places.words(Said.LOCAL, self._naming.local_forms)

    @cached_property
    def _whole_body(self) -> re.Pattern[str]:
        return self._places.words(Said.WHOLE_BODY, self._naming.whole_body_forms)

    @cached_property
    def _on_skin(self) -> re.Pattern[str]:
        return whole_words(self._naming.whole_body_forms)

    def given(self, said: Medication) -> Given:
        """What an item gives."""
        kind = said.item.kind
        route = self._places_of(said.routes)
        own = tuple(self._concepts.subject(kind, about) for about in said.about)
        if len(own) == 1 and said.product is None and said.unresolved is None:
            return self._given(own, None, route)
        if said.product is not None:
            of_product = self._given(self._of_product(kind, said.product), said.product, route)
            return self._agreeing(replace(of_product, subjects=(*own, *of_product.subjects))) if own else of_product
        if said.unresolved is None or any(subject.known for subject in own):
            return self._agreeing(self._given(own or (self._concepts.subject(kind, UNSAID),), None, route))
        named = self._concepts.subject(kind, said.pointer or UNSAID)
        problem = ("medication reference that cannot be followed", said.unresolved)
        subjects = own if own and named.nameless and not any(s.nameless for s in own) else (named,)
        return self._given(subjects, None, route, (problem,))

    def _agreeing(self, given: Given) -> Given:
        """What is said in several places, each once; set aside where one says what no other does."""
        subjects = tuple(s for s in given.subjects if s.known) or given.subjects[:1]
        first = subjects[0]
        if all(_concepts_of(each) == _concepts_of(first) for each in subjects):
            return replace(given, subjects=(first,))
        return replace(given, subjects=subjects, doubts=(*given.doubts, ("what was given is said in two ways", "")))

    def _of_product(self, kind: str, product: Product) -> tuple[Subject, ...]:
        """A product by its own code, and its ingredients by theirs where they are something else."""
        whole = self._concepts.subject(kind, product.about)
        if whole.nameless and product.pointer is not None:
            whole = self._concepts.subject(kind, product.pointer)
        parts = [part for each in product.ingredients for part in self._of_product(kind, each)]
        known = _concepts_of(whole)
        others = tuple(part for part in parts if part.meanings and not _concepts_of(part) <= self._in_line(known))
        unknown = tuple(part for part in parts if part.nameless and not whole.meanings)
        if whole.meanings:
            return (whole, *others)
        if others or unknown:
            return (*others, *unknown)
        return tuple(parts) if parts and whole.nameless else (whole,)

    def _in_line(self, concepts: frozenset[str]) -> frozenset[str]:
        """Some treatments, those above and those below them."""
        treatments = (self._treatments[name] for name in concepts if name in self._treatments)
        return concepts.union(*((each.ancestors | each.descendants) for each in treatments))

    def _given(
        self,
        subjects: tuple[Subject, ...],
        product: Product | None,
        route: frozenset[Said],
        problems: tuple[Doubt, ...] = (),
    ) -> Given:
        words = {text for subject in subjects for text in subject.texts}
        if product is None:
            return Given(subjects, _NOWHERE.union(*map(self._said_in, words)), route, problems, ())
        form = self._places_of(product.form)
        if not form:
            form = _NOWHERE.union(*map(self._said_in, words.union(product.about.texts)))
        return Given(subjects, form, route, problems, product.doubts)

    def _places_of(self, concepts: Iterable[CodedText]) -> frozenset[Said]:
        """Where coded forms or routes say that a drug acts."""
        return _NOWHERE.union(*map(self._place_of, concepts))

    def _place_of(self, concept: CodedText) -> frozenset[Said]:
        """Where a coded form or route says that a drug acts, by its codes and else by its words."""
        coded = [(coding.system, coding.code) for coding in concept.codings if coding.code]
        known = {self._places.coded(system, code) for system, code in coded} - {None}
        if known:
            return frozenset(each for each in known if each)
        return _NOWHERE.union(*map(self._said_in, (*concept.texts, *(code for _, code in coded))))

    def _read_words(self, text: str) -> frozenset[Said]:
        """Where a text says that a drug acts; one that says both says neither."""
        local, whole = self._local.search(text) is not None, self._whole_body.search(text) is not None
        if whole and (not local or self._on_skin.search(text)):
            return frozenset({Said.WHOLE_BODY})
        return frozenset({Said.LOCAL}) if local and not whole else _NOWHERE


def _concepts_of(subject: Subject) -> frozenset[str]:
    return frozenset(meaning.concept for meaning in subject.meanings)
