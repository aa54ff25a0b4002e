"""SPARQL of the user's own: what it may do, what it may not, and in what forms it answers."""

import csv
import io
import json
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path
from socketserver import BaseRequestHandler, TCPServer
from typing import Any

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from rdflib import Graph

from il2kg.ask.catalogue import bound, load_questions
from il2kg.cli import main
from il2kg.errors import QueryError
from il2kg.knowledge.guard import refuse
from il2kg.knowledge.results import Answers, run
from il2kg.knowledge.store import load_graph
from tests.folders import OWN
from tests.questions.test_competency import CASES

EXPLODING_PATH = """
    SELECT (COUNT(*) AS ?n) { ?a (!<urn:x>|^!<urn:x>)* ?b . ?c (!<urn:x>|^!<urn:y>)* ?d . ?e (!<urn:x>|^!<urn:z>)* ?f }
"""
EXPLODING_PRODUCT = """
    SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER regex(CONCAT(str(?a), str(?d), str(?g)), "^(a+)+") }
"""


def query(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, ["query", *arguments], input=text, catch_exceptions=False)


REACHING = [
    "SELECT * FROM <file:///etc/hostname> { ?s ?p ?o }",
    "SELECT * FROM NAMED <http://127.0.0.1:{port}/> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT * { SERVICE <http://127.0.0.1:{port}/> { ?s ?p ?o } }",
    "SELECT * { ?s ?p ?o . { SELECT ?s { SERVICE SILENT <http://127.0.0.1:{port}/> { ?s ?p ?o } } } }",
    "ASK { FILTER EXISTS { service <http://127.0.0.1:{port}/> { ?s ?p ?o } } }",
    "CONSTRUCT { ?s ?p ?o } FROM <http://127.0.0.1:{port}/> WHERE { ?s ?p ?o }",
    "SELECT * { OPTIONAL { SERV\\u0049CE <http://127.0.0.1:{port}/> { ?s ?p ?o } } }",
    "DESCRIBE <urn:a> FROM <http://127.0.0.1:{port}/>",
    "LOAD <http://127.0.0.1:{port}/>",
    "INSERT DATA { <urn:a> <urn:b> <urn:c> }",
    "DELETE WHERE { ?s ?p ?o }",
    "DROP ALL",
    "CLEAR DEFAULT",
    "SELECT * { ?s ?p ?o } ; DELETE WHERE { ?s ?p ?o }",
]


@pytest.mark.parametrize("text", REACHING)
def test_a_query_reaches_nothing_but_the_graph(text: str) -> None:
    reached: list[object] = []

    class Listener(BaseRequestHandler):
        def handle(self) -> None:
            reached.append(self.client_address)

    with TCPServer(("127.0.0.1", 0), Listener) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        result = query("-", text=text.replace("{port}", str(server.server_address[1])))
        server.shutdown()
    assert (result.exit_code, result.stdout, reached) == (2, "", [])
    assert result.stderr.startswith("il2kg: -: ")


@pytest.mark.parametrize(
    "text",
    [
        "# FROM nowhere, at nobody's SERVICE\nSELECT ?s { ?s rdfs:label 'oliguria'@en }",
        "SELECT ?s { ?s rdfs:label 'oliguria'@en FILTER (str(?s) != 'SERVICE <http://x> { FROM }') }",
        "SELECT ?from { ?from rdfs:label 'oliguria'@en }",
        "SELECT ?s { ?s rdfs:label '\\u006Fliguria'@en }",
    ],
)
def test_the_words_alone_are_harmless(text: str) -> None:
    answers = run(load_graph(), text, timeout=10)
    assert isinstance(answers, Answers)
    assert [next(iter(row.values())) for row in answers.rows] == ["Oliguria"]


@given(st.text(alphabet="SERVICEFROM <>{}?spo./#'\"\\u0045\n", max_size=80))
def test_no_text_gets_past_the_guard_with_the_words_in_it(text: str) -> None:
    """Whatever is not refused either has no SERVICE or FROM at all, or is a query whose tree has none."""
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        refuse(text)
    except QueryError:
        return
    if "service" in text.lower() or "from" in text.lower() or "\\u" in text.lower():
        assert "ServiceGraphPattern" not in repr(parseQuery(text))


@pytest.mark.parametrize("text", [EXPLODING_PATH, EXPLODING_PRODUCT], ids=["path", "product"])
def test_what_explodes_is_ended(text: str) -> None:
    # A process of its own: what is stopped goes on in the background until its process ends.
    begin = time.monotonic()
    command = [sys.executable, "-m", "il2kg", "query", "-", "--timeout", "0.5"]
    result = subprocess.run(command, input=text, capture_output=True, text=True, check=False)
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "il2kg: -: stopped after 0.5 s; ask for less, or allow more with --timeout\n"
    assert time.monotonic() - begin < 30


def test_too_many_answers_are_an_error() -> None:
    result = query("-", text="SELECT * { ?a ?b ?c . ?d ?e ?f }")
    assert (result.exit_code, result.stderr) == (2, "il2kg: -: more than 100000 answers; add a LIMIT\n")


def test_select_in_all_forms(tmp_path: Path) -> None:
    path = tmp_path / "mine.rq"
    path.write_text("SELECT ?low ?drug { ?drug rdfs:label 'dopamine'@en ; il2:countsAbove ?low }", encoding="utf-8")
    rows = [{"low": 5, "drug": "Dopamine", "drug_label": "dopamine"}]
    document = json.loads(query(str(path), "--format", "json").stdout)
    assert document == {"question": str(path), "query": str(path), "parameters": {}, "answers": rows}
    table = query(str(path), "--format", "csv").stdout
    assert list(csv.DictReader(io.StringIO(table))) == [{key: str(value) for key, value in rows[0].items()}]
    assert query(str(path)).stdout.split() == [str(path), *_words("low drug 5 dopamine", query(str(path)).stdout)]
    refused = query(str(path), "--format", "ttl")
    assert (refused.exit_code, refused.stderr) == (
        2,
        f"il2kg: {path}: only a CONSTRUCT or DESCRIBE query gives Turtle\n",
    )


def _words(expected: str, printed: str) -> list[str]:
    """The printed words without the rules of the table, which must be the expected ones."""
    said = [word for word in printed.split()[1:] if set(word) != {"-"}]
    assert " ".join(said) == expected
    return printed.split()[1:]


def test_construct_gives_turtle_and_rows() -> None:
    text = "CONSTRUCT { ?s rdfs:label ?l } { VALUES ?s { il2:Oliguria } ?s rdfs:label ?l }"
    graph = Graph().parse(data=query("-", "--format", "ttl", text=text).stdout, format="turtle")
    assert [str(o) for o in graph.objects()] == ["oliguria"]
    rows = json.loads(query("-", "--format", "json", text=text).stdout)["answers"]
    assert rows == [
        {"subject": "Oliguria", "predicate": "http://www.w3.org/2000/01/rdf-schema#label", "object": "oliguria"}
    ]


def test_ask_gives_yes_or_no() -> None:
    rows = json.loads(query("-", "--format", "json", text="ASK { il2:Oliguria rdfs:label ?l }").stdout)["answers"]
    assert rows == [{"answer": True}]
    assert "no" in query("-", text="ASK { il2:Oliguria rdfs:label 'x' }").stdout.split()


@pytest.mark.parametrize(
    "concept", ["Oliguria", "il2:Oliguria", "https://w3id.org/il2kg/Oliguria", "low urine output", "OLIGURIA"]
)
def test_a_question_by_name_and_a_binding(concept: str) -> None:
    by_name = json.loads(query("manages", "--bind", f"finding={concept}", "--format", "json").stdout)
    asked = CliRunner().invoke(main, ["ask", "what manages oliguria", "--format", "json"]).stdout
    assert by_name["parameters"] == {"finding": "Oliguria"}
    assert by_name["answers"] == json.loads(asked)["answers"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["manages", "--bind", "finding"], "write it like finding=Oliguria"),
        (["manages", "--bind", "finding=oligurya"], "no one term is called 'oligurya'; nearest: oliguria"),
        (["manages", "--bind", "drug=Oliguria"], "the query has no ?drug to bind"),
        (["no-such-thing"], "neither a file that can be read (No such file or directory) nor a question"),
        ([str(Path(__file__).parent)], "neither a file that can be read (Is a directory) nor a question"),
    ],
)
def test_what_cannot_be_used_is_one_line(arguments: list[str], says: str) -> None:
    result = query(*arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert says in result.stderr
    assert len(result.stderr.splitlines()) == 1


@pytest.mark.parametrize("text", ["", "SELECT", "SELECT * { ?a ?b }", "{}", "\x00", "SELECT * { ?s ?p 'x }"])
def test_what_is_no_query_is_one_line(text: str) -> None:
    result = query("-", text=text)
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)


def test_sparql_that_is_printed_gives_the_same_answers() -> None:
    """What `ask --format sparql` prints can be run elsewhere: rdflib gives the same rows."""
    text = CliRunner().invoke(main, ["ask", "when does fever begin", "--format", "sparql"]).stdout
    graph = Graph()
    for path in sorted((Path(__file__).parents[2] / "ontology").rglob("*.ttl")):
        graph.parse(path)
    (row,) = graph.query(text).bindings
    assert [str(row[name]) for name in ("low", "high", "unit")] == ["2", "4", "h"]
    answers = run(load_graph(), text, timeout=10)
    assert isinstance(answers, Answers)
    assert [(r["low"], r["high"], r["unit"]) for r in answers.rows] == [(2, 4, "h")]


def test_binding_needs_the_variable() -> None:
    with pytest.raises(QueryError, match="no \\?y to bind"):
        bound("SELECT ?x { ?x ?p ?o }", {"y": "urn:a"})


@pytest.mark.parametrize(
    ("text", "with_values"),
    [
        (
            "SELECT ?x # WHERE {\nWHERE { ?x ?p 'WHERE {' }",
            "SELECT ?x # WHERE {\nWHERE {\n  VALUES (?x) { (<urn:a>) } ?x ?p 'WHERE {' }",
        ),
        ("SELECT ?x { ?x ?p ?o }", "SELECT ?x { ?x ?p ?o }\nVALUES (?x) { (<urn:a>) }\n"),
        (
            "CONSTRUCT { ?x ?p ?o } where\n{ ?x ?p ?o }",
            "CONSTRUCT { ?x ?p ?o } where\n{\n  VALUES (?x) { (<urn:a>) } ?x ?p ?o }",
        ),
    ],
)
def test_a_binding_begins_the_pattern_or_ends_the_query(text: str, with_values: str) -> None:
    assert bound(text, {"x": "urn:a"}) == with_values


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_where_a_binding_stands_changes_nothing(path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    (question,) = (question for question in load_questions() if question.name == case["query"])
    names = " ".join(f"?{name}" for name in case["parameters"])
    terms = " ".join(f"il2:{name}" for name in case["parameters"].values())
    at_the_end = f"{question.query}\nVALUES ({names}) {{ ({terms}) }}" if names else question.query
    answers = run(load_graph(), at_the_end, timeout=60)
    assert isinstance(answers, Answers)
    assert list(answers.rows) == case["answers"]


def test_what_can_be_asked_is_listed() -> None:
    listed = CliRunner().invoke(main, ["questions"]).stdout
    assert all(question.name in listed for question in load_questions())


def test_a_new_file_is_a_new_question(tmp_path: Path) -> None:
    from il2kg.ask.lexicon import Lexicon
    from il2kg.ask.matching import understand

    folder = tmp_path / "queries" / "questions"
    folder.mkdir(parents=True)
    (folder / "opposes.rq").write_text(
        "# title: What opposes\n# phrasing: what opposes {drug}\n# parameter: drug il2:Treatment\n"
        "SELECT ?drug ?source { ?drug il2:source ?source }",
        encoding="utf-8",
    )
    questions = load_questions(replace(OWN, questions=folder))
    graph = load_graph()
    found = understand("what opposes dopamine", questions, Lexicon(graph))
    answers = run(
        graph, bound(found.question.query, {name: term.iri for name, term in found.terms.items()}), timeout=10
    )
    assert isinstance(answers, Answers)
    assert [(row["drug"], row["source"]) for row in answers.rows] == [("Dopamine", "text-cardiopulmonary-toxicity")]


@pytest.mark.parametrize(
    ("header", "says"),
    [
        ("# phrasing: what\n", "the header needs one '# title: ...'"),
        ("# title: T\n", "at least one '# phrasing: ...'"),
        ("# title: T\n# phrasing: what is {x}\n", "its {...} are not the parameters"),
        ("# title: T\n# phrasing: What is it?\n", "words in lower case without marks"),
        ("# title: T\n# phrasing: what\n# parameter: x il2:Treatment\n", "its {...} are not the parameters"),
        ("# title: T\n# phrasing: what {x}\n# parameter: x\n", "needs a class"),
    ],
)
def test_a_header_that_lacks_something_is_named(tmp_path: Path, header: str, says: str) -> None:
    folder = tmp_path / "queries" / "questions"
    folder.mkdir(parents=True)
    (folder / "bad.rq").write_text(header, encoding="utf-8")
    with pytest.raises(QueryError) as error:
        load_questions(replace(OWN, questions=folder))
    assert str(folder / "bad.rq") in str(error.value)
    assert says in str(error.value)


def test_ask_says_what_it_does_not_understand() -> None:
    result: Any = CliRunner().invoke(main, ["ask", "what", "manages", "gout"])
    assert (result.exit_code, result.stdout) == (2, "")
    unknown = "il2kg: 'what manages gout': the guideline knows no finding called 'gout'"
    assert result.stderr == f"{unknown}; `il2kg questions` lists what can be asked\n"
