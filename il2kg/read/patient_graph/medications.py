"""An administration, a use or an order of a drug as a statement."""

from typing import Final

from il2kg.rdf.graphs import Term
from il2kg.read.patient_graph import terms
from il2kg.read.patient_graph.parts import Parts, sorted_once
from il2kg.read.patient_graph.said import WRONG_TYPE, Said
from il2kg.statements import UNSAID, CodedText, Medication, Product, Quantity, Statement, Unreadable, When

_MIXED: Final = 5
"""How many mixtures may be part of each other."""
_TOO_MIXED: Final = ("a product of parts within parts that do not end", "")
_NONE: Final[list[Term]] = []


def medication(parts: Parts, place: str, said: Said, kind: str) -> Statement:
    """A drug that was given, is taken or was ordered; ``kind`` is the FHIR type."""
    product, pointer = said.one(terms.PRODUCT), said.one(terms.POINTER)
    amount = _amount(parts, said, terms.AMOUNT)
    if isinstance(amount, Unreadable):
        said.slips.append((WRONG_TYPE, f"{terms.short(terms.AMOUNT)}: {amount.shown!r} where a quantity belongs"))
    return Medication(
        about=_about(parts, said),
        when=parts.when(said),
        product=None if product is None else _product(parts, product, ()),
        pointer=None if pointer is None else parts.texts.of(pointer),
        unresolved=said.text(terms.UNRESOLVED),
        ordered=_ordered(parts, said),
        routes=sorted_once(map(parts.texts.of, said.every(terms.ROUTE))),
        rate=_amount(parts, said, terms.RATE),
        amount=amount if isinstance(amount, Quantity) else None,
        meant=said.flag(terms.PLANNED) is True,
        over=said.flag(terms.OVER) is True,
        item=parts.item(place, said, kind),
    )


def _about(parts: Parts, said: Said) -> tuple[CodedText, ...]:
    """What is given, in the one place or the several places where it is charted; an IRI counts with the one."""
    charted, named = said.every(terms.CHARTED_AS), said.every(terms.GIVES)
    if len(charted) > 1:
        places = parts.in_order(said, terms.CHARTED_AS, parts.texts.of)
        return (*places, parts.texts.together((), named)) if named else places
    return (parts.texts.together(charted, named),) if charted or named else ()


def _ordered(parts: Parts, said: Said) -> When:
    """For when it was ordered."""
    timed = Said(said.node, parts.flaws(said, terms.ORDER_FLAW))
    start, end = timed.text(terms.ORDERED_FROM), timed.text(terms.ORDERED_UNTIL)
    return When(start, end, start is not None or end is not None, sorted_once(timed.slips))


def _amount(parts: Parts, said: Said, name: str) -> Quantity | Unreadable | None:
    term = said.one(name)
    return None if term is None else parts.values.amount(term, said.slips)


def _product(parts: Parts, term: Term, within: tuple[Term, ...]) -> Product:
    """A product by its own code, and by its ingredients; ``within`` are the products that it is part of."""
    if len(within) > _MIXED:
        return Product(UNSAID, doubts=(_TOO_MIXED,))
    node = parts.nodes.get(term) if isinstance(term, str) else None
    if node is None:
        return Product(parts.texts.of(term))
    said = Said(node, [])
    said.known(terms.PRODUCT)
    pointer = said.one(terms.POINTER)
    return Product(
        about=parts.about(said, terms.GIVES),
        pointer=None if pointer is None else parts.texts.of(pointer),
        ingredients=parts.in_order(said, terms.INGREDIENT, lambda each: _product(parts, each, (*within, term))),
        form=sorted_once(map(parts.texts.of, said.every(terms.FORM))),
        doubts=sorted_once([*said.slips, *parts.flaws(said, terms.DOUBT)]),
    )
