"""A case beside each criterion: ``tests/cases/<criterion>/<status>[--note].json``; the file name is the expectation."""

import re
from pathlib import Path

import pytest

from il2kg.bulk import load_engine
from il2kg.engine import Engine, Request
from il2kg.explain.as_json import as_document

CASES = Path(__file__).parent / "cases"
FILES = sorted(CASES.glob("*/*.json"))
_NAME = re.compile(r"(met|held|unknown|not-met)(?:--([a-z0-9-]+))?\.json")


def _id(path: Path) -> str:
    return f"{path.parent.name}/{path.name}"


@pytest.mark.parametrize("path", FILES, ids=_id)
def test_case(engine: Engine, path: Path) -> None:
    match = _NAME.fullmatch(path.name)
    assert match, f"{path.name} names no expectation"
    by_exception = "by-exception" in path.name
    (named,) = engine.read(path)
    (assessment,) = engine.assess([named], Request(by_exception=by_exception, every_criterion=True))
    statuses = {c["id"]: c["status"] for c in as_document(assessment)["criteria"]}
    assert statuses[path.parent.name] == match[1]


def test_every_criterion_has_its_cases() -> None:
    """Met, not met, unknown, at its boundary; and, with a resume condition, held and lifted."""
    lacking = {}
    for criterion in load_engine().guideline.criteria:
        names = [path.name for path in FILES if path.parent.name == criterion.id]
        wanted = {"met": r"met", "not-met": r"not-met", "unknown": r"unknown", "boundary": r".*--boundary"}
        if criterion.remembers:
            wanted["held"] = "held"
        if criterion.resume is not None:
            wanted["lifted"] = "not-met--.*lifted"
        missing = [kind for kind, start in wanted.items() if not any(re.match(rf"{start}\b", n) for n in names)]
        if missing:
            lacking[criterion.id] = missing
    assert lacking == {}


def test_no_case_is_about_nothing() -> None:
    known = {criterion.id for criterion in load_engine().guideline.criteria}
    assert {path.parent.name for path in FILES} == known
