"""The namespaces of the knowledge graph."""

IL2 = "https://w3id.org/il2kg/"
"""Terms of the ontology; also the ``system`` under which a FHIR record may use their local names as codes."""

SHAPE = "https://w3id.org/il2kg/shape/"
"""Compiled shapes: one for each form of a criterion."""

DERIVED = "https://w3id.org/il2kg/derived/"
"""What is derived for an assessment: statements that it shows or excludes, and quantities."""

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF_TYPE = RDF + "type"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
SKOS = "http://www.w3.org/2004/02/skos/core#"
OWL = "http://www.w3.org/2002/07/owl#"
XSD = "http://www.w3.org/2001/XMLSchema#"
SH = "http://www.w3.org/ns/shacl#"
