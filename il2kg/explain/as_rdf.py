"""An assessment as RDF (``ontology/assessment.ttl``; what it looks like is said by ``shapes/assessment.ttl``).

All that the JSON document says is there. Each thing that is said has an IRI of its own below that of the assessment, so
that there are no blank nodes and the same assessment gives the same bytes. What is in an order has an `il2:position`.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from il2kg.assessment import Advice, Assessment, CriterionStatus, Evidence, ToAssess
from il2kg.decide import RuleSetDecision
from il2kg.explain.as_json import to_json
from il2kg.explain.provenance import MadeBy
from il2kg.guideline.model import Amount
from il2kg.rdf.graphs import Graph, Literal, Node, Term
from il2kg.read.times import zulu
from il2kg.record import PassedOver, Problem
from il2kg.vocabulary import IL2, RDF_TYPE, RDFS, XSD

PROV: Final = "http://www.w3.org/ns/prov#"

Pair = tuple[str, Term | None]
Described = tuple[str, Node]


@dataclass(frozen=True)
class RecordNames:
    """The IRIs of what an assessment points at in a record: its patient, and an item by its name."""

    patient: str
    item: Callable[[str], str]


def to_graph(assessment: Assessment, record: RecordNames, made: MadeBy) -> Graph:
    """The graph of an assessment, under its own IRI.

    Args:
        assessment: what is said of one record.
        record: the IRIs of the record's patient and items.
        made: what made it.
    """
    name = assessment_iri(assessment, made)
    return Graph(name, dict(_Writer(name, record, made).nodes(assessment)))


def assessment_iri(assessment: Assessment, made: MadeBy) -> str:
    """The IRI of an assessment: by patient, instant and a digest of all that it says and was made by.

    The same assessment always has the same one; another, be it of the same patient and instant, never has.
    """
    said = "\n".join((to_json(assessment), *made))
    patient = quote(assessment.patient or "", safe="")
    return f"urn:il2kg:assessment:{patient}:{zulu(assessment.at)}:{uuid5(NAMESPACE_URL, said)}"


@dataclass(frozen=True)
class _Writer:
    """Writes one assessment; ``name`` is its IRI."""

    name: str
    record: RecordNames
    made: MadeBy

    def nodes(self, assessment: Assessment) -> Iterator[Described]:
        """The nodes, each before those that it points at."""
        parts = [
            ("byRuleSet", [self._rule_set(*found) for found in enumerate(assessment.rule_sets.items(), 1)]),
            ("criterionStatus", [self._criterion(*found) for found in enumerate(assessment.criteria, 1)]),
            ("advises", [self._advice(*found) for found in enumerate(assessment.advice, 1)]),
            ("toAssess", [self._to_assess(*found) for found in enumerate(assessment.to_assess, 1)]),
            ("problem", [self._problem(*found) for found in enumerate(assessment.problems, 1)]),
            ("passedOver", [self._passed_over(*found) for found in enumerate(assessment.passed_over, 1)]),
        ]
        yield (
            self.name,
            _said(
                _a("WrittenAssessment"),
                _p("recordName", _text(assessment.record)),
                _p("patient", _text(assessment.patient)),
                _p("ofPatient", self.record.patient),
                _p("at", _time(assessment.at)),
                _p("charting", _text(assessment.charting)),
                _p("zone", _text(assessment.zone)),
                _p("doseGivenAt", _time(assessment.given)),
                *_decision(assessment.overall.words(gate=False)),
                *(_p(predicate, described[0][0]) for predicate, found in parts for described in found),
                (f"{PROV}wasDerivedFrom", self.record.patient),
                (f"{PROV}wasDerivedFrom", self.made.guideline),
                (f"{PROV}wasGeneratedBy", f"{self.name}:activity"),
            ),
        )
        for _, found in parts:
            for described in found:
                yield from described
        yield from self._activity(assessment)

    def _activity(self, assessment: Assessment) -> Iterator[Described]:
        """Who made the assessment, and of what."""
        agent = f"urn:il2kg:software:{quote(self.made.software)}"
        named = (name for c in assessment.criteria for evidence in c.evidence for name in evidence.resources)
        yield (
            f"{self.name}:activity",
            _said(
                (RDF_TYPE, f"{PROV}Activity"),
                (f"{PROV}wasAssociatedWith", agent),
                _p("fingerprint", _text(self.made.fingerprint)),
                (f"{PROV}used", self.made.guideline),
                (f"{PROV}used", self.record.patient),
                *((f"{PROV}used", self.record.item(name)) for name in dict.fromkeys(named)),
            ),
        )
        yield (
            agent,
            _said((RDF_TYPE, f"{PROV}SoftwareAgent"), _p("softwareVersion", _text(self.made.software))),
        )

    def _rule_set(self, position: int, found: tuple[str, RuleSetDecision]) -> list[Described]:
        name, decision = found
        node = _said(
            _a("RuleSetDecision"),
            _p("position", _whole(position)),
            _p("inRuleSet", IL2 + name),
            *_decision(decision.words),
            _p("entersDecision", _truth(decision.applies)),
        )
        return [(f"{self.name}:rule-set:{name}", node)]

    def _criterion(self, position: int, criterion: CriterionStatus) -> list[Described]:
        iri = f"{self.name}:criterion:{criterion.id}"
        evidence = [self._evidence(iri, *found) for found in enumerate(criterion.evidence, 1)]
        node = _said(
            _a("CriterionStatus"),
            _p("position", _whole(position)),
            _p("criterion", IL2 + criterion.id),
            _p("inRuleSet", IL2 + criterion.rule_set),
            _p("asksFor", IL2 + criterion.effect.value),
            _p("status", f"{IL2}status-{criterion.status.value}"),
            _p("since", _time(criterion.since)),
            _p("says", _text(criterion.label)),
            _p("metWhen", _text(criterion.condition)),
            _p("liftedWhen", _text(criterion.resume)),
            _p("statedIn", _text(criterion.source)),
            *(_p("evidence", described[0][0]) for described in evidence),
        )
        return [(iri, node), *(described for found in evidence for described in found)]

    def _evidence(self, of: str, position: int, evidence: Evidence) -> list[Described]:
        iri = f"{of}:evidence:{position}"
        start, end = evidence.window or (None, None)
        derivations = [self._derivation(iri, *found) for found in enumerate(evidence.resources, 1)]
        node = _said(
            _a("Evidence"),
            _p("position", _whole(position)),
            _p("concept", IL2 + evidence.concept),
            *_value(evidence.value),
            _p("unit", _text(evidence.unit)),
            _p("valueAt", _time(evidence.time)),
            _p("charted", _text(evidence.charted)),
            _p("shownAs", _text(evidence.written or None)),
            _p("quantityInWords", _text(evidence.quantity)),
            _p("windowStart", _time(start)),
            _p("windowEnd", _time(end)),
            _p("reason", _text(evidence.because)),
            *((f"{PROV}wasDerivedFrom", self.record.item(name)) for name in dict.fromkeys(evidence.resources)),
            *((f"{PROV}qualifiedDerivation", derivation) for derivation, _ in derivations),
        )
        return [(iri, node), *derivations]

    def _derivation(self, of: str, position: int, name: str) -> Described:
        """An item that some evidence comes from, with its place and the name that messages call it."""
        node = _said(
            (RDF_TYPE, f"{PROV}Derivation"),
            _p("position", _whole(position)),
            (f"{PROV}entity", self.record.item(name)),
            _p("item", _text(name)),
        )
        return f"{of}:item:{position}", node

    def _advice(self, position: int, advice: Advice) -> list[Described]:
        node = _said(
            _a("Advice"),
            _p("position", _whole(position)),
            _p("intervention", IL2 + advice.id),
            _p("says", _text(advice.label)),
            _p("forFinding", IL2 + advice.finding),
            _p("advisedTreatment", None if advice.treatment is None else IL2 + advice.treatment),
            _p("advisedWhen", _text(advice.when)),
            _p("advisedHow", IL2 + advice.strength),
            *_amount(advice.amount),
            _p("statedIn", _text(advice.source)),
        )
        return [(f"{self.name}:advice:{advice.id}", node)]

    def _to_assess(self, position: int, wanted: ToAssess) -> list[Described]:
        node = _said(
            _a("OpenConcept"),
            _p("position", _whole(position)),
            _p("concept", IL2 + wanted.concept),
            _p("askedBy", IL2 + wanted.organ_system),
        )
        return [(f"{self.name}:to-assess:{position}", node)]

    def _problem(self, position: int, problem: Problem) -> list[Described]:
        node = _said(
            _a("Problem"),
            _p("position", _whole(position)),
            (f"{RDFS}label", _text(problem.kind)),
            _p("detail", _text(problem.detail or None)),
            _p("concept", IL2 + problem.concept if problem.concept else None),
            _p("item", _text(problem.item or None)),
            (f"{PROV}wasDerivedFrom", self.record.item(problem.item) if problem.item else None),
        )
        return [(f"{self.name}:problem:{position}", node)]

    def _passed_over(self, position: int, kind: PassedOver) -> list[Described]:
        node = _said(
            _a("PassedOver"),
            _p("position", _whole(position)),
            _p("entryType", _text(kind.resource)),
            _p("codeSystem", _text(kind.system or None)),
            _p("code", _text(kind.code or None)),
            _p("words", _text(kind.text or None)),
            _p("count", _whole(kind.count)),
        )
        return [(f"{self.name}:passed-over:{position}", node)]


def _said(*pairs: Pair) -> Node:
    """What is said of a node, without what is not."""
    node: Node = {}
    for predicate, term in pairs:
        if term is not None:
            node.setdefault(predicate, []).append(term)
    return node


def _a(kind: str) -> Pair:
    return RDF_TYPE, IL2 + kind


def _p(predicate: str, term: Term | None) -> Pair:
    return IL2 + predicate, term


def _decision(words: Iterable[str]) -> Iterator[Pair]:
    for predicate, word in zip(("decision", "decisionAtLeast", "decisionAtMost"), words, strict=True):
        yield _p(predicate, f"{IL2}decision-{word}")


def _value(value: float | str | bool | None) -> Iterator[Pair]:
    if isinstance(value, bool):
        yield _p("value", _truth(value))
    elif isinstance(value, str):
        yield _p("valueInWords", _text(value))
    elif value is not None:
        yield _p("value", _number(Decimal(repr(float(value)))))


def _amount(amount: Amount | None) -> Iterator[Pair]:
    if amount is not None:
        yield _p("advisedLow", _number(amount.low))
        yield _p("advisedHigh", _number(amount.high))
        yield _p("unit", _text(amount.unit))
        yield _p("advisedRoute", _text(amount.route))
        yield _p("advisedFrequency", _text(amount.frequency))


def _text(text: str | None) -> Literal | None:
    return None if text is None else Literal(text)


def _time(time: int | None) -> Literal | None:
    return None if time is None else Literal(zulu(time), f"{XSD}dateTime")


def _number(number: Decimal | None) -> Literal | None:
    """A decimal with the point that tells it from a whole number."""
    if number is None:
        return None
    text = f"{number:f}"
    return Literal(text if "." in text else f"{text}.0", f"{XSD}decimal")


def _whole(number: int) -> Literal:
    return Literal(str(number), f"{XSD}integer")


def _truth(truth: bool) -> Literal:
    return Literal("true" if truth else "false", f"{XSD}boolean")
