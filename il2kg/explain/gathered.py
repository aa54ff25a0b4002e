"""Problems of one kind as one line, and what was passed over in a few."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from il2kg.explain.printable import shortened
from il2kg.record import PassedOver, Problem

FIRST: Final = 3
"""How many of several are named before the rest are only counted."""
_KINDS: Final = 5


def items_in_doubt(problems: Sequence[Problem]) -> int:
    """How many items have a problem."""
    return len({p.item for p in problems if p.item})


def named(names: Sequence[str]) -> str:
    """The first few names, and how many more there are."""
    rest = len(names) - FIRST
    return ", ".join(names) if rest <= 0 else f"{', '.join(names[:FIRST])} and {rest} more"


def problem_lines(problems: Sequence[Problem], labels: Mapping[str, str]) -> Iterator[str]:
    """Problems of one kind about one concept as one line, with their number and an example.

    Those of one kind that concern many concepts are one line, too; what concerns the record as a whole comes first.
    """
    whole = dict.fromkeys(p.problem for p in problems if not p.item)
    yield from (f"The record: {problem}" for problem in whole)
    of_items = sorted((p for p in problems if p.item), key=lambda p: p.kind)
    for kind, group in groupby(of_items, key=lambda p: p.kind):
        of_kind = sorted(group, key=lambda p: (p.concept, p.item))
        concepts = list(dict.fromkeys(p.concept for p in of_kind))
        if len(concepts) > FIRST:
            spoken = named([labels.get(concept, concept) for concept in concepts if concept])
            yield f"{_count(of_kind)}: {kind}, about {spoken}. Such as {of_kind[0].item}: {of_kind[0].problem}"
            continue
        for concept, same in groupby(of_kind, key=lambda p: p.concept):
            yield _line(list(same), labels.get(concept, concept))


def _line(problems: Sequence[Problem], label: str) -> str:
    first = problems[0]
    about = f"{label}: " if label else ""
    if len(problems) == 1:
        return f"{first.item}: {about}{first.problem}"
    if len({p.problem for p in problems}) == 1:
        return f"{_count(problems)}, such as {first.item}: {about}{first.problem}"
    return f"{_count(problems)}: {about}{first.kind}. Such as {first.item}: {first.problem}"


def _count(problems: Sequence[Problem]) -> str:
    items = len({p.item for p in problems})
    return f"{items} item{'s' if items > 1 else ''}"


def passed_over_lines(passed_over: Sequence[PassedOver]) -> Iterator[str]:
    """The kinds of items that were passed over, those that matter most first."""
    shown = passed_over[:_KINDS]
    for kind in shown:
        yield f"{kind.count} x {coding(kind)}"
    rest = passed_over[_KINDS:]
    if rest:
        items = sum(kind.count for kind in rest)
        yield (
            f"and {len(rest)} more kind{'s' if len(rest) > 1 else ''} ({items} item{'s' if items > 1 else ''}): "
            "`il2kg coverage`, or --format json, lists them all"
        )


def coding(kind: PassedOver) -> str:
    """What items of a kind were: the type of resource, the coding and the text."""
    code = shortened("|".join(part for part in (kind.system, kind.code) if part))
    text = f"'{shortened(kind.text)}'" if kind.text else ""
    return " ".join(part for part in (kind.resource, text, code) if part) or "without coding or text"
