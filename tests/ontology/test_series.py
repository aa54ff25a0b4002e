"""Series of events and conventions: what the loader makes of them, and what it refuses, each number by its range."""

from decimal import Decimal
from pathlib import Path

import pyoxigraph as ox
import pytest

from il2kg.bulk import load_engine
from il2kg.guideline.ontology_graph import OntologyGraph
from il2kg.guideline.series import Count, CountKind, Fact, FactKind, needed_for_baseline, needed_for_count
from il2kg.loading import load_guideline
from il2kg.vocabulary import IL2, RDFS, SH, XSD
from tests.folders import OWN
from tests.ontology.slips import TERM, slipped, told

LEVELS = "il2:levels ( il2:cycle il2:course ) ;"
LAST = "il2:holdsLastFor il2:cycle ; il2:baselineBefore il2:cycle ."
CYCLE, COURSE = "il2:startsAfterHours 96 .", "il2:startsFromDays 49 ; il2:holdsAtMost 2 ."
SERIES = f"regimen.ttl: {TERM}aldesleukin-doses>"
GAPS = "il2:startsAfterHours, il2:startsAfterDays, il2:startsFromHours, il2:startsFromDays"
OTHER = """{last}
il2:other a il2:EventSeries ; rdfs:label "other"@en ; il2:eventsOf il2:{of} ; il2:eventLabel "{event}"@en ;
    il2:earlyHours 0 ; il2:doubtfulEventDays 1{more} .
"""


def _other(of: str = "Dopamine", event: str = "infusion", more: str = "", last: str = LAST) -> str:
    return OTHER.format(of=of, event=event, more=more, last=last)


# what stands in regimen.ttl instead of what, and what is said
SLIPS = [
    # the series
    (
        'il2:eventLabel "dose"@en',
        'il2:eventLabel "Dose 1"@en',
        f"{SERIES}: il2:eventLabel must be words in lower case, such as infusion, not 'Dose 1'",
    ),
    ('il2:eventLabel "dose"@en ;', "", f"{SERIES} needs exactly one il2:eventLabel, has 0"),
    (
        "il2:earlyHours 0.5",
        "il2:earlyHours 1",
        f"{SERIES}: il2:earlyHours is a number at least 0 and at most 0.5, not 1",
    ),
    (
        "il2:earlyHours 0.5",
        "il2:earlyHours -0.1",
        f"{SERIES}: il2:earlyHours is a number at least 0 and at most 0.5, not -0.1",
    ),
    (
        "il2:earlyHours 0.5",
        'il2:earlyHours "0.5"',
        f"{SERIES}: il2:earlyHours must be a number without quotes and exponent, not '0.5'",
    ),
    (
        "il2:earlyHours 0.5",
        "il2:earlyHours 5e-1",
        f"{SERIES}: il2:earlyHours must be a number without quotes and exponent, not '5e-1'",
    ),
    (
        "il2:doubtfulEventDays 14",
        "il2:doubtfulEventDays 0",
        f"{SERIES}: il2:doubtfulEventDays is a number above 0, not 0",
    ),
    # its levels
    (
        LEVELS,
        "il2:levels ( il2:cycle il2:cycle il2:course ) ;",
        f"{SERIES}: il2:cycle, in its il2:levels, is there twice; keep one",
    ),
    (
        LEVELS,
        "il2:levels ( il2:cycle il2:curse ) ;",
        f"{SERIES}: il2:levels lists {TERM}curse>, which is no il2:Level; list levels",
    ),
    (LEVELS, "il2:levels il2:cycle ;", f"{SERIES}: il2:levels must be a list in round brackets, not {TERM}cycle>"),
    (
        LEVELS,
        "il2:levels ( il2:cycle ) ;",
        f"regimen.ttl: {TERM}course> is in the il2:levels of no il2:EventSeries; list it there",
    ),
    (
        f"{LEVELS}\n    {LAST}",
        "il2:levels ( il2:cycle ) ;\n    il2:holdsLastFor il2:course .",
        f"{SERIES}: il2:holdsLastFor il2:course is not in its il2:levels; name one that is",
    ),
    (
        LAST,
        "il2:holdsLastFor il2:cycles .",
        "regimen.ttl: il2:aldesleukin-doses, il2:holdsLastFor: il2:cycles is no il2:Level of the ontology; the nearest "
        "is il2:cycle",
    ),
    (
        CYCLE,
        "il2:startsAfterHours -96 .",
        f"regimen.ttl: {TERM}cycle>: il2:startsAfterHours is a number above 0, not -96",
    ),
    (CYCLE, "il2:startsAfterHours 0 .", f"regimen.ttl: {TERM}cycle>: il2:startsAfterHours is a number above 0, not 0"),
    (
        CYCLE,
        "il2:startsAfterHours 96 ; il2:startsFromDays 4 .",
        f"regimen.ttl: {TERM}cycle> has il2:startsAfterHours and il2:startsFromDays; keep one",
    ),
    (
        CYCLE,
        'rdfs:comment "x" .',
        f"regimen.ttl: {TERM}cycle> needs the gap that starts a new one: {GAPS}",
    ),
    (
        CYCLE,
        "il2:holdsAtMost 21 .",
        f"regimen.ttl: {TERM}cycle>: il2:holdsAtMost counts stretches of a narrower level, and there is none; "
        "leave it out",
    ),
    (
        COURSE,
        'rdfs:comment "x" .',
        f"regimen.ttl: {TERM}course> needs the gap that starts a new one: {GAPS}, or il2:holdsAtMost",
    ),
    (
        COURSE,
        "il2:holdsAtMost 0.5 .",
        f"regimen.ttl: {TERM}course>: il2:holdsAtMost is a whole number at least 1, not 0.5",
    ),
    (COURSE, "il2:holdsAtMost 0 .", f"regimen.ttl: {TERM}course>: il2:holdsAtMost is a whole number at least 1, not 0"),
    (
        COURSE,
        "il2:startsFromDays 3 .",
        f"regimen.ttl: {TERM}course>: the gap that starts a new one is shorter than that of il2:cycle, which it holds; "
        "make it as long or longer",
    ),
    # a second series
    (
        LAST,
        _other(of="Aldesleukin"),
        f"regimen.ttl: {TERM}other>: il2:Aldesleukin, in its il2:eventsOf, is also in that of il2:aldesleukin-doses; "
        "keep one",
    ),
    (
        LAST,
        _other(event="dose"),
        f"regimen.ttl: {TERM}other>: its il2:eventLabel, 'dose', is also that of il2:aldesleukin-doses; give the "
        "events of each series a name of their own",
    ),
    (
        LAST,
        _other(more=" ; il2:levels ( il2:cycle )"),
        f"regimen.ttl: {TERM}other>: il2:cycle, in its il2:levels, is also in that of il2:aldesleukin-doses; keep one",
    ),
    (
        LAST,
        _other(more=" ; il2:levels ( il2:day ) ; il2:holdsLastFor il2:day")
        + 'il2:day a il2:Level ; rdfs:label "day"@en ; il2:startsAfterHours 12 .',
        f"{SERIES}: il2:holdsLastFor stands in il2:aldesleukin-doses and il2:other; only one series may have it",
    ),
    # what is counted
    (
        "il2:countsEventsIn il2:cycle ;",
        "",
        f"regimen.ttl: {TERM}DosesInCycle> needs exactly one of il2:countsEventsIn, il2:timeSinceLastOf, "
        "il2:timeSinceStartOf, il2:timeSinceEndOf, has none",
    ),
    (
        "il2:countsEventsIn il2:cycle ;",
        "il2:countsEventsIn il2:cycle ; il2:timeSinceStartOf il2:cycle ;",
        f"regimen.ttl: {TERM}DosesInCycle> needs exactly one of il2:countsEventsIn, il2:timeSinceLastOf, "
        "il2:timeSinceStartOf, il2:timeSinceEndOf, has il2:countsEventsIn and il2:timeSinceStartOf",
    ),
    (
        "il2:countsEventsIn il2:cycle ;",
        "il2:timeSinceStartOf il2:cycle ;",
        f"regimen.ttl: {TERM}DosesInCycle>: the unit of a time is h or d, not '{{dose}}'",
    ),
    (
        "il2:timeSinceStartOf il2:cycle ;",
        "il2:countsEventsIn il2:cycle ;",
        f"regimen.ttl: {TERM}DaysInCycle>: what is counted has a unit in braces, such as {{event}}, not 'd'",
    ),
    (
        "il2:timeSinceStartOf il2:cycle ;",
        "il2:timeSinceStartOf il2:cycle ; il2:fromDischarge true ;",
        f"regimen.ttl: {TERM}DaysInCycle>: il2:fromDischarge may stand only beside il2:timeSinceEndOf",
    ),
    (
        "il2:timeSinceStartOf il2:cycle ;",
        "il2:timeSinceStartOf il2:aldesleukin-doses ;",
        "regimen.ttl: il2:DaysInCycle, il2:timeSinceStartOf: il2:aldesleukin-doses is no il2:Level of the ontology",
    ),
    (
        "il2:starts il2:cycle ;",
        "",
        f"regimen.ttl: {TERM}StartsNewCycle> needs exactly one of il2:firstOf, il2:starts, has none",
    ),
    # what needs a baseline, or events
    (
        LAST,
        "il2:holdsLastFor il2:cycle .",
        "label-oliguria: a change from a baseline needs an event series that says which (il2:baselineBefore)",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), SLIPS)
def test_a_series_that_does_not_fit_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert told(tmp_path, "regimen.ttl", (old, new)) == said


# convention, what it is, what is written instead, and what it may be
CONVENTIONS = [
    ("absenceHours", "8", "0", "number above 0"),
    ("baselineDays", "7", "-7", "number at least 0"),
    ("changeHours", "48", "0", "number above 0"),
    ("repeatHours", "48", "-48", "number above 0"),
    ("treatmentGapHours", "48", "-0.5", "number at least 0"),
    ("chartedRateHours", "8", "0", "number above 0"),
    ("hourlyRateHours", "1", "0", "number above 0"),
    ("volumeGapHours", "8", "-8", "number at least 0"),
    ("rateWeightDays", "7", "0", "number above 0"),
    ("openOrderDays", "30", "-1", "number at least 0"),
    ("farHours", "24", "0", "number above 0"),
    ("minimumCoverage", "0.75", "1.5", "number above 0 and at most 1"),
    ("minimumCoverage", "0.75", "0", "number above 0 and at most 1"),
    ("significantDigits", "6", "6.5", "whole number at least 1"),
    ("significantDigits", "6", "0", "whole number at least 1"),
]


@pytest.mark.parametrize(("name", "number", "other", "allowed"), CONVENTIONS)
def test_a_convention_out_of_its_range_is_refused(
    tmp_path: Path, name: str, number: str, other: str, allowed: str
) -> None:
    found = told(tmp_path, "conventions.ttl", (f"il2:{name} {number} ", f"il2:{name} {other} "))
    assert found == f"conventions.ttl: {TERM}conventions>: il2:{name} is a {allowed}, not {other}"


@pytest.mark.parametrize("written", ['"8"', "8e0", "true", '"8"@en'])
def test_a_convention_that_is_no_number_is_refused(tmp_path: Path, written: str) -> None:
    found = told(tmp_path, "conventions.ttl", ("il2:absenceHours 8 ", f"il2:absenceHours {written} "))
    assert found.startswith(
        f"conventions.ttl: {TERM}conventions>: il2:absenceHours must be a number without quotes and exponent, not"
    )


def test_each_convention_has_a_range() -> None:
    graph = OntologyGraph.read(OWN.files_of_rules)
    (conventions,) = graph.of_class("Conventions")
    said = {name.removeprefix(IL2) for name in graph.index[conventions] if name.startswith(IL2)}
    assert said == {name for name, *_ in CONVENTIONS}
    for name in said:
        about = graph.index[ox.NamedNode(IL2 + name)]
        assert {f"{SH}minExclusive", f"{SH}minInclusive"} & about.keys(), name
        assert set(about[f"{RDFS}range"]) <= {ox.NamedNode(XSD + kind) for kind in ("integer", "decimal")}, name


# ---- What the loader makes of them


def test_what_is_counted_is_told_by_the_ontology() -> None:
    guideline = load_engine().guideline
    doses = "aldesleukin-doses"
    assert {o.id: o.count for o in guideline.observables.values() if o.count is not None} == {
        "DosesInCycle": Count(CountKind.EVENTS_IN, doses, "cycle", from_discharge=False),
        "DosesInCourse": Count(CountKind.EVENTS_IN, doses, "course", from_discharge=False),
        "HoursSinceDose": Count(CountKind.SINCE_LAST, doses, None, from_discharge=False),
        "DaysInCycle": Count(CountKind.SINCE_START, doses, "cycle", from_discharge=False),
        "DaysSinceCycle": Count(CountKind.SINCE_END, doses, "cycle", from_discharge=False),
        "DaysSinceCourse": Count(CountKind.SINCE_END, doses, "course", from_discharge=True),
    }
    counts = {o.id: o.count for o in guideline.observables.values() if o.count is not None}
    assert {name: needed_for_count(count, guideline.facts) for name, count in counts.items()} == {
        "DosesInCycle": None,
        "DosesInCourse": None,
        "HoursSinceDose": "dose-given",
        "DaysInCycle": "dose-in-cycle",
        "DaysSinceCycle": "previous-cycle",
        "DaysSinceCourse": "previous-course",
    }
    assert needed_for_baseline(guideline.series, guideline.facts) == "dose-in-cycle"
    assert (guideline.holds_last_for, guideline.baseline_before, guideline.decides_on) == ("cycle", "cycle", "dose")


def test_a_gap_in_days_is_one_in_hours(tmp_path: Path) -> None:
    copied = slipped(tmp_path, "regimen.ttl", (CYCLE, "il2:startsFromDays 4.5 ."))
    level = load_guideline(copied).levels["cycle"]
    assert (level.gap_hours, level.gap_included) == (Decimal(108), True)
    assert (level.holds_at_most, load_engine().guideline.levels["course"].holds_at_most) == (None, 2)


def test_facts_are_told_in_the_words_of_their_series(tmp_path: Path) -> None:
    day = 'il2:day a il2:Level ; rdfs:label "early day"@en ; il2:startsAfterHours 12 .'
    other = _other(event="oral intake", more=" ; il2:levels ( il2:day )") + day
    guideline = load_guideline(slipped(tmp_path, "regimen.ttl", (LAST, other)))
    assert [(s.id, s.event, s.doubtful_hours) for s in guideline.series] == [
        ("aldesleukin-doses", "dose", Decimal(336)),
        ("other", "oral intake", Decimal(24)),
    ]
    own = {key: fact for key, fact in guideline.facts.items() if fact.series == "other"}
    assert own == {
        "oral-intake-given": Fact(FactKind.GIVEN, "other", None),
        "oral-intake-in-day": Fact(FactKind.WITHIN, "other", "day"),
        "first-oral-intake-of-day": Fact(FactKind.FIRST_OF, "other", "day"),
        "starts-new-day": Fact(FactKind.STARTS, "other", "day"),
        "previous-day": Fact(FactKind.PREVIOUS, "other", "day"),
    }
    assert {guideline.fact_phrase(key) for key in own} == {
        "an oral intake was given",
        "an oral intake was given in the early day",
        "the oral intake is the first of its early day",
        "the oral intake starts a new early day",
        "there was an early day before",
    }
    assert {guideline.fact_phrase(key, denied=True) for key in own} == {
        "no oral intake was given",
        "no oral intake was given in the early day",
        "the oral intake is not the first of its early day",
        "the oral intake starts no new early day",
        "there was no early day before",
    }
