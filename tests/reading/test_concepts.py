"""Which concepts criteria name, and the tables of answers (semantics, section 7)."""

import shutil
from pathlib import Path

import pytest

from il2kg.errors import GuidelineError
from il2kg.guideline.coded_answers import Question, Said, read_answers
from il2kg.locations import content_root, vocabulary_folder
from il2kg.read.concepts import concerned
from tests.reading.records import guideline


def test_what_a_criterion_names_and_what_is_above_and_below_it_is_of_concern() -> None:
    named = concerned(guideline())
    for name in (
        *("SerumCreatinine", "UrineOutput", "BodyWeight", "StoolGuaiac", "PhenylephrineRate", "VasopressorRate"),
        *("Infection", "SepsisSyndrome", "CardiacToxicity", "CreatineKinaseMB", "EndotrachealIntubation"),
        *("Prednisone", "SystemicCorticosteroid", "Phenylephrine", "Vasopressor", "Aldesleukin", "Levothyroxine"),
    ):
        assert name in named, name
    assert named.isdisjoint({"SerumGlucose", "Vitiligo", "Acetaminophen", "Emollient"})
    assert named <= set(guideline().labels)


def _copied(tmp_path: Path) -> Path:
    for name in ("answers.tsv", "answers-snomed.tsv"):
        shutil.copy(vocabulary_folder(content_root()) / name, tmp_path)
    return tmp_path


def test_the_codes_of_snomed_ct_may_be_left_out(tmp_path: Path) -> None:
    root = _copied(tmp_path)
    assert read_answers(root)[Question.FINDING].coded("http://snomed.info/sct", "373066001") is Said.PRESENT
    (root / "answers-snomed.tsv").unlink()
    findings = read_answers(root)[Question.FINDING]
    assert findings.coded("http://snomed.info/sct", "373066001") is None
    assert (findings.coded("http://loinc.org", "LA32-8"), findings.written(" No ")) == (Said.ABSENT, Said.ABSENT)


@pytest.mark.parametrize("damage", ["question\tmeaning\nfinding\tperhaps\t\t\tmaybe\n", "other\tcolumns\n1\t2\n"])
def test_a_damaged_table_is_named(damage: str, tmp_path: Path) -> None:
    root = _copied(tmp_path)
    (root / "answers.tsv").write_text(damage, encoding="utf-8")
    with pytest.raises(GuidelineError, match=r"answers\.tsv: not a table of answers"):
        read_answers(root)


def test_a_missing_table_is_named(tmp_path: Path) -> None:
    with pytest.raises(GuidelineError, match=r"answers\.tsv"):
        read_answers(tmp_path)
