"""What coded answers and plain words of a record say: yes or no, raised or not, acting locally or on the whole body.

The tables are ``answers.tsv`` of the vocabulary and, of codes that not everybody may use, ``answers-snomed.tsv``
(semantics, section 7).
"""

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

from il2kg.errors import GuidelineError

_FILES: Final = ("answers.tsv", "answers-snomed.tsv")
_ANY_SYSTEM: Final = "*"


class Question(StrEnum):
    """What an answer answers."""

    FINDING = "finding"
    INTERPRETATION = "interpretation"
    PLACE = "place"
    ENCOUNTER = "encounter"


class Said(StrEnum):
    """What an answer says."""

    PRESENT = "present"
    ABSENT = "absent"
    LOCAL = "local"
    WHOLE_BODY = "whole-body"
    VISIT = "visit"


@dataclass(frozen=True)
class Answers:
    """The answers to one question, by code and by word."""

    by_code: Mapping[tuple[str, str], Said]
    by_text: Mapping[str, Said]

    def coded(self, system: str | None, code: str) -> Said | None:
        """What a code says, under its system or whatever that is."""
        code = code.strip()
        return self.by_code.get(((system or "").strip(), code)) or self.by_code.get((_ANY_SYSTEM, code))

    def written(self, text: str) -> Said | None:
        """What a text says that is nothing but an answer."""
        return self.by_text.get(" ".join(text.split()).casefold())

    def words(self, said: Said, also: Iterable[str] = ()) -> re.Pattern[str]:
        """A pattern for the words that say something, as whole words of a longer text."""
        return whole_words({text for text, each in self.by_text.items() if each is said}.union(also))


def whole_words(texts: Iterable[str]) -> re.Pattern[str]:
    """A pattern that finds any of some texts as whole words of a longer one."""
    longest_first = sorted(set(texts), key=len, reverse=True)
    return re.compile(
        r"\b(?:" + "|".join(map(re.escape, longest_first)) + r")\b" if longest_first else r"(?!)", re.IGNORECASE
    )


def read_answers(vocabulary: Path) -> Mapping[Question, Answers]:
    """The tables of answers in the folder of the vocabulary; the second may have been left out.

    Raises:
        GuidelineError: a table is missing or damaged; the message names it.
    """
    codes: dict[Question, dict[tuple[str, str], Said]] = {question: {} for question in Question}
    texts: dict[Question, dict[str, Said]] = {question: {} for question in Question}
    for name in _FILES:
        path = vocabulary / name
        if name != _FILES[0] and not path.is_file():
            continue
        try:
            with path.open(encoding="utf-8", newline="") as file:
                for row in csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"):
                    question, said = Question(row["question"]), Said(row["meaning"])
                    if row["code"]:
                        codes[question][row["system"], row["code"]] = said
                    else:
                        texts[question][row["text"].casefold()] = said
        except (OSError, KeyError, ValueError) as error:
            raise GuidelineError(f"{path}: not a table of answers: {error}") from error
    return {question: Answers(codes[question], texts[question]) for question in Question}
