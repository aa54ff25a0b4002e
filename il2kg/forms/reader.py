"""Reads the condition nodes of a guideline into conditions. How each form is written is said beside the form."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType
from typing import Final

import pyoxigraph as ox

from il2kg.errors import GuidelineError
from il2kg.guideline.conditions import Condition
from il2kg.guideline.lengths import HOURS_PER_DAY
from il2kg.guideline.model import Observable
from il2kg.guideline.ontology_graph import Node, OntologyGraph
from il2kg.vocabulary import IL2, RDF_TYPE


class Of(StrEnum):
    """What the property of a form points at: a class of the vocabulary."""

    CONDITION = "Condition"
    FINDING = "ClinicalFinding"
    TREATMENT = "Treatment"
    OBSERVABLE = "Observable"
    NEXT_EVENT = "NextEventKind"


LIMITS: Final = ("above", "atLeast", "below", "atMost")
COMPARED: Final = frozenset({*LIMITS, "unit"})
SPAN: Final = frozenset({"hours", "days"})


@dataclass(frozen=True)
class Syntax:
    """How a form of condition is written: its property, what that points at, and the properties that go with it.

    ``several``: the property is there more than once. ``conventions``: by which of the guideline's conventions a
    property of the form is read, so that the words of a criterion may say that number.
    """

    property: str
    of: Of
    read: Callable[["ConditionReader", Node], Condition]
    qualifiers: frozenset[str] = frozenset()
    several: bool = False
    conventions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Terms:
    """What conditions of a guideline may name.

    ``next_events`` are the facts by the kinds of next event, ``needed`` those without which a counted observable means
    nothing (None: it always means something), ``baseline`` the one without which there is no baseline.
    """

    observables: Mapping[str, Observable]
    findings: Collection[str]
    treatments: Collection[str]
    next_events: Mapping[str, str]
    needed: Mapping[str, str | None]
    baseline: str | None


@dataclass(frozen=True)
class ConditionReader:
    """Reads conditions of one criterion; in a resume condition silence is no value and every value must satisfy."""

    graph: OntologyGraph
    forms: Mapping[str, Syntax]
    terms: Terms
    criterion: str
    resume: bool = False
    _read: dict[str, int] = field(default_factory=dict, repr=False)

    def resuming(self) -> "ConditionReader":
        """The reader of the criterion's resume condition."""
        return replace(self, resume=True)

    def read(self, node: Node) -> Condition:
        """The condition at a node.

        Raises:
            GuidelineError: the node has no form, or more than one, or lacks what its form needs.
        """
        predicates = {p.removeprefix(IL2) for p in self.graph.index.get(node, {}) if p != RDF_TYPE}
        written = predicates & self.forms.keys()
        if len(written) != 1:
            raise self.error(
                f"a condition has {', '.join(sorted(written)) or 'no form'}; "
                f"it needs exactly one of {', '.join(sorted(self.forms))}"
            )
        (form,) = written
        if extra := predicates - self.forms[form].qualifiers - {form}:
            raise self.error(f"il2:{form} does not go with {', '.join(sorted(extra))}")
        return self.forms[form].read(self, node)

    def error(self, message: str) -> GuidelineError:
        """What is wrong with the criterion."""
        return GuidelineError(f"{self.criterion}: {message}")

    def numbered(self, form: str) -> int:
        """Which of the criterion's conditions of a form this is, in the order in which they are read."""
        self._read[form] = self._read.get(form, 0) + 1
        return self._read[form]

    # ---- conditions within

    def inner(self, node: Node, name: str) -> Condition:
        """The condition that a form is about."""
        return self.read(self.graph.node(node, name))

    def inner_all(self, node: Node, name: str) -> tuple[Condition, ...]:
        """The conditions that a form combines."""
        parts = self.graph.objects(node, name)
        if len(parts) == 1:
            raise self.error(f"il2:{name} needs at least two parts")
        return tuple(self.read(self._as_node(part, name)) for part in parts)

    def _as_node(self, value: object, name: str) -> Node:
        if not isinstance(value, ox.NamedNode | ox.BlankNode):
            raise self.error(f"il2:{name} must be a condition, not {value}")
        return value

    # ---- terms and numbers

    def finding(self, node: Node, name: str) -> str:
        """The finding that a form asks about."""
        return self._known(node, name, self.terms.findings, "finding (findings.ttl)")

    def treatment(self, node: Node, name: str) -> str:
        """The treatment that a form asks about."""
        return self._known(node, name, self.terms.treatments, "treatment (treatments.ttl)")

    def observable(self, node: Node, name: str) -> Observable:
        """The observable that a form asks about."""
        return self.terms.observables[
            self._known(node, name, self.terms.observables.keys(), "observable (observables.ttl)")
        ]

    def measured(self, node: Node, name: str) -> Observable:
        """An observable that is measured: not counted, infused, or collected over a period."""
        observable = self.observable(node, name)
        what = "counted" if observable.count else "an infusion rate" if observable.infusion_of else None
        if what is not None:
            raise self.error(
                f"il2:{name} {self.graph.named(observable.id)} is {what}, not measured; "
                "name an observable that is measured"
            )
        return self.not_collected(node, name)

    def not_collected(self, node: Node, name: str) -> Observable:
        """An observable whose values are of an instant."""
        observable = self.observable(node, name)
        if observable.collected:
            named = self.graph.named(observable.id)
            raise self.error(f"il2:{name} {named} is collected over a period; ask by il2:rateOf or il2:volumeOf")
        return observable

    def infusion(self, node: Node, name: str) -> Observable:
        """The infusion rate that a form asks about."""
        observable = self.observable(node, name)
        if observable.infusion_of is None:
            raise self.error(
                f"{self.graph.named(observable.id)} is no infusion rate; name an observable that has il2:infusionRateOf"
            )
        return observable

    def next_event(self, node: Node, name: str) -> str:
        """The fact that makes the next event one of a kind."""
        kind = self.graph.id(node, name)
        if kind not in self.terms.next_events:
            known = ", ".join(self.terms.next_events) or "the kinds of next event of a series, of which there is none"
            raise self.error(f"il2:{name} must be one of {known}, not {kind}")
        return self.terms.next_events[kind]

    def baseline(self) -> str:
        """The fact without which there is no baseline."""
        if self.terms.baseline is None:
            raise self.error("a change from a baseline needs an event series that says which (il2:baselineBefore)")
        return self.terms.baseline

    def _known(self, node: Node, name: str, known: Collection[str], what: str) -> str:
        term = self.graph.id(node, name)
        if term not in known:
            raise self.error(f"il2:{name} {self.graph.named(term)} is no {what}")
        return term

    def hours(self, node: Node) -> Decimal:
        """A length of time, in hours."""
        hours = self.graph.optional_number(node, "hours")
        days = self.graph.optional_number(node, "days")
        if (hours is None) == (days is None):
            raise self.error("a time needs either il2:hours or il2:days")
        value = hours if hours is not None else (days or Decimal(0)) * HOURS_PER_DAY
        if value <= 0:
            raise self.error("a time must be above 0")
        return value

    def silence(self, observable: Observable) -> bool:
        """Whether silence may stand for a value: never where something is lifted."""
        return not (self.resume and observable.by_exception is not None)
