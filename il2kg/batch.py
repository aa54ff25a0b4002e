"""Some records side by side: derive -> evaluate -> decide -> justify."""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Final

import numpy as np

from il2kg.assessment import Assessment, CriterionStatus
from il2kg.decide import RuleSetDecision, Situation, Status, decide_overall, decide_rule_set
from il2kg.derive.assessment import DerivedValues
from il2kg.derive.doses import DoseColumns, RegimenAt
from il2kg.derive.timeline import Timeline
from il2kg.errors import EvaluatorDisagreement
from il2kg.evaluate.columns import evaluate
from il2kg.evaluate.holds import History, Memory
from il2kg.evaluate.shacl import ShapeResults, evaluate_snapshots
from il2kg.evaluate.snapshot import PREFIXES, Snapshots, Subject
from il2kg.guideline.conditions import Present, as_shown, findings_of
from il2kg.guideline.model import Criterion, Guideline
from il2kg.guideline.wording import Wording
from il2kg.justify.advice import advice
from il2kg.justify.asked import Asked, asked_by
from il2kg.justify.evidence import EvidenceFinder
from il2kg.justify.to_assess import to_assess
from il2kg.request import Request

ASSESSMENT_IRI: Final = "urn:il2kg:assessment"


class Batch:
    """Some records side by side: everything that is derived and evaluated for them."""

    def __init__(
        self,
        guideline: Guideline,
        shapes: str,
        wording: Wording,
        timeline: Timeline,
        request: Request,
        at: Sequence[int],
    ) -> None:
        self.timeline, self.request = timeline, request
        self.guideline = guideline
        doses = DoseColumns.of(timeline)
        self.history = History.of(timeline, doses, by_exception=request.by_exception)
        assessed = timeline.assessed()
        self.derived = DerivedValues.of(timeline, doses, assessed, by_exception=request.by_exception)
        self.regimen: RegimenAt = self.derived.regimen
        self.memory = {c.id: self.history.criterion(c) for c in self.guideline.criteria if c.remembers}
        self.escalated = {
            r.id: self.history.escalated(r.escalation, r.escalation.stays_for, self.guideline.criteria_of(r.id))
            for r in self.guideline.rule_sets
            if r.escalation is not None and r.escalation.stays_for is not None
        }
        # What the holds began with is known now; at the assessed instants they go on from there.
        self.derived.holds.update(self.history.holds_at_last())
        self.derived.recurrences.update(self.history.recurrences_at_last())
        self.in_doubt = {
            c.id: ~evaluate(as_shown(c.condition), self.derived)[1]
            for r in self.guideline.rule_sets
            if r.silence_bears_on is not None
            for c in self.guideline.criteria_of(r.id)
        }
        self.columns = {c.id: self._evaluate(c) for c in self.guideline.criteria}
        self.since: dict[str, Memory] = {}
        self.wording = wording
        self.shape_results = self._validate(shapes, at) if request.cross_check else None

    def _evaluate(self, criterion: Criterion) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Where a criterion is met, where it is not, and where it is held."""
        true, false = evaluate(criterion.condition, self.derived)
        if criterion.id not in self.memory:
            return true, false, np.zeros_like(true)
        held = self.memory[criterion.id].before & ~true
        if criterion.resume is not None:
            may_resume, _ = evaluate(criterion.resume, self.derived)
            held &= ~may_resume
        return true, false, held

    def _validate(self, shapes: str, at: Sequence[int]) -> list[ShapeResults]:
        """What the SHACL evaluator finds in the snapshots, by row."""
        names = [f"{ASSESSMENT_IRI}:{row}" for row in range(len(at))]
        graph = PREFIXES + "\n".join(
            self.snapshots.triples(row, Subject(name, record.patient, instant, self.request.charting))
            for row, (name, record, instant) in enumerate(zip(names, self.timeline.records, at, strict=True))
        )
        found = evaluate_snapshots(shapes, graph, names)
        return [found[name] for name in names]

    def assessment(self, row: int, name: str, at: int) -> Assessment:
        """What is said of one record."""
        record = self.timeline.records[row]
        statuses = {name: found[row] for name, found in self._statuses.items()}
        escalated = frozenset(name for name, memory in self.escalated.items() if memory.before[row])
        if self.shape_results is not None:
            self._check(name, statuses, self.shape_results[row], row, escalated)
        situation = self._situation(row, escalated)
        decisions = {
            r.id: decide_rule_set(r, self.guideline.criteria_of(r.id), statuses, situation, self.guideline.decisions)
            for r in self.guideline.rule_sets
            if not self.request.rule_sets or r.id in self.request.rule_sets
        }
        overall = decide_overall(decisions.values(), self.guideline.decisions)
        finder = EvidenceFinder(self.guideline, self.wording, record, at, self.derived, row)
        shown = [
            c
            for c in self.guideline.criteria
            if c.rule_set in decisions and (self.request.every_criterion or statuses[c.id] is not Status.NOT_MET)
        ]
        return Assessment(
            record=name,
            patient=record.patient,
            at=at,
            charting=self.request.charting,
            zone=self.request.zone,
            given=self.request.given,
            overall=overall,
            said=overall.said(self.guideline.decisions),
            rule_sets=decisions,
            criteria=tuple(self._criterion(c, statuses[c.id], finder, row) for c in shown),
            advice=advice(self.guideline, self._found(row, statuses, decisions)),
            to_assess=to_assess(self.guideline, overall, decisions.values(), self.derived, row),
            problems=record.problems,
            passed_over=record.passed_over,
        )

    @cached_property
    def _statuses(self) -> dict[str, list[Status]]:
        """The status of each criterion in each record."""
        return {
            name: [
                Status.MET if met else Status.HELD if on_hold else Status.NOT_MET if unmet else Status.UNKNOWN
                for met, unmet, on_hold in zip(true.tolist(), false.tolist(), held.tolist(), strict=True)
            ]
            for name, (true, false, held) in self.columns.items()
        }

    @cached_property
    def snapshots(self) -> Snapshots:
        """The derived values as RDF."""
        before = {name: memory.before for name, memory in {**self.memory, **self.escalated}.items()}
        return Snapshots(self.guideline, self.derived, before)

    def _check(
        self, name: str, statuses: dict[str, Status], shapes: ShapeResults, row: int, escalated: frozenset[str]
    ) -> None:
        """The SHACL evaluator must see in the snapshot what the columns say."""

        def names(*wanted: Status) -> frozenset[str]:
            return frozenset(name for name, status in statuses.items() if status in wanted)

        met, held = names(Status.MET), names(Status.HELD)
        false = frozenset(name for name, (_, false, _) in self.columns.items() if false[row])
        in_doubt = frozenset(name for name, possible in self.in_doubt.items() if possible[row])
        columns = ShapeResults(met, frozenset(statuses) - false, in_doubt, held, escalated)
        if shapes != columns:
            raise EvaluatorDisagreement(
                f"{name}: the two evaluators disagree; no verdict is given. Please report this. "
                f"SHACL: {shapes}; columns: {columns}"
            )

    def _situation(self, row: int, escalated: frozenset[str]) -> Situation:
        regimen = self.regimen
        given, in_cycle = bool(regimen.given[row]), bool(regimen.in_cycle[row])
        # A dose more could end no cycle that is going on; elsewhere what may have been one leaves open where it stands.
        left_open = bool(regimen.doubtful[row]) and not in_cycle
        silent = frozenset(name for name, possible in self.in_doubt.items() if not possible[row])
        (series,) = self.guideline.series
        later = dict(
            zip((level.id for level in series.levels), (in_cycle, given and not regimen.new_course[row]), strict=True)
        )
        return Situation(
            given={series.id: True if given else None if left_open else False},
            first={level: None if left_open else not inside for level, inside in later.items()},
            surely_later=frozenset(level for level, inside in later.items() if inside and not regimen.doubtful[row]),
            escalated=escalated,
            silent=silent,
        )

    @cached_property
    def _asked(self) -> Mapping[str, Asked]:
        return asked_by(self.guideline, self.wording)

    def _criterion(self, criterion: Criterion, status: Status, finder: EvidenceFinder, row: int) -> CriterionStatus:
        asked = self._asked[criterion.id]
        return CriterionStatus(
            id=criterion.id,
            rule_set=criterion.rule_set,
            organ_system=criterion.organ_system,
            effect=criterion.effect.id,
            status=status,
            label=criterion.label,
            since=self._since(criterion, row) if status in (Status.HELD, Status.MET) else None,
            condition=asked.condition,
            resume=asked.resume,
            source=criterion.source,
            note=criterion.note,
            evidence=finder.of(asked.sources_of_hold if status is Status.HELD else asked.sources),
        )

    def _since(self, criterion: Criterion, row: int) -> int:
        memory = self.memory.get(criterion.id) or self.since.get(criterion.id)
        if memory is None:
            memory = self.since[criterion.id] = self.history.criterion(criterion)
        return int(memory.since[row] - self.timeline.shift[row])

    def _found(self, row: int, statuses: dict[str, Status], decisions: dict[str, RuleSetDecision]) -> list[str]:
        """The findings that are present, and the toxicities of the criteria in force."""
        present = [name for name in self._charted(row) if self.derived.statement(Present(name))[0][row]]
        charted = self._charted(row)
        toxicities = [
            toxicity
            for c in self.guideline.criteria
            if c.rule_set in decisions and statuses[c.id] in (Status.MET, Status.HELD)
            for toxicity in c.toxicities
            if toxicity not in findings_of(c.condition) or self._was_charted(toxicity, charted)
        ]
        return [*toxicities, *present]

    def _was_charted(self, finding: str, charted: list[str]) -> bool:
        """Whether a finding that a criterion asks for by name, among others, is the one that was found."""
        return any(name == finding or finding in self.guideline.findings[name].ancestors for name in charted)

    def _charted(self, row: int) -> list[str]:
        return list(dict.fromkeys(episode.finding for episode in self.timeline.records[row].episodes))
