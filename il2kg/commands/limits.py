"""The options that limit a query."""

import click

from il2kg.knowledge.limits import MEGABYTES, SECONDS

timeout_option = click.option(
    "--timeout", type=float, default=SECONDS, show_default=True, help="How long the query may take, in seconds."
)

memory_option = click.option(
    "--memory",
    type=float,
    default=MEGABYTES,
    show_default=True,
    help="How much memory the query may take, in MB; where the system can limit that (Linux).",
)
