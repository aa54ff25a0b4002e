"""Where the ontology, shapes and queries are.

In a checkout they are the repository's own folders, so that an edit is seen at once; in an installed wheel they
travel inside the package.
"""

from pathlib import Path
from typing import Final

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent

# What the rules need of the ontology: all but what is said beyond them.
_GUIDELINE = (
    "il2kg.ttl",
    "core.ttl",
    "conventions.ttl",
    "rule-sets.ttl",
    "sources.ttl",
    "observables.ttl",
    "findings.ttl",
    "treatments.ttl",
    "naming.ttl",
    "unit-spellings.ttl",
    "interventions.ttl",
)


WORDS_FILE: Final = Path("ontology/compiled/criteria-in-words.ttl")
"""The conditions of the criteria in words, which are compiled, under a content root."""


def content_root() -> Path:
    """The folder that holds ``ontology/``, ``shapes/`` and ``queries/``."""
    if (_CHECKOUT / "pyproject.toml").is_file() and (_CHECKOUT / "ontology" / "core.ttl").is_file():
        return _CHECKOUT
    return _PACKAGE / "content"


def guideline_files(root: Path) -> list[Path]:
    """The files under ``root/ontology`` that the rules are read from, in order."""
    ontology = root / "ontology"
    return [*(ontology / name for name in _GUIDELINE), *sorted((ontology / "guideline").glob("*.ttl"))]


def ontology_files(root: Path) -> list[Path]:
    """All Turtle files of the ontology, compiled ones too."""
    return sorted((root / "ontology").rglob("*.ttl"))
