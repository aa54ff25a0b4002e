"""Compiles criteria to SHACL Core (semantics, section 3, as two shapes that plain SHACL can tell apart).

A criterion becomes node shapes over an ``il2:Assessment``, each wrapped in ``sh:not``, so that a validation result *is*
the statement:

* ``-met`` (``sh:Violation``): the condition, with every value required to be there;
* ``-possible`` (``sh:Warning``): the condition, true of whatever is absent; so met or unknown;
* ``-in-doubt`` (``sh:Warning``), where silence does not always bear: possible with silence read as absence;
* ``-held`` (``sh:Violation``), where the criterion has a memory: in force before, not met now, not known to be lifted.

A rule set whose escalation stays for a level, say a cycle, has an ``-ended-cycle`` shape of its own.
"""

from collections.abc import Iterator
from os.path import relpath
from pathlib import Path

from il2kg.guideline.conditions import AllOf, AnyOf, Condition, Leaf, Not
from il2kg.guideline.model import Criterion, Guideline, RuleSet
from il2kg.vocabulary import IL2

_PREFIXES = """@prefix derived: <{derived}> .
@prefix il2: <{vocabulary}> .
{own}@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix shape: <{shape}> .
"""
_HEADER = """# Compiled from {source}. Do not edit: edit that file and run `il2kg build`.

"""


def compile_shapes(guideline: Guideline) -> dict[str, str]:
    """The shapes of every rule set as Turtle, by file name. The same guideline always gives the same bytes."""
    names = guideline.names
    prefixes = _PREFIXES.format(derived=names.derived, vocabulary=IL2, own=names.declaration, shape=names.shape)
    return {
        f"{rule_set.id}.ttl": prefixes
        + _HEADER.format(source=_source(guideline, rule_set))
        + "\n".join(_rule_set_shapes(guideline, rule_set))
        for rule_set in guideline.rule_sets
    }


def _source(guideline: Guideline, rule_set: RuleSet) -> str:
    """The file of a rule set, where one is called after it, else that of the guideline.

    It is told as seen from where the shapes are, and stays the same where a guideline lies under another name.
    """
    folder = guideline.folder
    namesakes = (path for path in folder.rule_files if path.stem == rule_set.id)
    return Path(relpath(next(namesakes, folder.file), folder.shapes.parent)).as_posix()


def _rule_set_shapes(guideline: Guideline, rule_set: RuleSet) -> Iterator[str]:
    for criterion in guideline.criteria_of(rule_set.id):
        yield _shape(f"{criterion.id}-met", criterion, "met", "Violation", _form(criterion.condition, known=True))
        yield _shape(
            f"{criterion.id}-possible", criterion, "met or unknown", "Warning", _form(criterion.condition, known=False)
        )
        if rule_set.silence_bears_on is not None:
            shown = _form(criterion.condition.shown(), known=False)
            yield _shape(
                f"{criterion.id}-in-doubt", criterion, "unknown by more than silence, or met", "Warning", shown
            )
        if criterion.remembers:
            yield _shape(f"{criterion.id}-held", criterion, "still in force", "Violation", _held(guideline, criterion))
    if rule_set.escalation is not None and rule_set.escalation.stays_for is not None:
        level = guideline.levels[rule_set.escalation.stays_for]
        ended = f"{rule_set.label}: the {level.label} has ended"
        yield _target(f"{rule_set.id}-ended-{level.id}", ended, "Violation", _carried(guideline, rule_set.id))


def _shape(name: str, criterion: Criterion, state: str, severity: str, form: str) -> str:
    return _target(name, f"{criterion.label} ({criterion.source}): {state}", severity, form)


def _target(name: str, message: str, severity: str, form: str) -> str:
    return (
        f"shape:{name} a sh:NodeShape ;\n"
        f"    sh:targetClass il2:Assessment ;\n"
        f"    sh:severity sh:{severity} ;\n"
        f"    sh:message {_text(message)}@en ;\n"
        f"    sh:not {_indented(form, 11)} .\n"
    )


def _carried(guideline: Guideline, name: str) -> str:
    return f"[ sh:property [ sh:path il2:inForceBefore ; sh:hasValue {guideline.short(name)} ] ]"


def _held(guideline: Guideline, criterion: Criterion) -> str:
    parts = [_carried(guideline, criterion.id), f"[ sh:not {_form(criterion.condition, known=True)} ]"]
    if criterion.resume is not None:
        parts.append(f"[ sh:not {_form(criterion.resume, known=True)} ]")
    return _listed("sh:and", parts)


def _form(condition: Condition, *, known: bool) -> str:
    """The shape that holds where a condition is true (``known``), or where it is not false.

    Negation swaps the two.
    """
    match condition:
        case AllOf(parts):
            return _listed("sh:and", [_form(part, known=known) for part in parts])
        case AnyOf(parts):
            return _listed("sh:or", [_form(part, known=known) for part in parts])
        case Not(part):
            return f"[ sh:not {_form(part, known=not known)} ]"
        case Leaf():
            return condition.shape(known=known)
        case _:
            raise TypeError(f"{condition!r} is no form of condition")


def _listed(constraint: str, parts: list[str]) -> str:
    inner = "\n".join(_indented(f"  {part}", 2) for part in parts)
    return f"[ {constraint} (\n{inner}\n) ]"


def _indented(text: str, width: int) -> str:
    return text.replace("\n", "\n" + " " * width)


def _text(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
