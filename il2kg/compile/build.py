"""Checks the ontology as a whole, writes everything that is compiled from it, and tells when that is stale."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from il2kg.compile.assessment_shapes import ASSESSMENT_SHAPES, compile_assessment_shapes
from il2kg.compile.conversions import compile_conversions
from il2kg.compile.fhir_shapes import FHIR_SHAPES, compile_fhir_shapes
from il2kg.compile.fingerprint import WORDS_FILE, fingerprint
from il2kg.compile.mappings import check_mappings
from il2kg.compile.numbers import check_numbers
from il2kg.compile.record_shapes import RECORD_SHAPES, compile_record_shapes
from il2kg.compile.shapes import compile_shapes
from il2kg.compile.words import compile_words
from il2kg.errors import StaleShapesError
from il2kg.guideline.graph import OntologyGraph, is_own, local_name
from il2kg.guideline.model import Guideline
from il2kg.guideline.references import check_references
from il2kg.locations import guideline_files, ontology_files

_SHARED: Final = {RECORD_SHAPES.parent}
"""Folders that hold other files beside those that are compiled."""


@dataclass(frozen=True)
class Compiled:
    """The compiled files: their content by path relative to the content root."""

    files: dict[Path, str]

    def stale(self, root: Path) -> list[Path]:
        """The paths whose file is missing, differs, or should not be there."""
        differing = [path for path, text in self.files.items() if _read(root / path) != text]
        folders = {path.parent for path in self.files} - _SHARED
        surplus = [
            found.relative_to(root)
            for folder in folders
            for found in (root / folder).glob("*")
            if found.relative_to(root) not in self.files
        ]
        return sorted(differing + surplus)

    def write(self, root: Path) -> list[Path]:
        """Bring the files up to date.

        Returns:
            The paths that were written or removed.
        """
        changed = self.stale(root)
        for path in changed:
            if path in self.files:
                (root / path).parent.mkdir(parents=True, exist_ok=True)
                (root / path).write_text(self.files[path], encoding="utf-8", newline="\n")
            else:
                (root / path).unlink()
        return changed


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None


def compile_all(guideline: Guideline, root: Path) -> Compiled:
    """Compile all shapes, the unit conversions and the words of the guideline under a content root.

    Raises:
        GuidelineError: the ontology names what is not there, or says in words another number than in its structure.
    """
    _check(guideline, root)
    shapes = {Path("shapes/criteria") / name: text for name, text in compile_shapes(guideline).items()}
    digest = fingerprint((path.name, path.read_bytes()) for path in guideline_files(root))
    return Compiled(
        {
            **shapes,
            RECORD_SHAPES: compile_record_shapes(guideline, root),
            FHIR_SHAPES: compile_fhir_shapes(guideline, root),
            ASSESSMENT_SHAPES: compile_assessment_shapes(guideline, root),
            Path("ontology/compiled/unit-conversions.tsv"): compile_conversions(guideline),
            WORDS_FILE: compile_words(guideline, digest),
        }
    )


def _check(guideline: Guideline, root: Path) -> None:
    """Hold the whole ontology together, beyond what the rules need of it."""
    ontology = root / "ontology"
    graph = OntologyGraph.read(path for path in ontology_files(root) if path.parent != ontology / "compiled")
    check_references(graph)
    check_mappings(ontology, {local_name(node) for node in graph.index if is_own(node)})
    check_numbers(graph, guideline.unit_spellings, guideline.conventions.significant_digits)


def current_shapes(guideline: Guideline, root: Path) -> str:
    """The checked-in shapes as one Turtle document, for validating.

    Raises:
        StaleShapesError: they are not what the guideline compiles to.
    """
    shapes = Compiled({Path("shapes/criteria") / name: text for name, text in compile_shapes(guideline).items()})
    stale = shapes.stale(root)
    if stale:
        names = ", ".join(str(path) for path in stale)
        raise StaleShapesError(f"{names}: not what the ontology says; run `il2kg build`")
    return "\n".join(shapes.files.values())
