"""What is doubtful: statements are what they are both with it and without it (semantics, sections 1, 4 and 7)."""

import math
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from il2kg.bulk import load_engine
from il2kg.derive.instants import Instants
from il2kg.derive.timeline import batches
from il2kg.forms.collected import Collected
from il2kg.forms.compare import Quantity
from il2kg.forms.decreasing import InfusionDecrease
from il2kg.forms.ever import Ever
from il2kg.forms.ever_lasting import EverLasting
from il2kg.forms.extreme import InfusionExtreme
from il2kg.forms.increasing import InfusionIncrease
from il2kg.forms.lasting import Lasting
from il2kg.forms.latest import Latest
from il2kg.forms.measured import Measured
from il2kg.forms.next_event import SeriesFact
from il2kg.forms.on_treatment import OnTreatment
from il2kg.forms.open_within import OpenWithin
from il2kg.forms.present import Present
from il2kg.forms.statement import FindingStatement, Statement
from il2kg.forms.treated_with import TreatedWith
from il2kg.record import (
    MICROSECONDS_PER_HOUR,
    Absence,
    Administration,
    DoubtfulEvent,
    DoubtfulPresence,
    Episode,
    Event,
    Measurement,
    Record,
    SetAside,
)
from il2kg.rules.values import Values

GUIDELINE = load_engine().guideline
HOUR = MICROSECONDS_PER_HOUR
T = 1000 * HOUR
# One line of descent and its neighbours, and a finding that its start ends.
CLASSES = ("Rales", "RalesOneThird", "RalesOneHalf", "PulmonaryToxicity", "Dyspnea", "NormalSinusRhythm", "Bradycardia")
UNKNOWN = (-math.inf, math.inf)


def derived(record: Record, *, by_exception: bool = False) -> Values:
    (timeline,) = batches(GUIDELINE, [record], [T])
    return Values(Instants.of(timeline, timeline.assessed(), by_exception=by_exception))


def truth(record: Record, statement: Statement, *, by_exception: bool = False) -> bool | None:
    truths = derived(record, by_exception=by_exception).truths(statement)
    assert not (truths.true[0] and truths.false[0])
    return truths.at(0)


def bounds(record: Record, quantity: Quantity, *, by_exception: bool = False) -> tuple[float, float]:
    known = derived(record, by_exception=by_exception).amount(quantity).bounds
    return float(known.highest_at_least[0]), float(known.highest_at_most[0])


hours = st.integers(-30, 2).map(lambda n: T + n * HOUR)
episodes = st.builds(
    lambda finding, start, length, item: Episode(
        finding, start, None if length is None else start + length * HOUR, item
    ),
    st.sampled_from(CLASSES),
    hours,
    st.one_of(st.none(), st.integers(0, 20)),
    st.just("a"),
)
absences = st.builds(Absence, st.sampled_from(CLASSES), hours, st.just("b"))
records = st.builds(
    lambda found, absent: Record("p", episodes=tuple(found), absences=tuple(absent)),
    st.lists(episodes, max_size=4),
    st.lists(absences, max_size=4),
)


def _statements(finding: str) -> list[FindingStatement]:
    length = Decimal(4)
    return [
        Present(finding),
        Present(finding, shown_only=True),
        Ever(finding),
        Lasting(finding, length),
        EverLasting(finding, length),
        OpenWithin(finding, length),
    ]


@given(records, st.sampled_from(CLASSES[:5]), st.integers(-30, -1), st.booleans(), st.booleans())
def test_a_doubtful_presence_is_taken_with_and_without(
    record: Record, finding: str, began: int, over: bool, by_exception: bool
) -> None:
    start = T + began * HOUR
    doubt = DoubtfulPresence(finding, start, start, None, "doubt", over)
    doubtful = msgspec.structs.replace(record, doubtful=(doubt,))
    concept = GUIDELINE.findings[finding]
    lineage = {finding, *concept.ancestors, *concept.descendants}
    certain = msgspec.structs.replace(record, episodes=(*record.episodes, Episode(finding, start, None, "doubt")))
    for name in CLASSES:
        for statement in _statements(name):
            without = truth(record, statement, by_exception=by_exception)
            with_it = truth(certain, statement, by_exception=by_exception)
            if over and isinstance(statement, Present | Lasting):
                with_it = without
            if name not in lineage:
                with_it = without  # it ends no other episode, and bears on its own line of descent alone
            expected = without if without == with_it else None
            assert truth(doubtful, statement, by_exception=by_exception) == expected, (name, statement)


@given(records, st.sampled_from(CLASSES))
def test_a_doubt_never_adds_certainty(record: Record, finding: str) -> None:
    doubtful = msgspec.structs.replace(record, doubtful=(DoubtfulPresence(finding, None, None, None, "doubt"),))
    for name in CLASSES:
        for statement in _statements(name):
            assert truth(doubtful, statement) in (truth(record, statement), None)


def test_a_doubtful_presence_lasts_to_the_first_absence_after_it_must_have_begun() -> None:
    doubt = DoubtfulPresence("Rales", T - 26 * HOUR, T - 10 * HOUR, None, "doubt")
    for stated, expected in ((T - 11 * HOUR, None), (T - 10 * HOUR, None), (T - 1 * HOUR, False)):
        record = Record("p", absences=(Absence("PulmonaryToxicity", stated, "b"),), doubtful=(doubt,))
        assert truth(record, Present("Rales")) is expected
    later = Record("p", absences=(Absence("Rales", T - HOUR, "b"),), doubtful=(doubt,))
    assert truth(later, Ever("Rales")) is None


@pytest.mark.parametrize("statement", [Lasting("Coma", Decimal(2)), EverLasting("Coma", Decimal(48))])
def test_a_presence_of_no_known_time_may_have_lasted_long(statement: FindingStatement) -> None:
    record = Record("p", doubtful=(DoubtfulPresence("Coma", None, None, None, "doubt"),))
    assert truth(record, statement) is None
    assert truth(record, statement, by_exception=True) is None


def test_under_by_exception_what_is_open_above_may_be_the_one_below() -> None:
    record = Record("p", episodes=(Episode("Rales", T - HOUR, None, "a"),))
    assert truth(record, Present("RalesOneHalf"), by_exception=True) is None
    assert truth(record, Present("RalesOneHalf", shown_only=True)) is None
    assert truth(record, Present("Dyspnea"), by_exception=True) is False
    stated = msgspec.structs.replace(record, absences=(Absence("RalesOneHalf", T - HOUR, "b"),))
    assert truth(stated, Present("RalesOneHalf")) is False


def test_sinus_rhythm_excludes_and_is_ended() -> None:
    fibrillation, rhythm = (
        Episode("AtrialFibrillation", T - 9 * HOUR, None, "a"),
        Episode("NormalSinusRhythm", T - 2 * HOUR, None, "b"),
    )
    record = Record("p", episodes=(fibrillation, rhythm))
    assert truth(record, Present("AtrialFibrillation")) is False
    assert truth(record, Present("SupraventricularTachycardia")) is False
    assert truth(record, Present("VentricularArrhythmia")) is None
    assert truth(record, Present("NormalSinusRhythm")) is True
    back = msgspec.structs.replace(record, episodes=(*record.episodes, Episode("Bigeminy", T - HOUR, None, "c")))
    assert truth(back, Present("NormalSinusRhythm")) is False


def test_closed_findings_and_how_long_absences_count() -> None:
    assert truth(Record("p"), Present("Dialysis")) is False
    days = 24 * HOUR
    tested = Record(
        "p", absences=(Absence("BrainMetastasis", T - 89 * days, "a"), Absence("Dyspnea", T - 9 * HOUR, "b"))
    )
    assert truth(tested, Present("BrainMetastasis")) is False
    assert truth(tested, Present("Dyspnea")) is None


def _measured(hour: int, value: float, observable: str = "SerumCreatinine") -> Measurement:
    return Measurement(observable, value, value, T + hour * HOUR, None, "m", str(value))


@pytest.mark.parametrize(
    ("earliest", "latest", "expected"),
    [
        (-10, -10, (1.0, 1.0)),  # before the sound one
        (-2, -2, UNKNOWN),  # the latest
        (-14, -5, (1.0, 1.0)),  # a sound one is later than it can be
        (-14, -4, (1.0, math.inf)),  # it may be of the same instant as the sound one
        (-14, -3, UNKNOWN),  # it may be later
        (None, None, UNKNOWN),
        (None, -6, (1.0, 1.0)),
        (1, 3, (1.0, 1.0)),  # not yet
    ],
)
def test_a_set_aside_value_is_the_latest_while_it_may_be(
    earliest: int | None, latest: int | None, expected: tuple[float, float]
) -> None:
    def at(hour: int | None) -> int | None:
        return None if hour is None else T + hour * HOUR

    record = Record(
        "p",
        measurements=(_measured(-4, 1.0),),
        set_aside=(SetAside("SerumCreatinine", at(earliest), at(latest), "s"),),
    )
    assert bounds(record, Latest("SerumCreatinine")) == expected
    assert truth(record, Measured("SerumCreatinine")) is True


def test_a_set_aside_value_beside_another_is_one_more_of_any_size() -> None:
    record = Record(
        "p",
        measurements=(_measured(-4, 5.0),),
        set_aside=(SetAside("SerumCreatinine", T - 4 * HOUR, T - 4 * HOUR, "s"),),
    )
    assert bounds(record, Latest("SerumCreatinine")) == (5.0, math.inf)


def test_a_stool_with_none_before_it_is_set_aside_unless_by_exception() -> None:
    stool = Measurement("DiarrheaVolume", 1200, 1200, T - HOUR, T - 9 * HOUR, "m", "1200 mL")
    record = Record("p", set_aside=(SetAside("DiarrheaVolume", T - HOUR, T - HOUR, "m", stool),))
    volume = Collected("DiarrheaVolume", Decimal(8), per_hour=False)
    assert bounds(record, volume) == UNKNOWN
    assert bounds(record, volume, by_exception=True) == (1200, 1200)


def test_volumes_that_overlap_lie_between_two_sums_and_what_is_set_aside_adds() -> None:
    def stool(start: int, end: int, volume: float) -> Measurement:
        return Measurement("DiarrheaVolume", volume, volume, T + end * HOUR, T + start * HOUR, "m", "")

    volume = Collected("DiarrheaVolume", Decimal(8), per_hour=False)
    record = Record("p", measurements=(stool(-8, 0, 600), stool(-8, 0, 600)))
    assert bounds(record, volume) == (600, 1200)
    doubtful = msgspec.structs.replace(record, set_aside=(SetAside("DiarrheaVolume", T - HOUR, T - HOUR, "s"),))
    assert bounds(doubtful, volume) == (600, math.inf)


def _given(
    treatment: str | None, start: tuple[int | None, int | None], end: tuple[int | None, int | None], **more: object
) -> Administration:
    def at(hour: int | None) -> int | None:
        return None if hour is None else T + hour * HOUR

    rates = {"rate_low": 0.0, "rate_high": math.inf, "item": "g", **more}
    return Administration(treatment, at(start[0]), at(start[1]), at(end[0]), at(end[1]), **rates)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (_given("Prednisone", (-3, -3), (-3, -3)), True),
        (_given("Prednisone", (-30, -30), (-30, -30)), False),
        (_given("Prednisone", (-30, -30), (None, None)), True),
        (_given("Prednisone", (-30, -10), (-30, -10)), None),  # its place decides
        (_given("Prednisone", (-20, -10), (-20, -10)), True),  # wherever it was
        (_given("Prednisone", (-300, -300), (-300, 420)), None),  # an order that is over, and not said when
        (_given("Prednisone", (None, None), (None, None)), None),
        (_given("Prednisone", (-3, -3), (-3, -3), set_aside=True), None),
        (_given(None, (-3, -3), (-3, -3)), None),
        (_given(None, (-30, -30), (-30, -30)), False),
    ],
)
def test_treated_is_unknown_where_its_place_decides(given: Administration, expected: bool | None) -> None:
    record = Record("p", administrations=(given,))
    assert truth(record, TreatedWith("SystemicCorticosteroid", Decimal(24))) is expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (_given("Levothyroxine", (-337, -337), (None, None)), True),
        (_given("Levothyroxine", (-335, -335), (None, None)), False),
        (_given("Levothyroxine", (-345, -330), (None, None)), None),
        (_given("Levothyroxine", (-337, -337), (None, None), set_aside=True), None),
        (_given(None, (-337, -337), (-1, -1)), None),
    ],
)
def test_on_treatment_is_unknown_where_its_place_decides(given: Administration, expected: bool | None) -> None:
    record = Record("p", administrations=(given,))
    assert truth(record, OnTreatment("ThyroidHormone", Decimal(336))) is expected


def _infusion(drug: str | None, start: int, end: int | None, rate: float, unit: str | None = None) -> Administration:
    return _given(drug, (start, start), (end, end), rate_low=rate, rate_high=rate, rate_unit=unit)


def test_arbitrary_units_compare_with_themselves_alone() -> None:
    increase, decrease = (
        InfusionIncrease("VasopressorRate", Decimal(8)),
        InfusionDecrease("VasopressorRate", Decimal(8)),
    )
    rising = Record(
        "p",
        administrations=(
            _infusion("Vasopressin", -20, -4, 0.02, "U/min"),
            _infusion("Vasopressin", -4, None, 0.04, "U/min"),
        ),
    )
    assert bounds(rising, increase) == (0.02, 0.02)
    assert bounds(rising, decrease) == (0.0, 0.0)
    assert bounds(rising, InfusionExtreme("VasopressorRate", Decimal(8))) == (0.0, math.inf)
    mixed = Record(
        "p", administrations=(_infusion("Vasopressin", -20, -4, 0.02, "U/min"), _infusion("Vasopressin", -4, None, 1.0))
    )
    assert bounds(mixed, increase) == (0.0, math.inf)


def test_an_unnamed_drug_may_be_any_infusion() -> None:
    record = Record("p", administrations=(_infusion("Phenylephrine", -20, None, 0.3), _given(None, (-2, -2), (-2, -2))))
    assert bounds(record, InfusionExtreme("PhenylephrineRate", Decimal(8))) == (0.3, math.inf)
    assert bounds(record, InfusionIncrease("VasopressorRate", Decimal(8))) == (0.0, math.inf)


def test_a_chart_of_uncertain_time_may_end_another() -> None:
    charted = _infusion("Phenylephrine", -5, -5, 1.6)
    stray = _given("Phenylephrine", (-3, 9), (-3, 9))
    alone = Record("p", administrations=(charted,))
    both = Record("p", administrations=(charted, stray))
    now = InfusionExtreme("PhenylephrineRate", Decimal(1))
    assert bounds(alone, now) == (1.6, 1.6)
    assert bounds(both, now) == (0.0, math.inf)


def _dose(hour: int, spread: int = 0) -> Event:
    return Event(T + hour * HOUR, T + (hour - spread) * HOUR, T + (hour + spread) * HOUR, "d", "aldesleukin-doses")


def test_the_time_since_a_dose_without_a_zone_is_all_that_it_may_be() -> None:
    from il2kg.forms.series_count import SeriesCount

    record = Record("p", events=(_dose(-40), _dose(-16, spread=12)))
    assert bounds(record, SeriesCount("HoursSinceDose")) == (4.0, 28.0)
    assert bounds(record, SeriesCount("DosesInCycle")) == (2.0, 2.0)
    assert bounds(record, SeriesCount("DaysInCycle")) == (round(40 / 24, 12), round(40 / 24, 12))


@pytest.mark.parametrize(
    ("hour", "expected"), [(-3, None), (-24 * 13, None), (-24 * 14, True), (None, None), (1, True)]
)
def test_what_may_have_been_a_dose_leaves_doses_open_for_a_time(hour: int | None, expected: bool | None) -> None:
    time = None if hour is None else T + hour * HOUR
    record = Record("p", events=(_dose(-8),), doubtful_events=(DoubtfulEvent(time, time, "x", None),))
    assert truth(record, SeriesFact("dose-in-cycle")) is expected


def test_a_dose_that_is_counted_later_may_have_been_given_before() -> None:
    from il2kg.forms.series_count import SeriesCount

    ahead = _dose(6, spread=12)
    record = Record("p", events=(_dose(-40), ahead))
    assert bounds(record, SeriesCount("HoursSinceDose")) == (0.0, 40.0)
    assert bounds(record, SeriesCount("DosesInCycle")) == (1.0, 1.0)
    assert truth(record, SeriesFact("dose-in-cycle")) is True
    assert truth(Record("p", events=(ahead,)), SeriesFact("dose-given")) is None
    later = Record("p", events=(_dose(-40), _dose(13, spread=12)))
    assert bounds(later, SeriesCount("HoursSinceDose")) == (40.0, 40.0)


def test_a_value_of_uncertain_time_stands_beside_one_of_the_instant_assessed() -> None:
    record = Record(
        "p",
        measurements=(_measured(0, 5.0),),
        set_aside=(SetAside("SerumCreatinine", T - 20 * HOUR, T + 6 * HOUR, "s"),),
    )
    assert bounds(record, Latest("SerumCreatinine")) == (5.0, math.inf)


def test_in_an_arbitrary_unit_nobody_can_say_whether_a_rate_counts() -> None:
    increase, decrease = (
        InfusionIncrease("VasopressorRate", Decimal(8)),
        InfusionDecrease("VasopressorRate", Decimal(8)),
    )

    def dopamine(before: float, now: float) -> Record:
        return Record(
            "p",
            administrations=(
                _infusion("Dopamine", -20, -4, before, "U/min"),
                _infusion("Dopamine", -4, None, now, "U/min"),
            ),
        )

    assert bounds(dopamine(0.04, 0.02), increase) == (0.0, 0.02)
    assert bounds(dopamine(0.02, 0.04), decrease) == (0.0, 0.02)
    assert bounds(dopamine(0.02, 0.02), increase) == (0.0, 0.0)


def test_something_in_two_units_is_more_than_nothing() -> None:
    record = Record(
        "p",
        administrations=(_infusion("Vasopressin", -2, None, 0.02, "U/min"), _infusion("Vasopressin", -2, None, 1.0)),
    )
    low, high = bounds(record, InfusionIncrease("VasopressorRate", Decimal(8)))
    assert low > 0
    assert high == math.inf


def test_an_unnamed_drug_ends_no_charted_rate() -> None:
    charted = _infusion("Phenylephrine", -5, -5, 1.6)
    unnamed = _given(None, (-3, -3), (-3, -3))
    record = Record("p", administrations=(charted, unnamed))
    assert bounds(record, InfusionExtreme("PhenylephrineRate", Decimal(1))) == (1.6, math.inf)
