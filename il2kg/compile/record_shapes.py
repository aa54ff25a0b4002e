"""Compiles ``shapes/record.ttl``: what a sound record is, as a patient graph.

What hangs on no number and on no list of terms is written by hand, in ``shapes/structure/record.ttl``; the rest is
compiled from the ontology and joined to it.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Final

import pyoxigraph as ox

from il2kg.compile.answer_shapes import TextDialect, answer_shapes, in_words, words_of
from il2kg.compile.event_shapes import event_shapes
from il2kg.compile.observable_shapes import Dialect, ValueShapes, range_in_words, unit_in_words
from il2kg.compile.shape_text import (
    TIME,
    is_one_of,
    is_term,
    number,
    one_of,
    prefixes,
    result,
    structure_of,
    targets,
    text,
)
from il2kg.compile.unit_groups import UnitGroup, UnitTable, converter_of, is_measured
from il2kg.guideline.coded_answers import Question, Said, read_answers
from il2kg.guideline.model import Guideline, Observable
from il2kg.guideline.ontology_graph import OntologyGraph
from il2kg.read.patient_graph.terms import ITEMS, UCUM_CODE
from il2kg.read.rates import Rate, RateReader
from il2kg.read.values import ValueReader
from il2kg.statements import Quantity
from il2kg.vocabulary import IL2

_HEADER: Final = """# What a sound record is, as a patient graph: SHACL Core, for any engine. A result is about an item.
# sh:Violation: it is set aside, or its time or value is not trusted. sh:Warning: it counts, and is reported.
# sh:Info: it is passed over.
# Compiled from the ontology and shapes/structure/record.ttl by `il2kg build`. Do not edit.

"""
_UNIT: Final = (
    "( [ sh:zeroOrOnePath [ sh:alternativePath ( qudt:hasUnit qudt:unit ) ] ] "
    "[ sh:zeroOrOnePath [ sh:alternativePath ( qudt:ucumCode il2:unit ) ] ] )"
)
_NUMBER: Final = "[ sh:alternativePath ( qudt:numericValue qudt:value sosa:hasSimpleResult ) ]"
_WRITTEN: Final = (
    "( [ sh:zeroOrOnePath [ sh:alternativePath ( qudt:hasUnit qudt:unit ) ] ] "
    "[ sh:alternativePath ( qudt:ucumCode il2:unit ) ] )"
)
_UNIT_TEXT: Final = (
    "( {place} [ sh:zeroOrOnePath [ sh:alternativePath ( qudt:hasUnit qudt:unit ) ] ] "
    "[ sh:zeroOrOnePath [ sh:alternativePath ( qudt:ucumCode il2:unit ) ] ] )"
)
_RESULT: Final = "[ sh:zeroOrOnePath sosa:hasResult ]"
_RATE: Final = "il2:infusionRate"
_TEXTS: Final = TextDialect(
    "record",
    "il2:coding",
    "( [ sh:zeroOrOnePath il2:coding ] [ sh:alternativePath ( il2:words il2:display ) ] )",
    "il2:codeSystem",
    "il2:code",
)
_GIVEN: Final = (
    "( [ sh:inversePath il2:gives ] [ sh:zeroOrMorePath [ sh:inversePath il2:ingredient ] ] "
    "[ sh:zeroOrOnePath [ sh:inversePath il2:product ] ] )"
)
_NEGATIVE: Final = "negative"
_LOINC: Final = "http://loinc.org"


def compile_record_shapes(guideline: Guideline, units: Iterable[str] = ()) -> str:
    """The shapes of patient graphs, as Turtle; ``units`` are listed beyond those that records are known to use.

    Raises:
        GuidelineError: the part that is written by hand, or a table of the ontology, cannot be read.
    """
    compiled = _Compiler(guideline, units).texts()
    structure = structure_of(guideline.folder.structure / "record.ttl", guideline.names)
    return prefixes(guideline.names) + _HEADER + structure + "\n" + "\n".join(compiled)


class _Compiler:
    """Writes what the ontology says."""

    def __init__(self, guideline: Guideline, units: Iterable[str]) -> None:
        self._guideline = guideline
        converter = converter_of(guideline)
        self._table = UnitTable(guideline, converter, units)
        self._values = ValueShapes(Dialect("record", _NUMBER, _UNIT, _WRITTEN, _iris(guideline.folder.vocabulary)))
        self._answers = read_answers(guideline.folder.vocabulary)
        readings = ValueReader(converter, guideline.observables, self._answers[Question.FINDING])
        self._rates = RateReader(guideline, readings)
        self._observables = [o for o in guideline.observables.values() if o.count is None]

    def texts(self) -> Iterator[str]:
        yield "# ---- Compiled: lists of terms\n"
        yield f"record:Time a sh:NodeShape ;\n    sh:pattern {text(TIME)} .\n"
        yield from self._terms()
        yield "# ---- Compiled: events of a series\n"
        yield from event_shapes(self._guideline)
        yield "# ---- Compiled: what answers say\n"
        yield from answer_shapes(_TEXTS, "answer", self._answers[Question.FINDING])
        yield from answer_shapes(_TEXTS, "flag", self._answers[Question.INTERPRETATION])
        yield from self._findings()
        yield from self._flags()
        yield "# ---- Compiled: units and ranges\n"
        for observable in self._observables:
            yield from self._numeric(observable) if is_measured(observable) else self._graded(observable)
        yield from (part for o in self._observables if o.infusion_of is not None for part in self._infusion(o))
        yield is_one_of("record:ListedUnit", self._values.as_written(self._table.listed))
        yield from self._values.texts()

    def _named(self, names: Iterable[str]) -> list[str]:
        """Terms by their identifiers."""
        return list(map(self._guideline.short, names))

    def _terms(self) -> Iterator[str]:
        findings = self._named(self._guideline.findings)
        seen = self._observables
        visits = sorted(c for (_, c), said in self._answers[Question.ENCOUNTER].by_code.items() if said is Said.VISIT)
        plain = [o.id for o in seen if not o.collected and o.infusion_of is None]
        own, finding_ids = self._guideline.namespace, self._guideline.findings
        yield is_term("record:KnownClass", (IL2, _item_classes()), (own, finding_ids))
        yield is_term("record:KnownObserved", (own, [*(o.id for o in seen), *finding_ids]))
        yield is_term("record:KnownFinding", (own, finding_ids))
        yield is_term("record:KnownGiven", (own, self._guideline.treatments))
        yield is_one_of("record:Visit", visits)
        yield targets("record:Item", "sh:targetClass", findings)
        yield targets("record:Finding", "sh:targetClass", findings)
        yield targets("record:Observed", "sh:targetNode", [*self._named(o.id for o in seen), *findings])
        yield targets("record:Measured", "sh:targetNode", self._named(plain))
        yield targets(
            "record:NotMeasured", "sh:targetNode", [*self._named(o.id for o in seen if o.id not in plain), *findings]
        )
        yield targets("record:Collected", "sh:targetNode", self._named(o.id for o in seen if o.collected))
        yield targets("record:Valued", "sh:targetNode", self._named(o.id for o in seen))
        yield targets("record:Numeric", "sh:targetNode", self._named(o.id for o in seen if is_measured(o)))
        for name, flagged in (("Interpreted", True), ("Uninterpreted", False)):
            ids = (o.id for o in seen if (o.interpreted_as is not None) is flagged)
            yield targets(f"record:{name}", "sh:targetNode", self._named(ids))

    # ---- Answers

    def _findings(self) -> Iterator[str]:
        said = in_words(words_of(self._answers[Question.FINDING], Said.PRESENT, Said.ABSENT))
        yield targets("record:FoundOrNot", "sh:targetNode", self._named(self._guideline.findings))
        yield _of_observation("record:FoundOrNot", "record:answer-coded", "record:answer-plain")
        message = "It says neither that the finding is there nor that it is not: answer with yes or no (true, false)"
        yield (
            "record:answer-coded a sh:PropertyShape ;\n    sh:path sosa:hasResult ;\n"
            "    sh:or ( [ sh:and ( record:answer ) ; sh:not [ sh:class il2:UnreadableResult ] ]\n"
            "            record:Undescribed ) ;\n" + result("Violation", message)
        )
        yield (
            "record:answer-plain a sh:PropertyShape ;\n    sh:path sosa:hasSimpleResult ;\n"
            f"    sh:or ( [ sh:datatype xsd:boolean ] [ {said} ] ) ;\n" + result("Violation", message)
        )

    def _flags(self) -> Iterator[str]:
        flagged = [o.id for o in self._observables if o.interpreted_as is not None]
        yield targets("record:Flagged", "sh:targetNode", self._named(flagged))
        yield _of_observation("record:Flagged", "record:flag-clear")
        some = "[ sh:not [ sh:property [ sh:path il2:interpretation ; sh:not record:flag-says-{} ] ] ]"
        none = "[ sh:property [ sh:path il2:interpretation ; sh:not record:flag-says-{} ] ]"
        ways = [f"[ sh:and ( {some.format(a)} {none.format(b)} ) ]" for a, b in (("yes", "no"), ("no", "yes"))]
        yield (
            "record:flag-clear a sh:PropertyShape ;\n    sh:path [ sh:zeroOrOnePath owl:sameAs ] ;\n"
            "    sh:or ( [ sh:property [ sh:path il2:interpretation ; sh:maxCount 0 ] ]\n            "
            + "\n            ".join(ways)
            + " ) ;\n"
            + result("Violation", "The flag says neither raised nor normal, or both: keep the one that is right (H, N)")
        )

    # ---- Values

    def _numeric(self, observable: Observable) -> Iterator[str]:
        groups, flows = self._table.groups(observable), self._table.flows(observable)
        yield from self._shapes(observable, f"record:{observable.id}", _RESULT, groups, flows)

    def _shapes(
        self,
        observable: Observable,
        name: str,
        place: str,
        groups: tuple[UnitGroup, ...],
        others: tuple[UnitGroup, ...],
        *,
        reached: str = "[ sh:inversePath sosa:observedProperty ]",
        of: Iterable[str] = (),
    ) -> Iterator[str]:
        """The shapes of a number and its unit at a place: in one of some groups, or of ``others``."""
        kinds = ["unit", *(["units-agree"] if len(groups) > 1 else [])]
        kinds += ["believed"] if observable.plausible is not None else []
        yield targets(name, "sh:targetNode", of or self._named([observable.id]))
        shapes = " , ".join(f"{name}-{kind}" for kind in kinds)
        yield f"{name} a sh:NodeShape ;\n    sh:property [ sh:path {reached} ; sh:property {shapes} ] .\n"
        said = unit_in_words(observable)
        yield (
            f"{name}-unit a sh:PropertyShape ;\n    sh:path {_UNIT_TEXT.format(place=place)} ;\n"
            f"    {self._values.unit((*groups, *others))} ;\n"
            + result("Violation", f"{said}: this unit measures something else, or is none; correct it")
        )
        if len(groups) > 1:
            yield (
                f"{name}-units-agree a sh:PropertyShape ;\n    sh:path {place} ;\n    {self._values.agree(groups)} ;\n"
                + result("Violation", f"{said}: the printed unit contradicts the coded one; keep the one that is right")
            )
        if observable.plausible is not None:
            message = f"{range_in_words(observable)}: compare number and unit with the source"
            yield (
                f"{name}-believed a sh:PropertyShape ;\n    sh:path {place} ;\n"
                f"    {self._values.believed((*groups, *others))} ;\n" + result("Violation", message)
            )

    def _infusion(self, observable: Observable) -> Iterator[str]:
        """The rates of infusions: as those charted as observations, or without a body mass, or in arbitrary units."""
        given = [t.id for t in self._guideline.treatments.values() if observable.infusion_of in (t.id, *t.ancestors)]
        body, arbitrary = self._table.without_body(observable), self._arbitrary(observable)
        name = f"record:{observable.id}-of-infusion"
        groups, others = self._table.groups(observable), (UnitGroup(body, None), UnitGroup(arbitrary, None))
        yield from self._shapes(observable, name, _RATE, groups, others, reached=_GIVEN, of=self._named(given))
        shapes = " , ".join(f"record:rate-{kind}" for kind in _OF_RATES)
        yield f"{name} sh:property [ sh:path {_GIVEN} ; sh:property {shapes} ] .\n"
        yield is_one_of("record:UnitWithoutBody", self._values.as_written(body))
        yield is_one_of("record:ArbitraryUnit", self._values.as_written(arbitrary))

    def _arbitrary(self, observable: Observable) -> tuple[str, ...]:
        """The units of biological activity, in which the same drug alone compares."""
        one = Decimal(1)
        read = {unit: self._rates.read(Quantity(one, unit=unit), [observable]) for unit in self._table.listed}
        return tuple(unit for unit, rate in read.items() if isinstance(rate, Rate) and rate.unit is not None)

    def _graded(self, observable: Observable) -> Iterator[str]:
        assert observable.plausible is not None
        least, greatest = map(number, observable.plausible)
        name, answered = f"record:{observable.id}", _NEGATIVE in observable.grades
        grades = in_words(sorted(observable.grades))
        yes = in_words(words_of(self._answers[Question.FINDING], Said.PRESENT, Said.ABSENT))
        plain = f"[ sh:datatype xsd:boolean ] [ {yes} ]" if answered else ""
        yield targets(name, "sh:targetNode", self._named([observable.id]))
        yield _of_observation(name, f"{name}-believed", f"{name}-plain", f"{name}-grade", f"{name}-unit")
        yield (
            f"{name}-believed a sh:PropertyShape ;\n    sh:path ( {_RESULT} {_NUMBER} ) ;\n"
            f"    sh:or ( [ sh:not record:Number ] [ sh:minInclusive {least} ; sh:maxInclusive {greatest} ] ) ;\n"
            + result("Violation", f"{range_in_words(observable)}: compare the grade with the source")
        )
        message = f"No grade that is known: give a number from {observable.plausible[0]} to {observable.plausible[1]}"
        yield (
            f"{name}-plain a sh:PropertyShape ;\n    sh:path sosa:hasSimpleResult ;\n"
            f"    sh:or ( record:Number record:WithUnit [ {grades} ] {plain} ) ;\n" + result("Violation", message)
        )
        yield (
            f"{name}-grade a sh:PropertyShape ;\n    sh:path sosa:hasResult ;\n"
            f"    sh:or ( record:Quantity {name}-worded {name}-coded {'record:answer' if answered else ''} ) ;\n"
            + result("Violation", message)
        )
        yield (
            f"{name}-worded a sh:NodeShape ;\n"
            f"    sh:not [ sh:property [ sh:path {_TEXTS.words} ; sh:not [ {grades} ] ] ] .\n"
        )
        yield (
            f"{name}-coded a sh:NodeShape ;\n    sh:not [ sh:property [ sh:path il2:coding ; sh:not [\n"
            f"        sh:property [ sh:path il2:code ; sh:minCount 1 ; {grades} ] ;\n"
            f"        sh:property [ sh:path il2:codeSystem ; sh:minCount 1 ; {one_of([_LOINC])} ] ] ] ] .\n"
        )
        yield (
            f"{name}-unit a sh:PropertyShape ;\n"
            f"    sh:path ( {_RESULT} [ sh:zeroOrOnePath [ sh:alternativePath ( qudt:hasUnit qudt:unit ) ] ] "
            "[ sh:alternativePath ( qudt:ucumCode il2:unit ) ] ) ;\n"
            '    sh:pattern "^([ ]*|1|[{].*[}])$" ;\n'
            + result(
                "Violation", f"{range_in_words(observable)}: it is a plain number and has no such unit; leave that out"
            )
        )


_OF_RATES: Final = ("number", "quantity", "unit-said", "comparator", "not-negative", "per-body")
_ABOVE: Final = ("Patient", "RecordItem", "MedicationItem")


def _item_classes() -> list[str]:
    """The classes of items that the vocabulary has, and those above them."""
    return [*_ABOVE, *sorted(name.removeprefix(IL2) for name in ITEMS if name.startswith(IL2))]


def _of_observation(name: str, *shapes: str) -> str:
    listed = " , ".join(shapes)
    return (
        f"{name} a sh:NodeShape ;\n"
        f"    sh:property [ sh:path [ sh:inversePath sosa:observedProperty ] ; sh:property {listed} ] .\n"
    )


def _iris(vocabulary: Path) -> Mapping[str, tuple[str, ...]]:
    """The IRIs of QUDT's units, by their UCUM code."""
    graph = OntologyGraph.read([vocabulary / "qudt-units.ttl"])
    by_code: dict[str, list[str]] = {}
    for node in graph.index:
        if isinstance(node, ox.NamedNode):
            for code in graph.texts(node, UCUM_CODE):
                by_code.setdefault(code, []).append(node.value)
    return {code: tuple(sorted(iris)) for code, iris in by_code.items()}
