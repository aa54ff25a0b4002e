"""The command line: finds the command and loads it, and sees that whatever it prints can be printed.

Exit codes: 0 done; 1 (validate, build --check) the answer is no; 2 input that cannot be used.
"""

import sys
from dataclasses import dataclass
from errno import EPIPE
from importlib import import_module
from typing import Any, Final

import click

from il2kg.commands.reporting import exit_unusable
from il2kg.commands.terminal import prepare_output


@dataclass(frozen=True, slots=True)
class _Command:
    """The module of a command, and what help says of it without loading it."""

    module: str
    help: str


# In the order in which help lists them.
_COMMANDS: Final = {
    "assess": _Command("records", "Assess patients' records."),
    "snapshot": _Command("records", "Print the derived values of a record as Turtle."),
    "validate": _Command("validate", "Say what is wrong with a record, item by item."),
    "coverage": _Command("coverage", "Say which codings of records were recognised, and as what."),
    "convert": _Command("convert", "Write a record as RDF (the patient graph) or as FHIR JSON."),
    "ask": _Command("questions", "Ask the guideline in words, such as: what manages oliguria."),
    "questions": _Command("questions", "List what can be asked."),
    "query": _Command("query", "Run SPARQL over the whole graph."),
    "criteria": _Command("ontology", "List the criteria with their limits and sources."),
    "build": _Command("ontology", "Compile the ontology."),
    "export": _Command("ontology", "Write the whole graph to standard output."),
}


class _Commands(click.Group):
    """A group whose commands are imported when they are asked for."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run a command; what cannot be written is said, as what cannot be read is."""
        if sys.stdout is None:
            exit_unusable("standard output is closed")
        prepare_output()
        try:
            try:
                return super().main(*args, **kwargs)
            finally:
                sys.stdout.flush()
        except UnicodeEncodeError as error:
            exit_unusable(f"{str(error.object)!r}: not UTF-8; write it in UTF-8, or rename the file")
        except OSError as error:
            # Python would try to write it once more, at the end.
            sys.stdout = None
            if error.errno == EPIPE:
                sys.exit(1)
            exit_unusable(f"{error.filename or 'standard output'}: {error.strerror}")

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in _COMMANDS:
            return None
        command = getattr(import_module(f"il2kg.commands.{_COMMANDS[cmd_name].module}"), cmd_name)
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without loading any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, command.help) for name, command in _COMMANDS.items()])


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="il2kg")
def main() -> None:
    """What a guideline, by default that for high-dose interleukin-2, says of the next dose, and of all else.

    It supports decisions and makes none.
    """
