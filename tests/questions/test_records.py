"""Records and assessments beside the guideline: who sees what, and that nothing else changes."""

import json
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result

import il2kg
from il2kg.ask.catalogue import bound, load_questions
from il2kg.bulk import load_engine
from il2kg.cli import main
from il2kg.errors import QueryError
from il2kg.knowledge import process
from il2kg.knowledge.quads import nquads
from il2kg.knowledge.results import Answers, run
from il2kg.knowledge.store import Knowledge, load_graph
from il2kg.locations import content_root
from il2kg.rdf.graphs import Graph, Literal
from il2kg.record_source import patients_in
from il2kg.request import Request
from il2kg.vocabulary import IL2
from il2kg.write.dataset import INDEX, RecordGraphs
from tests.folders import OWN
from tests.questions.test_competency import CASES
from tests.questions.test_query import REACHING
from tests.rdf_assessment.ward import ADA, BEN, bundle, written

EVERYTHING = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
DECISIONS = "SELECT ?name ?decision { ?a il2:recordName ?name ; il2:decision/skos:notation ?decision } ORDER BY ?name"
HYGIENE = sorted((content_root() / "queries" / "hygiene").glob("*.rq"))


def query(text: str, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["query", "-", "--format", "json", *arguments], input=text, catch_exceptions=False)


def rows(text: str, *arguments: str) -> list[dict[str, Any]]:
    result = query(text, *arguments)
    assert (result.exit_code, result.stderr) == (0, "")
    found: list[dict[str, Any]] = json.loads(result.stdout)["answers"]
    return found


def given(paths: list[Path], *more: str) -> list[str]:
    return [*(part for path in paths for part in ("--record", str(path))), *more]


def graphs_of(paths: list[Path]) -> list[Graph]:
    engine = load_engine()
    records = RecordGraphs(engine, Request())
    told = [each for path in paths for each in records.of(engine.patients(path))]
    return [graph for each in (*told, *records.assessed()) for graph in each.graphs]


@pytest.fixture(scope="module")
def ward(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return written(tmp_path_factory.mktemp("ward"))


@pytest.fixture(scope="module")
def beside(ward: list[Path]) -> Knowledge:
    """The guideline with the ward in its default graph, and each graph of it under its name."""
    graph = load_graph()
    for portion in nquads(graphs_of(ward), named=True, merged=True):
        graph.store.load(portion, format=ox.RdfFormat.N_QUADS)
    return graph


# ---- What is asked of the guideline


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_questions_have_the_same_answers_beside_records(path: Path, beside: Knowledge) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    (question,) = (question for question in load_questions() if question.name == case["query"])
    text = bound(question.query, {name: IL2 + term for name, term in case["parameters"].items()})
    answers = run(beside, text, timeout=60)
    assert isinstance(answers, Answers)
    assert list(answers.rows) == case["answers"]


@pytest.mark.parametrize("path", HYGIENE, ids=lambda path: path.stem)
def test_rules_for_authors_hold_beside_records(path: Path, beside: Knowledge) -> None:
    """No record uses a property that is not declared, or says anything of the guideline's own terms."""
    assert run(beside, path.read_text(encoding="utf-8"), 60) == run(load_graph(), path.read_text(encoding="utf-8"), 60)


def test_the_guideline_alone_can_be_asked(ward: list[Path]) -> None:
    alone = rows(EVERYTHING)
    assert rows(EVERYTHING, *given(ward, "--default-graph", "guideline")) == alone
    assert rows(EVERYTHING, *given(ward))[0]["n"] > alone[0]["n"] + 500
    inside = "SELECT (COUNT(*) AS ?n) { GRAPH ?g { ?s ?p ?o } }"
    assert rows(inside, *given(ward, "--default-graph", "guideline")) == rows(inside, *given(ward)) != rows(inside)
    both = "SELECT ?l { GRAPH ?g { ?found il2:criterion ?c } ?c rdfs:label ?l } ORDER BY ?l LIMIT 1"
    assert rows(both, *given(ward, "--default-graph", "guideline")) == rows(both.replace("GRAPH ?g", ""), *given(ward))


def test_a_question_by_name_is_asked_of_the_guideline_alone(ward: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["query", "manages", "--bind", "finding=Oliguria", "--format", "json"]
    alone = CliRunner().invoke(main, arguments)
    assert CliRunner().invoke(main, [*arguments, *given([Path("/no/such/file")])]).output == alone.output


# ---- What is asked of records


def test_each_graph_has_its_name_and_the_index_says_whose_it_is(ward: list[Path]) -> None:
    found = rows(
        f"""SELECT ?graph ?kind ?patient ?name {{
            GRAPH <{INDEX}> {{ ?graph a ?kind ; il2:graphOf ?patient . OPTIONAL {{ ?graph il2:recordName ?name }} }}
        }} ORDER BY ?patient ?kind""",
        *given(ward[:1]),
    )
    (assessment,) = rows("SELECT ?a { ?a a il2:WrittenAssessment }", *given(ward[:1]))
    patient = "urn:il2kg:record:Patient%2Fada"
    assert [(r["graph"], r["kind"], r["patient"], r["name"]) for r in found] == [
        (assessment["a"], "AssessmentGraph", patient, None),
        ("urn:il2kg:reading:Patient%2Fada", "ReadingGraph", patient, None),
        ("urn:il2kg:graph:Patient%2Fada", "RecordGraph", patient, str(ward[0])),
    ]
    named = rows("SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } } ORDER BY ?g", *given(ward[:1]))
    assert [row["g"] for row in named] == sorted([*(r["graph"] for r in found), INDEX])


def test_all_graphs_are_one_where_none_is_asked_for(ward: list[Path]) -> None:
    """A triple of two graphs is one, and a node without a name is the same in both."""
    agent = "SELECT ?v { ?agent il2:softwareVersion ?v }"
    assert len(rows(agent, *given(ward))) == 1
    assert len(rows(agent.replace("{ ?", "{ GRAPH ?g { ?").replace("v }", "v } }"), *given(ward))) == 3
    joined = "SELECT ?n { GRAPH ?g { ?o sosa:hasResult ?r } ?r qudt:numericValue ?n } ORDER BY ?n"
    together = "SELECT ?n { ?o sosa:hasResult ?r . ?r qudt:numericValue ?n } ORDER BY ?n"
    assert rows(joined, *given(ward[:1])) == rows(together, *given(ward[:1])) == [{"n": 0.9}, {"n": 318}]


def test_a_criterion_that_was_met_on_a_drug_is_one_query(ward: list[Path]) -> None:
    """The guideline, what was read, and the assessment in one: the drug was charted in words alone."""
    text = """SELECT DISTINCT ?patient ?label {
        ?assessment il2:patient ?patient ; il2:ofPatient ?of ; il2:criterionStatus ?found .
        ?found il2:status il2:status-met ; il2:since ?since ; il2:criterion ?criterion .
        ?criterion il2:ruleSet il2:upci ; rdfs:label ?label ; il2:condition/il2:observable il2:SerumCreatinine .
        ?given il2:ofPatient ?of ; il2:concept il2:Phenylephrine ; il2:readFrom ?from ; il2:readUntil ?until .
        FILTER (?from <= ?since && ?since <= ?until)
    }"""
    assert rows(text, *given(ward)) == [{"patient": "Patient/ada", "label": "Serum creatinine of 3.0 mg/dL or more"}]


def test_how_records_are_assessed_can_be_said(ward: list[Path]) -> None:
    at = "SELECT ?at ?charting { ?a il2:at ?at ; il2:charting ?charting }"
    asked = ["--at", "2026-03-02T18:00:00", "--zone", "UTC", "--charting", "by-exception"]
    assert rows(at, *given(ward[:1], *asked)) == [{"at": "2026-03-02T18:00:00Z", "charting": "by-exception"}]
    dose = "SELECT ?g { ?a il2:eventGivenAt ?g }"
    assert rows(dose, *given(ward[:1], "--given", "2026-03-02T16:00:00Z")) == [{"g": "2026-03-02T16:00:00Z"}]


def test_patients_of_one_name_in_two_files_stay_apart(tmp_path: Path) -> None:
    paths = [tmp_path / "a.json", tmp_path / "b.json"]
    for path, resources in zip(paths, (ADA, BEN), strict=True):
        path.write_text(json.dumps(bundle("same", resources)), encoding="utf-8")
    doses = "SELECT ?of (COUNT(?d) AS ?n) { ?d a il2:ReadEvent ; il2:ofPatient ?of } GROUP BY ?of ORDER BY ?n"
    assert [row["n"] for row in rows(doses, *given(paths))] == [1, 3]
    assert rows(DECISIONS, *given(paths)) == [{"name": str(path), "decision": "stop-cycle"} for path in paths]
    # The same file twice is one record.
    assert [row["n"] for row in rows(doses, *given([paths[0], paths[0]]))] == [3]


def test_what_cannot_be_assessed_is_said_and_the_rest_is_answered(ward: list[Path], tmp_path: Path) -> None:
    timeless = tmp_path / "timeless.json"
    resources = {"dose-1": {k: v for k, v in ADA["dose-1"].items() if k != "effectiveDateTime"}}
    timeless.write_text(json.dumps(bundle("dan", resources)), encoding="utf-8")
    nothing = tmp_path / "nothing.json"
    nothing.write_text("{", encoding="utf-8")
    result = query(DECISIONS, *given([timeless, nothing, ward[0]]))
    assert json.loads(result.stdout)["answers"] == [{"name": str(ward[0]), "decision": "stop-cycle"}]
    assert result.exit_code == 2
    first, second = result.stderr.splitlines()
    assert first.startswith(f"il2kg: {timeless}: none of its items has a time")
    assert second.startswith(f"il2kg: {nothing}: ")
    why = query("SELECT ?why { ?g a il2:RecordGraph ; il2:notAssessed ?why }", *given([timeless]))
    (row,) = json.loads(why.stdout)["answers"]
    assert row["why"] == first.removeprefix("il2kg: ")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--at", "2026-03-02T18:00:00Z"], "--at is about records; say which with --record"),
        (["--charting", "explicit"], "--charting is about records; say which with --record"),
        (["--record", "x.json", "--at", "noon"], "'noon': not a date or time"),
        (["--record", "x.json", "--input-format", "word"], "'word' is none of"),
        (["--record", "x.json", "--at", "2026-03-02T18:00:00Z", "--given", "2026-03-02T18:00:00Z"], "give one of them"),
    ],
)
def test_what_is_asked_in_vain_is_said(arguments: list[str], says: str) -> None:
    result = query(DECISIONS, *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in " ".join(result.stderr.split())


def test_a_query_of_records_needs_some() -> None:
    result = CliRunner().invoke(main, ["query", "to-assess"])
    assert (result.exit_code, result.stderr) == (2, "il2kg: to-assess: asks of records; say which with --record\n")


# ---- What a query may not do, records or not


@pytest.mark.parametrize("text", REACHING[:8])
def test_a_query_reaches_nothing_beyond_the_records(text: str, ward: list[Path]) -> None:
    result = query(text.replace("{port}", "9"), *given(ward[:1]))
    assert (result.exit_code, result.stdout) == (2, "")
    assert "refused" in result.stderr


def test_no_file_is_read_that_only_the_query_names(ward: list[Path]) -> None:
    for clause in ("FROM", "FROM NAMED"):
        result = query(f"SELECT * {clause} <{ward[1].as_uri()}> {{ ?s ?p ?o }}", *given(ward[:1]))
        assert (result.exit_code, result.stdout) == (2, "")
    assert rows(f"SELECT * {{ GRAPH <{ward[1].as_uri()}> {{ ?s ?p ?o }} }}", *given(ward[:1])) == []


def test_limits_hold_of_records_too(ward: list[Path]) -> None:
    hungry = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?d"
    result = query(hungry, *given(ward[:1], "--memory", "300", "--timeout", "60"))
    assert "takes more than 300 MB of memory" in result.stderr
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER (?a > ?d + ?g) }"
    result = query(endless, *given(ward[:1], "--timeout", "1"))
    assert "stopped after 1 s" in result.stderr


def test_records_that_fill_the_memory_are_said() -> None:
    many = {f"urn:x:{n}": {"urn:p": [Literal("x" * 50)]} for n in range(1_000_000)}
    portions = nquads([Graph("urn:g", many)], named=True, merged=True)
    with pytest.raises(QueryError, match=r"takes more than 200 MB of memory; .* --memory"):
        process.query(EVERYTHING, OWN, memory=200, timeout=60, beside=portions)


def test_what_is_no_quads_is_said() -> None:
    with pytest.raises(QueryError, match="what stands beside the graph cannot be read: "):
        process.query(EVERYTHING, OWN, beside=[b"<urn:a> <urn:b> .\n"])


def test_texts_come_through_as_they_are() -> None:
    said = 'a "quoted" \\ back\nslash\r\ttab \u00e9 \U0001f600'
    graph = Graph("urn:g", {"urn:a": {"urn:p": [Literal(said), Literal("hi", language="en"), "_:b"]}})
    answers = process.query(
        "SELECT ?o { GRAPH <urn:g> { <urn:a> <urn:p> ?o FILTER (isLiteral(?o)) } } ORDER BY ?o",
        OWN,
        beside=nquads([graph], named=True, merged=False),
    )
    assert isinstance(answers, Answers)
    assert [row["o"] for row in answers.rows] == [said, "hi"]


def test_another_default_graph_is_none(ward: list[Path]) -> None:
    with pytest.raises(ValueError, match="default_graph is all or guideline, not 'none'"):
        il2kg.query(EVERYTHING, records=ward, default_graph="none")  # type: ignore[arg-type]


def test_half_a_character_in_a_record_is_no_matter() -> None:
    """Python may give one; a file has none."""
    engine = load_engine()
    resources = {**ADA, "odd": {**ADA["creatinine-2"], "code": {"text": "creatinine \ud800"}}}
    records = RecordGraphs(engine, Request())
    source = patients_in(bundle("p", resources), engine.formats())
    told = [*records.of(source), *records.assessed()]
    graphs = nquads((graph for each in told for graph in each.graphs), named=True, merged=True)
    found = process.query("SELECT ?words { ?text il2:words ?words FILTER (STRENDS(?words, '?')) }", OWN, beside=graphs)
    assert found == Answers(("words",), ({"words": "creatinine ?"},))
