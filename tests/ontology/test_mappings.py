"""The SSSOM table: every row maps a concept of the ontology to a code whose prefix is declared."""

import csv
import re

from rdflib import RDFS, URIRef

from il2kg.bulk import load_engine
from tests.ontology.files import ROOT, merged

TABLE = (ROOT / "ontology" / "mappings.sssom.tsv").read_text(encoding="utf-8").splitlines()
HEAD = [line for line in TABLE if line.startswith("#")]
ROWS = list(csv.DictReader((line for line in TABLE if not line.startswith("#")), delimiter="\t"))
PREFIXES = {match[1]: match[2] for line in HEAD if (match := re.fullmatch(r"#   (\w+): (\S+)", line))}


def test_every_row_is_whole() -> None:
    labels = load_engine().guideline.labels
    odd = [
        row
        for row in ROWS
        if labels.get(row["subject_id"].removeprefix("il2:")) != row["subject_label"]
        or row["object_id"].partition(":")[0] not in PREFIXES
        or not row["object_source"].startswith("http")
        or row["mapping_justification"] != "semapv:ManualMappingCuration"
        or not 0 < float(row["confidence"]) <= 1
    ]
    assert odd == []
    assert len({(row["subject_id"], row["object_id"]) for row in ROWS}) == len(ROWS) > 200


def test_the_vocabularies_of_records_are_there() -> None:
    assert {"LOINC", "SNOMEDCT", "RXNORM", "ICD10CM"} <= {row["object_id"].partition(":")[0] for row in ROWS}


def test_every_row_is_recognised_in_a_record() -> None:
    reader = load_engine().reader
    for row in ROWS:
        prefix, _, local = row["object_id"].partition(":")
        code = row["object_id"] if prefix in ("HP", "DOID") else local
        names, _ = reader.concepts({"coding": [{"system": row["object_source"], "code": code}]})
        assert row["subject_id"].removeprefix("il2:") in names


def test_every_row_of_the_knowledge_table_is_whole() -> None:
    """Links to the Human Phenotype Ontology, which are followed and not read from records."""
    graph = merged()
    lines = (ROOT / "ontology" / "knowledge" / "mappings.sssom.tsv").read_text(encoding="utf-8").splitlines()
    rows = list(csv.DictReader((line for line in lines if not line.startswith("#")), delimiter="\t"))
    assert len({(row["subject_id"], row["object_id"]) for row in rows}) == len(rows) > 50
    for row in rows:
        subject = URIRef(row["subject_id"].replace("il2:", "https://w3id.org/il2kg/"))
        assert str(graph.value(subject, RDFS.label)) == row["subject_label"]
        assert re.fullmatch(r"HP:\d{7}", row["object_id"])
        assert row["predicate_id"] in ("skos:exactMatch", "skos:closeMatch", "skos:broadMatch")
