"""The command that writes records in another format."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest
from click.testing import CliRunner, Result

from il2kg.bulk import load_engine
from il2kg.choices import Converted
from il2kg.cli import main
from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.limits import LIMITS
from il2kg.rdf.parsing import parse
from tests.bundles import administration, bundle, finding, measurement
from tests.converting.rewriting import records_of

LAB = "http://hospital.example/lab"
T8 = "2026-03-02T08:00:00Z"
FORMS = get_args(Converted)
ENCODER = msgspec.json.Encoder(decimal_format="number")


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["convert", *map(str, arguments)], catch_exceptions=False)


def charted(patient: str, **more: Any) -> list[dict[str, Any]]:
    """What was charted of a patient."""
    found = [
        measurement("SerumCreatinine", 6.3, "mg/dL", T8),
        finding("Oliguria", True, T8),
        administration("Aldesleukin", T8, **more),
    ]
    return [{**each, "id": f"{patient}-{n}", "subject": {"reference": patient}} for n, each in enumerate(found)]


@pytest.fixture
def two(tmp_path: Path) -> Path:
    """A record of two patients, and an item of which nobody can tell whose it is."""
    content = bundle([*charted("Patient/a"), *charted("Patient/b"), {**finding("Fever", True, T8), "subject": None}])
    del content["entry"][0]
    return written(tmp_path / "two.json", content)


def written(path: Path, content: Any) -> Path:
    path.write_bytes(ENCODER.encode(content))
    return path


def records(path: Path) -> Any:
    return records_of(load_engine().patients(path))


@pytest.mark.parametrize("form", FORMS)
def test_several_patients_are_read_again(form: str, two: Path, tmp_path: Path) -> None:
    output = tmp_path / f"out.{'ndjson' if form == 'fhir-json' else form}"
    result = run(two, "--to", form, "-o", output)
    assert (result.exit_code, result.output) == (0, "")
    assert records(output) == records(two)
    assert len(records(two)) == 2
    assert run(two, "--to", form).stdout_bytes == output.read_bytes()


@pytest.mark.parametrize("form", ["nq", "trig"])
def test_each_patient_has_a_graph_of_his_own(form: str, two: Path) -> None:
    text = run(two, "--to", form).stdout
    assert "<urn:il2kg:graph:Patient%2Fa>" in text
    assert "<urn:il2kg:graph:Patient%2Fb>" in text


@pytest.mark.parametrize("form", ["nq", "trig"])
def test_two_patients_share_no_blank_node(form: str, two: Path, tmp_path: Path) -> None:
    output = tmp_path / f"out.{form}"
    run(two, "--to", form, "-o", output)
    graphs = parse(output.read_bytes(), RdfFormat(form))
    first, second = ({node for node in graph.nodes if node.startswith("_:")} for graph in graphs)
    assert first
    assert first.isdisjoint(second)


def test_a_label_in_a_text_or_an_iri_is_none(tmp_path: Path) -> None:
    about = {"text": 'a "_:b0" and _:b1'}
    item = {**finding("Oliguria", True, T8), "id": "1", "code": about}
    entry = {"fullUrl": "urn:x:_:b0", "resource": item}
    path = written(tmp_path / "one.json", {"resourceType": "Bundle", "entry": [entry]})
    output = tmp_path / "one.nq"
    run(path, "--to", "nq", "-o", output)
    assert records(output) == records(path)
    (patient,) = load_engine().patients(output)
    assert [(each.item.iri, each.result.about.words) for each in patient.statements] == [  # type: ignore[union-attr]
        ("urn:x:_:b0", ('a "_:b0" and _:b1',))
    ]


def test_what_is_too_large_for_one_document(two: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("il2kg.write.documents.LIMITS", replace(LIMITS, document=1000))
    result = run(two, "--to", "ttl")
    expected = f"il2kg: {two}: is too large to be read again as one document of ttl; take nq\n"
    assert (result.exit_code, result.stdout, result.stderr) == (2, "", expected)
    assert run(two, "--to", "nq").exit_code == 0


def test_fhir_json_is_a_bundle_a_line(two: Path) -> None:
    lines = run(two, "--to", "fhir-json").stdout.splitlines()
    bundles = [json.loads(line) for line in lines]
    assert [each["entry"][0]["resource"]["id"] for each in bundles] == ["a", "b"]
    assert b'"value":6.3,' in lines[0].encode()


def test_what_cannot_be_read_is_marked_and_reported(tmp_path: Path) -> None:
    path = tmp_path / "broken.ndjson"
    lines = [*(json.dumps(each) for each in charted("Patient/a")), '{"resourceType": "Observation",']
    path.write_text("\n".join(lines), encoding="utf-8")
    output = tmp_path / "out.json"
    result = run(path, "--to", "fhir-json", "-o", output)
    assert result.exit_code == 2
    assert result.stderr.startswith(f"il2kg: {path}: line 4 is not JSON")
    assert records(output) == records(path)
    (record,) = records(output).values()
    assert record.unusable.startswith("line 4 is not JSON")


def test_nothing_is_written_of_what_cannot_be_used(tmp_path: Path) -> None:
    path, output = tmp_path / "empty.json", tmp_path / "out.ttl"
    path.write_text("{}", encoding="utf-8")
    output.write_text("before", encoding="utf-8")
    result = run(path, "--to", "ttl", "-o", output)
    assert (result.exit_code, result.stderr) == (2, f"il2kg: {path}: is no FHIR resource (it has no resourceType)\n")
    assert output.read_text(encoding="utf-8") == "before"


def test_where_nothing_can_be_written(two: Path, tmp_path: Path) -> None:
    output = tmp_path / "missing" / "out.ttl"
    result = run(two, "--to", "ttl", "-o", output)
    assert (result.exit_code, result.stderr) == (2, f"il2kg: {output}: No such file or directory\n")


def test_a_record_may_take_its_own_place(two: Path) -> None:
    before = records(two)
    assert run(two, "--to", "fhir-json", "-o", two).exit_code == 0
    assert records(two) == before


def test_a_map_and_an_input_format(tmp_path: Path) -> None:
    codes = tmp_path / "codes.sssom.tsv"
    rows = ("subject_id predicate_id object_id subject_source", f"CREA skos:exactMatch il2:SerumCreatinine {LAB}")
    codes.write_text("".join(row.replace(" ", "\t") + "\n" for row in rows), encoding="utf-8")
    item = {**measurement("SerumCreatinine", 1, "mg/dL", T8), "code": {"coding": [{"system": LAB, "code": "CREA"}]}}
    path = written(tmp_path / "one.txt", bundle([item]))
    named = "sosa:observedProperty il2:SerumCreatinine"
    arguments = (path, "--to", "ttl", "--input-format", "fhir-json")
    assert named not in run(*arguments).stdout
    assert named in run(*arguments, "--map", codes).stdout
