"""What the ontology says, in the columns of the tables of the second reading."""

import hashlib
import re
from collections.abc import Iterator
from functools import cache
from typing import Final

import pyoxigraph as ox

from il2kg.vocabulary import RDF_TYPE
from tests.ontology.facts import LABEL, STATEMENTS, SUB_CLASS, Facts, Mapped, Node, Term, local

Row = tuple[str, ...]

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")

_WORDED: Final = ("label", "when", "question", "rationale")
_NOT_READ: Final = (*_WORDED, "type", "editorialNote", "seeAlso", "definition", "altLabel", "hiddenLabel")
"""Words, which have tables of their own here or in recognition, and pointers for authors."""


def name_of(node: Term) -> str:
    """The name of a node, without its namespace."""
    return local(str(node).strip("<>"))


def _joined(facts: Facts, node: Node, *names: str) -> tuple[str, ...]:
    return tuple(", ".join(facts.values(node, name)) for name in names)


def criteria(facts: Facts) -> Iterator[Row]:
    """Of each criterion what its cases do not show."""
    for node in facts.of_class("Criterion"):
        systems = [label for term in facts.terms(node, "organSystem") for label in facts.values(term, LABEL)]
        rule_set, effect = _joined(facts, node, "ruleSet", "effect")
        others_of = _joined(facts, node, "toxicity", "source", "limitIn")
        yield name_of(node), rule_set, ", ".join(systems), effect, *others_of


_FOLLOWED: Final = "knowledge/"
_OF_RULE_SETS: Final = ("position", "applies", "silenceBearsOn", "source")


def rule_sets(facts: Facts) -> Iterator[Row]:
    """Of each rule set to which doses it speaks, and how many relative criteria it tolerates."""
    for node in facts.of_class("RuleSet"):
        tolerated = [value for part in facts.parts(node) for value in facts.values(part, "moreThan")]
        position, occasion, silence, source = _joined(facts, node, *_OF_RULE_SETS)
        level = silence.removeprefix("FirstDoseOf").lower()
        yield name_of(node), position, occasion, ", ".join(tolerated), level, source


OF_INTERVENTIONS: Final = (
    "manages",
    "uses",
    "object",
    "prevents",
    "strength",
    "position",
    "line",
    "amount",
    "dose",
    "when",
    "until",
    "action",
    "limitIn",
    "because",
    "supersededBy",
    "source",
)


def interventions(facts: Facts) -> Iterator[Row]:
    """Those that are listed as advice, in the order of the printed table."""
    for node in facts.of_class("Intervention"):
        if facts.terms(node, "position"):
            also = {local(predicate) for predicate in facts.about[node]} - {*OF_INTERVENTIONS, *_NOT_READ}
            more = "; ".join(f"{name} {value}" for name in sorted(also) for value in _joined(facts, node, name))
            yield name_of(node), *_joined(facts, node, *OF_INTERVENTIONS), more


def statements(facts: Facts) -> Iterator[Row]:
    """All other statements, a row for each of their objects; their words are in a table of their own."""
    for node in facts.of_class(*STATEMENTS):
        if facts.terms(node, "position"):
            continue
        for predicate in facts.about[node]:
            name = "a" if predicate == RDF_TYPE else local(predicate)
            if name not in _NOT_READ or name == "a":
                for value in facts.values(node, predicate):
                    yield name_of(node), name, value


def observables(facts: Facts) -> Iterator[Row]:
    """Of each observable how long a value counts, and which are believed."""
    for node in facts.instances("Observable"):
        numbers = _joined(facts, node, "unit", "windowHours", "plausibleLow", "plausibleHigh", "byException")
        kinds = _joined(facts, node, "collectedOver", "infusionRateOf", "interpretedAs")
        yield name_of(node), *numbers, *kinds, *_joined(facts, node, "source")


def concepts(facts: Facts) -> Iterator[Row]:
    """Of each finding and treatment what it is a kind of, and what else follows from it."""
    for node in facts.below("ClinicalFinding", "Treatment"):
        yield (
            name_of(node),
            *_joined(facts, node, SUB_CLASS, "endedBy", "rulesOut", "absenceHours", "closed", "countsAbove", "source"),
        )


PLACES: Final = ("Document", "Table", "TableRow", "Section", "Paragraph")


def places(facts: Facts) -> Iterator[Row]:
    """The places that sources point at, and the headings that they group criteria under."""
    for node in facts.of_class(*PLACES, "OrganSystem"):
        yield name_of(node), *_joined(facts, node, RDF_TYPE, "partOf", "position", "source", "cites")


_ELSEWHERE: Final = ("OrganSystem", "Naming", "Guideline")
"""Headings stand among the places; how names are read, and what files there are, is held by tests of its own."""


def others(facts: Facts) -> list[ox.NamedNode]:
    """All other individuals: conventions, effects, occasions, populations, studies and the like."""
    known = {*facts.of_class("Criterion", *STATEMENTS, *PLACES, *_ELSEWHERE), *facts.instances("Observable")}
    return [node for node in facts.individuals() if node not in known]


def other_terms(facts: Facts) -> Iterator[Row]:
    """Of all other individuals what is said, a row for each property."""
    rule_sets = facts.of_class("RuleSet")
    for node in others(facts):
        elsewhere = (*_NOT_READ, *(_OF_RULE_SETS if node in rule_sets else ()))
        for predicate in facts.about[node]:
            name = "a" if predicate == RDF_TYPE else local(predicate)
            if name not in elsewhere:
                yield name_of(node), name, *_joined(facts, node, predicate)


def worded(facts: Facts) -> list[ox.NamedNode]:
    """The terms whose words are held: all that the ontology is about, and not its vocabulary."""
    return list(dict.fromkeys((*facts.individuals(), *facts.below("ClinicalFinding", "Treatment"))))


def words(facts: Facts) -> Iterator[Row]:
    """Without the numbers: those of the words are held to the structure when the ontology is built."""
    for node in worded(facts):
        for name in _WORDED:
            texts = facts.values(node, LABEL if name == "label" else name)
            if texts:
                yield name_of(node), name, _NUMBER.sub("#", " / ".join(texts))


def mappings(facts: Facts) -> Iterator[Row]:
    """The terms of other ontologies that are only followed."""
    for file, rows in facts.tables():
        if file.startswith(_FOLLOWED):
            yield from ((file, subject.removeprefix("il2:"), code, predicate) for subject, predicate, code, _ in rows)


def codes(facts: Facts) -> Iterator[Row]:
    """The tables by which records are read, as a whole: they are long."""
    for file, rows in facts.tables():
        if not file.startswith(_FOLLOWED):
            yield file, str(len(rows)), _digest(rows)


@cache
def _digest(rows: tuple[Mapped, ...]) -> str:
    lines = sorted("\t".join(row) for row in rows)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]
