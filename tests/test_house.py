"""The house: imports go one way, Python holds no clinical number and no criterion's name."""

import ast
import re
from pathlib import Path

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports

import il2kg
from il2kg.bulk import load_engine

PACKAGE = Path(il2kg.__file__).parent
MODULES = sorted(PACKAGE.rglob("*.py"))


def test_imports_keep_to_the_contracts_of_pyproject(capsys: pytest.CaptureFixture[str]) -> None:
    kept = lint_imports(config_filename=str(PACKAGE.parent / "pyproject.toml"), no_cache=True, no_logo=True)
    assert kept == EXIT_STATUS_SUCCESS, capsys.readouterr().out


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_python_names_no_criterion_and_no_concept(path: Path) -> None:
    guideline = load_engine().guideline
    counted = {name for name, observable in guideline.observables.items() if observable.count is not None}
    clinical = {c.id for c in guideline.criteria} | (set(guideline.labels) - counted)
    strings = {
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    assert strings & clinical == set()


# The numbers of each module, beyond those of counting. None is a limit, a window or a range of the guideline: sizes of
# portions and texts, columns of a table, places in an order, the calendar, and how far zones lie from UTC.
NUMBERS: dict[str, set[float]] = {
    "ask/lexicon.py": {3, 4, 5, 16},
    "ask/matching.py": {3, 4, 10, 40, 1000},
    "bulk.py": {4, 8, 16, 20, 128, 200_000},
    "cli.py": {100},
    "commands/moments.py": {3},
    "commands/query.py": {4},
    "commands/records.py": {20, 80},
    "commands/reporting.py": {2000},
    "compile/shape_text.py": {118, 124},
    "compile/shapes.py": {11},
    "compile/unit_groups.py": {15, 17},
    "derive/bounds.py": {1e-12, 1e-06, 10.0},
    "derive/rate_columns.py": {3, 12},
    "derive/series_at.py": {12},
    "derive/timeline.py": {62, 256},
    "derive/treatments.py": {3},
    "validation/shape_engines.py": {8},
    "validation/shape_index.py": {8},
    "explain/answers.py": {60, 365.25},
    "explain/as_text.py": {80},
    "explain/gathered.py": {3, 5},
    "explain/printable.py": {120},
    "explain/provenance.py": {8},
    "explain/table.py": {3, 120},
    "explain/validation.py": {80},
    "forms/again.py": {3},
    "forms/gain.py": {100},
    "guideline/lengths.py": {3, 24},
    "assessment/readable.py": {3, 4},
    "knowledge/results.py": {100_000},
    "knowledge/guard.py": {50, 100_000},
    "knowledge/limits.py": {10.0, 512.0, 86400, 1000000},
    "knowledge/worker.py": {20, 64, 20000, 1000000},
    "rdf/formats.py": {3, 4, 16},
    "rdf/iris.py": {5},
    "rdf/jsonld.py": {120},
    "rdf/limits.py": {16, 20, 64, 200, 1_000_000, 3_000_000},
    "rdf/parsing.py": {12},
    "rdf/quads.py": {3},
    "rdf/scanning.py": {12},
    "rdf/terms.py": {3, 16, 200},
    "rdf/turtle.py": {20, 32, 80, 127},
    "read/coverage.py": {0.72, 0.9},
    "read/fhir/medications.py": {4},
    "read/fhir_rdf/walk.py": {16},
    "read/limits.py": {40, 60, 200, 65536},
    "read/patient_graph/medications.py": {5},
    "read/sources/cutting.py": {3, 20, 256},
    "read/sources/holdings.py": {10000},
    "read/sources/json_documents.py": {8, 16},
    "read/sources/json_text.py": {3, 4},
    "read/sources/packed.py": {2000},
    "read/sources/places.py": {12},
    "read/sources/source.py": {5, 10},
    "read/sources/spill.py": {4, 16, 20, 32},
    "read/times.py": {3, 4, 6, 12, 14, 59, 60, 1970},
    "read/units.py": {13, 100},
    "read/values.py": {12, 30},
    "recognise/maps.py": {0.85, 20, 26},
    "recognise/names.py": {65536},
    "recognise/recogniser.py": {65536},
    "recognise/systems.py": {1024},
    "recognise/written.py": {3, 4, 5, 8, 9},
    "record.py": {65536, 3_600_000_000},
    "request.py": {3},
    "rules/shacl.py": {8},
    "rules/snapshot.py": {8},
    "write/comparable.py": {10, 12, 18, 30, 32, 100, 55296, 57344},
    "write/validation.py": {8},
}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(PACKAGE)))
def test_python_holds_no_clinical_number(path: Path) -> None:
    numbers = {
        node.value
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float) and not isinstance(node.value, bool)
    }
    assert numbers - {-1, 0, 0.5, 1, 2} == NUMBERS.get(str(path.relative_to(PACKAGE)), set())


def test_modules_are_small() -> None:
    lengths = {str(p.relative_to(PACKAGE)): len(p.read_text(encoding="utf-8").splitlines()) for p in MODULES}
    assert {name: length for name, length in lengths.items() if length > 320} == {}


def test_the_public_face_is_exact() -> None:
    assert sorted(il2kg.__all__) == il2kg.__all__
    assert all(hasattr(il2kg, name) for name in il2kg.__all__)


def test_no_text_speaks_of_a_machine() -> None:
    root = PACKAGE.parent
    spoken = re.compile(r"/(?:home|root|work|tmp|Users)/[a-z]")
    found = [
        str(path.relative_to(root))
        for folder in ("il2kg", "ontology", "guidelines", "shapes", "docs", "examples", "queries")
        for path in (root / folder).rglob("*")
        if path.is_file() and path.suffix != ".pyc" and spoken.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []
