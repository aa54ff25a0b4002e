"""The guideline: frozen objects, and how the ontology becomes them."""
