"""The second reading: tables of what the ontology is to say, kept apart from it (docs/second-reading.md).

    python -m tests.ontology.second_reading

brings the rows marked ``copy`` up to date with the ontology, and names all others that differ.
"""

import csv
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tests.ontology import reading_rows
from tests.ontology.facts import Facts
from tests.ontology.reading_rows import OF_INTERVENTIONS, Row, name_of

FOLDER = Path(__file__).parent / "second_reading"
COPY: Final = "copy"
READ: Final = ("article", "list", "checked", COPY)

Key = tuple[str, ...]


@dataclass(frozen=True)
class Table:
    """A table of the second reading: its columns, of which the first ``keys`` say what a row is about.

    Of a column in ``words``, only some words are written, which all have to be there.
    """

    name: str
    columns: tuple[str, ...]
    keys: int
    of: Callable[[Facts], Iterator[Row]]
    words: frozenset[str] = frozenset()

    @property
    def path(self) -> Path:
        """Its file."""
        return FOLDER / f"{self.name}.tsv"

    def of_ontology(self, facts: Facts) -> dict[Key, Row]:
        """The rows as the ontology has them."""
        return {row[: self.keys]: row[self.keys :] for row in self.of(facts)}

    def as_read(self) -> dict[Key, tuple[Row, str]]:
        """The rows of the file, each with how it was read."""
        return _as_read(self)

    def differences(self, facts: Facts) -> Iterator[tuple[str, str]]:
        """What differs, and how the row that says so was read, or, of what no row says, the others of its kind."""
        said = self.of_ontology(facts)
        read = dict(self._looked_at(facts))
        for key in said.keys() - read.keys():
            near = [how for other, (_, how) in read.items() if other[:2] == key[:2]]
            near = near or [how for other, (_, how) in read.items() if other[0] == key[0]]
            yield f"{self.name}: {' '.join(key)}: not in the second reading", min(near, key=READ.index, default=COPY)
        for key, (row, how) in read.items():
            if key not in said:
                yield f"{self.name}: {' '.join(key)}: not in the ontology", how
                continue
            for column, wanted, found in zip(self.columns[self.keys :], row, said[key], strict=True):
                if not (_has_words(wanted, found) if column in self.words else wanted == found):
                    yield f"{self.name}: {' '.join(key)}: {column} is {found!r}, was read as {wanted!r}", how

    def _looked_at(self, facts: Facts) -> Iterator[tuple[Key, tuple[Row, str]]]:
        """The rows of the file that are about what is looked at."""
        if facts.nodes is None:
            yield from self.as_read().items()
        else:
            terms = sorted(name_of(node) for node in facts.nodes)
            for about in (*terms, *(file for file, _ in facts.tables())):
                yield from _by_first_key(self).get(about, {}).items()


@cache
def _by_first_key(table: Table) -> Mapping[str, Mapping[Key, tuple[Row, str]]]:
    found: dict[str, dict[Key, tuple[Row, str]]] = {}
    for key, read in table.as_read().items():
        found.setdefault(key[0], {})[key] = read
    return found


@cache
def _as_read(table: Table) -> dict[Key, tuple[Row, str]]:
    with table.path.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    if tuple(header) != (*table.columns, "read"):
        raise ValueError(f"{table.path}: its columns are {header}, not {[*table.columns, 'read']}")
    return {tuple(row[: table.keys]): (tuple(row[table.keys : -1]), row[-1]) for row in rows}


def _has_words(wanted: str, found: str) -> bool:
    """Whether all words are there; where none is wanted, nothing is to be there."""
    return all(word in found for word in wanted.split(", ")) if wanted else not found


def differences(facts: Facts) -> Iterator[tuple[str, str]]:
    """All that the ontology and the second reading say differently, and how the row that says so was read."""
    for table in TABLES:
        yield from table.differences(facts)


TABLES: Final = (
    Table(
        "criteria",
        ("criterion", "rule set", "organ system", "effect", "toxicities", "source", "limit in"),
        1,
        reading_rows.criteria,
    ),
    Table(
        "rule-sets",
        ("rule set", "position", "occasion", "tolerated", "silence bears on", "source"),
        1,
        reading_rows.rule_sets,
    ),
    Table(
        "interventions", ("intervention", *OF_INTERVENTIONS, "also"), 1, reading_rows.interventions, frozenset({"when"})
    ),
    Table("statements", ("statement", "property", "value"), 3, reading_rows.statements),
    Table(
        "observables",
        (
            *("observable", "unit", "window (h)", "plausible low", "plausible high", "by exception"),
            *("collected over", "infusion rate of", "interpreted as", "source"),
        ),
        1,
        reading_rows.observables,
    ),
    Table(
        "concepts",
        ("concept", "below", "ended by", "rules out", "absence (h)", "closed", "counts above", "source"),
        1,
        reading_rows.concepts,
    ),
    Table("others", ("term", "property", "value"), 2, reading_rows.other_terms),
    Table("places", ("place", "a", "part of", "position", "source", "cites"), 1, reading_rows.places),
    Table("words", ("term", "of", "words"), 2, reading_rows.words),
    Table("mappings", ("file", "term", "code", "predicate"), 3, reading_rows.mappings),
    Table("codes", ("file", "rows", "digest"), 1, reading_rows.codes),
)


def _brought_up_to_date(table: Table, said: Mapping[Key, Row]) -> list[Row]:
    """The rows of a table: those marked ``copy`` as the ontology says, all others as they were read."""
    read = table.as_read() if table.path.is_file() else {}
    kept = {key: (row, how) for key, (row, how) in read.items() if how != COPY}
    rows = {key: (row, COPY) for key, row in said.items()} | kept
    return [(*key, *row, how) for key, (row, how) in sorted(rows.items())]


def main() -> int:
    """Bring the rows marked ``copy`` up to date; say which others differ, which is then the exit code."""
    facts = Facts.read()
    for table in TABLES:
        rows = _brought_up_to_date(table, table.of_ontology(facts))
        lines = ["\t".join(row) for row in ((*table.columns, "read"), *rows)]
        table.path.write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")
    _as_read.cache_clear()
    found = [said for said, _ in differences(facts)]
    print("\n".join(found) or "The ontology says what was read.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
