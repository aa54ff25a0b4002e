"""What items of a patient graph have in common, as nodes: coded texts, times, quantities and notes.

What many items share is one node, to which all of them point.
"""

import re
from collections.abc import Hashable, Iterable
from decimal import Decimal
from typing import Final
from uuid import NAMESPACE_URL, uuid5

from il2kg.rdf.graphs import Literal, Node, Term
from il2kg.read.patient_graph import terms
from il2kg.recognise.coding import Coding
from il2kg.statements import CodedText, Doubt, Quantity, Unreadable, Value, When
from il2kg.vocabulary import RDF_TYPE, XSD

_CLOCK: Final = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?"
# How a date or time is written, the datatype of its literal, and what an instant says it with; the exact ones first.
_FORMS: Final = (
    (re.compile(_CLOCK + r"(?:Z|[+-]\d\d:\d\d)", re.ASCII), "dateTime", "dateTimeStamp", terms.IN_STAMP),
    (re.compile(_CLOCK, re.ASCII), "dateTime", "dateTime", terms.IN_TIME),
    (re.compile(r"\d{4}-\d\d-\d\d", re.ASCII), "date", "date", terms.IN_DATE),
    (re.compile(r"\d{4}-\d\d", re.ASCII), "gYearMonth", "gYearMonth", terms.IN_MONTH),
    (re.compile(r"\d{4}", re.ASCII), "gYear", "gYear", terms.IN_YEAR),
)


class GraphParts:
    """The nodes of one graph, while it is written. ``name`` tells its nodes without a name from those of others."""

    def __init__(self, name: str) -> None:
        self.nodes: dict[str, Node] = {}
        self._shared: dict[Hashable, str] = {}
        self._labels = f"_:n{uuid5(NAMESPACE_URL, name).hex}-"

    def blank(self, node: Node) -> str:
        """A node without a name."""
        label = f"{self._labels}{len(self.nodes)}"
        self.nodes[label] = node
        return label

    def shared(self, key: Hashable, node: Node) -> str:
        """A node without a name to which all point that would say the same; ``key`` tells what that is."""
        label = self._shared.get(key)
        if label is None:
            label = self._shared[key] = self.blank(node)
        return label

    # ---- Coded texts

    def coded_text(self, text: CodedText, position: int | None = None) -> str:
        """A coded text; at a position, where it is one of several."""
        key = (terms.CODED_TEXT, text, position)
        if key in self._shared:
            return self._shared[key]
        node: Node = {RDF_TYPE: [terms.CODED_TEXT]}
        codings = (*(Coding(None, None, word) for word in text.words[1:]), *text.codings)
        places = range(len(codings)) if len(codings) > 1 else (None,)
        add(node, terms.HAS_CODING, [self._coding(*each) for each in zip(codings, places, strict=False)])
        add(node, terms.WORDS, literals(text.words[:1]))
        add(node, terms.FLAW, self.notes(text.flaws))
        add(node, terms.POSITION, whole(position))
        return self.shared(key, node)

    def coded_texts(self, texts: Iterable[CodedText]) -> list[Term]:
        """Coded texts whose order says nothing."""
        return [self.coded_text(text) for text in dict.fromkeys(texts)]

    def _coding(self, coding: Coding, position: int | None) -> str:
        node: Node = {RDF_TYPE: [terms.CODING]}
        said = ((terms.CODE_SYSTEM, coding.system), (terms.CODE, coding.code), (terms.DISPLAY, coding.display))
        for name, text in said:
            add(node, name, literals([text]))
        add(node, terms.POSITION, whole(position))
        return self.shared((terms.CODING, coding, position), node)

    # ---- Notes

    def notes(self, doubts: Iterable[Doubt]) -> list[Term]:
        """Kinds of problems with their details."""
        return [self._note(*doubt) for doubt in dict.fromkeys(doubts)]

    def _note(self, kind: str, detail: str) -> str:
        node: Node = {terms.LABEL: [Literal(kind)]}
        add(node, terms.DETAIL, literals([detail or None]))
        return self.shared((terms.DETAIL, kind, detail), node)

    # ---- Times

    def when(self, when: When) -> list[Term]:
        """A time or a period as nodes; its flaws are said elsewhere."""
        if not when.period:
            return [] if when.start is None else [self._instant(when.start)]
        if when.start is None and when.end is None and not when.flaws:
            return []
        node: Node = {RDF_TYPE: [terms.INTERVAL]}
        for name, bound in ((terms.BEGINNING, when.start), (terms.END_OF, when.end)):
            add(node, name, [] if bound is None else [self._instant(bound)])
        return [self.shared((terms.INTERVAL, when.start, when.end), node)]

    def _instant(self, text: str) -> str:
        key = (terms.INSTANT, text)
        if key in self._shared:
            return self._shared[key]
        for form, _, datatype, name in _FORMS:
            if form.fullmatch(text):
                return self.shared(key, {RDF_TYPE: [terms.INSTANT], name: [Literal(text, XSD + datatype)]})
        return self.shared(key, {RDF_TYPE: [terms.INSTANT], terms.WORDS: [Literal(text)]})

    # ---- Values

    def values(self, node: Node, values: Iterable[Value]) -> None:
        """The results of an observation; what is said twice stays two."""
        met: set[Value] = set()
        for number, value in enumerate(values):
            name, term = self._value(value, number if value in met else None)
            add(node, name, [term])
            met.add(value)

    def _value(self, value: Value, again: int | None) -> tuple[str, Term]:
        """A result, and the property that points at it; ``again`` is its place, where the same was said before."""
        match value:
            case CodedText():
                return terms.RESULT, self.coded_text(value, again)
            case bool() | str():
                literal = truth(value) if isinstance(value, bool) else Literal(value)
            case Quantity(int() | Decimal() as number, None, None, None, None):
                literal = numeral(number)
            case _:
                return terms.RESULT, self.amount(value)
        if again is None:
            return terms.SIMPLE_RESULT, literal
        return terms.RESULT, self.blank({terms.RDF_VALUE: [literal]})

    def amount(self, value: Quantity | Unreadable) -> str:
        """A quantity, or what stands in its place."""
        node: Node
        if isinstance(value, Unreadable):
            node = {RDF_TYPE: [terms.UNREADABLE], terms.ENTRY_TYPE: [Literal(value.type)]}
            node[terms.WORDS] = [Literal(value.shown)]
            return self.blank(node)
        node = {RDF_TYPE: [terms.QUANTITY]}
        if value.number is not None:
            node[terms.NUMERIC] = [Literal(value.number) if isinstance(value.number, str) else numeral(value.number)]
        add(node, terms.COMPARATOR, literals([value.comparator]))
        unit = (value.unit, value.system, value.code)
        if any(part is not None for part in unit):
            node[terms.HAS_UNIT] = [self._unit(*unit)]
        return self.blank(node)

    def _unit(self, printed: str | None, system: str | None, code: str | None) -> str:
        node: Node = {RDF_TYPE: [terms.UNIT_CLASS]}
        for name, text in ((terms.UNIT, printed), (terms.UNIT_SYSTEM, system), (terms.UCUM_CODE, code)):
            add(node, name, literals([text]))
        return self.shared((terms.UNIT_CLASS, printed, system, code), node)


def add(node: Node, name: str, values: list[Term]) -> None:
    """Say something of a node, if there is something to be said."""
    if values:
        node[name] = [*node.get(name, ()), *values]


def literals(texts: Iterable[str | None]) -> list[Term]:
    """Texts as literals, those that are there."""
    return [Literal(text) for text in texts if text is not None]


def time(text: str | None) -> list[Term]:
    """A date or time as a literal of its datatype; what is none as text."""
    if text is None:
        return []
    return [next((Literal(text, XSD + kind) for form, kind, *_ in _FORMS if form.fullmatch(text)), Literal(text))]


def truth(value: bool) -> Literal:
    """True or false as a literal."""
    return Literal("true" if value else "false", f"{XSD}boolean")


def whole(number: int | None) -> list[Term]:
    """A whole number as a literal, if it is there."""
    return [] if number is None else [Literal(str(number), f"{XSD}integer")]


def numeral(number: int | Decimal) -> Literal:
    """A number as a literal, exactly as it is written."""
    if isinstance(number, int):
        try:
            return Literal(str(number), f"{XSD}integer")
        except ValueError:  # more digits than Python writes
            return Literal(str(Decimal(number)), f"{XSD}integer")
    text = str(number)
    return Literal(text, f"{XSD}double" if "E" in text else f"{XSD}decimal")
