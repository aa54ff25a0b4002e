"""Checks the ontology as a whole, writes everything that is compiled from it, and tells when that is stale."""

from dataclasses import dataclass
from pathlib import Path

from il2kg.compile.assessment_shapes import compile_assessment_shapes
from il2kg.compile.authoring_shapes import compile_authoring_shapes
from il2kg.compile.conversions import compile_conversions
from il2kg.compile.fhir_shapes import compile_fhir_shapes
from il2kg.compile.mappings import check_mappings
from il2kg.compile.numbers import check_numbers
from il2kg.compile.record_shapes import compile_record_shapes
from il2kg.compile.shapes import compile_shapes
from il2kg.compile.words import compile_words
from il2kg.errors import StaleShapesError
from il2kg.forms import class_ranges
from il2kg.guideline.folder import GuidelineFolder
from il2kg.guideline.model import Guideline
from il2kg.guideline.ontology_graph import OntologyGraph
from il2kg.guideline.references import check_references


@dataclass(frozen=True)
class Compiled:
    """The compiled files of a guideline: their content by path, below the folder that holds the guideline's."""

    folder: GuidelineFolder
    files: dict[Path, str]

    def stale(self) -> list[Path]:
        """The paths whose file is missing, differs, or should not be there."""
        home = self.folder.home
        differing = [path for path, text in self.files.items() if _read(home / path) != text]
        # Beside the shapes of records there are other files; where criteria are compiled to, there are none.
        folders = {(home / path).parent for path in self.files} - {self.folder.shapes}
        surplus = [
            file.relative_to(home)
            for folder in folders
            for file in folder.glob("*")
            if file.relative_to(home) not in self.files
        ]
        return sorted(differing + surplus)

    def write(self) -> list[Path]:
        """Bring the files up to date.

        Returns:
            The paths that were written or removed.
        """
        changed = self.stale()
        for path in changed:
            place = self.folder.home / path
            if path in self.files:
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_text(self.files[path], encoding="utf-8", newline="\n")
            else:
                place.unlink()
        return changed


def _read(path: Path) -> str | None:
    try:
        return path.read_text(encoding="utf-8")
    except OSError:
        return None


def compile_all(guideline: Guideline) -> Compiled:
    """Compile all shapes, the unit conversions and the words of a guideline.

    Raises:
        GuidelineError: the ontology names what is not there, or says in words another number than in its structure.
    """
    _check(guideline)
    folder = guideline.folder
    files = {
        **_of_the_vocabulary(folder),
        **_criteria(guideline),
        folder.shapes / "record.ttl": compile_record_shapes(guideline),
        folder.shapes / "fhir.ttl": compile_fhir_shapes(guideline),
        folder.shapes / "assessment.ttl": compile_assessment_shapes(guideline),
        folder.conversions: compile_conversions(guideline),
        folder.words: compile_words(guideline, folder.digest_of_rules()),
    }
    return Compiled(folder, {path.relative_to(folder.home): text for path, text in files.items()})


def _of_the_vocabulary(folder: GuidelineFolder) -> dict[Path, str]:
    """What is compiled from the vocabulary alone, which is done with the product's own guideline."""
    return {folder.forms: compile_authoring_shapes()} if folder.is_products_own else {}


def _criteria(guideline: Guideline) -> dict[Path, str]:
    return {guideline.folder.shapes / "criteria" / name: text for name, text in compile_shapes(guideline).items()}


def _check(guideline: Guideline) -> None:
    """Hold the whole ontology together, beyond what the rules need of it."""
    graph = OntologyGraph.read(guideline.folder.files_of_graph, guideline.names)
    graph.check_names()
    check_references(graph, class_ranges())
    known = {graph.local_name(node) for node in graph.index if graph.is_own(node)}
    check_mappings(guideline.folder.mappings, known, guideline.prefix)
    check_numbers(graph, guideline.unit_spellings, guideline.conventions.significant_digits)


def current_shapes(guideline: Guideline) -> str:
    """The checked-in shapes of criteria as one Turtle document, for validating.

    Raises:
        StaleShapesError: they are not what the guideline compiles to.
    """
    folder = guideline.folder
    files = {path.relative_to(folder.home): text for path, text in _criteria(guideline).items()}
    shapes = Compiled(folder, files)
    stale = shapes.stale()
    if stale:
        names = ", ".join(str(path) for path in stale)
        raise StaleShapesError(f"{names}: not what the ontology says; run `il2kg build`")
    return "\n".join(shapes.files.values())
