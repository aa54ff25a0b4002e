"""What a criterion says while it is in force: the section ``[says]`` of its table of cases (docs/cases.md).

Words stand as people are shown them. Numbers stand in braces, beside the limits of the criterion, and are shown with
the unit of the ontology: ``above {limit.above}``, ``for {limit.span} or longer``, ``{limit.above + 0.3}``; times are
counted from the assessed instant: ``{@ -2h}``.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from decimal import Decimal

from il2kg.assessment.result import Assessment, CriterionStatus
from il2kg.engine import Engine
from il2kg.explain.as_json import as_document
from il2kg.explain.as_text import TextReport
from il2kg.explain.clock import Clock
from il2kg.forms.compare import Compare
from il2kg.forms.series_count import SeriesCount
from il2kg.guideline.conditions import inner_leaves
from il2kg.guideline.lengths import HOURS_PER_DAY, plain_amount, plain_time
from il2kg.guideline.wording import Wording
from tests.case_notation import NotationError, Scope, events_of
from tests.case_spelling import T

PLAIN = "plain"
"""The met case of which a table says what is said."""

_BRACES = re.compile(r"\{(.+?)\}")
_LENGTHS = re.compile(r"\b(?:span|window|absence)\b")
_SECOND = 1_000_000


@dataclass(frozen=True)
class Says:
    """What is said of the plain met case of a criterion.

    ``decision`` is that of the rule set, in every case in which the criterion is in force; ``advice`` the identifiers
    of the interventions, in order; ``limit`` and ``lifted`` the condition and the resume condition in words; ``seen``
    the evidence, without the items of the record.
    """

    effect: str
    organ_system: str
    decision: str
    advice: str
    seen: str
    limit: str
    lifted: str | None = None


def says_of(scope: Scope, section: dict[str, str]) -> Says:
    """The section of a table, with what stands in braces filled in.

    Raises:
        NotationError: it lacks a key, has one that is unknown, or its braces cannot be read.
    """
    given = {"advice": "", **{key.replace("-", "_"): text for key, text in section.items()}}
    wanted = {field.name for field in fields(Says)} - {"lifted"}
    if given.keys() - {"lifted"} != wanted:
        unfit = sorted((given.keys() - {"lifted"}) ^ wanted)
        raise NotationError(f"{scope.criterion.id}: [says] lacks or does not know {unfit}")
    return Says(**{key: _BRACES.sub(lambda found: _filled(scope, found[1]), text) for key, text in given.items()})


def _filled(scope: Scope, text: str) -> str:
    """What stands in braces, as people are shown it."""
    if text.startswith("@ "):
        return _only(scope, text, lambda concept: _moment(scope.number(concept, text.removeprefix("@ "))))
    first, _, rest = text.partition(" ")
    if rest and (first in scope.guideline.labels or first in events_of(scope.guideline)):
        return _shown(scope, first, rest)
    return _only(scope, text, lambda concept: _shown(scope, concept, text))


def _only(scope: Scope, text: str, shown: Callable[[str], str]) -> str:
    """What an expression comes to of any concept that the criterion asks for, where that is one thing."""
    found, why = set(), []
    for concept in _concepts(scope):
        try:
            found.add(shown(concept))
        except NotationError as error:
            why.append(str(error))
    if len(found) != 1:
        told = f"may be {', '.join(sorted(found))}" if found else f"is nothing: {why[:1]}"
        raise NotationError(f"{scope.criterion.id}: {{{text}}} {told}; name the concept before it")
    return found.pop()


def _concepts(scope: Scope) -> Iterator[str]:
    """All that the conditions of the criterion speak of; a count is of the events of its series."""
    for condition in (scope.criterion.condition, scope.criterion.resume):
        for leaf in inner_leaves(condition) if condition is not None else ():
            about = leaf.quantity if isinstance(leaf, Compare) else leaf
            if isinstance(about, SeriesCount):
                yield from events_of(scope.guideline)
                continue
            yield from (getattr(about, name) for name in ("observable", "finding", "treatment") if hasattr(about, name))


def _moment(hours: Decimal) -> str:
    """An instant so many hours after the assessed one."""
    return Clock(None).moment(int((T + timedelta(hours=float(hours))).timestamp()) * _SECOND)


def _shown(scope: Scope, concept: str, expression: str) -> str:
    number = scope.number(concept, expression)
    if _LENGTHS.search(expression):
        return plain_time(number)
    unit = _unit(scope, concept, expression)
    if concept in events_of(scope.guideline) and unit == "d":
        number /= HOURS_PER_DAY
    return plain_amount(number, unit)


def _unit(scope: Scope, concept: str, expression: str) -> str:
    """The unit of the limit that an expression names, or else the observable's own."""
    condition = scope.criterion.resume if "resume" in expression else scope.criterion.condition
    wording = Wording(scope.guideline)
    units = {
        leaf.quantity.unit(wording)
        for leaf in (inner_leaves(condition) if condition is not None else ())
        if isinstance(leaf, Compare) and scope.is_about(leaf, concept)
    }
    if len(units) == 1:
        return units.pop()
    if concept in scope.guideline.observables:
        return scope.guideline.observables[concept].unit
    raise NotationError(f"{scope.criterion.id}: {expression!r} of {concept} has no unit of its own")


def said_of(engine: Engine, criterion: str, assessment: Assessment) -> Says:
    """What an assessment says of a criterion that is met."""
    (status,) = (c for c in assessment.criteria if c.id == criterion)
    document = as_document(assessment)
    (written,) = (c for c in document["criteria"] if c["id"] == criterion)
    return Says(
        effect=written["effect"],
        organ_system=engine.guideline.organ_systems[status.organ_system],
        decision=document["rule_sets"][status.rule_set]["decision"],
        advice=", ".join(advice["id"] for advice in document["interventions"]),
        seen="; ".join(_evidence(engine, status)),
        limit=written["condition"],
        lifted=written["resume"],
    )


def _evidence(engine: Engine, status: CriterionStatus) -> Iterator[str]:
    """The evidence as the report has it, of what is known, without the items that it comes from."""
    report, clock = TextReport(engine.guideline), Clock(None)
    for evidence in status.evidence:
        if evidence.value is not None and not evidence.granted:
            yield report.evidence(replace(evidence, resources=()), clock)
