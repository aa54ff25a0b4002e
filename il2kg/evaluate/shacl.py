"""The SHACL evaluator: the verdicts of ``shapes/criteria/`` over a snapshot.

Two engines from PyPI run the same files: ``shacl`` (compiled, in milliseconds) beside the columns, and pySHACL, the
reference, for ``il2kg validate``.
"""

from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from il2kg.errors import EvaluatorDisagreement

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


@lru_cache(maxsize=8)
def _compiled(shapes: str) -> "shacl.Shapes":
    import shacl

    return shacl.Shapes.from_turtle(shapes)


def evaluate_snapshots(shapes: str, snapshots: str, names: Collection[str], namespace: str) -> dict[str, ShapeResults]:
    """Validate a graph of snapshots.

    Args:
        shapes: the compiled shapes, as Turtle.
        snapshots: the snapshots, as one Turtle document.
        names: the IRIs of their assessments: the only focus nodes there may be.
        namespace: that of the shapes.

    Returns:
        The results of each assessment, also where there are none.

    Raises:
        EvaluatorDisagreement: a result is about another node, or from an unknown shape.
    """
    found: dict[str, dict[str, set[str]]] = {name: {form: set() for form in _FORMS} for name in names}
    for result in _compiled(shapes).validate_turtle(snapshots).results:
        focus, shape = result.focus_node.strip("<>"), (result.source_shape or "").strip("<>")
        form = next((form for form in _FORMS if shape.endswith(f"-{form}")), None)
        if focus not in found or form is None or not shape.startswith(namespace):
            raise EvaluatorDisagreement(f"SHACL gave a result that no criterion asks for: {shape} on {focus}")
        found[focus][form].add(shape.removeprefix(namespace).removesuffix(f"-{form}"))
    return {name: ShapeResults(*(frozenset(forms[form]) for form in _FORMS)) for name, forms in found.items()}
