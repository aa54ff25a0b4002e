"""What records say that FHIR has no element for, read back from extensions of this project.

A resource can say a value; it cannot say that something stood there that was no value, or that the file it came from
was broken. `il2kg.write` puts that into extensions, and no doubt is lost when a record is written as FHIR:

- ``doubt`` (a modifierExtension) sets the item, or the part ``of`` it, aside; ``flaw`` (likewise) its time or a coding;
  ``remark`` tells something that changes nothing. Each has a ``kind`` and, mostly, a ``detail``.
- ``said`` gives a field of a statement (see `il2kg.statements`) what FHIR leaves no room for, such as a second value.
- A Patient carries a ``name`` if his id does not say how the record calls him, ``unnamed`` if it does not call him
  anything, what was a ``problem`` of the source as a whole, and why the record is ``unusable``.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

import msgspec

from il2kg.read.fhir.elements import Element, as_element, as_list, as_text, coded_text
from il2kg.read.fhir.values import quantity_of
from il2kg.record import Problem
from il2kg.statements import CodedText, Doubt, Item, Quantity, Statement, Unreadable
from il2kg.vocabulary import IL2

OWN: Final = f"{IL2}fhir/"
"""What the addresses of these extensions begin with."""
DOUBT, FLAW, REMARK, SAID = f"{OWN}doubt", f"{OWN}flaw", f"{OWN}remark", f"{OWN}said"
NAME, UNNAMED, PROBLEM, UNUSABLE = f"{OWN}name", f"{OWN}unnamed", f"{OWN}problem", f"{OWN}unusable"
NO_STATUS: Final[Doubt] = ("no status; read as one that counts", "")

_HOLDERS: Final = ("extension", "modifierExtension")
_MODIFIERS: Final = frozenset({DOUBT, FLAW, SAID})
_LISTS: Final = {DOUBT: "doubts", FLAW: "flaws", REMARK: "remarks"}
_UNKNOWN: Final = "an extension of il2kg that cannot be read"

# What each field of a statement may be given, and the fields that may be gone through to get there.
_GIVEN: Final[dict[str, tuple[type, ...]]] = {
    "abatement": (str,),
    "about": (CodedText,),
    "dose": (Quantity,),
    "end": (str,),
    "form": (CodedText,),
    "kind": (str,),
    "kinds": (str,),
    "meant": (bool,),
    "name": (str,),
    "onset": (str,),
    "over": (bool,),
    "period": (bool,),
    "pointer": (CodedText,),
    "rate": (Unreadable,),
    "recorded": (str,),
    "routes": (CodedText,),
    "start": (str,),
    "unresolved": (str,),
    "values": (CodedText, Quantity, Unreadable, bool, str),
}
_THROUGH: Final = frozenset(
    {
        *("about", "components", "flags", "form", "ingredients", "item", "ordered", "pointer", "product", "result"),
        *("routes", "values", "when"),
    }
)

S = TypeVar("S", bound=Statement)


@dataclass(frozen=True, slots=True)
class SaidOfPatient:
    """What a Patient carries beside FHIR's own elements."""

    name: str | None = None
    named: bool = True
    problems: tuple[Problem, ...] = ()
    unusable: str | None = None


def is_marked(content: Element) -> bool:
    """Whether a resource carries an extension of this project."""
    if "extension" not in content and "modifierExtension" not in content:  # as it is of most
        return False
    return any(True for _ in _all(content))


def has_strange_modifier(content: Element) -> bool:
    """Whether a resource has a modifierExtension that nobody here knows."""
    modifiers = content.get("modifierExtension")
    return bool(modifiers) and any(
        as_text(as_element(each).get("url")) not in _MODIFIERS for each in as_list(modifiers)
    )


def completed(statement: S, content: Element) -> S:
    """What a resource says, with what its extensions add; what cannot be read of them sets the item aside."""
    if not is_marked(content):
        return statement
    told = [(url, extension) for url, extension in _all(content) if url in _LISTS or url == SAID]
    for url, extension in sorted(told, key=lambda each: each[0] != SAID):  # a flaw may be of what is only said here
        try:
            statement = _with(statement, url, _parts(extension))
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            of = as_text(_parts(extension).get("of")) or url.removeprefix(OWN)
            item: Item = statement.item
            statement = msgspec.structs.replace(statement, item=item.doubted((_UNKNOWN, of)))
    return statement


def said_of_patient(content: Element) -> SaidOfPatient:
    """What a Patient carries beside FHIR's own elements."""
    said = SaidOfPatient()
    for url, extension in _all(content):
        text = as_text(extension.get("valueString"))
        if url == NAME:
            said = replace(said, name=text)
        elif url == UNNAMED:
            said = replace(said, named=False)
        elif url == UNUSABLE:
            said = replace(said, unusable=text or _UNKNOWN)
        elif url == PROBLEM:
            parts = {name: value for name, value in _parts(extension).items() if isinstance(value, str)}
            problem = Problem(*(parts.get(name, "") for name in ("kind", "item", "detail", "concept")))
            said = replace(said, problems=(*said.problems, problem))
    return said


def _of(extensions: object) -> Iterator[Element]:
    for each in as_list(extensions):
        if isinstance(url := as_element(each).get("url"), str) and url.startswith(OWN):
            yield each


def _all(content: Element) -> Iterator[tuple[str, Element]]:
    for name in _HOLDERS:
        for each in _of(content.get(name)):
            yield each["url"], each


def _parts(extension: Element) -> dict[str, Any]:
    """The parts of an extension by name, each as a value of a statement, as far as it can be read."""
    parts: dict[str, Any] = {}
    for part in map(as_element, as_list(extension.get("extension"))):
        values = [(name, value) for name, value in part.items() if name != "url"]
        if len(values) == 1 and isinstance(url := part.get("url"), str):
            parts[url] = _value(*values[0])
    return parts


def _value(kind: str, value: object) -> object:
    if kind == "valueQuantity":
        return quantity_of(value)
    return coded_text(value) if kind == "valueCodeableConcept" else value


def _with(statement: S, url: str, parts: dict[str, Any]) -> S:
    """The statement with what one extension adds.

    Raises:
        AttributeError, IndexError, KeyError, TypeError, ValueError: it cannot be read.
    """
    path: list[str] = parts["of"].split(".") if "of" in parts else []
    if url == SAID:
        value = parts["value"] if "value" in parts else Unreadable(*_texts(parts, "type", "shown"))
        if not isinstance(value, _GIVEN[path[-1]]):
            raise TypeError(path)
    else:
        path = [*(path or ["item"]), _LISTS[url]]
        if "kind" not in parts:
            raise KeyError(url)
        value = tuple(_texts(parts, "kind", "detail"))
    if not all(name in _THROUGH or name.isdecimal() for name in path[:-1]):
        raise ValueError(path)
    changed: S = _put(statement, path, value)
    return changed


def _texts(parts: dict[str, Any], *names: str) -> list[str]:
    """Parts that are texts; an empty one is not there.

    Raises:
        TypeError: one of them is something else.
    """
    texts = [parts.get(name, "") for name in names]
    if not all(isinstance(text, str) for text in texts):
        raise TypeError(names)
    return texts


def _put(owner: Any, path: list[str], value: object) -> Any:
    """A copy of a statement, or of a part of one, with a value at a path: added to a tuple, else in place."""
    name, *rest = path
    if name.isdecimal():
        number = int(name)
        return (*owner[:number], _put(owner[number], rest, value), *owner[number + 1 :])
    current = getattr(owner, name)
    added = (*current, value) if type(current) is tuple else value
    new = _put(current, rest, value) if rest else added
    return msgspec.structs.replace(owner, **{name: new})
