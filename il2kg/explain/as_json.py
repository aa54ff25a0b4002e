"""An assessment as JSON, one object a line (``https://w3id.org/il2kg/assessment.schema.json``)."""

from typing import Any

import msgspec

from il2kg.assessment.result import Advice, Assessment, CriterionStatus, Evidence
from il2kg.guideline.decisions import Decision
from il2kg.read.times import zulu
from il2kg.record import PassedOver

_ENCODER = msgspec.json.Encoder()


def to_json(assessment: Assessment) -> str:
    """One line of JSON, without its end."""
    return _ENCODER.encode(as_document(assessment)).decode()


def as_document(assessment: Assessment) -> dict[str, Any]:
    """The JSON object of an assessment, as plain Python values."""
    return {
        "record": assessment.record,
        "patient": assessment.patient,
        "at": zulu(assessment.at),
        "charting": assessment.charting,
        "overall": _decision(assessment.said),
        "rule_sets": {
            name: {
                **_decision(decision.said),
                "applies": decision.applies,
                "met": decision.met,
                "held": decision.held,
                "unknown": decision.unknown,
            }
            for name, decision in assessment.rule_sets.items()
        },
        "criteria": [_criterion(criterion) for criterion in assessment.criteria],
        "interventions": [_advice(advice) for advice in assessment.advice],
        "to_assess": [wanted.concept for wanted in assessment.to_assess],
        "problems": [{"item": p.item, "problem": p.problem} for p in assessment.problems],
        "zone": assessment.zone,
        "given": _time(assessment.given),
        "passed_over": [_passed_over(kind) for kind in assessment.passed_over],
    }


def _decision(said: tuple[Decision, Decision, Decision]) -> dict[str, str]:
    words = (decision.word for decision in said)
    return dict(zip(("decision", "at_least", "at_most"), words, strict=True))


def _time(time: int | None) -> str | None:
    return None if time is None else zulu(time)


def _criterion(criterion: CriterionStatus) -> dict[str, Any]:
    return {
        "id": criterion.id,
        "rule_set": criterion.rule_set,
        "effect": criterion.effect,
        "status": criterion.status.value,
        "label": criterion.label,
        "since": _time(criterion.since),
        "condition": criterion.condition,
        "resume": criterion.resume,
        "source": criterion.source,
        "evidence": [_evidence(evidence) for evidence in criterion.evidence],
    }


def _evidence(evidence: Evidence) -> dict[str, Any]:
    """The evidence of one concept; what does not pertain to it is left out."""
    document: dict[str, Any] = {
        "concept": evidence.concept,
        "value": evidence.value,
        "unit": evidence.unit,
        "time": _time(evidence.time),
        "resource": evidence.resource,
        "resources": evidence.resources,
    }
    if evidence.quantity is not None:
        document["quantity"] = evidence.quantity
    if evidence.charted is not None:
        document["charted"] = evidence.charted
    if evidence.window is not None:
        start, end = evidence.window
        document["window"] = {"start": zulu(start), "end": zulu(end)}
    if evidence.because is not None:
        document["because"] = evidence.because
    if evidence.began:
        document["began"] = True
    return document


def _passed_over(kind: PassedOver) -> dict[str, Any]:
    return {
        "resource": kind.resource,
        "system": kind.system or None,
        "code": kind.code or None,
        "text": kind.text or None,
        "count": kind.count,
    }


def _advice(advice: Advice) -> dict[str, Any]:
    document: dict[str, Any] = {
        "id": advice.id,
        "label": advice.label,
        "for": advice.finding,
        "treatment": advice.treatment,
        "when": advice.when,
        "strength": advice.strength,
        "source": advice.source,
    }
    if advice.amount is not None:
        amount = advice.amount
        document["dose"] = {
            "low": None if amount.low is None else float(amount.low),
            "high": None if amount.high is None else float(amount.high),
            "unit": amount.unit,
            "route": amount.route,
            "frequency": amount.frequency,
        }
    return document
