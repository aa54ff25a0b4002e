"""Runs a query over the graph, and gives its answers as plain values.

Here queries run in the caller's process, within a time: the product's own ones, which are known to be cheap. Those of
others run in a process of their own: `il2kg.knowledge.process`.
"""

import math
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

import pyoxigraph as ox

from il2kg.errors import QueryError
from il2kg.knowledge.guard import is_update, refuse
from il2kg.knowledge.limits import check_timeout, too_slow
from il2kg.knowledge.store import Knowledge
from il2kg.vocabulary import IL2, VOCABULARY, XSD, Namespace

Value = str | int | float | bool | None

_LABEL: Final = "_label"
_MOST_ROWS: Final = 100_000
_WHOLE: Final = frozenset(XSD + name for name in ("integer", "int", "long", "nonNegativeInteger"))
_FRACTION: Final = frozenset(XSD + name for name in ("decimal", "double", "float"))
_Result = TypeVar("_Result")
_Item = TypeVar("_Item")


@dataclass(frozen=True, slots=True)
class Answers:
    """The solutions of a query.

    ``columns`` are in the query's order. A column ``x`` that holds terms of the graph holds their identifiers (the
    local name, or another vocabulary's IRI), and ``x_label`` behind it their labels. What a solution leaves open is
    None.
    """

    columns: tuple[str, ...]
    rows: tuple[Mapping[str, Value], ...]


@dataclass(frozen=True, slots=True)
class Triples:
    """The graph that a CONSTRUCT or DESCRIBE query gives; ``names`` is the namespace of the guideline's own terms."""

    triples: tuple[ox.Triple, ...]
    names: Namespace = VOCABULARY

    def turtle(self) -> str:
        """The triples as Turtle."""
        written = ox.serialize(self.triples, format=ox.RdfFormat.TURTLE, prefixes=_all_prefixes(self.names))
        assert written is not None
        return written.decode()

    def ntriples(self) -> str:
        """The triples as N-Triples; `triples_from` reads them."""
        written = ox.serialize(self.triples, format=ox.RdfFormat.N_TRIPLES)
        assert written is not None
        return written.decode()

    def answers(self) -> Answers:
        """The triples as rows of subject, predicate and object."""
        columns = ("subject", "predicate", "object")
        return Answers(
            columns, tuple(dict(zip(columns, (_value(n, self.names) for n in t), strict=True)) for t in self.triples)
        )


def triples_from(ntriples: str, names: Namespace) -> Triples:
    """The triples that N-Triples hold, in their order."""
    return Triples(tuple(quad.triple for quad in ox.parse(ntriples, format=ox.RdfFormat.N_TRIPLES)), names)


PREFIXES: Final = {
    "il2": IL2,
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "sosa": "http://www.w3.org/ns/sosa/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
    "dcterms": "http://purl.org/dc/terms/",
}
_OF_RECORDS: Final = {
    "time": "http://www.w3.org/2006/time#",
    "qudt": "http://qudt.org/schema/qudt/",
    "unit": "http://qudt.org/vocab/unit/",
}
"""What is beside them in records, which only a query may ask for."""


def prefixes_of(names: Namespace) -> dict[str, str]:
    """The prefixes of the graph of a guideline whose own terms have a namespace."""
    return PREFIXES | {names.prefix: names.iri}


def _all_prefixes(names: Namespace) -> dict[str, str]:
    return prefixes_of(names) | _OF_RECORDS


def run(graph: Knowledge, query: str, timeout: float) -> Answers | Triples:
    """Run a query of the product's own within a time.

    Args:
        graph: that of `il2kg.knowledge.store.load_graph`.
        query: SPARQL 1.1: SELECT, ASK, CONSTRUCT or DESCRIBE.
        timeout: how long it may take, in seconds. A query that takes longer goes on in the background until the
            process ends.

    Raises:
        QueryError: the query is refused, is not SPARQL, cannot be answered, has too many answers, or takes too long.
    """
    check_timeout(timeout)
    return _within(timeout, lambda: evaluate(graph, query))


def evaluate(graph: Knowledge, query: str) -> Answers | Triples:
    """Run a query, however long it takes; arguments and errors as of `run`."""
    refuse(query)
    try:
        return _answers(graph, graph.store.query(query, prefixes=_all_prefixes(graph.names)))
    except SyntaxError as error:
        if is_update(query):
            raise QueryError("refused: this is an update; the graph is edited in its files") from None
        raise QueryError(f"not SPARQL: {error}") from None
    except (RuntimeError, ValueError, OSError) as error:
        # What the store cannot do, such as a function that it does not know; some of it is found at the first answer.
        raise QueryError(f"cannot be answered: {error}") from None


def _answers(graph: Knowledge, result: ox.QueryBoolean | ox.QuerySolutions | ox.QueryTriples) -> Answers | Triples:
    if isinstance(result, ox.QueryBoolean):
        return Answers(("answer",), ({"answer": bool(result)},))
    if isinstance(result, ox.QueryTriples):
        return Triples(tuple(_limited(result)), graph.names)
    names = [variable.value for variable in result.variables]
    solutions = [[solution[name] for name in names] for solution in _limited(result)]
    # A label that the query itself selects stands for the one that it would be given.
    named = [
        f"{name}{_LABEL}" not in names and any(isinstance(s[i], ox.NamedNode) for s in solutions)
        for i, name in enumerate(names)
    ]
    columns = [
        c for name, is_named in zip(names, named, strict=True) for c in (name, f"{name}{_LABEL}")[: 1 + is_named]
    ]
    rows = []
    for solution in solutions:
        row: dict[str, Value] = {}
        for name, is_named, term in zip(names, named, solution, strict=True):
            row[name] = _value(term, graph.names)
            if is_named:
                row[f"{name}{_LABEL}"] = graph.label(term) if isinstance(term, ox.NamedNode) else None
        rows.append(row)
    return Answers(tuple(columns), tuple(rows))


def _limited(results: Iterable[_Item]) -> list[_Item]:
    items: list[_Item] = []
    for result in results:
        if len(items) == _MOST_ROWS:
            raise QueryError(f"more than {_MOST_ROWS} answers; add a LIMIT")
        items.append(result)
    return items


def _value(term: object, names: Namespace) -> Value:
    match term:
        case None:
            return None
        case ox.NamedNode():
            return names.identifier(term.value) or term.value
        case ox.Literal():
            kind = term.datatype.value
            if kind in _WHOLE | _FRACTION:
                return _number(term.value, whole=kind in _WHOLE)
            return term.value == "true" if kind == XSD + "boolean" else term.value
        case _:
            return str(term)


def _number(text: str, *, whole: bool) -> Value:
    """A number; or its text where it is none, or none that JSON can hold."""
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        return text
    if not math.isfinite(number):
        return text
    return int(number) if number == int(number) else number


def _within(timeout: float, work: Callable[[], _Result]) -> _Result:
    """The result of some work, unless it takes longer than a time in seconds."""
    results: list[_Result] = []
    failures: list[BaseException] = []

    def target() -> None:
        try:
            results.append(work())
        except BaseException as error:
            # Without its frames: results of the store must not outlive the thread that made them.
            failures.append(error.with_traceback(None))

    # The store works without Python's lock, so that this thread wakes in time; a daemon ends with the process.
    thread = threading.Thread(target=target, daemon=True)
    thread.start()
    thread.join(timeout)
    if failures:
        raise failures[0]
    if not results:
        raise too_slow(timeout)
    return results[0]
