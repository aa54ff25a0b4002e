"""The command line: finds the command and loads it, and nothing else.

Exit codes: 0 done; 1 (validate, build --check) the answer is no; 2 input that cannot be used.
"""

from importlib import import_module
from typing import Final

import click

# The module of each command, in the order in which help lists them.
_COMMANDS: Final = {
    "assess": "records",
    "snapshot": "records",
    "validate": "records",
    "coverage": "coverage",
    "ask": "questions",
    "questions": "questions",
    "query": "query",
    "criteria": "ontology",
    "build": "ontology",
    "export": "ontology",
}


class _Commands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"il2kg.commands.{_COMMANDS[cmd_name]}"), cmd_name)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="il2kg")
def main() -> None:
    """What the guideline for high-dose interleukin-2 says of the next dose, and of all else.

    It supports decisions and makes none.
    """
