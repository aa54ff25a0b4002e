"""How commands tell a person that something could not be used, and end."""

import sys
from typing import Final, NoReturn

import click

from il2kg.commands.terminal import without_steering

UNUSABLE: Final = 2
"""The exit code for input that cannot be used."""

_LONGEST: Final = 2000


def report(message: str) -> None:
    """One line on standard error about something that could not be used."""
    line = without_steering(" ".join(message.split()))
    click.echo(f"il2kg: {line if len(line) <= _LONGEST else line[:_LONGEST] + ' [...]'}", err=True)


def exit_unusable(message: str) -> NoReturn:
    """Report, and end the program with the exit code for unusable input."""
    report(message)
    sys.exit(UNUSABLE)
