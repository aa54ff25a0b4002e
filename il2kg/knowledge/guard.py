"""What a query may not do: write, fetch, or read files.

The store is in memory and its query method takes no updates, so that nothing can be written. What remains is SERVICE,
which fetches, and FROM, which names a document. A query without these words, as written or in escapes, can do neither;
one that has them anywhere is parsed and the tree is walked, since the words may stand in a comment or a string.
"""

import re
from collections.abc import Iterable, Iterator

from il2kg.errors import QueryError

_SUSPICIOUS = re.compile(r"service|from|\\u", re.IGNORECASE)
_REFUSED = {"ServiceGraphPattern": "SERVICE fetches from elsewhere", "DatasetClause": "FROM names another document"}


def refuse(query: str) -> None:
    """Refuse a query that reaches outside the graph.

    Raises:
        QueryError: it does, or it might and cannot be parsed to be sure.
    """
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
