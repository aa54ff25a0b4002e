"""Turtle and TriG as they are usually written, read in one go.

pyoxigraph knows all of both languages, but what it finds has to be carried over term by term. This knows the most of
what tools and people write, and reads it straight into nodes in half the time. Whatever it does not know, right or
wrong, it leaves: the document is then read by pyoxigraph from its beginning, which also knows how to say what is wrong.
"""

import re
from itertools import count
from typing import Any, Final

from il2kg.rdf.graphs import FIRST, LANGUAGE_STRING, NIL, REST, Graph, Node, Term
from il2kg.rdf.iris import resolved
from il2kg.rdf.limits import Limits
from il2kg.rdf.scanning import too_deep
from il2kg.rdf.terms import check_length, check_size, literal, once, size
from il2kg.vocabulary import RDF_TYPE, XSD

_SPACE: Final = r"[ \t\r\n]"
_END: Final = rf"(?={_SPACE}|[;,()\[\]{{}}<\"]|\.?\Z|\.{_SPACE})"
_IRI: Final = r'<[^<>"{}|^`\\\x00-\x20]*+>'
_NAME: Final = rf"(?:[A-Za-z][A-Za-z0-9_-]*+)?+:(?:[A-Za-z0-9_][A-Za-z0-9_-]*+(?:\.[A-Za-z0-9_-]++)*+)?+{_END}"
_TEXT: Final = r'(?:"(?!"")(?:[^"\\\r\n]++|\\.)*+"|"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+""")'
_LONG: Final = '"""'
_LANGUAGE: Final = r"[A-Za-z]{2,3}(?:-[A-Za-z]{4})?(?:-[A-Za-z]{2}|-[0-9]{3})?"
_TOKEN: Final = (
    rf"{_NAME}"
    r"|[\];.,{}]"
    rf"|{_TEXT}(?:\^\^(?:{_IRI}|{_NAME})|@{_LANGUAGE}{_END})?+"
    rf"|\[(?:{_SPACE}*+\])?+|\((?:{_SPACE}*+\))?+|\)"
    rf"|{_IRI}"
    rf"|[+-]?(?:[0-9]++(?:\.[0-9]++)?+|\.[0-9]++)(?:[eE][+-]?[0-9]++)?+{_END}"
    rf"|_:[A-Za-z0-9_][A-Za-z0-9_-]*+{_END}"
    rf"|(?:a|true|false|@prefix|@base|(?i:PREFIX|BASE|GRAPH)){_END}"
    r"|#[^\r\n]*+"
)
_TOKENS: Final = re.compile(rf"{_SPACE}*+({_TOKEN}|.++)", re.DOTALL).findall
_A_TOKEN: Final = re.compile(_TOKEN, re.DOTALL).fullmatch
_DIRECTIVES: Final = frozenset({"@prefix", "@base", "prefix", "base"})
_CLOSING: Final = frozenset({"]", ".", "}"})


def read_plainly(text: str, base: str, prefix: str, limits: Limits, *, trig: bool) -> list[Graph] | None:
    """The graphs of a document, in the order in which they begin; None if it has to be read by pyoxigraph.

    ``prefix`` is how the labels of blank nodes begin.

    Raises:
        RecordError: a limit is passed.
    """
    tokens = _TOKENS(text.rstrip(" \t\r\n"))
    if tokens and not _A_TOKEN(tokens[-1]):
        return None
    if "#" in text:
        tokens = [token for token in tokens if token[0] != "#"]
    try:
        return _Reader(tokens, _Names(base, prefix, limits), prefix, limits, trig=trig).graphs()
    except (LookupError, ValueError, OverflowError, StopIteration):
        return None


class _Names(dict[str, Any]):
    """What stands as a subject or a value, by how it is written."""

    def __init__(self, base: str, prefix: str, limits: Limits) -> None:
        super().__init__()
        self._base, self._label, self._limits = base, f"{prefix}x", limits
        self._labels: dict[str, str] = {}
        self._prefixes: dict[str, str] = {}

    def direct(self, directive: str, prefix: str, iri: str) -> None:
        """Take note of a prefix or a base, which changes what is written from here on."""
        if iri[0] != "<":
            raise LookupError(iri)
        if directive.endswith("base"):
            self._base = self._iri(iri[1:-1])
        elif prefix[-1] != ":":
            raise LookupError(prefix)
        else:
            self._prefixes[prefix[:-1]] = self._iri(iri[1:-1])
        self.clear()

    def __missing__(self, written: str) -> Term:
        start = written[0]
        if start == "_":
            return self._labels.setdefault(written, f"{self._label}{len(self._labels)}")
        if start == "[" and written[-1] == "]":  # another blank node each time
            return self._labels.setdefault(f"[{len(self._labels)}", f"{self._label}{len(self._labels)}")
        if start == '"':
            term: Term = self._literal(written)
        elif start == "<":
            term = self._iri(written[1:-1])
        elif start == "(" and written[-1] == ")":
            term = NIL
        elif written in {"true", "false"}:
            term = literal(written, f"{XSD}boolean")
        elif start in "+-.0123456789" and written[-1].isdigit():
            term = literal(written, _number_type(written))
        else:
            prefix, colon, local = written.partition(":")
            if not colon:
                raise LookupError(written)
            term = self._iri(self._prefixes[prefix] + local)
        self[written] = term
        return term

    def _literal(self, written: str) -> Term:
        end = written.rindex('"')
        quotes = len(_LONG) if written.startswith(_LONG) else 1
        text, kind = written[quotes : end + 1 - quotes], written[end + 1 :]
        check_length(text, self._limits)
        if kind[:1] == "@":
            return literal(text, language=kind[1:])
        if not kind:
            return literal(text)
        datatype = self[kind[2:]]
        if datatype == LANGUAGE_STRING:
            raise LookupError(written)
        return literal(text, datatype)

    def _iri(self, written: str) -> str:
        if (iri := resolved(written, self._base)) is None:
            raise LookupError(written)
        return iri


class _Verbs(dict[str, str]):
    """What stands as a property, by how it is written."""

    def __init__(self, names: _Names) -> None:
        super().__init__()
        self._names = names

    def __missing__(self, written: str) -> str:
        term = RDF_TYPE if written == "a" else self._names[written]
        if not isinstance(term, str) or term[0] == "_" or written[0] == "(":
            raise LookupError(written)
        self[written] = term
        return term


class _Reader:
    """Goes through the tokens; whatever comes that it does not expect is a LookupError, or the tokens end."""

    def __init__(self, tokens: list[str], names: _Names, prefix: str, limits: Limits, *, trig: bool) -> None:
        self._perhaps_large = 2 * len(tokens) > limits.triples  # an item of a list is two triples, all else is less
        self._tokens = iter(tokens)
        self._take = self._tokens.__next__
        self._names, self._verbs = names, _Verbs(names)
        self._prefix, self._limits, self._trig = prefix, limits, trig
        self._nodes: dict[str, Node] = {}
        self._graphs: dict[str, dict[str, Node]] = {}
        self._several: list[list[Term]] = []
        self._number = count().__next__
        self._deepest, self._too_deep = limits.depth, too_deep(limits)

    def graphs(self) -> list[Graph]:
        """The graphs of the whole document."""
        for symbol in self._tokens:
            word = symbol.lower()
            if word in _DIRECTIVES:
                self._direct(word)
            elif self._trig and symbol == "{":
                self._block("")
            elif self._trig and word == "graph":
                name = self._take()
                _expect(self._take(), "{")
                self._named_block(name)
            else:
                self._statement(symbol)
        for values in self._several:
            once(values)
        if self._perhaps_large:
            for nodes in self._graphs.values():
                check_size(size(nodes), self._limits)
        return [Graph(name, nodes) for name, nodes in self._graphs.items() if nodes]

    def _direct(self, directive: str) -> None:
        prefix = "" if directive.endswith("base") else self._take()
        self._names.direct(directive, prefix, self._take())
        self._verbs.clear()
        if directive[0] == "@":
            _expect(self._take(), ".")

    def _block(self, name: str) -> None:
        self._nodes = self._graphs.setdefault(name, {})
        symbol = self._take()
        while symbol != "}":
            symbol = (
                self._in_brackets()
                if symbol == "["
                else self._say(self._nodes.setdefault(self._subject(symbol), {}), self._take())
            )
            if symbol != "}":
                _expect(symbol, ".")
                symbol = self._take()

    def _named_block(self, symbol: str) -> None:
        name = self._subject(symbol)
        if name == NIL and symbol[0] == "(":
            raise LookupError(symbol)
        self._block(name)

    def _statement(self, symbol: str) -> None:
        if symbol == "[":
            self._nodes = self._graphs.setdefault("", {})
            _expect(self._in_brackets(), ".")
            return
        following = self._take()
        if following == "{" and self._trig:
            self._named_block(symbol)
            return
        self._nodes = self._graphs.setdefault("", {})
        _expect(self._say(self._nodes.setdefault(self._subject(symbol), {}), following), ".")

    def _in_brackets(self) -> str:
        """What is said of a blank node whose brackets stand as a subject; gives the symbol behind."""
        node = self._nodes[self._inner(0)]
        symbol = self._take()
        return symbol if symbol in _CLOSING else self._say(node, symbol)

    def _subject(self, symbol: str) -> str:
        term = self._names[symbol]
        if not isinstance(term, str):
            raise LookupError(symbol)
        return term

    def _say(self, node: Node, verb: str, depth: int = 0) -> str:
        """Say of a node what stands from a first property on; gives the symbol behind."""
        names, verbs, take = self._names, self._verbs, self._take
        while True:
            predicate = verbs[verb]
            while True:
                symbol = take()
                if symbol == "[":
                    value = self._inner(depth)
                elif symbol == "(":
                    value = self._list(depth)
                else:
                    value = names[symbol]
                if predicate in node:
                    self._say_again(node[predicate], value)
                else:
                    node[predicate] = [value]
                symbol = take()
                if symbol != ",":
                    break
            if symbol != ";":
                return symbol
            while symbol == ";":
                symbol = take()
            if symbol in _CLOSING:
                return symbol
            verb = symbol

    def _say_again(self, values: list[Term], value: Term) -> None:
        if len(values) == 1:
            self._several.append(values)
        values.append(value)

    def _inner(self, depth: int) -> str:
        """The blank node of brackets that were just opened."""
        if depth == self._deepest:
            raise self._too_deep
        label = f"{self._prefix}{self._number()}"
        node = self._nodes[label] = {}
        if self._say(node, self._take(), depth + 1) != "]":
            raise LookupError(label)
        return label

    def _list(self, depth: int) -> str:
        """The first node of a list that was just opened."""
        if depth == self._deepest:
            raise self._too_deep
        symbol, depth = self._take(), depth + 1
        first = label = f"{self._prefix}{self._number()}"
        while True:
            node = self._nodes[label] = {}
            value = self._inner(depth) if symbol == "[" else self._list(depth) if symbol == "(" else self._names[symbol]
            node[FIRST] = [value]
            symbol = self._take()
            if symbol == ")":
                node[REST] = [NIL]
                return first
            label = f"{self._prefix}{self._number()}"
            node[REST] = [label]


def _expect(symbol: str, expected: str) -> None:
    if symbol != expected:
        raise LookupError(symbol)


def _number_type(written: str) -> str:
    if "e" in written or "E" in written:
        return f"{XSD}double"
    return f"{XSD}decimal" if "." in written else f"{XSD}integer"
