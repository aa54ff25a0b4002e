"""Some records side by side, in steps: history -> memory -> values -> statuses.

Each step is a function of what those before it made, and changes nothing of that. What the shapes come to on the same
values is held against it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from il2kg.derive.instants import Instants
from il2kg.derive.timeline import Timeline, Truth
from il2kg.errors import EvaluatorDisagreement
from il2kg.guideline.model import Criterion, Guideline
from il2kg.request import Request
from il2kg.rules.decision import Status
from il2kg.rules.memory import History, Memory, history, memory
from il2kg.rules.shacl import ShapeResults, evaluate_snapshots
from il2kg.rules.snapshot import Snapshots, Subject
from il2kg.rules.values import Values

ASSESSMENT_IRI: Final = "urn:il2kg:assessment"


@dataclass(frozen=True)
class Statuses:
    """What the criteria come to, record by record.

    ``columns``: where each is met, where it is not, and where it is held; ``each``: the same as its status.
    ``in_doubt``, of criteria on which silence does not always bear: where it is met, or unknown by more than silence.
    """

    columns: Mapping[str, tuple[Truth, Truth, Truth]]
    each: Mapping[str, Sequence[Status]]
    in_doubt: Mapping[str, Truth]


@dataclass(frozen=True)
class Evaluation:
    """All that is derived and evaluated of some records, each at its assessed instant: what the steps made."""

    timeline: Timeline
    request: Request
    history: History
    memory: Memory
    values: Values
    statuses: Statuses

    @property
    def guideline(self) -> Guideline:
        """The guideline that the records are assessed by."""
        return self.timeline.guideline

    def in_doubt(self, row: int) -> frozenset[str]:
        """Of the criteria on which silence does not always bear, those met, or unknown by more than silence."""
        return frozenset(name for name, true in self.statuses.in_doubt.items() if true[row])

    def escalated(self, row: int) -> frozenset[str]:
        """The rule sets that had escalated before the assessed instant, and are still so."""
        return frozenset(name for name, each in self.memory.escalations.items() if each.before[row])


def evaluation(timeline: Timeline, request: Request) -> Evaluation:
    """Evaluate the criteria of the timeline's guideline on its records."""
    past = history(timeline, by_exception=request.by_exception)
    carried = memory(past)
    now = values(timeline, carried, by_exception=request.by_exception)
    return Evaluation(timeline, request, past, carried, now, statuses(now, carried))


def values(timeline: Timeline, carried: Memory, *, by_exception: bool) -> Values:
    """What is derived at the assessed instants; what the holds began with goes on there."""
    rows = timeline.assessed()
    holds, recurrences = carried.holds, carried.recurrences
    return Values(Instants.of(timeline, rows, by_exception=by_exception, holds=holds, recurrences=recurrences))


def statuses(values: Values, carried: Memory) -> Statuses:
    """The status of each criterion in each record."""
    guideline = values.at.guideline
    columns = {c.id: _column(c, values, carried) for c in guideline.criteria}
    return Statuses(
        columns=columns,
        each={
            name: [
                Status.MET if met else Status.HELD if on_hold else Status.NOT_MET if unmet else Status.UNKNOWN
                for met, unmet, on_hold in zip(true.tolist(), false.tolist(), held.tolist(), strict=True)
            ]
            for name, (true, false, held) in columns.items()
        },
        in_doubt={
            c.id: ~values.truths(c.condition.shown()).false
            for r in guideline.rule_sets
            if r.silence_bears_on is not None
            for c in guideline.criteria_of(r.id)
        },
    )


def _column(criterion: Criterion, values: Values, carried: Memory) -> tuple[Truth, Truth, Truth]:
    """Where a criterion is met, where it is not, and where it is held."""
    truths = values.truths(criterion.condition)
    true, false = truths.true, truths.false
    if criterion.id not in carried.criteria:
        return true, false, true & ~true
    held = carried.criteria[criterion.id].before & ~true
    if criterion.resume is not None:
        held &= ~values.truths(criterion.resume).true
    return true, false, held


# ---- the snapshots, and what the other evaluator finds in them


def snapshots(evaluated: Evaluation) -> Snapshots:
    """The derived values as RDF."""
    before = {name: each.before for name, each in {**evaluated.memory.criteria, **evaluated.memory.escalations}.items()}
    return Snapshots.of(evaluated.guideline, evaluated.values, before)


def shape_results(evaluated: Evaluation, shapes: str, at: Sequence[int]) -> list[ShapeResults]:
    """What the SHACL evaluator finds in the snapshots, by record."""
    names = [f"{ASSESSMENT_IRI}:{row}" for row in range(len(at))]
    written = snapshots(evaluated)
    graph = written.prefixes + "\n".join(
        written.triples(row, Subject(name, record.patient, instant, evaluated.request.charting))
        for row, (name, record, instant) in enumerate(zip(names, evaluated.timeline.records, at, strict=True))
    )
    results = evaluate_snapshots(shapes, graph, names, evaluated.guideline.names.shape)
    return [results[name] for name in names]


def check(evaluated: Evaluation, row: int, name: str, shapes: ShapeResults) -> None:
    """Hold what the SHACL evaluator sees in the snapshot of a record against what the columns say.

    Raises:
        EvaluatorDisagreement: they differ.
    """

    def names(*wanted: Status) -> frozenset[str]:
        return frozenset(name for name, each in evaluated.statuses.each.items() if each[row] in wanted)

    columns = ShapeResults(
        met=names(Status.MET),
        possible=frozenset(name for name, (_, false, _) in evaluated.statuses.columns.items() if not false[row]),
        in_doubt=evaluated.in_doubt(row),
        held=names(Status.HELD),
        escalated=evaluated.escalated(row),
    )
    if shapes != columns:
        raise EvaluatorDisagreement(
            f"{name}: the two evaluators disagree; no verdict is given. Please report this. "
            f"SHACL: {shapes}; columns: {columns}"
        )
