"""The guideline for high-dose interleukin-2 as a knowledge graph, and what it says of a patient's next dose.

It supports decisions and makes none.
"""

from il2kg.api import assess
from il2kg.assessment import Assessment
from il2kg.errors import (
    EvaluatorDisagreement,
    GuidelineError,
    Il2kgError,
    RecordError,
    StaleShapesError,
)

__all__ = [
    "Assessment",
    "EvaluatorDisagreement",
    "GuidelineError",
    "Il2kgError",
    "RecordError",
    "StaleShapesError",
    "assess",
]
