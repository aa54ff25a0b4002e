"""An assessment as RDF (``assessment.ttl`` of the vocabulary; what it looks like is said by ``shapes/assessment.ttl``).

All that the JSON document says is there. Each thing that is said has an IRI of its own below that of the assessment, so
that there are no blank nodes and the same assessment gives the same bytes. What is in an order has an `il2:position`.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

from il2kg.assessment.result import Advice, Assessment, CriterionStatus, Evidence, ToAssess
from il2kg.explain.as_json import as_document
from il2kg.explain.described import PROV, Described, Pair, a, number, p, said, text, time, truth, whole
from il2kg.explain.provenance import MadeBy
from il2kg.guideline.decisions import Decision
from il2kg.guideline.model import Amount, Guideline
from il2kg.rdf.graphs import Graph
from il2kg.read.times import zulu
from il2kg.record import PassedOver, Problem
from il2kg.rules.decision import RuleSetDecision
from il2kg.vocabulary import IL2, RDF_TYPE, RDFS


@dataclass(frozen=True)
class RecordNames:
    """The IRIs of what an assessment points at in a record: its patient, and the items that are called something."""

    patient: str
    items: Callable[[str], Sequence[str]]

    def links(self, predicate: str, names: Iterable[str]) -> Iterator[Pair]:
        """Links of PROV to the items that are called so."""
        for name in names:
            yield from ((PROV + predicate, item) for item in self.items(name))


def to_graph(assessment: Assessment, guideline: Guideline, record: RecordNames, made: MadeBy) -> Graph:
    """The graph of an assessment, under its own IRI.

    Args:
        assessment: what is said of one record.
        guideline: by which it is said.
        record: the IRIs of the record's patient and items.
        made: what made it.
    """
    name = assessment_iri(assessment, made)
    return Graph(name, dict(_Writer(name, guideline, record, made).nodes(assessment)))


def assessment_iri(assessment: Assessment, made: MadeBy) -> str:
    """The IRI of an assessment: by patient, instant and a digest of all that it says and was made by.

    The same assessment always has the same one; another, be it of the same patient and instant, never has.
    """
    # Halves of characters, which a record from Python may have, are escaped: there is a name for any record.
    whole = json.dumps([as_document(assessment), made.software, made.guideline, made.fingerprint])
    patient = quote(assessment.patient or "", safe="", errors="surrogatepass")
    return f"urn:il2kg:assessment:{patient}:{zulu(assessment.at)}:{uuid5(NAMESPACE_URL, whole)}"


@dataclass(frozen=True)
class _Writer:
    """Writes one assessment; ``name`` is its IRI."""

    name: str
    guideline: Guideline
    record: RecordNames
    made: MadeBy

    def nodes(self, assessment: Assessment) -> Iterator[Described]:
        """The nodes, each before those that it points at."""
        parts = [
            ("byRuleSet", [self._rule_set(*numbered) for numbered in enumerate(assessment.rule_sets.items(), 1)]),
            ("criterionStatus", [self._criterion(*numbered) for numbered in enumerate(assessment.criteria, 1)]),
            ("advises", [self._advice(*numbered) for numbered in enumerate(assessment.advice, 1)]),
            ("toAssess", [self._to_assess(*numbered) for numbered in enumerate(assessment.to_assess, 1)]),
            ("problem", [self._problem(*numbered) for numbered in enumerate(assessment.problems, 1)]),
            ("passedOver", [self._passed_over(*numbered) for numbered in enumerate(assessment.passed_over, 1)]),
        ]
        yield (
            self.name,
            said(
                a("WrittenAssessment"),
                p("recordName", text(assessment.record)),
                p("patient", text(assessment.patient)),
                p("ofPatient", self.record.patient),
                p("at", time(assessment.at)),
                p("charting", text(assessment.charting)),
                p("zone", text(assessment.zone)),
                p("eventGivenAt", time(assessment.given)),
                *self._decision(assessment.said),
                *(p(predicate, described[0][0]) for predicate, parts_of_kind in parts for described in parts_of_kind),
                (f"{PROV}wasDerivedFrom", self.record.patient),
                (f"{PROV}wasDerivedFrom", self.made.guideline),
                (f"{PROV}wasGeneratedBy", f"{self.name}:activity"),
            ),
        )
        for _, parts_of_kind in parts:
            for described in parts_of_kind:
                yield from described
        yield from self._activity(assessment)

    def _activity(self, assessment: Assessment) -> Iterator[Described]:
        """Who made the assessment, and of what."""
        agent = f"urn:il2kg:software:{quote(self.made.software)}"
        named = (name for c in assessment.criteria for evidence in c.evidence for name in evidence.resources)
        yield (
            f"{self.name}:activity",
            said(
                (RDF_TYPE, f"{PROV}Activity"),
                (f"{PROV}wasAssociatedWith", agent),
                p("fingerprint", text(self.made.fingerprint)),
                (f"{PROV}used", self.made.guideline),
                (f"{PROV}used", self.record.patient),
                *self.record.links("used", dict.fromkeys(named)),
            ),
        )
        yield (
            agent,
            said((RDF_TYPE, f"{PROV}SoftwareAgent"), p("softwareVersion", text(self.made.software))),
        )

    def _rule_set(self, position: int, named: tuple[str, RuleSetDecision]) -> list[Described]:
        name, decision = named
        node = said(
            a("RuleSetDecision"),
            p("position", whole(position)),
            p("inRuleSet", self.guideline.iri(name)),
            *self._decision(decision.said),
            p("entersDecision", truth(decision.applies)),
        )
        return [(f"{self.name}:rule-set.{name}", node)]

    def _decision(self, said: Iterable[Decision]) -> Iterator[Pair]:
        for predicate, decision in zip(("decision", "decisionAtLeast", "decisionAtMost"), said, strict=True):
            yield p(predicate, self.guideline.iri(decision.id))

    def _criterion(self, position: int, criterion: CriterionStatus) -> list[Described]:
        iri = f"{self.name}:criterion.{criterion.id}"
        evidence = [self._evidence(iri, *numbered) for numbered in enumerate(criterion.evidence, 1)]
        node = said(
            a("CriterionStatus"),
            p("position", whole(position)),
            p("criterion", self.guideline.iri(criterion.id)),
            p("inRuleSet", self.guideline.iri(criterion.rule_set)),
            p("asksFor", self.guideline.iri(criterion.effect)),
            p("status", f"{IL2}status-{criterion.status.value}"),
            p("since", time(criterion.since)),
            p("says", text(criterion.label)),
            p("metWhen", text(criterion.condition)),
            p("liftedWhen", text(criterion.resume)),
            p("statedIn", text(criterion.source)),
            *(p("evidence", described[0][0]) for described in evidence),
        )
        return [(iri, node), *(described for nodes in evidence for described in nodes)]

    def _evidence(self, of: str, position: int, evidence: Evidence) -> list[Described]:
        iri = f"{of}.evidence.{position}"
        start, end = evidence.window or (None, None)
        derivations = [self._derivation(iri, *numbered) for numbered in enumerate(evidence.resources, 1)]
        node = said(
            a("Evidence"),
            p("position", whole(position)),
            p("concept", self.guideline.iri(evidence.concept)),
            *_value(evidence.value),
            p("unit", text(evidence.unit)),
            p("valueAt", time(evidence.time)),
            p("charted", text(evidence.charted)),
            p("shownAs", text(evidence.written or None)),
            p("quantityInWords", text(evidence.quantity)),
            p("windowStart", time(start)),
            p("windowEnd", time(end)),
            p("reason", text(evidence.because)),
            p("atBeginning", truth(True) if evidence.began else None),
            *self.record.links("wasDerivedFrom", evidence.resources),
            *((f"{PROV}qualifiedDerivation", derivation) for derivation, _ in derivations),
        )
        return [(iri, node), *derivations]

    def _derivation(self, of: str, position: int, name: str) -> Described:
        """An item that some evidence comes from, with its place and the name that messages call it."""
        node = said(
            (RDF_TYPE, f"{PROV}Derivation"),
            p("position", whole(position)),
            *self.record.links("entity", (name,)),
            p("itemName", text(name)),
        )
        return f"{of}.item.{position}", node

    def _advice(self, position: int, advice: Advice) -> list[Described]:
        node = said(
            a("Advice"),
            p("position", whole(position)),
            p("intervention", self.guideline.iri(advice.id)),
            p("says", text(advice.label)),
            p("forFinding", self.guideline.iri(advice.finding)),
            p("advisedTreatment", None if advice.treatment is None else self.guideline.iri(advice.treatment)),
            p("advisedWhen", text(advice.when)),
            p("advisedHow", self.guideline.iri(advice.strength)),
            *_amount(advice.amount),
            p("statedIn", text(advice.source)),
        )
        return [(f"{self.name}:advice.{advice.id}", node)]

    def _to_assess(self, position: int, wanted: ToAssess) -> list[Described]:
        node = said(
            a("OpenConcept"),
            p("position", whole(position)),
            p("concept", self.guideline.iri(wanted.concept)),
            p("askedBy", self.guideline.iri(wanted.organ_system)),
        )
        return [(f"{self.name}:to-assess.{position}", node)]

    def _problem(self, position: int, problem: Problem) -> list[Described]:
        node = said(
            a("Problem"),
            p("position", whole(position)),
            (f"{RDFS}label", text(problem.kind)),
            p("detail", text(problem.detail or None)),
            p("concept", self.guideline.iri(problem.concept) if problem.concept else None),
            p("item", text(problem.item or None)),
            *self.record.links("wasDerivedFrom", (problem.item,) if problem.item else ()),
        )
        return [(f"{self.name}:problem.{position}", node)]

    def _passed_over(self, position: int, kind: PassedOver) -> list[Described]:
        node = said(
            a("PassedOver"),
            p("position", whole(position)),
            p("entryType", text(kind.resource)),
            p("passedSystem", text(kind.system or None)),
            p("passedCode", text(kind.code or None)),
            p("words", text(kind.text or None)),
            p("count", whole(kind.count)),
        )
        return [(f"{self.name}:passed-over.{position}", node)]


def _value(value: float | str | bool | None) -> Iterator[Pair]:
    if isinstance(value, bool):
        yield p("value", truth(value))
    elif isinstance(value, str):
        yield p("valueInWords", text(value))
    elif value is not None:
        yield p("value", number(value))


def _amount(amount: Amount | None) -> Iterator[Pair]:
    if amount is not None:
        yield p("advisedLow", number(amount.low))
        yield p("advisedHigh", number(amount.high))
        yield p("unit", text(amount.unit))
        yield p("advisedRoute", text(amount.route))
        yield p("advisedFrequency", text(amount.frequency))
