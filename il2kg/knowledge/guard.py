"""What a query may not do: write, fetch, read files, or be of a size or depth that parsers do not survive.

The store is in memory and its query method takes no updates, so that nothing can be written. What remains is SERVICE,
which fetches, and FROM, which names a document. A query without these words, as written or in escapes, can do neither;
one that has them anywhere is parsed and the tree is walked, since the words may stand in a comment or a string.

Parsers recurse, and one that runs out of its stack takes its process with it; so length and depth are looked at before
anything is parsed.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from il2kg.errors import QueryError

MOST_CHARACTERS: Final = 100_000
"""How long a query may be."""

_DEEPEST: Final = 50

ASIDE: Final = (
    r'<[^<>"{}|^`\\\s]*>'
    r'|"{3}(?:[^"\\]|\\.|"{1,2}(?!"))*+"{3}'
    r"|'{3}(?:[^'\\]|\\.|'{1,2}(?!'))*+'{3}"
    r'|"(?:[^"\\\r\n]|\\.)*+"'
    r"|'(?:[^'\\\r\n]|\\.)*+'"
    r"|\\."
    r"|#[^\r\n]*"
)
"""A pattern (with DOTALL) of what in a query is no syntax: IRIs, texts, escaped characters and comments."""

# What begins a level, what ends one, and operators that stand before what stands before what ...
_LEVELS: Final = re.compile(rf"(?s){ASIDE}|([({{\[])|([)}}\]])|((?:[!^+-]\s*){{{_DEEPEST},}})")
_SUSPICIOUS = re.compile(r"service|from|\\u", re.IGNORECASE)
_REFUSED = {"ServiceGraphPattern": "SERVICE fetches from elsewhere", "DatasetClause": "FROM names another document"}


def check_size(query: str) -> None:
    """Refuse a text that no parser should see. Looks at each character once.

    Raises:
        QueryError: it is empty, no text, too long, or nested too deeply.
    """
    if not query.strip():
        raise QueryError("is empty; write a SELECT, ASK, CONSTRUCT or DESCRIBE query")
    if len(query) > MOST_CHARACTERS:
        raise QueryError(f"refused: longer than {MOST_CHARACTERS} characters; ask for less at a time")
    if "\0" in query:
        raise QueryError("no text: it has NUL characters; save it as UTF-8")
    try:
        query.encode()
    except UnicodeEncodeError:
        raise QueryError("no text: it has halves of characters (surrogates); save it as UTF-8") from None
    depth = 0
    for match in _LEVELS.finditer(query):
        opens, closes, operators = match.groups()
        depth = depth + 1 if opens else max(0, depth - 1) if closes else depth
        if depth > _DEEPEST or operators:
            raise QueryError(f"refused: nested deeper than {_DEEPEST} levels; write it more simply")


def refuse(query: str) -> None:
    """Refuse a query that reaches outside the graph, or is of no size for a parser.

    Raises:
        QueryError: it does, or it might and cannot be parsed to be sure.
    """
    check_size(query)
    if not _SUSPICIOUS.search(query):
        return
    from rdflib.plugins.sparql.parser import parseQuery

    try:
        parsed = parseQuery(query)
    except Exception as error:
        # pyparsing's errors, and recursion: whatever it is, the query is not known to be harmless.
        raise QueryError(
            f"refused: it has the word SERVICE or FROM, or an escape, and cannot be checked: {error}"
        ) from None
    for name in _names(parsed):
        if name in _REFUSED:
            raise QueryError(f"refused: {_REFUSED[name]}; a query reads this graph and nothing else")


def is_update(query: str) -> bool:
    """Whether a text that is no query is a SPARQL update, for a better message."""
    from rdflib.plugins.sparql.parser import parseUpdate

    try:
        return bool(parseUpdate(query).request)
    except Exception:
        return False


def _names(node: object) -> Iterator[str]:
    """The names of all nodes of a parse tree."""
    from rdflib.plugins.sparql.parserutils import CompValue

    if isinstance(node, CompValue):
        yield node.name
        for value in node.values():
            yield from _names(value)
    elif isinstance(node, Iterable) and not isinstance(node, str | bytes):
        for value in node:
            yield from _names(value)
