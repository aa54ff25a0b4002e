"""The names of the guideline for what items are about, for a copy of a record that shapes look at.

In a patient graph such a name stands where nothing else can be meant. Here it stands wherever the reader takes an item
for it, be it by words alone: what is wrong with the item is then found, too.
"""

from collections.abc import Iterator

from il2kg.guideline.model import Guideline
from il2kg.rdf.graphs import Node
from il2kg.read.concepts import ConceptReader
from il2kg.read.patient_graph import terms
from il2kg.statements import CodedText, Condition, Medication, Procedure, Product, Statement
from il2kg.vocabulary import RDF_TYPE

_OBSERVATION = "Observation"


class Namer:
    """Says by name what items are about."""

    def __init__(self, concepts: ConceptReader, guideline: Guideline) -> None:
        self._concepts = concepts
        self._guideline = guideline

    def name(self, node: Node, statement: Statement) -> None:
        """Name what an item that is no observation is about."""
        for about in _said(statement):
            for meaning in self._concepts.subject(statement.item.kind, about).meanings:
                if meaning.concept in self._guideline.treatments:
                    self._add(node, terms.GIVES, meaning.concept)
                else:
                    is_class = terms.ROOT_FINDING in node[RDF_TYPE]
                    self._add(node, RDF_TYPE if is_class else terms.FINDING, meaning.concept)

    def observed(self, node: Node, about: CodedText, *, numeric: bool) -> None:
        """Name what an observation, or a component of one, is about, unless it is named."""
        if terms.PROPERTY not in node:
            for meaning in self._concepts.subject(_OBSERVATION, about, numeric=numeric).meanings:
                self._add(node, terms.PROPERTY, meaning.concept)

    def knows(self, about: CodedText, *, numeric: bool) -> bool:
        """Whether a component of an observation is about something that is known."""
        return bool(self._concepts.subject(_OBSERVATION, about, numeric=numeric).meanings)

    def _add(self, node: Node, name: str, concept: str) -> None:
        iri = self._guideline.iri(concept)
        if iri not in node.get(name, ()):
            node[name] = [*node.get(name, ()), iri]


def _said(statement: Statement) -> Iterator[CodedText]:
    """All that says what an item is about."""
    if isinstance(statement, Medication):
        yield from statement.about
        if statement.pointer is not None:
            yield statement.pointer
        if statement.product is not None:
            yield from _of_product(statement.product)
    elif isinstance(statement, Procedure | Condition):
        yield statement.about


def _of_product(product: Product) -> Iterator[CodedText]:
    yield product.about
    if product.pointer is not None:
        yield product.pointer
    for part in product.ingredients:
        yield from _of_product(part)
