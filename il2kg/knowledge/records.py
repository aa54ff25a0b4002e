"""Which graphs a query sees beside the guideline, and where.

What is asked without GRAPH is asked of the default graph. It holds the guideline and, unless that is not wanted, all
that records and assessments say, as one graph. Each of them stands in a graph of its own, too, where a query asks for
graphs at all: they would take the memory twice.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final, Literal, get_args

from il2kg.knowledge.quads import nquads
from il2kg.rdf.graphs import Graph

DefaultGraph = Literal["all", "guideline"]
"""What the default graph holds: all that there is, or the guideline alone."""

# The word may be written in escapes.
_GRAPH: Final = re.compile(r"graph|\\u", re.IGNORECASE)


def beside(graphs: Iterable[Graph], query: str, default_graph: DefaultGraph) -> Iterator[bytes]:
    """Graphs as a query is to see them, as N-Quads in portions.

    Raises:
        ValueError: there is no such default graph.
    """
    if default_graph not in get_args(DefaultGraph):
        raise ValueError(f"default_graph is {' or '.join(get_args(DefaultGraph))}, not {default_graph!r}")
    merged = default_graph == "all"
    named = _GRAPH.search(query) is not None
    return nquads(graphs, named=named, merged=merged) if named or merged else iter(())
