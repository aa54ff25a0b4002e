"""The ontology says what a second reader read in the sources; where they disagree, the disagreement is kept."""

import csv
from collections.abc import Iterator
from dataclasses import replace

import pyoxigraph as ox
import pytest

from il2kg.vocabulary import IL2
from tests.ontology.facts import Facts
from tests.ontology.second_reading import COPY, FOLDER, READ, TABLES, Table, differences


@pytest.fixture(scope="module")
def facts() -> Facts:
    return Facts.read()


def _disagreements() -> list[dict[str, str]]:
    with (FOLDER / "disagreements.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def test_the_ontology_says_what_was_read(facts: Facts) -> None:
    """After an edit of the ontology: change the row by hand, or, where it is a copy, see docs/second-reading.md."""
    assert [said for said, _ in differences(facts)] == []


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_rows_say_how_they_were_read_and_stand_once_in_order(table: Table) -> None:
    with table.path.open(encoding="utf-8", newline="") as file:
        _, *rows = csv.reader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
    keys = [tuple(row[: table.keys]) for row in rows]
    assert keys == sorted(set(keys))
    assert {row[-1] for row in rows} <= set(READ)


def _read_apart() -> Iterator[tuple[str, str]]:
    """Of each table, the share of rows that are no copies."""
    for table in TABLES:
        read = [how for _, how in table.as_read().values()]
        yield table.name, f"{sum(how != COPY for how in read) / len(read):.1f}"


def test_what_decides_is_no_copy() -> None:
    shares = dict(_read_apart())
    assert [shares[name] for name in ("criteria", "rule-sets", "interventions")] == ["1.0", "1.0", "1.0"]
    assert float(shares["statements"]) >= 0.7


def test_what_must_not_be_given_and_what_stops_was_read_in_the_source(facts: Facts) -> None:
    """No copy stands for the subject, the strength or the action of what is dangerous to get wrong."""
    reading = {table.name: table for table in TABLES}["statements"].as_read()
    firm = {"notRecommended", "contraindicated", "caution", "Withholding", "Stopping", "Delaying"}
    dangerous = {key[0] for key in reading if key[1] in ("strength", "action") and key[2] in firm}
    disputed = {(row["term"], row["property"]) for row in _disagreements()}
    copies = {
        key[:2]
        for key, (_, how) in reading.items()
        if key[0] in dangerous and key[1] in ("manages", "uses", "strength", "action", "dose", "amount") and how == COPY
    }
    assert copies - disputed == set()


@pytest.mark.parametrize("row", _disagreements(), ids=lambda row: f"{row['term']}-{row['property']}")
def test_a_disagreement_is_still_one(facts: Facts, row: dict[str, str]) -> None:
    """A disagreement that was settled is taken out of the table."""
    said = ", ".join(facts.values(ox.NamedNode(IL2 + row["term"]), row["property"]))
    assert said == row["ontology"] != row["read as"]
    assert row["why"]


def test_a_slip_is_named(facts: Facts) -> None:
    criterion = ox.NamedNode(IL2 + "label-sepsis")
    slip = facts.changed(criterion, IL2 + "effect", (ox.NamedNode(IL2 + "relative"),))
    assert list(differences(slip)) == [("criteria: label-sepsis: effect is 'relative', was read as 'withhold'", "list")]


def test_what_is_missing_on_either_side_is_named(facts: Facts) -> None:
    onset = ox.NamedNode(IL2 + "fever-onset")
    slip = facts.changed(onset, IL2 + "subject", (ox.NamedNode(IL2 + "Chills"),))
    assert sorted(said for said, _ in differences(slip)) == [
        "statements: fever-onset subject Chills: not in the second reading",
        "statements: fever-onset subject Fever: not in the ontology",
    ]
    fewer = replace(facts, about={node: said for node, said in facts.about.items() if node != onset})
    assert all("fever-onset" in said for said, _ in differences(fewer))
