"""Compiles ``shapes/assessment.ttl``: what a written assessment looks like.

What it looks like is written by hand, in ``shapes/structure/assessment.ttl``; what may be decided and asked for is the
guideline's, and is put in where that says ``{decisions}`` and the like.
"""

from collections.abc import Iterable
from typing import Final

from il2kg.compile.shape_text import structure_of
from il2kg.guideline.decisions import Decision
from il2kg.guideline.model import Guideline
from il2kg.vocabulary import IL2

_HEAD: Final = """@prefix il2: <{vocabulary}> .
{own}@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix written: <{namespace}written/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

# Compiled from the guideline's decisions and shapes/structure/assessment.ttl by `il2kg build`. Do not edit.

"""


def compile_assessment_shapes(guideline: Guideline) -> str:
    """The shapes of assessments as RDF, as Turtle.

    Raises:
        GuidelineError: the part that is written by hand cannot be read.
    """
    names, decisions = guideline.names, guideline.decisions
    structure = structure_of(guideline.folder.structure / "assessment.ttl", names)
    # Another word for the lowest decision is said in its place, and lets go ahead as it does.
    lowest, *others = decisions.in_order
    said = (lowest, *decisions.other_words, *others)
    words = {
        "{decisions}": _listed(guideline, said),
        "{undecided}": guideline.short(decisions.undecided.id),
        "{going-ahead}": _listed(guideline, [d for d in said if d.goes_ahead or d in (lowest, *decisions.other_words)]),
        "{effects}": " ".join(map(guideline.short, guideline.effects)),
        "{event}": guideline.decides_on,
    }
    for place, word in words.items():
        structure = structure.replace(place, word)
    head = _HEAD.format(vocabulary=IL2, own=names.declaration, namespace=names.iri)
    return head + structure


def _listed(guideline: Guideline, decisions: Iterable[Decision]) -> str:
    return " ".join(guideline.short(each.id) for each in decisions)
