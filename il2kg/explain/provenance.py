"""What an assessment was made by: the program and the guideline, each in its version."""

from functools import lru_cache
from importlib.metadata import version
from typing import NamedTuple

from il2kg.compile.fingerprint import fingerprint
from il2kg.guideline.model import Guideline


class MadeBy(NamedTuple):
    """The version of the program, the IRI of the guideline's version, and a fingerprint of the guideline's files."""

    software: str
    guideline: str
    fingerprint: str


@lru_cache(maxsize=8)
def made_by(guideline: Guideline) -> MadeBy:
    """What assessments by a guideline are made by."""
    return MadeBy(version("il2kg"), guideline.folder.version_iri, fingerprint(guideline.folder.files_of_rules))
