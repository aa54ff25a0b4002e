"""The queries that ship and ask of records and their assessments: one file each in a guideline's folder.

A header comment has the lines ``# title:`` and ``# description:``. They are asked by name alone.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from il2kg.errors import QueryError
from il2kg.guideline.folder import GuidelineFolder

_HEADER: Final = re.compile(r"#\s*(title|description):\s*(.+)")


@dataclass(frozen=True, slots=True)
class RecordQuery:
    """A query over records: its name, its title, what it tells, and its SPARQL."""

    name: str
    title: str
    description: str
    query: str


def load_record_queries(folder: GuidelineFolder | None = None) -> tuple[RecordQuery, ...]:
    """The queries of a guideline (by default that of the environment, or the product's own), by name.

    Raises:
        QueryError: a file's header lacks something; the message names the file.
    """
    folder = folder or GuidelineFolder.chosen()
    return tuple(_read(path) for path in sorted(folder.record_queries.glob("*.rq")))


def _read(path: Path) -> RecordQuery:
    query = path.read_text(encoding="utf-8")
    said = {matched[1]: matched[2] for line in query.splitlines() if (matched := _HEADER.fullmatch(line.strip()))}
    if set(said) != {"title", "description"}:
        raise QueryError(f"{path}: the header needs '# title: ...' and '# description: ...'")
    return RecordQuery(path.stem, said["title"], said["description"], query)
