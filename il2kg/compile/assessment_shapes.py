"""Compiles the ``assessment.ttl`` of a guideline's shapes: what a written assessment looks like.

What hangs on no decision and on no effect is written by hand, in ``shapes/structure/assessment.ttl``; the rest is
compiled from the ontology and joined to it.
"""

from collections.abc import Iterable, Iterator
from typing import Final

from il2kg.compile.shape_text import structure_of, wrapped
from il2kg.guideline.model import Guideline

_HEADER: Final = """\
# What a written assessment looks like. Each part is closed: nothing is said in it that is not listed here.
# Compiled from the ontology and shapes/structure/assessment.ttl by `il2kg build`. Do not edit.

"""


def compile_assessment_shapes(guideline: Guideline) -> str:
    """The shapes of written assessments, as Turtle.

    Raises:
        GuidelineError: the part that is written by hand cannot be read.
    """
    names = guideline.names
    structure = structure_of(guideline.folder.structure / "assessment.ttl", names)
    return _HEADER + names.declaration + structure + "\n" + "\n".join(_compiled(guideline))


def _compiled(guideline: Guideline) -> Iterator[str]:
    decisions = guideline.decisions
    lowest = [decisions.lowest.id, *(each.id for each in decisions.other_words)]
    bounds = [*lowest, *(each.id for each in decisions.in_order[1:])]
    undecided = decisions.undecided.id
    ahead = " ".join(map(guideline.short, (*lowest, *(d.id for d in decisions.in_order[1:] if d.goes_ahead))))

    def one_of(path: str, names: Iterable[str], message: str) -> str:
        return _one_of(path, map(guideline.short, names), message)

    yield "# ---- Compiled: decisions and effects\n"
    yield (
        "written:Decided a sh:NodeShape ;\n"
        "    sh:targetClass il2:WrittenAssessment , il2:RuleSetDecision"
        + one_of("decision", [*bounds, undecided], "What was decided is one of the decisions in decisions.ttl")
        + one_of("decisionAtLeast", bounds, "A decision is at least one of those in decisions.ttl")
        + one_of("decisionAtMost", bounds, "A decision is at most one of those in decisions.ttl")
        + " .\n"
    )
    yield (
        "written:WithinItsBounds a sh:NodeShape ;\n"
        "    sh:targetClass il2:WrittenAssessment , il2:RuleSetDecision ;\n"
        '    sh:message "The decision is the least that it can be; where that is to go ahead, it may be undecided"@en'
        " ;\n"
        "    sh:or ( [ sh:property [ sh:path il2:decision ; sh:equals il2:decisionAtLeast ] ]\n"
        f"            [ sh:property [ sh:path il2:decision ; sh:hasValue {guideline.short(undecided)} ] ;\n"
        f"              sh:property [ sh:path il2:decisionAtLeast ; sh:in ( {ahead} ) ] ] ) .\n"
    )
    asked = one_of("asksFor", guideline.effects, "A criterion asks for one effect, of those in decisions.ttl")
    yield f"written:AsksFor a sh:NodeShape ;\n    sh:targetClass il2:CriterionStatus{asked} .\n"


def _one_of(path: str, names: Iterable[str], message: str) -> str:
    """That a property has one value, of some terms."""
    listed = wrapped("    sh:in (", names, " ) ;\n", between="")
    return (
        f" ;\n    sh:property [ sh:path il2:{path} ; sh:minCount 1 ; sh:maxCount 1 ;\n{listed}"
        f'    sh:message "{message}"@en ]'
    )
