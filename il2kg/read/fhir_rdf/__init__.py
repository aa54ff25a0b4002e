"""FHIR RDF as FHIR elements: what parsing FHIR JSON would give (FHIR R4 and R5, RDF)."""
