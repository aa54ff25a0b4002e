"""The SHACL evaluator: the verdicts of ``shapes/criteria/`` over a snapshot.

Two engines from PyPI run the same files: ``shacl`` (compiled, in milliseconds) beside the columns, and pySHACL, the
reference, for ``il2kg validate``.
"""

from collections.abc import Collection
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
    in_doubt: frozenset[str]
    held: frozenset[str]
    ended_cycle: frozenset[str]


_FORMS = ("met", "possible", "in-doubt", "held", "ended-cycle")


@cache
def _compiled(shapes: str) -> "shacl.Shapes":
    import shacl

    return shacl.Shapes.from_turtle(shapes)


def evaluate_snapshots(shapes: str, snapshots: str, names: Collection[str]) -> dict[str, ShapeResults]:
    """Validate a graph of snapshots.

    Args:
        shapes: the compiled shapes, as Turtle.
        snapshots: the snapshots, as one Turtle document.
        names: the IRIs of their assessments: the only focus nodes there may be.

    Returns:
        The results of each assessment, also where there are none.

    Raises:
        EvaluatorDisagreement: a result is about another node, or from an unknown shape.
    """
    found: dict[str, dict[str, set[str]]] = {name: {form: set() for form in _FORMS} for name in names}
    for result in _compiled(shapes).validate_turtle(snapshots).results:
        focus, shape = result.focus_node.strip("<>"), (result.source_shape or "").strip("<>")
        form = next((form for form in _FORMS if shape.endswith(f"-{form}")), None)
        if focus not in found or form is None or not shape.startswith(SHAPE):
            raise EvaluatorDisagreement(f"SHACL gave a result that no criterion asks for: {shape} on {focus}")
        found[focus][form].add(shape.removeprefix(SHAPE).removesuffix(f"-{form}"))
    return {name: ShapeResults(*(frozenset(forms[form]) for form in _FORMS)) for name, forms in found.items()}
