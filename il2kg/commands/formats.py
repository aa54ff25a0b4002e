"""The option by which commands on records are told the format of files."""

import click

from il2kg.read.sources.forms import Form, form_named


class _Format(click.ParamType[Form]):
    name = "format"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Form:
        try:
            return form_named(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


input_format_option = click.option(
    "--input-format",
    type=_Format(),
    metavar="FORMAT",
    help=f"The format of the files, of {', '.join(Form)}; by default what their names say or what they look like.",
)
