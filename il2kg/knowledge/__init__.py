"""The whole ontology as one graph, and SPARQL over it."""
