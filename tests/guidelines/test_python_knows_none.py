"""The proof: no Python of the product knows a guideline. One set of files serves all, and names nothing of any."""

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import il2kg
from il2kg.bulk import load_engine
from il2kg.guideline.model import Guideline
from tests.guidelines.folders import NAMES, ROOT, engine_of, examples, folder_of

PACKAGE = Path(il2kg.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))
_WORDS = re.compile("upci|aldesleukin|vasopressor|interleukin|capecitabine|potassium", re.IGNORECASE)
# What the guideline for interleukin-2 calls the events and levels of its series. FHIR has doses, too, of any drug.
_EVENTS = re.compile(r"(?<![a-z])(?:dose|cycle|course)s?(?![a-z])", re.IGNORECASE)
_OF_FHIR = re.compile("(?:read|write)/fhir")
# il2:dose is what the vocabulary calls how much of a treatment an intervention gives, and JSON calls it so.
_OF_INTERVENTIONS = {"loading.py": {"dose"}, "explain/as_json.py": {"dose"}}
# Identifiers of a guideline that are English words, too, and stand in Python as names of other things: elements of FHIR
# (a text, a dose of a drug, whatever it is), terms of RDF, formats of output.
_ENGLISH = {"label", "text", "dose"}


def _identifiers(guideline: Guideline) -> set[str]:
    """All names that a guideline gives."""
    decisions = guideline.decisions
    every = (*decisions.in_order, decisions.undecided, *decisions.other_words)
    return {
        *(c.id for c in guideline.criteria),
        *(c.effect.id for c in guideline.criteria),
        *(r.id for r in guideline.rule_sets),
        *(r.occasion.id for r in guideline.rule_sets),
        *guideline.organ_systems,
        *guideline.labels,
        *guideline.next_events,
        *guideline.facts,
        *(i.id for i in guideline.interventions),
        *(each.id for each in every),
        *(each.word for each in every),
        *(series.id for series in guideline.series),
        *(series.event for series in guideline.series),
        *(level.id for series in guideline.series for level in series.levels),
    }


GUIDELINES = {"il2": load_engine().guideline, **{name: engine_of(name).guideline for name in NAMES}}


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _docstrings(tree: ast.Module) -> set[int]:
    """The constants that are docstrings: first in a body, or right behind an attribute."""
    return {
        id(node.value)
        for parent in ast.walk(tree)
        if isinstance(parent, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for node in parent.body
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }


def _helps(tree: ast.Module) -> set[int]:
    """The constants within the help of a command or an option."""
    return {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.keyword) and node.arg in ("help", "epilog")
        for inner in ast.walk(node.value)
    } | {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "_Command"
        for inner in node.args
    }


def _strings(tree: ast.Module) -> Iterator[str]:
    """The strings of a module, but for docstrings and help."""
    aside = _docstrings(tree) | _helps(tree)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in aside:
            yield node.value


@pytest.mark.parametrize("name", GUIDELINES)
@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_python_has_no_identifier_of_a_guideline(name: str, path: Path) -> None:
    assert set(_strings(_tree(path))) & (_identifiers(GUIDELINES[name]) - _ENGLISH) == set()


def _names(tree: ast.Module) -> Iterator[str]:
    """All that a module gives a name to, or calls by one."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case ast.arg(arg=name) | ast.keyword(arg=str(name)):
                yield name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.alias(name=name, asname=other):
                yield from (name, other or name)


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_python_has_no_word_of_a_guideline(path: Path) -> None:
    tree = _tree(path)
    assert [said for said in (*_strings(tree), *_names(tree)) if _WORDS.search(said)] == []


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_python_has_no_word_for_the_events_of_a_guideline(path: Path) -> None:
    module, tree = path.relative_to(PACKAGE).as_posix(), _tree(path)
    # GivenDose and given_dose alike are words.
    apart = (re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name) for name in _names(tree))
    found = {said for said in (*_strings(tree), *apart) if _EVENTS.search(said)}
    assert _OF_FHIR.match(module) or found == _OF_INTERVENTIONS.get(module, set())


def test_a_guideline_has_no_python() -> None:
    folders = (ROOT / "ontology", ROOT / "guidelines")
    code = {".py", ".pyi", ".js", ".sh"}
    assert [path for folder in folders for path in folder.rglob("*") if path.suffix in code] == []


@cache
def _loaded(folder: str, record: str) -> dict[str, str]:
    """The modules that an assessment with a guideline loads, and the files that they are."""
    program = (
        "import json, sys, il2kg\n"
        "list(il2kg.assess(sys.argv[2], guideline=sys.argv[1]))\n"
        "print(json.dumps({n: m.__file__ for n, m in sys.modules.items() if n.split('.')[0] == 'il2kg'}))\n"
    )
    found = subprocess.run(
        [sys.executable, "-c", program, folder, record], capture_output=True, text=True, check=True, cwd=ROOT
    )
    modules: dict[str, str] = json.loads(found.stdout)
    return modules


@pytest.mark.parametrize("name", NAMES)
def test_the_same_files_serve_all(name: str) -> None:
    own = _loaded(str(ROOT / "ontology"), str(ROOT / "examples" / "clean.json"))
    assert _loaded(str(folder_of(name)), str(examples(name)[0])) == own


def test_guidelines_do_not_get_into_each_other_s_way() -> None:
    """All three are loaded in this process; none knows a concept of another but by its own description of it."""
    for name in NAMES:
        own = GUIDELINES[name]
        assert all(own.iri(each.id).startswith(own.namespace) for each in own.criteria)
        assert own.namespace.endswith(f"/guidelines/{name}/")
    assert not set(GUIDELINES["potassium"].facts)
    assert set(GUIDELINES["capecitabine"].facts) & set(GUIDELINES["il2"].facts) == {
        "starts-new-cycle",
        "previous-cycle",
    }
