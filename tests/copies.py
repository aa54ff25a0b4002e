"""Copies of the ontology, to change and to build again."""

import re
import shutil
from decimal import Decimal
from pathlib import Path

from il2kg.compile.build import compile_all
from il2kg.engine import Engine
from il2kg.guideline.folder import GuidelineFolder
from il2kg.guideline.lengths import plain_number
from il2kg.loading import load_guideline
from il2kg.locations import content_root

_FOLDERS = ("ontology", "shapes", "queries")
_LIMIT = re.compile(r"(il2:(?:above|atLeast|below|atMost) )([\d.]+)")
_TEXT = re.compile(r'"[^"]*"@en')
_NUMBER = re.compile(r"\d[\d.,]*")


def copy_of_content(root: Path) -> None:
    """Copy ontology, shapes and queries into a folder."""
    for name in _FOLDERS:
        shutil.copytree(content_root() / name, root / name)


def rebuilt(root: Path) -> Engine:
    """Build what was changed, as ``il2kg build`` does, and load it.

    Raises:
        GuidelineError: the ontology does not fit together.
    """
    folder = GuidelineFolder.open(root / "ontology")
    compile_all(load_guideline(folder)).write()
    return Engine.load(folder)


def multiply_limits(root: Path, criterion: str, factor: Decimal) -> None:
    """Change all limits of a criterion, and take the numbers out of its words, which are not to contradict them.

    Raises:
        LookupError: no file, or more than one, states the criterion.
    """
    stated = re.compile(rf"^il2:{re.escape(criterion)} a il2:Criterion ;.*?\.$\n\n?", re.MULTILINE | re.DOTALL)
    found = [
        path
        for path in (root / "ontology").rglob("*.ttl")
        if stated.search(path.read_text(encoding="utf-8")) is not None
    ]
    if len(found) != 1:
        raise LookupError(f"{criterion} is stated in {len(found)} files")

    def changed(statement: re.Match[str]) -> str:
        limits = _LIMIT.sub(lambda m: m[1] + plain_number(Decimal(m[2]) * factor), statement[0])
        return _TEXT.sub(lambda text: _NUMBER.sub("some", text[0]), limits)

    text = found[0].read_text(encoding="utf-8")
    found[0].write_text(stated.sub(changed, text), encoding="utf-8")
