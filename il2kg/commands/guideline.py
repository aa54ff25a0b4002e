"""The option by which every command is told the guideline."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from il2kg.commands.reporting import exit_unusable
from il2kg.locations import GUIDELINE_VARIABLE

if TYPE_CHECKING:
    from il2kg.guideline.folder import GuidelineFolder

guideline_option = click.option(
    "--guideline",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help=f"The folder of the guideline; by default that of {GUIDELINE_VARIABLE}, or the one for interleukin-2.",
)


def usable_folder(guideline: Path | None) -> "GuidelineFolder":
    """The folder of a guideline; ends the program if it is none."""
    from il2kg.errors import GuidelineError
    from il2kg.guideline.folder import GuidelineFolder

    try:
        return GuidelineFolder.chosen(guideline)
    except GuidelineError as error:
        exit_unusable(str(error))
