"""The commonest observations, read straight from their nodes: each property once, and a plain number as the result.

What is the least unusual is left to `observations`, which comes to the same; a test holds the two to it.
"""

from functools import lru_cache
from typing import Final

from il2kg.rdf.graphs import Literal, Node, Term
from il2kg.read.limits import REMEMBERED
from il2kg.read.patient_graph.parts import MINTED, Parts
from il2kg.read.patient_graph.said import is_blank
from il2kg.read.patient_graph.terms import (
    CHARTED_AS,
    DERIVED,
    FEATURE,
    IDENTIFIER,
    OF_PATIENT,
    PHENOMENON_TIME,
    PROPERTY,
    RESULT,
    RESULT_TIME,
    SIMPLE_RESULT,
    SOSA,
    SOURCE,
)
from il2kg.statements import CodedText, Item, Observation, Result
from il2kg.vocabulary import IL2, RDF_TYPE

_NEEDED: Final = frozenset({RDF_TYPE, IDENTIFIER, DERIVED, PHENOMENON_TIME})
_MAY_BE: Final = _NEEDED | {
    *(FEATURE, OF_PATIENT, PROPERTY, CHARTED_AS, RESULT_TIME, RESULT),
    SIMPLE_RESULT,
}
_NO_LITERAL: Final = Literal("")
_NONE: Final[list[Term]] = [_NO_LITERAL]


@lru_cache(maxsize=REMEMBERED)
def _is_routine(names: tuple[str, ...]) -> bool:
    """Whether properties are those of a common observation."""
    own = {name for name in names if name.startswith((IL2, SOSA)) or name == SOURCE}
    return set(names) >= _NEEDED and own <= _MAY_BE and (RESULT in own) != (SIMPLE_RESULT in own)


class Routine:
    """Reads common observations."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._about: dict[tuple[Term, Term], CodedText] = {}

    def observation(self, place: str, node: Node) -> Observation | None:
        """An observation, if it is a common one."""
        if not _is_routine(tuple(node)):
            return None
        if max(map(len, node.values())) > 1:
            return None
        get, parts = node.get, self._parts
        name, derived, issued = node[IDENTIFIER][0], node[DERIVED][0], get(RESULT_TIME, _NONE)[0]
        if not (isinstance(name, Literal) and name.text and isinstance(issued, Literal) and isinstance(derived, str)):
            return None
        value = parts.values.routine((get(RESULT) or node[SIMPLE_RESULT])[0])
        if value is None or is_blank(derived):
            return None
        if derived.startswith(MINTED):
            derived = "" if is_blank(place) or place.startswith(MINTED) else place
        key = (get(CHARTED_AS, _NONE)[0], get(PROPERTY, _NONE)[0])
        about = self._about.get(key)
        if about is None:
            charted, named = get(CHARTED_AS, ()), get(PROPERTY, ())
            about = self._about[key] = parts.texts.together(charted, named)
        return Observation(
            Item(name.text, "Observation", (), (), derived),
            Result(about, (value,)),
            parts.times.of(node[PHENOMENON_TIME]),
            None if issued is _NO_LITERAL else issued.text,
        )
