"""The SHACL evaluator: the verdicts of ``shapes/criteria/`` over a snapshot.

Two engines from PyPI run the same files: ``shacl`` (compiled, in milliseconds) beside the columns, and pySHACL, the
reference, for ``il2kg validate``.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from il2kg.errors import EvaluatorDisagreement

if TYPE_CHECKING:
    import shacl


@dataclass(frozen=True)
class ShapeResults:
    """Which shapes an assessment violates, by the local names of criteria, and of rule sets that ``escalated``."""

    met: frozenset[str]
    possible: frozenset[str]
    in_doubt: frozenset[str]
    held: frozenset[str]
    escalated: frozenset[str]


_FORMS = ("met", "possible", "in-doubt", "held", "escalated")
_NAME = re.compile(r"(?P<of>.+)-(?P<form>met|possible|in-doubt|held)|(?P<rule_set>.+)-ended-.+")


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
    results: dict[str, dict[str, set[str]]] = {name: {form: set() for form in _FORMS} for name in names}
    for result in _compiled(shapes).validate_turtle(snapshots).results:
        focus, shape = result.focus_node.strip("<>"), (result.source_shape or "").strip("<>")
        name = _NAME.fullmatch(shape.removeprefix(namespace))
        if focus not in results or name is None or not shape.startswith(namespace):
            raise EvaluatorDisagreement(f"SHACL gave a result that no criterion asks for: {shape} on {focus}")
        results[focus][name["form"] or "escalated"].add(name["of"] or name["rule_set"])
    return {name: ShapeResults(*(frozenset(forms[form]) for form in _FORMS)) for name, forms in results.items()}
