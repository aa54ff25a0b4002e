"""Where the product's own content is, and which guideline is asked for.

In a checkout the content is the repository's own folders, so that an edit is seen at once; in an installed wheel it
travels inside the package.
"""

import os
from pathlib import Path
from typing import Final

GUIDELINE_VARIABLE: Final = "IL2KG_GUIDELINE"
"""The environment variable that names the folder of the guideline, where a caller names none."""

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent

# What the rules of every guideline need of the vocabulary, in the order in which it is read.
_FOR_RULES = ("core.ttl", "naming.ttl", "unit-spellings.ttl")


def content_root() -> Path:
    """The folder that holds ``ontology/``, ``shapes/`` and ``queries/``."""
    if (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "ontology" / "guideline.ttl").is_file():
        return _CHECKOUT
    return _PACKAGE / "content"


def guideline_path(chosen: str | os.PathLike[str] | None = None) -> Path:
    """The folder of a guideline: the one that is chosen, else that of the environment, else the product's own."""
    return Path(os.path.abspath(chosen or os.environ.get(GUIDELINE_VARIABLE) or content_root() / "ontology"))


def vocabulary_folder(root: Path) -> Path:
    """The folder of what all guidelines share, under a content root."""
    return root / "ontology" / "vocabulary"


def vocabulary_files(root: Path, *, for_rules: bool = False) -> list[Path]:
    """The Turtle files of the vocabulary under a content root: all, or those that rules are read with, in order."""
    folder = vocabulary_folder(root)
    return [folder / name for name in _FOR_RULES] if for_rules else sorted(folder.glob("*.ttl"))
