"""Statements as a patient graph gives them back: what has no order sorted, and what cannot be told apart made one."""

from collections.abc import Iterable
from typing import Any, TypeVar

from msgspec.structs import replace

from il2kg.recognise.coding import Coding
from il2kg.statements import (
    NEVER_SAID,
    CodedText,
    Condition,
    Item,
    Medication,
    Observation,
    Other,
    PatientStatements,
    Procedure,
    Product,
    Result,
    Statement,
    Stay,
    Value,
    When,
)
from il2kg.write.iris import is_iri

T = TypeVar("T")


def in_order(found: Iterable[T]) -> tuple[T, ...]:
    return tuple(sorted(set(found), key=repr))


def coded_text(text: CodedText) -> CodedText:
    more = tuple(Coding(None, None, word) for word in text.words[1:])
    return CodedText((*more, *text.codings), text.words[:1], in_order(text.flaws))


def value(found: Value) -> Value:
    return coded_text(found) if isinstance(found, CodedText) else found


def when(found: When) -> When:
    if found.start is None and (found.end is None or not found.period) and not (found.period and found.flaws):
        return replace(NEVER_SAID, flaws=in_order(found.flaws))
    return replace(found, flaws=in_order(found.flaws))


def literal_when(found: When) -> When:
    """A time that is said in literals, in which a period without bounds but with flaws has an empty one."""
    empty = found.period and found.flaws and found.start is None and found.end is None
    return when(replace(found, start="") if empty else found)


def ordered(found: When) -> When:
    bounds = found.start is not None or found.end is not None
    return replace(found, period=bounds, flaws=in_order(found.flaws))


def result(found: Result) -> Result:
    return Result(
        coded_text(found.about),
        tuple(sorted(map(value, found.values), key=repr)),
        in_order(map(coded_text, found.flags)),
        found.absent_reason,
        in_order(found.doubts),
    )


def product(found: Product) -> Product:
    return Product(
        coded_text(found.about),
        None if found.pointer is None else coded_text(found.pointer),
        tuple(map(product, found.ingredients)),
        in_order(map(coded_text, found.form)),
        in_order(found.doubts),
    )


def item(found: Item) -> Item:
    own = is_iri(found.name) and not found.doubts
    iri = found.iri or (found.name if own else "")
    return Item(found.name, found.kind, in_order(found.doubts), in_order(found.remarks), iri)


def statement(found: Statement) -> Statement:
    changed: dict[str, Any] = {"item": item(found.item)}
    match found:
        case Observation():
            changed |= {
                "result": result(found.result),
                "when": when(found.when),
                "components": tuple(map(result, found.components)),
            }
        case Condition() | Other():
            changed |= {"about": coded_text(found.about)}
        case Procedure():
            changed |= {"about": coded_text(found.about), "when": literal_when(found.when)}
        case Medication():
            changed |= {
                "about": tuple(map(coded_text, found.about)),
                "when": literal_when(found.when),
                "product": None if found.product is None else product(found.product),
                "pointer": None if found.pointer is None else coded_text(found.pointer),
                "ordered": ordered(found.ordered),
                "routes": in_order(map(coded_text, found.routes)),
            }
        case Stay():
            changed |= {"kinds": in_order(found.kinds), "when": replace(literal_when(found.when), period=True)}
    return replace(found, **changed)


def patient(found: PatientStatements) -> PatientStatements:
    statements = tuple(sorted(map(statement, found.statements), key=repr))
    return replace(found, statements=statements, problems=in_order(found.problems))
