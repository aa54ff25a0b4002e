"""The commands, as people and programs call them."""

import importlib.util
import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

import il2kg
from il2kg.bulk import load_engine
from il2kg.cli import main
from il2kg.validation.pyshacl_report import report
from tests.bundles import administration, bundle, finding, measurement

ROOT = Path(__file__).parent.parent
REPORTS = Path(__file__).parent / "reports"
EXAMPLES = ROOT / "examples"
SCHEMA = json.loads((ROOT / "docs" / "assessment.schema.json").read_text(encoding="utf-8"))
FILES = sorted(EXAMPLES.glob("*.json"))

EXPECTED = {
    "clean.json": "administer",
    "oliguria-rising-creatinine.json": "stop-cycle",
    "atrial-fibrillation.json": "stop-cycle",
    "creatinine-hold.json": "stop-cycle",
    "missing-data.json": "indeterminate",
    "first-treatment.json": "contraindicated",
}


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, [str(argument) for argument in arguments], catch_exceptions=False)


def documents(*arguments: str | Path) -> list[dict[str, Any]]:
    result = run("assess", *arguments, "--format", "json")
    assert result.exit_code == 0, result.stderr
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_the_examples_say_what_they_are_for() -> None:
    assert {path.name: documents(path)[0]["overall"]["decision"] for path in FILES} == EXPECTED


def test_the_examples_are_what_their_script_charts() -> None:
    spec = importlib.util.spec_from_file_location("chart", EXAMPLES / "chart.py")
    assert spec is not None
    assert spec.loader is not None
    chart = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(chart)
    assert {path.name: path.read_text(encoding="utf-8") for path in FILES} == chart.charted()


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_the_report_on_an_example_is_exactly_this(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If it should read otherwise: ``il2kg assess examples/NAME.json > tests/reports/NAME.txt``; look at the diff."""
    monkeypatch.chdir(ROOT)
    printed = run("assess", f"examples/{path.name}")
    assert printed.stdout == (REPORTS / f"{path.stem}.txt").read_text(encoding="utf-8")
    assert printed.stdout.isascii()


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
@pytest.mark.parametrize("options", [(), ("--all",), ("--charting", "by-exception"), ("--rules", "label,upci")])
def test_json_keeps_to_its_schema(path: Path, options: tuple[str, ...]) -> None:
    (document,) = documents(path, *options)
    jsonschema.validate(document, SCHEMA, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER)
    assert document["record"] == str(path)
    if options == ("--all",):
        assert [c["id"] for c in document["criteria"]] == [c.id for c in load_engine().guideline.criteria]
    if "--rules" in options:
        assert list(document["rule_sets"]) == ["label", "upci"]


@pytest.mark.parametrize("path", FILES, ids=lambda p: p.name)
def test_text_is_plain_and_fits_80_columns(path: Path) -> None:
    text = run("assess", path).stdout
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "\x1b" not in text
    headline = {"administer": "ADMINISTER", "stop-cycle": "STOP THE CYCLE", "indeterminate": "CANNOT BE SAID YET",
                "contraindicated": "CONTRAINDICATED"}  # fmt: skip
    assert text.startswith(headline[EXPECTED[path.name]])


def test_several_records_are_assessed_in_order_and_a_failure_is_one_line(tmp_path: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text('{"resourceType": "Bundle"', encoding="utf-8")
    result = run("assess", EXAMPLES / "clean.json", broken, EXAMPLES / "missing-data.json", "--format", "json")
    assert result.exit_code == 2
    assert [json.loads(line)["overall"]["decision"] for line in result.stdout.splitlines()] == [
        "administer",
        "indeterminate",
    ]
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"il2kg: {broken}: is not JSON")


def test_many_files_are_shared_among_processes_and_come_out_in_order(tmp_path: Path) -> None:
    paths = [tmp_path / f"{number:03}.json" for number in range(130)]
    for number, path in enumerate(paths):
        creatinine = measurement("SerumCreatinine", 1 + number % 5, "mg/dL", "2026-03-02T08:00:00Z")
        path.write_text(json.dumps(bundle([creatinine])), encoding="utf-8")
    found = documents(*paths)
    assert [d["record"] for d in found] == [str(path) for path in paths]
    assert [d["rule_sets"]["label"]["met"] for d in found] == [
        ["label-creatinine"] if number % 5 == 4 else [] for number in range(130)
    ]


def test_a_file_of_several_patients_gives_one_assessment_each(tmp_path: Path) -> None:
    content = bundle([measurement("SerumCreatinine", 5, "mg/dL", "2026-03-02T08:00:00Z")])
    other = measurement("SerumCreatinine", 1, "mg/dL", "2026-03-02T08:00:00Z", subject={"reference": "Patient/p2"})
    content["entry"].append({"resource": other})
    path = tmp_path / "two.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    assert {d["record"]: (d["patient"], d["rule_sets"]["label"]["met"]) for d in documents(path)} == {
        f"{path}#Patient/p1": ("Patient/p1", ["label-creatinine"]),
        f"{path}#Patient/p2": ("Patient/p2", []),
    }


def test_rule_sets_that_do_not_apply_decide_nothing(tmp_path: Path) -> None:
    (document,) = documents(EXAMPLES / "clean.json", "--rules", "eligibility")
    assert document["rule_sets"]["eligibility"]["decision"] == "eligible"
    assert document["overall"]["decision"] == "indeterminate"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--at", "2026-03-03T16:00:00"], "time without a zone"),
        (["--at", "2026-03-29T02:30:00", "--zone", "Europe/Vienna"], "ambiguous"),
        (["--at", "2026-03-03T16:00:00Z", "--given", "2026-03-03T16:00:00Z"], "give one of them"),
        (["--zone", "Europe/Wien"], "'Europe/Wien' is no IANA time zone"),
        (["--zone", "new york"], "did you mean America/New_York"),
        (["--zone", "../../etc/passwd"], "is no IANA time zone, such as Europe/Vienna"),
        (["--map", "missing.tsv"], "missing.tsv"),
        (["--at", "tomorrow"], "not a date or time"),
        (["--rules", "lable"], "no such rule set: lable; there are label, upci, management"),
        (["--charting", "sometimes"], "sometimes"),
    ],
)
def test_unusable_options_are_refused(arguments: list[str], message: str) -> None:
    result = run("assess", EXAMPLES / "clean.json", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert message in result.stderr


def _saved(tmp_path: Path, name: str, *resources: dict[str, Any]) -> Path:
    path = tmp_path / name
    path.write_text(json.dumps(bundle(resources)), encoding="utf-8")
    return path


def test_times_are_read_and_shown_in_the_zone(tmp_path: Path) -> None:
    path = _saved(tmp_path, "local.json", measurement("SerumCreatinine", 5, "mg/dL", "2026-03-03T08:00:00"))
    (document,) = documents(path, "--zone", "America/Chicago")
    assert (document["zone"], document["at"], document["problems"]) == ("America/Chicago", "2026-03-03T14:00:00Z", [])
    assert document["rule_sets"]["label"]["met"] == ["label-creatinine"]
    text = run("assess", path, "--zone", "America/Chicago").stdout
    assert "Patient/p1, 2026-03-03 08:00 -06:00." in " ".join(text.split())
    assert "Times are those of America/Chicago." in text
    (at_noon,) = documents(path, "--zone", "America/Chicago", "--at", "2026-03-03T12:00:00")
    assert at_noon["at"] == "2026-03-03T18:00:00Z"
    (silent,) = documents(path, "--at", "2026-03-03T14:00:00Z")
    assert (silent["zone"], len(silent["problems"])) == (None, 1)
    assert "label-creatinine" in silent["rule_sets"]["label"]["unknown"]


def test_a_dose_that_was_given_is_judged_as_if_it_had_not_been(tmp_path: Path) -> None:
    doses = [administration("Aldesleukin", f"2026-03-02T{hour}:00:00Z") for hour in ("08", "15")]
    path = _saved(tmp_path, "doses.json", *doses)
    (judged,) = documents(path, "--given", "2026-03-02T15:00:00Z")
    assert (judged["given"], judged["at"]) == ("2026-03-02T15:00:00Z", "2026-03-02T15:00:00Z")
    assert judged["rule_sets"]["regimen"]["met"] == ["regimen-dose-interval"]
    (evidence,) = [c["evidence"] for c in judged["criteria"] if c["id"] == "regimen-dose-interval"]
    assert [(e["concept"], e["value"], e["resources"]) for e in evidence] == [
        ("Aldesleukin", True, ["MedicationAdministration/i0"]),
        ("HoursSinceDose", 7, ["MedicationAdministration/i0"]),
    ]
    (after,) = documents(path, "--at", "2026-03-02T15:00:00Z")
    assert after["given"] is None
    text = run("assess", path, "--given", "2026-03-02T15:00:00Z").stdout
    assert "Of the dose given at 2026-03-02 15:00 UTC, as if it had not been yet." in " ".join(text.split())


def test_a_record_none_of_whose_codes_is_known_is_refused_with_that_as_the_cause(tmp_path: Path) -> None:
    odd = {"coding": [{"system": "urn:ward", "code": "CREA", "display": "Zorpinin"}]}
    measured = [
        measurement("SerumCreatinine", 1, "mg/dL", f"2026-03-02T0{hour}:00:00Z", code=odd) for hour in range(1, 4)
    ]
    result = run("assess", _saved(tmp_path, "odd.json", *measured))
    assert (result.exit_code, result.stdout) == (2, "")
    for part in ("none of its codes is known", "urn:ward|CREA", "il2kg coverage", "--map"):
        assert part in result.stderr


def test_a_folder_is_one_source(tmp_path: Path) -> None:
    folder = tmp_path / "export"
    folder.mkdir()
    for number, resource in enumerate(
        (
            {"resourceType": "Patient", "id": "p1"},
            {**measurement("SerumCreatinine", 5, "mg/dL", "2026-03-02T08:00:00Z"), "id": "c"},
            {**finding("AtrialFibrillation", True, "2026-03-02T07:00:00Z"), "id": "f"},
        )
    ):
        (folder / f"{number}.ndjson").write_text(json.dumps(resource) + "\n", encoding="utf-8")
    (document,) = documents(folder)
    assert (document["patient"], document["rule_sets"]["label"]["met"]) == (
        "Patient/p1",
        ["label-arrhythmia", "label-creatinine"],
    )


def test_text_of_several_patients_is_set_apart() -> None:
    text = run("assess", EXAMPLES / "clean.json", EXAMPLES / "missing-data.json").stdout
    first, second = text.split("=" * 80 + "\n\n")
    assert first.startswith("ADMINISTER")
    assert second.startswith("CANNOT BE SAID YET")


def test_validate_prints_the_report_of_the_snapshot() -> None:
    clean = run("validate", "--shapes", "criteria", EXAMPLES / "clean.json")
    held = run("validate", "--shapes", "criteria", EXAMPLES / "creatinine-hold.json", "--format", "turtle")
    assert (clean.exit_code, held.exit_code) == (0, 1)
    assert "Conforms: True" in clean.stdout
    assert "shape/label-creatinine-held" in held.stdout or "shape:label-creatinine-held" in held.stdout
    snapshot = run("snapshot", EXAMPLES / "creatinine-hold.json").stdout
    assert not report(load_engine().shapes, snapshot, focus="urn:il2kg:assessment").conforms


def test_unusable_records_end_with_exit_code_2(tmp_path: Path) -> None:
    for command in ("assess", "snapshot", "validate"):
        result = run(command, tmp_path / "missing.json")
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr == f"il2kg: {tmp_path / 'missing.json'}: No such file or directory\n"


def test_criteria_are_listed_with_limits_and_sources() -> None:
    text = run("criteria", "--rules", "label").stdout
    words = " ".join(re.sub(r"[│┃]", " ", text).split())
    assert "label-oxygen-saturation" in text.replace("\n", "") or "label-oxyg" in words
    assert "Table 2" in words
    assert "upci" not in words


def test_the_python_interface_says_the_same() -> None:
    (assessment,) = il2kg.assess(EXAMPLES / "creatinine-hold.json")
    assert assessment.decision == "stop-cycle"
    assert assessment.rule_sets["label"].held == ("label-creatinine",)
    content = json.loads((EXAMPLES / "creatinine-hold.json").read_text(encoding="utf-8"))
    (again,) = il2kg.assess(content)
    assert again.overall == assessment.overall
    resources = [finding("AtrialFibrillation", True, "2026-03-02T08:00:00Z")]
    (third,) = il2kg.assess(resources, charting="by-exception", rules=["label"])
    assert third.decision == "withhold"
    with pytest.raises(il2kg.RecordError, match="No such file"):
        il2kg.assess("missing.json")


def test_the_program_starts_as_a_module() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "il2kg", "assess", str(EXAMPLES / "clean.json")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.startswith("ADMINISTER")
    assert done.stderr == ""
