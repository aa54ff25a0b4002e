"""Reads the condition nodes of the ontology into frozen conditions.

What each form means is written beside its term in ``ontology/vocabulary/core.ttl``.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal

import pyoxigraph as ox

from il2kg.errors import GuidelineError
from il2kg.guideline.conditions import (
    Again,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Ever,
    EverLasting,
    Lasting,
    Not,
    OnTreatment,
    OpenWithin,
    Present,
    RegimenFact,
    TreatedWith,
    as_shown,
)
from il2kg.guideline.graph import Node, OntologyGraph
from il2kg.guideline.model import Observable
from il2kg.guideline.quantities import (
    HOURS_PER_DAY,
    Collected,
    Comparator,
    Drop,
    FallSinceHold,
    Gain,
    InARow,
    InfusionDecrease,
    InfusionExtreme,
    InfusionIncrease,
    Latest,
    Quantity,
    RegimenCount,
    Rise,
)
from il2kg.guideline.series import EventSeries, facts_of, needed_for_baseline, needed_for_count
from il2kg.vocabulary import IL2, RDF_TYPE

_ZERO = Decimal(0)
_COMPARATORS = {
    "above": Comparator.ABOVE,
    "atLeast": Comparator.AT_LEAST,
    "below": Comparator.BELOW,
    "atMost": Comparator.AT_MOST,
}


@dataclass(frozen=True)
class ConditionReader:
    """Reads conditions of one criterion; in a resume condition silence is no value and every value must satisfy."""

    graph: OntologyGraph
    observables: Mapping[str, Observable]
    findings: frozenset[str]
    treatments: frozenset[str]
    series: tuple[EventSeries, ...]
    next_events: Mapping[str, str]
    criterion: str
    resume: bool

    def read(self, node: Node) -> Condition:
        """The condition at a node.

        Raises:
            GuidelineError: the node has no form, or more than one, or lacks what its form needs.
        """
        predicates = {p.removeprefix(IL2) for p in self.graph.index.get(node, {}) if p != RDF_TYPE}
        forms = predicates & _FORMS.keys()
        if len(forms) != 1:
            raise GuidelineError(
                f"{self.criterion}: a condition has {', '.join(sorted(forms)) or 'no form'}; "
                f"it needs exactly one of {', '.join(sorted(_FORMS))}"
            )
        (form,) = forms
        read, qualifiers = _FORMS[form]
        extra = predicates - qualifiers - {form}
        if extra:
            raise GuidelineError(f"{self.criterion}: il2:{form} does not go with {', '.join(sorted(extra))}")
        return read(self, node)

    # -- combination

    def parts(self, node: Node, name: str) -> tuple[Condition, ...]:
        """The parts of a combination."""
        nodes = self.graph.objects(node, name)
        if len(nodes) == 1:
            raise GuidelineError(f"{self.criterion}: il2:{name} needs at least two parts")
        return tuple(self.read(self._as_node(part, name)) for part in nodes)

    def _as_node(self, value: object, name: str) -> Node:
        if not isinstance(value, ox.NamedNode | ox.BlankNode):
            raise GuidelineError(f"{self.criterion}: il2:{name} must be a condition, found {value}")
        return value

    # -- terms and numbers

    def finding(self, node: Node, name: str) -> str:
        """The finding that a form asks about."""
        return self._known(node, name, self.findings, "finding (ontology/findings.ttl)")

    def treatment(self, node: Node, name: str) -> str:
        """The treatment that a form asks about."""
        return self._known(node, name, self.treatments, "treatment (ontology/treatments.ttl)")

    def observable(self, node: Node, name: str) -> Observable:
        """The observable that a form asks about."""
        return self.observables[
            self._known(node, name, self.observables.keys(), "observable (ontology/observables.ttl)")
        ]

    def _known(self, node: Node, name: str, known: Collection[str], what: str) -> str:
        term = self.graph.id(node, name)
        if term not in known:
            raise GuidelineError(f"{self.criterion}: il2:{name} il2:{term} is no {what}")
        return term

    def hours(self, node: Node) -> Decimal:
        """A length of time, in hours."""
        hours = self.graph.optional_number(node, "hours")
        days = self.graph.optional_number(node, "days")
        if (hours is None) == (days is None):
            raise GuidelineError(f"{self.criterion}: a time needs il2:hours or il2:days, one of them")
        value = hours if hours is not None else days * HOURS_PER_DAY if days is not None else _ZERO
        if value <= 0:
            raise GuidelineError(f"{self.criterion}: a time must be above 0")
        return value

    # -- comparisons

    def compare(self, node: Node, quantity: Quantity, unit: str) -> Condition:
        """A quantity compared with the limits at a node; a range is two comparisons."""
        limits = [
            (comparator, self.graph.number(node, name))
            for name, comparator in _COMPARATORS.items()
            if self.graph.objects(node, name)
        ]
        if not limits:
            raise GuidelineError(f"{self.criterion}: a comparison needs a limit ({', '.join(_COMPARATORS)})")
        written = self.graph.text(node, "unit")
        if written != unit:
            raise GuidelineError(f"{self.criterion}: the limit is in {written!r}, the observable in {unit!r}")
        compared = tuple(Compare(quantity, comparator, limit, self.resume) for comparator, limit in limits)
        required = self._required(quantity)
        parts: tuple[Condition, ...] = (RegimenFact(required), *compared) if required else compared
        return parts[0] if len(parts) == 1 else AllOf(parts)

    def _required(self, quantity: Quantity) -> str | None:
        """The fact without which a quantity means nothing; a comparison is false then (semantics, section 4)."""
        match quantity:
            case RegimenCount(observable):
                count = self.observables[observable].count
                return None if count is None else needed_for_count(count, facts_of(self.series))
            case Gain() | Drop():
                return self.baseline()
            case _:
                return None

    def baseline(self) -> str:
        """The fact without which there is no baseline."""
        fact = needed_for_baseline(self.series, facts_of(self.series))
        if fact is None:
            raise GuidelineError(f"{self.criterion}: a baseline needs an il2:EventSeries with il2:baselineBefore")
        return fact

    def latest(self, node: Node) -> Condition:
        """A comparison of the latest value, of the latest results in a row, or of a count of the regimen."""
        observable = self.observable(node, "observable")
        times = self.graph.optional_number(node, "timesInARow")
        silence = not (self.resume and observable.by_exception is not None)
        quantity: Quantity
        if times is not None:
            lowest = bool(self.graph.objects(node, "above") or self.graph.objects(node, "atLeast"))
            quantity = InARow(observable.id, int(times), lowest, silence)
        elif observable.count is not None:
            quantity = RegimenCount(observable.id)
        else:
            quantity = Latest(observable.id, silence)
        return self.compare(node, quantity, observable.unit)

    def collected(self, node: Node, name: str, *, per_hour: bool) -> Condition:
        """A comparison of a collected volume."""
        observable = self.observable(node, name)
        if not observable.collected:
            raise GuidelineError(f"{self.criterion}: il2:{observable.id} is not collected over a period")
        silence = not (self.resume and observable.by_exception is not None)
        earlier = self.graph.optional_number(node, "hoursEarlier") or _ZERO
        quantity = Collected(observable.id, self.hours(node), earlier, per_hour, silence)
        return self.compare(node, quantity, f"{observable.unit}/h" if per_hour else observable.unit)

    def at_or_below_baseline(self, node: Node) -> Condition:
        """No fall below zero from the cycle's baseline."""
        drop = Drop(self.observable(node, "atOrBelowBaseline").id)
        return AllOf((RegimenFact(self.baseline()), Compare(drop, Comparator.AT_LEAST, _ZERO, self.resume)))

    def fall_since_hold(self, node: Node) -> Condition:
        """A comparison of the fall since the criterion's hold began."""
        if not self.resume:
            raise GuidelineError(f"{self.criterion}: il2:fallSinceHoldOf has a meaning in il2:resume only")
        observable = self.observable(node, "fallSinceHoldOf")
        return self.compare(node, FallSinceHold(observable.id, self.criterion), observable.unit)

    def infusion(self, node: Node, name: str) -> Observable:
        """The infusion rate that a form asks about."""
        observable = self.observable(node, name)
        if observable.infusion_of is None:
            raise GuidelineError(f"{self.criterion}: il2:{observable.id} is no infusion rate")
        return observable

    def extreme(self, node: Node, name: str, *, highest: bool) -> Condition:
        """A comparison of the highest or lowest infusion rate."""
        observable = self.infusion(node, name)
        return self.compare(node, InfusionExtreme(observable.id, self.hours(node), highest), observable.unit)

    def increasing(self, node: Node) -> Condition:
        """A rise of the rate of some one drug."""
        quantity = InfusionIncrease(self.infusion(node, "increasing").id, self.hours(node))
        return Compare(quantity, Comparator.ABOVE, _ZERO, self.resume)

    def decreasing(self, node: Node) -> Condition:
        """A fall of the rate of some one drug while that of none rises."""
        observable, hours = self.infusion(node, "decreasing").id, self.hours(node)
        falls = Compare(InfusionDecrease(observable, hours), Comparator.ABOVE, _ZERO, self.resume)
        return AllOf((falls, Not(Compare(InfusionIncrease(observable, hours), Comparator.ABOVE, _ZERO, self.resume))))

    # -- the record's own history and silence

    def shown(self, node: Node) -> Condition:
        """A condition as far as the record shows it."""
        return as_shown(self.read(self.graph.node(node, "shown")))

    def again(self, node: Node) -> Condition:
        """A condition that has come back."""
        if self.resume:
            raise GuidelineError(f"{self.criterion}: il2:again has a meaning in il2:condition only")
        if not self.series:
            raise GuidelineError(
                f"{self.criterion}: il2:again asks of the events in between; it needs an il2:EventSeries"
            )
        return Again(self.read(self.graph.node(node, "again")), self.criterion)

    def next_event(self, node: Node) -> Condition:
        """What kind of event the next one is."""
        return RegimenFact(self.next_events[self._known(node, "nextEvent", self.next_events, "il2:NextEventKind")])


_Read = Callable[[ConditionReader, Node], Condition]
_LIMITS = {*_COMPARATORS, "unit"}
_TIME = {"hours", "days"}
_FORMS: dict[str, tuple[_Read, set[str]]] = {
    "allOf": (lambda r, n: AllOf(r.parts(n, "allOf")), set()),
    "anyOf": (lambda r, n: AnyOf(r.parts(n, "anyOf")), set()),
    "not": (lambda r, n: Not(r.read(r.graph.node(n, "not"))), set()),
    "present": (lambda r, n: Present(r.finding(n, "present")), set()),
    "absent": (lambda r, n: Not(Present(r.finding(n, "absent"))), set()),
    "ever": (lambda r, n: Ever(r.finding(n, "ever")), set()),
    "lasting": (lambda r, n: Lasting(r.finding(n, "lasting"), r.hours(n)), _TIME),
    "everLasting": (lambda r, n: EverLasting(r.finding(n, "everLasting"), r.hours(n)), _TIME),
    "openWithin": (lambda r, n: OpenWithin(r.finding(n, "openWithin"), r.hours(n)), _TIME),
    "treatedWith": (lambda r, n: TreatedWith(r.treatment(n, "treatedWith"), r.hours(n)), _TIME),
    "onTreatment": (lambda r, n: OnTreatment(r.treatment(n, "onTreatment"), r.hours(n)), _TIME),
    "nextEvent": (ConditionReader.next_event, set()),
    "observable": (ConditionReader.latest, _LIMITS | {"timesInARow"}),
    "rateOf": (lambda r, n: r.collected(n, "rateOf", per_hour=True), _LIMITS | {"hours", "hoursEarlier"}),
    "volumeOf": (lambda r, n: r.collected(n, "volumeOf", per_hour=False), _LIMITS | {"hours", "hoursEarlier"}),
    "gainOf": (lambda r, n: r.compare(n, Gain(r.observable(n, "gainOf").id), "%"), _LIMITS),
    "dropOf": (
        lambda r, n: r.compare(n, Drop(r.observable(n, "dropOf").id), r.observable(n, "dropOf").unit),
        _LIMITS,
    ),
    "atOrBelowBaseline": (ConditionReader.at_or_below_baseline, set()),
    "rising": (
        lambda r, n: Compare(Rise(r.observable(n, "rising").id), Comparator.ABOVE, _ZERO, r.resume),
        set(),
    ),
    "fallSinceHoldOf": (ConditionReader.fall_since_hold, _LIMITS),
    "highestOf": (lambda r, n: r.extreme(n, "highestOf", highest=True), _LIMITS | {"hours"}),
    "lowestOf": (lambda r, n: r.extreme(n, "lowestOf", highest=False), _LIMITS | {"hours"}),
    "increasing": (ConditionReader.increasing, {"hours"}),
    "decreasing": (ConditionReader.decreasing, {"hours"}),
    "shown": (ConditionReader.shown, set()),
    "again": (ConditionReader.again, set()),
}
