"""What items of all classes have in common: which item it is, what it is about, when it was, and what has an order."""

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

from il2kg.rdf.graphs import Node, Term
from il2kg.read.patient_graph import terms
from il2kg.read.patient_graph.said import Said, every, is_blank, notes, text_of
from il2kg.read.patient_graph.tables import Tables
from il2kg.read.patient_graph.texts import Texts, position
from il2kg.read.patient_graph.times import Times
from il2kg.read.patient_graph.values import Values
from il2kg.statements import CodedText, Doubt, Item, When

MINTED: Final = ("urn:il2kg:record:", "urn:il2kg:entry:")
"""How the IRIs begin that the product gives to what has none: they are no addresses."""

_TWO_TIMES: Final = ("a time and a period that cannot both be", "")
_NONE: Final[list[Term]] = []
_T = TypeVar("_T")


class Parts:
    """Reads parts of items. ``nodes`` has all that the source says, ``tables`` what the ontology says of IRIs."""

    def __init__(self, nodes: dict[str, Node], tables: Tables) -> None:
        self.nodes = nodes
        self.tables = tables
        self.texts = Texts(nodes, tables)
        self.times = Times(nodes)
        self.values = Values(nodes, self.texts, tables)

    def item(self, place: str, said: Said, kind: str) -> Item:
        """Which item it is; to be asked last, when all that is wrong with it is known. It may have no name yet."""
        node = said.node
        doubts = said.slips
        if terms.DOUBT in node:
            doubts = [*doubts, *notes(said, terms.DOUBT, self.nodes)]
        remarks = tuple(notes(said, terms.REMARK, self.nodes)) if terms.REMARK in node else ()
        return Item(
            called(place, node), kind, tuple(sorted(set(doubts))) if doubts else (), remarks, address(place, node)
        )

    def about(self, said: Said, *names: str) -> CodedText:
        """All that says what an item is about: as it was charted, and by the IRIs that properties point at."""
        get = said.node.get
        return self.texts.together(get(terms.CHARTED_AS, _NONE), [term for name in names for term in get(name, _NONE)])

    def when(self, said: Said) -> When:
        """A time (il2:atTime), or a period (il2:start, il2:end)."""
        timed = Said(said.node, self.flaws(said, terms.FLAW))
        point, start, end = (timed.text(name) for name in (terms.AT_TIME, terms.START, terms.END))
        period = start is not None or end is not None
        if period and point is not None:
            return When(flaws=sorted_once([*timed.slips, _TWO_TIMES]))
        return When(start if period else point, end, period, sorted_once(timed.slips))

    def flaws(self, said: Said, name: str) -> list[Doubt]:
        """What is said to be wrong with a time."""
        return notes(said, name, self.nodes) if name in said.node else []

    def in_order(self, said: Said, name: str, read: Callable[[Term], _T]) -> tuple[_T, ...]:
        """What a property points at, by its places (il2:position); what has none, by what it says."""
        described = said.every(name)
        if len(described) > 1:
            placed = [(self._place(term, said), repr(each), each) for term in described for each in (read(term),)]
            return tuple(each for *_, each in sorted(placed, key=lambda entry: entry[:2]))
        return tuple(map(read, described))

    def _place(self, term: Term, said: Said) -> float:
        node = self.nodes.get(term) if isinstance(term, str) else None
        return position(Said(node or {}, said.slips))


def called(place: str, node: Node) -> str:
    """What messages call a node: by an identifier, else by its IRI; empty where it has no name."""
    named = [text for text in map(text_of, node.get(terms.IDENTIFIER, _NONE)) if text]
    return min(named) if named else "" if is_blank(place) else place


def address(place: str, node: Node) -> str:
    """The address that the source gives what a node says: where it comes from, else the node's own."""
    for name in (terms.SOURCE, terms.DERIVED):
        if name in node:
            addresses = [text for term in every(node[name]) if (text := text_of(term)) is not None]
            for text in addresses:
                if name == terms.SOURCE or not text.startswith(MINTED):
                    return text
    return "" if is_blank(place) or place.startswith(MINTED) else place


def sorted_once(notes: Iterable[_T]) -> tuple[_T, ...]:
    """Notes or values, each once, in an order that does not depend on the file."""
    return tuple(sorted(set(notes), key=repr))
