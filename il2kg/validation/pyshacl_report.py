"""Validation reports by pySHACL, the reference engine."""

from dataclasses import dataclass

from il2kg.errors import EvaluatorDisagreement


@dataclass(frozen=True)
class ValidationReport:
    """A SHACL validation report: whether the snapshot conforms, as text, and as Turtle."""

    conforms: bool
    text: str
    turtle: str


def report(shapes: str, snapshot: str, *, focus: str) -> ValidationReport:
    """Validate a snapshot with pySHACL.

    Args:
        shapes: the compiled shapes, as Turtle.
        snapshot: the snapshot, as Turtle.
        focus: the IRI of the assessment that the shapes must have targeted.

    Raises:
        EvaluatorDisagreement: the snapshot holds no assessment for the shapes to look at.
    """
    import pyshacl
    from rdflib import RDF, Graph, URIRef

    from il2kg.vocabulary import IL2

    data = Graph().parse(data=snapshot, format="turtle")
    if (URIRef(focus), RDF.type, URIRef(IL2 + "Assessment")) not in data:
        raise EvaluatorDisagreement(f"the snapshot holds no assessment <{focus}>")
    conforms, graph, text = pyshacl.validate(data, shacl_graph=Graph().parse(data=shapes, format="turtle"))
    assert isinstance(graph, Graph)
    return ValidationReport(bool(conforms), text, graph.serialize(format="turtle"))
