"""No slip in the ontology goes unseen, of whatever kind: some of each are tried here, all by ``just mutations``."""

from collections import Counter
from functools import cache

import pytest

from tests.mutations import CODED, CONVENTION, KINDS, MAPPED, OTHER, Slip, Slips
from tests.ontology.facts import Facts
from tests.ontology.second_reading import COPY

OF_EACH = 60
ALL_KINDS = (*KINDS, CONVENTION, MAPPED, CODED, OTHER)

# What decides what is done: of these kinds no slip is left to rows that were copied from the ontology.
DECISIVE = {"effect", "toxicity", "organ system", "tolerated", "occasion", "uses", "window", "ended by", "rules out"}


@cache
def _slips() -> Slips:
    return Slips(Facts.read())


@cache
def _some() -> list[Slip]:
    return list(_slips().some(OF_EACH))


@pytest.mark.parametrize("kind", ALL_KINDS)
def test_no_slip_goes_unseen(kind: str) -> None:
    tried = [slip for slip in _some() if slip.kind == kind]
    assert tried
    assert [slip.name for slip in tried if not slip.seen_by()] == []


@pytest.mark.parametrize("kind", sorted(DECISIVE))
def test_what_decides_is_seen_by_what_was_read_apart(kind: str) -> None:
    assert [slip.name for slip in _some() if slip.kind == kind and slip.seen_by() == {COPY}] == []


def test_the_same_slips_are_tried_each_time() -> None:
    again = Slips(Facts.read()).some(OF_EACH)
    assert [slip.name for slip in again] == [slip.name for slip in _some()]
    assert max(Counter(slip.kind for slip in _some()).values()) == OF_EACH


@pytest.mark.parametrize(
    ("kind", "about", "name"),
    [
        ("tolerated", "upci", "'2' for '3'"),
        ("strength", "no-dopamine-as-pressor", "without notRecommended"),
        ("predicate", "low-flow-harms-organs", "subject as object"),
        ("predicate", "fever-onset", "denied"),
        ("amount", "acetaminophen-for-fever", "low '651' for '650'"),
        (
            "when",
            "dopamine-for-oliguria",
            "'fluid does not help or is not' for 'fluid does not help or is not tolerated'",
        ),
        ("rules out", "NormalSinusRhythm", "rulesOut without Bradycardia"),
    ],
)
def test_slips_are_what_they_are_called(kind: str, about: str, name: str) -> None:
    (slip,) = (
        slip
        for slip in _slips().all()
        if slip.kind == kind and slip.name.startswith(f"{about} ") and slip.name.endswith(name)
    )
    assert slip.seen_by()


def test_a_slip_is_made_in_a_copy() -> None:
    slips = _slips()
    before = {node: dict(said) for node, said in slips.facts.about.items()}
    codes = dict(slips.facts.codes)
    for slip in slips.some(1):
        assert slip.made() is not slips.facts
    assert (slips.facts.about, slips.facts.codes) == (before, codes)
