"""HermiT finds the ontology consistent, without a class that can have no member; and it would find it otherwise."""

from pathlib import Path

import owlready2
import pytest

from tests.ontology.files import merged
from tests.ontology.reasoning import reasoned


def test_the_ontology_is_consistent_and_every_class_can_have_members(tmp_path: Path) -> None:
    assert reasoned(merged(), tmp_path) == []


def test_a_criterion_that_is_an_observable_would_be_inconsistent(tmp_path: Path) -> None:
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        reasoned(merged("il2:label-creatinine a il2:Observable ."), tmp_path)


def test_an_effect_that_is_a_rule_set_would_be_inconsistent(tmp_path: Path) -> None:
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        reasoned(merged("il2:label-creatinine il2:effect il2:upci ."), tmp_path)


def test_a_finding_that_is_a_treatment_would_be_unsatisfiable(tmp_path: Path) -> None:
    both = "il2:Both a owl:Class ; rdfs:subClassOf il2:AtrialFibrillation , il2:Verapamil ."
    assert reasoned(merged(both), tmp_path) == ["Both"]


def test_a_statement_of_two_kinds_would_be_inconsistent(tmp_path: Path) -> None:
    """An onset with a line of treatment is an intervention, too, by the domain of il2:line."""
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        reasoned(merged("il2:fever-onset il2:line 1 ."), tmp_path)
