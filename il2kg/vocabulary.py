"""The namespaces of the knowledge graph, and how terms are named by those who read and write it."""

from dataclasses import dataclass
from typing import Final

IL2 = "https://w3id.org/il2kg/"
"""Terms of the vocabulary that all guidelines share; and those of the guideline for interleukin-2."""

IL2_PREFIX: Final = "il2"

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF_TYPE = RDF + "type"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SH = "http://www.w3.org/ns/shacl#"


@dataclass(frozen=True, slots=True)
class Namespace:
    """The namespace of a guideline's own terms, with the prefix that stands for it in texts for people.

    The identifier of a term is its local name, of one's own terms and of the vocabulary's alike.
    """

    iri: str
    prefix: str

    @property
    def shape(self) -> str:
        """The namespace of compiled shapes: one for each form of a criterion."""
        return f"{self.iri}shape/"

    @property
    def derived(self) -> str:
        """The namespace of what is derived for an assessment: statements that it shows or excludes, and quantities."""
        return f"{self.iri}derived/"

    @property
    def declaration(self) -> str:
        """The line of Turtle that declares the prefix beside that of the vocabulary; none where the two are one."""
        return "" if self.iri == IL2 else f"@prefix {self.prefix}: <{self.iri}> .\n"

    def owns(self, iri: str) -> bool:
        """Whether an IRI is under this namespace."""
        return iri.startswith(self.iri)

    def identifier(self, iri: str) -> str | None:
        """The identifier of a term of the guideline or of the vocabulary; None if the IRI is neither's."""
        for namespace in (self.iri, IL2):
            if iri.startswith(namespace):
                return iri.removeprefix(namespace)
        return None

    def short(self, iri: str) -> str:
        """An IRI as texts for people have it: ``prefix:name`` if it is a term, else ``<IRI>``."""
        if iri.startswith(self.iri):
            return f"{self.prefix}:{iri.removeprefix(self.iri)}"
        if iri.startswith(IL2):
            return f"{IL2_PREFIX}:{iri.removeprefix(IL2)}"
        return f"<{iri}>"


VOCABULARY: Final = Namespace(IL2, IL2_PREFIX)
"""The vocabulary's own namespace."""
