"""What an assessment was made by: the program and the guideline, each in its version."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version

from il2kg.guideline.model import Guideline


@dataclass(frozen=True, slots=True)
class MadeBy:
    """The version of the program, the IRI of the guideline's version, and a digest of the guideline's files."""

    software: str
    guideline: str
    fingerprint: str


@lru_cache(maxsize=8)
def made_by(guideline: Guideline) -> MadeBy:
    """What assessments by a guideline are made by."""
    return MadeBy(version("il2kg"), guideline.folder.version_iri, guideline.folder.digest_of_rules())
