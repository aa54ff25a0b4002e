"""What is chosen by a word, on the command line and from Python. Nothing is imported, so that help needs nothing."""

from typing import Final, Literal

Written = Literal["text", "json", "ttl", "jsonld"]
"""The form of an assessment."""

Converted = Literal["ttl", "trig", "nq", "jsonld", "fhir-json"]
"""The format of a record that is written."""

Exported = Literal["ttl", "nt", "jsonld", "rdfxml"]
"""The format of the whole graph."""

EngineName = Literal["shacl", "pyshacl"]
"""A SHACL engine."""

Severity = Literal["violation", "warning", "info"]
"""How bad a flaw of a record is."""

SEVERITIES: Final[tuple[Severity, ...]] = ("violation", "warning", "info")
"""From the worst to the mildest."""

MAP_VARIABLE: Final = "IL2KG_MAP"
"""The environment variable that names maps that are always read, separated as the paths of ``PATH`` are."""
