"""Hypothesis strategies for records of any guideline, drawn from its own concepts, limits and events."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from il2kg.forms.compare import Compare
from il2kg.guideline.conditions import inner_leaves
from il2kg.guideline.model import Guideline
from tests.bundles import PATIENT, Resource, quantity

AT = datetime(2026, 3, 10, 14, tzinfo=UTC)
_HOURS_BACK = 40 * 24
_ONCE_IN = 12
_RATES = ("mL/h", "mmol/h", "ug/kg/min")


@dataclass(frozen=True)
class Asked:
    """What a guideline asks about: its limits by observable, its findings, and treatments, those of series twice."""

    guideline: Guideline
    limits: dict[str, list[Decimal]]
    findings: list[str]
    treatments: list[str]

    @classmethod
    def by(cls, guideline: Guideline) -> "Asked":
        conditions = [c for each in guideline.criteria for c in (each.condition, each.resume) if c is not None]
        leaves = [leaf for condition in conditions for leaf in inner_leaves(condition)]
        limits: dict[str, list[Decimal]] = {}
        for leaf in leaves:
            if isinstance(leaf, Compare) and guideline.observables[leaf.quantity.observable].count is None:
                limits.setdefault(leaf.quantity.observable, []).append(leaf.limit)
        events = [series.treatment for series in guideline.series]
        return cls(
            guideline,
            limits,
            _named(leaves, "finding"),
            [*_named(leaves, "treatment"), *events, *events],
        )


def _named(leaves: Iterable[object], what: str) -> list[str]:
    return sorted({name for leaf in leaves if (name := getattr(leaf, what, None)) is not None})


def records(asked: Asked) -> st.SearchStrategy[list[Resource]]:
    """Some items; every observable and finding is likely enough for all of them to be known now and then."""
    kinds = [measurements(asked), measurements(asked), findings(asked)]
    kinds += [administrations(asked)] * 2 if asked.treatments else []
    return st.tuples(
        st.lists(st.one_of(kinds), max_size=_ONCE_IN),
        st.one_of(st.just([]), charted_clean(asked), charted_clean(asked)),
    ).map(lambda both: [*both[0], *both[1]])


def _code(asked: Asked, name: str) -> Resource:
    return {"coding": [{"system": asked.guideline.namespace, "code": name}]}


def _time(hours_back: int) -> str:
    return (AT - timedelta(hours=hours_back)).isoformat().replace("+00:00", "Z")


def times() -> st.SearchStrategy[str]:
    """Instants before the assessed one: many of the last day, some of the last weeks."""
    return st.one_of(st.integers(0, 26), st.integers(0, _HOURS_BACK)).map(_time)


def _observation(asked: Asked, name: str, time: str) -> Resource:
    return {
        "resourceType": "Observation",
        "status": "final",
        "subject": PATIENT,
        "code": _code(asked, name),
        "effectiveDateTime": time,
    }


@st.composite
def measurements(draw: st.DrawFn, asked: Asked) -> Resource:
    """A value at or near a limit, within the plausible range; some have a comparator, or no unit."""
    name = draw(st.sampled_from(sorted(asked.limits)))
    observable = asked.guideline.observables[name]
    step = Decimal(1) if observable.unit.startswith("{") else Decimal("0.1")
    value = draw(st.sampled_from(asked.limits[name])) + step * draw(st.integers(-2, 2))
    if observable.plausible is not None:
        value = min(max(value, observable.plausible[0]), observable.plausible[1])
    written = quantity(float(value), observable.unit)
    spoiled = draw(st.sampled_from([None] * _ONCE_IN + ["unit", "<", ">="]))
    if spoiled == "unit":
        written = {"value": float(value)}
    elif spoiled is not None:
        written["comparator"] = spoiled
    return {**_observation(asked, name, draw(times())), "valueQuantity": written}


@st.composite
def findings(draw: st.DrawFn, asked: Asked) -> Resource:
    name = draw(st.sampled_from(asked.findings))
    return {**_observation(asked, name, draw(times())), "valueBoolean": draw(st.booleans())}


@st.composite
def administrations(draw: st.DrawFn, asked: Asked) -> Resource:
    """Something given; one in many at a time that nobody knows."""
    code = _code(asked, draw(st.sampled_from(asked.treatments)))
    begun = {} if draw(st.integers(0, _ONCE_IN)) == 0 else {"effectiveDateTime": draw(times())}
    common: Resource = {"resourceType": "MedicationAdministration", "status": "completed", "subject": PATIENT}
    rate = {"dosage": {"rateQuantity": quantity(draw(st.integers(1, 9)), draw(st.sampled_from(_RATES)))}}
    return {**common, "medicationCodeableConcept": code, **begun, **draw(st.sampled_from([{}, {}, {}, rate]))}


@st.composite
def charted_clean(draw: st.DrawFn, asked: Asked) -> list[Resource]:
    """All that is asked about and nothing wrong with it, but perhaps for one thing that nobody charted."""
    found = clean(asked)
    left_out = draw(st.integers(-len(found), len(found) - 1))
    return [resource for n, resource in enumerate(found) if n != left_out]


def clean(asked: Asked) -> list[Resource]:
    """All that is asked about, at values well within the limits."""
    return [
        *(
            {**_observation(asked, name, _time(1)), "valueQuantity": quantity(value, _unit(asked, name))}
            for name, value in harmless(asked).items()
        ),
        *(
            {**_observation(asked, name, _time(hours)), "valueBoolean": False}
            for name in asked.findings
            for hours in (1, 9, 17, 25)
        ),
    ]


def _unit(asked: Asked, name: str) -> str:
    return asked.guideline.observables[name].unit


def harmless(asked: Asked) -> dict[str, float]:
    """A value of each observable that meets no criterion: far from its limits."""
    return {name: float(value) for name, value in _HARMLESS.items() if name in asked.limits}


_HARMLESS = {
    "SerumPotassium": 4.2,
    "SerumMagnesium": 2.0,
    "SerumCreatinine": 0.9,
    "FiltrationRate": 90,
    "CorrectedQtInterval": 430,
    "DiarrheaGrade": 0,
    "HandFootGrade": 0,
    "VomitingGrade": 0,
    "StomatitisGrade": 0,
    "FatigueGrade": 0,
    "NeutrophilCount": 3,
    "PlateletCount": 220,
    "Hemoglobin": 13,
    "CreatinineClearance": 80,
    "EcogPerformanceStatus": 0,
    "EjectionFraction": 60,
}
