"""The built wheel works in an environment of its own: ontology, shapes and queries travel in it."""

import json
import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
# What is imported is what was installed, wherever the tests themselves find the program.
ALONE = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--wheel", "--outdir", str(target), str(ROOT)], check=True, capture_output=True
    )
    (built,) = target.glob("*.whl")
    return built


def test_the_content_travels(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"il2kg/content/{path.relative_to(ROOT).as_posix()}"
        for folder in ("ontology", "guidelines", "shapes", "queries")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    assert wanted <= names
    assert {"il2kg/py.typed"} <= names


def test_the_wheel_assesses_a_record_and_answers_a_question(wheel: Path, tmp_path: Path) -> None:
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=True)
    python = environment / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "-q", str(wheel)], check=True, capture_output=True, cwd=tmp_path)
    example = ROOT / "examples" / "creatinine-hold.json"
    done = subprocess.run(
        [environment / "bin" / "il2kg", "assess", str(example), "--format", "json"],
        check=True, capture_output=True, text=True, cwd=tmp_path, env=ALONE,
    )  # fmt: skip
    document = json.loads(done.stdout)
    assert document["overall"]["decision"] == "stop-cycle"
    assert document["rule_sets"]["label"]["held"] == ["label-creatinine"]
    asked = subprocess.run(
        [environment / "bin" / "il2kg", "ask", "what manages oliguria", "--format", "json"],
        check=True, capture_output=True, text=True, cwd=tmp_path, env=ALONE,
    )  # fmt: skip
    assert len(json.loads(asked.stdout)["answers"]) > 3
    where = subprocess.run(
        [python, "-c", "import il2kg.locations as l; print(l.content_root())"],
        check=True, capture_output=True, text=True, cwd=tmp_path, env=ALONE,
    )  # fmt: skip
    assert where.stdout.strip().startswith(str(environment))
