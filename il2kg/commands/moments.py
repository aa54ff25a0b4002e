"""Options that say when: the instant to assess, what was given to judge, and the zone of times without one."""

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


zone_option = click.option(
    "--zone",
    type=_Zone(),
    metavar="IANA",
    help="The zone of times without one, such as America/Chicago; times are shown in it, too.",
)


def instant_options(command: _Command) -> _Command:
    """The options ``--at`` and ``--given``; both together are refused."""
    for option in (
        click.option(
            "--given",
            metavar="INSTANT",
            help="Judge what was given at this instant, as if it had not been yet.",
        ),
        click.option(
            "--at", metavar="INSTANT", help="The instant to assess; by default the latest time in the record."
        ),
    ):
        command = option(command)
    return command


def instants(at: str | None, given: str | None, zone: str | None) -> tuple[int | None, int | None]:
    """The instants that ``--at`` and ``--given`` mean; a clock time without a zone is one of the zone that is given.

    Raises:
        UsageError: one cannot be read, or both are given.
    """
    if at is not None and given is not None:
        raise click.UsageError("--at and --given both say which instant is meant; give one of them")
    return _instant(at, zone, "--at"), _instant(given, zone, "--given")


def _instant(text: str | None, zone: str | None, option: str) -> int | None:
    from il2kg.read.times import read_moment, read_zone

    if text is None:
        return None
    moment = read_moment(text, zone=None if zone is None else read_zone(zone))
    if moment.time is None or moment.problem is not None:
        raise click.BadParameter(f"{text!r}: {moment.problem}; write it like 2026-03-03T16:00:00Z", param_hint=option)
    return moment.time
