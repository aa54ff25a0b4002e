"""What the README and the documentation show is what the program does."""

import re
import shlex
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from il2kg.ask.catalogue import load_questions
from il2kg.cli import main

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / "examples").glob("*.md"))]
TRANSCRIPT = re.compile(r"```console\n\$ il2kg ([^\n]+)\n(.*?)```", re.DOTALL)


def _transcripts() -> list[tuple[str, str, str]]:
    return [
        (page.name, command, shown)
        for page in PAGES
        for command, shown in TRANSCRIPT.findall(page.read_text(encoding="utf-8"))
    ]


def test_the_readme_shows_a_transcript() -> None:
    assert any(page == "README.md" and command.startswith("assess examples/") for page, command, _ in _transcripts())


@pytest.mark.parametrize(("page", "command", "shown"), _transcripts(), ids=lambda value: value[:40])
def test_a_transcript_is_real(page: str, command: str, shown: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("COLUMNS", "120")
    printed = CliRunner().invoke(main, shlex.split(command)).output
    pieces = [piece.strip("\n") for piece in shown.split("[...]\n")]
    assert all(piece in printed for piece in pieces)
    if len(pieces) == 1:
        assert shown.strip() == printed.strip()


def test_every_command_and_option_is_documented() -> None:
    text = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## il2kg (\S+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))
    context = click.Context(main)
    commands = {name: main.get_command(context, name) for name in main.list_commands(context)}
    assert set(sections) == set(commands)
    undocumented = {
        f"{name} {option}"
        for name, command in commands.items()
        if command is not None
        for parameter in command.params
        for option in parameter.opts
        if option.startswith("--") and option not in sections[name]
    }
    assert undocumented == set()


def test_the_readme_says_first_that_it_makes_no_decision() -> None:
    first = (ROOT / "README.md").read_text(encoding="utf-8").split("\n## ")[0]
    assert "supports decisions and makes none" in " ".join(first.split())


def test_the_readme_s_python_runs(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.chdir(ROOT)
    (program,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    exec(compile(program, "README.md", "exec"), {})
    printed = capsys.readouterr().out
    assert "stop-cycle ('label-creatinine',)" in printed
    assert "Text, Renal toxicity" in printed
    assert "low urine output" in printed


def test_every_question_is_listed() -> None:
    page = (ROOT / "docs" / "questions.md").read_text(encoding="utf-8")
    examples = {q.name: q.phrasings[0].replace("{", "*").replace("}", "*") for q in load_questions()}
    rows = [f"| `{q.name}` | {q.title} | {examples[q.name]} |" for q in load_questions()]
    assert [row for row in page.splitlines() if row.startswith("| `")] == rows
