"""The ontology is OWL 2 DL, as the OWL API sees it: tools such as Protégé open it without complaint."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.ontology import profile
from tests.ontology.files import merged, written


def _violations(folder: Path, *more: str) -> list[str]:
    path = written(merged(*more), folder)
    command = [sys.executable, profile.__file__, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    axioms, *violations = done.stdout.splitlines()
    assert int(axioms.split()[0]) > 1000
    return violations


def test_the_ontology_is_owl_2_dl(tmp_path: Path) -> None:
    assert _violations(tmp_path) == []


@pytest.mark.parametrize(
    "slip",
    [
        "il2:label-creatinine il2:severeness 3 . il2:severeness a owl:ObjectProperty , owl:DatatypeProperty .",
        "il2:partOf a owl:TransitiveProperty , owl:FunctionalProperty .",
    ],
)
def test_a_violation_would_be_seen(tmp_path: Path, slip: str) -> None:
    assert _violations(tmp_path, slip) != []
