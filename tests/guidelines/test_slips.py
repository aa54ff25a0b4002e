"""A slip in a guideline of one's own is said with the term and what to do, and nothing is compiled."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from il2kg.cli import main
from tests.guidelines.folders import folder_of

SLIPS = {
    "a decision that lets go ahead above one that does not": (
        "capecitabine",
        "decisions.ttl",
        'skos:notation "hold" ; il2:rank 4 ;',
        'skos:notation "hold" ; il2:rank 4 ; il2:letsGoAhead true ;',
        "capecitabine:decision-hold has il2:letsGoAhead true and capecitabine:decision-days-off, which is milder, has",
    ),
    "a unit that is none": (
        "potassium",
        "observables.ttl",
        'il2:unit "ms"',
        'il2:unit "millis"',
        "potassium:CorrectedQtInterval: 'millis' is no unit of UCUM",
    ),
    "a number in words that the structure does not hold": (
        "potassium",
        "criteria.ttl",
        "Potassium below 3.5 mmol/L: replace first",
        "Potassium below 3.6 mmol/L: replace first",
        "potassium:potassium-replace: its label says 'below 3.6 mmol/L'",
    ),
    "a number of events in words": (
        "capecitabine",
        "criteria/schedule.ttl",
        "Capecitabine is taken on 14 days of a cycle",
        "Capecitabine is taken on 14 days of a cycle, in two intakes",
        "capecitabine:schedule-days: its label says 'two intakes'",
    ),
    "a name of the vocabulary's": (
        "potassium",
        "rule-sets.ttl",
        "potassium:heart a il2:RuleSet",
        "potassium:toxicity a il2:RuleSet",
        "potassium:toxicity and il2:toxicity have one name",
    ),
    "an effect that leads nowhere": (
        "capecitabine",
        "criteria/several.ttl",
        "il2:effect capecitabine:severe",
        "il2:effect capecitabine:sever",
        "capecitabine:sever is no il2:Effect of the ontology; the nearest is capecitabine:severe",
    ),
}


@pytest.mark.parametrize(("name", "file", "old", "new", "said"), SLIPS.values(), ids=list(SLIPS))
def test_a_slip_is_said(name: str, file: str, old: str, new: str, said: str, tmp_path: Path) -> None:
    folder = shutil.copytree(folder_of(name), tmp_path / name)
    text = (folder / file).read_text(encoding="utf-8")
    assert text.count(old) == 1
    # Where a unit is changed, the limits in it are changed, too: the slip is one.
    for path in folder.rglob("*.ttl"):
        if path == folder / file or (old.startswith("il2:unit") and path.name == "criteria.ttl"):
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    before = {path: path.read_bytes() for path in (folder / "shapes").rglob("*.ttl")}
    result = CliRunner().invoke(main, ["build", "--guideline", str(folder)])
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())
    assert {path: path.read_bytes() for path in (folder / "shapes").rglob("*.ttl")} == before
