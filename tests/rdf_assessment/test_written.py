"""An assessment as RDF says all that its JSON document says, in either syntax, and no more than its vocabulary has."""

import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, Graph

from il2kg.assessment.result import Assessment
from il2kg.bulk import load_engine
from il2kg.engine import Engine
from il2kg.explain.as_json import to_json
from il2kg.explain.as_rdf import RecordNames
from il2kg.explain.provenance import made_by
from il2kg.locations import content_root
from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.graphs import Literal
from il2kg.rdf.writing import serialise
from il2kg.read.times import microseconds
from il2kg.record import PassedOver, Problem
from il2kg.request import Request
from il2kg.rules.decision import Status
from il2kg.write.assessments import assessment_graph, names_of, to_jsonld, to_turtle
from tests.bundles import Resource, bundle, named_record
from tests.folders import OWN
from tests.ontology.files import merged
from tests.rdf_assessment.rebuilt import IL2, WORDS, document, documents
from tests.strategies import AT, records

pytestmark = pytest.mark.filterwarnings(
    "ignore:ConjunctiveGraph is deprecated:DeprecationWarning"
)  # by rdflib, of itself

GUIDELINE = load_engine().guideline
ENGINE = load_engine()
ROOT = content_root()
EXAMPLES = sorted((ROOT / "examples").glob("*.json"))
NOW = microseconds(AT)
ASKED = [
    Request(at=NOW),
    Request(at=NOW, every_criterion=True, by_exception=True, zone="Europe/Vienna"),
    Request(given=NOW, rule_sets=("regimen", "label")),
]
PROV = "http://www.w3.org/ns/prov#"


def example(name: str) -> Any:
    return json.loads((ROOT / "examples" / f"{name}.json").read_text(encoding="utf-8"))


def said_of(content: Any, request: Request) -> Assessment:
    (found,) = ENGINE.assess([named_record(ENGINE, "ward/record.json", content)], request)
    assert isinstance(found, Assessment)
    return found


def read(text: str, form: str) -> Graph:
    return Graph().parse(data=text, format=form)


def assert_says_the_same(found: Assessment) -> None:
    expected = json.loads(to_json(found))
    assert document(read(to_turtle(found, GUIDELINE), "turtle")) == expected
    assert document(read(to_jsonld(found, GUIDELINE), "json-ld")) == expected


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.stem)
@pytest.mark.parametrize("everything", [False, True])
def test_the_document_of_an_example_comes_back(path: Path, everything: bool, engine: Engine) -> None:
    for found in engine.assess(list(engine.read(path)), Request(every_criterion=everything)):
        assert isinstance(found, Assessment)
        assert_says_the_same(found)


@given(records(), st.sampled_from(ASKED))
def test_the_document_of_any_record_comes_back(resources: list[Resource], request: Request) -> None:
    assert_says_the_same(said_of(bundle(resources), request))


words = st.text(max_size=12)
names = st.text(min_size=1, max_size=12)
NUMBERS = st.floats(allow_nan=False, allow_infinity=False)


@st.composite
def spoken(draw: st.DrawFn, numbers: st.SearchStrategy[float] = NUMBERS) -> Assessment:
    """An assessment with any words, names and numbers at all."""
    found = said_of(example("oliguria-rising-creatinine"), Request())
    problems = st.builds(Problem, kind=names, item=words, detail=words, concept=st.sampled_from(["", "Oliguria"]))
    kinds = st.builds(PassedOver, st.just(0), words, words, words, words, st.integers(1, 9))
    first, *others = found.criteria
    evidence = replace(
        first.evidence[0],
        value=draw(numbers | words | st.booleans()),
        unit=draw(words),
        charted=draw(words),
        resources=tuple(draw(st.lists(names, unique=True, max_size=4))),
    )
    return replace(
        found,
        record=draw(words),
        patient=draw(st.none() | words),
        problems=tuple(draw(st.lists(problems, max_size=3))),
        passed_over=tuple(draw(st.lists(kinds, max_size=3))),
        criteria=(replace(first, label=draw(words), evidence=(evidence, *first.evidence[1:])), *others),
    )


@given(spoken())
def test_whatever_is_said_comes_back(found: Assessment) -> None:
    graph = assessment_graph(found, GUIDELINE)
    turtle, line = to_turtle(found, GUIDELINE), to_jsonld(found, GUIDELINE)
    assert "\n" not in line
    quads = [set(ox.parse(turtle, format=ox.RdfFormat.TURTLE)), set(ox.parse(line, format=ox.RdfFormat.JSON_LD))]
    assert quads[0] == quads[1]
    assert len(quads[0]) == sum(len(terms) for node in graph.nodes.values() for terms in node.values())
    assert_says_the_same(found)


def test_numbers_are_decimals_and_nothing_is_blank() -> None:
    found = said_of(example("oliguria-rising-creatinine"), Request(every_criterion=True))
    terms = {term for quad in ox.parse(to_turtle(found, GUIDELINE), format=ox.RdfFormat.TURTLE) for term in quad.triple}
    kinds = {term.datatype.value.rpartition("#")[2] for term in terms if isinstance(term, ox.Literal)}
    assert kinds == {"string", "dateTime", "boolean", "decimal", "integer"}
    assert not any(isinstance(term, ox.BlankNode) for term in terms)


def test_what_links_to_the_record_and_to_what_made_it() -> None:
    graph = assessment_graph(said_of(example("creatinine-hold"), Request()), GUIDELINE)
    made = made_by(GUIDELINE)
    version, guideline = made.software, made.guideline
    record = "urn:il2kg:record:Patient%2Fex-hold"
    creatinine = f"{record}:Observation%2Fserum-creatinine-3"
    about = graph.nodes[graph.name]
    assert about[f"{IL2}ofPatient"] == [record]
    assert about[f"{PROV}wasDerivedFrom"] == [record, guideline]
    (activity,) = about[f"{PROV}wasGeneratedBy"]
    assert graph.nodes[str(activity)][f"{PROV}used"][:3] == [guideline, record, creatinine]
    (agent,) = graph.nodes[str(activity)][f"{PROV}wasAssociatedWith"]
    assert graph.nodes[str(agent)][f"{IL2}softwareVersion"] == [Literal(version)]
    assert guideline == f"https://w3id.org/il2kg/{version}"
    assert made.fingerprint == sha256(b"".join(path.read_bytes() for path in OWN.files_of_rules)).hexdigest()
    evidence = graph.nodes[f"{graph.name}:criterion.upci-abs-creatinine.evidence.1"]
    assert evidence[f"{PROV}wasDerivedFrom"] == [creatinine]


def test_a_source_s_own_iris_are_kept() -> None:
    found = said_of(example("creatinine-hold"), Request())
    addresses = {
        "Observation/serum-creatinine-3": "http://ward.example/7",
        "Observation/fluid-toxicity-1": "chart 7, page 2",  # an address that is no IRI
    }
    graph = assessment_graph(found, GUIDELINE, names_of(found.patient, "http://ward.example/p", addresses))
    evidence = f"{graph.name}:criterion.label-creatinine.evidence"
    assert graph.nodes[graph.name][f"{IL2}ofPatient"] == ["http://ward.example/p"]
    assert graph.nodes[f"{evidence}.1"][f"{PROV}wasDerivedFrom"] == ["http://ward.example/7"]
    minted = "urn:il2kg:record:Patient%2Fex-hold:Observation%2Ffluid-toxicity-1"
    assert graph.nodes[f"{evidence}.2"][f"{PROV}wasDerivedFrom"] == [minted]
    assert names_of("http://ward.example/p").patient == "http://ward.example/p"
    assert names_of(None).items("urn:uuid:1") == ("urn:uuid:1",)


def test_an_item_s_name_that_several_have_leads_to_all_of_them() -> None:
    found = said_of(example("creatinine-hold"), Request())
    names = RecordNames("urn:p", lambda name: (f"urn:1:{quote(name)}", f"urn:2:{quote(name)}"))
    graph = assessment_graph(found, GUIDELINE, names)
    derived = graph.nodes[f"{graph.name}:criterion.upci-abs-creatinine.evidence.1"][f"{PROV}wasDerivedFrom"]
    assert derived == ["urn:1:Observation/serum-creatinine-3", "urn:2:Observation/serum-creatinine-3"]
    assert document(read(serialise([graph], RdfFormat.TURTLE, {}).decode(), "turtle")) == json.loads(to_json(found))


def variants(found: Assessment) -> Iterator[Assessment]:
    yield found
    yield replace(found, at=found.at + 1)
    yield replace(found, charting="by-exception")
    yield replace(found, record="elsewhere.json")
    yield replace(found, patient=None)
    yield replace(found, zone="Europe/Vienna")


def test_another_assessment_has_another_iri() -> None:
    found = said_of(example("atrial-fibrillation"), Request())
    iris = [assessment_graph(each, GUIDELINE).name for each in variants(found)]
    assert len(set(iris)) == len(iris)
    assert iris[0].startswith("urn:il2kg:assessment:Patient%2Fex-af:2026-")
    assert assessment_graph(found, GUIDELINE).name == iris[0]


def test_the_same_record_gives_the_same_bytes_in_any_process() -> None:
    program = (
        "import sys; from pathlib import Path; from il2kg.bulk import load_engine; from il2kg.request import Request;"
        "from il2kg.write.assessments import to_jsonld, to_turtle; engine = load_engine();"
        f"records = list(engine.read(Path({str(EXAMPLES[-1])!r})));"
        "g = engine.guideline;"
        "[sys.stdout.write(to_turtle(a, g) + to_jsonld(a, g)) for a in engine.assess(records, Request())]"
    )
    command = [sys.executable, "-c", program]
    found = {subprocess.run(command, capture_output=True, check=True, cwd=ROOT).stdout for _ in range(2)}
    assert len(found) == 1
    assert len(found.pop()) > 10_000


def test_several_documents_behind_one_another_are_one() -> None:
    found = [said_of(json.loads(path.read_text(encoding="utf-8")), Request()) for path in EXAMPLES]
    graph = read("\n".join(to_turtle(each, GUIDELINE) for each in found), "turtle")
    expected = [json.loads(to_json(each)) for each in found]
    assert sorted(documents(graph), key=json.dumps) == sorted(expected, key=json.dumps)
    array = read(f"[\n{','.join(to_jsonld(each, GUIDELINE) for each in found)}\n]", "json-ld")
    assert len(array) == len(graph)
    assert len(documents(array)) == len(found)


def test_the_words_are_those_of_the_json() -> None:
    schema = json.loads((ROOT / "docs" / "assessment.schema.json").read_text(encoding="utf-8"))
    statuses = {str(status) for status in Status}
    assert sorted(WORDS.values()) == sorted([*schema["$defs"]["word"]["enum"], *statuses])
    decisions = load_engine().guideline.decisions
    said = [*decisions.in_order, decisions.undecided, *decisions.other_words]
    assert sorted(each.word for each in said) == sorted(schema["$defs"]["word"]["enum"])
    assert [each.rank for each in decisions.in_order] == list(range(len(decisions.in_order)))


def test_what_is_said_is_said_in_the_vocabulary() -> None:
    found = said_of(example("oliguria-rising-creatinine"), Request(every_criterion=True))
    found = replace(
        found,
        problems=(Problem("kind", "item", "detail", "Oliguria"),),
        passed_over=(PassedOver(0, "Observation", "system", "code", "text", 1),),
        zone="Europe/Vienna",
        given=found.at,
    )
    graph = read(to_turtle(found, GUIDELINE), "turtle")
    own = {
        term
        for _, p, o in graph
        for term in (p, o)
        if term.startswith(IL2) and term != IL2[made_by(GUIDELINE).software]
    }
    ontology = merged()
    assert {term for term in own if (term, RDF.type, None) not in ontology} == set()
