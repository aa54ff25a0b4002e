"""Compiles what a well-formed condition is from the forms of conditions: each form says how it is written."""

from collections.abc import Iterable, Iterator
from typing import Final

from il2kg.compile.shape_text import wrapped
from il2kg.forms import all_forms
from il2kg.forms.reader import COMPARED, LIMITS, SPAN, Of, Syntax
from il2kg.vocabulary import IL2

_HEAD: Final = f"""\
# What a well-formed condition is. Compiled from il2kg/forms/ by `il2kg build`. Do not edit.

@prefix authoring: <https://w3id.org/il2kg/authoring/> .
@prefix il2: <{IL2}> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .

"""
_NAMED: Final = {Of.FINDING: "finding", Of.TREATMENT: "treatment"}


def compile_authoring_shapes() -> str:
    """The shapes of conditions as Turtle; the same forms always give the same bytes."""
    return _HEAD + "\n".join(_shapes(list(all_forms().values())))


def _shapes(forms: list[Syntax]) -> Iterator[str]:
    within = [form for form in forms if form.of is Of.CONDITION]
    compared = [form for form in forms if form.qualifiers >= COMPARED]
    yield _one_form(forms, within)
    several = [form for form in forms if form.several]
    joined = " and ".join(_terms(several))
    yield _counted("Combination", several, "sh:minCount 2", f"{joined} join two conditions or more")
    one = [form for form in forms if not form.several]
    yield _counted("OneTerm", one, "sh:maxCount 1", f"A condition asks about one thing; {joined} join several")
    yield _limited(compared)
    yield _timed([form for form in forms if form.qualifiers >= SPAN])
    for of, word in _NAMED.items():
        named = [form for form in forms if form.of is of]
        yield (
            wrapped(
                f"authoring:{of}Asked a sh:NodeShape ;\n    sh:targetObjectsOf", _terms(named), " ;\n", between=" ,"
            )
            + f"    sh:property [ sh:path [ sh:oneOrMorePath rdfs:subClassOf ] ; sh:hasValue il2:{of} ;\n"
            + f'        sh:message "What is named here is a {word}, with a parent in one of the files {word}s.ttl"@en'
            + " ] .\n"
        )


def _one_form(forms: list[Syntax], within: list[Syntax]) -> str:
    targets = ["il2:condition", "il2:resume", *_terms(within)]
    ways = "\n".join(f"        [ sh:property [ sh:path {term} ; sh:minCount 1 ] ]" for term in _terms(forms))
    return (
        wrapped("authoring:Condition a sh:NodeShape ;\n    sh:targetObjectsOf", targets, " ;\n", between=" ,")
        + '    sh:message "A condition has exactly one form, such as il2:present or il2:observable"@en ;\n'
        + f"    sh:xone (\n{ways}\n    ) .\n"
    )


def _counted(name: str, forms: Iterable[Syntax], count: str, message: str) -> str:
    terms = _terms(forms)
    return (
        wrapped(f"authoring:{name} a sh:NodeShape ;\n    sh:targetSubjectsOf", terms, " ;\n", between=" ,")
        + f"    sh:property [ {count} ;\n"
        + wrapped("        sh:path [ sh:alternativePath (", terms, " ) ] ;\n", between="")
        + f'        sh:message "{message}"@en ] .\n'
    )


def _limited(compared: list[Syntax]) -> str:
    terms, limits = _terms(compared), [f"il2:{name}" for name in LIMITS]
    return (
        wrapped("authoring:Threshold a sh:NodeShape ;\n    sh:targetSubjectsOf", terms, " ;\n", between=" ,")
        + wrapped("    sh:property [ sh:path [ sh:alternativePath (", limits, " ) ] ; sh:minCount 1 ;\n", between="")
        + '        sh:message "A threshold has a comparator: il2:above, il2:atLeast, il2:below or il2:atMost"@en ] ;\n'
        + "    sh:property [ sh:path il2:unit ; sh:minCount 1 ; sh:maxCount 1 ; sh:datatype xsd:string ;\n"
        + '        sh:message "A threshold has exactly one unit, a UCUM code"@en ] .\n\n'
        + wrapped("authoring:Compared a sh:NodeShape ;\n    sh:targetSubjectsOf", limits, " ;\n", between=" ,")
        + "    sh:property [ sh:minCount 1 ;\n"
        + wrapped("        sh:path [ sh:alternativePath (", terms, " ) ] ;\n", between="")
        + '        sh:message "A limit is a limit of something that is measured or counted"@en ] .\n'
    )


def _timed(timed: list[Syntax]) -> str:
    ways = " ".join(f"[ sh:property [ sh:path il2:{unit} ; sh:minCount 1 ] ]" for unit in sorted(SPAN, reverse=True))
    counts = "".join(
        f" ;\n    sh:property [ sh:path il2:{unit} ; sh:maxCount 1 ; sh:minExclusive 0 ;\n"
        f'        sh:message "A time in {unit} is one number above 0"@en ]'
        for unit in sorted(SPAN, reverse=True)
    )
    return (
        wrapped("authoring:Time a sh:NodeShape ;\n    sh:targetSubjectsOf", _terms(timed), " ;\n", between=" ,")
        + '    sh:message "A time is in il2:hours or in il2:days"@en ;\n'
        + f"    sh:xone ( {ways} ){counts} .\n"
    )


def _terms(forms: Iterable[Syntax]) -> list[str]:
    return sorted(f"il2:{form.property}" for form in forms)
