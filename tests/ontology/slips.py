"""What an author is told of a slip: made in a copy of the ontology, which is then loaded."""

import shutil
from pathlib import Path

import pytest

from il2kg.errors import GuidelineError
from il2kg.guideline.folder import GuidelineFolder
from il2kg.loading import load_guideline
from tests.folders import folder_of
from tests.ontology.files import ROOT

TERM = "<https://w3id.org/il2kg/"


def slipped(folder: Path, file: str, *changes: tuple[str, str]) -> GuidelineFolder:
    """A copy of the ontology in which something stands in a file instead of something else."""
    shutil.copytree(ROOT / "ontology", folder / "ontology", ignore=shutil.ignore_patterns("codes", "knowledge"))
    path = folder / "ontology" / file
    text = path.read_text(encoding="utf-8")
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return folder_of(folder)


def told(folder: Path, file: str, *changes: tuple[str, str]) -> str:
    """What is said when the copy is loaded."""
    copied = slipped(folder, file, *changes)
    with pytest.raises(GuidelineError) as raised:
        load_guideline(copied)
    return str(raised.value)
