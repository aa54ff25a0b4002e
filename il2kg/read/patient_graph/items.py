"""Each class of items as a statement: what stands where, and nothing of what it means."""

from collections.abc import Callable
from functools import partial
from typing import Final

from msgspec.structs import replace

from il2kg.rdf.graphs import Node
from il2kg.read.patient_graph import terms
from il2kg.read.patient_graph.medications import medication
from il2kg.read.patient_graph.observations import observation
from il2kg.read.patient_graph.parts import Parts
from il2kg.read.patient_graph.said import Said
from il2kg.statements import Condition, Doubt, Other, Procedure, Statement, Stay


def read_item(parts: Parts, kind: str, place: str, node: Node, doubts: list[Doubt]) -> Statement:
    """An item of a class, at its place in the graph; ``doubts`` are those that are known of it already."""
    said = Said(node, doubts)
    said.known(kind)
    return _READERS[kind](parts, place, said)


def _finding(parts: Parts, place: str, said: Said, *, refuted: bool) -> Statement:
    """A finding, or a statement that it is absent."""
    about = parts.about(said, terms.FINDING)
    onset, abatement, recorded = (said.text(name) for name in (terms.START, terms.END, terms.RECORDED))
    over = said.flag(terms.OVER) is True
    said.slips.extend(parts.flaws(said, terms.FLAW))
    return Condition(parts.item(place, said, "Condition"), about, onset, abatement, recorded, refuted, over)


def _procedure(parts: Parts, place: str, said: Said) -> Statement:
    about, when = parts.about(said, terms.FINDING, terms.GIVES), parts.when(said)
    recorded = said.text(terms.RECORDED)
    return Procedure(parts.item(place, said, "Procedure"), about, when, recorded)


def _stay(parts: Parts, place: str, said: Said) -> Statement:
    """A stay that has an end is finished, unless it says otherwise."""
    when, kinds = parts.when(said), tuple(sorted(said.texts(terms.STAY_KIND)))
    finished = said.flag(terms.FINISHED)
    over = when.end is not None if finished is None else finished
    return Stay(parts.item(place, said, "Encounter"), kinds, over, replace(when, period=True))


def _other(parts: Parts, place: str, said: Said) -> Statement:
    about, kind = parts.about(said), said.text(terms.ENTRY_TYPE)
    return Other(parts.item(place, said, kind or ""), about)


_READERS: Final[dict[str, Callable[[Parts, str, Said], Statement]]] = {
    terms.OBSERVATION: observation,
    terms.ROOT_FINDING: partial(_finding, refuted=False),
    terms.STATED_ABSENCE: partial(_finding, refuted=True),
    terms.PROCEDURE: _procedure,
    terms.STAY: _stay,
    terms.OTHER_ITEM: _other,
    **{name: partial(medication, kind=kind) for name, kind in terms.MEDICATIONS.items()},
}
"""How each class of items is read."""
