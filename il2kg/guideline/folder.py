"""The folder of a guideline: what its ``guideline.ttl`` says it is called, and where its parts are."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from itertools import chain
from os import PathLike
from os.path import abspath
from pathlib import Path, PurePosixPath
from typing import Final

import pyoxigraph as ox

from il2kg.errors import GuidelineError
from il2kg.guideline.ontology_graph import Node, OntologyGraph
from il2kg.locations import content_root, guideline_path, vocabulary_files, vocabulary_folder
from il2kg.vocabulary import IL2, IL2_PREFIX, OWL, RDF, VOCABULARY, Namespace

_FILE: Final = "guideline.ttl"
_NIL: Final = f"{RDF}nil"
_DCTERMS: Final = "http://purl.org/dc/terms/"
_VANN: Final = "http://purl.org/vocab/vann/"
_NAMESPACE: Final = re.compile(r"[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+[/#]")
_PREFIX: Final = re.compile(r"[a-z][a-z0-9-]*")
# Prefixes that compiled files and written records use for something else.
_TAKEN: Final = frozenset(
    {"cdt", "dcterms", "derived", "fhir", "lindt", "owl", "prov", "qudt", "rdf", "rdfs", "record", "resource", "sh"}
    | {"shape", "skos", "sosa", "this", "time", "unit", "vann", "xsd"}
)
_NEEDS: Final = {
    f"{OWL}versionIRI": "owl:versionIRI",
    f"{OWL}versionInfo": "owl:versionInfo",
    f"{_DCTERMS}title": "dcterms:title",
    f"{_VANN}preferredNamespaceUri": "vann:preferredNamespaceUri",
    f"{_VANN}preferredNamespacePrefix": "vann:preferredNamespacePrefix",
    f"{IL2}decidesOn": "il2:decidesOn",
    f"{IL2}rulesIn": "il2:rulesIn",
}


@dataclass(frozen=True)
class GuidelineFolder:
    """A guideline as a folder: its names, and the files that make it up.

    ``iri`` names the guideline, ``version_iri`` this version of it; its own terms are under ``namespace``, which texts
    for people write as ``prefix``. ``decides_on`` is the word for what it decides on, such as *dose*.

    ``rule_files`` are what the rules are read from, in order, behind those of the vocabulary; ``knowledge_files`` say
    what there is to know beyond them. ``shapes`` and ``compiled`` hold what is compiled, ``codes`` the tables of codes,
    of which ``tables`` names those that must be there, ``questions`` and ``record_queries`` the queries that are asked
    by words or name. ``product`` is the content root with the vocabulary that it is written in.
    """

    path: Path
    iri: str
    namespace: str
    prefix: str
    title: str
    version: str
    version_iri: str
    decides_on: str
    rule_files: tuple[Path, ...]
    knowledge_files: tuple[Path, ...]
    shapes: Path
    questions: Path
    record_queries: Path
    codes: Path
    tables: frozenset[str]
    compiled: Path
    product: Path

    @classmethod
    def open(cls, path: Path, product: Path | None = None) -> "GuidelineFolder":
        """Look into a folder; no rule is read yet.

        Args:
            path: the folder that holds ``guideline.ttl``.
            product: the content root whose vocabulary is used; by default the product's own.

        Raises:
            GuidelineError: it is no folder of a guideline, or lacks something; the message names file and property.
        """
        path = Path(abspath(path))
        file = path / _FILE
        if not file.is_file():
            raise GuidelineError(
                f"{path}: no folder of a guideline: it has no {_FILE}, which says where its rules are"
                if path.is_dir()
                else f"{path}: no such folder; a guideline is a folder with a {_FILE}"
            )
        said = _Said.read(file)
        rule_files = said.rule_files()
        shapes = said.folder("shapesIn", "shapes")
        product = product or content_root()
        compiled = path / "compiled"
        left_out = (compiled, shapes, vocabulary_folder(product), path / "vocabulary")
        others = (each for each in sorted(path.rglob("*.ttl")) if not any(map(each.is_relative_to, left_out)))
        return cls(
            path=path,
            iri=said.node.value,
            namespace=said.namespace(),
            prefix=said.prefix(),
            title=said.text(f"{_DCTERMS}title"),
            version=said.text(f"{OWL}versionInfo"),
            version_iri=said.version_iri(),
            decides_on=said.text(f"{IL2}decidesOn"),
            rule_files=rule_files,
            knowledge_files=tuple(other for other in others if other != file and other not in rule_files),
            shapes=shapes,
            questions=said.folder("questionsIn", "questions"),
            record_queries=said.folder("recordQueriesIn", "record-queries"),
            codes=path / "codes",
            tables=frozenset(said.list("codesOf")),
            compiled=compiled,
            product=product,
        )

    @classmethod
    def chosen(cls, path: str | PathLike[str] | None = None) -> "GuidelineFolder":
        """The folder that is chosen, or the one that the environment names, or the product's own guideline."""
        return cls.open(guideline_path(path))

    @property
    def file(self) -> Path:
        """Its ``guideline.ttl``."""
        return self.path / _FILE

    @property
    def home(self) -> Path:
        """The folder that all of its files lie below."""
        return self.path.parent

    @property
    def names(self) -> Namespace:
        """The namespace and its prefix."""
        return Namespace(self.namespace, self.prefix)

    @property
    def vocabulary(self) -> Path:
        """The folder of what all guidelines share."""
        return vocabulary_folder(self.product)

    @property
    def is_products_own(self) -> bool:
        """Whether it is the guideline that the product comes with."""
        return self.vocabulary.parent == self.path

    @property
    def forms(self) -> Path:
        """The shapes of well-formed conditions, which are compiled."""
        return self.product / "shapes" / "authoring" / "compiled" / "forms.ttl"

    @property
    def structure(self) -> Path:
        """The folder of the parts of shapes that are written by hand and the same for all guidelines."""
        return self.product / "shapes" / "structure"

    @property
    def mappings(self) -> tuple[Path, ...]:
        """The tables of what terms are called in other vocabularies, those of products last."""
        tables = sorted(self.path.rglob("*.sssom.tsv"), key=lambda path: (path in self.products, path))
        return tuple(tables)

    @property
    def products(self) -> tuple[Path, ...]:
        """Of the tables of codes, those of products, which say nothing of a concept that its ingredients do not."""
        return tuple(sorted((self.codes / "products").glob("*.sssom.tsv")))

    @property
    def words(self) -> Path:
        """The compiled file of the criteria in words."""
        return self.compiled / "criteria-in-words.ttl"

    @property
    def conversions(self) -> Path:
        """The compiled file of conversions of units."""
        return self.compiled / "unit-conversions.tsv"

    @property
    def files_of_rules(self) -> tuple[Path, ...]:
        """All files that the rules are read from, in order: the vocabulary's, then the guideline's."""
        return (*vocabulary_files(self.product, for_rules=True), self.file, *self.rule_files)

    def digest_of_rules(self) -> str:
        """The SHA-256 of all files that the rules are read from, by which what is compiled from them is known as stale.

        Raises:
            GuidelineError: one cannot be read.
        """
        digest = sha256()
        for path in self.files_of_rules:
            try:
                digest.update(path.read_bytes())
            except OSError as error:
                raise GuidelineError(f"{path}: {error.strerror or error}") from error
        return digest.hexdigest()

    @property
    def files_of_graph(self) -> tuple[Path, ...]:
        """All files of the knowledge graph, but for what is compiled, in the order of their names."""
        files = {*vocabulary_files(self.product), self.file, *self.rule_files, *self.knowledge_files}
        return tuple(sorted(files))


@dataclass(frozen=True)
class _Said:
    """What a ``guideline.ttl`` says."""

    file: Path
    graph: OntologyGraph
    node: ox.NamedNode

    @classmethod
    def read(cls, file: Path) -> "_Said":
        graph = OntologyGraph.read([file])
        guidelines = [node for node in graph.of_class("Guideline") if isinstance(node, ox.NamedNode)]
        if len(guidelines) != 1:
            raise GuidelineError(
                f"{file}: needs exactly one il2:Guideline that is named by an IRI, has {len(guidelines)}"
            )
        said = cls(file, graph, guidelines[0])
        for predicate, name in _NEEDS.items():
            if len(graph.objects(said.node, predicate)) != 1:
                raise said._wrong(name, f"is needed, once; it is said {len(graph.objects(said.node, predicate))} times")
        return said

    def _wrong(self, name: str, what: str) -> GuidelineError:
        return GuidelineError(f"{self.file}: <{self.node.value}>: {name} {what}")

    def text(self, predicate: str) -> str:
        value = self.graph.one(self.node, predicate)
        if not isinstance(value, ox.Literal) or not value.value.strip():
            raise self._wrong(_NEEDS.get(predicate, VOCABULARY.short(predicate)), f"is a text, not {value}")
        return value.value

    def version_iri(self) -> str:
        value = self.graph.one(self.node, f"{OWL}versionIRI")
        if not isinstance(value, ox.NamedNode):
            raise self._wrong("owl:versionIRI", f"is an IRI, not {value}")
        return value.value

    def namespace(self) -> str:
        said = self.text(f"{_VANN}preferredNamespaceUri")
        name = "vann:preferredNamespaceUri"
        if not _NAMESPACE.fullmatch(said):
            raise self._wrong(name, f"is an IRI that ends in / or #, such as https://example.org/mine/, not {said!r}")
        if said != IL2 and (IL2.startswith(said) or said.startswith((VOCABULARY.shape, VOCABULARY.derived))):
            raise self._wrong(name, f"is {said!r}, where the vocabulary has its terms or shapes; choose another")
        return said

    def prefix(self) -> str:
        said = self.text(f"{_VANN}preferredNamespacePrefix")
        name = "vann:preferredNamespacePrefix"
        if not _PREFIX.fullmatch(said):
            raise self._wrong(name, f"is letters in lower case, digits and hyphens, such as mine, not {said!r}")
        if said in _TAKEN or (said == IL2_PREFIX) != (self.namespace() == IL2):
            raise self._wrong(name, f"is {said!r}, which stands for another namespace; choose another")
        return said

    def folder(self, name: str, default: str) -> Path:
        """The folder that a property names, or the one by default."""
        if not self.graph.objects(self.node, name):
            return self.file.parent / default
        if len(self.graph.objects(self.node, name)) != 1:
            raise self._wrong(f"il2:{name}", "is one folder, not several")
        return self._inside(f"il2:{name}", self.text(IL2 + name))

    def rule_files(self) -> tuple[Path, ...]:
        files = dict.fromkeys(chain.from_iterable(map(self._files, self.list("rulesIn"))))
        if not files:
            raise self._wrong("il2:rulesIn", "is an empty list; name the files that the rules are in")
        return tuple(files)

    def _files(self, said: str) -> list[Path]:
        """The files that one entry stands for."""
        path = self._inside("il2:rulesIn", said)
        paths = sorted(path.parent.glob(path.name)) if "*" in path.name else [path]
        if not paths or not all(each.is_file() for each in paths):
            raise self._wrong("il2:rulesIn", f"names {said!r}, which is not there")
        return paths

    def _inside(self, name: str, said: str) -> Path:
        """A path that is said, from the folder; it may begin beside the folder and leads nowhere else."""
        parts = PurePosixPath(said).parts
        own = parts[1:] if parts[:1] == ("..",) else parts
        if not own or said.startswith("/") or "\\" in said or ":" in said or ".." in own or "*" in "".join(own[:-1]):
            raise self._wrong(
                name,
                f"is {said!r}: a path is relative, has .. once at most, at its beginning, and * in its last part alone",
            )
        folder = self.file.parent
        return (folder.parent if own != parts else folder).joinpath(*own)

    def list(self, name: str) -> Iterator[str]:
        """The texts of a list; none where it is not there."""
        place: object = self.graph.one(self.node, name) if self.graph.objects(self.node, name) else ox.NamedNode(_NIL)
        while place != ox.NamedNode(_NIL):
            parts: Node | None = place if isinstance(place, ox.NamedNode | ox.BlankNode) else None
            first = [] if parts is None else self.graph.objects(parts, f"{RDF}first")
            rest = [] if parts is None else self.graph.objects(parts, f"{RDF}rest")
            if len(first) != 1 or len(rest) != 1 or not isinstance(first[0], ox.Literal):
                raise self._wrong(f"il2:{name}", 'is a list of texts, such as ( "findings.ttl" "rules/*.ttl" )')
            yield first[0].value
            place = rest[0]
