"""What an assessment was made by: the program and the guideline, each in its version."""

from dataclasses import dataclass
from functools import lru_cache
from importlib.metadata import version

from il2kg.guideline.folder import GuidelineFolder


@dataclass(frozen=True, slots=True)
class MadeBy:
    """The version of the program, the IRI of the guideline's version, and a digest of the guideline's files."""

    software: str
    guideline: str
    fingerprint: str


@lru_cache(maxsize=8)
def made_by(folder: GuidelineFolder) -> MadeBy:
    """What assessments by the guideline of a folder are made by."""
    return MadeBy(version("il2kg"), folder.version_iri, folder.digest_of_rules())
