"""The ontology is OWL 2 DL, as the OWL API sees it: tools such as Protégé open it without complaint."""

from pathlib import Path

import pytest

from tests.ontology.files import merged, written
from tests.ontology.reasoning import violations


def test_the_ontology_is_owl_2_dl(tmp_path: Path) -> None:
    assert violations(written(merged(), tmp_path), axioms=1000) == []


@pytest.mark.parametrize(
    "slip",
    [
        "il2:label-creatinine il2:severeness 3 . il2:severeness a owl:ObjectProperty , owl:DatatypeProperty .",
        "il2:partOf a owl:TransitiveProperty , owl:FunctionalProperty .",
    ],
)
def test_a_violation_would_be_seen(tmp_path: Path, slip: str) -> None:
    assert violations(written(merged(slip), tmp_path), axioms=1000) != []
