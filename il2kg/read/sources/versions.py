"""Items of one type and id (semantics, section 1): the latest counts alone; those that differ cannot be trusted."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from il2kg.read.fhir.elements import Element, as_element
from il2kg.read.fhir.resources import Resource
from il2kg.read.sources.json_text import canonical

SHARED_ID: Final = "shares its id with another item of different content"


def without_versions(resources: Sequence[Resource]) -> Sequence[Resource]:
    """Resources of one patient, each item once, and with a doubt where versions of it differ."""
    if len({resource.item for resource in resources}) == len(resources):
        return resources
    by_item: dict[str, list[int]] = {}
    for number, resource in enumerate(resources):
        if has_id(resource.content):
            by_item.setdefault(resource.item, []).append(number)
    kept = dict(enumerate(resources))
    for numbers in by_item.values():
        if len(numbers) > 1:
            counting = latest([resources[number].content for number in numbers])
            for place, number in enumerate(numbers):
                if place not in counting:
                    del kept[number]
                elif len(counting) > 1:
                    kept[number] = kept[number].doubted(SHARED_ID)
    return list(kept.values())


def has_id(content: Element) -> bool:
    """Whether a resource has an id that others may share."""
    identifier = content.get("id")
    return isinstance(identifier, str | int) and identifier != ""


def latest(contents: Sequence[Element]) -> list[int]:
    """Which of several contents of one item count: one, or all that differ where none is known to be the latest."""
    texts: dict[bytes, int] = {}
    for number in newest(contents):
        texts.setdefault(canonical(contents[number]), number)
    return list(texts.values())


def newest(contents: Sequence[Element]) -> list[int]:
    """Which of several contents of one item may have been written last."""
    updated = [_last_updated(content) for content in contents]
    known = [time for time in updated if time is not None]
    if len(known) < len(contents):
        return list(range(len(contents)))  # one that does not say when it was written may be the last of all
    return [number for number, time in enumerate(updated) if time == max(known)]


def _last_updated(content: Element) -> datetime | None:
    written = as_element(content.get("meta")).get("lastUpdated")
    try:
        moment = datetime.fromisoformat(written.strip()) if isinstance(written, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.tzinfo is not None else None
