"""The folder of the product's own guideline, and of copies of it."""

from dataclasses import replace
from pathlib import Path

from il2kg.guideline.folder import GuidelineFolder
from il2kg.guideline.model import Guideline
from il2kg.locations import content_root


def folder_of(root: Path) -> GuidelineFolder:
    """The guideline for interleukin-2 under a content root, with the vocabulary that lies there."""
    return GuidelineFolder.open(root / "ontology", root)


OWN = folder_of(content_root())


def without_tables(guideline: Guideline, root: Path) -> Guideline:
    """A guideline whose tables, its own and the vocabulary's, lie under another content root."""
    return replace(guideline, folder=replace(guideline.folder, codes=root / "ontology" / "codes", product=root))
