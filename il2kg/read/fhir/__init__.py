"""Resources of FHIR as statements (semantics, section 7)."""
