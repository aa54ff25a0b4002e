"""Numbers for demonstration are marked wherever a reader meets them, and the pages show what the program does."""

import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from il2kg.cli import main
from il2kg.guideline.folder import GuidelineFolder
from tests.guidelines.folders import NAMES, ROOT, engine_of, examples, folder_of, printed
from tests.test_readme import TRANSCRIPT

PAGES = sorted((ROOT / "guidelines").rglob("*.md"))
TRANSCRIPTS = [
    (str(page.relative_to(ROOT)), command, shown)
    for page in PAGES
    for command, shown in TRANSCRIPT.findall(page.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("name", NAMES)
def test_the_readme_says_so_in_its_first_lines(name: str) -> None:
    title, _, first, *_ = (folder_of(name) / "README.md").read_text(encoding="utf-8").splitlines()
    assert "for demonstration, not to be followed" in title
    assert first.startswith("**")


@pytest.mark.parametrize("name", NAMES)
def test_title_and_description_say_so(name: str) -> None:
    assert "for demonstration" in GuidelineFolder.open(folder_of(name)).title
    assert "nobody is to be treated by it" in (folder_of(name) / "guideline.ttl").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", NAMES)
def test_every_headline_says_so(name: str) -> None:
    decisions = engine_of(name).guideline.decisions
    assert [
        each.id for each in (*decisions.in_order, decisions.undecided) if "for demonstration" not in each.headline
    ] == []


def test_every_source_of_a_made_up_number_says_so() -> None:
    guideline = engine_of("potassium").guideline
    sources = [each.source for each in (*guideline.criteria, *guideline.interventions)]
    assert [source for source in sources if not source.startswith("Made-up table ")] == []
    several = [c.source for c in engine_of("capecitabine").guideline.criteria if c.rule_set == "several"]
    assert set(several) == {"Made up for demonstration"}


def test_the_source_of_the_protocol_is_named() -> None:
    printed_text = printed("capecitabine", "assess", examples("capecitabine")[0].with_name("lower-level.json"))
    assert "Mihaljevic 2009, Table 3, grade 3, 1st occurrence" in " ".join(printed_text.split())


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("command", ["assess", "ask", "criteria"])
def test_the_readme_has_a_transcript_of(name: str, command: str) -> None:
    assert any(page == f"guidelines/{name}/README.md" and run.startswith(command) for page, run, _ in TRANSCRIPTS)


@pytest.mark.parametrize(("page", "command", "shown"), TRANSCRIPTS, ids=lambda value: value[:60])
def test_a_transcript_is_real(page: str, command: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "120")
    assert CliRunner().invoke(main, shlex.split(command)).output.strip() == shown.strip()


def test_the_page_on_writing_one_shows_what_is_in_the_files() -> None:
    page = (ROOT / "docs" / "guidelines.md").read_text(encoding="utf-8").split("\n## The folder in full\n")[0]
    files = [path.read_text(encoding="utf-8") for path in _text_files(ROOT / "guidelines")]
    pieces = re.findall(r"```(?:turtle|toml)\n(.*?)```", page, re.DOTALL)
    assert len(pieces) > 10
    assert [piece for piece in pieces if not any(piece.strip("\n") in text for text in files)] == []


def _text_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.suffix in (".ttl", ".toml", ".rq")]
