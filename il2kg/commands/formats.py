"""The option by which commands on records are told the format of files."""

import click

from il2kg.rdf.formats import format_named
from il2kg.read.sources.forms import Form


class _Format(click.ParamType[Form]):
    name = "format"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Form:
        if str(value).lower() in (Form.FHIR_JSON.value, "json"):
            return Form.FHIR_JSON
        form = format_named(str(value))
        if form is None:
            self.fail(f"{value!r} is none of {', '.join(Form)}", param, ctx)
        return Form(form.value)


input_format_option = click.option(
    "--input-format",
    type=_Format(),
    metavar="FORMAT",
    help=f"The format of the files, of {', '.join(Form)}; by default what their names say or what they look like.",
)
