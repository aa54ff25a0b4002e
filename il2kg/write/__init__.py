"""Statements as files again: FHIR JSON, and the patient graph."""
