"""A copy of a record as a patient graph that every SHACL engine can compare, for `validated` alone.

The copy says what the record says, so that what is found in it holds of the record. Engines cannot compare a date with
a time, some end at a number that is none, and none knows a code. So in the copy numbers are decimals, what is no number
or time is text, the order of two times is reckoned (``il2:reckonedStart``, ``il2:reckonedEnd``, in UTC), and what only
the reader knows stands with the item as a note. No node is blank.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Context, Decimal
from typing import Final
from zoneinfo import ZoneInfo

from il2kg.rdf.graphs import BLANK, STRING, Graph, Literal, Node, Term
from il2kg.read.patient_graph import Tables, terms
from il2kg.read.patient_reader import PatientReader
from il2kg.read.spans import span_of
from il2kg.read.times import NO_ZONE, Moment, read_moment, zulu
from il2kg.read.values import UCUM
from il2kg.statements import (
    Condition,
    Medication,
    Observation,
    Patient,
    PatientStatements,
    Procedure,
    Result,
    Statement,
)
from il2kg.vocabulary import IL2, RDF_TYPE, XSD
from il2kg.write.graph_parts import truth
from il2kg.write.item_names import Namer
from il2kg.write.naming import plain_names
from il2kg.write.patient_graph import patient_graph
from il2kg.write.reader_notes import Notes

RECKONED_START: Final = f"{IL2}reckonedStart"
RECKONED_END: Final = f"{IL2}reckonedEnd"
NO_TIME: Final = "no time: "
"""Stands before what is no time, for some of that looks like one."""
_BLANK: Final = "urn:il2kg:blank:"
_RECORD_ITEM: Final = f"{IL2}RecordItem"
_PLACES: Final = 18
"""Engines hold no more decimal places."""
_STICKY: Final = Decimal(1).scaleb(-_PLACES)
_LARGEST: Final = Decimal("1e20")
"""Engines hold no number beyond it, and nothing is believed of one."""
_EMPTY: Final = Literal(NO_TIME)
_EXACT: Final = Context(prec=100, rounding=ROUND_FLOOR)
_MOST: Final = 30
_LEAST: Final = -12
_ITEM_TIMES: Final = (
    *(terms.START, terms.END, terms.AT_TIME, terms.RECORDED, terms.ORDERED_FROM, terms.ORDERED_UNTIL),
    terms.RESULT_TIME,
)
_NUMBERS: Final = frozenset(f"{XSD}{name}" for name in ("integer", "decimal", "double"))


@dataclass(frozen=True, slots=True)
class Comparable:
    """The copy: what is said of each node, the patient's node, and the node of each statement, in order.

    ``owners`` has the item that a part belongs to, ``spans`` from when to when an item says that it was.
    """

    nodes: dict[str, Node]
    patient: str
    places: list[str]
    owners: dict[str, str]
    spans: dict[str, str]

    def triples(self) -> str:
        """The copy as N-Triples."""
        return "".join(
            f"<{place}> <{name}> {_written(term)} .\n"
            for place, node in self.nodes.items()
            for name, terms in node.items()
            for term in terms
        )


def comparable(
    patient: Patient, notes: list[Notes], reader: PatientReader, tables: Tables, strays: Mapping[str, str]
) -> Comparable:
    """The copy of a patient's record.

    Args:
        patient: whose record it is.
        notes: what is to be said of each statement, in their order.
        reader: knows what codings and words mean, and the zone of times without one.
        tables: tell findings from treatments.
        strays: what is wrong with items that nobody can read, by their names.
    """
    stated = PatientStatements(patient.patient, tuple(patient.statements), patient.problems, patient.unusable)
    graph = patient_graph(stated, plain_names(reader.records.concepts), tables)
    return _Copier(graph, reader).copy(list(patient.statements), notes, strays)


class _Copier:
    def __init__(self, graph: Graph, reader: PatientReader) -> None:
        self._nodes = {place: dict(node) for place, node in graph.nodes.items()}
        self._zone: ZoneInfo | None = reader.records.zone
        self._namer = Namer(reader.records.concepts, reader.records.guideline)
        self._knows = reader.records.values.converter.knows
        self._notes = 0

    def copy(self, statements: list[Statement], notes: list[Notes], strays: Mapping[str, str]) -> Comparable:
        """Change what is to be changed, and name every node."""
        nodes, patient = self._nodes, self._patient()
        places = [place for place, node in nodes.items() if terms.OF_PATIENT in node or terms.FEATURE in node]
        spans: dict[str, str] = {}
        for node in nodes.values():
            self._literals(node)
        for place, statement, note in zip(places, statements, notes, strict=True):
            self._item(nodes[place], statement, note)
            start, end = _bounds(statement)
            if start is not None and end is not None and not (note.passed_over or note.silent):
                self._reckon(nodes[place], start, end)
                spans[place] = f"{start} to {end}"
        for number, (name, why) in enumerate(strays.items()):
            stray: Node = {RDF_TYPE: [_RECORD_ITEM], terms.IDENTIFIER: [Literal(name)], terms.OF_PATIENT: [_BLANK]}
            self._note(stray, terms.DOUBT, (why, ""))
            nodes[f"{_BLANK}stray-{number}"] = stray
        named = {
            _named(place): {n: [_named_term(t) for t in of_property] for n, of_property in node.items()}
            for place, node in nodes.items()
        }
        owners = {
            str(part): place
            for place, node in named.items()
            for part in (*node.get(terms.COMPONENT, ()), *node.get(terms.PRODUCT, ()))
        }
        return Comparable(named, patient, places, owners, spans)

    def _patient(self) -> str:
        """The patient's node; what is wrong with an item is said of the item alone."""
        (place,) = (place for place, node in self._nodes.items() if terms.PATIENT in node.get(RDF_TYPE, ()))
        node = self._nodes[place]
        own = [term for term in node.pop(terms.SOURCE_PROBLEM, []) if terms.ITEM not in self._nodes[str(term)]]
        if own:
            node[terms.SOURCE_PROBLEM] = own
        return place

    # ---- Items

    def _item(self, node: Node, statement: Statement, note: Notes) -> None:
        nothing = note.passed_over or note.silent
        if nothing:
            whose = node.get(terms.OF_PATIENT) or node[terms.FEATURE]
            kind = terms.OTHER_ITEM if note.passed_over else terms.OBSERVATION
            kept = {terms.REMARK: node[terms.REMARK]} if terms.REMARK in node else {}
            node.clear()
            node |= {RDF_TYPE: [kind], terms.OF_PATIENT: whose, terms.DATA_ABSENT: [truth(True)], **kept}
        if isinstance(statement, Condition):
            for name in (terms.START, terms.RECORDED):
                if node.get(name) == [_EMPTY]:
                    del node[name]  # it is as if it were not there
        if isinstance(statement, Procedure) and terms.GIVES not in node and statement.recorded is not None:
            span = span_of(statement.when, self._zone)
            if span.start is None and span.end is None:
                node.pop(terms.FLAW, None)  # it goes by when it was recorded
        for doubt in note.doubts:
            self._note(node, terms.DOUBT, doubt)
        for remark in note.remarks:
            self._note(node, terms.REMARK, remark)
        if isinstance(statement, Observation) and not nothing:
            self._observation(node, statement)
        elif not nothing:
            self._namer.name(node, statement)

    def _observation(self, node: Node, said: Observation) -> None:
        self._absent(node, said.result)
        components = node.pop(terms.COMPONENT, [])
        kept = []
        for term in components:
            part = self._nodes[str(term)]
            result = said.components[_position(part)]
            if self._namer.knows(result.about, numeric=result.numeric):
                self._absent(part, result)
                kept.append(term)
        if kept:
            node[terms.COMPONENT] = kept
            if not self._namer.knows(said.result.about, numeric=said.result.numeric):
                node.pop(terms.CHARTED_AS, None)

    def _absent(self, node: Node, result: Result) -> None:
        """Of what is said to be absent nothing else is said; what has a value is not absent."""
        if result.absent_reason and not result.values:
            node.pop(terms.PROPERTY, None)
            return
        node.pop(terms.DATA_ABSENT, None)
        self._namer.observed(node, result.about, numeric=result.numeric)

    def _note(self, node: Node, name: str, doubt: tuple[str, str]) -> None:
        self._notes += 1
        label = f"{BLANK}note-{self._notes}"
        self._nodes[label] = {terms.LABEL: [Literal(doubt[0])], terms.DETAIL: [Literal(doubt[1])]}
        node[name] = [*node.get(name, ()), label]

    def _reckon(self, node: Node, first: str, last: str) -> None:
        start, end = read_moment(first, zone=self._zone), read_moment(last, as_end=True, zone=self._zone)
        times = _comparable_times(start, end)
        if times is not None:
            for name, time in zip((RECKONED_START, RECKONED_END), times, strict=True):
                node[name] = [Literal(zulu(time), f"{XSD}dateTime")]

    # ---- Literals

    def _literals(self, node: Node) -> None:
        for name in (terms.DERIVED, terms.SOURCE):
            node.pop(name, None)
        self._unit(node)
        for name in (terms.NUMERIC, terms.SIMPLE_RESULT):
            if name in node:
                node[name] = [_number(term) for term in node[name]]
        if any(name in node for name in terms.POINTS):
            times = [term for name in terms.POINTS for term in node.pop(name, ())]
            node[terms.WORDS] = [self._time(term) for term in times]
        for name in _ITEM_TIMES:
            if name in node:
                node[name] = [self._time(term) for term in node[name]]

    def _unit(self, node: Node) -> None:
        """Of a unit what the reader goes by: a code of UCUM, and beside it a printed unit that it knows."""
        if terms.UNIT_SYSTEM in node and node[terms.UNIT_SYSTEM] != [Literal(UCUM)]:
            node.pop(terms.UCUM_CODE, None)
        code, printed = (_text(node.get(name)) for name in (terms.UCUM_CODE, terms.UNIT))
        if code and not code.isspace() and not self._knows(printed):
            node.pop(terms.UNIT, None)

    def _time(self, term: Term) -> Term:
        """A time as text; one without a zone in UTC, where it is known in which zone it was written."""
        if not isinstance(term, Literal):
            return term
        moment = read_moment(term.text, zone=self._zone)
        if moment.time is None:
            return Literal(NO_TIME + term.text)
        if moment.problem is None and read_moment(term.text).problem == NO_ZONE:
            return Literal(zulu(moment.time))
        return Literal(term.text)


def _bounds(statement: Statement) -> tuple[str | None, str | None]:
    """From when to when something was, as far as it is said."""
    if isinstance(statement, Condition):
        end = statement.abatement or (statement.recorded if statement.over else None)
        return (None, None) if statement.refuted else (statement.onset or statement.recorded, end)
    when = getattr(statement, "when", None)
    if isinstance(statement, Medication):
        given = statement.when
        when = given if given.start or given.end or given.period or given.flaws else statement.ordered
    return (None, None) if when is None or not when.period else (when.start, when.end)


def _comparable_times(start: Moment, end: Moment) -> tuple[int, int] | None:
    """Two times that are in the order of the two; None where that cannot be told."""
    if start.time is None or end.time is None:
        return None
    if start.problem == end.problem:
        return start.time, end.time
    return None if start.earliest is None or end.latest is None else (start.earliest, end.latest)


def _number(term: Term) -> Term:
    """A number as a decimal that compares with all of up to 17 decimal places as it does; what is none as text."""
    if not isinstance(term, Literal) or term.datatype not in _NUMBERS:
        return term
    value = Decimal(term.text)
    if value and not _LEAST <= value.adjusted() <= _MOST:
        return Literal(term.text)
    if abs(value) >= _LARGEST:
        value = _LARGEST.copy_sign(value)
    short = value.quantize(_STICKY, context=_EXACT)
    if short != value and not (short / _STICKY) % 10:
        short += _STICKY
    return Literal(f"{short.normalize():f}", f"{XSD}decimal")


def _text(said: list[Term] | None) -> str:
    return next((term.text for term in said or () if isinstance(term, Literal)), "")


def _position(node: Node) -> int:
    positions = node.get(terms.POSITION)
    return int(positions[0].text) if positions and isinstance(positions[0], Literal) else 0


def _named(place: str) -> str:
    return _BLANK + place.removeprefix(BLANK) if place.startswith(BLANK) else place


def _named_term(term: Term) -> Term:
    return _named(term) if isinstance(term, str) else term


def _written(term: Term) -> str:
    if isinstance(term, str):
        return f"<{term}>"
    escaped = term.text.translate(_ESCAPES)
    if term.language:
        return f'"{escaped}"@{term.language}'
    if term.datatype == STRING:
        return f'"{escaped}"'
    return f'"{escaped}"^^<{term.datatype}>'


_ESCAPES: Final = {
    **{code: f"\\u{code:04X}" for code in range(32)},
    **dict.fromkeys(range(0xD800, 0xE000), "\\uFFFD"),
    **{ord(character): escape for character, escape in {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r"}.items()},
}
