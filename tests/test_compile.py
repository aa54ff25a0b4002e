"""Compiling: byte-stable, complete, and never stale without an error that says what to do."""

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from il2kg import cli
from il2kg.bulk import load_engine
from il2kg.compile.build import compile_all, current_shapes
from il2kg.compile.shapes import compile_shapes
from il2kg.engine import Engine
from il2kg.errors import GuidelineError, StaleShapesError
from il2kg.guideline import folder
from il2kg.knowledge.results import run
from il2kg.knowledge.store import load_graph
from il2kg.loading import load_guideline
from il2kg.locations import GUIDELINE_VARIABLE, content_root
from tests.bundles import assessed, bundle, measurement
from tests.folders import OWN, folder_of


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the ontology and shapes that a test may edit."""
    for part in ("ontology", "shapes"):
        shutil.copytree(content_root() / part, tmp_path / part)
    return tmp_path


def _edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) >= 1
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_what_is_checked_in_is_what_the_ontology_says() -> None:
    assert compile_all(load_engine().guideline).stale() == []


def test_compiling_again_gives_the_same_bytes() -> None:
    first, second = (compile_shapes(load_guideline(OWN)) for _ in range(2))
    assert first == second


def test_every_criterion_has_its_shapes() -> None:
    guideline = load_engine().guideline
    wanted = {f"{c.id}-{form}" for c in guideline.criteria for form in ("met", "possible")}
    wanted |= {f"{c.id}-held" for c in guideline.criteria if c.remembers}
    silent = {r.id for r in guideline.rule_sets if r.silence_bears_on is not None}
    wanted |= {f"{c.id}-in-doubt" for c in guideline.criteria if c.rule_set in silent}
    escalations = {r.id: r.escalation for r in guideline.rule_sets if r.escalation is not None}
    wanted |= {f"{name}-ended-{escalation.stays_for}" for name, escalation in escalations.items()}
    text = "".join(compile_shapes(guideline).values())
    assert {line.split()[0].removeprefix("shape:") for line in text.splitlines() if line.startswith("shape:")} == wanted


def test_an_edit_is_stale_until_it_is_built(root: Path) -> None:
    _edit(root / "ontology/guideline/label.ttl", "il2:above 4.5", "il2:above 4.4")
    with pytest.raises(StaleShapesError, match=r"shapes/criteria/label\.ttl: .* run `il2kg build`"):
        Engine.load(folder_of(root))
    _edit(root / "ontology/guideline/label.ttl", "above 4.5 mg/dL", "above 4.4 mg/dL")
    compiled = compile_all(load_guideline(folder_of(root)))
    words = Path("ontology/compiled/criteria-in-words.ttl")
    assert compiled.write() == [words, Path("shapes/criteria/label.ttl")]
    engine = Engine.load(folder_of(root))
    creatinine = [measurement("SerumCreatinine", 4.5, "mg/dL", "2026-03-02T08:00:00Z")]
    (after,), (before,) = (assessed(e, bundle(creatinine)) for e in (engine, load_engine()))
    assert after["rule_sets"]["label"]["met"] == ("label-creatinine",)
    assert before["rule_sets"]["label"]["met"] == ()


def test_a_shapes_file_edited_by_hand_is_stale(root: Path) -> None:
    _edit(root / "shapes/criteria/upci.ttl", "sh:minInclusive 120.0", "sh:minInclusive 130.0")
    with pytest.raises(StaleShapesError, match="upci"):
        current_shapes(load_guideline(folder_of(root)))


def test_a_surplus_file_is_stale(root: Path) -> None:
    (root / "shapes/criteria/other.ttl").write_text("", encoding="utf-8")
    with pytest.raises(StaleShapesError, match="other"):
        current_shapes(load_guideline(folder_of(root)))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("il2:above 4.5", "il2:above [ 4.5", "not Turtle"),
        ("il2:effect il2:withhold", "il2:effect il2:postpone", "il2:postpone is no il2:Effect of the ontology"),
        ('il2:above 4.5 ; il2:unit "mg/dL"', 'il2:above 4.5 ; il2:unit "umol/L"', "the limit is in 'umol/L'"),
        ("il2:above 4.5 ;", "", "needs a limit"),
        ("il2:above 4.5 ;", 'il2:above "high" ;', "must be a number"),
        ("[ il2:present il2:Acidosis ]", "[ il2:present il2:Acidity ]", "is no finding"),
        (
            "il2:source il2:table-2-urogenital-row-1",
            "il2:source il2:table-9",
            "il2:table-9 is no il2:SourcePlace of the ontology",
        ),
        (
            "il2:source il2:table-2-urogenital-row-1",
            'il2:source "Table 2"',
            'il2:source: "Table 2" is no il2:SourcePlace of the ontology',
        ),
        ("[ il2:present il2:Acidosis ]", "[ il2:present il2:Acidosis ; il2:hours 2 ]", "does not go with hours"),
    ],
)
def test_a_slip_of_the_author_is_an_error_that_names_it(root: Path, old: str, new: str, message: str) -> None:
    _edit(root / "ontology/guideline/label.ttl", old, new)
    with pytest.raises(GuidelineError, match=message):
        load_guideline(folder_of(root))


def test_build_check_says_what_is_stale(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folder, "content_root", lambda: root)
    monkeypatch.setenv(GUIDELINE_VARIABLE, str(root / "ontology"))
    assert CliRunner().invoke(cli.main, ["build", "--check"]).exit_code == 0
    _edit(root / "ontology/guideline/upci.ttl", "il2:atLeast 120", "il2:atLeast 121")
    _edit(root / "ontology/guideline/upci.ttl", "120 to 130", "121 to 130")
    stale = CliRunner().invoke(cli.main, ["build", "--check"])
    files = ["ontology/compiled/criteria-in-words.ttl", "shapes/criteria/upci.ttl"]
    said = "".join(f"il2kg: {name} is stale; run `il2kg build`\n" for name in files)
    assert (stale.exit_code, stale.stderr) == (1, said)
    built = CliRunner().invoke(cli.main, ["build"])
    assert built.stdout.splitlines()[:2] == [f"wrote {name}" for name in files]
    assert CliRunner().invoke(cli.main, ["build", "--check"]).exit_code == 0


def test_an_edit_is_heard_by_those_who_ask_before_it_is_built(root: Path) -> None:
    """The words of the criteria are compiled; a limit that was changed since is asked of the ontology itself."""
    _edit(root / "ontology/guideline/label.ttl", "il2:above 4.5", "il2:above 4.4")
    query = "SELECT ?words { il2:label-creatinine il2:conditionInWords ?words }"
    said = {each.path: run(load_graph(each), query, timeout=10) for each in (OWN, folder_of(root))}
    assert [str(answers).count("4.4 mg/dL") for answers in said.values()] == [0, 1]
    assert [str(answers).count("4.5 mg/dL") for answers in said.values()] == [1, 0]
