"""SHACL engines behind one face: shapes and a graph in, what was found out.

``shacl`` is compiled, and takes milliseconds; pySHACL is the reference, and takes seconds. Both come to the same.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from il2kg.choices import EngineName
from il2kg.rdf.graphs import STRING, Term
from il2kg.rdf.graphs import Literal as RdfLiteral

if TYPE_CHECKING:
    import rdflib
    import shacl


@dataclass(frozen=True, slots=True)
class Breach:
    """A validation result: the IRIs of its node, its shape and the kind of constraint, and the value, if it has one."""

    focus: str
    shape: str
    component: str
    value: Term | None


def run(engine: EngineName, shapes: str, data: str) -> set[Breach]:
    """Validate a graph, N-Triples of which no node is blank, by shapes, Turtle in which every shape has a name."""
    return _ENGINES[engine](shapes, data)


@lru_cache(maxsize=8)
def _compiled(shapes: str) -> "shacl.Shapes":
    import shacl

    return shacl.Shapes.from_turtle(shapes)


def _by_shacl(shapes: str, data: str) -> set[Breach]:
    import pyoxigraph as ox

    def term(written: str | None) -> Term | None:
        if written is None:
            return None
        (triple,) = ox.parse(f"<urn:s> <urn:p> {written} .", format=ox.RdfFormat.N_TRIPLES)
        parsed = triple.object
        if isinstance(parsed, ox.Literal):
            return RdfLiteral(parsed.value, parsed.datatype.value, parsed.language or "")
        return str(getattr(parsed, "value", parsed))

    return {
        Breach(_bare(each.focus_node), _bare(each.source_shape), _bare(each.component_iri), term(each.value))
        for each in _compiled(shapes).validate_turtle(data).results
    }


def _bare(written: str | None) -> str:
    return (written or "").strip("<>")


@lru_cache(maxsize=2)
def _parsed(shapes: str) -> "rdflib.Graph":
    from rdflib import Graph

    return Graph().parse(data=shapes, format="turtle")


def _by_pyshacl(shapes: str, data: str) -> set[Breach]:
    import pyshacl
    from rdflib import SH, Graph
    from rdflib import Literal as Written

    def term(value: object) -> Term | None:
        if isinstance(value, Written):
            return RdfLiteral(str(value), str(value.datatype or STRING), value.language or "")
        return None if value is None else str(value)

    graph = Graph().parse(data=data, format="nt")
    _, report, _ = pyshacl.validate(graph, shacl_graph=_parsed(shapes))
    assert isinstance(report, Graph)
    # Results may hold others, as details; those of the report itself are what was found.
    return {
        Breach(
            str(report.value(result, SH.focusNode)),
            str(report.value(result, SH.sourceShape)),
            str(report.value(result, SH.sourceConstraintComponent)),
            term(report.value(result, SH.value)),
        )
        for result in report.objects(None, SH.result)
    }


_ENGINES: Final[dict[EngineName, Callable[[str, str], set[Breach]]]] = {"shacl": _by_shacl, "pyshacl": _by_pyshacl}
