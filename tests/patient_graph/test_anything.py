"""Whatever a graph says in the vocabulary: it is read, in one way only, and can be written and read again."""

from hypothesis import given, settings
from hypothesis import strategies as st

from il2kg.rdf.graphs import Graph, Literal, Node, Term
from il2kg.read.patient_graph import read_patients, terms
from il2kg.statements import PatientStatements
from il2kg.vocabulary import IL2, RDF_TYPE, XSD
from il2kg.write.patient_graph import patient_graph
from tests.patient_graph import normal
from tests.patient_graph.graphs import TABLES

PLACES = ("_:a", "_:b", "_:c", "urn:x:1", "urn:x:2", "https://hospital.example/p", f"{IL2}Oliguria")
CLASSES = (
    *sorted(terms.ITEMS),
    *(
        terms.PATIENT,
        terms.CODED_TEXT,
        terms.CODING,
        terms.QUANTITY,
        terms.INSTANT,
        terms.INTERVAL,
        terms.PRODUCT_CLASS,
    ),
    *(f"{IL2}Oliguria", f"{IL2}Prednisone", f"{IL2}Nonsense", f"{terms.SOSA}Sensor", "http://snomed.info/id/83128009"),
)
NAMES = sorted(
    {name for names in terms.KNOWN.values() for name in names}
    | {terms.IDENTIFIER, terms.DERIVED, terms.SOURCE, terms.LABEL, terms.PREFERRED, terms.SAME, terms.RDF_VALUE}
    | {terms.NUMERIC, terms.NUMERIC_BEFORE, terms.HAS_UNIT, terms.UCUM_CODE, terms.DETAIL, terms.SAMPLE_OF}
    | {f"{IL2}nonsense", f"{terms.SOSA}nonsense", f"{terms.TIME}nonsense", "urn:x:nonsense"}
)
DATATYPES = ("string", "integer", "decimal", "double", "boolean", "dateTime", "date", "anyURI")
literals = st.builds(
    Literal,
    st.sampled_from(["", " ", "1", "0", "true", "NaN", "2026-03-02", "2026-03-02T08:00:00Z", "x", "3.20 mg/dL"]),
    st.sampled_from([*(XSD + name for name in DATATYPES), "https://w3id.org/cdt/ucum"]),
)
values: st.SearchStrategy[Term] = st.sampled_from(PLACES) | literals | st.sampled_from(["http://loinc.org/rdf/1-1"])


@st.composite
def nodes(draw: st.DrawFn) -> Node:
    said = draw(
        st.dictionaries(st.sampled_from(NAMES), st.lists(values, min_size=1, max_size=2, unique=True), max_size=6)
    )
    classes = draw(st.lists(st.sampled_from(CLASSES), max_size=2, unique=True))
    return {**said, RDF_TYPE: list[Term](classes)} if classes else said


graphs = st.lists(
    st.builds(
        Graph,
        st.sampled_from(["", "urn:g:1", "urn:g:2"]),
        st.dictionaries(st.sampled_from(PLACES), nodes(), max_size=5),
    ),
    max_size=2,
    unique_by=lambda graph: graph.name,
)


def relabelled(found: list[Graph]) -> list[Graph]:
    """The same graphs as another program hands them over: other labels, another order."""

    def term(each: Term) -> Term:
        return f"_:z{each[2:]}{9 - ord(each[2]) % 9}" if isinstance(each, str) and each.startswith("_:") else each

    return [
        Graph(
            graph.name,
            {
                str(term(place)): {
                    name: [term(each) for each in reversed(said)] for name, said in reversed(node.items())
                }
                for place, node in reversed(graph.nodes.items())
            },
        )
        for graph in found
    ]


def sorted_patients(found: list[PatientStatements]) -> list[str]:
    return sorted(repr(normal.patient(patient)) for patient in found)


@settings(max_examples=100, deadline=None)
@given(graphs)
def test_anything_is_read_and_written_again(found: list[Graph]) -> None:
    patients = read_patients(found, TABLES)
    for patient in patients:
        assert all(statement.item.name for statement in patient.statements)
        graph = patient_graph(patient, lambda kind, about: None, TABLES)
        (again,) = read_patients([graph], TABLES)
        assert normal.patient(again) == normal.patient(patient)


@settings(max_examples=60, deadline=None)
@given(graphs)
def test_labels_and_order_make_no_difference(found: list[Graph]) -> None:
    expected = read_patients(found, TABLES)
    assert sorted_patients(read_patients(relabelled(found), TABLES)) == sorted_patients(expected)
