"""il2kg coverage: what it says was recognised is what is read, and the map that it writes can be filled in."""

import csv
import io
import json
import re
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from il2kg.bulk import load_engine
from il2kg.cli import main
from il2kg.explain.coverage import coverage_sssom
from il2kg.loading import load_guideline
from il2kg.locations import content_root
from il2kg.read.code_maps import load_code_map
from il2kg.read.coverage import Coverage, Row
from il2kg.read.patient_reader import PatientReader
from tests.folders import OWN

ROOT = content_root()
GUIDELINE = load_guideline(OWN)
HOSPITAL = Path("examples/your-hospital")
LAB = "http://hospital.example/lab"
TIME = "2026-03-02T08:00:00Z"


def coded(code: str, display: str | None = None, system: str | None = LAB) -> dict[str, Any]:
    coding = {"system": system, "code": code, "display": display}
    return {"coding": [{name: value for name, value in coding.items() if value is not None}]}


def observation(concept: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"resourceType": "Observation", "status": "final", "code": concept, "effectiveDateTime": TIME, **more}


def given_drug(medication: dict[str, Any]) -> dict[str, Any]:
    return {"resourceType": "MedicationAdministration", "status": "completed", "effectiveDateTime": TIME, **medication}


def bundle(*resources: dict[str, Any]) -> dict[str, Any]:
    numbered = [{"id": str(number), **resource} for number, resource in enumerate(resources)]
    about = {"subject": {"reference": "Patient/1"}}
    entries = [r if r["resourceType"] == "Medication" else {**r, **about} for r in numbered]
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in entries]}


def written(folder: Path, *resources: dict[str, Any], name: str = "record.json") -> Path:
    path = folder / name
    path.write_text(json.dumps(bundle(*resources)), encoding="utf-8")
    return path


def run(*arguments: object, code: int = 0) -> str:
    result = CliRunner().invoke(main, ["coverage", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.stdout


def rows(*arguments: object) -> list[dict[str, Any]]:
    return json.loads(run("--format", "json", *arguments))  # type: ignore[no-any-return]


def test_each_way_of_recognising_is_told(tmp_path: Path) -> None:
    record = written(
        tmp_path,
        observation(coded("2160-0", system="http://loinc.org"), valueQuantity={"value": 1, "unit": "mg/dL"}),
        observation(coded("2160-0", system="http://loinc.org"), valueQuantity={"value": 2, "unit": "mg/dL"}),
        observation(coded("K", "Potassium"), valueQuantity={"value": 4, "unit": "mmol/L"}),
        observation(coded("X", "Chest pain at rest")),
        observation(coded("Z", "Zorp factor")),
        observation({"text": "Pulse rhythm"}, valueString="regular"),
        {**observation(coded("E", "Creatinine")), "status": "entered-in-error"},
        given_drug({"medicationCodeableConcept": coded("P", "PROLEUKIN 22 MIU")}),
        given_drug({"medicationCodeableConcept": {}}),
    )

    def row(resource: str, code: str | None, text: str | None, how: str, *concepts: str, **more: Any) -> dict[str, Any]:
        named = {"resource": resource, "system": LAB if code else None, "code": code, "text": text, "count": 1}
        return {**named, "how": how, "concepts": list(concepts), "suggestion": None, **more}

    assert rows(record) == [
        row("MedicationAdministration", None, None, "doubtful"),
        row("MedicationAdministration", "P", "PROLEUKIN 22 MIU", "named", "Aldesleukin"),
        row("Observation", None, "Pulse rhythm", "passed-over", suggestion="HeartRate"),
        row("Observation", "K", "Potassium", "set-aside", "SerumPotassium"),
        row("Observation", "X", "Chest pain at rest", "doubtful", "ChestPain"),
        row("Observation", "Z", "Zorp factor", "passed-over"),
        row("Observation", "2160-0", None, "coded", "SerumCreatinine", system="http://loinc.org", count=2),
    ]


def test_components_and_medications_by_reference_are_met(tmp_path: Path) -> None:
    record = written(
        tmp_path,
        observation(
            coded("BP", "Vital signs panel"),
            component=[
                {"code": coded("8480-6", system="http://loinc.org"), "valueQuantity": {"value": 99, "unit": "mm[Hg]"}},
                {"code": coded("MAP", "Mean"), "valueQuantity": {"value": 70, "unit": "mm[Hg]"}},
            ],
        ),
        given_drug({"medicationReference": {"reference": "Medication/m"}}),
        {"resourceType": "Medication", "id": "m", "code": coded("8163", system="RXNORM")},
    )
    assert [(each["resource"], each["code"], each["how"], each["concepts"]) for each in rows(record)] == [
        ("MedicationAdministration", "8163", "coded", ["Phenylephrine"]),
        ("Observation", "MAP", "passed-over", []),
        ("Observation", "8480-6", "coded", ["SystolicBloodPressure"]),
    ]


@pytest.mark.parametrize("maps", [(), (HOSPITAL / "map.sssom.tsv",)], ids=["without a map", "with it"])
def test_it_says_what_is_read(monkeypatch: pytest.MonkeyPatch, maps: tuple[Path, ...]) -> None:
    monkeypatch.chdir(ROOT)
    reader = PatientReader.of(GUIDELINE, code_map=load_code_map(maps, GUIDELINE))
    found = Coverage(GUIDELINE)
    (patient,) = load_engine().patients(HOSPITAL / "admission.json")
    told, plain = reader.record(patient, found.met), reader.record(patient)
    assert told == plain
    of_coverage = {(r.met.resource, r.met.code): r.count for r in found.rows() if r.met.how == "passed-over"}
    assert of_coverage == {(p.resource, p.code): p.count for p in plain.passed_over}
    assert {r.met.how for r in found.rows()} == ({"coded", "passed-over"} if maps else set(HOW) - {"coded"})


HOW = ("coded", "named", "doubtful", "set-aside", "passed-over")


def test_text_sums_up_and_offers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "120")
    shown = run(HOSPITAL / "admission.json")
    assert shown.splitlines()[-1] == "47 items: 3 named, 5 doubtful, 21 set-aside, 18 passed-over"
    assert "? serum bicarbonate" in shown
    mapped = run(HOSPITAL / "admission.json", "--map", HOSPITAL / "map.sssom.tsv")
    assert mapped.splitlines()[-1] == "47 items: 44 coded, 3 passed-over"
    assert mapped.count("nothing that the guideline names") == 2


def test_a_map_to_fill_in_means_nothing_until_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    path = tmp_path / "map.tsv"
    path.write_text(run(HOSPITAL / "admission.json", "--format", "sssom"), encoding="utf-8")
    assert load_code_map([path], GUIDELINE).targets == {}
    filled = (HOSPITAL / "map.sssom.tsv").read_text(encoding="utf-8")
    assert codes_of(path.read_text(encoding="utf-8")) == codes_of(filled)


def test_other_tools_can_read_the_heads_of_maps(monkeypatch: pytest.MonkeyPatch) -> None:
    """The head of an SSSOM table is YAML: a line is a slot, or stands deeper and belongs to the slot above it."""
    monkeypatch.chdir(ROOT)
    tables = run(HOSPITAL / "admission.json", "--format", "sssom"), (HOSPITAL / "map.sssom.tsv").read_text("utf-8")
    heads = [[line for line in table.splitlines() if line.startswith("#")] for table in tables]
    assert [line for head in heads for line in head if not re.match(r"# (?:[a-z_]+:(?: |$)|  )", line)] == []


def codes_of(table: str) -> set[str]:
    return {line.partition("\t")[0] for line in table.splitlines() if "\t" in line}


def test_what_is_known_to_be_nothing_is_not_asked_again(tmp_path: Path) -> None:
    record = written(tmp_path, observation(coded("CRP", "S-CRP")), observation(coded("Q", "Q")))
    path = tmp_path / "map.tsv"
    path.write_text(
        f"subject_id\tpredicate_id\tobject_id\tsubject_source\nCRP\t\tsssom:NoTermFound\t{LAB}\n", encoding="utf-8"
    )
    asked = run(record, "--map", path, "--format", "sssom")
    assert codes_of(asked) == {"subject_id", "Q"}


def test_input_that_cannot_be_used_is_said_and_the_rest_is_looked_at(tmp_path: Path) -> None:
    good = written(tmp_path, observation(coded("K", "Potassium"), valueQuantity={"value": 4}))
    bad = tmp_path / "bad.json"
    result = CliRunner().invoke(main, ["coverage", str(bad), str(good)])
    assert (result.exit_code, result.stdout.splitlines()[-1]) == (2, "1 item: 1 set-aside")
    assert result.stderr.startswith(f"il2kg: {bad}: ")
    no_map = CliRunner().invoke(main, ["coverage", str(good), "--map", str(tmp_path / "none.tsv")])
    assert (no_map.exit_code, no_map.stdout) == (2, "")
    assert no_map.stderr == f"il2kg: {tmp_path / 'none.tsv'}: No such file or directory\n"


CODE = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=6)
TEXT = st.text("abc#\"'\t\n\\|:é", min_size=1, max_size=8).filter(str.strip)


def looked_at(record: Path, *maps: Path) -> list[Row]:
    reader = PatientReader.of(GUIDELINE, code_map=load_code_map(maps, GUIDELINE))
    found = Coverage(GUIDELINE)
    for patient in load_engine().patients(record):
        reader.record(patient, found.met)
    return found.rows()


@given(st.dictionaries(CODE, TEXT, min_size=1, max_size=3), st.sampled_from([LAB, None]))
def test_whatever_codes_are_met_their_map_can_be_filled_in(
    tmp_path_factory: pytest.TempPathFactory, met: dict[str, str], system: str | None
) -> None:
    folder = tmp_path_factory.mktemp("coverage")
    record = written(folder, *(observation(coded(code, text, system)) for code, text in met.items()))
    lines = coverage_sssom(looked_at(record), GUIDELINE).splitlines(keepends=True)
    head = "".join(line for line in lines if line.startswith("#"))
    table = list(csv.DictReader([line for line in lines if not line.startswith("#")], dialect="excel-tab"))
    assert {row["subject_id"] for row in table} == set(met)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(table[0]), dialect="excel-tab", quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows({**row, "object_id": "il2:Fever"} for row in table)
    filled = folder / "map.tsv"
    filled.write_text(head + text.getvalue(), encoding="utf-8", newline="")
    assert {(row.met.code, row.met.how, row.met.concepts) for row in looked_at(record, filled)} == {
        (code, "coded", ("Fever",)) for code in met
    }


def test_a_finding_that_nobody_can_name_is_passed_over_and_counted_once(tmp_path: Path) -> None:
    diabetes = {
        "resourceType": "Condition",
        "onsetDateTime": TIME,
        "code": coded("73211009", system="http://snomed.info/sct"),
    }
    (found,) = rows(written(tmp_path, diabetes))
    assert (found["how"], found["count"]) == ("passed-over", 1)
