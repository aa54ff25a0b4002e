"""The elements of FHIR R4 that resources are made of, from what statements say."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from il2kg.read.fhir.doubts import DOUBT, FLAW, REMARK, SAID
from il2kg.read.values import UCUM
from il2kg.recognise.coding import Coding
from il2kg.statements import CodedText, Doubt, Quantity, Unreadable, When

Element = dict[str, Any]

ABSENT: Final[Element] = {
    "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]
}
"""An element that has to be there, and of which nothing is known."""

_ID: Final = re.compile(r"[A-Za-z0-9.-]{1,64}")


class Beyond:
    """What one item says that FHIR has no element for, gathered while the item is written (see `fhir_doubts`)."""

    def __init__(self) -> None:
        self._extensions: list[Element] = []
        self._modifiers: list[Element] = []

    def doubts(self, doubts: Iterable[Doubt], of: str = "") -> None:
        """Why an item, or the part ``of`` it, is set aside."""
        self._modifiers += [_doubt(DOUBT, doubt, of) for doubt in doubts]

    def flaws(self, flaws: Iterable[Doubt], of: str) -> None:
        """What is wrong with a time or a coding."""
        self._modifiers += [_doubt(FLAW, flaw, of) for flaw in flaws]

    def remarks(self, remarks: Iterable[Doubt]) -> None:
        """What is odd about an item and changes nothing."""
        self._extensions += [_doubt(REMARK, remark, "") for remark in remarks]

    def unreadable(self, of: str, value: Unreadable, *, beside: bool = False) -> None:
        """A value that is not of its type, or of one that nothing is measured in; ``beside`` another one."""
        holder = self._modifiers if beside else self._extensions
        holder.append(extension(SAID, of=of, type=value.type, shown=value.shown))

    def said(self, of: str, **value: object) -> None:
        """Something else that a field of the statement says; ``value`` is a ``value[x]`` element."""
        self._extensions.append(_said(of, value))

    def also(self, of: str, **value: object) -> None:
        """Something more that a field says, without which the rest of it is not to be trusted."""
        self._modifiers.append(_said(of, value))

    def elements(self) -> Element:
        """The elements of a resource that hold all this."""
        lists = {"extension": self._extensions, "modifierExtension": self._modifiers}
        return {name: extensions for name, extensions in lists.items() if extensions}


def extension(url: str, **parts: str) -> Element:
    """An extension made of texts; what is empty is left out, for FHIR has no empty text."""
    return {"url": url, "extension": [{"url": name, "valueString": text} for name, text in parts.items() if text]}


def _doubt(url: str, doubt: Doubt, of: str) -> Element:
    kind, detail = doubt
    return extension(url, of=of, kind=kind, detail=detail)


def _said(of: str, value: Element) -> Element:
    return {"url": SAID, "extension": [{"url": "of", "valueString": of}, {"url": "value", **value}]}


def is_id(text: str) -> bool:
    """Whether a text can be the id of a resource."""
    return _ID.fullmatch(text) is not None


def concept(said: CodedText, of: str, beyond: Beyond) -> Element:
    """A CodeableConcept. It has room for one text: further ones become codings that have nothing but a display."""
    beyond.flaws(said.flaws, of)
    first, *more = said.words or ("",)
    coding = [*({"display": words} for words in more), *map(_coding, said.codings)]
    return {**({"coding": coding} if coding else {}), **({"text": first} if first else {})} or ABSENT


def _coding(coding: Coding) -> Element:
    return without_none(system=coding.system, code=coding.code, display=coding.display) or ABSENT


def quantity(said: Quantity) -> Element:
    """A Quantity, its number as it was written; one that JSON cannot write is text."""
    number = said.number
    if isinstance(number, Decimal) and not number.is_finite():
        number = str(number)
    system = UCUM if said.code is not None and said.system is None else said.system
    element = without_none(value=number, comparator=said.comparator, unit=said.unit, system=system, code=said.code)
    return element or ABSENT


def timed(name: str, when: When, of: str, beyond: Beyond) -> Element:
    """The element that says when: ``nameDateTime`` or ``namePeriod``; none where nothing is said."""
    beyond.flaws(when.flaws, of)
    if when.period:
        return {f"{name}Period": period(when) or ABSENT}
    return without_none(**{f"{name}DateTime": when.start})


def period(when: When) -> Element:
    """A Period, which may be empty."""
    return without_none(start=when.start, end=when.end)


def without_none(**elements: object) -> Element:
    """The elements that are there."""
    return {name: element for name, element in elements.items() if element is not None}
