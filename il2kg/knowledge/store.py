"""Loads the whole ontology into a triple store in memory: the rules, the statements, the words and the mappings.

Nothing is prebuilt. The one part that is compiled, the criteria in words, is made anew when it is stale.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from il2kg.errors import GuidelineError
from il2kg.guideline.folder import GuidelineFolder
from il2kg.vocabulary import RDFS, Namespace

_LABEL = ox.NamedNode(RDFS + "label")


@dataclass(frozen=True)
class Knowledge:
    """The graph of a guideline, in the default graph of a store, and the namespace of its own terms."""

    store: ox.Store
    names: Namespace

    def label(self, node: ox.NamedNode) -> str | None:
        """The label of a term, if it has one."""
        for quad in self.store.quads_for_pattern(node, _LABEL, None):
            if isinstance(quad.object, ox.Literal):
                return quad.object.value
        return None


def load_graph(folder: GuidelineFolder | None = None, *, mappings: bool = True) -> Knowledge:
    """All that a guideline says (by default that of the environment, or the product's own).

    Args:
        folder: the guideline's.
        mappings: whether to load the codes of other vocabularies, too; they are as many triples as all else, and
            questions in words ask for none.

    Raises:
        GuidelineError: a file cannot be read or is not what it should be; the message names file and line.
    """
    folder = folder or GuidelineFolder.chosen()
    contents = {path: _read(path) for path in folder.files_of_graph}
    contents[folder.words] = _words(folder)
    store = ox.Store()
    for path, content in contents.items():
        try:
            store.load(content, format=ox.RdfFormat.TURTLE)
        except SyntaxError as error:
            raise GuidelineError(f"{path}: not Turtle: {error}") from error
    # The codes of products would triple what is loaded.
    products = set(folder.products)
    for table in folder.mappings if mappings else ():
        if table not in products:
            store.load("\n".join(_mappings(table)), format=ox.RdfFormat.N_TRIPLES)
    return Knowledge(store, folder.names)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise GuidelineError(f"{path}: {error.strerror or error}") from error


def _words(folder: GuidelineFolder) -> bytes:
    """The criteria in words as they are compiled, or anew where an edit is newer."""
    digest = folder.digest_of_rules()
    try:
        compiled = folder.words.read_bytes()
    except OSError:
        compiled = b""
    if digest.encode() in compiled:
        return compiled
    from il2kg.compile.words import compile_words
    from il2kg.loading import load_guideline

    return compile_words(load_guideline(folder), digest).encode()


def _mappings(path: Path) -> Iterator[str]:
    """An SSSOM table as N-Triples: subject, predicate and object of each row, their prefixes from its header.

    A row that is modified says what is not so, and has no triple.
    """
    prefixes: dict[str, str] = {}
    lines = iter(_read(path).decode().splitlines())
    columns: list[str] = []
    for line in lines:
        if not line.startswith("#"):
            columns = line.split("\t")
            break
        name, _, iri = line.lstrip("# ").partition(": ")
        prefixes[name] = iri
    places = [columns.index(f"{part}_id") for part in ("subject", "predicate", "object")]
    modifier = columns.index("predicate_modifier") if "predicate_modifier" in columns else None
    for line in lines:
        cells = line.split("\t")
        if modifier is None or not cells[modifier]:
            yield " ".join([*(_expanded(cells[place], prefixes, path) for place in places), "."])


def _expanded(curie: str, prefixes: dict[str, str], path: Path) -> str:
    prefix, _, local = curie.partition(":")
    if prefix not in prefixes:
        raise GuidelineError(f"{path}: {curie}: the prefix is not in the table's curie_map")
    return f"<{prefixes[prefix]}{local}>"
