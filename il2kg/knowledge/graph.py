"""Loads the whole ontology into a triple store in memory: the rules, the statements, the words and the mappings.

Nothing is prebuilt. The one part that is compiled, the criteria in words, is made anew when it is stale.
"""

from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox

from il2kg.errors import GuidelineError
from il2kg.locations import WORDS_FILE, content_root, guideline_files, ontology_files
from il2kg.vocabulary import IL2, RDFS

_LABEL = ox.NamedNode(RDFS + "label")
_MAPPED = ("codes", "knowledge")


def load_graph(root: Path | None = None, *, mappings: bool = True) -> ox.Store:
    """The ontology under a content root (by default the product's own), in the store's default graph.

    Args:
        root: the content root.
        mappings: whether to load the codes of other vocabularies, too; they are as many triples as all else, and
            questions in words ask for none.

    Raises:
        GuidelineError: a file cannot be read or is not what it should be; the message names file and line.
    """
    root = root or content_root()
    words = root / WORDS_FILE
    contents = {path: _read(path) for path in ontology_files(root)}
    digest = sha256(b"".join(contents.get(path, b"") for path in guideline_files(root))).hexdigest()
    if digest.encode() not in contents.get(words, b""):
        contents[words] = _compiled_words(root, digest)
    store = ox.Store()
    for path, content in contents.items():
        try:
            store.load(content, format=ox.RdfFormat.TURTLE)
        except SyntaxError as error:
            raise GuidelineError(f"{path}: not Turtle: {error}") from error
    # The codes of products would triple what is loaded, and say nothing of a concept that its ingredients do not.
    tables = [path for folder in _MAPPED for path in (root / "ontology" / folder).glob("*.sssom.tsv")]
    for table in sorted(tables) if mappings else ():
        store.load("\n".join(_mappings(table)), format=ox.RdfFormat.N_TRIPLES)
    return store


def label_of(store: ox.Store, node: ox.NamedNode) -> str | None:
    """The label of a term, if it has one."""
    for quad in store.quads_for_pattern(node, _LABEL, None):
        if isinstance(quad.object, ox.Literal):
            return quad.object.value
    return None


def short_name(node: ox.NamedNode) -> str:
    """The identifier of one of the product's terms, or the whole IRI of another's."""
    return node.value.removeprefix(IL2)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise GuidelineError(f"{path}: {error.strerror or error}") from error


def _compiled_words(root: Path, digest: str) -> bytes:
    from il2kg.compile.words import compile_words
    from il2kg.guideline.load import load_guideline

    return compile_words(load_guideline(root), digest).encode()


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
