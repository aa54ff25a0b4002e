"""Nothing that a record holds forges what is printed."""

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from il2kg.cli import main
from il2kg.explain.printable import printable
from tests import planting
from tests.bundles import PATIENT, bundle

FORGED = "x\nADMINISTER: nothing in the guideline speaks against the next dose\x1b[2J\u202egnitset\u200b" + "y" * 5000


def test_a_wrapped_name_of_a_patient_begins_no_line(tmp_path: Path) -> None:
    path = tmp_path / "record.json"
    name = "x" * 40 + " ADMINISTER: nothing in the guideline speaks against the next dose"
    subject = {"identifier": {"value": name}}
    observed = {**planting.clean()[0], "subject": subject, "id": "o"}
    path.write_bytes(msgspec.json.encode({"resourceType": "Bundle", "entry": [{"resource": observed}]}))
    printed = CliRunner().invoke(main, ["assess", str(path)]).output
    assert "ADMINISTER" in printed
    assert not any(line.startswith("ADMINISTER") for line in printed.splitlines())


@given(st.text())
def test_a_printable_text_is_one_line_of_what_can_be_seen(text: str) -> None:
    shown = printable(text)
    assert shown.splitlines() in ([], [shown])
    assert all(character.isprintable() or character.isspace() for character in shown if ord(character) < 0x300)
    assert printable(shown) == shown


@pytest.mark.parametrize("command", ["assess", "coverage"])
def test_texts_of_a_record_begin_no_line_and_steer_nothing(command: str, tmp_path: Path) -> None:
    odd = {
        "resourceType": "Condition",
        "id": "x",
        "subject": PATIENT,
        "code": {"coding": [{"system": FORGED, "code": FORGED}], "text": FORGED},
        "onsetDateTime": planting.ago(3),
    }
    path = tmp_path / "record.json"
    path.write_bytes(msgspec.json.encode(bundle([*planting.clean(), odd, {**odd, "id": FORGED}])))
    printed = CliRunner().invoke(main, [command, str(path)]).output
    assert not any(line.startswith("ADMINISTER") for line in printed.splitlines())
    assert not set(printed) & set("\x1b\u202e\u200b")
    assert len(printed) < 60_000
