"""Patient graphs beside other files: what is not read is said, and no record is given in pieces."""

from pathlib import Path

import pytest

from il2kg.bulk import load_engine
from il2kg.errors import RecordError
from il2kg.read.sources import source

GRAPH = """
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix il2: <https://w3id.org/il2kg/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:x:p> a il2:Patient ; dcterms:identifier "Patient/1" .
<urn:x:f> a il2:Oliguria ; il2:ofPatient <urn:x:p> ; il2:start "2026-03-02T08:00:00Z"^^xsd:dateTime .
"""
FHIR = (
    '{"resourceType": "Condition", "id": "c", "subject": {"reference": "Patient/1"}, "recordedDate": "2026-03-02",'
    ' "code": {"coding": [{"system": "https://w3id.org/il2kg/", "code": "Fever"}]}}'
)
STRANGE = '<urn:x:o> <http://example.org/says> "oliguria" .'


def read(folder: Path) -> list[tuple[str | None, int, list[str]]]:
    """Patients, how many findings each has, and the problems."""
    return [
        (r.record.patient, len(r.record.episodes), [p.kind for p in r.record.problems])
        for r in load_engine().read(folder)
    ]


def test_what_is_not_read_beside_a_patient_graph_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(GRAPH, encoding="utf-8")
    (tmp_path / "b.ttl").write_text(STRANGE, encoding="utf-8")
    (tmp_path / "c.txt").write_text("oliguria", encoding="utf-8")
    neither = "RDF that is neither FHIR nor of the patient graph was not read"
    assert read(tmp_path) == [("Patient/1", 1, [neither, "files that are neither FHIR nor RDF were not read"])]


@pytest.mark.parametrize("other", [("b.json", FHIR), ("b.ttl", GRAPH.replace("urn:x:f", "urn:x:g"))])
def test_a_patient_in_two_files_is_one_or_none(
    other: tuple[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a.ttl").write_text(GRAPH, encoding="utf-8")
    (tmp_path / other[0]).write_text(other[1], encoding="utf-8")
    assert read(tmp_path) == [("Patient/1", 2, [])]
    monkeypatch.setattr(source, "IN_MEMORY", 100)
    with pytest.raises(RecordError, match="Patient/1 stands in several graphs, or in FHIR, too"):
        list(load_engine().read(tmp_path))


def test_a_line_that_may_be_anybodys_spoils_patient_graphs_too(tmp_path: Path) -> None:
    (tmp_path / "a.ttl").write_text(GRAPH, encoding="utf-8")
    (tmp_path / "b.ndjson").write_text(f"{FHIR}\n{{broken\n", encoding="utf-8")
    (tmp_path / "c.ttl").write_text(
        GRAPH.replace("Patient/1", "Patient/2").replace("urn:x:", "urn:y:"), encoding="utf-8"
    )
    found = {r.record.patient: r.record.unusable for r in load_engine().read(tmp_path)}
    assert set(found) == {"Patient/1", "Patient/2"}
    assert all(why is not None and "b.ndjson line 2" in why for why in found.values())
