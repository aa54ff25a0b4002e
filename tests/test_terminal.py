"""Whatever is printed can be printed, wherever it goes; what cannot be written is said."""

import io
import json
import os
import pty
import subprocess
import sys
from collections import Counter
from pathlib import Path

import click
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from il2kg.cli import main
from il2kg.commands.reporting import report
from il2kg.commands.terminal import _STEERING, shown

ROOT = Path(__file__).parent.parent
ASCII = {"PYTHONIOENCODING": "ascii"}
BARE = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}
COMMANDS = [
    ["--help"],
    ["query", "--help"],
    ["questions"],
    ["criteria"],
    ["ask", "what manages oliguria"],
    ["ask", "what is CLS", "--format", "csv"],
    ["assess", "examples/clean.json"],
    ["assess", "examples/clean.json", "--format", "json"],
    ["snapshot", "examples/clean.json"],
    ["export"],
    ["build", "--check"],
]
ODD = "SELECT ('5 \u00b5g \u2265 na\u00efve \u65e5 \\u001b[31m\\u202e\U0001f600' AS ?x) {}"
SHOWN = {
    "ascii": "5 ug >= naive \\u65e5 \\x1b[31m\\u202e\\U0001f600",
    "latin-1": "5 \u00b5g >= na\u00efve \\u65e5 \\x1b[31m\\u202e\\U0001f600",
    "utf-8": "5 \u00b5g \u2265 na\u00efve \u65e5 \\x1b[31m\\u202e\U0001f600",
}


def _process(arguments: list[str], environment: dict[str, str], output: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(
        [sys.executable, "-m", "il2kg", *arguments],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=output,
        stderr=subprocess.PIPE,
    )


def to_pipe(arguments: list[str], environment: dict[str, str]) -> tuple[int, bytes, bytes]:
    with _process(arguments, environment, subprocess.PIPE) as process:
        out, error = process.communicate()
    return process.returncode, out, error


def to_terminal(arguments: list[str], environment: dict[str, str]) -> tuple[int, bytes, bytes]:
    ours, theirs = pty.openpty()
    with _process(arguments, environment, theirs) as process:
        os.close(theirs)
        written = b""
        # Reading fails when all has been read and nobody has the other end.
        try:
            while portion := os.read(ours, 65536):
                written += portion
        except OSError:
            os.close(ours)
        _, error = process.communicate()
    return process.returncode, written.replace(b"\r\n", b"\n"), error


# A graph is written in UTF-8, as its formats say, and a build that is current says nothing.
@pytest.mark.parametrize("arguments", [c for c in COMMANDS if c != ["export"]], ids=" ".join)
def test_every_command_prints_to_a_terminal_of_ascii(arguments: list[str]) -> None:
    code, out, error = to_terminal(arguments, ASCII)
    assert (code, error) == (0, b"")
    assert out.isascii()


@pytest.mark.parametrize("environment", [ASCII, BARE], ids=["ascii", "no locale"])
def test_a_pipe_gets_utf_8_in_any_locale(environment: dict[str, str], tmp_path: Path) -> None:
    path = tmp_path / "odd.rq"
    path.write_text(ODD, encoding="utf-8")
    code, out, error = to_pipe(["query", str(path), "--format", "json"], environment)
    assert (code, error) == (0, b"")
    assert json.loads(out.decode())["answers"] == [{"x": "5 \u00b5g \u2265 na\u00efve \u65e5 \x1b[31m\u202e\U0001f600"}]
    code, out, error = to_pipe(["query", str(path)], environment)
    assert (code, error) == (0, b"")
    assert "5 \u00b5g \u2265 na\u00efve \u65e5" in out.decode()


@pytest.mark.parametrize("encoding", SHOWN)
@pytest.mark.parametrize("form", ["table", "csv"])
def test_a_terminal_gets_what_it_can_show_and_nothing_that_steers_it(encoding: str, form: str, tmp_path: Path) -> None:
    path = tmp_path / "odd.rq"
    path.write_text(ODD, encoding="utf-8")
    code, out, error = to_terminal(["query", str(path), "--format", form], {"PYTHONIOENCODING": encoding})
    assert (code, error) == (0, b"")
    assert SHOWN[encoding] in out.decode(encoding)


@given(st.text(), st.sampled_from(["ascii", "latin-1", "cp437", "koi8-r", "utf-8"]))
def test_any_text_can_be_shown(text: str, encoding: str) -> None:
    found = shown(text, encoding)
    assert found.encode(encoding).decode(encoding) == found
    assert not _STEERING.search(found)
    assert found.count("\n") == text.count("\n")
    if text.isascii() and text.isprintable():
        assert found == text


@given(st.text(st.characters(), max_size=4000))
def test_a_report_is_one_line_that_steers_nothing(text: str) -> None:
    command = click.Command("say", callback=lambda: report(text))
    result = CliRunner().invoke(command, catch_exceptions=False)
    assert result.stderr.count("\n") == 1
    assert len(result.stderr) < 2100
    assert not _STEERING.search(result.stderr)


ARGUMENTS = {
    "ten thousand words": ["ask", *["the"] * 10_000],
    "one long word": ["ask", "what manages " + "a" * 100_000],
    "control characters": ["ask", "what manages \x1b[31moliguria\x07 or not"],
    "half a character": ["ask", "what manages \udcff"],
    "no words": ["ask", ""],
    "an odd binding": ["query", "manages", "--bind", "finding=\udcff\x1b"],
    "a long binding": ["query", "manages", "--bind", "finding=" + "y" * 100_000],
    "a file of an odd name": ["query", "/nowhere/\udcff\x1b[31m"],
    "a record of an odd name": ["assess", "/nowhere/\udcff\x1b[31m"],
    "a rule set of an odd name": ["criteria", "--rules", "\udcff\x1b[31m"],
    "an odd instant": ["assess", "examples/clean.json", "--at", "\udcff"],
    "an odd form": ["export", "--format", "\udcff"],
    "an odd command": ["\udcff"],
    "a thousand options": ["ask", *["--format"] * 1000],
}


@pytest.mark.parametrize("name", ARGUMENTS)
def test_odd_arguments_are_said_and_not_traced(name: str) -> None:
    code, out, error = to_pipe(ARGUMENTS[name], {})
    assert (code, out) == (2, b"")
    assert error
    assert b"Traceback" not in error
    assert len(error) < 3000


@pytest.mark.parametrize("arguments", [c for c in COMMANDS if c != ["build", "--check"]], ids=" ".join)
def test_what_cannot_be_written_is_said(arguments: list[str]) -> None:
    with Path("/dev/full").open("wb") as full, _process(arguments, {}, full.fileno()) as process:
        _, error = process.communicate()
    assert (process.returncode, error) == (2, b"il2kg: standard output: No space left on device\n")


def test_a_closed_output_is_said() -> None:
    command = f'"{sys.executable}" -m il2kg questions >&-'
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (2, b"il2kg: standard output is closed\n")


def test_a_reader_that_leaves_is_no_matter() -> None:
    ours, theirs = os.pipe()
    os.close(ours)
    with _process(["questions"], {}, theirs) as process:
        os.close(theirs)
        _, error = process.communicate()
    assert (process.returncode, error) == (1, b"")


@pytest.mark.parametrize("command", ["", *main.list_commands(click.Context(main))])
def test_help_loads_no_library_and_little_of_the_product(command: str) -> None:
    program = (
        "import sys; known = set(sys.modules); from il2kg.cli import main; main(sys.argv[1:], standalone_mode=False); "
        "print(*sorted(set(sys.modules) - known), file=sys.stderr)"
    )
    arguments = [sys.executable, "-c", program, *command.split(), "--help"]
    loaded = subprocess.run(arguments, capture_output=True, text=True, check=True).stderr.split()
    of_whom = Counter(name.partition(".")[0] for name in loaded)
    assert of_whom.keys() - sys.stdlib_module_names == {"il2kg", "click"}
    assert of_whom["il2kg"] <= (22 if command else 5), loaded


def test_help_lists_the_commands() -> None:
    done = subprocess.run([sys.executable, "-m", "il2kg", "--help"], capture_output=True, text=True, check=True)
    context = click.Context(main)
    said = dict(line.split(maxsplit=1) for line in done.stdout.split("Commands:\n")[1].splitlines())
    assert list(said) == main.list_commands(context)
    for name, text in said.items():
        command = main.get_command(context, name)
        assert command is not None
        assert command.help is not None
        assert " ".join(command.help.split()).startswith(text.rstrip("."))


def test_output_that_is_no_file_is_left_as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    main(["--help"], standalone_mode=False)
    assert "Commands:" in stream.getvalue()
