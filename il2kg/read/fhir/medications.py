"""What FHIR medication resources give, wherever they say it: by code, by reference, in parts; R4, R5 and before."""

import re
from collections.abc import Callable, Sequence
from typing import Final

from il2kg.read.fhir.elements import Element, as_element, as_list, as_text, coded_text
from il2kg.read.fhir.resources import contained, without_version
from il2kg.read.fhir.times import ordered, when_of
from il2kg.read.fhir.values import quantity_of
from il2kg.recognise.coding import Coding
from il2kg.statements import NEVER_SAID, UNSAID, CodedText, Doubt, Item, Medication, Product, Quantity, Unreadable

_FORMS: Final = ("form", "doseForm")
_DOSAGES: Final = ("dosage", "dosageInstruction")
_MIXED: Final = 4
"""How many mixtures may be part of each other."""
_WORD: Final = re.compile(r"[^\W\d_]{3}")
_ADMINISTRATION, _STATEMENT = "MedicationAdministration", "MedicationStatement"
_OVER: Final = frozenset({"completed", "stopped", "ended"})
_MEANT: Final = frozenset({"intended", "draft"})
_MODIFIED: Final = (("modifierExtension that is not known", "of the Medication"),)

Medications = Callable[[str], Sequence[Element]]
"""The Medications of a source that a reference may mean, each once."""


def medication_of(item: Item, content: Element, medications: Medications) -> Medication:
    """A MedicationAdministration, MedicationStatement or MedicationRequest; ``medications`` follows its reference."""
    status = content.get("status")
    status = status if isinstance(status, str) else None
    when = when_of(content)
    concepts, pointer = _pointed(content)
    products = [] if pointer is None else _resolved(pointer, content, medications)
    said = _said_by(pointer)
    unresolved = None
    if pointer is not None and len(products) != 1:
        unresolved = f"{_reference(pointer)!r} finds {'several that differ' if products else 'nothing'}"
    rate, dose = _amounts(content) if item.kind == _ADMINISTRATION else (None, None)
    return Medication(
        item,
        tuple(map(coded_text, concepts)),
        when,
        product=_product(products[0], said, (content, medications), 0) if len(products) == 1 else None,
        pointer=None if unresolved is None else said,
        unresolved=unresolved,
        ordered=ordered(content) if when == NEVER_SAID and item.kind != _ADMINISTRATION else NEVER_SAID,
        routes=_routes(content),
        rate=rate,
        amount=dose,
        meant=item.kind == _STATEMENT and status in _MEANT,
        over=item.kind != _ADMINISTRATION and status in _OVER,
    )


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


def _product(content: Element, pointer: CodedText | None, within: tuple[Element, Medications], depth: int) -> Product:
    """A Medication; ``pointer`` is what the reference to it says, ``within`` what contains it, and the source."""
    ingredients = tuple(_ingredient(each, within, depth) for each in _ingredients(content))
    form = tuple(coded_text(content[name]) for name in _FORMS if content.get(name) is not None)
    return Product(coded_text(content.get("code")), pointer, ingredients, form, _modified(content))


def _ingredient(ingredient: Element, within: tuple[Element, Medications], depth: int) -> Product:
    """An ingredient by its code, or as the product to which it refers."""
    item = as_element(ingredient.get("item"))
    concept = ingredient.get("itemCodeableConcept") or item.get("concept")
    if concept is not None:
        return Product(coded_text(concept))
    pointer = as_element(ingredient.get("itemReference") or item.get("reference") or item)
    if isinstance(item.get("reference"), str):
        pointer = item
    products = _resolved(pointer, *within) if depth < _MIXED else []
    said = _said_by(pointer)
    return _product(products[0], said, within, depth + 1) if len(products) == 1 else Product(said or UNSAID)


def _ingredients(product: Element) -> list[Element]:
    """The ingredients of a product, in the forms of R4, R5 and the versions before."""
    nested = as_element(product.get("product")).get("ingredient")
    return [as_element(each) for each in as_list(product.get("ingredient") or nested)]


def _modified(product: Element) -> tuple[Doubt, ...]:
    """Whether the product, or a part of it, is said to be something else than it seems."""
    parts = as_list(product.get("ingredient"))
    return _MODIFIED if any(as_element(each).get("modifierExtension") for each in (product, *parts)) else ()


def _reference(pointer: Element | None) -> str | None:
    text = as_text(as_element(pointer).get("reference"))
    return None if text is None else text.strip()


def _resolved(pointer: Element, content: Element, medications: Medications) -> Sequence[Element]:
    """The Medications that a reference may mean, differing ones each once."""
    reference = _reference(pointer)
    if reference is None:
        return []
    if not reference.startswith("#"):
        return medications(without_version(reference))
    products: list[Element] = []
    for each in contained(content, reference):
        if each not in products:
            products.append(each)
    return products


def _said_by(pointer: Element | None) -> CodedText | None:
    """What a reference itself says: its display, and the identifier of what it means."""
    identifier = as_element(as_element(pointer).get("identifier"))
    value, system = as_text(identifier.get("value")), as_text(identifier.get("system"))
    said = (as_text(as_element(pointer).get("display")), *coded_text(identifier.get("type")).texts, value)
    # A number names nothing; it may be a code.
    text = next((each for each in said if each and _WORD.search(each)), None)
    coding = (Coding(system, value),) if system and value else ()
    if not coding and text is None:
        return None
    return CodedText(coding, () if text is None else (text,))


def _routes(content: Element) -> tuple[CodedText, ...]:
    dosages = (as_element(each) for name in _DOSAGES for each in as_list(content.get(name)))
    return tuple(coded_text(dosage["route"]) for dosage in dosages if dosage.get("route") is not None)


def _amounts(content: Element) -> tuple[Quantity | Unreadable | None, Quantity | None]:
    """The rate and the dose of an administration."""
    dosage = content.get("dosage")
    if not isinstance(dosage, dict):
        return None if dosage is None else Unreadable("dosage", ""), None
    rate = dosage.get("rateQuantity") or dosage.get("rateSimpleQuantity")
    dose = None if dosage.get("dose") is None else quantity_of(dosage["dose"])
    return None if rate is None else quantity_of(rate), dose if isinstance(dose, Quantity) else None
