"""What is compiled from the ontology and checked in."""
