"""The guideline for high-dose interleukin-2 as a knowledge graph, and what it says of a patient's next dose.

It supports decisions and makes none.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
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

_HOME = {"assess": "il2kg.api", "Assessment": "il2kg.assessment"}


def __getattr__(name: str) -> object:
    """Load what is asked for: the command line starts without what assessing a record needs."""
    if name in __all__:
        return getattr(import_module(_HOME.get(name, "il2kg.errors")), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
