"""The tables of codes: each row claims what its columns say, of a concept that there is and a code that can be met."""

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from rdflib import RDFS, URIRef

from il2kg.loading import load_guideline
from il2kg.recognise.systems import Systems
from tests.folders import OWN
from tests.ontology.files import ROOT, merged

CODES = ROOT / "ontology" / "codes"
TABLES = sorted(CODES.rglob("*.sssom.tsv"))
PREDICATES = {"skos:exactMatch", "skos:narrowMatch", "skos:broadMatch", "skos:relatedMatch"}
JUSTIFICATIONS = {"semapv:ManualMappingCuration", "semapv:BackgroundKnowledgeBasedMatching"}
SLOTS = {"match", "period_hours", "aside_while", "local", "evidence"}
STANDARD = {
    *("subject_id", "predicate_modifier", "predicate_id", "object_id", "object_label", "mapping_justification"),
    *("confidence", "comment"),
}
NO_LABELS = {"snomed-ct", "cpt"}

# The ways of writing that are not another system's rows read in its way.
OWN_WAYS = {
    *("plain", "loinc", "sctid", "number", "obo", "atc", "ndc", "cpt", "hcpcs", "icd-10", "icd-10-cm", "icd-10-pcs"),
    *("icd-9-cm-diagnosis", "icd-9-cm-procedure"),
}


def _name(path: Path) -> str:
    return path.relative_to(CODES).as_posix().removesuffix(".sssom.tsv")


@cache
def _parts(path: Path) -> tuple[list[str], list[dict[str, str]]]:
    lines = path.read_text(encoding="utf-8").splitlines()
    head = [line for line in lines if line.startswith("#")]
    return head, list(csv.DictReader(lines[len(head) :], delimiter="\t", quoting=csv.QUOTE_NONE))


def _code(row: dict[str, str]) -> str:
    return row["object_id"].partition(":")[2]


@pytest.mark.parametrize("path", TABLES, ids=_name)
def test_every_row_is_whole_and_honest(path: Path) -> None:
    head, rows = _parts(path)
    guideline = load_guideline(OWN)
    concepts = {f"il2:{name}" for name in (*guideline.findings, *guideline.treatments)} | {
        f"il2:{observable.id}" for observable in guideline.observables.values() if observable.count is None
    }
    prefixes = {match[1] for line in head if (match := re.fullmatch(r"#  (\w+): http\S+", line))}
    odd = [
        row
        for row in rows
        if row["subject_id"] not in concepts
        or row["predicate_modifier"] not in ("", "Not")
        or row["predicate_id"] not in PREDICATES
        # What is denied is that the code is a kind of the concept; a code that is denied is not doubtful too.
        or (row["predicate_modifier"] == "Not" and row["predicate_id"] != "skos:narrowMatch")
        or row["object_id"].partition(":")[0] not in prefixes
        or row["mapping_justification"] not in JUSTIFICATIONS
        or not 0 < float(row["confidence"]) <= 1
        or row["match"] not in ("exact", "prefix")
        or row.get("local", "") not in ("", "true", "false")
        or (row.get("aside_while") or "il2:EndotrachealIntubation") not in concepts
        or not re.fullmatch(r"\d*", row.get("period_hours", ""))
        or not row["evidence"].strip()
        or None in row
    ]
    assert odd == []
    assert rows


@pytest.mark.parametrize("path", TABLES, ids=_name)
def test_rows_are_sorted_and_each_there_once(path: Path) -> None:
    _, rows = _parts(path)
    keys = [(row["subject_id"], row["object_id"], row["predicate_modifier"], row["match"]) for row in rows]
    assert keys == sorted(keys)
    # Of one concept, code and match there is one row: it is so, or it is not.
    claims = Counter((row["subject_id"], row["object_id"], row["match"]) for row in rows)
    assert [claim for claim, times in claims.items() if times > 1] == []


@pytest.mark.parametrize("path", TABLES, ids=_name)
def test_files_are_plain_and_declare_their_columns(path: Path) -> None:
    content = path.read_bytes()
    assert b"\r" not in content
    assert content.endswith(b"\n")
    assert not content.endswith(b"\n\n")
    head, rows = _parts(path)
    declared = {match[1] for line in head if (match := re.fullmatch(r"#  - slot_name: (\w+)", line))}
    assert declared == set(rows[0]) - STANDARD
    assert declared <= SLOTS
    assert any(re.fullmatch(rf"#mapping_set_id: https://w3id.org/il2kg/codes/{_name(path)}", line) for line in head)
    assert ("object_label" in rows[0]) == (_name(path) not in NO_LABELS)


@pytest.mark.parametrize("path", TABLES, ids=_name)
def test_codes_are_in_the_writing_of_their_system(path: Path) -> None:
    """Else a row could never be met. A prefix of ICD-10-PCS alone is shorter than any code."""
    systems = Systems.of(OWN)
    (system,) = (each.name for each in systems.all if _name(path) in each.tables and each.written in OWN_WAYS)
    odd = [
        row["object_id"]
        for row in _parts(path)[1]
        if (systems.canonical(system, _code(row)) or ("", ""))[1] != _code(row)
        and not (row["match"] == "prefix" and systems.canonical(system, _code(row).ljust(7, "0")) is not None)
    ]
    assert odd == []


def test_systems_and_tables_name_each_other() -> None:
    named = {table for system in Systems.of(OWN).all for table in system.tables}
    assert named == {_name(path) for path in TABLES}
    lines = (ROOT / "ontology" / "vocabulary" / "systems.tsv").read_text(encoding="utf-8").splitlines()
    assert lines[1:] == sorted(lines[1:])
    assert len({line.split("\t")[0] for line in lines}) == len(lines)


def test_the_vocabularies_of_records_are_there() -> None:
    sizes = {_name(path): len(_parts(path)[1]) for path in TABLES}
    assert {"atc", "cpt", "hcpcs", "icd-10-pcs", "icd-9-cm-procedures", "products/ucd"} <= sizes.keys()
    assert sizes["loinc"] >= 475
    assert sizes["snomed-ct"] >= 10_666
    assert sizes["icd-10-cm"] >= 1191
    assert sizes["icd-10"] >= 663
    assert sizes["icd-9-cm-diagnoses"] >= 531
    assert sizes["rxnorm"] >= 191
    assert sizes["products/rxnorm"] >= 5977
    assert sizes["products/ndc"] >= 8958


def test_the_notice_names_every_table() -> None:
    notice = (ROOT / "NOTICE").read_text(encoding="utf-8")
    named = {_name(path) for path in TABLES if f"{path.name}" in notice or f"codes/{_name(path)}" in notice}
    assert named | {"icd-9-cm-diagnoses", "icd-9-cm-procedures"} == {_name(path) for path in TABLES}
    assert "icd-9-cm-*.sssom.tsv" in notice


def test_links_to_follow_are_whole_and_no_codes_of_records() -> None:
    """Links to the Human Phenotype Ontology, which are followed and not read from records."""
    graph = merged()
    _, rows = _parts(ROOT / "ontology" / "knowledge" / "mappings.sssom.tsv")
    assert len({(row["subject_id"], row["object_id"]) for row in rows}) == len(rows) > 50
    for row in rows:
        subject = URIRef(row["subject_id"].replace("il2:", "https://w3id.org/il2kg/"))
        assert str(graph.value(subject, RDFS.label)) == row["subject_label"]
        assert re.fullmatch(r"HP:\d{7}", row["object_id"])
        assert row["predicate_id"] in ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch")
    read = {(row["subject_id"], row["object_id"]) for row in _parts(CODES / "hpo.sssom.tsv")[1]}
    assert not read & {(row["subject_id"], row["object_id"]) for row in rows}
