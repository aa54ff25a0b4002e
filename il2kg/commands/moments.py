"""Options that say when: the instant to assess, the dose to judge, and the zone of times without one."""

from collections.abc import Callable
from typing import Final, TypeVar

import click

_NEAREST: Final = 3
_Command = TypeVar("_Command", bound=Callable[..., object])


class _Zone(click.ParamType[str]):
    name = "zone"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        from zoneinfo import available_timezones

        known = available_timezones()
        if str(value) not in known:
            near = _nearest(str(value), known)
            offer = f"; did you mean {' or '.join(near)}?" if near else ", such as Europe/Vienna"
            self.fail(f"{value!r} is no IANA time zone{offer}", param, ctx)
        return str(value)


def _nearest(name: str, known: set[str]) -> list[str]:
    """The zones whose names are most like a name: those that hold it, then those spelt much the same."""
    from difflib import get_close_matches

    wanted = name.strip().replace(" ", "_").casefold()
    spelt = {zone.casefold(): zone for zone in sorted(known)}
    holding = [zone for zone in spelt if wanted and wanted in zone]
    near = [*holding, *get_close_matches(wanted, spelt)]
    return [spelt[zone] for zone in dict.fromkeys(near)][:_NEAREST]


class _Instant(click.ParamType[int]):
    """An instant; a clock time without a zone is one of the zone that was given."""

    name = "instant"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        from il2kg.read.times import read_moment, read_zone

        if isinstance(value, int):
            return value
        zone = None if ctx is None else ctx.params.get("zone")
        moment = read_moment(str(value), zone=None if zone is None else read_zone(zone))
        if moment.time is None or moment.problem is not None:
            self.fail(f"{value!r}: {moment.problem}; write it like 2026-03-03T16:00:00Z", param, ctx)
        return moment.time


zone_option = click.option(
    "--zone",
    type=_Zone(),
    is_eager=True,
    metavar="IANA",
    help="The zone of times without one, such as America/Chicago; times are shown in it, too.",
)


def instant_options(command: _Command) -> _Command:
    """The options ``--at`` and ``--given``; both together are refused."""
    for option in (
        click.option(
            "--given",
            type=_Instant(),
            help="Judge the dose that was given at this instant, in place of --at.",
        ),
        click.option("--at", type=_Instant(), help="The instant to assess; by default the latest time in the record."),
    ):
        command = option(command)
    return command


def one_instant(at: int | None, given: int | None) -> None:
    """Refuse two instants.

    Raises:
        UsageError: both are given.
    """
    if at is not None and given is not None:
        raise click.UsageError("--at and --given both say which instant is meant; give one of them")
