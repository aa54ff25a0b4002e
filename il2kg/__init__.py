"""The guideline for high-dose interleukin-2 as a knowledge graph, and what it says of a patient's next dose.

It supports decisions and makes none.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from il2kg.api import assess
    from il2kg.ask.answering import Answered, answer
    from il2kg.assessment.result import Assessment
    from il2kg.errors import (
        EvaluatorDisagreement,
        GuidelineError,
        Il2kgError,
        QueryError,
        QuestionError,
        RecordError,
        StaleShapesError,
    )
    from il2kg.knowledge.results import Answers, Triples
    from il2kg.querying import query

__all__ = [
    "Answered",
    "Answers",
    "Assessment",
    "EvaluatorDisagreement",
    "GuidelineError",
    "Il2kgError",
    "QueryError",
    "QuestionError",
    "RecordError",
    "StaleShapesError",
    "Triples",
    "answer",
    "assess",
    "query",
]

_HOME = {
    "Answered": "il2kg.ask.answering",
    "Answers": "il2kg.knowledge.results",
    "Assessment": "il2kg.assessment.result",
    "Triples": "il2kg.knowledge.results",
    "answer": "il2kg.ask.answering",
    "assess": "il2kg.api",
    "query": "il2kg.querying",
}


def __getattr__(name: str) -> object:
    """Load what is asked for: the command line starts without what assessing a record needs."""
    if name in __all__:
        return getattr(import_module(_HOME.get(name, "il2kg.errors")), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
