"""Lengths of time, and numbers, as people write them."""

from decimal import Decimal
from typing import Final

from il2kg.guideline.plain_units import plain_unit

HOURS_PER_DAY: Final = 24
_SAID_IN_HOURS: Final = 3  # days; people say 72 h


def plain_number(number: Decimal) -> str:
    """A number as people write it: no exponent, no superfluous zeros."""
    return f"{number.normalize():f}"


def plain_time(hours: Decimal) -> str:
    """A length of time in hours, or in days where it is several whole days."""
    days = hours / HOURS_PER_DAY
    return f"{plain_number(days)} days" if days == int(days) and days > _SAID_IN_HOURS else f"{plain_number(hours)} h"


def key_of(hours: Decimal) -> str:
    """A length of time as it stands in keys."""
    return f"{plain_number(hours)}h"


def plain_amount(number: Decimal, unit: str) -> str:
    """A number with its unit (UCUM)."""
    text = plain_unit(unit)
    return f"{plain_number(number)}{'' if text in ('', '%') or text.startswith('/') else ' '}{text}"
