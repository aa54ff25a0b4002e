"""``shapes/assessment.ttl``: whatever is written conforms, and each thing that goes wrong is seen, by two engines."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import replace
from functools import cache

import msgspec
import pyshacl
import pytest
import shacl
from hypothesis import given
from hypothesis import strategies as st
from rdflib import RDF, SH, Graph

from il2kg.assessment.result import Assessment
from il2kg.bulk import load_engine
from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.graphs import Graph as Written
from il2kg.rdf.graphs import Literal, Node, Term
from il2kg.rdf.writing import serialise
from il2kg.record import PassedOver, Problem
from il2kg.request import Request
from il2kg.write.assessments import assessment_graph
from tests.bundles import Resource, bundle
from tests.rdf_assessment.test_written import ASKED, NOW, PROV, ROOT, example, said_of, spoken
from tests.strategies import records

GUIDELINE = load_engine().guideline
SHAPES = (ROOT / "shapes" / "assessment.ttl").read_text(encoding="utf-8")
IL2 = "https://w3id.org/il2kg/"
XSD = "http://www.w3.org/2001/XMLSchema#"
Found = set[tuple[str, str]]
"""Results: the node, as it is called below the assessment, and what is said of it."""


@cache
def _shapes() -> shacl.Shapes:
    return shacl.Shapes.from_turtle(SHAPES)


@cache
def _shapes_graph() -> Graph:
    return Graph().parse(data=SHAPES, format="turtle")


def turtle(graph: Written) -> str:
    return serialise([graph], RdfFormat.TURTLE, {}).decode()


def conforms(graph: Written) -> bool:
    return not _shapes().validate_turtle(turtle(graph)).results


def by_pyshacl(graph: Written, *, meta: bool = False) -> Found:
    data = Graph().parse(data=turtle(graph), format="turtle")
    _, report, _ = pyshacl.validate(data, shacl_graph=_shapes_graph(), meta_shacl=meta)
    found = set()
    for result in report.subjects(RDF.type, SH.ValidationResult):
        focus, shape = report.value(result, SH.focusNode), report.value(result, SH.sourceShape)
        found.add((str(focus).removeprefix(f"{graph.name}:"), str(_shapes_graph().value(shape, SH.message))))
    return found


def written() -> Written:
    """An assessment that has a bit of everything."""
    content = example("oliguria-rising-creatinine")
    found = said_of(content, Request(zone="Europe/Vienna"))
    little = said_of({**content, "entry": content["entry"][:3]}, Request(at=NOW))
    by_id = {criterion.id: criterion for criterion in found.criteria}
    oliguria, unknown = by_id["label-oliguria"], little.criteria[0]
    charted = replace(by_id["upci-abs-creatinine"].evidence[0], because="a reason", began=True)
    over_a_time = next(evidence for evidence in oliguria.evidence if evidence.window is not None)
    found = replace(
        found,
        rule_sets={"label": found.rule_sets["label"]},
        criteria=(
            replace(oliguria, evidence=(over_a_time, charted)),
            replace(unknown, id="label-unknown", evidence=unknown.evidence[:1]),
        ),
        to_assess=little.to_assess[:1],
        problems=(Problem("kind", "Observation/1", "detail", "Oliguria"), Problem("of the record", "")),
        passed_over=(PassedOver(0, "Observation", "system", "code", "text", 1),),
        given=found.at,
    )
    return assessment_graph(found, GUIDELINE)


GOOD = written()


def test_a_bit_of_everything_conforms() -> None:
    assert by_pyshacl(GOOD, meta=True) == set()
    assert conforms(GOOD)
    kinds = {str(term) for node in GOOD.nodes.values() for term in node[str(RDF.type)]}
    targets = {str(target) for target in _shapes_graph().objects(None, SH.targetClass)}
    assert targets <= kinds


@given(records(), st.sampled_from(ASKED))
def test_any_assessment_conforms(resources: list[Resource], request: Request) -> None:
    assert conforms(assessment_graph(said_of(bundle(resources), request), GUIDELINE))


# One of the engines reads decimals of up to 18 digits on either side of the point.
@given(spoken(st.decimals(-(10**9), 10**9, places=9).map(float)))
def test_any_words_conform(found: Assessment) -> None:
    assert conforms(assessment_graph(found, GUIDELINE))


OPTIONAL = {
    "": {"patient", "zone", "eventGivenAt", "criterionStatus", "advises", "toAssess", "problem", "passedOver"},
    "criterion": {"liftedWhen", "evidence"},
    "evidence": {"atBeginning", "charted", "shownAs", "valueAt", "quantityInWords", "reason"},
    "advice": {"advisedTreatment", "advisedWhen", "advisedLow", "advisedHigh"},
    "problem": {"detail", "concept"},
    "passed-over": {"passedSystem", "passedCode", "words"},
}
"""What may be left out, by the kind of node."""
SEVERAL = {
    "byRuleSet",
    "criterionStatus",
    "evidence",
    "advises",
    "toAssess",
    "problem",
    "passedOver",
    "used",
    "entity",
    "wasDerivedFrom",
}
"""Of what there may be several."""


def _kind(name: str) -> str:
    below = name.removeprefix(GOOD.name).strip(":").split(".")
    return next((part for part in reversed(below) if part in {*OPTIONAL, "item"}), below[0])


def _changed(name: str, predicate: str, terms: list[Term]) -> Written:
    nodes: dict[str, Node] = deepcopy(GOOD.nodes)
    if terms:
        nodes[name][predicate] = terms
    else:
        del nodes[name][predicate]
    return Written(GOOD.name, nodes)


def _places() -> Iterator[tuple[str, str, list[Term]]]:
    for name, node in GOOD.nodes.items():
        for predicate, terms in node.items():
            yield name, predicate, terms


def test_nothing_can_be_left_out_but_what_may_be() -> None:
    kept = {
        (_kind(name), predicate.rpartition("/")[2])
        for name, predicate, _ in _places()
        if conforms(_changed(name, predicate, []))
    }
    assert kept == {(kind, predicate) for kind, predicates in OPTIONAL.items() for predicate in predicates}


def test_nothing_can_be_said_twice_but_what_may_be() -> None:
    def other(term: Term) -> Term:
        if not isinstance(term, Literal):
            return f"{term}-2"
        return msgspec.structs.replace(term, text={"true": "false", "false": "true"}.get(term.text, f"2{term.text}"))

    twice = {
        predicate.rpartition("/")[2].rpartition("#")[2]
        for name, predicate, terms in _places()
        if predicate != str(RDF.type) and conforms(_changed(name, predicate, [*terms, other(terms[0])]))
    }
    assert twice - SEVERAL == set()


def test_nothing_can_be_of_another_type() -> None:
    """Neither a floating-point number nor a text in a language stands anywhere."""
    for strange in (Literal("1.0", f"{XSD}double"), Literal("one", f"{RDF}langString", "en")):
        seen = {(name, predicate) for name, predicate, _ in _places() if conforms(_changed(name, predicate, [strange]))}
        assert seen == set()


def test_nothing_can_be_added() -> None:
    assert not any(conforms(_changed(name, f"{IL2}surprise", [Literal("!")])) for name in GOOD.nodes)


DATE = f"{XSD}dateTime"
ADVICE = "advice.fluid-for-oliguria"
EVIDENCE = "criterion.label-oliguria.evidence.1"
DECIDED = "The decision is the least that it can be; where that is to go ahead, it may be undecided"
PLACED = "What is listed has one position, a whole number from 1"
SINCE = "A criterion that is met or held, and no other, says since when"
KNOWN = "Evidence has a value, or one in words, or says why nothing is known"
WINDOW = "A window has a start and an end"
SLIPS: list[tuple[str, str, list[Term], str]] = [
    ("", "il2:charting", [Literal("silent")], "The charting policy is explicit or by-exception"),
    (
        "",
        "il2:eventGivenAt",
        [Literal("2026-03-04T09:00:00Z", DATE)],
        "A dose that was given is judged at the instant at which it was given",
    ),
    ("", "il2:decision", [f"{IL2}decision-administer"], DECIDED),
    (
        "rule-set.label",
        "il2:decisionAtMost",
        [f"{IL2}decision-indeterminate"],
        "A decision is at most one of those in decisions.ttl",
    ),
    ("rule-set.label", "il2:position", [Literal("0", f"{XSD}integer")], PLACED),
    ("criterion.label-oliguria", "il2:status", [f"{IL2}status-unknown"], SINCE),
    ("criterion.label-unknown", "il2:status", [f"{IL2}status-held"], SINCE),
    (EVIDENCE, "il2:unit", [], "A number has a unit"),
    (EVIDENCE, "il2:value", [], KNOWN),
    (EVIDENCE, "il2:valueInWords", [Literal("<5")], KNOWN),
    (EVIDENCE, "il2:windowEnd", [], WINDOW),
    (
        EVIDENCE,
        "il2:windowEnd",
        [Literal("2020-03-04T09:00:00Z", DATE)],
        "A window starts at one instant, an xsd:dateTime, not after its end",
    ),
    (f"{EVIDENCE}.item.1", "il2:position", [], PLACED),
    (ADVICE, "il2:advisedHow", [f"{IL2}withhold"], "Advice has one strength, of those in core.ttl"),
    (
        ADVICE,
        "il2:advisedLow",
        [Literal("2.0", f"{XSD}decimal")],
        "The low of an amount is one xsd:decimal, not above its high",
    ),
    (
        "advice.hold-for-oliguria",
        "il2:unit",
        [Literal("mL")],
        "An amount has a number and a unit; a route or frequency is that of an amount",
    ),
    ("problem.1", "il2:item", [], "A problem that names an item points at it"),
    ("passed-over.1", "il2:count", [Literal("0", f"{XSD}integer")], "What was passed over is counted, from 1"),
    ("activity", "il2:fingerprint", [Literal("none")], "The rules have one fingerprint: a SHA-256 in hexadecimal"),
]


@pytest.mark.parametrize(("name", "predicate", "terms", "says"), SLIPS)
def test_a_slip_is_named(name: str, predicate: str, terms: list[Term], says: str) -> None:
    changed = _changed(f"{GOOD.name}:{name}" if name else GOOD.name, predicate.replace("il2:", IL2), terms)
    assert by_pyshacl(changed) == {(name or GOOD.name, says)}
    assert not conforms(changed)


def test_an_item_without_its_place_is_named() -> None:
    changed = _changed(f"{GOOD.name}:{EVIDENCE}.item.1", f"{PROV}entity", ["urn:another"])
    assert by_pyshacl(changed) == {(EVIDENCE, "The items that evidence comes from each have their place")}
    assert not conforms(changed)
