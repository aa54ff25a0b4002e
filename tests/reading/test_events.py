"""Events of the series of a guideline, of which there may be none or several (semantics, sections 1 and 8)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from il2kg.errors import GuidelineError
from il2kg.explain.reading import reading_graph
from il2kg.guideline.model import Guideline
from il2kg.guideline.series import EventSeries
from il2kg.read.fhir.patients import PatientResources
from il2kg.read.fhir.resources import Resource
from il2kg.read.patient_reader import PatientReader
from il2kg.record import DoubtfulEvent, Event, Record
from il2kg.request import Request, as_judged
from il2kg.write.assessments import names_of
from tests.reading.records import T8, T9, Content, administration, at, guideline, order, own, procedure, quantity

DOSES = guideline().series[0]


def series_of(treatment: str, event: str) -> EventSeries:
    return EventSeries(f"{event}-series", f"{event}s", treatment, event, Decimal(0), Decimal(24), (), None, None)


NOTHING = replace(guideline(), series=())
PRESSORS = series_of("Vasopressor", "emergency infusion")
VIALS = series_of("Aldesleukin", "ampoule")
SEVERAL = replace(guideline(), series=(DOSES, PRESSORS, VIALS))


def read(of: Guideline, *contents: Content) -> Record:
    resources = [Resource(f"{c['resourceType']}/i{n}", c) for n, c in enumerate(contents)]
    return PatientReader.of(of).record(PatientResources("Patient/p1", resources, lambda _: []))


def event(series: EventSeries, item: str = "MedicationAdministration/i0", time: str = T8) -> Event:
    return Event(at(time), at(time), at(time), item, series.id)


def test_without_series_nothing_is_an_event() -> None:
    found = read(NOTHING, administration(own("Aldesleukin")), administration({}), order(own("Aldesleukin")))
    assert (found.events, found.doubtful_events) == ((), ())
    assert {a.treatment for a in found.administrations} == {"Aldesleukin", None}
    assert not [p for p in found.problems if "order" in p.kind]


def test_an_administration_is_an_event_of_each_series_of_its_treatment() -> None:
    found = read(SEVERAL, administration(own("Aldesleukin")), administration(own("Phenylephrine")))
    expected = {event(DOSES), event(VIALS), event(PRESSORS, "MedicationAdministration/i1")}
    assert (set(found.events), len(found.events), found.doubtful_events) == (expected, 3, ())


def test_an_event_that_a_criterion_asks_about_is_a_treatment_besides() -> None:
    found = read(SEVERAL, administration(own("Aldesleukin")), administration(own("Phenylephrine")))
    assert [(a.treatment, a.item) for a in found.administrations] == [("Phenylephrine", "MedicationAdministration/i1")]


def test_an_order_is_no_event_and_runs_as_what_was_ordered() -> None:
    found = read(SEVERAL, order(own("Phenylephrine"), authoredOn=T8), order(own("Aldesleukin"), authoredOn=T8))
    assert found.events == ()
    assert [a.treatment for a in found.administrations] == ["Phenylephrine"]
    assert [(p.kind, p.item[-1], p.concept) for p in found.problems] == [
        ("an order is no ampoule", "1", "Aldesleukin"),
        ("an order is no dose", "1", "Aldesleukin"),
        ("an order is no emergency infusion", "0", "Phenylephrine"),
    ]


def test_what_nobody_can_name_may_be_an_event_of_any_series() -> None:
    found = read(SEVERAL, administration({}))
    assert found.doubtful_events == (DoubtfulEvent(at(T8), at(T8), "MedicationAdministration/i0", None),)


def test_messages_have_the_words_of_the_series() -> None:
    local = administration(own("Aldesleukin"), dosage={"route": {"text": "topical"}})
    twin = administration(own("Phenylephrine"))
    found = read(SEVERAL, local, procedure(own("Aldesleukin"), performedDateTime=T8), twin, twin)
    assert {p.kind for p in found.problems} == {
        "a dose that is said to act locally",
        "an ampoule that is said to act locally",
        "does not say when each dose was given",
        "does not say when each ampoule was given",
        "given at the same instant as another emergency infusion",
    }


def test_readings_say_of_which_series_they_are() -> None:
    record = read(SEVERAL, administration(own("Aldesleukin")), administration({}))
    graph = reading_graph(record, "urn:r", names_of("p"), SEVERAL)
    il2 = "https://w3id.org/il2kg/"
    series = {name: node[f"{il2}ofSeries"] for name, node in graph.nodes.items() if f"{il2}ofSeries" in node}
    assert series == {
        **{f"urn:r:dose.{n}": [f"{il2}{DOSES.id}"] for n in (1, 2)},
        "urn:r:emergency-infusion.1": [f"{il2}{PRESSORS.id}"],
        **{f"urn:r:ampoule.{n}": [f"{il2}{VIALS.id}"] for n in (1, 2)},
    }


def test_an_event_may_have_the_name_of_another_reading() -> None:
    of = replace(guideline(), series=(series_of("Vasopressor", "treatment"),))
    graph = reading_graph(read(of, administration(own("Phenylephrine"))), "urn:r", names_of("p"), of)
    assert list(graph.nodes) == ["urn:r:treatment.1", "urn:r:treatment-event.1"]


# ---- what was given is judged as if it had not been yet


def test_what_is_judged_is_left_out_of_all_series_and_of_treatments() -> None:
    given = [own("Aldesleukin"), own("Phenylephrine"), own("Prednisone")]
    record = read(SEVERAL, *map(administration, given), administration(given[1], effectiveDateTime=T9))
    judged = as_judged(record, Request(given=at(T9)), SEVERAL)
    assert {e.time for e in judged.events} == {at(T8)}
    assert {a.item[-1] for a in judged.administrations} == {"1", "2"}
    judged = as_judged(record, Request(given=at(T8)), SEVERAL)
    assert (judged.events, {a.treatment for a in judged.administrations}) == ((), {"Prednisone"})


@pytest.mark.parametrize("drug", ["Aldesleukin", "Prednisone"])
def test_without_series_the_instant_is_judged_and_it_is_said_that_nothing_is_left_out(drug: str) -> None:
    record = read(NOTHING, administration(own(drug)))
    judged = as_judged(record, Request(given=at(T8)), NOTHING)
    assert judged.administrations == record.administrations
    (problem,) = {*judged.problems} - {*record.problems}
    assert problem.problem == "the guideline counts nothing that was given, so nothing was left out: " + T8


# ---- rates of other guidelines


def _measured_in(**units: str) -> Guideline:
    """The guideline with rates in other units."""
    return replace(
        guideline(),
        observables={
            name: replace(each, unit=units.get(name, each.unit), plausible=None)
            for name, each in guideline().observables.items()
        },
    )


def test_a_rate_may_be_in_units_of_activity() -> None:
    """Those of other treatments stay units that compare with themselves alone."""
    heparin = _measured_in(**{name: "[IU]/h" for name, o in guideline().observables.items() if o.infusion_of})
    dosage = {"rateQuantity": quantity(1200, "[IU]/h")}
    (found,) = read(heparin, administration(own("Phenylephrine"), dosage=dosage)).administrations
    assert (found.rate_low, found.rate_high, found.rate_unit) == (1200, 1200, None)
    (found,) = read(guideline(), administration(own("Phenylephrine"), dosage=dosage)).administrations
    assert (found.rate_low, found.rate_high, found.rate_unit) == (1200, 1200, "[IU]/h")


def test_rates_of_one_treatment_are_in_one_unit() -> None:
    infusion = next(o for o in guideline().observables.values() if o.infusion_of is not None)
    twin = replace(infusion, id="OtherRate", unit="mg/h")
    several = replace(guideline(), observables={**guideline().observables, "OtherRate": twin})
    with pytest.raises(
        GuidelineError, match=r"measured in several units \(.* in .*, OtherRate in mg/h\); give them one"
    ):
        read(several, administration(own("Aldesleukin")))
