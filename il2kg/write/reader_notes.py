"""What only the reader of whole records can say of an item, for a copy of the record that shapes look at.

Shapes see one item at a time, and know no code that is not in the ontology's terms. What codes and words mean, and what
hangs on other items, is told them by notes on the items: doubts, which set an item aside, and remarks.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from il2kg.guideline.model import Guideline
from il2kg.read.builder import RecordBuilder
from il2kg.read.events import at_one_instant, ordered, unplaced
from il2kg.read.patient_reader import PatientReader
from il2kg.read.record_reader import CANNOT_RECORD
from il2kg.read.spans import NO_START, NO_TIME, REVERSED
from il2kg.read.times import NO_ZONE, TWO_READINGS, UNREADABLE
from il2kg.read.values import NO_NUMBER, NO_QUANTITY, OTHER_DIMENSION
from il2kg.record import Problem, Record
from il2kg.statements import Doubt, Medication, Observation, Patient, Quantity, Statement

OUT_OF_RANGE: Final = "outside the plausible range"
_OF_A_RATE: Final = "rate: "
# What shapes find by themselves, by its kind.
_SEEN: Final = frozenset(
    {
        *(NO_TIME, NO_START, REVERSED, NO_ZONE, TWO_READINGS, UNREADABLE, NO_NUMBER, NO_QUANTITY, OTHER_DIMENSION),
        *(OUT_OF_RANGE, "no value", "several values", "a number too large or too long to be meant"),
        *("comparator that cannot be read", "printed unit that contradicts its code", "no unit", "unknown unit"),
        *("unit where a plain number belongs", "a result that is not known", "not a volume", "a rate below 0"),
        *("a volume over a period without a start or an end", "a volume over a period of no length"),
        *("a value that says neither present nor absent", "flags that contradict each other"),
        *("a flag that says neither raised nor normal", "over, and nothing says since when"),
    }
)
_NAMED_ALONE: Final = "coding not recognised, named in text"
_WHAT_TO_DO: Final = {
    _NAMED_ALONE: "say what its code means (--map)",
    "a volume, and nothing says since when it was collected": "say over which time it was collected",
    "codings that contradict each other": "keep those that are right",
    "no recent weight to divide it by": "chart the weight, or the rate per body mass",
}
_SET_ASIDE: Final = ("nothing says for certain what it is about", "")
_STRANGER: Final = "no identifier of the ontology"


@dataclass(frozen=True, slots=True)
class Notes:
    """What is to be said of an item.

    ``passed_over``: it names nothing of the guideline, or nothing that it can say; ``silent``: it says that there is
    nothing to be said.
    """

    doubts: tuple[Doubt, ...] = ()
    remarks: tuple[Doubt, ...] = ()
    passed_over: bool = False
    silent: bool = False


@dataclass(frozen=True, slots=True)
class Apart:
    """Units in which what is believed of a number hangs on more than the number.

    Those of volumes per hour, by the observable, and those of rates without a body mass.
    """

    flows: Mapping[str, frozenset[str]]
    without_body: frozenset[str]


def notes_of(patient: Patient, record: Record, reader: PatientReader, apart: Apart) -> list[Notes]:
    """What is to be said of each statement of a patient, in their order; ``record`` is what they come to."""
    problems: dict[str, list[Problem]] = defaultdict(list)
    for problem in record.problems:
        problems[problem.item].append(problem)
    aside = _set_aside(record)
    return [
        _notes(statement, problems[statement.item.name], aside, _alone(statement, reader), reader, apart)
        for statement in patient.statements
    ]


def distrusted(patient: Patient, record: Record, guideline: Guideline) -> frozenset[str]:
    """The items of a patient that the reader sets aside, or whose time or value it does not trust, by their names."""
    remarks = {(each.item.name, *remark) for each in patient.statements for remark in each.item.remarks}
    problems = (p for p in record.problems if (p.item, p.kind, p.detail) not in remarks and _distrusts(p, guideline))
    return _set_aside(record).union(problem.item for problem in problems if problem.item)


def _distrusts(problem: Problem, guideline: Guideline) -> bool:
    """Whether an item with a problem is set aside, or its time or value is not trusted."""
    kind = problem.kind
    if kind == _NAMED_ALONE:
        return problem.concept not in guideline.treatments
    if kind == REVERSED and problem.concept in guideline.observables:
        observable = guideline.observables[problem.concept]
        return observable.collected or observable.infusion_of is not None
    # What changes nothing: the item counts, or is passed over.
    remarks = {_STRANGER, *(each(series) for series in guideline.series for each in (at_one_instant, ordered))}
    return kind not in remarks and CANNOT_RECORD not in kind


def _notes(
    statement: Statement,
    problems: Sequence[Problem],
    aside: frozenset[str],
    alone: Record,
    reader: PatientReader,
    apart: Apart,
) -> Notes:
    guideline = reader.records.guideline
    own = {*statement.item.doubts, *statement.item.remarks, *_stated(statement)}
    doubts: list[Doubt] = []
    remarks: list[Doubt] = []
    for problem in problems:
        if (problem.kind, problem.detail) in own or _is_seen(problem, statement, apart, guideline):
            continue
        advice = _WHAT_TO_DO.get(problem.kind.removeprefix(_OF_A_RATE))
        detail = "; ".join(filter(None, (problem.detail, advice)))
        (doubts if _distrusts(problem, guideline) else remarks).append((problem.kind, detail))
    if not problems and statement.item.name in aside:
        doubts.append(_SET_ASIDE)
    empty, remarked = _is_empty(alone), {*statement.item.remarks}
    others = [problem for problem in problems if (problem.kind, problem.detail) not in remarked]
    says_nothing = any(CANNOT_RECORD in problem.kind for problem in others)
    trusted = not any(_distrusts(problem, guideline) for problem in others)
    passed = empty and trusted and (says_nothing or bool(alone.passed_over))
    noted = {kind for kind, _ in remarks}
    silent = empty and not passed and all(problem.kind in noted for problem in others)
    return Notes(tuple(dict.fromkeys(doubts)), tuple(dict.fromkeys(remarks)), passed, silent)


def _is_seen(problem: Problem, statement: Statement, apart: Apart, guideline: Guideline) -> bool:
    kind = problem.kind.removeprefix(_OF_A_RATE)
    if any(kind in (unplaced(series), ordered(series)) for series in guideline.series):
        return True
    if isinstance(statement, Medication):
        unit = _units(statement.rate)
        return (kind in _SEEN and not (kind == OUT_OF_RANGE and unit & apart.without_body)) or _is_wrong_rate(kind)
    if kind == OUT_OF_RANGE and isinstance(statement, Observation) and statement.when.period:
        results = (statement.result, *statement.components)
        units = {unit for result in results for value in result.values for unit in _units(value)}
        return not units & apart.flows.get(problem.concept, frozenset())
    return kind in _SEEN


def _is_wrong_rate(kind: str) -> bool:
    return kind.endswith(" of the wrong type") and not kind.startswith("code")


def _units(value: object) -> set[str]:
    return {unit for unit in (value.unit, value.code) if unit} if isinstance(value, Quantity) else set()


def _stated(statement: Statement) -> list[Doubt]:
    """What the statement itself says to be wrong with its times and its parts; the copy says it, too."""
    doubts: list[Doubt] = []
    if isinstance(statement, Observation):
        for result in (statement.result, *statement.components):
            doubts += result.doubts
        doubts += statement.result.about.flaws
    if isinstance(statement, Medication):
        doubts += statement.ordered.flaws
    when = getattr(statement, "when", None)
    return doubts + list(when.flaws if when is not None else ())


def _alone(statement: Statement, reader: PatientReader) -> Record:
    """What a statement comes to without any other."""
    builder = RecordBuilder()
    reader.records.read(builder, statement)
    return builder.record(None)


def _is_empty(record: Record) -> bool:
    """Whether nothing was read but what was passed over."""
    kept = (record.measurements, record.set_aside, record.episodes, record.absences, record.doubtful)
    return not any((*kept, record.administrations, record.events, record.doubtful_events, record.discharges))


def _set_aside(record: Record) -> frozenset[str]:
    """The items of which something was set aside or doubted."""
    doubtful = [each.item for each in record.doubtful if not each.over]
    given = [each.item for each in record.administrations if each.set_aside]
    return frozenset(
        [*(each.item for each in record.set_aside), *doubtful, *given, *(each.item for each in record.doubtful_events)]
    )
