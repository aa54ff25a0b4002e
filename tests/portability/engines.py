"""SHACL engines from PyPI, one of them in Java, behind one face: a graph of snapshots in, a set of results out."""

from collections.abc import Callable
from functools import cache
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pyrudof
import pyshacl
import shacl
import shacl_rust
from rdflib import RDF, SH, Graph

from tests.portability.jena import Jena


class Result(NamedTuple):
    """What engines must agree on: whole IRIs."""

    focus_node: str
    source_shape: str
    severity: str


Engine = Callable[[str, str], set[Result]]


def by_pyshacl(shapes: str, data: str) -> set[Result]:
    _, report, _ = pyshacl.validate(
        Graph().parse(data=data, format="turtle"), shacl_graph=Graph().parse(data=shapes, format="turtle")
    )
    return {
        Result(*(str(report.value(node, p)) for p in (SH.focusNode, SH.sourceShape, SH.resultSeverity)))
        for node in report.subjects(RDF.type, SH.ValidationResult)
    }


def by_shacl(shapes: str, data: str) -> set[Result]:
    return {
        Result(r.focus_node.strip("<>"), r.source_shape.strip("<>"), r.severity_iri.strip("<>"))
        for r in shacl.Shapes.from_turtle(shapes).validate_turtle(data).results
    }


def by_shacl_rust(shapes: str, data: str) -> set[Result]:
    report = shacl_rust.validate(data, shapes, experimental_index=True)
    return {
        Result(*(_iri(result[key]) for key in ("focusNode", "sourceShape", "severity"))) for result in report["results"]
    }


def by_pyrudof(shapes: str, data: str) -> set[Result]:
    session = pyrudof.Rudof(pyrudof.RudofConfig())
    session.read_data(data)
    session.read_shacl(shapes)
    return {
        Result(*(_iri(str(value)) for value in (entry.focus_node, entry.source_shape, entry.severity)))
        for entry in session.validate_shacl()
    }


def by_topbraid(shapes: str, data: str) -> set[Result]:
    results = Jena.started().validate(_as_file(shapes), _as_file(data))
    return {Result(*(_iri(term) for term in result)) for result in results}


@cache
def _folder() -> TemporaryDirectory[str]:
    return TemporaryDirectory()


def _as_file(turtle: str) -> Path:
    """A file of its own for each text, since Java reads files and remembers them by their names."""
    content = turtle.encode()
    path = Path(_folder().name) / f"{sha256(content).hexdigest()}.ttl"
    if not path.exists():
        path.write_bytes(content)
    return path


def _iri(text: str) -> str:
    """An IRI as engines write it: bare, in brackets, or (a severity) by its local name."""
    bare = text.strip("<>").removeprefix("sh:")
    return bare if ":" in bare else f"{SH}{bare}"
