"""The SHACL evaluator: the verdicts of ``shapes/criteria/`` over a snapshot.

Two engines from PyPI run the same files: ``shacl`` (compiled, in a millisecond) inside every assessment, and pySHACL, the
reference, for ``il2kg validate``.
"""

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from il2kg.errors import EvaluatorDisagreement
from il2kg.vocabulary import SHAPE

if TYPE_CHECKING:
    import shacl


@dataclass(frozen=True)
class ShapeResults:
    """Which shapes an assessment violates, by the local names of criteria (and rule sets)."""

    met: frozenset[str]
    possible: frozenset[str]
    held: frozenset[str]
    ended_cycle: frozenset[str]


@cache
def _compiled(shapes: str) -> "shacl.Shapes":
    import shacl

    return shacl.Shapes.from_turtle(shapes)


def evaluate_snapshot(shapes: str, snapshot: str, *, name: str) -> ShapeResults:
    """Validate one snapshot.

    Args:
        shapes: the compiled shapes, as Turtle.
        snapshot: the snapshot, as Turtle.
        name: the IRI of its assessment: the only focus node there may be.

    Raises:
        EvaluatorDisagreement: a result is about another node, or from an unknown shape.
    """
    by_form: dict[str, set[str]] = {"met": set(), "possible": set(), "held": set(), "ended-cycle": set()}
    for result in _compiled(shapes).validate_turtle(snapshot).results:
        focus, shape = result.focus_node.strip("<>"), result.source_shape.strip("<>")
        form = next((form for form in by_form if shape.endswith(f"-{form}")), None)
        if focus != name or form is None or not shape.startswith(SHAPE):
            raise EvaluatorDisagreement(f"SHACL gave a result that no criterion asks for: {shape} on {focus}")
        by_form[form].add(shape.removeprefix(SHAPE).removesuffix(f"-{form}"))
    return ShapeResults(*(frozenset(by_form[form]) for form in ("met", "possible", "held", "ended-cycle")))
