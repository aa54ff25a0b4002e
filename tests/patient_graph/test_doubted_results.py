"""A result that is doubted by itself is set aside, though its item is not."""

from pathlib import Path

import pytest

from il2kg.bulk import load_engine

GRAPH = """
@prefix il2: <https://w3id.org/il2kg/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sosa: <http://www.w3.org/ns/sosa/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
<urn:x:p> a il2:Patient .
<urn:x:o> a sosa:Observation ; il2:ofPatient <urn:x:p> ; sosa:observedProperty il2:SerumCreatinine ;
    sosa:phenomenonTime "2026-03-02T08:00:00Z"^^xsd:dateTime ; sosa:hasSimpleResult 1.2 ; il2:unit "mg/dL" """


@pytest.mark.parametrize(("more", "counted"), [("", 1), ("; il2:resultDoubt [ rdfs:label 'haemolysed' ]", 0)])
def test_a_doubted_result_is_set_aside(more: str, counted: int, tmp_path: Path) -> None:
    path = tmp_path / "record.ttl"
    path.write_text(f"{GRAPH}{more} .", encoding="utf-8")
    (named,) = load_engine().read(path)
    assert (len(named.record.measurements), len(named.record.set_aside)) == (counted, 1 - counted)
    assert [problem.kind for problem in named.record.problems] == ["haemolysed"] * (1 - counted)
