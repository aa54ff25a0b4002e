"""The second reading: tables of what the ontology is to say, kept apart from it (docs/second-reading.md).

    python -m tests.ontology.second_reading

brings the rows marked ``copy`` up to date with the ontology, and names all others that differ.
"""

import csv
import hashlib
import re
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from il2kg.vocabulary import RDF_TYPE
from tests.ontology.facts import LABEL, STATEMENTS, SUB_CLASS, Facts, Mapped, Node, local

FOLDER = Path(__file__).parent / "second_reading"
COPY: Final = "copy"
READ: Final = ("article", "list", "checked", COPY)

Row = tuple[str, ...]
Key = tuple[str, ...]

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_WORDED: Final = ("label", "when", "question", "rationale")
_NOT_READ: Final = (*_WORDED, "type", "editorialNote", "seeAlso")
"""Words, which have a table of their own, and pointers for authors."""


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
            terms = [_name(node) for node in facts.nodes]
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


# ---- What the ontology says, in the columns of the tables


def _name(node: Node) -> str:
    return local(str(node).strip("<>"))


def _joined(facts: Facts, node: Node, *names: str) -> tuple[str, ...]:
    return tuple(", ".join(facts.values(node, name)) for name in names)


def _criteria(facts: Facts) -> Iterator[Row]:
    for node in facts.of_class("Criterion"):
        systems = [", ".join(facts.values(system, LABEL)) for system in facts.terms(node, "organSystem")]  # type: ignore[arg-type]
        rule_set, effect = _joined(facts, node, "ruleSet", "effect")
        yield _name(node), rule_set, ", ".join(systems), effect, *_joined(facts, node, "toxicity", "source", "limitIn")


_FOLLOWED: Final = "knowledge/"
_TOLERATED: Final = ("toleratedRelative", "moreThan")


def _rule_sets(facts: Facts) -> Iterator[Row]:
    for node in facts.of_class("RuleSet"):
        parts = [(part, name) for part in facts.parts(node) for name in _TOLERATED]
        tolerated = [value for part, name in parts for value in facts.values(part, name)]
        position, occasion, silence, source = _joined(facts, node, "position", "applies", "silenceBearsOn", "source")
        level = silence.removeprefix("FirstDoseOf").lower()
        yield _name(node), position, occasion, ", ".join(tolerated), level, source


_OF_INTERVENTIONS: Final = (
    "manages",
    "uses",
    "object",
    "prevents",
    "strength",
    "position",
    "line",
    "amount",
    "dose",
    "when",
    "until",
    "action",
    "limitIn",
    "because",
    "supersededBy",
    "source",
)


def _interventions(facts: Facts) -> Iterator[Row]:
    """Those that are listed as advice, in the order of the printed table."""
    for node in facts.of_class("Intervention"):
        if facts.terms(node, "position"):
            also = {local(predicate) for predicate in facts.about[node]} - {*_OF_INTERVENTIONS, *_NOT_READ}
            more = "; ".join(f"{name} {value}" for name in sorted(also) for value in _joined(facts, node, name))
            yield _name(node), *_joined(facts, node, *_OF_INTERVENTIONS), more


def _statements(facts: Facts) -> Iterator[Row]:
    """All other statements, a row for each of their objects; their words are in a table of their own."""
    for node in facts.of_class(*STATEMENTS):
        if facts.terms(node, "position"):
            continue
        for predicate in facts.about[node]:
            name = "a" if predicate == RDF_TYPE else local(predicate)
            if name not in _NOT_READ or name == "a":
                for value in facts.values(node, predicate):
                    yield _name(node), name, value


def _observables(facts: Facts) -> Iterator[Row]:
    for node in facts.of_class("Observable", "RegimenObservable"):
        numbers = _joined(facts, node, "unit", "windowHours", "plausibleLow", "plausibleHigh", "byException")
        kinds = _joined(facts, node, "collectedOver", "infusionRateOf", "interpretedAs")
        yield _name(node), *numbers, *kinds, *_joined(facts, node, "source")


def _concepts(facts: Facts) -> Iterator[Row]:
    for node in facts.below("ClinicalFinding", "Treatment"):
        yield (
            _name(node),
            *_joined(facts, node, SUB_CLASS, "endedBy", "rulesOut", "absenceHours", "closed", "pressorAbove", "source"),
        )


def _conventions(facts: Facts) -> Iterator[Row]:
    """The numbers by which records are read, a row for each."""
    for node in facts.of_class("Conventions"):
        for predicate in facts.about[node]:
            if local(predicate) not in (*_NOT_READ, "definition"):
                yield _name(node), local(predicate), *_joined(facts, node, predicate)


PLACES: Final = ("Document", "Table", "TableRow", "Section", "Paragraph")


def _places(facts: Facts) -> Iterator[Row]:
    """The places that sources point at, and the headings that they group criteria under."""
    for node in facts.of_class(*PLACES, "OrganSystem"):
        yield _name(node), *_joined(facts, node, RDF_TYPE, "partOf", "position", "source", "cites")


def worded(facts: Facts) -> list[Node]:
    """The terms whose words are held: all that the ontology is about, and not its vocabulary."""
    own = facts.of_class("Criterion", *STATEMENTS, "Observable", "RegimenObservable", "RuleSet", "OrganSystem")
    places = facts.of_class(*PLACES)
    return [*own, *places, *facts.below("ClinicalFinding", "Treatment")]


def _words(facts: Facts) -> Iterator[Row]:
    """Without the numbers: those of the words are held to the structure when the ontology is built."""
    for node in worded(facts):
        for name in _WORDED:
            texts = facts.values(node, LABEL if name == "label" else name)
            if texts:
                yield _name(node), name, _NUMBER.sub("#", " / ".join(texts))


def _mappings(facts: Facts) -> Iterator[Row]:
    """The terms of other ontologies that are only followed."""
    for file, rows in facts.tables():
        if file.startswith(_FOLLOWED):
            yield from ((file, subject.removeprefix("il2:"), code, predicate) for subject, predicate, code, _ in rows)


def _codes(facts: Facts) -> Iterator[Row]:
    """The tables by which records are read, as a whole: they are long."""
    for file, rows in facts.tables():
        if not file.startswith(_FOLLOWED):
            yield file, str(len(rows)), _digest(rows)


@cache
def _digest(rows: tuple[Mapped, ...]) -> str:
    lines = sorted("\t".join(row) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


TABLES: Final = (
    Table(
        "criteria",
        ("criterion", "rule set", "organ system", "effect", "toxicities", "source", "limit in"),
        1,
        _criteria,
    ),
    Table("rule-sets", ("rule set", "position", "occasion", "tolerated", "silence bears on", "source"), 1, _rule_sets),
    Table("interventions", ("intervention", *_OF_INTERVENTIONS, "also"), 1, _interventions, frozenset({"when"})),
    Table("statements", ("statement", "property", "value"), 3, _statements),
    Table(
        "observables",
        (
            *("observable", "unit", "window (h)", "plausible low", "plausible high", "by exception"),
            *("collected over", "infusion rate of", "interpreted as", "source"),
        ),
        1,
        _observables,
    ),
    Table(
        "concepts",
        ("concept", "below", "ended by", "rules out", "absence (h)", "closed", "pressor above", "source"),
        1,
        _concepts,
    ),
    Table("conventions", ("of", "property", "value"), 2, _conventions),
    Table("places", ("place", "a", "part of", "position", "source", "cites"), 1, _places),
    Table("words", ("term", "of", "words"), 2, _words),
    Table("mappings", ("file", "term", "code", "predicate"), 3, _mappings),
    Table("codes", ("file", "rows", "digest"), 1, _codes),
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
