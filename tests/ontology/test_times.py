"""Lengths of time and all other numbers compare in rdflib as in Oxigraph, pair by pair."""

from decimal import Decimal

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from rdflib import XSD, Graph, Literal

from il2kg.cli import main
from tests.ontology.files import FILES, PREFIXES, merged

OPERATORS = ("<", "<=", "=", "!=", ">", ">=")
TIMES = "il2:timeLowHours|il2:timeHighHours|il2:intervalLowHours|il2:intervalHighHours"
PREFIX = "PREFIX il2: <https://w3id.org/il2kg/>"
PAIRS = (
    PREFIX + " SELECT DISTINCT ?one ?x ?other ?y {{ ?one {times} ?x . ?other {times} ?y . FILTER (?x {operator} ?y) }}"
)
ORDER = PREFIX + " SELECT DISTINCT ?x {{ ?one {times} ?x }} ORDER BY ?x"
Rows = list[tuple[str, ...]]


def _by_both(query: str, graph: Graph, store: ox.Store) -> tuple[Rows, Rows]:
    by_rdflib = [tuple(str(value) for value in row) for row in graph.query(query)]
    by_oxigraph = [tuple(value.value for value in row) for row in store.query(query)]
    return by_rdflib, by_oxigraph


def _loaded(turtle: str) -> tuple[Graph, ox.Store]:
    store = ox.Store()
    store.load((PREFIXES + turtle).encode(), format=ox.RdfFormat.TURTLE)
    return Graph().parse(data=PREFIXES + turtle, format="turtle"), store


@pytest.fixture(scope="module")
def ontology() -> tuple[Graph, ox.Store]:
    store = ox.Store()
    for path in FILES:
        store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    return merged(), store


@pytest.mark.parametrize("operator", OPERATORS)
def test_lengths_of_time_compare_alike(operator: str, ontology: tuple[Graph, ox.Store]) -> None:
    by_rdflib, by_oxigraph = _by_both(PAIRS.format(times=TIMES, operator=operator), *ontology)
    assert sorted(by_rdflib) == sorted(by_oxigraph)
    assert len(by_rdflib) > 100


def test_lengths_of_time_are_ordered_alike(ontology: tuple[Graph, ox.Store]) -> None:
    by_rdflib, by_oxigraph = _by_both(ORDER.format(times=TIMES), *ontology)
    assert by_rdflib == by_oxigraph == sorted(by_rdflib, key=lambda row: float(row[0]))
    assert len(by_rdflib) > 10


def test_no_value_is_of_a_kind_that_engines_compare_differently() -> None:
    """Of what has an order there are whole numbers and decimals alone: no duration, no double, no date."""
    kinds = {o.datatype for o in merged().objects() if isinstance(o, Literal)}
    assert kinds == {None, XSD.boolean, XSD.integer, XSD.decimal}


@given(st.lists(st.decimals(0, 200_000, allow_nan=False, places=2), min_size=2, max_size=6))
@settings(max_examples=20, deadline=None)
def test_hours_of_any_size_compare_alike(hours: list[Decimal]) -> None:
    written = [f"<urn:{n}> il2:timeLowHours {hour.normalize():f} ." for n, hour in enumerate(hours)]
    graph, store = _loaded("\n".join(written))
    for operator in OPERATORS:
        by_rdflib, by_oxigraph = _by_both(PAIRS.format(times="il2:timeLowHours", operator=operator), graph, store)
        assert sorted(by_rdflib) == sorted(by_oxigraph)


@pytest.mark.parametrize("kind", ["duration", "dayTimeDuration"])
def test_durations_would_not_compare_alike(kind: str) -> None:
    """Why lengths of time are numbers. An rdflib that compares durations makes this fail, and the reason go."""
    typed = f"^^<{XSD}{kind}>"
    graph, store = _loaded(f'<urn:1> il2:timeLowHours "PT2H"{typed} . <urn:2> il2:timeLowHours "P1D"{typed} .')
    by_rdflib, by_oxigraph = _by_both(PAIRS.format(times="il2:timeLowHours", operator="<"), graph, store)
    assert (by_rdflib, by_oxigraph) == ([], [("urn:1", "PT2H", "urn:2", "P1D")])


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("how long does renal toxicity last", "7 to 14 days"),
        ("how is hypothyroidism managed", "1 year"),
        ("when does itch begin", "up to 3 days"),
        ("when does fever begin", "2 to 4 h"),
        ("what is the regimen", "15 min"),
    ],
)
def test_people_read_them_in_the_unit_that_fits(question: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    assert f"  {shown}  " in CliRunner().invoke(main, ["ask", question]).stdout
