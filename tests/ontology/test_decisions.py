"""Decisions, effects, escalations and occasions: what the loader makes of them, and what it refuses."""

from pathlib import Path

import pytest

from il2kg.bulk import load_engine
from il2kg.guideline.decisions import OccasionKind
from il2kg.loading import load_guideline
from tests.ontology.slips import TERM, slipped, told

NOT_DUE = 'skos:notation "not-due" ; il2:rank 1 ;'
UNDECIDED = 'skos:notation "indeterminate" ; il2:undecided true ;'
STOP_CYCLE = "il2:leadsTo il2:decision-stop-cycle ; il2:staysFor il2:cycle ;"
PLACE = "needs exactly one of il2:rank, il2:undecided true and il2:readsAs"

# what stands in decisions.ttl instead of what, and what is said
DECISIONS = [
    (
        NOT_DUE,
        'skos:notation "not-due" ; il2:undecided true ;',
        "exactly one il2:Decision must have il2:undecided true, not il2:decision-not-due and "
        "il2:decision-indeterminate",
    ),
    (
        UNDECIDED,
        'skos:notation "indeterminate" ; il2:rank 6 ;',
        "exactly one il2:Decision must have il2:undecided true, not none",
    ),
    (
        UNDECIDED,
        'skos:notation "indeterminate" ; il2:undecided false ;',
        f"decisions.ttl: {TERM}decision-indeterminate> {PLACE}",
    ),
    (NOT_DUE, 'skos:notation "not-due" ;', f"decisions.ttl: {TERM}decision-not-due> {PLACE}"),
    (
        NOT_DUE,
        'skos:notation "not-due" ; il2:rank 1 ; il2:undecided true ;',
        f"decisions.ttl: {TERM}decision-not-due> {PLACE}",
    ),
    (
        NOT_DUE,
        'skos:notation "not-due" ; il2:rank 2 ;',
        f"decisions.ttl: {TERM}decision-not-due> and {TERM}decision-withhold> both have il2:rank 2; "
        "give each decision a rank of its own",
    ),
    (
        NOT_DUE,
        'skos:notation "not-due" ; il2:rank 1.5 ;',
        f"decisions.ttl: {TERM}decision-not-due>: il2:rank is a whole number at least 0, not 1.5",
    ),
    (
        NOT_DUE,
        'skos:notation "not-due" ; il2:rank -1 ;',
        f"decisions.ttl: {TERM}decision-not-due>: il2:rank is a whole number at least 0, not -1",
    ),
    (
        NOT_DUE,
        'skos:notation "not-due" ; il2:rank "1" ;',
        f"decisions.ttl: {TERM}decision-not-due>: il2:rank must be a number without quotes and exponent, not '1'",
    ),
    (
        "il2:readsAs il2:decision-administer",
        "il2:readsAs il2:decision-withhold",
        f"decisions.ttl: {TERM}decision-eligible>: il2:readsAs must name the decision of the lowest rank, "
        "il2:decision-administer",
    ),
    (
        'skos:notation "not-due"',
        'skos:notation "withhold"',
        "il2:decision-not-due and il2:decision-withhold have the same skos:notation, 'withhold'; give each its own",
    ),
    (
        '    il2:headline "WITHHOLD the next dose"@en ;\n',
        "",
        f"decisions.ttl: {TERM}decision-withhold> needs exactly one il2:headline, has 0",
    ),
    # effects
    (
        "il2:leadsTo il2:decision-not-due ;",
        "il2:leadsTo il2:decision-administer ;",
        f"decisions.ttl: {TERM}not-due>: il2:leadsTo il2:decision-administer; it leads to a decision with an "
        "il2:rank above the lowest",
    ),
    (
        "il2:leadsTo il2:decision-not-due ;",
        "il2:leadsTo il2:decision-indeterminate ;",
        f"decisions.ttl: {TERM}not-due>: il2:leadsTo il2:decision-indeterminate; it leads to a decision with an "
        "il2:rank above the lowest",
    ),
    (
        "il2:leadsTo il2:decision-not-due ;",
        "il2:leadsTo il2:decision-not-do ;",
        "decisions.ttl: il2:not-due, il2:leadsTo: il2:decision-not-do is no il2:Decision of the ontology; the nearest "
        "is il2:decision-not-due",
    ),
    (
        "il2:leadsTo il2:decision-not-due ;",
        "",
        f"decisions.ttl: {TERM}not-due> needs exactly one il2:leadsTo, has 0",
    ),
    (
        STOP_CYCLE,
        "il2:leadsTo il2:decision-stop-cycle ; il2:staysFor il2:cycles ;",
        "decisions.ttl: il2:stop-cycle, il2:staysFor: il2:cycles is no il2:Level of the ontology; the nearest is "
        "il2:cycle",
    ),
    (
        STOP_CYCLE,
        f"{STOP_CYCLE} il2:staysForGood true ;",
        f"decisions.ttl: {TERM}stop-cycle> has il2:staysFor and il2:staysForGood; keep one",
    ),
    (
        STOP_CYCLE,
        'il2:leadsTo il2:decision-stop-cycle ; il2:staysForGood "always" ;',
        f"decisions.ttl: {TERM}stop-cycle>: il2:staysForGood is true or false, not 'always'",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), DECISIONS)
def test_decisions_and_effects_that_do_not_fit_are_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert told(tmp_path, "decisions.ttl", (old, new)) == said


ESCALATION = f"rule-sets.ttl: {TERM}upci>, il2:escalation"
RULE_SETS = [
    (
        "il2:ofEffect il2:relative",
        "il2:ofEffect il2:not-due",
        f"{ESCALATION}: no criterion of the rule set has il2:effect il2:not-due; name one that some have",
    ),
    (
        "il2:orAny il2:absolute",
        "il2:orAny il2:stop-course",
        f"{ESCALATION}: no criterion of the rule set has il2:effect il2:stop-course; name one that some have",
    ),
    (
        "il2:moreThan 3 ",
        "il2:moreThan 300 ",
        f"{ESCALATION}: il2:moreThan 300 is never exceeded, for il2:relative is the effect of ",
    ),
    (
        "il2:moreThan 3 ",
        "il2:moreThan 2.5 ",
        f"rule-sets.ttl: {TERM}upci>: il2:moreThan is a whole number at least 0, not 2.5",
    ),
    (
        "il2:moreThan 3 ",
        "il2:moreThan -1 ",
        f"rule-sets.ttl: {TERM}upci>: il2:moreThan is a whole number at least 0, not -1",
    ),
    (
        "il2:leadsTo il2:decision-stop-cycle",
        "il2:leadsTo il2:decision-withhold",
        f"{ESCALATION}: il2:leadsTo il2:decision-withhold, which is no more severe than what "
        "il2:relative leads to by itself",
    ),
    (
        "il2:staysFor il2:cycle ]",
        "il2:staysFor il2:relative ]",
        "rule-sets.ttl: il2:upci, il2:staysFor: il2:relative is no il2:Level of the ontology",
    ),
    (
        "il2:escalation [",
        "il2:escalation [ il2:moreThan 1 ] , [",
        f"rule-sets.ttl: {TERM}upci> needs exactly one il2:escalation, has 2",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), RULE_SETS)
def test_an_escalation_that_does_not_fit_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert told(tmp_path, "rule-sets.ttl", (old, new)).startswith(said)


FIRST = "il2:firstOf il2:course ;\n    il2:clearAs il2:decision-eligible"
OCCASIONS = [
    (
        FIRST,
        f"il2:laterIn il2:aldesleukin-doses ; {FIRST}",
        f"regimen.ttl: {TERM}FirstDoseOfCourse> has il2:firstOf and il2:laterIn; keep one",
    ),
    (
        FIRST,
        "il2:firstOf il2:course ; il2:clearAs il2:decision-withhold",
        f"regimen.ttl: {TERM}FirstDoseOfCourse>: il2:clearAs il2:decision-withhold, which has no "
        "il2:readsAs; name a decision that has one",
    ),
    (
        FIRST,
        "il2:firstOf il2:curse",
        "regimen.ttl: il2:FirstDoseOfCourse, il2:firstOf: il2:curse is no il2:Level of the ontology; the nearest is "
        "il2:course",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), OCCASIONS)
def test_an_occasion_that_does_not_fit_is_refused(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert told(tmp_path, "regimen.ttl", (old, new)) == said


def test_what_stays_in_force_is_lifted_by_nothing(tmp_path: Path) -> None:
    words = 'rdfs:label "Oxygen saturation below 90%"@en ;\n    il2:ruleSet il2:label ; '
    place = f"{words}il2:organSystem il2:organ-system-respiratory ; il2:effect il2:"
    assert told(tmp_path, "guideline/label.ttl", (f"{place}withhold", f"{place}stop-cycle")) == (
        f"label.ttl: {TERM}label-oxygen-saturation>: il2:effect il2:stop-cycle stays in force, so that nothing lifts "
        "it; leave out il2:resume, or choose another effect"
    )


def test_an_effect_may_stay_for_good(tmp_path: Path) -> None:
    for_good = "il2:leadsTo il2:decision-stop-cycle ; il2:staysForGood true ;"
    effect = load_guideline(slipped(tmp_path, "decisions.ttl", (STOP_CYCLE, for_good))).effects["stop-cycle"]
    assert (effect.for_good, effect.stays_for, effect.remembers) == (True, None, True)


def test_decisions_stand_in_the_order_of_their_ranks() -> None:
    decisions = load_engine().guideline.decisions
    assert [each.word for each in decisions.in_order] == [
        "administer",
        "not-due",
        "withhold",
        "stop-cycle",
        "stop-course",
        "contraindicated",
    ]
    assert (decisions.lowest, decisions.highest) == (decisions.in_order[0], decisions.in_order[-1])
    assert decisions.undecided.word == "indeterminate"
    assert [(each.word, each.headline) for each in decisions.other_words] == [("eligible", decisions.lowest.headline)]
    assert decisions.of("decision-eligible") in decisions.other_words


def test_the_rule_sets_speak_when_they_should() -> None:
    found = {r.id: (r.occasion.kind, r.occasion.of, r.silence_bears_on) for r in load_engine().guideline.rule_sets}
    assert found.pop("eligibility") == (OccasionKind.FIRST_OF, "course", None)
    assert found.pop("retreatment") == (OccasionKind.LATER, "aldesleukin-doses", "cycle")
    assert set(found.values()) == {(OccasionKind.EVERY, None, None)}
