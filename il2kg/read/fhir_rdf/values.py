"""One value or several of an element, and what FHIR JSON keeps beside a primitive one."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import msgspec

from il2kg.read.fhir.elements import Element
from il2kg.read.fhir_rdf.names import UNORDERED, is_list, is_primitive

Item = tuple[Any, int | None]
"""A value of an element, and its place in the list (R4) if it says one."""

Tell = Callable[[str, str, bool], None]
"""Is told a kind of problem, its details, and whether the resource cannot be trusted for it."""

_EXTRAS: Final = frozenset({"extension", "id", "modifierExtension"})


class Extended(msgspec.Struct, frozen=True, gc=False):
    """A primitive value (None: there is none) and what is beside it."""

    value: Any
    extra: Element


def only_extras(value: object) -> bool:
    """Whether an element has extensions, or an id, and nothing else."""
    return isinstance(value, dict) and bool(value) and not value.keys() - _EXTRAS


def put(content: Element, name: str, within: str, value: Any) -> None:
    """Set an element as FHIR JSON does: what is beside a primitive value is under its name with an underscore."""
    each = value if isinstance(value, list) else [value]
    if is_primitive(name, within):
        each = [Extended(None, one) if only_extras(one) else one for one in each]
    if not any(one.__class__ is Extended for one in each):
        content[name] = value
        return
    values = [one.value if isinstance(one, Extended) else one for one in each]
    extras = [one.extra if isinstance(one, Extended) else None for one in each]
    if any(one is not None for one in values):
        content[name] = values if isinstance(value, list) else values[0]
    content[f"_{name}"] = extras if isinstance(value, list) else extras[0]


def gather(items: Sequence[Item], name: str, tell: Tell) -> Any:
    """The values of an element as one: a list in its order, or the only value that there is.

    Several values of an element of which FHIR has one stay a list, which is no value of it.
    """
    value, index = items[0]
    if len(items) == 1 and not index:
        return value if isinstance(value, list) or (index is None and not is_list(name)) else [value]
    if any(isinstance(value, list) for value, _ in items):
        return joined([value for value, _ in items], name, tell)
    ordered = [(place, value) for value, place in items if place is not None]
    if len(ordered) == len(items):
        return _by_index(ordered, name, tell)
    values = [value for value, _ in items]
    if ordered or is_list(name):
        if name not in UNORDERED:
            tell("several values, and nothing says in which order", name, False)
        return values
    if all(each == value for each in values):
        return value
    tell("several values where FHIR has one", name, True)
    return values


def joined(values: Sequence[Any], name: str, tell: Tell) -> Any:
    """What is said of one element in several ways."""
    first = values[0]
    if all(value == first for value in values):
        return first
    tell("said in several ways that differ", name, True)
    return concatenated(values)


def concatenated(values: Sequence[Any]) -> list[Any]:
    """Lists, and single values, one after another."""
    return [each for value in values for each in (value if isinstance(value, list) else [value])]


def _by_index(items: list[tuple[int, Any]], name: str, tell: Tell) -> list[Any]:
    """A list of R4. HAPI FHIR gives all extensions of a primitive value the index 0."""
    kept: list[tuple[int, Any]] = []
    for item in sorted(items, key=lambda item: item[0]):
        if not kept or item != kept[-1]:
            kept.append(item)
    places = [place for place, _ in kept]
    if name not in UNORDERED and places != list(range(len(places))):
        twice = len(set(places)) < len(places)
        tell("several values at one place of a list" if twice else "a list with gaps", name, twice)
    return [value for _, value in kept]
