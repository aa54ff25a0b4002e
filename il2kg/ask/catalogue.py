"""The questions that a guideline can be asked: one file each in its folder, whose header says all that is needed.

A header comment has the lines ``# title:``, ``# phrasing:`` (several; ``{name}`` stands for a parameter) and
``# parameter: name Class ... [optional]``, the classes of terms that the parameter takes. A new file is a new question.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from il2kg.errors import QueryError
from il2kg.guideline.folder import GuidelineFolder
from il2kg.knowledge.guard import ASIDE
from il2kg.vocabulary import IL2, IL2_PREFIX, VOCABULARY, Namespace

_HEADER = re.compile(r"#\s*(title|phrasing|parameter):\s*(.+)")
_PHRASING = re.compile(r"(?:[a-z0-9]+|\{\w+\})(?: (?:[a-z0-9]+|\{\w+\}))*")
_SLOT = re.compile(r"\{(\w+)\}")
_VARIABLE = "[?$]{name}\\b"
# The word WHERE with its brace, and what is passed over on the way to it.
_WHERE = re.compile(rf"(?is){ASIDE}|(\bWHERE\s*\{{)")


@dataclass(frozen=True, slots=True)
class Parameter:
    """What a question is asked of: the query's variable, and the classes (prefixed names) of the terms it takes."""

    name: str
    classes: tuple[str, ...]
    optional: bool


@dataclass(frozen=True, slots=True)
class Question:
    """A question: its query, and the words in which it is asked."""

    name: str
    title: str
    phrasings: tuple[str, ...]
    parameters: tuple[Parameter, ...]
    query: str

    def parameter(self, name: str) -> Parameter:
        """The parameter of this name."""
        return next(p for p in self.parameters if p.name == name)


def load_questions(folder: GuidelineFolder | None = None) -> tuple[Question, ...]:
    """The questions of a guideline (by default that of the environment, or the product's own), by name.

    Raises:
        QueryError: a file's header lacks something; the message names the file.
    """
    folder = folder or GuidelineFolder.chosen()
    return tuple(read_question(path, folder.names) for path in sorted(folder.questions.glob("*.rq")))


def read_question(path: Path, names: Namespace = VOCABULARY) -> Question:
    """Read one question, of a guideline whose own terms have the namespace of ``names``.

    Raises:
        QueryError: the header lacks a title or a phrasing, or a phrasing names no parameter.
    """
    query = path.read_text(encoding="utf-8")
    said: dict[str, list[str]] = {"title": [], "phrasing": [], "parameter": []}
    for line in query.splitlines():
        if match := _HEADER.fullmatch(line.strip()):
            said[match[1]].append(match[2])
    if len(said["title"]) != 1 or not said["phrasing"]:
        raise QueryError(f"{path}: the header needs one '# title: ...' and at least one '# phrasing: ...'")
    parameters = tuple(_parameter(text, path, names) for text in said["parameter"])
    known = {parameter.name for parameter in parameters}
    for phrasing in said["phrasing"]:
        if not _PHRASING.fullmatch(phrasing):
            raise QueryError(f"{path}: phrasing {phrasing!r}: words in lower case without marks, and {{...}}")
        slots = set(_SLOT.findall(phrasing))
        lacking = {p.name for p in parameters if not p.optional} - slots
        if slots - known or lacking:
            raise QueryError(f"{path}: phrasing {phrasing!r}: its {{...}} are not the parameters of the header")
    return Question(path.stem, said["title"][0], tuple(said["phrasing"]), parameters, query)


def bound(query: str, parameters: dict[str, str]) -> str:
    """A query with variables bound to terms by a VALUES clause: SPARQL that any engine runs.

    The clause begins the query's pattern, where engines make use of it. In a query without the word WHERE, it ends the
    query, which means the same and may take longer.

    Args:
        query: SPARQL.
        parameters: IRIs, by variable.

    Raises:
        QueryError: the query has no such variable.
    """
    for name in parameters:
        if not re.search(_VARIABLE.format(name=re.escape(name)), query):
            raise QueryError(f"the query has no ?{name} to bind")
    if not parameters:
        return query
    names = " ".join(f"?{name}" for name in parameters)
    terms = " ".join(f"<{iri}>" for iri in parameters.values())
    values = f"VALUES ({names}) {{ ({terms}) }}"
    for match in _WHERE.finditer(query):
        if match[1]:
            return f"{query[: match.end()]}\n  {values}{query[match.end() :]}"
    return f"{query.rstrip()}\n{values}\n"


def expanded(class_name: str, names: Namespace) -> str:
    """The IRI of a class in a header: ``il2:``, ``sosa:`` and the guideline's own prefix are known."""
    prefix, _, local = class_name.partition(":")
    known = {IL2_PREFIX: IL2, "sosa": "http://www.w3.org/ns/sosa/", names.prefix: names.iri}
    return known.get(prefix, f"{prefix}:") + local


def _parameter(text: str, path: Path, names: Namespace) -> Parameter:
    name, *classes = text.split()
    optional = classes[-1:] == ["optional"]
    if optional:
        classes.pop()
    if not classes:
        raise QueryError(f"{path}: parameter {name!r} needs a class, such as il2:ClinicalFinding")
    return Parameter(name, tuple(expanded(c, names) for c in classes), optional)
