"""What must hold of every record, whatever the guideline."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from il2kg.engine import Request
from il2kg.read.times import microseconds
from tests.bundles import Resource, assessed, bundle
from tests.guidelines.folders import NAMES, engine_of
from tests.guidelines.strategies import AT, Asked, charted_clean, clean, harmless, records

ASKED = {name: Asked.by(engine_of(name).guideline) for name in NAMES}
CHARTING = (False, True)


def _document(name: str, resources: list[Resource], *, silent: bool) -> dict[str, Any]:
    request = Request(at=microseconds(AT), by_exception=silent, every_criterion=True)
    (document,) = assessed(engine_of(name), bundle(resources), request)
    return document


@pytest.mark.parametrize("name", NAMES)
def test_records_are_drawn_of_all_that_is_asked(name: str) -> None:
    assert set(harmless(ASKED[name])) == set(ASKED[name].limits)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40)
@given(data=st.data(), silent=st.booleans())
def test_the_evaluators_agree_and_ranges_keep_their_order(name: str, data: st.DataObject, silent: bool) -> None:
    # A disagreement is raised.
    document = _document(name, data.draw(records(ASKED[name])), silent=silent)
    decisions = engine_of(name).guideline.decisions
    ranks = {each.word: each.rank for each in (*decisions.other_words, *decisions.in_order)}
    for said in (document["overall"], *document["rule_sets"].values()):
        assert ranks[said["at_least"]] <= ranks[said["at_most"]]
        assert said["decision"] in (said["at_least"], decisions.undecided.word)


@pytest.mark.parametrize("name", NAMES)
@settings(max_examples=40)
@given(data=st.data(), silent=st.booleans())
def test_nothing_unknown_could_forbid_what_lets_go_ahead(name: str, data: st.DataObject, silent: bool) -> None:
    """Reckoned from the statuses alone: of a decision that lets go ahead, no open criterion asks for more."""
    guideline = engine_of(name).guideline
    document = _document(name, data.draw(st.one_of(records(ASKED[name]), charted_clean(ASKED[name]))), silent=silent)
    lets_go_ahead = {each.word: each.rank for each in guideline.decisions.in_order if each.goes_ahead}
    said = document["overall"]["decision"]
    applying = [found for found in document["rule_sets"].values() if found["applies"]]
    effects = {c.id: c.effect for c in guideline.criteria}
    if said in lets_go_ahead:
        asked_for = [
            effects[criterion].decision.rank
            for found in applying
            for status in ("met", "held", "unknown")
            for criterion in found[status]
        ]
        assert max(asked_for, default=0) <= lets_go_ahead[said]
        assert document["to_assess"] == []
    elif said == guideline.decisions.undecided.word:
        assert document["to_assess"] != []


@pytest.mark.parametrize("name", NAMES)
def test_the_lowest_is_said_of_a_patient_with_nothing_wrong(name: str) -> None:
    document = _document(name, clean(ASKED[name]), silent=False)
    assert document["overall"]["decision"] == engine_of(name).guideline.decisions.lowest.word


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("silent", CHARTING)
def test_of_an_empty_record_nothing_lets_go_ahead(name: str, silent: bool) -> None:
    document = _document(name, [], silent=silent)
    assert document["overall"]["decision"] == engine_of(name).guideline.decisions.undecided.word
