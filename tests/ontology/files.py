"""The whole ontology as one graph, for those who read it from outside."""

from pathlib import Path

from rdflib import Graph

from il2kg.locations import content_root

ROOT = content_root()
FILES = sorted((ROOT / "ontology").rglob("*.ttl"))

PREFIXES = """
    @prefix il2: <https://w3id.org/il2kg/> .
    @prefix owl: <http://www.w3.org/2002/07/owl#> .
    @prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
    @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
    @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
"""


def merged(*more: str) -> Graph:
    """The ontology's files, and some Turtle more, as one graph."""
    graph = Graph()
    for path in FILES:
        graph.parse(path)
    for turtle in more:
        graph.parse(data=PREFIXES + turtle, format="turtle")
    return graph


def written(graph: Graph, folder: Path) -> Path:
    """A graph as an RDF/XML file, which every OWL tool reads."""
    path = folder / "ontology.rdf"
    graph.serialize(path, format="xml", encoding="utf-8")
    return path
