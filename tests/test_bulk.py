"""Many files and folders at once, and the same from Python."""

import gc
import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any
from unittest import mock
from zoneinfo import ZoneInfo

import numpy as np
import pytest

import il2kg
from il2kg import bulk
from il2kg.read.sources import source
from il2kg.request import Request
from tests.bundles import Resource, administration, bundle, finding, measurement

T8 = "2026-03-02T08:00:00Z"
STOPPED = ["label-creatinine"]


def creatinine(patient: int, value: float, **more: Any) -> Resource:
    subject = {"reference": f"Patient/{patient}"}
    return {"id": f"cr{patient}", **measurement("SerumCreatinine", value, "mg/dL", T8, subject=subject), **more}


def folder(path: Path, patients: int) -> Path:
    """An export: patients in one file, their weights and creatinines, one after another, in two more."""
    path.mkdir()
    people = [{"resourceType": "Patient", "id": str(n)} for n in range(patients)]
    values = [creatinine(n, 1 + n % 5) for n in range(patients)]
    fevers = [
        {"id": f"f{n}", **finding("Fever", n % 2 == 0, T8), "subject": {"reference": f"Patient/{n}"}}
        for n in reversed(range(patients))
    ]
    for name, found in {"Patient": people, "Observation": values, "Observation2": fevers}.items():
        with gzip.open(path / f"{name}.ndjson.gz", "wt") as file:
            file.writelines(json.dumps(one) + "\n" for one in found)
    return path


def assessed(*paths: Path, request: Request | None = None) -> tuple[list[dict[str, Any]], list[str], int]:
    """Documents and failures in order, and how many inputs were ended."""
    portions = list(bulk.assess_files(paths, request or Request(cross_check=False), "json"))
    documents = [json.loads(text) for portion in portions for text in portion.rendered]
    return documents, [f for p in portions for f in p.failures], sum(p.files for p in portions)


@pytest.fixture
def large() -> Iterator[None]:
    """Every source is large, and portions are small."""
    with (
        mock.patch.object(source, "IN_MEMORY", 0),
        mock.patch.object(bulk, "IN_MEMORY", 0),
        mock.patch.object(bulk, "_LARGEST_PORTION", 7),
    ):
        yield


def test_the_patients_of_a_large_folder_are_shared_out_and_come_in_order(tmp_path: Path, large: None) -> None:
    path = folder(tmp_path / "export", 40)
    found, failures, ended = assessed(path)
    assert ([d["record"] for d in found], failures, ended) == ([f"{path}#Patient/{n}" for n in range(40)], [], 1)
    assert [d["rule_sets"]["label"]["met"] for d in found] == [STOPPED if n % 5 == 4 else [] for n in range(40)]


def test_large_and_small_sources_say_the_same(tmp_path: Path) -> None:
    path = folder(tmp_path / "export", 9)
    small = assessed(path)
    with mock.patch.object(source, "IN_MEMORY", 0), mock.patch.object(bulk, "IN_MEMORY", 0):
        assert assessed(path) == small


def test_what_fails_is_said_and_the_others_still_come_in_order(tmp_path: Path, large: None) -> None:
    broken, timeless, missing = tmp_path / "broken.json", tmp_path / "timeless.json", tmp_path / "missing"
    broken.write_text("{")
    timeless.write_text('{"resourceType": "Patient", "id": "9"}')
    lines = tmp_path / "lines.ndjson"
    bad = '{"subject": {"reference": "Patient/2"}, '
    lines.write_text("\n".join([json.dumps(creatinine(1, 1)), bad, json.dumps(creatinine(2, 5))]))
    export = folder(tmp_path / "export", 3)
    found, failures, ended = assessed(broken, export, timeless, lines, missing)
    assert [d["record"] for d in found] == [*(f"{export}#Patient/{n}" for n in range(3)), f"{lines}#Patient/1"]
    assert [failure.split(": ")[0] for failure in failures] == [
        str(broken),
        str(timeless),
        f"{lines}#Patient/2",
        str(missing),
    ]
    assert "line 2 is not JSON" in failures[2]
    assert ended == 5


def test_how_often_python_collects_is_left_as_it_was(tmp_path: Path) -> None:
    before = gc.get_threshold()
    path = tmp_path / "r.json"
    path.write_text(json.dumps(creatinine(1, 5)))
    il2kg.assess(path)
    assert gc.get_threshold() == before
    for _ in bulk.assess_files([path], Request(), "json"):
        assert gc.get_threshold() == before
    with mock.patch.object(bulk, "IN_MEMORY", 0):
        for _ in bulk.assess_files([path], Request(), "json"):
            assert gc.get_threshold() == before
    assert gc.get_threshold() == before


# ---- from Python


def test_a_record_may_be_a_file_a_folder_or_values(tmp_path: Path) -> None:
    values = [creatinine(1, 5), {"resourceType": "Patient", "id": "1"}]
    path = tmp_path / "r.json"
    path.write_text(json.dumps(creatinine(1, 5)))
    decisions = [
        [(a.patient, a.rule_sets["label"].met) for a in il2kg.assess(record)]
        for record in (values, iter(values), {"resourceType": "Bundle", "entry": [{"resource": v} for v in values]})
    ]
    assert decisions == [[("Patient/1", ("label-creatinine",))]] * 3
    assert [a.patient for a in il2kg.assess(folder(tmp_path / "f", 3))] == ["Patient/0", "Patient/1", "Patient/2"]
    assert [a.record for a in il2kg.assess(str(path))] == [str(path)]


@pytest.mark.parametrize("value", [4.6, Decimal("4.6"), 5, np.float64(4.6)])
def test_numbers_of_python_are_those_that_are_written(value: float | Decimal) -> None:
    (assessment,) = il2kg.assess(creatinine(1, 1, valueQuantity={"value": value, "code": "mg/dL"}))
    assert assessment.rule_sets["label"].met == ("label-creatinine",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (float("nan"), "holds nan, which is no number of JSON"),
        (Decimal("-Infinity"), "holds -Infinity, which is no number of JSON"),
        (datetime(2026, 3, 2, tzinfo=UTC), "holds a datetime, which is no value of JSON"),
        ({1: 2}, "has the key 1, which is no string"),
        (b"x", "holds a bytes, which is no value of JSON"),
    ],
)
def test_values_that_json_does_not_have_are_refused(content: Any, message: str) -> None:
    with pytest.raises(il2kg.RecordError, match=message):
        il2kg.assess(creatinine(1, 1, note=content))


def test_a_value_that_holds_itself_is_refused() -> None:
    circle: dict[str, Any] = creatinine(1, 1)
    circle["contained"] = [circle]
    with pytest.raises(il2kg.RecordError, match="is nested too deeply to be FHIR"):
        il2kg.assess(circle)


def test_the_dose_that_was_given_is_judged() -> None:
    dose = {"id": "d", **administration("Aldesleukin", "2026-03-02T09:00:00Z")}
    record = bundle([dose, measurement("SerumCreatinine", 5, "mg/dL", T8)])
    (judged,) = il2kg.assess(record, given=datetime(2026, 3, 2, 9, tzinfo=UTC))
    (after,) = il2kg.assess(record, at=datetime(2026, 3, 2, 9, tzinfo=UTC))
    assert (judged.at, judged.rule_sets["label"].met) == (after.at, ("label-creatinine",))
    assert (judged.rule_sets["eligibility"].applies, after.rule_sets["eligibility"].applies) == (True, False)


@pytest.mark.parametrize("zone", ["America/Chicago", ZoneInfo("America/Chicago")])
def test_times_without_a_zone_are_read_in_that_of_the_caller(zone: str | ZoneInfo) -> None:
    record = measurement("SerumCreatinine", 5, "mg/dL", "2026-03-02T08:00:00")
    (assessment,) = il2kg.assess(record, zone=zone)
    assert (assessment.problems, assessment.at) == ((), int(datetime(2026, 3, 2, 14, tzinfo=UTC).timestamp() * 1e6))


NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"at": NOON.replace(tzinfo=None)}, ValueError, "at needs a time zone"),
        ({"given": NOON.replace(tzinfo=None)}, ValueError, "given needs a time zone"),
        ({"at": NOON, "given": NOON}, ValueError, "at and given exclude each other"),
        ({"at": "2026-03-02T12:00:00Z"}, TypeError, "at is a datetime, not str"),
        ({"charting": "sometimes"}, ValueError, "charting is explicit or by-exception, not 'sometimes'"),
        ({"rules": ["lable"]}, ValueError, "no such rule set: lable; there are eligibility, label"),
        ({"rules": "label"}, TypeError, "rules are several names"),
        ({"zone": "Europe/Nowhere"}, ValueError, "'Europe/Nowhere' is no IANA time zone"),
    ],
)
def test_unusable_options_are_refused(options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        il2kg.assess(creatinine(1, 5), **options)


@pytest.mark.parametrize("record", [5, [5], ["r.json"], None])
def test_what_is_no_record_is_refused(record: Any) -> None:
    with pytest.raises(TypeError):
        il2kg.assess(record)


def test_the_patient_who_cannot_be_assessed_is_named(tmp_path: Path) -> None:
    path = tmp_path / "r.ndjson"
    path.write_text(json.dumps(creatinine(1, 5)) + '\n{"resourceType": "Patient", "id": "2"}\n')
    with pytest.raises(il2kg.RecordError, match=r"r\.ndjson#Patient/2: none of its items has a time"):
        il2kg.assess(path)
