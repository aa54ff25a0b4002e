"""The queries that ship and ask of records: each by name, from the files of a ward to whole answers."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from il2kg.ask.of_records import load_record_queries
from il2kg.cli import main
from il2kg.engine import Engine
from il2kg.errors import QueryError
from il2kg.locations import content_root
from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.writing import serialise
from il2kg.read.patient_graph.terms import PREFIXES
from il2kg.request import Request
from il2kg.write.dataset import RecordGraphs
from tests.folders import OWN
from tests.rdf_assessment.ward import written

ANSWERS = sorted((Path(__file__).parent / "answers").glob("*.json"))
DOC = content_root() / "docs" / "assessment-rdf.md"


def query(*arguments: str, text: str | None = None) -> Result:
    return CliRunner().invoke(main, ["query", *arguments], input=text, catch_exceptions=False)


def records(paths: list[Path], *more: str) -> list[str]:
    return [*(part for path in paths for part in ("--record", str(path))), "--charting", "by-exception", *more]


def answers(*arguments: str) -> Any:
    result = query(*arguments, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    return json.loads(result.stdout)["answers"]


@pytest.mark.parametrize("path", ANSWERS, ids=lambda p: p.stem)
def test_a_query_has_whole_answers(path: Path, tmp_path: Path) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    bound = [part for name, term in case["bind"].items() for part in ("--bind", f"{name}={term}")]
    assert answers(path.stem, *bound, *records(written(tmp_path))) == case["answers"]


@pytest.mark.parametrize("path", ANSWERS, ids=lambda p: p.stem)
def test_the_patient_graph_of_a_record_gives_the_same_answers(path: Path, tmp_path: Path, engine: Engine) -> None:
    case = json.loads(path.read_text(encoding="utf-8"))
    bound = [part for name, term in case["bind"].items() for part in ("--bind", f"{name}={term}")]
    graphs = []
    for source in written(tmp_path):
        graph = source.with_suffix(".ttl")
        (told, *_) = RecordGraphs(engine, Request()).of(engine.patients(source))
        graph.write_bytes(serialise(told.graphs[:1], RdfFormat.TURTLE, PREFIXES))
        graphs.append(graph)
    assert answers(path.stem, *bound, *records(graphs)) == case["answers"]


@pytest.mark.parametrize(
    ("name", "bind", "expected"),
    [
        ("set-aside", "concept=PlateletCount", {"item": "Observation/platelets"}),
        ("to-assess", "concept=HeartRate", {"place": 5}),
        ("doses-while-in-force", "ruleset=upci", {"criterion": "upci-abs-creatinine"}),
    ],
)
def test_a_term_that_is_bound_narrows_the_answers(
    name: str, bind: str, expected: dict[str, Any], tmp_path: Path
) -> None:
    (row,) = answers(name, "--bind", bind, *records(written(tmp_path)))
    assert {key: row[key] for key in expected} == expected


def test_every_query_has_answers_a_title_and_a_word_in_the_documentation() -> None:
    found = load_record_queries()
    assert [one.name for one in found] == [path.stem for path in ANSWERS]
    text = DOC.read_text(encoding="utf-8")
    assert [f"| `{one.name}` | {one.title} |" for one in found if f"| `{one.name}` | {one.title} |" not in text] == []


def test_a_header_that_lacks_something_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "queries" / "records"
    folder.mkdir(parents=True)
    (folder / "bad.rq").write_text("# title: T\nSELECT * { ?s ?p ?o }", encoding="utf-8")
    with pytest.raises(QueryError, match=r"bad\.rq: the header needs '# title: \.\.\.' and '# description"):
        load_record_queries(replace(OWN, record_queries=folder))
