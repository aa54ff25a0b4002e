"""How commands tell a person that something could not be used, and end."""

import sys
from typing import Final, NoReturn

import click

UNUSABLE: Final = 2
"""The exit code for input that cannot be used."""


def report(message: str) -> None:
    """One line on standard error about something that could not be used."""
    click.echo(f"il2kg: {' '.join(message.split())}", err=True)


def exit_unusable(message: str) -> NoReturn:
    """Report, and end the program with the exit code for unusable input."""
    report(message)
    sys.exit(UNUSABLE)
