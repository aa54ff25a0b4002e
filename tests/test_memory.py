"""What stays in force, and for how long: for a level of a series, or for the whole record (semantics, section 5)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from il2kg.assessment.assessor import assessments
from il2kg.assessment.evaluation import evaluation
from il2kg.assessment.result import Assessment
from il2kg.bulk import load_engine
from il2kg.compile.shapes import compile_shapes
from il2kg.derive.timeline import batches
from il2kg.forms.again import Again
from il2kg.forms.compare import Comparator, Compare
from il2kg.forms.fall_since_hold import FallSinceHold
from il2kg.forms.latest import Latest
from il2kg.forms.present import Present
from il2kg.guideline.conditions import Condition
from il2kg.guideline.decisions import Decision, Effect, Escalation, Occasion, OccasionKind
from il2kg.guideline.model import Criterion, Guideline, RuleSet
from il2kg.guideline.series import EventSeries, Level
from il2kg.guideline.wording import Wording
from il2kg.record import MICROSECONDS_PER_HOUR, Absence, Episode, Event, Measurement, Record
from il2kg.request import Request

GUIDELINE = load_engine().guideline
HOUR = MICROSECONDS_PER_HOUR
T = 100_000 * HOUR
CREATININE = "SerumCreatinine"

LEVELS = (Level("round", "round", Decimal(50), False, None), Level("block", "block", Decimal(500), False, None))
SERIES = EventSeries(
    "infusions", "infusions", "Aldesleukin", "infusion", Decimal("0.5"), Decimal(48), LEVELS, "round", "round"
)
ENDLESS = replace(SERIES, holds_last_for=None)
OTHER = replace(
    SERIES,
    id="sessions",
    event="session",
    levels=(Level("term", "term", Decimal(50), False, None),),
    holds_last_for=None,
    baseline_before=None,
)
# With a series whose holds last for the record, with two, and with none at all.
WHOLE_RECORD = pytest.mark.parametrize("series", [(), (ENDLESS,), (ENDLESS, OTHER)], ids=["none", "one", "two"])

WORSE = GUIDELINE.decisions.highest
HOLD = Effect("hold", "hold", WORSE, None, for_good=False)
ALWAYS = Occasion("always", "always", OccasionKind.EVERY, None, None)

HIGH = Compare(Latest(CREATININE), Comparator.ABOVE, Decimal(4))
LOW = Compare(Latest(CREATININE), Comparator.BELOW, Decimal(2), every=True)


def criterion(
    condition: Condition = HIGH, resume: Condition | None = LOW, effect: Effect = HOLD, name: str = "criterion"
) -> Criterion:
    return Criterion(name, name, "rules", "Renal", effect, condition, resume, (), "a source", None)


def guideline(series: tuple[EventSeries, ...], *criteria: Criterion, escalation: Escalation | None = None) -> Guideline:
    rule_set = RuleSet("rules", "rules", ALWAYS, escalation)
    return replace(GUIDELINE, series=series, next_events={}, criteria=criteria, rule_sets=(rule_set,))


def measured(*values: tuple[int, float]) -> tuple[Measurement, ...]:
    """Values at hours before now."""
    return tuple(
        Measurement(CREATININE, float(v), float(v), T + hour * HOUR, None, f"m{hour}", str(v)) for hour, v in values
    )


def infusions(*hours: int) -> tuple[Event, ...]:
    return tuple(Event(*[T + hour * HOUR] * 3, f"e{hour}", "infusions") for hour in hours)


def assessed(own: Guideline, record: Record) -> Assessment:
    """What both evaluators say of a record."""
    (timeline,) = batches(own, [record], [T])
    shapes = "".join(compile_shapes(own).values())
    found = evaluation(timeline, Request(at=T, every_criterion=True))
    (outcome,) = assessments(found, shapes, Wording(own), ["record"], [T])
    assert isinstance(outcome, Assessment), outcome
    return outcome


def status(own: Guideline, record: Record, name: str = "criterion") -> tuple[str, int | None]:
    """The status of a criterion, and the hours since which it is so."""
    (found,) = [c for c in assessed(own, record).criteria if c.id == name]
    return found.status.value, None if found.since is None else (found.since - T) // HOUR


# Infusions that start a new block after the value was too high, and again before now.
BLOCKS = infusions(-2010, -2000, -1200, -1190, -5)


# ---- holds


@WHOLE_RECORD
def test_a_hold_lasts_for_the_whole_record_where_no_level_is_said(series: tuple[EventSeries, ...]) -> None:
    own = guideline(series, criterion())
    events = BLOCKS if series else ()
    assert status(own, Record("p", measured((-2000, 5), (-10, 3)), events=events)) == ("held", -2000)
    # Silence ends nothing, however long.
    assert status(own, Record("p", measured((-90_000, 5), (-10, 3)), events=events)) == ("held", -90_000)
    # The resume condition lifts it, now and for all time after.
    assert status(own, Record("p", measured((-2000, 5), (-3, 1)), events=events)) == ("not-met", None)
    assert status(own, Record("p", measured((-2000, 5), (-1500, 1), (-10, 3)), events=events)) == ("not-met", None)
    # Met again, it is held from then on.
    again = measured((-2000, 5), (-1500, 1), (-900, 6), (-10, 3))
    assert status(own, Record("p", again, events=events)) == ("held", -900)
    assert status(own, Record("p", measured((-2000, 5), (-1500, 3), (-10, 6)), events=events)) == ("met", -2000)


def test_a_hold_lasts_for_the_level_that_the_series_says() -> None:
    narrow, wide = guideline((SERIES,), criterion()), guideline((replace(SERIES, holds_last_for="block"),), criterion())
    in_round = Record("p", measured((-40, 5), (-10, 3)), events=infusions(-60, -41, -9))
    assert status(narrow, in_round) == ("held", -40)
    in_block = Record("p", measured((-140, 5), (-10, 3)), events=infusions(-150, -60, -9))
    assert status(narrow, in_block) == ("not-met", None)
    assert status(wide, in_block) == ("held", -140)
    before = Record("p", measured((-2000, 5), (-10, 3)), events=BLOCKS)
    assert status(wide, before) == ("not-met", None)


@pytest.mark.parametrize("resume", [HIGH, None])
def test_what_was_met_before_the_record_began_anew_is_told_since_then(resume: Condition | None) -> None:
    own = guideline((SERIES,), criterion(resume=resume))
    assert status(own, Record("p", measured((-30, 5), (-10, 5)), events=infusions(-60, -20))) == ("met", -30)


@WHOLE_RECORD
def test_a_fall_is_counted_since_the_hold_began_wherever_that_was(series: tuple[EventSeries, ...]) -> None:
    fallen = Compare(FallSinceHold(CREATININE, "criterion"), Comparator.AT_LEAST, Decimal(3), every=True)
    own = guideline(series, criterion(resume=fallen))
    events = BLOCKS if series else ()
    high = ((-2000, 5), (-1800, 7))
    assert status(own, Record("p", measured(*high, (-10, 4)), events=events))[0] == "not-met"
    assert status(own, Record("p", measured((-2000, 5), (-1800, 6), (-10, 3.5)), events=events)) == ("held", -2000)
    # Lifted and met again: counted from the new beginning.
    lifted = measured(*high, (-1500, 4), (-900, 5), (-10, 3))
    assert status(own, Record("p", lifted, events=events)) == ("held", -900)


# ---- effects that stay


def test_an_effect_stays_for_its_level() -> None:
    stays = replace(HOLD, stays_for="block")
    own = guideline((SERIES,), criterion(resume=None, effect=stays))
    assert status(own, Record("p", measured((-140, 5), (-10, 1)), events=infusions(-150, -60, -9))) == ("held", -140)
    assert status(own, Record("p", measured((-2000, 5), (-10, 1)), events=BLOCKS)) == ("not-met", None)


@pytest.mark.parametrize("series", [(), (SERIES,), (ENDLESS,)], ids=["none", "levels", "whole record"])
def test_an_effect_stays_for_good(series: tuple[EventSeries, ...]) -> None:
    own = guideline(series, criterion(resume=None, effect=replace(HOLD, for_good=True)))
    events = BLOCKS if series else ()
    assert status(own, Record("p", measured((-2000, 5), (-10, 1)), events=events)) == ("held", -2000)
    assert status(own, Record("p", measured((-2000, 3), (-10, 1)), events=events)) == ("not-met", None)
    assert assessed(own, Record("p", measured((-2000, 5), (-10, 1)), events=events)).overall.at_least == WORSE


def test_what_stays_for_good_leaves_other_holds_their_level() -> None:
    for_good = criterion(resume=None, effect=replace(HOLD, for_good=True), name="for-good")
    own = guideline((SERIES,), for_good, criterion())
    record = Record("p", measured((-2000, 5), (-10, 3)), events=BLOCKS)
    assert status(own, record, "for-good") == ("held", -2000)
    assert status(own, record) == ("not-met", None)


# ---- escalations


def milder() -> Decision:
    return GUIDELINE.decisions.in_order[1]


@pytest.mark.parametrize(
    ("stays_for", "hours", "expected"),
    [("round", -30, True), ("round", -140, False), ("block", -140, True), ("block", -1000, False), (None, -30, False)],
)
def test_an_escalation_stays_for_its_level(stays_for: str | None, hours: int, expected: bool) -> None:
    mild = replace(HOLD, id="mild", decision=milder())
    both = (
        criterion(effect=mild, resume=None),
        criterion(Compare(Latest(CREATININE), Comparator.ABOVE, Decimal(5)), None, mild, "other"),
    )
    escalation = Escalation(1, "mild", (), WORSE, stays_for)
    own = guideline((SERIES,), *both, escalation=escalation)
    record = Record("p", measured((hours, 6), (-5, 1)), events=infusions(-150, -148, -40, -35, -4))
    assert (assessed(own, record).overall.at_least == WORSE) is expected
    now = Record("p", measured((-5, 6)), events=infusions(-40))
    assert assessed(own, now).overall.at_least == WORSE


# ---- what comes back


AGAIN = Again(Present("Infection"), "criterion")


def charted(*hours: tuple[int, bool]) -> Record:
    """An infection that was stated present or absent at some hours."""
    return Record(
        "p",
        episodes=tuple(Episode("Infection", T + h * HOUR, None, f"f{h}") for h, there in hours if there),
        absences=tuple(Absence("Infection", T + h * HOUR, f"a{h}") for h, there in hours if not there),
    )


def with_events(record: Record, *hours: int) -> Record:
    return Record("p", episodes=record.episodes, absences=record.absences, events=infusions(*hours))


BACK = charted((-1000, True), (-600, False), (-5, True))


@pytest.mark.parametrize("series", [(ENDLESS,), (ENDLESS, OTHER)], ids=["one", "two"])
def test_what_comes_back_is_looked_for_as_long_as_a_hold_lasts(series: tuple[EventSeries, ...]) -> None:
    own = guideline(series, criterion(AGAIN, None))
    # Gone at an infusion; perhaps gone at one; at none.
    assert status(own, with_events(BACK, -1100, -599, -4))[0] == "met"
    assert status(own, with_events(BACK, -1100, -500, -4))[0] == "unknown"
    assert status(own, with_events(BACK, -1100, -700, -4))[0] == "not-met"
    assert status(own, with_events(BACK))[0] == "not-met"
    # In the round that is going on there was none before.
    assert status(guideline((SERIES,), criterion(AGAIN, None)), with_events(BACK, -1100, -599, -4))[0] == "not-met"


def test_without_a_series_it_comes_back_where_it_was_gone_at_any_instant() -> None:
    own = guideline((), criterion(AGAIN, None))
    assert status(own, BACK)[0] == "met"
    assert status(own, charted((-1000, True), (-5, True)))[0] == "not-met"
    assert status(own, charted((-1000, False), (-5, True)))[0] == "not-met"
    assert status(own, charted((-1000, True), (-6, False)))[0] == "not-met"


def test_what_looks_back_at_what_looks_back_is_worked_out_from_within() -> None:
    own = guideline((), criterion(Again(AGAIN, "other"), None, name="other"), criterion(AGAIN, None))
    assert status(own, BACK, "other")[0] == "not-met"
    twice = charted((-1000, True), (-600, False), (-500, True), (-400, False), (-5, True))
    assert status(own, twice, "other")[0] == "met"
