"""Records of sound and flawed items, what the shapes find in them, and what the reader sets aside."""

from collections.abc import Iterable
from pathlib import Path

from il2kg.bulk import load_engine
from il2kg.choices import EngineName
from il2kg.engine import Engine
from il2kg.validation.record_report import Report
from il2kg.write.reader_notes import distrusted
from il2kg.write.validation import validated
from tests.shapes.flaws import CLEAN, FLAWED, PREFIXES

BASE = "https://hospital.example/"
ITEMS = {**CLEAN, **FLAWED}


def turtle(names: Iterable[str], *, together: bool = False) -> str:
    """Items by their names, each of a patient of its own or all of one; the n-th item is <i-n>."""
    items = [
        ITEMS[name].turtle.replace("<i>", f"<i-{n}>").replace("<p>", "<p>" if together else f"<p-{n}>")
        for n, name in enumerate(names)
    ]
    return "\n".join([PREFIXES, f"@base <{BASE}> .", *items])


def written(folder: Path, text: str, name: str = "record.ttl") -> Path:
    """A file with a text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def report(path: Path, by: EngineName = "shacl", engine: Engine | None = None) -> Report:
    """What the shapes find."""
    return validated(engine or load_engine(), path, by=by)


def violated(found: Report) -> set[str]:
    """The items that the shapes find to be set aside, or not to be trusted."""
    return {result.item for result in found.results if result.severity == "violation"}


def set_aside(path: Path, engine: Engine | None = None) -> set[str]:
    """The items that the reader sets aside, or does not trust."""
    used = engine or load_engine()
    return {
        item
        for patient in used.patients(path)
        for item in distrusted(patient, used.reader.record(patient), used.guideline)
    }


def said(found: Report) -> dict[str, set[str]]:
    """The shapes of the results, with the first letter of their severity, by the item."""
    shapes: dict[str, set[str]] = {}
    for result in found.results:
        name = f"{result.severity[0].upper()} {result.shape.rpartition('/')[2]}"
        shapes.setdefault(result.item, set()).add(name)
    return shapes
