"""What is written in a format and read again is the same record, whatever it holds: with flaws, doubts and all."""

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from il2kg.errors import RecordError
from il2kg.statements import Patient, PatientStatements
from tests.bundles import Resource, bundle, patients
from tests.converting.odd import odd_bundle
from tests.converting.rewriting import REWRITINGS, Rewriting, records_of
from tests.fuzz import record
from tests.fuzz_convert import convert_seeds
from tests.patient_graph import strategies as statements
from tests.strategies import records

each_format = pytest.mark.parametrize("rewritten", REWRITINGS.values(), ids=REWRITINGS)
a_few = settings(max_examples=settings.default.max_examples // 3)
seeds = st.integers(0, 10**9)


@each_format
@given(resources=records())
def test_a_record(rewritten: Rewriting, resources: list[Resource]) -> None:
    found = list(patients(bundle(resources)))
    assert records_of(rewritten(found)) == records_of(found)


@each_format
@given(seed=seeds)
def test_a_record_in_which_something_is_planted_or_spoilt(rewritten: Rewriting, seed: int) -> None:
    resources, _ = record(seed)
    found = list(patients(bundle(resources)))
    assert records_of(rewritten(found)) == records_of(found)


def test_records_in_which_anything_may_be_wrong() -> None:
    counts, failures = convert_seeds(0, 100)
    assert failures == []
    assert {counts[form] for form in REWRITINGS} == {sum(len(odd(seed)) for seed in range(100))}


@each_format
@a_few
@given(seed=seeds)
def test_each_patient_by_himself(rewritten: Rewriting, seed: int) -> None:
    for patient in odd(seed):
        assert records_of(rewritten([patient])) == records_of([patient])


@each_format
@a_few
@given(seed=seeds)
def test_what_was_rewritten_is_rewritten_the_same(rewritten: Rewriting, seed: int) -> None:
    once = rewritten(odd(seed))
    assert statements_of(rewritten(once)) == statements_of(once)


@each_format
@given(patient=statements.patients())
def test_whatever_may_be_said(rewritten: Rewriting, patient: PatientStatements) -> None:
    assert records_of(rewritten([patient])) == records_of([patient])


@each_format
@a_few
@given(seed=seeds)
def test_by_way_of_two_formats(rewritten: Rewriting, seed: int) -> None:
    found = odd(seed)
    assert records_of(REWRITINGS["fhir-json"](rewritten(found))) == records_of(found)


def odd(seed: int) -> list[Patient]:
    """The patients of an odd Bundle; none where it cannot be used."""
    try:
        return list(patients(odd_bundle(Random(seed))))
    except RecordError:
        return []


def statements_of(found: list[Patient]) -> list[Any]:
    """All that is said of patients."""
    return [(each.patient, tuple(each.statements), each.problems, each.unusable) for each in found]
