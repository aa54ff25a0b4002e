"""Hypothesis strategies for patients' records, drawn from the guideline itself: its concepts, limits and windows."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from il2kg.bulk import load_engine
from il2kg.forms.compare import Compare
from il2kg.forms.latest import Latest
from il2kg.guideline.conditions import inner_leaves
from tests.bundles import Resource, administration, concept, condition, finding, measurement

GUIDELINE = load_engine().guideline
START = datetime(2026, 3, 2, 8, tzinfo=UTC)
AT = START + timedelta(days=4)

_LEAVES = [
    leaf
    for criterion in GUIDELINE.criteria
    for part in (criterion.condition, criterion.resume)
    if part is not None
    for leaf in inner_leaves(part)
]
_LIMITS: dict[str, set[Decimal]] = {}
for _leaf in _LEAVES:
    if isinstance(_leaf, Compare) and isinstance(_leaf.quantity, Latest):
        _LIMITS.setdefault(_leaf.quantity.observable, set()).add(_leaf.limit)
MEASURED = sorted(
    name for name in _LIMITS if GUIDELINE.observables[name].count is None and not GUIDELINE.observables[name].collected
)
FINDINGS = sorted({leaf.finding for leaf in _LEAVES if hasattr(leaf, "finding")})
_BELOW = sorted({below for name in FINDINGS for below in GUIDELINE.findings[name].descendants})
TREATMENTS = sorted(
    {leaf.treatment for leaf in _LEAVES if hasattr(leaf, "treatment")} | {"Prednisone", "Lisinopril", "Levothyroxine"}
)


def instant(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def times(last: datetime = AT) -> st.SearchStrategy[datetime]:
    """Instants of the cycle and the day before it, on a grid of half hours so that windows' edges are met."""
    steps = int((last - START) / timedelta(minutes=30))
    return st.integers(-48, steps).map(lambda step: START + timedelta(minutes=30 * step))


@st.composite
def near_limits(draw: st.DrawFn, name: str) -> float:
    """A value at, just below or just above a limit of an observable, within its plausible range."""
    limit = draw(st.sampled_from(sorted(_LIMITS[name])))
    step = Decimal(1) if name == "StoolGuaiac" else Decimal("0.1")
    plausible = GUIDELINE.observables[name].plausible
    value = limit + draw(st.sampled_from([-2, -1, 0, 0, 1, 2])) * step
    if plausible is not None:
        value = min(max(value, plausible[0]), plausible[1])
    return float(value)


@st.composite
def measurements(draw: st.DrawFn, last: datetime = AT) -> Resource:
    name = draw(st.sampled_from(MEASURED))
    found = measurement(name, draw(near_limits(name)), GUIDELINE.observables[name].unit, instant(draw(times(last))))
    comparator = draw(st.sampled_from([None, None, None, None, "<", ">="]))
    if comparator is not None:
        found["valueQuantity"]["comparator"] = comparator
    return found


@st.composite
def volumes(draw: st.DrawFn, last: datetime = AT) -> Resource:
    end = draw(times(last))
    hours = draw(st.sampled_from([1, 4, 8, 12]))
    found = measurement(
        draw(st.sampled_from(["UrineOutput", "UrineOutput", "DiarrheaVolume"])),
        draw(st.sampled_from([5, 9.9, 10, 79, 80, 81, 160, 400, 999, 1000])),
        "mL",
        instant(end),
    )
    del found["effectiveDateTime"]
    return {**found, "effectivePeriod": {"start": instant(end - timedelta(hours=hours)), "end": instant(end)}}


@st.composite
def findings(draw: st.DrawFn, last: datetime = AT) -> Resource:
    name = draw(st.sampled_from(FINDINGS + _BELOW))
    start = draw(times(last))
    kind = draw(st.sampled_from(["present", "absent", "absent", "episode", "refuted"]))
    if kind == "episode":
        return condition(name, instant(start), instant(min(start + timedelta(hours=draw(st.integers(0, 80))), last)))
    if kind == "refuted":
        refuted = condition(name, instant(start))
        return {**refuted, "verificationStatus": {"coding": [{"code": "refuted"}]}}
    return finding(name, kind == "present", instant(start))


@st.composite
def treatments(draw: st.DrawFn, last: datetime = AT) -> Resource:
    start = draw(times(last))
    if draw(st.booleans()):
        name = draw(st.sampled_from(["Phenylephrine", "Norepinephrine", "Dopamine", "Vasopressor"]))
        rate = draw(st.sampled_from([None, 0.5, 0.6, 0.8, 0.9, 1.0, 1.5, 4.0, 5.0, 6.0]))
        length = draw(st.sampled_from([0, 1, 4, 10]))
        end = None if length == 0 else instant(min(start + timedelta(hours=length), last))
        return administration(name, instant(start), end, rate)
    found = administration(draw(st.sampled_from(TREATMENTS)), instant(start))
    if draw(st.booleans()):
        del found["effectiveDateTime"]
        medication = found.pop("medicationCodeableConcept")
        return {
            **found,
            "resourceType": "MedicationRequest",
            "medicationCodeableConcept": medication,
            "status": "active",
            "intent": "order",
            "authoredOn": instant(start),
        }
    return found


@st.composite
def doses(draw: st.DrawFn) -> list[Resource]:
    """The doses of a cycle, and perhaps some of earlier ones."""
    moments = [START + timedelta(hours=8 * n) for n in range(draw(st.integers(0, 12)))]
    if draw(st.booleans()):
        earlier = START - timedelta(days=draw(st.sampled_from([10, 20, 70])))
        moments += [earlier + timedelta(hours=8 * n) for n in range(3)]
    return [administration("Aldesleukin", instant(moment)) for moment in moments]


def items(last: datetime = AT) -> st.SearchStrategy[Resource]:
    return st.one_of(measurements(last), findings(last), findings(last), volumes(last), treatments(last))


@st.composite
def records(draw: st.DrawFn, last: datetime = AT) -> list[Resource]:
    """The resources of a record up to an instant, with a weight so that there is always a time."""
    found = draw(st.lists(items(last), min_size=1, max_size=25))
    weight = measurement("BodyWeight", 80, "kg", instant(START - timedelta(hours=2)))
    return [weight, *draw(doses()), *found]


@st.composite
def charted_clean(draw: st.DrawFn) -> list[Resource]:
    """A record in which everything is measured and charted as it should be, so that little is left unknown."""
    moment = instant(AT - timedelta(minutes=30))
    normal = {
        "SystolicBloodPressure": 115, "HeartRate": 84, "OxygenSaturation": 98, "NasalOxygenFlow": 0,
        "MaskOxygenFraction": 21, "BodyWeight": 80, "SerumCreatinine": 1.0, "SerumBicarbonate": 24,
        "PlateletCount": 200, "StoolGuaiac": 0, "ForcedExpiratoryVolume1": 3,
        "ForcedExpiratoryVolume1Percent": 95, "EcogPerformanceStatus": 0,
    }  # fmt: skip
    found = [measurement(name, value, GUIDELINE.observables[name].unit, moment) for name, value in normal.items()]
    for name in ("BodyWeight", "SystolicBloodPressure", "SerumCreatinine", "StoolGuaiac"):
        before = instant(START - timedelta(hours=1))
        found.append(measurement(name, normal[name], GUIDELINE.observables[name].unit, before))
    for hours in range(8, 25, 8):
        end = AT - timedelta(hours=hours - 8)
        for name, volume in (("UrineOutput", 600), ("DiarrheaVolume", 0)):
            one = measurement(name, volume, "mL", instant(end))
            del one["effectiveDateTime"]
            found.append({**one, "effectivePeriod": {"start": instant(end - timedelta(hours=8)), "end": instant(end)}})
    good = {"NormalSinusRhythm", "ControlledBrainMetastasis", "TumorResponseOrStability", "CardiacEvaluationClear"}
    found += [finding(name, name == "NormalSinusRhythm", moment) for name in FINDINGS if name not in good]
    found.append(finding("NormalSinusRhythm", True, moment))
    found += [
        administration("Aldesleukin", instant(START + timedelta(hours=8 * n))) for n in range(draw(st.integers(1, 6)))
    ]
    return found


__all__ = ["AT", "START", "charted_clean", "concept", "instant", "items", "measurements", "records"]
