"""SPARQL over records from Python."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

import il2kg
from il2kg.bulk import load_engine
from il2kg.write.documents import document

EXAMPLES = ["examples/clean.json", "examples/creatinine-hold.json"]
DECISIONS = """
SELECT ?patient ?decision {
  ?assessment a il2:WrittenAssessment ; il2:patient ?patient ; il2:decision/skos:notation ?decision
} ORDER BY ?patient
"""


def test_records_of_any_kind_are_asked_beside_the_guideline() -> None:
    engine = load_engine()
    (clean, hold) = EXAMPLES
    store = ox.Store()
    quads = document(engine.patients(Path(hold)), "nq", engine.reader.records.concepts, engine.tables)
    store.load(b"".join(quads), ox.RdfFormat.N_QUADS)
    found = il2kg.query(DECISIONS, records=[json.loads(Path(clean).read_text(encoding="utf-8")), store])
    expected = [{"patient": a.patient, "decision": a.decision} for path in EXAMPLES for a in il2kg.assess(path)]
    assert isinstance(found, il2kg.Answers)
    assert list(found.rows) == expected


def test_a_guideline_s_own_answers_are_the_same_beside_records() -> None:
    text = "SELECT ?label { il2:Oliguria skos:altLabel ?label } ORDER BY ?label"
    alone = il2kg.query(text)
    assert il2kg.query(text, records=EXAMPLES) == alone
    assert il2kg.query(text, records=EXAMPLES, default_graph="guideline") == alone


def test_what_cannot_be_asked_is_said(tmp_path: Path) -> None:
    with pytest.raises(TypeError, match="records are several"):
        il2kg.query(DECISIONS, records="examples/clean.json")
    with pytest.raises(il2kg.RecordError, match="missing"):
        il2kg.query(DECISIONS, records=[tmp_path / "missing.json"])
    with pytest.raises(ValueError, match="'n4' is none of"):
        il2kg.query(DECISIONS, records=EXAMPLES, input_format="n4")
