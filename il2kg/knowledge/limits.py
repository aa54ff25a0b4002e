"""How much time and memory a query may take."""

from typing import Final

from il2kg.errors import QueryError

SECONDS: Final = 10.0
"""How long a query may take, where nothing else is asked for."""

MEGABYTES: Final = 512.0
"""How much memory the process of a query may take, where nothing else is asked for."""

_MOST_SECONDS: Final = 86_400
_MOST_MEGABYTES: Final = 1_000_000


def check_timeout(seconds: float) -> None:
    """Refuse what is no length of time.

    Raises:
        QueryError: it is not above 0, or is more than a day.
    """
    if not 0 < seconds <= _MOST_SECONDS:
        raise QueryError(f"timeout: a number of seconds above 0 and at most {_MOST_SECONDS}, not {seconds:g}")


def check_memory(megabytes: float) -> None:
    """Refuse what is no amount of memory.

    Raises:
        QueryError: it is not above 0, or is more than a terabyte.
    """
    if not 0 < megabytes <= _MOST_MEGABYTES:
        raise QueryError(f"memory: a number of MB above 0 and at most {_MOST_MEGABYTES}, not {megabytes:g}")


def too_slow(seconds: float) -> QueryError:
    """The error of a query that takes too long."""
    return QueryError(f"stopped after {seconds:g} s; ask for less, or allow more with --timeout")


def too_large(megabytes: float) -> QueryError:
    """The error of a query that takes too much memory."""
    return QueryError(f"takes more than {megabytes:g} MB of memory; ask for less, or allow more with --memory")
