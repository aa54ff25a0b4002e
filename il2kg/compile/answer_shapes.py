"""Compiles what answers say, yes or no, raised or normal, into shapes of coded texts (semantics, section 7)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from il2kg.compile.shape_text import escaped, one_of, text
from il2kg.guideline.coded_answers import Answers, Said

_ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class TextDialect:
    """How a kind of graph says a coded text: the paths to its codings and its words, and from a coding to its parts."""

    prefix: str
    coding: str
    words: str
    system: str
    code: str


def answer_shapes(dialect: TextDialect, name: str, answers: Answers) -> Iterator[str]:
    """The shapes of coded texts that say yes, that say no, and (``name``) that say one of the two alone.

    As the reader does, they go by the codes and, where none is known, by the words. They are no deeper than needed: an
    engine may end at shapes that are too deep.
    """
    p = f"{dialect.prefix}:{name}"
    for said, word in ((Said.PRESENT, "yes"), (Said.ABSENT, "no")):
        yield _coding(dialect, f"{p}-code-{word}", _codes(answers, said))
        yield f"{p}-word-{word} a sh:NodeShape ;\n    {in_words(words_of(answers, said))} .\n"
        for kind, path in (("code", dialect.coding), ("word", dialect.words)):
            none = _none(path, f"{p}-{kind}-{word}")
            yield f"{p}-no-{kind}-{word} a sh:NodeShape ;\n    sh:property {none} .\n"
    no_code = ", ".join(_none(dialect.coding, f"{p}-code-{word}") for word in ("yes", "no"))
    for word in ("yes", "no"):
        uncoded = f"[ sh:property {no_code} ;\n              sh:not {p}-no-word-{word} ]"
        coded = f"[ sh:not {p}-no-code-{word} ]"
        yield f"{p}-says-{word} a sh:NodeShape ;\n    sh:or ( {coded}\n            {uncoded} ) .\n"
    ways = []
    for word, other in (("yes", "no"), ("no", "yes")):
        ways.append(f"[ sh:property {_none(dialect.coding, f'{p}-code-{other}')} ; sh:not {p}-no-code-{word} ]")
        unworded = _none(dialect.words, f"{p}-word-{other}")
        ways.append(f"[ sh:property {no_code}, {unworded} ;\n              sh:not {p}-no-word-{word} ]")
    yield f"{p} a sh:NodeShape ;\n    sh:or ( " + "\n            ".join(ways) + " ) .\n"


def _none(path: str, shape: str) -> str:
    return f"[ sh:path {path} ; sh:not {shape} ]"


def words_of(answers: Answers, *kinds: Said) -> list[str]:
    """The words that say something."""
    return sorted(word for word, said in answers.by_text.items() if said in kinds)


def in_words(words: Iterable[str]) -> str:
    """That a text is one of some words, however it is spaced, in small letters or large."""
    spaced = ("\\s+".join(map(escaped, word.split(" "))) for word in words)
    pattern = "^\\s*(" + "|".join(spaced) + ")\\s*$"
    return f'sh:pattern {text(pattern)} ; sh:flags "i"'


def _codes(answers: Answers, wanted: Said) -> Mapping[tuple[str, ...], tuple[str, ...]]:
    """The codes that say something, each list with the systems under which it says so."""
    of_system: dict[str, list[str]] = {}
    for (system, code), said in answers.by_code.items():
        if said is wanted:
            of_system.setdefault(system, []).append(code)
    systems_of: dict[tuple[str, ...], list[str]] = {}
    for system, codes in sorted(of_system.items()):
        systems_of.setdefault(tuple(sorted(codes)), []).append(system)
    return {codes: tuple(systems) for codes, systems in systems_of.items()}


def _coding(dialect: TextDialect, name: str, codes: Mapping[tuple[str, ...], tuple[str, ...]]) -> str:
    ways = [way for listed, systems in codes.items() for way in _ways(dialect, listed, systems)]
    return f"{name} a sh:NodeShape ;\n    sh:or (\n" + "\n".join(ways) + " ) .\n"


def _ways(dialect: TextDialect, codes: tuple[str, ...], systems: tuple[str, ...]) -> Iterator[str]:
    code = f"        [ sh:property [ sh:path {dialect.code} ; sh:minCount 1 ; {one_of(codes)} ]"
    named = [system for system in systems if system and system != _ANY]
    if _ANY in systems:
        yield f"{code} ]"
    if "" in systems:
        yield f"{code} ;\n          sh:property [ sh:path {dialect.system} ; sh:maxCount 0 ] ]"
    if named:
        yield f"{code} ;\n          sh:property [ sh:path {dialect.system} ; sh:minCount 1 ; {one_of(named)} ] ]"
