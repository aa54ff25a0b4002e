"""The two folders, their engines, and the commands with them."""

from functools import cache
from pathlib import Path

from click.testing import CliRunner, Result

import il2kg
from il2kg.bulk import load_engine
from il2kg.cli import main
from il2kg.engine import Engine

ROOT = Path(il2kg.__file__).parent.parent
NAMES = ("potassium", "capecitabine")


def folder_of(name: str) -> Path:
    return ROOT / "guidelines" / name


@cache
def engine_of(name: str) -> Engine:
    return load_engine(guideline=folder_of(name))


def run(name: str, command: str, *arguments: str | Path) -> Result:
    """What a command prints with a guideline, on a terminal of a width that is everywhere the same."""
    words = [command, "--guideline", str(folder_of(name)), *map(str, arguments)]
    return CliRunner(env={"COLUMNS": "120"}).invoke(main, words)


def printed(name: str, command: str, *arguments: str | Path) -> str:
    """What a command that succeeds prints with a guideline."""
    result = run(name, command, *arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def examples(name: str) -> list[Path]:
    """The invented patients of a guideline."""
    return sorted((folder_of(name) / "examples").glob("*.json"))
