"""What a guideline says of IRIs that a patient graph uses: terms, codes of vocabularies, and QUDT's units."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final
from urllib.parse import unquote

import pyoxigraph as ox

from il2kg.errors import GuidelineError
from il2kg.guideline.folder import GuidelineFolder
from il2kg.guideline.model import Guideline
from il2kg.guideline.ontology_graph import OntologyGraph
from il2kg.read.patient_graph.said import nearest
from il2kg.read.patient_graph.terms import ITEMS, QUDT_UNITS, ROOT_FINDING, UCUM_CODE, short
from il2kg.recognise.coding import Coding
from il2kg.vocabulary import IL2, Namespace

_COLUMNS: Final = ["beginning", "system", "comment"]
_UNIT_HOMES: Final = (QUDT_UNITS, "https://qudt.org/vocab/unit/", "http://qudt.org/2.1/vocab/unit/")


@dataclass(frozen=True)
class Tables:
    """What IRIs stand for, by a guideline of a ``folder``.

    ``ancestors`` has, for each finding, all those above it; ``treatments`` are the identifiers of what is given.
    """

    folder: GuidelineFolder
    ancestors: Mapping[str, frozenset[str]]
    treatments: frozenset[str]

    @classmethod
    def of(cls, guideline: Guideline) -> "Tables":
        """The tables of a guideline; none is read before it is needed."""
        iri = guideline.iri
        above = {iri(c.id): frozenset(map(iri, c.ancestors)) for c in guideline.findings.values()}
        return cls(guideline.folder, above | {ROOT_FINDING: frozenset()}, frozenset(guideline.treatments))

    @cached_property
    def names(self) -> Namespace:
        """The namespace of the guideline's own terms."""
        return self.folder.names

    @cached_property
    def homes(self) -> tuple[str, ...]:
        """The namespaces of the guideline's terms and of the vocabulary's, which records may use."""
        return tuple(dict.fromkeys((self.names.iri, IL2)))

    def is_term(self, iri: str) -> bool:
        """Whether an IRI is one of a term of the guideline or the vocabulary, be it a slip."""
        return iri.startswith(self.homes)

    def iri(self, concept: str) -> str:
        """The IRI of a concept of the guideline, by its identifier."""
        return self.names.iri + concept

    def finding(self, name: str) -> bool:
        """Whether a local name is that of a finding."""
        return self.iri(name) in self.ancestors

    def coding(self, iri: str) -> Coding:
        """The coding that an IRI stands for; of one that no table knows the system is all up to its last part."""
        for home in self.homes:
            if iri.startswith(home):
                return Coding(home, iri.removeprefix(home))
        bare = _bare(iri)
        for beginning, system in self._codes.items():
            if bare.startswith(beginning):
                return Coding(system, unquote(bare.removeprefix(beginning)))
        cut = max(iri.rfind(mark) for mark in "#/:") + 1
        return Coding(iri[:cut] or None, unquote(iri[cut:]) or None)

    def names_finding(self, iri: str) -> bool:
        """Whether a class is a finding of the guideline, below the most general one, or a code of a vocabulary."""
        if self.is_term(iri):
            return iri in self.ancestors and iri != ROOT_FINDING
        return _bare(iri).startswith(tuple(self._codes))

    def unit(self, iri: str) -> str | None:
        """The UCUM code of a unit of QUDT, if the table has it."""
        name = next((iri.removeprefix(home) for home in _UNIT_HOMES if iri.startswith(home)), None)
        return None if name is None else self._units.get(name)

    def knows(self, iri: str) -> bool:
        """Whether an IRI is one of the terms that the guideline, or the vocabulary, describes."""
        return iri in self._terms

    def nearest(self, iri: str) -> str:
        """A class for a message, with the class of items that it is most like, if it is none that is described."""
        if self.knows(iri):
            return self.shown(iri)
        return nearest(iri, (*ITEMS, *self.ancestors), self.names)

    def shown(self, iri: str) -> str:
        """An IRI as a person would write it."""
        return self.names.short(iri) if self.is_term(iri) else short(iri)

    @cached_property
    def _codes(self) -> dict[str, str]:
        """The systems of codes by how their IRIs begin, the longest beginnings first."""
        path = self.folder.vocabulary / "code-iris.tsv"
        try:
            head, *lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError) as error:
            raise GuidelineError(f"{path}: no table of the IRIs of codes: {error}") from error
        rows = [line.split("\t") for line in lines]
        if head.split("\t") != _COLUMNS or any(len(row) != len(_COLUMNS) for row in rows):
            raise GuidelineError(f"{path}: its columns are {', '.join(_COLUMNS)}, in every row")
        return {_bare(row[0]): row[1] for row in sorted(rows, key=lambda row: -len(row[0]))}

    @cached_property
    def _units(self) -> dict[str, str]:
        graph = OntologyGraph.read([self.folder.vocabulary / "qudt-units.ttl"])
        return {
            node.value.removeprefix(QUDT_UNITS): graph.text(node, UCUM_CODE)
            for node in graph.index
            if isinstance(node, ox.NamedNode) and graph.objects(node, UCUM_CODE)
        }

    @cached_property
    def _terms(self) -> frozenset[str]:
        graph = OntologyGraph.read(self.folder.files_of_graph, self.names)
        return frozenset(n.value for n in graph.index if isinstance(n, ox.NamedNode) and graph.is_own(n))


def _bare(iri: str) -> str:
    """An IRI without http:// or https://, which make no difference."""
    return iri.partition("://")[2] or iri
