"""Times as people read them, on the clock of one place."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

_EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True)
class Clock:
    """Tells times (microseconds since the epoch) in a zone, or in UTC; each says how far from UTC it is."""

    zone: str | None = None

    def moment(self, time: int) -> str:
        """A date and time, to the minute unless there is more, as in ``2026-03-03 07:00 -05:00``."""
        utc = _EPOCH + timedelta(microseconds=time)
        if self.zone is None:
            return f"{_to_the_minute(utc)} UTC"
        try:
            local = utc.astimezone(ZoneInfo(self.zone))
        except OverflowError:  # the first and last hours of the calendar
            return f"{_to_the_minute(utc)} UTC"
        return f"{_to_the_minute(local)} {local.isoformat()[-len('+00:00') :]}"


def _to_the_minute(moment: datetime) -> str:
    text = moment.replace(tzinfo=None).isoformat(" ")
    return text.removesuffix(":00")
