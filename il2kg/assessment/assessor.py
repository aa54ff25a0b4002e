"""What is said of records: evaluation -> decisions -> assessments, each with what it rests on."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from il2kg.assessment.advice import advice
from il2kg.assessment.evaluation import Evaluation, check, shape_results
from il2kg.assessment.evidence import EvidenceOf, sources_of
from il2kg.assessment.result import Assessment, CriterionStatus, Evidence
from il2kg.assessment.to_assess import Unknowns, to_assess
from il2kg.derive.timeline import Keys
from il2kg.errors import EvaluatorDisagreement
from il2kg.forms.next_event import SeriesFact
from il2kg.forms.present import Present
from il2kg.forms.statement import Statement
from il2kg.guideline.conditions import Asked, inner_leaves
from il2kg.guideline.model import Criterion, Guideline, RuleSet
from il2kg.guideline.wording import Wording
from il2kg.rules.decision import RuleSetDecision, Situation, Status, decide_overall, decide_rule_set
from il2kg.rules.memory import met_since, span_of_criterion

# ---- the decisions


def situation(evaluated: Evaluation, row: int) -> Situation:
    """What the events say of the one now considered in a record."""
    given: dict[str, bool | None] = {}
    first: dict[str, bool | None] = {}
    surely_later: set[str] = set()
    for name, events in evaluated.values.at.series.items():
        doubtful = bool(events.doubtful[row])
        going_on = {level.id: bool(events.within(level.id)[row]) for level in events.series.levels}
        given[name] = True if events.given[row] else None if doubtful else False
        # An event more could end nothing where one of the narrowest level is going on; elsewhere what may have been one
        # leaves open where the next stands.
        left_open = doubtful and not next(iter(going_on.values()), False)
        first.update((level, None if left_open else not inside) for level, inside in going_on.items())
        surely_later.update(level for level, inside in going_on.items() if inside and not doubtful)
    silent = frozenset(evaluated.statuses.in_doubt) - evaluated.in_doubt(row)
    return Situation(given, first, frozenset(surely_later), evaluated.escalated(row), silent)


def decisions(evaluated: Evaluation, row: int) -> dict[str, RuleSetDecision]:
    """What each rule set that was asked for decides on a record."""
    each = {name: statuses[row] for name, statuses in evaluated.statuses.each.items()}
    where = situation(evaluated, row)
    return {
        r.id: decide_rule_set(r, evaluated.guideline.criteria_of(r.id), each, where, evaluated.guideline.decisions)
        for r in _asked_for(evaluated)
    }


def _asked_for(evaluated: Evaluation) -> Iterator[RuleSet]:
    wanted = evaluated.request.rule_sets
    return (r for r in evaluated.guideline.rule_sets if not wanted or r.id in wanted)


# ---- the assessments


@dataclass(frozen=True)
class CriterionWords:
    """A criterion in words, and what there is evidence of: of its condition, and of that with its resume condition."""

    condition: str
    resume: str | None
    sources: tuple[Asked, ...]
    sources_of_hold: tuple[Asked, ...]


@dataclass(frozen=True)
class Telling:
    """What telling of many records has in common; ``not_charted`` is what `EvidenceOf` keeps for them all."""

    wording: Wording
    of_criteria: Mapping[str, CriterionWords]
    unknowns: Unknowns
    not_charted: dict[Statement, tuple[Evidence, ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, evaluated: Evaluation, wording: Wording) -> "Telling":
        """For all records of an evaluation."""
        words = {
            c.id: CriterionWords(
                wording.condition(c.condition),
                None if c.resume is None else wording.condition(c.resume),
                sources_of(c.condition),
                sources_of(c.condition, c.resume),
            )
            for c in evaluated.guideline.criteria
        }
        return cls(wording, words, Unknowns.of(evaluated.guideline, evaluated.values))


def assessments(
    evaluated: Evaluation, shapes: str, wording: Wording, names: Iterable[str], at: Sequence[int]
) -> Iterator[Assessment | EvaluatorDisagreement]:
    """What is said of each record, in order; where the evaluators differ on one, that error."""
    results = shape_results(evaluated, shapes, at) if evaluated.request.cross_check else None
    since, told = _since(evaluated), Telling.of(evaluated, wording)
    for row, (name, instant) in enumerate(zip(names, at, strict=True)):
        try:
            if results is not None:
                check(evaluated, row, name, results[row])
        except EvaluatorDisagreement as disagreement:
            yield disagreement
        else:
            yield _assessment(evaluated, row, name, instant, told, since)


def _since(evaluated: Evaluation) -> Mapping[str, Keys]:
    """Since when each criterion that is in force somewhere has been."""
    remembered = {name: each.since for name, each in evaluated.memory.criteria.items()}
    met_now = {
        c.id: met_since(evaluated.history, c)
        for r in _asked_for(evaluated)
        for c in evaluated.guideline.criteria_of(r.id)
        if c.id not in remembered and evaluated.statuses.columns[c.id][0].any()
    }
    return {**remembered, **met_now}


def _assessment(
    evaluated: Evaluation, row: int, name: str, at: int, telling: Telling, since: Mapping[str, Keys]
) -> Assessment:
    guideline, request, record = evaluated.guideline, evaluated.request, evaluated.timeline.records[row]
    each = {name: statuses[row] for name, statuses in evaluated.statuses.each.items()}
    decided = decisions(evaluated, row)
    overall = decide_overall(decided.values(), guideline.decisions)
    evidence = EvidenceOf(guideline, telling.wording, evaluated.values, row, telling.not_charted)
    shift = int(evaluated.timeline.shift[row])

    def told(criterion: Criterion) -> CriterionStatus:
        status, words = each[criterion.id], telling.of_criteria[criterion.id]
        in_force = status in (Status.HELD, Status.MET)
        return CriterionStatus(
            id=criterion.id,
            rule_set=criterion.rule_set,
            organ_system=criterion.organ_system,
            effect=criterion.effect.id,
            status=status,
            label=criterion.label,
            since=int(since[criterion.id][row]) - shift if in_force else None,
            condition=words.condition,
            resume=words.resume,
            source=criterion.source,
            note=criterion.note,
            evidence=(
                (*evidence.all(words.sources_of_hold), *_beginning(evaluated, row, criterion, telling, since, evidence))
                if status is Status.HELD
                else evidence.all(words.sources)
            ),
        )

    return Assessment(
        record=name,
        patient=record.patient,
        at=at,
        charting=request.charting,
        zone=request.zone,
        given=request.given,
        overall=overall,
        said=overall.said(guideline.decisions),
        rule_sets=decided,
        criteria=tuple(
            told(c)
            for c in guideline.criteria
            if c.rule_set in decided and (request.every_criterion or each[c.id] is not Status.NOT_MET)
        ),
        advice=advice(guideline, _to_advise_on(evaluated, row, decided)),
        to_assess=to_assess(guideline, overall, decided.values(), telling.unknowns, row),
        problems=record.problems,
        passed_over=record.passed_over,
    )


def _beginning(
    evaluated: Evaluation, row: int, criterion: Criterion, telling: Telling, since: Mapping[str, Keys], now: EvidenceOf
) -> tuple[Evidence, ...]:
    """What brought a criterion into force that is no longer met; ``now`` tells of the assessed instant."""
    past = evaluated.history.values
    at = int(np.searchsorted(past.at.keys, since[criterion.id][row]))
    began = EvidenceOf(evaluated.guideline, telling.wording, past, at, telling.not_charted).beginning(
        telling.of_criteria[criterion.id].sources
    )
    level = span_of_criterion(evaluated.guideline, criterion)
    if level is None:
        return began
    # What is held is so for as long as the level goes on, which the events of the series say.
    lasting = evaluated.guideline.fact_within(level)
    return (*began, *now.all((SeriesFact(lasting),)))


def _to_advise_on(evaluated: Evaluation, row: int, decided: Mapping[str, RuleSetDecision]) -> list[str]:
    """The findings that are present, and the toxicities of the criteria in force."""
    charted = list(dict.fromkeys(episode.finding for episode in evaluated.timeline.records[row].episodes))
    toxicities = [
        toxicity
        for c in evaluated.guideline.criteria
        if c.rule_set in decided and evaluated.statuses.each[c.id][row] in (Status.MET, Status.HELD)
        for toxicity in c.toxicities
        if toxicity not in _asked_about(c, evaluated.guideline) or _was_charted(evaluated.guideline, toxicity, charted)
    ]
    return [*toxicities, *(name for name in charted if evaluated.values.stated(Present(name)).truths.true[row])]


def _asked_about(criterion: Criterion, guideline: Guideline) -> set[str]:
    return {concept for leaf in inner_leaves(criterion.condition) for concept in leaf.asks_about(guideline)}


def _was_charted(guideline: Guideline, finding: str, charted: Iterable[str]) -> bool:
    """Whether a finding that a criterion asks for by name, among others, is the one that was found."""
    return any(name == finding or finding in guideline.findings[name].ancestors for name in charted)
