"""What was given, wherever a resource says it, and where it acts (semantics, sections 7.1 to 7.3)."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from il2kg.guideline.answers import Answers, Question, Said, whole_words
from il2kg.guideline.model import Guideline
from il2kg.read.concepts import ConceptReader, Subject
from il2kg.read.elements import REMEMBERED, Element, as_element, as_list, as_text, codings, distinct, texts
from il2kg.read.sources.patients import contained, without_version
from il2kg.read.spans import Doubt

_FORMS: Final = ("form", "doseForm")
_NOTHING: Final[Element] = {}
_NOWHERE: Final[frozenset[Said]] = frozenset()

Medications = Callable[[str], Sequence[Element]]
"""The Medications of a source that a reference may mean, each once."""


class Given(NamedTuple):
    """What a resource gives: what it is about, each part of a mixture on its own, and where form and route say it acts.

    ``problems`` say why nobody can name it, ``doubts`` why it is set aside.
    """

    subjects: tuple[Subject, ...]
    form: frozenset[Said]
    route: frozenset[Said]
    problems: tuple[Doubt, ...]
    doubts: tuple[Doubt, ...]


class MedicationReader:
    """Finds what a medication resource gives."""

    def __init__(self, guideline: Guideline, concepts: ConceptReader, answers: Mapping[Question, Answers]) -> None:
        self._naming = guideline.naming
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

    def given(self, kind: str, content: Element, medications: Medications) -> Given:
        """What a resource of a kind gives; ``medications`` finds what a reference means."""
        concept, pointer = _pointed(content)
        route = self._route(content)
        own = None if concept is None else self._concepts.subject(kind, concept)
        if own is not None and (own.known or pointer is None):
            return self._given((own,), _NOTHING, route)
        found = _resolved(pointer, content, medications)
        if len(found) == 1:
            product = found[0]
            return self._given(self._of_product(kind, product, _said_by(pointer)), product, route)
        said = _said_by(pointer)
        if said or own is None or own.nameless:
            own = self._concepts.named(kind, said)
        problems: tuple[Doubt, ...] = ()
        if pointer is not None:
            what = "finds several that differ" if found else "finds nothing"
            problems = (("medication reference that cannot be followed", f"{_reference(pointer)!r} {what}"),)
        return self._given((own,), _NOTHING, route, problems)

    def _of_product(self, kind: str, product: Element, said: list[str]) -> tuple[Subject, ...]:
        """A product by its own code; by its ingredients, where none of its codings is recognised."""
        whole = self._concepts.subject(kind, product.get("code"))
        if whole.nameless and said:
            whole = self._concepts.named(kind, said)
        if whole.coded:
            return (whole,)
        parts = tuple(self._concepts.subject(kind, each) for each in _ingredients(product))
        unknown = tuple(part for part in parts if part.nameless and whole.nameless)
        if coded := tuple(part for part in parts if part.coded):
            return (*coded, *unknown)
        if whole.known:
            return (whole,)
        if named := tuple(part for part in parts if part.meanings):
            return (*named, *unknown)
        return parts if parts and whole.nameless else (whole,)

    def _given(
        self,
        subjects: tuple[Subject, ...],
        product: Element,
        route: frozenset[Said],
        problems: tuple[Doubt, ...] = (),
    ) -> Given:
        doubts = (("modifierExtension that is not known", "of the Medication"),) if _modified(product) else ()
        form = _NOWHERE
        for name in _FORMS:
            if product.get(name) is not None:
                form |= self._places_of(product[name])
        if not form:
            words = {text for subject in subjects for text in subject.texts}
            form = _NOWHERE.union(*map(self._said_in, words.union(texts(product.get("code")))))
        return Given(subjects, form, route, problems, doubts)

    def _route(self, content: Element) -> frozenset[Said]:
        """Where the routes of an item's dosages say that the drug acts."""
        found = _NOWHERE
        for name in ("dosage", "dosageInstruction"):
            for dosage in as_list(content.get(name)):
                route = as_element(dosage).get("route")
                if route is not None:
                    found |= self._places_of(route)
        return found

    def _places_of(self, concept: object) -> frozenset[Said]:
        """Where a coded form or route says that a drug acts, by its codes and else by its words."""
        known = {self._places.coded(each.system, each.code) for each in codings(concept) if each.code} - {None}
        if known:
            return frozenset(each for each in known if each)
        bare = [each.code for each in codings(concept) if each.code]
        return _NOWHERE.union(*map(self._said_in, (*texts(concept), *bare)))

    def _read_words(self, text: str) -> frozenset[Said]:
        """Where a text says that a drug acts; one that says both says neither."""
        local, whole = self._local.search(text) is not None, self._whole_body.search(text) is not None
        if whole and (not local or self._on_skin.search(text)):
            return frozenset({Said.WHOLE_BODY})
        return frozenset({Said.LOCAL}) if local and not whole else _NOWHERE


def _pointed(content: Element) -> tuple[object, Element | None]:
    """The concept and the reference by which a resource says what it gives; either may be missing."""
    medication = as_element(content.get("medication"))
    concept = content.get("medicationCodeableConcept")
    if concept is None:
        concept = medication.get("concept")
    pointer = content.get("medicationReference")
    if pointer is None:
        pointer = medication.get("reference")
    if isinstance(pointer, str):  # R5 has a Reference within; some write the reference itself
        pointer = {"reference": pointer}
    return concept, None if pointer is None else as_element(pointer)


def _reference(pointer: Element) -> str | None:
    text = as_text(pointer.get("reference"))
    return None if text is None else text.strip()


def _modified(product: Element) -> bool:
    """Whether the product, or a part of it, is said to be something else than it seems."""
    parts = as_list(product.get("ingredient"))
    return any(as_element(each).get("modifierExtension") for each in (product, *parts))


def _resolved(pointer: Element | None, content: Element, medications: Medications) -> Sequence[Element]:
    """The Medications that a reference may mean, differing ones each once."""
    reference = None if pointer is None else _reference(pointer)
    if reference is None:
        return []
    if not reference.startswith("#"):
        return medications(without_version(reference))
    found: list[Element] = []
    for each in contained(content, reference):
        if each not in found:
            found.append(each)
    return found


def _said_by(pointer: Element | None) -> list[str]:
    """The words of a reference itself: its display, and the identifier of what it means."""
    identifier = as_element(as_element(pointer).get("identifier"))
    said = (as_element(pointer).get("display"), identifier.get("value"), *texts(identifier.get("type")))
    return distinct(text for each in said if (text := as_text(each)))


def _ingredients(product: Element) -> list[object]:
    """The concepts of a product's ingredients, in the forms of R4, R5 and the versions before."""
    nested = as_element(product.get("product")).get("ingredient")
    found: list[object] = []
    for each in as_list(product.get("ingredient") or nested):
        ingredient = as_element(each)
        item = as_element(ingredient.get("item"))
        concept = ingredient.get("itemCodeableConcept") or item.get("concept")
        if concept is None and (said := _said_by(ingredient.get("itemReference") or item.get("reference") or item)):
            concept = {"text": said[0]}
        if concept is not None:
            found.append(concept)
    return found
