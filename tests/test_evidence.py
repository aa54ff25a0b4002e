"""Evidence is what decided: a criterion's status is the same of a record that holds nothing else."""

from collections import defaultdict

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from il2kg.assessment.evaluation import evaluation
from il2kg.bulk import load_engine
from il2kg.derive.timeline import batches
from il2kg.read.times import microseconds
from il2kg.record import Record
from il2kg.request import NamedRecord, Request
from tests.bundles import Resource, bundle, named_record
from tests.case_tables import REQUEST, all_cases, records_of
from tests.strategies import AT, records

ENGINE = load_engine()
# Discharges do not name the items that they come from, and stay.
_HELD_FROM_ITEMS = (
    *("measurements", "set_aside", "episodes", "absences", "doubtful"),
    *("administrations", "events", "doubtful_events"),
)


def _only(record: Record, items: frozenset[str]) -> Record:
    """The record as far as it comes from some items."""
    kept = {name: tuple(e for e in getattr(record, name) if e.item in items) for name in _HELD_FROM_ITEMS}
    return msgspec.structs.replace(record, **kept)


def _changed(named: NamedRecord, request: Request) -> dict[str, tuple[str, str]]:
    """The criteria whose status is another without the items that are no evidence of it: before and after."""
    (assessment,) = ENGINE.assess([named], request)
    wanted: dict[frozenset[str], list[tuple[str, str]]] = defaultdict(list)
    for criterion in assessment.criteria:
        items = frozenset(item for evidence in criterion.evidence for item in evidence.resources)
        wanted[items].append((criterion.id, criterion.status))
    less = [_only(named.record, items) for items in wanted]
    found: dict[str, tuple[str, str]] = {}
    instants = [request.at or 0] * len(less)
    asked, begin = list(wanted.values()), 0
    for timeline in batches(ENGINE.guideline, less, instants):
        statuses = evaluation(timeline, request).statuses.each
        for row in range(len(timeline.records)):
            for name, before in asked[begin + row]:
                if statuses[name][row] != before:
                    found[name] = (str(before), str(statuses[name][row]))
        begin += len(timeline.records)
    return found


@given(records(), st.booleans())
def test_what_is_no_evidence_decides_nothing(resources: list[Resource], by_exception: bool) -> None:
    request = Request(at=microseconds(AT), by_exception=by_exception, every_criterion=True, cross_check=False)
    assert _changed(named_record(ENGINE, "record", bundle(resources)), request) == {}


@pytest.mark.parametrize("by_exception", [False, True])
def test_nor_does_it_in_any_case(by_exception: bool) -> None:
    request = Request(at=REQUEST.at, by_exception=by_exception, every_criterion=True, cross_check=False)
    cases = [case for case in all_cases(ENGINE.guideline) if case.by_exception is by_exception]
    assert len(cases) > 100
    changed = {named.name: found for named in records_of(ENGINE, cases) if (found := _changed(named, request))}
    assert changed == {}
