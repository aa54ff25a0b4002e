"""Each question with its whole answer: ``cases/<query>[--note].json`` holds what was asked and what must come back."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import il2kg
from il2kg.ask.catalogue import load_questions
from il2kg.cli import main
from il2kg.knowledge.results import Answers, run
from il2kg.knowledge.store import load_graph

CASES = sorted((Path(__file__).parent / "cases").glob("*.json"))

# The columns that those who read the JSON rely on.
COLUMNS = {
    "manages": "intervention dose_low dose_high dose_unit route frequency when line strength source",
    "prevents": "intervention dose_low dose_high dose_unit route frequency when line strength source",
    "must-not-be-given": "treatment because source",
    "withheld": "criterion condition rule_set effect source",
    "resume": "criterion condition rule_set effect source",
    "incidence": "low high grade population source",
    "thresholds": "rule_set comparator value unit effect source",
}


def asked(question: str) -> Any:
    result = CliRunner().invoke(main, ["ask", question, "--format", "json"], catch_exceptions=False)
    assert result.exit_code == 0, result.stderr
    return json.loads(result.stdout)


@pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)
def test_the_answer_is_the_expected_one(path: Path) -> None:
    expected = json.loads(path.read_text(encoding="utf-8"))
    assert expected["query"] == path.stem.split("--")[0]
    assert asked(expected["question"]) == expected


def test_python_gets_what_the_command_prints() -> None:
    answered = il2kg.answer("dose of dopamine for oliguria")
    printed = asked("dose of dopamine for oliguria")
    assert {
        **{field.name: getattr(answered, field.name) for field in fields(answered)},
        "answers": [*answered.answers.rows],
    } == printed
    found = il2kg.query("SELECT ?unit { il2:SerumCreatinine il2:unit ?unit }")
    assert isinstance(found, Answers)
    assert found.rows == ({"unit": "mg/dL"},)
    with pytest.raises(il2kg.QuestionError):
        il2kg.answer("what is the best pizza")


def test_every_question_has_a_case_with_an_answer() -> None:
    answered = {path.stem.split("--")[0] for path in CASES if json.loads(path.read_text(encoding="utf-8"))["answers"]}
    assert answered == {question.name for question in load_questions()}


@pytest.mark.parametrize("question", load_questions(), ids=lambda q: q.name)
def test_answers_are_flat_and_name_their_source(question: Any) -> None:
    """Asked of everything at once: every row has a source, and every term an identifier and a label."""
    answers = run(load_graph(), question.query, timeout=60)
    assert isinstance(answers, Answers)
    assert answers.rows
    assert set(COLUMNS.get(question.name, "source").split()) <= set(answers.columns)
    for row in answers.rows:
        assert tuple(row) == answers.columns
        assert row["source"]
        assert row["source_label"]
        assert all(row[f"{name}_label"] for name in answers.columns if f"{name}_label" in row and row[name])


def test_every_statement_is_in_the_answer_to_a_question() -> None:
    """What the sources say of something is found by what it speaks of, and again by the place that says it."""
    graph = load_graph()
    statements = run(graph, "SELECT ?s { ?s a ?kind . ?kind rdfs:subClassOf* il2:Statement . FILTER (isIRI(?s)) }", 60)
    assert isinstance(statements, Answers)
    every = {row["s"] for row in statements.rows}
    assert len(every) > 500
    by_concept: set[Any] = set()
    by_place: set[Any] = set()
    for question in load_questions():
        answers = run(graph, question.query, timeout=60)
        assert isinstance(answers, Answers)
        found = by_place if question.name == "place" else by_concept
        for row in answers.rows:
            found |= {row.get(name) for name in ("statement", "intervention", "criterion", "element")}
    assert every - by_concept == set()
    assert every - by_place == set()


def test_an_overruled_statement_gives_no_advice() -> None:
    graph = load_graph()
    overruled = run(graph, "SELECT DISTINCT ?s { ?conflict il2:overrules ?s }", 60)
    unsupported = run(graph, "SELECT ?s { ?s a il2:UnsupportedClaim }", 60)
    assert isinstance(overruled, Answers)
    assert isinstance(unsupported, Answers)
    hidden = {row["s"] for row in (*overruled.rows, *unsupported.rows)}
    claims = {row["s"] for row in unsupported.rows}
    assert len(overruled.rows) >= 3
    assert len(claims) >= 2
    for question in load_questions():
        answers = run(graph, question.query, timeout=60)
        assert isinstance(answers, Answers)
        shown = {value for row in answers.rows for value in row.values()}
        # Where these show an overruled statement, they say that it is.
        allowed = hidden - claims if question.name in ("disagreements", "for-and-against", "place") else set()
        assert shown & (hidden - allowed) == set()


def test_what_the_guideline_does_not_say_is_an_empty_answer() -> None:
    result = CliRunner().invoke(main, ["ask", "what prevents vitiligo"])
    said = "What prevents a finding: vitiligo\nThe guideline does not say.\nThis supports a decision; it makes none.\n"
    assert (result.exit_code, result.stdout) == (0, said)
    assert asked("what prevents vitiligo")["answers"] == []
