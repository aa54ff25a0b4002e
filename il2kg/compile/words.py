"""Compiles the conditions of the criteria into words, for those who ask the graph and have no Python."""

from il2kg.guideline.model import Guideline
from il2kg.guideline.wording import Wording
from il2kg.vocabulary import IL2

_HEAD = """\
# Compiled from the ontology by `il2kg build`. Do not edit.
# Compiled from files with SHA-256 {digest}
@prefix il2: <{vocabulary}> .
{own}@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .

il2:conditionInWords a owl:AnnotationProperty ; rdfs:label "condition in words"@en ;
    skos:definition "When the criterion is met, as a phrase."@en .
il2:resumeInWords a owl:AnnotationProperty ; rdfs:label "resume condition in words"@en ;
    skos:definition "What lifts the criterion once it is in force, as a phrase."@en .
"""


def compile_words(guideline: Guideline, digest: str) -> str:
    """The conditions of a guideline in words, as Turtle; says with the digest from which files they were made."""
    wording = Wording(guideline)
    blocks = [_HEAD.format(digest=digest, vocabulary=IL2, own=guideline.names.declaration)]
    for criterion in guideline.criteria:
        said = [f"il2:conditionInWords {_text(wording.condition(criterion.condition))}"]
        if criterion.resume is not None:
            said.append(f"il2:resumeInWords {_text(wording.condition(criterion.resume))}")
        blocks.append(f"{guideline.short(criterion.id)} " + " ;\n    ".join(said) + " .\n")
    return "\n".join(blocks)


def _text(phrase: str) -> str:
    escaped = phrase.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"@en'
