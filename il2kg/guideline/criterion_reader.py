"""Reads the criteria of the ontology."""

from collections.abc import Mapping
from dataclasses import dataclass

from il2kg.errors import GuidelineError
from il2kg.guideline.condition_reader import ConditionReader
from il2kg.guideline.decisions import Effect
from il2kg.guideline.graph import Node, OntologyGraph, local_name
from il2kg.guideline.model import Concept, Criterion, Observable
from il2kg.guideline.series import EventSeries
from il2kg.vocabulary import RDFS, SKOS


@dataclass(frozen=True)
class CriterionReader:
    """Reads criteria, with all that they may speak of."""

    graph: OntologyGraph
    effects: Mapping[str, Effect]
    series: tuple[EventSeries, ...]
    next_events: Mapping[str, str]
    observables: Mapping[str, Observable]
    findings: Mapping[str, Concept]
    treatments: Mapping[str, Concept]

    def criterion(self, node: Node) -> Criterion:
        """The criterion at a node.

        Raises:
            GuidelineError: it lacks something, asks for what is not there, or what its effect does not allow.
        """
        graph, name = self.graph, local_name(node)
        effect = self.effects[graph.id(node, "effect")]
        resume = (
            self._conditions(name, resume=True).read(graph.node(node, "resume"))
            if graph.objects(node, "resume")
            else None
        )
        if resume is not None and effect.remembers:
            raise GuidelineError(
                f"{graph.where(node)}: il2:effect il2:{effect.id} stays in force, so that nothing lifts it; "
                "leave out il2:resume, or choose another effect"
            )
        return Criterion(
            id=name,
            label=graph.label(node),
            rule_set=graph.id(node, "ruleSet"),
            organ_system=graph.id(node, "organSystem"),
            effect=effect,
            condition=self._conditions(name, resume=False).read(graph.node(node, "condition")),
            resume=resume,
            toxicities=graph.ids(node, "toxicity"),
            source=source_of(graph, node),
            note=graph.optional_text(node, SKOS + "editorialNote"),
        )

    def _conditions(self, name: str, *, resume: bool) -> ConditionReader:
        findings, treatments = frozenset(self.findings), frozenset(self.treatments)
        return ConditionReader(
            self.graph, self.observables, findings, treatments, self.series, self.next_events, name, resume
        )


def source_of(graph: OntologyGraph, node: Node) -> str:
    """The places that a term points at, e.g. ``Table 2, Digestive row 1; Table 2, footnote a``."""
    places = graph.nodes(node, "source")
    if not places:
        raise GuidelineError(f"{graph.where(node)} needs an il2:source, one of the places in ontology/sources.ttl")
    return "; ".join(graph.text(place, RDFS + "label") for place in places)
