"""A sosa:Observation as a statement, with its components."""

from typing import Final

from msgspec.structs import replace

from il2kg.rdf.graphs import Node, Term
from il2kg.read.patient_graph import terms
from il2kg.read.patient_graph.parts import Parts, sorted_once
from il2kg.read.patient_graph.said import Said, every, notes
from il2kg.statements import Doubt, Observation, Quantity, Result, Statement, Value

_NONE: Final[list[Term]] = []


def observation(parts: Parts, place: str, said: Said) -> Statement:
    """Something that was measured or looked at; it was when its phenomenon was, and not when its result came."""
    node = said.node
    when = parts.times.of(node.get(terms.PHENOMENON_TIME))
    if terms.FLAW in node:
        when = replace(when, flaws=sorted_once((*when.flaws, *parts.flaws(said, terms.FLAW))))
    result = _result(parts, node, terms.RESULT_DOUBT, [])
    issued = said.text(terms.RESULT_TIME) if terms.RESULT_TIME in node else None
    components = parts.in_order(said, terms.COMPONENT, lambda term: _component(parts, term))
    return Observation(parts.item(place, said, "Observation"), result, when, issued, components)


def _component(parts: Parts, term: Term) -> Result:
    node = parts.nodes.get(term, {}) if isinstance(term, str) else {}
    said = Said(node, [])
    said.known(terms.COMPONENT)
    return _result(parts, node, terms.DOUBT, said.slips)


def _result(parts: Parts, node: Node, doubt: str, slips: list[Doubt]) -> Result:
    """What an Observation, or a component of one, says. What is wrong with its value is a doubt of its own."""
    get, said = node.get, Said(node, slips)
    about = parts.texts.together(get(terms.CHARTED_AS, _NONE), get(terms.PROPERTY, _NONE))
    values = _values(parts, said)
    flags = tuple(map(parts.texts.of, said.every(terms.INTERPRETATION))) if terms.INTERPRETATION in node else ()
    absent = terms.DATA_ABSENT in node and said.flag(terms.DATA_ABSENT) is not False
    if doubt in node:
        slips.extend(notes(said, doubt, parts.nodes))
    return Result(about, values, sorted_once(flags), absent, sorted_once(slips) if slips else ())


def _values(parts: Parts, said: Said) -> tuple[Value, ...]:
    """The values, of which there should be one; the unit that is printed beside a number is its unit."""
    node, of = said.node, parts.values.of
    results = [*node.get(terms.RESULT, _NONE), *node.get(terms.SIMPLE_RESULT, _NONE)]
    if len(results) == 1 and terms.UNIT not in node:
        return (of(results[0], said.slips),)
    unit = said.text(terms.UNIT)
    values = [of(term, said.slips) for term in every(results)]
    with_unit = (replace(v, unit=unit) if isinstance(v, Quantity) and v.unit is None else v for v in values)
    return tuple(sorted(with_unit, key=repr))
