"""Bad input: a clear problem or a one-line error, never a traceback, never a dose that the sound record forbids."""

import gzip
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import find

from il2kg.bulk import load_engine
from il2kg.cli import main
from il2kg.engine import Request
from il2kg.errors import RecordError
from il2kg.read.times import microseconds
from tests.bundles import Resource, administration, assessed, bundle, concept, condition, finding, measurement
from tests.reading.places import paths, replaced
from tests.strategies import AT, charted_clean, instant

TIME = "2026-03-02T08:00:00Z"
CREATININE = measurement("SerumCreatinine", 5, "mg/dL", TIME)
GOOD = bundle([CREATININE])
AFTER = microseconds(datetime(2026, 3, 2, 9, tzinfo=UTC))

UNUSABLE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is empty"),
    "blank": (b" \n\t", "is empty"),
    "text": (b"creatinine 5", "is not JSON"),
    "binary": (bytes(range(256)), "is not JSON"),
    "other-json": (b'{"creatinine": 5}', "no FHIR resource"),
    "array": (b"[1, 2]", "no FHIR resource"),
    "number": (b"5", "no FHIR resource"),
    "empty-bundle": (b'{"resourceType": "Bundle"}', "no FHIR resource"),
    "truncated": (json.dumps(GOOD).encode()[:-40], "is not JSON"),
    "nan": (json.dumps({**GOOD, "total": float("nan")}).encode(), "is not JSON"),
    "infinity": (json.dumps({**GOOD, "total": float("inf")}).encode(), "is not JSON"),
    "nested": (b"[" * 2_000_000, "nested too deeply"),
    "nested-bundle": (b'{"resourceType":"Bundle","entry":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too deeply"),
    "not-utf-8": (b'{"resourceType": "Patient", "id": "\xff\xfe"}', "is not JSON"),
    "lone-surrogate": (b'{"resourceType": "Patient", "id": "\\ud800"}', "is not JSON"),
    "something-else": (json.dumps({"resourceType": "ValueSet"}).encode(), "nothing about a patient"),
    "nothing-known": (b'{"resourceType": "Patient", "id": "p"}', "say which instant to assess with --at"),
    "truncated-gzip": (gzip.compress(json.dumps(GOOD).encode())[:-9], "cannot be read"),
    "one-bad-line": (b"\n{\n".join([json.dumps(CREATININE).encode()] * 2), "line 2 is not JSON"),
}  # fmt: skip


@pytest.mark.parametrize("name", UNUSABLE)
def test_an_unusable_file_is_one_line_and_the_others_are_assessed(name: str, tmp_path: Path) -> None:
    content, message = UNUSABLE[name]
    bad, good = tmp_path / "bad.json", tmp_path / "good.json"
    bad.write_bytes(content)
    good.write_text(json.dumps(GOOD), encoding="utf-8")
    result = CliRunner().invoke(main, ["assess", str(bad), str(good), "--format", "json"], catch_exceptions=False)
    (line,) = result.stderr.splitlines()
    assert line.startswith(f"il2kg: {bad}: ")
    assert message in line
    assert result.exit_code == 2
    assert [json.loads(text)["record"] for text in result.stdout.splitlines()] == [str(good)]


UNTRUSTED: dict[str, tuple[Resource, str]] = {
    "no unit": ({"valueQuantity": {"value": 1}}, "no unit"),
    "implausible": ({"valueQuantity": {"value": 400, "code": "mg/dL"}}, "outside the plausible range"),
    "text": ({"valueQuantity": {"value": "1.0", "code": "mg/dL"}}, "text where a number belongs"),
    "no zone": ({"effectiveDateTime": "2026-03-02T08:00:00"}, "time without a zone"),
    "not a time": ({"effectiveDateTime": "last night"}, "not a date or time"),
    "focus": ({"focus": [{"reference": "Patient/child"}]}, "about something else than the patient"),
}


@pytest.mark.parametrize("name", UNTRUSTED)
def test_what_cannot_be_trusted_is_a_problem_and_decides_nothing(name: str) -> None:
    change, kind = UNTRUSTED[name]
    (document,) = _documents(bundle([{**CREATININE, **change}, finding("Fever", False, TIME)]), Request())
    assert [p["problem"].startswith(kind) for p in document["problems"] if p["item"] == "Observation/i0"] == [True]
    assert document["rule_sets"]["label"]["met"] == ()
    assert document["overall"]["decision"] == "indeterminate"


# The reader alone is tried with more, in `tests/reading/test_trust.py`.
WRONG: list[Any] = [None, True, -1.5, "x", [], {}]
SMALL = bundle(
    [
        measurement("SerumCreatinine", 4.6, "mg/dL", TIME),
        finding("Fever", True, TIME),
        {**condition("AtrialFibrillation", TIME), "clinicalStatus": {"coding": [{"code": "active"}]}},
        {"resourceType": "Procedure", "status": "completed", "subject": {"reference": "Patient/p1"},
         "code": concept("Dialysis"), "performedPeriod": {"start": TIME}},
        administration("Phenylephrine", TIME, "2026-03-02T09:00:00Z", 1.6),
        {"resourceType": "Encounter", "status": "finished", "class": {"code": "IMP"},
         "subject": {"reference": "Patient/p1"}, "period": {"start": TIME, "end": "2026-03-02T10:00:00Z"}},
    ]
)  # fmt: skip


def _documents(content: Any, request: Request) -> list[dict[str, Any]]:
    return assessed(load_engine(), content, request)


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
def test_a_wrong_type_anywhere_is_borne(wrong: Any) -> None:
    """Whatever stands in place of whatever, the record is assessed or refused, and the rest of it still counts."""
    request = Request(at=AFTER, by_exception=True, cross_check=False)
    assert _documents(SMALL, request)[0]["overall"]["decision"] == "contraindicated"
    found = 0
    for path in paths(SMALL):
        try:
            documents = _documents(replaced(SMALL, path, wrong), request)
        except RecordError:
            continue
        found += 1
        assert all(d["overall"]["decision"] != "administer" for d in documents), path
    assert found > 80


FORBIDDING: dict[str, Resource] = {
    "measurement": measurement("SerumCreatinine", 5, "mg/dL", instant(AT)),
    "finding": finding("Infection", True, instant(AT)),
    "condition": {**condition("Infection", instant(AT)), "verificationStatus": {"coding": [{"code": "confirmed"}]}},
    "infusion": administration("Phenylephrine", instant(AT - timedelta(hours=1)), instant(AT), 1.6),
}
_WHAT_IT_IS_ABOUT = {"resourceType", "code", "medicationCodeableConcept", "subject"}


@pytest.mark.filterwarnings("ignore:Generating overly large repr")
@pytest.mark.parametrize("name", FORBIDDING)
def test_a_wrong_type_in_what_forbids_a_dose_does_not_permit_it(name: str) -> None:
    """In a record that is otherwise clean; what the item is about must still be told, or it is about nothing."""
    clean = find(charted_clean(), lambda _: True)
    request = Request(at=microseconds(AT), cross_check=False)
    assert _documents(bundle(clean), request)[0]["overall"]["decision"] == "administer"
    forbidding = FORBIDDING[name]
    permitted = []
    for path in paths(forbidding):
        for wrong in WRONG:
            if path and path[0] not in _WHAT_IT_IS_ABOUT:
                (document,) = _documents(bundle([*clean, replaced(forbidding, path, wrong)]), request)
                if document["overall"]["decision"] == "administer":
                    permitted.append((path, wrong))
    assert permitted == []


@pytest.mark.parametrize("options", [["--at", "2026-03-02"], ["--at", "2026-03-02T08:00:00+02:00"]])
def test_an_instant_may_be_a_date_or_have_any_zone(options: list[str], tmp_path: Path) -> None:
    path = tmp_path / "good.json"
    path.write_text(json.dumps(GOOD), encoding="utf-8")
    assert CliRunner().invoke(main, ["assess", str(path), *options]).exit_code == 0
