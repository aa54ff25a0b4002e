"""No text for people has a word of another guideline: no dose before an infusion, no interleukin-2 anywhere."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.guidelines.folders import NAMES, examples, printed

FOREIGN = {
    "potassium": re.compile(r"\b(?:doses?|cycles?|courses?|intakes?|aldesleukin|interleukin\S*|IL-2)\b", re.IGNORECASE),
    "capecitabine": re.compile(r"\b(?:doses?|courses?|infusions?|aldesleukin|interleukin\S*|IL-2)\b", re.IGNORECASE),
}
LISTS = [("criteria",), ("questions",)]
ON_RECORDS = [
    ("assess",),
    ("assess", "--all"),
    ("assess", "--charting", "by-exception"),
    ("validate",),
    ("coverage",),
]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("command", LISTS, ids=" ".join)
def test_lists(name: str, command: tuple[str, ...]) -> None:
    assert _foreign(name, printed(name, *command)) == []


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("command", ON_RECORDS, ids=" ".join)
def test_what_is_said_of_records(name: str, command: tuple[str, ...]) -> None:
    said = [printed(name, *command, path) for path in examples(name) if path.stem != "not-known"]
    assert _foreign(name, "\n".join(said)) == []


@pytest.mark.parametrize("name", NAMES)
def test_what_json_says(name: str) -> None:
    """Its keys are the same for every guideline."""
    documents = [json.loads(printed(name, "assess", "--format", "json", "--all", path)) for path in examples(name)]
    assert [value for value in _values(documents) if FOREIGN[name].search(value)] == []


def _values(said: Any) -> Iterator[str]:
    if isinstance(said, str):
        yield said
    elif isinstance(said, dict | list):
        for each in said.values() if isinstance(said, dict) else said:
            yield from _values(each)


def _foreign(name: str, text: str) -> list[str]:
    return [line for line in text.splitlines() if FOREIGN[name].search(line)]
