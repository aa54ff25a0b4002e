"""Dates and times as instants, and what an item without a sound one becomes (semantics, section 2)."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from il2kg.read.times import Moment, microseconds, read_moment, read_zone, zulu
from il2kg.record import DoubtfulPresence, Episode, Event, SetAside
from tests.reading.records import HOUR, T8, administration, at, condition, creatinine, own, point, problem, read, record

VIENNA = "Europe/Vienna"

SOUND = {
    "2026-03-02T09:00:00+01:00": T8,
    "2026-03-02T13:30:00+05:30": T8,
    "2026-03-02T08:00:00.000Z": T8,
    "2026-03-02T08:00:00.1234567Z": "2026-03-02T08:00:00.123456Z",
    "2026-03-02T08:00Z": T8,
    "2016-12-31T23:59:60Z": "2017-01-01T00:00:00Z",
    "2026-03-02": "2026-03-02T00:00:00Z",
    "2026-03": "2026-03-01T00:00:00Z",
    "2026": "2026-01-01T00:00:00Z",
}


@pytest.mark.parametrize("text", SOUND)
def test_a_moment_is_read(text: str) -> None:
    time = at(SOUND[text])
    assert read_moment(text) == Moment(time, time, time)


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("2026-03-02", "2026-03-02T23:59:59.999999Z"),
        ("2026-02", "2026-02-28T23:59:59.999999Z"),
        ("2025-12", "2025-12-31T23:59:59.999999Z"),
        ("2025", "2025-12-31T23:59:59.999999Z"),
        ("9999-12-31", "9999-12-31T23:59:59.999999Z"),
        (T8, T8),
    ],
)
def test_a_date_ends_at_its_last_instant(text: str, end: str) -> None:
    assert read_moment(text, as_end=True) == Moment(at(end), at(end), at(end))


@pytest.mark.parametrize(
    "text",
    [
        *("", "now", "20260302", "2026-W10", "2026-13-01", "2026-02-30", "2026-03-02T25:00:00Z", "0000-01-01"),
        *(
            "2026-03-02T24:00:00Z",
            "2026-03-02T08:61:00Z",
            "2026-03-02T08:00:00+25:00",
            "2026-03-02T08",
            "\uff12\uff10\uff12\uff16",
        ),
        *("0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-10:00", " 2026-03-02", "2026-03-02T08:00:00z"),
    ],
)
def test_what_is_no_moment_is_said_to_be_none(text: str) -> None:
    assert read_moment(text) == Moment(None, None, None, "not a date or time", repr(text))


def test_a_clock_time_without_a_zone_is_that_of_any_place_on_earth() -> None:
    time = at(T8)
    assert read_moment("2026-03-02T08:00:00") == Moment(
        time, time - 14 * HOUR, time + 12 * HOUR, "time without a zone", "2026-03-02T08:00:00"
    )


def test_a_clock_time_is_read_in_the_callers_zone() -> None:
    zone = read_zone(VIENNA)
    winter, summer = at("2026-03-02T07:00:00Z"), at("2026-07-02T06:00:00Z")
    assert read_moment("2026-03-02T08:00:00", zone=zone) == Moment(winter, winter, winter)
    assert read_moment("2026-07-02T08:00:00", zone=zone) == Moment(summer, summer, summer)
    day = at("2026-03-01T23:00:00Z")
    assert read_moment("2026-03-02", zone=zone) == Moment(day, day, day)
    assert read_moment("2026-03-02", as_end=True, zone=zone).time == day + 24 * HOUR - 1
    # The day on which clocks go forward has 23 hours.
    assert read_moment("2026-03-29", as_end=True, zone=zone).time == at("2026-03-28T23:00:00Z") + 23 * HOUR - 1


@pytest.mark.parametrize("text", ["2026-10-25T02:30:00", "2026-03-29T02:30:00"], ids=["twice", "never"])
def test_a_clock_time_that_the_change_of_clocks_makes_ambiguous_stands_for_both_readings(text: str) -> None:
    first = at(f"{text[:10]}T00:30:00Z")
    kind = "clock time that the change of clocks makes ambiguous"
    assert read_moment(text, zone=read_zone(VIENNA)) == Moment(first, first, first + HOUR, kind, f"{text} in {VIENNA}")


def test_a_zone_is_an_iana_name() -> None:
    for name in ("Middle Earth", "", "../etc/passwd", "UTC+99"):
        with pytest.raises(ValueError, match="IANA"):
            read_zone(name)


@given(st.datetimes(datetime(2, 1, 1), datetime(9998, 1, 1)), st.integers(-12 * 60, 14 * 60))
def test_any_time_with_its_offset_is_read_exactly(clock: datetime, minutes: int) -> None:
    moment = clock.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    time = microseconds(moment)
    assert read_moment(moment.isoformat()) == Moment(time, time, time)
    assert zulu(time) == moment.astimezone(UTC).isoformat().replace("+00:00", "Z")


@given(st.text())
def test_no_text_breaks_the_reading_of_times(text: str) -> None:
    for zone in (None, read_zone(VIENNA)):
        moment = read_moment(text, zone=zone)
        assert (moment.time is None) == (moment.earliest is None)


NO_ZONE = "2026-03-02T08:00:00"
EARLIEST, LATEST = at(T8) - 14 * HOUR, at(T8) + 12 * HOUR


def test_items_without_a_zone_stand_for_26_hours() -> None:
    detail = {"kind": "time without a zone", "detail": NO_ZONE}
    assert read(
        creatinine(effectiveDateTime=NO_ZONE),
        condition(own("Infection"), onsetDateTime=NO_ZONE),
        administration(own("Aldesleukin"), effectiveDateTime=NO_ZONE),
    ) == record(
        set_aside=(SetAside("SerumCreatinine", EARLIEST, LATEST, "Observation/i0"),),
        doubtful=(DoubtfulPresence("Infection", EARLIEST, LATEST, None, "Condition/i1"),),
        events=(Event(at(T8), EARLIEST, LATEST, "MedicationAdministration/i2", "aldesleukin-doses"),),
        problems=(
            problem(item="Condition/i1", concept="Infection", **detail),
            problem(item="MedicationAdministration/i2", concept="Aldesleukin", **detail),
            problem(concept="SerumCreatinine", **detail),
        ),
        latest_but_one=at(T8),
    )


def test_with_the_callers_zone_they_are_sound() -> None:
    time = "2026-03-02T07:00:00Z"
    assert read(
        creatinine(effectiveDateTime=NO_ZONE), condition(own("Infection"), onsetDateTime=NO_ZONE), zone=VIENNA
    ) == record(
        measurements=(point("SerumCreatinine", 1.2, "1.2 mg/dL", time),),
        episodes=(Episode("Infection", at(time), None, "Condition/i1"),),
        latest=at(time),
        latest_but_one=at(time),
    )


def test_the_latest_time_is_that_of_what_was_measured_stated_given_or_found() -> None:
    """Ends, orders and encounters lie ahead; what is passed over is not of the record."""
    found = read(
        creatinine(),
        condition(own("Fever"), onsetDateTime="2026-03-01", abatementDateTime="2026-03-09"),
        {
            "resourceType": "MedicationRequest",
            "status": "active",
            "medicationCodeableConcept": own("Prednisone"),
            "authoredOn": "2026-03-08",
        },
        {"resourceType": "Encounter", "status": "finished", "period": {"start": "2026-03-07", "end": "2026-03-08"}},
        creatinine(code={"text": "urine creatinine"}, effectiveDateTime="2026-03-07"),
    )
    assert (found.latest, found.latest_but_one) == (at(T8), at("2026-03-01"))
    assert read(creatinine(effectiveDateTime=None)).latest is None
