"""Every command works with a guideline of which no line of Python knows."""

import json
import re
from pathlib import Path

import jsonschema
import pyoxigraph as ox
import pytest
import shacl
from click.testing import CliRunner

import il2kg
from il2kg.cli import main
from tests.guidelines.folders import NAMES, ROOT, engine_of, examples, folder_of, printed, run

DECISIONS = {
    "potassium": {
        "give": "give",
        "hold": "hold",
        "not-known": "not-known",
        "replace-first": "replace-first",
        "stop-and-call": "call",
    },
    "capecitabine": {
        "first-intake": "give",
        "for-good": "discontinue",
        "lower-level": "reduce-75",
        "second-time": "hold",
        "two-at-once": "stop-cycle",
        "unsettled": "unsettled",
    },
}
EXAMPLES = [(name, path) for name in NAMES for path in examples(name)]
ASKED = {
    "potassium": {
        "definition": ("what is a peaked T wave", "tall, narrow T wave"),
        "effect": ("when do I stop and call", "potassium-high-call"),
        "held": ("when is the infusion held for high potassium", "potassium-high-hold"),
        "limits": ("limits of serum magnesium", "magnesium-low-hold"),
        "place": ("what does made-up table 2 say", "kidneys-filtration"),
        "resume": ("what lifts a hold for low potassium", "potassium-low-hold"),
        "what-to-do": ("what is done about low magnesium", "replace-magnesium"),
    },
    "capecitabine": {
        "definition": ("what is Xeloda", "becomes fluorouracil"),
        "held": ("when is capecitabine discontinued for diarrhea", "diarrhea-life-threatening"),
        "limits": ("limits of the neutrophil count", "neutrophils-severe"),
        "not-eligible": ("who must not begin", "entry-dpd"),
        "place": ("what does CTCAE 3.0 say", "neutrophils-hold"),
        "resume": ("what lifts a hold for hand-foot syndrome", "hand-foot-hold"),
        "what-to-do": ("how is diarrhoea treated", "diarrhea-lower-level"),
    },
}
QUESTIONS = [(name, query) for name, queries in ASKED.items() for query in queries]


def _decision(name: str, path: Path, *arguments: str) -> str:
    document = json.loads(printed(name, "assess", path, "--format", "json", *arguments))
    return str(document["overall"]["decision"])


@pytest.mark.parametrize("name", NAMES)
def test_the_examples_are_decided(name: str) -> None:
    assert {path.stem: _decision(name, path) for path in examples(name)} == DECISIONS[name]


@pytest.mark.parametrize(("name", "path"), EXAMPLES, ids=lambda value: getattr(value, "stem", value))
def test_assess_begins_with_the_headline(name: str, path: Path) -> None:
    decisions = engine_of(name).guideline.decisions
    every = {each.word: each.headline for each in (*decisions.in_order, decisions.undecided)}
    text = " ".join(printed(name, "assess", path).split())
    assert text.startswith(every[DECISIONS[name][path.stem]])


@pytest.mark.parametrize(("name", "path"), EXAMPLES, ids=lambda value: getattr(value, "stem", value))
def test_an_assessment_as_rdf_conforms_to_the_compiled_shapes(name: str, path: Path) -> None:
    shapes = (folder_of(name) / "shapes" / "assessment.ttl").read_text(encoding="utf-8")
    written = printed(name, "assess", path, "--format", "ttl", "--all")
    assert [str(each) for each in shacl.Shapes.from_turtle(shapes).validate_turtle(written).results] == []


@pytest.mark.parametrize(("name", "path"), EXAMPLES, ids=lambda value: getattr(value, "stem", value))
def test_assess_as_rdf_says_the_same(name: str, path: Path) -> None:
    store = ox.Store()
    store.load(printed(name, "assess", path, "--format", "ttl").encode(), format=ox.RdfFormat.TURTLE)
    overall = "SELECT ?word { ?one a il2:WrittenAssessment ; il2:decision/skos:notation ?word }"
    graph = printed(name, "export", "--format", "nt")
    store.load(graph.encode(), format=ox.RdfFormat.N_TRIPLES)
    prefixes = "PREFIX il2: <https://w3id.org/il2kg/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#> "
    rows = store.query(prefixes + overall)
    assert isinstance(rows, ox.QuerySolutions)
    assert {row["word"].value for row in rows} == {DECISIONS[name][path.stem]}


@pytest.mark.parametrize(("name", "path"), EXAMPLES, ids=lambda value: getattr(value, "stem", value))
def test_json_is_as_the_schema_says_with_the_guideline_s_own_words(name: str, path: Path) -> None:
    schema = json.loads((ROOT / "docs" / "assessment.schema.json").read_text(encoding="utf-8"))
    guideline = engine_of(name).guideline
    decisions = guideline.decisions
    said = (*decisions.in_order, decisions.undecided, *decisions.other_words)
    schema["$defs"]["word"]["enum"] = [each.word for each in said]
    schema["properties"]["criteria"]["items"]["properties"]["effect"]["enum"] = list(guideline.effects)
    jsonschema.validate(json.loads(printed(name, "assess", path, "--format", "json", "--all")), schema)


@pytest.mark.parametrize("name", NAMES)
def test_python_takes_the_folder_too(name: str) -> None:
    found = {path.stem: next(iter(il2kg.assess(path, guideline=folder_of(name)))) for path in examples(name)}
    assert {stem: each.decision for stem, each in found.items()} == DECISIONS[name]
    asked, wanted = ASKED[name]["limits"]
    answers = il2kg.answer(asked, guideline=folder_of(name)).answers
    assert answers is not None
    assert wanted in {row["criterion"] for row in answers.rows}
    counted = il2kg.query("SELECT (COUNT(*) AS ?n) { ?c a il2:Criterion }", guideline=folder_of(name))
    assert isinstance(counted, il2kg.Answers)
    assert [row["n"] for row in counted.rows] == [len(engine_of(name).guideline.criteria)]


@pytest.mark.parametrize("name", NAMES)
def test_the_environment_may_name_it(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IL2KG_GUIDELINE", str(folder_of(name)))
    path = examples(name)[0]
    said = CliRunner().invoke(main, ["assess", str(path), "--format", "json"]).stdout
    assert json.loads(said)["overall"]["decision"] == DECISIONS[name][path.stem]


@pytest.mark.parametrize("name", NAMES)
def test_criteria_lists_all(name: str) -> None:
    listed = printed(name, "criteria")
    assert [c.id for c in engine_of(name).guideline.criteria if c.id not in listed] == []


@pytest.mark.parametrize("name", NAMES)
def test_questions_lists_the_folder_s_own(name: str) -> None:
    listed = printed(name, "questions")
    files = sorted(path.stem for path in (folder_of(name) / "questions").glob("*.rq"))
    assert files == sorted(ASKED[name])
    assert "onset" not in listed
    titles = [path.read_text(encoding="utf-8").splitlines()[0] for path in (folder_of(name) / "questions").glob("*.rq")]
    assert [title for title in titles if title.removeprefix("# title: ") not in listed] == []


@pytest.mark.parametrize(("name", "query"), QUESTIONS)
def test_each_question_is_answered(name: str, query: str) -> None:
    asked, wanted = ASKED[name][query]
    answer = json.loads(printed(name, "ask", asked, "--format", "json"))
    assert answer["query"] == query
    assert wanted in json.dumps(answer["answers"])
    assert all(row["source"] for row in answer["answers"])
    assert "This supports a decision" in printed(name, "ask", asked)


@pytest.mark.parametrize(("name", "path"), EXAMPLES, ids=lambda value: getattr(value, "stem", value))
def test_validate_finds_the_items_of_examples_well_formed(name: str, path: Path) -> None:
    result = run(name, "validate", path)
    flawed = path.stem == "not-known"
    assert (result.exit_code, "potassium-2" in result.output) == ((1, True) if flawed else (0, False)), result.output


@pytest.mark.parametrize("name", NAMES)
def test_validate_by_the_criteria_agrees(name: str) -> None:
    """What another SHACL engine makes of the compiled criteria: the criteria that are in force."""
    path = examples(name)[1]
    report = run(name, "validate", path, "--shapes", "criteria", "--format", "turtle")
    document = json.loads(printed(name, "assess", path, "--format", "json"))
    in_force = {c["id"] for c in document["criteria"] if c["status"] in ("met", "held")}
    assert in_force
    assert [each for each in in_force if each not in report.output] == []


@pytest.mark.parametrize(("name", "path"), EXAMPLES, ids=lambda value: getattr(value, "stem", value))
def test_a_snapshot_is_turtle_of_the_guideline_s_own_names(name: str, path: Path) -> None:
    snapshot = printed(name, "snapshot", path)
    assert list(ox.parse(snapshot.encode(), format=ox.RdfFormat.TURTLE))
    assert engine_of(name).guideline.namespace in snapshot


@pytest.mark.parametrize(("name", "path"), EXAMPLES, ids=lambda value: getattr(value, "stem", value))
def test_coverage_recognises_the_codings(name: str, path: Path) -> None:
    assert json.loads(printed(name, "coverage", path, "--format", "json"))
    map_to_fill_in = printed(name, "coverage", path, "--format", "sssom")
    rows = [line for line in map_to_fill_in.splitlines() if line and not line.startswith("#")]
    assert rows[1:] == []


@pytest.mark.parametrize(("name", "path"), EXAMPLES, ids=lambda value: getattr(value, "stem", value))
@pytest.mark.parametrize("to", ["ttl", "fhir-json"])
def test_what_is_converted_is_decided_alike(name: str, path: Path, to: str, tmp_path: Path) -> None:
    written = tmp_path / ("record.ttl" if to == "ttl" else "record.json")
    printed(name, "convert", path, "--to", to, "-o", written)
    before, after = (json.loads(printed(name, "assess", each, "--format", "json")) for each in (path, written))
    for part in ("overall", "rule_sets"):
        assert before[part] == after[part]


@pytest.mark.parametrize("name", NAMES)
def test_query_runs_over_guideline_and_record(name: str, tmp_path: Path) -> None:
    query = tmp_path / "count.rq"
    query.write_text(
        "PREFIX il2: <https://w3id.org/il2kg/> SELECT (COUNT(DISTINCT ?c) AS ?criteria) "
        "(COUNT(DISTINCT ?a) AS ?assessments) { { ?c a il2:Criterion } UNION { ?a a il2:WrittenAssessment } }",
        encoding="utf-8",
    )
    answer = json.loads(printed(name, "query", query, "--record", examples(name)[0], "--format", "json"))
    (row,) = answer["answers"]
    assert (row["criteria"], row["assessments"]) == (len(engine_of(name).guideline.criteria), 1)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("form", ["ttl", "nt", "jsonld", "rdfxml"])
def test_export_is_the_guideline_and_no_other(name: str, form: str) -> None:
    graph = printed(name, "export", "--format", form)
    assert f"guidelines/{name}" in graph
    other = next(each for each in NAMES if each != name)
    assert f"guidelines/{other}" not in graph


@pytest.mark.parametrize("name", NAMES)
def test_the_vocabulary_speaks_of_no_guideline_but_in_examples(name: str) -> None:
    graph = ox.parse(printed(name, "export", "--format", "nt").encode(), format=ox.RdfFormat.N_TRIPLES)
    said = [str(triple) for triple in graph if not triple.predicate.value.endswith("core#example")]
    assert [each for each in said if re.search("interleukin|aldesleukin|upci|vasopressor", each, re.IGNORECASE)] == []


@pytest.mark.parametrize("name", NAMES)
def test_what_is_compiled_is_not_stale(name: str) -> None:
    printed(name, "build", "--check")
