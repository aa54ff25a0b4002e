"""Every place of a JSON value, and what may wrongly stand there."""

from collections.abc import Iterator
from typing import Any

WRONG = [
    None,
    True,
    0,
    -1,
    10**25,
    1.5,
    "",
    " ",
    "text",
    [],
    {},
    [None],
    [[]],
    {"a": 1},
    [{"coding": 5}],
    {"coding": {}},
]


def paths(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The places of a JSON value, itself included."""
    yield path
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield from paths(child, (*path, key))


def replaced(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = dict(value) if isinstance(value, dict) else list(value)
    copy[path[0]] = replaced(value[path[0]], path[1:], new)
    return copy
