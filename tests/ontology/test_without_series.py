"""A guideline that counts no events: one rule about potassium, and what it may not ask for without a series."""

import shutil
from pathlib import Path

import pytest

from il2kg.compile.shapes import compile_shapes
from il2kg.errors import GuidelineError
from il2kg.guideline.decisions import OccasionKind
from il2kg.guideline.model import Guideline
from il2kg.loading import load_guideline
from tests.folders import OWN, folder_of
from tests.ontology.files import PREFIXES, ROOT
from tests.ontology.slips import TERM

KEPT = ("guideline.ttl", "conventions.ttl")
RULES = """
il2:replace-it a il2:Decision ; rdfs:label "replace"@en ; skos:notation "replace" ; il2:rank 0 ;
    il2:headline "REPLACE"@en .
il2:slow-down a il2:Decision ; rdfs:label "slow down"@en ; skos:notation "slow" ; il2:rank 1 ; il2:headline "SLOW"@en .
il2:discontinue-it a il2:Decision ; rdfs:label "stop"@en ; skos:notation "stop" ; il2:rank 2 ; il2:headline "STOP"@en .
il2:unclear a il2:Decision ; rdfs:label "unclear"@en ; skos:notation "unclear" ; il2:undecided true ;
    il2:headline "?"@en .

il2:slower a il2:Effect ; rdfs:label "slower"@en ; il2:leadsTo il2:slow-down .
il2:ending a il2:Effect ; rdfs:label "ending"@en ; il2:leadsTo il2:discontinue-it ; il2:staysForGood true .

il2:Always a il2:Occasion ; rdfs:label "always"@en .
il2:hospital a il2:RuleSet ; rdfs:label "Hospital"@en ; il2:position 1 ; il2:applies il2:Always .
il2:blood a il2:OrganSystem ; rdfs:label "blood"@en .
il2:handbook a il2:Document ; rdfs:label "Handbook"@en .
il2:Potassium a il2:Observable ; rdfs:label "potassium"@en ; il2:unit "mmol/L" ; il2:windowHours 12 .
il2:Weakness a owl:Class ; rdfs:subClassOf il2:ClinicalFinding ; rdfs:label "weakness"@en .

il2:too-high a il2:Criterion ; rdfs:label "High"@en ; il2:ruleSet il2:hospital ; il2:organSystem il2:blood ;
    il2:effect il2:slower ; il2:source il2:handbook ;
    il2:condition [ il2:observable il2:Potassium ; il2:atLeast 4 ; il2:unit "mmol/L" ] ;
    il2:resume [ il2:observable il2:Potassium ; il2:below 3.5 ; il2:unit "mmol/L" ] .
il2:weak a il2:Criterion ; rdfs:label "Weak"@en ; il2:ruleSet il2:hospital ; il2:organSystem il2:blood ;
    il2:effect il2:ending ; il2:source il2:handbook ; il2:condition [ il2:present il2:Weakness ] .
"""


def _loaded(folder: Path, *changes: tuple[str, str]) -> Guideline:
    """The guideline, with something instead of something else."""
    text = RULES
    for old, new in changes:
        assert text.count(old) == 1
        text = text.replace(old, new)
    shutil.copytree(ROOT / "ontology" / "vocabulary", folder / "ontology" / "vocabulary")
    for path in OWN.files_of_rules:
        copy = folder / path.relative_to(ROOT)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.name in KEPT:
            shutil.copy(path, copy)
        elif not copy.exists():
            copy.write_text(PREFIXES + text if path.name == "rule-sets.ttl" else "", encoding="utf-8")
    shutil.copy(ROOT / "ontology" / "guideline.ttl", folder / "ontology" / "guideline.ttl")
    return load_guideline(folder_of(folder))


def test_a_guideline_needs_no_series(tmp_path: Path) -> None:
    guideline = _loaded(tmp_path)
    assert (guideline.series, guideline.facts, guideline.next_events, guideline.levels) == ((), {}, {}, {})
    assert (guideline.holds_last_for, guideline.baseline_before) == (None, None)
    assert [(c.id, c.remembers, c.effect.for_good) for c in guideline.criteria] == [
        ("too-high", True, False),
        ("weak", True, True),
    ]
    (rules,) = guideline.rule_sets
    assert (rules.occasion.kind, rules.escalation, rules.silence_bears_on) == (OccasionKind.EVERY, None, None)
    (shapes,) = compile_shapes(guideline).values()
    assert [line.split()[0] for line in shapes.splitlines() if line.startswith("shape:")] == [
        f"shape:{name}"
        for name in ("too-high-met", "too-high-possible", "too-high-held", "weak-met", "weak-possible", "weak-held")
    ]


STAYS = "il2:staysForGood true"
POTASSIUM = '[ il2:observable il2:Potassium ; il2:atLeast 4 ; il2:unit "mmol/L" ]'
LEVEL = 'il2:day a il2:Level ; rdfs:label "day"@en ; il2:startsAfterHours 12 .\n'
REFUSED = [
    (
        STAYS,
        "il2:staysFor il2:day",
        "rule-sets.ttl: il2:ending, il2:staysFor: il2:day is no il2:Level of the ontology",
    ),
    (
        "il2:hospital a il2:RuleSet",
        f"{LEVEL}il2:hospital a il2:RuleSet",
        f"rule-sets.ttl: {TERM}day> is in the il2:levels of no il2:EventSeries; list it there",
    ),
    (
        'rdfs:label "always"@en',
        'rdfs:label "always"@en ; il2:firstOf il2:day',
        "rule-sets.ttl: il2:Always, il2:firstOf: il2:day is no il2:Level of the ontology",
    ),
    (
        'rdfs:label "always"@en',
        'rdfs:label "always"@en ; il2:laterIn il2:doses',
        "rule-sets.ttl: il2:Always, il2:laterIn: il2:doses is no il2:EventSeries of the ontology",
    ),
    (
        POTASSIUM,
        '[ il2:gainOf il2:Potassium ; il2:atLeast 4 ; il2:unit "%" ]',
        "too-high: a change from a baseline needs an event series that says which (il2:baselineBefore)",
    ),
    (
        POTASSIUM,
        '[ il2:dropOf il2:Potassium ; il2:atLeast 4 ; il2:unit "mmol/L" ]',
        "too-high: a change from a baseline needs an event series that says which (il2:baselineBefore)",
    ),
    (
        POTASSIUM,
        "[ il2:atOrBelowBaseline il2:Potassium ]",
        "too-high: a change from a baseline needs an event series that says which (il2:baselineBefore)",
    ),
    (
        POTASSIUM,
        "[ il2:nextEvent il2:First ]",
        "too-high: il2:nextEvent must be one of the kinds of next event of a series, of which there is none",
    ),
    (
        'skos:notation "stop" ; il2:rank 2',
        'skos:notation "stop" ; il2:readsAs il2:replace-it',
        f"rule-sets.ttl: {TERM}ending>: il2:leadsTo il2:discontinue-it; it leads to a decision with an il2:rank above "
        "the lowest",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), REFUSED)
def test_what_asks_for_a_series_is_refused_without_one(tmp_path: Path, old: str, new: str, said: str) -> None:
    with pytest.raises(GuidelineError) as raised:
        _loaded(tmp_path, (old, new))
    assert str(raised.value).startswith(said)


def test_one_decision_alone_decides_nothing(tmp_path: Path) -> None:
    ranks = [(f"il2:rank {rank}", "il2:readsAs il2:replace-it") for rank in (1, 2)]
    with pytest.raises(GuidelineError, match="at least two decisions need an il2:rank; 1 has one"):
        _loaded(tmp_path, *ranks)
