"""What can go wrong, as one tree of exceptions.

Each message is written for the person who made the input: what is wrong, where, and what to do.
"""


class Il2kgError(Exception):
    """Anything that il2kg raises on purpose."""


class GuidelineError(Il2kgError):
    """The ontology cannot be read as a guideline; raised by loading and compiling."""


class StaleShapesError(GuidelineError):
    """The compiled files under ``shapes/criteria/`` are not what the ontology compiles to."""


class RecordError(Il2kgError):
    """A record that cannot be used at all; the message names the cause, the caller the file."""


class EvaluatorDisagreement(Il2kgError):
    """The two evaluators came to different results for one record: no verdict may be given."""


class QueryError(Il2kgError):
    """A SPARQL query that is refused, wrong, or takes too long."""


class QuestionError(Il2kgError):
    """Words that match no question, or name nothing that the guideline knows; the message offers the nearest."""
