"""FHIR medications, and procedures that give something, as treatments and doses (semantics, section 7)."""

import math

from il2kg.guideline.model import Guideline, Observable
from il2kg.read.builder import Item, RecordBuilder
from il2kg.read.fhir_values import Bounds, UnusableValueError, own_unit, read_quantity
from il2kg.read.spans import UNDATED, read_span, written_span
from il2kg.read.units import UnitConverter
from il2kg.record import Administration, Dose

_UNKNOWN_RATE = Bounds(0.0, math.inf)
_GIVEN = frozenset({"MedicationAdministration", "Procedure"})


def read_treatment(
    builder: RecordBuilder,
    item: Item,
    treatment: str,
    guideline: Guideline,
    converter: UnitConverter,
) -> None:
    """Read a treatment. What was given at an instant ran then; orders and statements without an end run on.

    An administration of the regimen's own drug is a dose; an order for it is not.
    """
    span = read_span(item.content)
    if span is UNDATED and item.kind not in _GIVEN:
        span = written_span(item.content)
    for problem in (item.doubt, span.problem):
        if problem:
            builder.problem(item, problem)
    dose_of = guideline.conventions.dose_of
    if treatment == dose_of or dose_of in guideline.treatments[treatment].ancestors:
        if item.kind != "MedicationRequest" and item.content.get("status") != "intended":
            builder.doses.append(Dose(span.start, span.end, item.name))
        return
    at_instant = item.kind in _GIVEN and not span.period
    end = span.start if at_instant else span.end if span.end_sound else None
    low, high = _rate(builder, item, rate_observables(guideline, treatment), converter)
    builder.administrations.append(Administration(treatment, span.start, end, low, high, item.name))


def rate_observables(guideline: Guideline, treatment: str) -> list[Observable]:
    """The observables that infusions of a treatment give values of."""
    above = (treatment, *guideline.treatments[treatment].ancestors)
    return [o for o in guideline.observables.values() if o.infusion_of in above]


def _rate(builder: RecordBuilder, item: Item, observables: list[Observable], converter: UnitConverter) -> Bounds:
    """The rate of an infusion; 0 or more if there is none, or none that can be trusted."""
    dosage = item.content.get("dosage")
    if not observables or item.kind != "MedicationAdministration" or dosage is None:
        return _UNKNOWN_RATE
    if not isinstance(dosage, dict):
        builder.problem(item, "dosage of the wrong type")
        return _UNKNOWN_RATE
    if dosage.get("rateQuantity") is None:
        return _UNKNOWN_RATE
    try:
        charted = read_quantity(dosage["rateQuantity"])
        # Every observable that the drug counts for must find the rate plausible.
        bounds, *_ = (own_unit(charted, observable, converter) for observable in observables)
    except UnusableValueError as unusable:
        builder.problem(item, f"rate: {unusable}")
        return _UNKNOWN_RATE
    return _UNKNOWN_RATE if item.doubt else Bounds(max(bounds.low, 0.0), bounds.high)
