"""What an assessment was made by: the program and the guideline, each in its version."""

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

import pyoxigraph as ox

from il2kg.locations import content_root, guideline_files
from il2kg.vocabulary import IL2, OWL

_ONTOLOGY = ox.NamedNode(IL2)
_VERSION = ox.NamedNode(f"{OWL}versionIRI")


@dataclass(frozen=True, slots=True)
class MadeBy:
    """The version of the program, the IRI of the guideline's version, and a digest of the guideline's files."""

    software: str
    guideline: str
    fingerprint: str


@cache
def made_by(root: Path | None = None) -> MadeBy:
    """What assessments by the guideline under a content root (by default the product's own) are made by."""
    files = [(path.name, path.read_bytes()) for path in guideline_files(root or content_root())]
    (guideline,) = {
        quad.object.value
        for name, content in files
        if name == "il2kg.ttl"
        for quad in ox.parse(content, format=ox.RdfFormat.TURTLE)
        if (quad.subject, quad.predicate) == (_ONTOLOGY, _VERSION) and isinstance(quad.object, ox.NamedNode)
    }
    return MadeBy(version("il2kg"), guideline, sha256(b"".join(content for _, content in files)).hexdigest())
