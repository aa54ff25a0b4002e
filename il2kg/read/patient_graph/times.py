"""When something was: by OWL-Time, and by literals."""

from collections.abc import Mapping
from typing import Final

from il2kg.rdf.graphs import Literal, Node, Term
from il2kg.read.patient_graph.said import SEVERAL, Said, every, is_blank, shown, text_of
from il2kg.read.patient_graph.terms import BEGINNING, END_OF, INSTANT, INTERVAL, POINTS, TIME, WORDS, short
from il2kg.statements import NEVER_SAID, Doubt, When
from il2kg.vocabulary import RDF_TYPE

_NOT_DESCRIBED: Final = "a time that is not described"
_TWO_TIMES: Final = ("a time and a period that cannot both be", "")
_INTERVALS: Final = frozenset({INTERVAL, f"{TIME}ProperInterval"})
_NOTHING: Final[Node] = {}


class Times:
    """Reads times; what many items share is read once."""

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self._nodes = nodes
        self._known: dict[Term, When] = {}

    def of(self, terms: list[Term] | None) -> When:
        """The time or period that a property points at."""
        if not terms:
            return NEVER_SAID
        term = terms[0]
        if len(terms) > 1:
            several = every(terms)
            if len(several) > 1:
                return When(flaws=((SEVERAL, ", ".join(sorted(map(self._shown, several)))),))
        when = self._known.get(term)
        if when is None:
            when = self._known[term] = self._read(term)
        return when

    def _read(self, term: Term) -> When:
        if isinstance(term, Literal):
            return When(term.text)
        node = self._nodes.get(term)
        if node is None:
            return When(flaws=((_NOT_DESCRIBED, shown(term)),))
        slips: list[Doubt] = []
        said = Said(node, slips)
        said.known(INSTANT)
        if BEGINNING not in node and END_OF not in node and _INTERVALS.isdisjoint(_types(node)):
            return When(_point(said), flaws=tuple(slips))
        if any(name in node for name in POINTS):
            slips.append(_TWO_TIMES)
        start, end = (self._bound(said, name) for name in (BEGINNING, END_OF))
        return When(start, end, period=True, flaws=tuple(slips))

    def _bound(self, said: Said, name: str) -> str | None:
        """A bound of a period: an instant, or a literal in its place."""
        term = said.one(name)
        if term is None or isinstance(term, Literal):
            return None if term is None else term.text
        node = self._nodes.get(term)
        if node is None:
            said.slips.append((_NOT_DESCRIBED, f"{short(name)}: {shown(term)}"))
            return ""
        bound = Said(node, said.slips)
        bound.known(INSTANT)
        return _point(bound)

    def _shown(self, term: Term) -> str:
        if isinstance(term, str) and is_blank(term):
            when = self.of([term])
            return " to ".join(text for text in (when.start, when.end) if text)
        return shown(term)


def _point(said: Said) -> str | None:
    """The most exact of the ways in which an instant says when it is; others may say the same less exactly."""
    points = [text for name in (*POINTS, WORDS) if (text := said.text(name)) is not None]
    if not points:
        return None
    if not all(points[0].startswith(text) for text in points):
        said.slips.append((SEVERAL, ", ".join(map(repr, points))))
    return points[0]


def _types(node: Node) -> list[str]:
    return [text for term in node.get(RDF_TYPE, ()) if (text := text_of(term)) is not None]
