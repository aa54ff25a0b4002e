"""Results and amounts: QUDT's quantities, literals with or without a unit, coded texts, and what nobody can read."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import Final

from il2kg.rdf.graphs import STRING, Literal, Node, Term
from il2kg.read.limits import REMEMBERED
from il2kg.read.patient_graph.said import SEVERAL, Said, boolean, is_blank, shown, text_of
from il2kg.read.patient_graph.tables import Tables
from il2kg.read.patient_graph.terms import (
    CDT,
    COMPARATOR,
    ENTRY_TYPE,
    HAS_UNIT,
    HAS_UNIT_BEFORE,
    NUMERIC,
    NUMERIC_BEFORE,
    QUANTITY,
    RDF_VALUE,
    UCUM_CODE,
    UNIT,
    UNIT_SYSTEM,
    UNREADABLE,
    WORDS,
    short,
)
from il2kg.read.patient_graph.texts import Texts
from il2kg.statements import CodedText, Doubt, Quantity, Unreadable, Value
from il2kg.vocabulary import RDF_TYPE, XSD

_DIGITS: Final = re.compile(r"[+-]?[0-9]+")
_DECIMAL: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WITH_UNIT: Final = re.compile(rf"\s*({_DECIMAL.pattern})(?:\s+(\S+))?\s*")
_INTEGERS: Final = frozenset(
    f"{XSD}{name}"
    for name in (
        *("integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger"),
        *("negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte"),
    )
)
_REALS: Final = frozenset(f"{XSD}{name}" for name in ("decimal", "double", "float"))
_OF_A_QUANTITY: Final = frozenset({NUMERIC, NUMERIC_BEFORE, HAS_UNIT, HAS_UNIT_BEFORE, UCUM_CODE, UNIT, COMPARATOR})
_Unit = tuple[str | None, str | None, str | None]
"""A unit as it is printed, the code system of the coded one, and its code."""
_NO_UNIT: Final[_Unit] = (None, None, None)
_NOTHING: Final[Node] = {}
_STRINGS: Final = frozenset({STRING, "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"})


class Values:
    """Reads values."""

    def __init__(self, nodes: Mapping[str, Node], texts: Texts, tables: Tables) -> None:
        self._nodes = nodes
        self._texts = texts
        self._tables = tables
        self._units: dict[Term, tuple[_Unit, tuple[Doubt, ...]]] = {}

    def of(self, term: Term, slips: list[Doubt]) -> Value:
        """The value that a term is."""
        if isinstance(term, Literal):
            return _literal(term)
        node = self._nodes.get(term)
        if node is not None:
            if not _OF_A_QUANTITY.isdisjoint(node):
                return self._quantity(node, slips)
            if RDF_VALUE in node:
                stated = Said(node, slips).one(RDF_VALUE)
                return _literal(stated) if isinstance(stated, Literal) else Unreadable("node", shown(term))
            types = node.get(RDF_TYPE, ())
            if UNREADABLE in types:
                said = Said(node, slips)
                return Unreadable(said.text(ENTRY_TYPE) or "", said.text(WORDS) or "")
            if QUANTITY in types:
                return self._quantity(node, slips)
        return self._texts.of(term) if node is not None or not is_blank(term) else Unreadable("node", shown(term))

    def routine(self, term: Term) -> Value | None:
        """The value that a term is, if it is a literal, or a number with a unit that was met before."""
        if isinstance(term, Literal):
            return _literal(term)
        node = self._nodes.get(term, _NOTHING)
        if not _is_routine(tuple(node)):
            return None
        stated, unit = node[NUMERIC], node[HAS_UNIT]
        known = self._units.get(unit[0])
        if known is None or known[1] or len(stated) > 1 or len(unit) > 1:
            return None
        return Quantity(_number(stated[0]), None, *known[0])

    def amount(self, term: Term, slips: list[Doubt]) -> Quantity | Unreadable:
        """A rate or a dose."""
        value = self.of(term, slips)
        if isinstance(value, Quantity | Unreadable):
            return value
        if isinstance(value, CodedText):
            return Unreadable("CodeableConcept", ", ".join(value.texts) or shown(term))
        return Unreadable("string" if isinstance(value, str) else "boolean", shown(term))

    def _quantity(self, node: Node, slips: list[Doubt]) -> Quantity:
        said = Said(node, slips)
        said.known(QUANTITY)
        stated = said.one(NUMERIC)
        if stated is None:
            stated = said.one(NUMERIC_BEFORE)
        number = None if stated is None else _number(stated)
        if NUMERIC in node and NUMERIC_BEFORE in node and _number(said.node[NUMERIC_BEFORE][0]) != number:
            slips.append((SEVERAL, f"{short(NUMERIC)}, {short(NUMERIC_BEFORE)}"))
        return Quantity(number, said.text(COMPARATOR), *self._unit(said))

    def _unit(self, said: Said) -> _Unit:
        """The unit that is said of a quantity, of the unit that it points at, or of both."""
        node = said.node
        own = _unit_of(said) if UNIT in node or UCUM_CODE in node else _NO_UNIT
        term = said.one(HAS_UNIT if HAS_UNIT in node else HAS_UNIT_BEFORE)
        if term is None:
            return own
        known = self._units.get(term)
        if known is None:
            known = self._units[term] = self._read_unit(term)
        pointed_at, slips = known
        if slips:
            said.slips.extend(slips)
        if own is _NO_UNIT:
            return pointed_at
        if any(a is not None and b is not None and a != b for a, b in zip(own, pointed_at, strict=True)):
            said.slips.append((SEVERAL, f"the unit: {', '.join(part for part in (*own, *pointed_at) if part)}"))
        printed, system, code = (a if a is not None else b for a, b in zip(own, pointed_at, strict=True))
        return printed, system, code

    def _read_unit(self, term: Term) -> tuple[_Unit, tuple[Doubt, ...]]:
        """What a term says of a unit, and what is wrong with that."""
        if isinstance(term, Literal):
            return (term.text, None, None), ()
        node = self._nodes.get(term, _NOTHING)
        if {UCUM_CODE, UNIT, UNIT_SYSTEM} & node.keys():
            said = Said(node, [])
            return _unit_of(said), tuple(said.slips)
        code = self._tables.unit(term)
        return ((None, None, code) if code is not None else (shown(term), None, None)), ()


def _unit_of(said: Said) -> _Unit:
    return said.text(UNIT), said.text(UNIT_SYSTEM), said.text(UCUM_CODE)


@lru_cache(maxsize=REMEMBERED)
def _is_routine(names: tuple[str, ...]) -> bool:
    """Whether properties are those of a number with a unit, and no other."""
    return {NUMERIC, HAS_UNIT} <= set(names) <= {RDF_TYPE, NUMERIC, HAS_UNIT}


@lru_cache(maxsize=REMEMBERED)
def _literal(literal: Literal) -> Value:
    """The value that a literal is; of a datatype that no value has it is unreadable, and shown."""
    text, datatype = literal.text, literal.datatype
    if datatype in _STRINGS:
        return text
    if datatype in _INTEGERS or datatype in _REALS:
        return Quantity(_number(literal))
    truth = boolean(literal)
    if truth is not None:
        return truth
    if datatype.startswith(CDT):
        matched = _WITH_UNIT.fullmatch(text)
        return Quantity(text) if matched is None else Quantity(_plain(matched[1]), code=matched[2])
    return Unreadable(datatype.rpartition("#")[2].rpartition("/")[2], text)


@lru_cache(maxsize=REMEMBERED)
def _number(term: Term) -> int | Decimal | str | None:
    """The number that a literal is, exactly as it is written; what is none is kept as text."""
    if not isinstance(term, Literal):
        return text_of(term) or shown(term)
    text, datatype = term.text, term.datatype
    bare = text.strip()
    if datatype in _INTEGERS:
        return _plain(bare) if _DIGITS.fullmatch(bare) else text
    return _exact(bare) if datatype in _REALS and _DECIMAL.fullmatch(bare) else text


def _plain(text: str) -> int | Decimal | str:
    """A number as JSON would read it: whole, or exact."""
    try:
        return int(text) if _DIGITS.fullmatch(text) else _exact(text)
    except ValueError:  # more digits than Python reads as a whole number
        return _exact(text)


def _exact(text: str) -> Decimal | str:
    try:
        return Decimal(text)
    except InvalidOperation:  # an exponent beyond what any number has
        return text
