"""What was given, wherever a resource says it, and where it acts (semantics, sections 7.1 to 7.3)."""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Final, NamedTuple

from il2kg.guideline.answers import Answers, Question, Said, whole_words
from il2kg.guideline.model import Guideline
from il2kg.read.concepts import ConceptReader, Subject
from il2kg.read.elements import REMEMBERED, Element, as_element, as_list, as_text, codings, texts
from il2kg.read.sources.patients import contained, without_version
from il2kg.read.spans import Doubt

_FORMS: Final = ("form", "doseForm")
_NOTHING: Final[Element] = {}
_MIXED: Final = 4
"""How many mixtures may be part of each other."""
_WORD: Final = re.compile(r"[^\W\d_]{3}")
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

    def given(self, kind: str, content: Element, medications: Medications) -> Given:
        """What a resource of a kind gives; ``medications`` finds what a reference means."""
        concepts, pointer = _pointed(content)
        route = self._route(content)
        if len(concepts) == 1 and pointer is None:
            return self._given((self._concepts.subject(kind, concepts[0]),), _NOTHING, route)
        own = tuple(self._concepts.subject(kind, concept) for concept in concepts)
        if pointer is None:
            return self._agreeing(self._given(own or (self._concepts.subject(kind, None),), _NOTHING, route))
        found = _resolved(pointer, content, medications)
        if len(found) == 1:
            parts = self._of_product(kind, found[0], pointer, (content, medications), 0)
            of_product = self._given(parts, found[0], route)
            return self._agreeing(of_product._replace(subjects=(*own, *of_product.subjects))) if own else of_product
        if any(subject.known for subject in own):
            return self._agreeing(self._given(own, _NOTHING, route))
        named = self._concepts.subject(kind, _said_by(pointer))
        what = "finds several that differ" if found else "finds nothing"
        problem = ("medication reference that cannot be followed", f"{_reference(pointer)!r} {what}")
        subjects = own if own and named.nameless and not any(s.nameless for s in own) else (named,)
        return self._given(subjects, _NOTHING, route, (problem,))

    def _agreeing(self, given: Given) -> Given:
        """What is said in several places, each once; set aside where one says what no other does."""
        subjects = tuple(s for s in given.subjects if s.known) or given.subjects[:1]
        first = subjects[0]
        if all(_concepts_of(each) == _concepts_of(first) for each in subjects):
            return given._replace(subjects=(first,))
        return given._replace(subjects=subjects, doubts=(*given.doubts, ("what was given is said in two ways", "")))

    def _of_product(
        self, kind: str, product: Element, pointer: Element | None, within: tuple[Element, Medications], depth: int
    ) -> tuple[Subject, ...]:
        """A product by its own code, and its ingredients by theirs where they are something else.

        ``pointer`` is how it is referred to, ``within`` what contains it, and the source.
        """
        whole = self._concepts.subject(kind, product.get("code"))
        if whole.nameless:
            whole = self._concepts.subject(kind, _said_by(pointer))
        parts = [part for each in _ingredients(product) for part in self._of_ingredient(kind, each, within, depth)]
        known = _concepts_of(whole)
        others = tuple(part for part in parts if part.meanings and not _concepts_of(part) <= self._in_line(known))
        unknown = tuple(part for part in parts if part.nameless and not whole.meanings)
        if whole.meanings:
            return (whole, *others)
        if others or unknown:
            return (*others, *unknown)
        return tuple(parts) if parts and whole.nameless else (whole,)

    def _of_ingredient(
        self, kind: str, ingredient: Element, within: tuple[Element, Medications], depth: int
    ) -> tuple[Subject, ...]:
        """An ingredient by its code, or as the product to which it refers."""
        item = as_element(ingredient.get("item"))
        concept = ingredient.get("itemCodeableConcept") or item.get("concept")
        if concept is not None:
            return (self._concepts.subject(kind, concept),)
        pointer = as_element(ingredient.get("itemReference") or item.get("reference") or item)
        if isinstance(item.get("reference"), str):
            pointer = item
        found = _resolved(pointer, *within) if depth < _MIXED else []
        if len(found) == 1:
            return self._of_product(kind, found[0], pointer, within, depth + 1)
        return (self._concepts.subject(kind, _said_by(pointer)),)

    def _in_line(self, concepts: frozenset[str]) -> frozenset[str]:
        """Some treatments, those above and those below them."""
        found = (self._treatments[name] for name in concepts if name in self._treatments)
        return concepts.union(*((each.ancestors | each.descendants) for each in found))

    def _given(
        self,
        subjects: tuple[Subject, ...],
        product: Element,
        route: frozenset[Said],
        problems: tuple[Doubt, ...] = (),
    ) -> Given:
        words = {text for subject in subjects for text in subject.texts}
        if not product:
            return Given(subjects, _NOWHERE.union(*map(self._said_in, words)), route, problems, ())
        doubts = (("modifierExtension that is not known", "of the Medication"),) if _modified(product) else ()
        form = _NOWHERE
        for name in _FORMS:
            if product.get(name) is not None:
                form |= self._places_of(product[name])
        if not form:
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


def _pointed(content: Element) -> tuple[list[object], Element | None]:
    """The concepts and the reference by which a resource says what it gives; any may be missing."""
    medication = as_element(content.get("medication"))
    concepts = [content.get("medicationCodeableConcept"), medication.get("concept")]
    pointer = content.get("medicationReference")
    if pointer is None:
        pointer = medication.get("reference")
    if isinstance(pointer, str):  # R5 has a Reference within; some write the reference itself
        pointer = {"reference": pointer}
    return [each for each in concepts if each is not None], None if pointer is None else as_element(pointer)


def _concepts_of(subject: Subject) -> frozenset[str]:
    return frozenset(meaning.concept for meaning in subject.meanings)


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


def _said_by(pointer: Element | None) -> Element | None:
    """What a reference itself says, as a CodeableConcept: its display, and the identifier of what it means."""
    identifier = as_element(as_element(pointer).get("identifier"))
    value, system = as_text(identifier.get("value")), as_text(identifier.get("system"))
    said = (as_text(as_element(pointer).get("display")), *texts(identifier.get("type")), value)
    # A number names nothing; it may be a code.
    text = next((each for each in said if each and _WORD.search(each)), None)
    coding = [{"system": system, "code": value}] if system and value else []
    if not coding and text is None:
        return None
    return {"coding": coding, **({} if text is None else {"text": text})}


def _ingredients(product: Element) -> list[Element]:
    """The ingredients of a product, in the forms of R4, R5 and the versions before."""
    nested = as_element(product.get("product")).get("ingredient")
    return [as_element(each) for each in as_list(product.get("ingredient") or nested)]
