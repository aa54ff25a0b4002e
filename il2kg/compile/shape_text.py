"""Pieces of SHACL as Turtle."""

import re
from collections.abc import Iterable
from decimal import Decimal
from pathlib import Path
from typing import Final

from il2kg.errors import GuidelineError
from il2kg.vocabulary import IL2, Namespace

_PREFIXES: Final = """@prefix cdt: <https://w3id.org/cdt/> .
@prefix fhir: <http://hl7.org/fhir/> .
@prefix il2: <{vocabulary}> .
@prefix lindt: <http://w3id.org/lindt/custom_datatypes#> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix qudt: <http://qudt.org/schema/qudt/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix record: <{shape}record/> .
@prefix resource: <{shape}fhir/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix sosa: <http://www.w3.org/ns/sosa/> .
@prefix time: <http://www.w3.org/2006/time#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
_WIDTH: Final = 118
_SPECIAL: Final = re.compile(r"[\\.?*+{}()\[\]|^$]")

_YEAR: Final = "([0-9]{3}[1-9]|[0-9]{2}[1-9]0|[0-9][1-9]00|[1-9]000)"
_LEAP_YEAR: Final = "([0-9]{2}(0[48]|[2468][048]|[13579][26])|([02468][48]|[13579][26]|[2468]0)00)"
_DAY: Final = "((0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])|(0[469]|11)-(0[1-9]|[12][0-9]|30)|02-(0[1-9]|1[0-9]|2[0-8]))"
_CLOCK: Final = (
    "(T([01][0-9]|2[0-3]):[0-5][0-9](:([0-5][0-9]|60)([.][0-9]+)?)?(Z|[+-](0[0-9]|1[0-3]):[0-5][0-9]|[+-]14:00)?)?"
)
TIME: Final = f"^({_YEAR}(-(0[1-9]|1[0-2]))?|({_YEAR}-{_DAY}|{_LEAP_YEAR}-02-29){_CLOCK})$"
"""A date or time as FHIR writes it, with or without its zone (semantics, section 2)."""


def prefixes(names: Namespace) -> str:
    """The declarations of prefixes for the shapes of a guideline's records."""
    return _PREFIXES.format(vocabulary=IL2, shape=names.shape) + names.declaration


def text(said: str) -> str:
    """A text as a literal."""
    return '"' + said.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\r", "\\r") + '"'


def number(value: Decimal) -> str:
    """A number as xsd:decimal, which Turtle writes with a point."""
    written = f"{value:f}"
    return written if "." in written else f"{written}.0"


def wrapped(head: str, items: Iterable[str], tail: str, *, between: str = " ") -> str:
    """A list on as many lines as it takes: what stands before it, its items, what stands behind it."""
    lines, line = [], head
    pieces = list(items)
    for place, item in enumerate(pieces):
        piece = item + (between if place < len(pieces) - 1 else "")
        if len(line) + 1 + len(piece) > _WIDTH:
            lines.append(line.rstrip())
            line = f"    {piece}"
        else:
            line += f" {piece}"
    return "\n".join([*lines, line.rstrip() + tail])


def one_of(texts: Iterable[str], *, before: str = "", behind: str = "") -> str:
    """That a value is one of some texts, or an IRI that is; with what may stand ``before`` and ``behind`` it.

    A pattern, for engines walk a list anew for each value.
    """
    return f"sh:pattern {text(f'^{before}({chr(124).join(map(escaped, texts))}){behind}$')}"


def escaped(said: str) -> str:
    """A text as a pattern of itself alone, with no escape but those that all dialects of patterns have."""
    return _SPECIAL.sub(r"\\\g<0>", said)


def is_one_of(shape: str, texts: Iterable[str]) -> str:
    """A shape of the values that are one of some texts."""
    return f"{shape} a sh:NodeShape ;\n    {one_of(texts)} .\n"


def is_term(shape: str, *groups: tuple[str, Iterable[str]]) -> str:
    """A shape of terms: of some namespaces, each with local names."""
    known: dict[str, list[str]] = {}
    for namespace, names in groups:
        known.setdefault(namespace, []).extend(names)
    patterns = [f"{escaped(namespace)}({'|'.join(map(escaped, names))})" for namespace, names in known.items()]
    pattern = patterns[0] if len(patterns) == 1 else f"({'|'.join(patterns)})"
    return f"{shape} a sh:NodeShape ;\n    sh:pattern {text(f'^{pattern}$')} .\n"


def targets(shape: str, kind: str, items: Iterable[str]) -> str:
    """What a shape is about: nodes, or instances of classes (``kind``); of none, it says nothing."""
    nodes = list(items)
    return wrapped(f"{shape} {kind}", nodes, " .\n", between=" ,") if nodes else ""


def result(severity: str, message: str) -> str:
    """How bad a flaw is, and what to do about it."""
    return f"    sh:severity sh:{severity} ;\n    sh:message {text(message)}@en .\n"


def structure_of(path: Path, names: Namespace) -> str:
    """The part of some shapes that is written by hand.

    In its patterns ``{own}`` stands for the guideline's namespace, ``{known}`` for that and the vocabulary's.

    Raises:
        GuidelineError: it cannot be read.
    """
    try:
        structure = path.read_text(encoding="utf-8")
    except (OSError, ValueError) as error:
        raise GuidelineError(f"{path}: cannot be read: {error}") from error
    namespaces = list(dict.fromkeys((names.iri, IL2)))
    known = namespaces[0] if len(namespaces) == 1 else f"({'|'.join(namespaces)})"
    return structure.replace("{own}", names.iri).replace("{known}", known)
