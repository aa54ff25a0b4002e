"""What an assessment was made by: the program and the guideline, each in its version."""

from functools import lru_cache
from importlib.metadata import version
from typing import NamedTuple

from il2kg.compile.fingerprint import fingerprint
from il2kg.guideline.folder import GuidelineFolder


class MadeBy(NamedTuple):
    """The version of the program, the IRI of the guideline's version, and a fingerprint of the guideline's files."""

    software: str
    guideline: str
    fingerprint: str


@lru_cache(maxsize=8)
def made_by(folder: GuidelineFolder) -> MadeBy:
    """What assessments by the guideline of a folder are made by."""
    return MadeBy(version("il2kg"), folder.version_iri, fingerprint(folder.files_of_rules))
