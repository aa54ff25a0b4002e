"""The notation of the tables of cases: one item of a record as a line of text (docs/cases.md).

    SerumCreatinine = limit.above + 0.1 in mg/dL @ -6h as loinc 2160-0
    no Confusion, Agitation @ -absence + 1min
    dose @ -40h every 8h x5

Numbers may be written beside the limits of the criterion, times beside the hours that it, its concepts or the
conventions name, so that a limit that is changed in the ontology changes no case. ``dose`` is the word of the series
of interleukin-2; the events of another guideline's series have their own.
"""

import ast
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from il2kg.forms.compare import Comparator, Compare
from il2kg.forms.decreasing import InfusionDecrease
from il2kg.forms.drop import Drop
from il2kg.forms.increasing import InfusionIncrease
from il2kg.forms.rising import Rise
from il2kg.forms.series_count import SeriesCount
from il2kg.guideline.conditions import Condition, inner_leaves
from il2kg.guideline.model import Criterion, Guideline

DISCHARGE = "discharge"

_ITEM = re.compile(
    r"(?P<no>no )?(?P<concepts>\w+(?:, \w+)*)"
    r"(?: (?P<relation><=|>=|<|>|=) (?P<value>.+?)(?: in (?P<unit>\S+))?)?"
    r"(?: @ (?P<when>.+?))?(?: every (?P<step>\S+) x ?(?P<times>.+?))?(?: as (?P<forms>.+))?"
)
_HOURS = {"d": Decimal(24), "h": Decimal(1), "min": Decimal(1) / 60, "s": Decimal(1) / 3600}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(d|h|min|s)\b")
_OPERATORS: Mapping[type[ast.operator], Callable[[Decimal, Decimal], Decimal]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
_COMPARATORS = {
    "above": Comparator.ABOVE,
    "atLeast": Comparator.AT_LEAST,
    "below": Comparator.BELOW,
    "atMost": Comparator.AT_MOST,
}
_WHOLE_HOURS = {"h": Decimal(1), "d": Decimal(24)}


class NotationError(ValueError):
    """An item that cannot be read, and why."""


@dataclass(frozen=True)
class Span:
    """When an item was, in hours after the assessed instant: an instant, or a period, open where ``end`` is None."""

    start: Decimal
    end: Decimal | None
    instant: bool


@dataclass(frozen=True)
class Item:
    """One item of a record. ``value`` is a number, a text, or None where there is none or it is written ``?``."""

    concept: str
    absent: bool
    relation: str | None
    value: str | Decimal | None
    unit: str | None
    span: Span | None
    forms: tuple[str, ...]


@dataclass(frozen=True)
class Scope:
    """What the words of the notation stand for in the cases of one criterion."""

    criterion: Criterion
    guideline: Guideline

    def items(self, line: str) -> Iterator[Item]:
        """The items that a line stands for: one, or more where it names several times.

        Raises:
            NotationError: the line cannot be read.
        """
        found = _ITEM.fullmatch(" ".join(line.split()))
        if found is None:
            raise NotationError(f"{self.criterion.id}: {line!r} is no item")
        forms = tuple(form.strip() for form in (found["forms"] or "").split(",") if form.strip())
        for concept in found["concepts"].split(", "):
            self._known(concept, line)
            value = self._value(concept, found["value"])
            for span in self._spans(concept, found["when"], found["step"], found["times"]):
                yield Item(concept, found["no"] is not None, found["relation"], value, found["unit"], span, forms)

    def _known(self, concept: str, line: str) -> None:
        guideline = self.guideline
        names = (guideline.observables, guideline.findings, guideline.treatments, events_of(guideline), (DISCHARGE,))
        if not any(concept in known for known in names):
            raise NotationError(f"{self.criterion.id}: {line!r} names no concept of the ontology")

    def _value(self, concept: str, text: str | None) -> str | Decimal | None:
        if text is None or text == "?":
            return None
        if text.startswith("'"):
            return text.strip("'")
        return self.number(concept, text)

    def _spans(self, concept: str, when: str | None, step: str | None, times: str | None) -> Iterator[Span | None]:
        if when is None:
            yield None
            return
        for part in when.split(", "):
            start, dots, end = part.partition("..")
            first = self.number(concept, start)
            last = self.number(concept, end) if end else None
            between = self.number(concept, step) if step else Decimal(0)
            for number in range(int(self.number(concept, times)) if times else 1):
                later = between * number
                yield Span(first + later, None if last is None else last + later, not dots)

    def number(self, concept: str, text: str) -> Decimal:
        """What an expression stands for, beside the limits and hours that the criterion has for the concept.

        Raises:
            NotationError: it cannot be read.
        """
        written = _DURATION.sub(lambda m: f"({Decimal(m[1]) * _HOURS[m[2]]})", text.strip())
        where = f"{self.criterion.id}: {text!r} of {concept}"
        try:
            return self._evaluated(concept, ast.parse(written, mode="eval").body)
        except NotationError as error:
            raise NotationError(f"{where}: {error}") from error
        except SyntaxError as error:
            raise NotationError(f"{where} is no number") from error

    def _evaluated(self, concept: str, node: ast.expr) -> Decimal:
        match node:
            case ast.Constant(value=value):
                return Decimal(str(value))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._evaluated(concept, operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                return _OPERATORS[type(op)](self._evaluated(concept, left), self._evaluated(concept, right))
            case ast.Name(id="limit" | "resume" as word):
                return self._limit(concept, word, None)
            case ast.Attribute(value=ast.Name(id="limit" | "resume" as word), attr="span"):
                return self._hours(concept, word)
            case ast.Attribute(value=ast.Name(id="limit" | "resume" as word), attr=attribute) if (
                attribute in _COMPARATORS
            ):
                return self._limit(concept, word, _COMPARATORS[attribute])
            case ast.Name(id=word):
                return self._convention(concept, word)
        raise NotationError("is no number")

    def _condition(self, word: str) -> Condition:
        condition = self.criterion.condition if word == "limit" else self.criterion.resume
        if condition is None:
            raise NotationError("the criterion has no resume condition")
        return condition

    def _limit(self, concept: str, word: str, comparator: Comparator | None) -> Decimal:
        """The number with which the criterion compares what the item gives."""
        limits = {
            leaf.limit * _per_hour(self.guideline, leaf)
            for leaf in inner_leaves(self._condition(word))
            if isinstance(leaf, Compare) and self.is_about(leaf, concept) and comparator in (None, leaf.comparator)
        }
        return self._only(limits, f"{word} of {concept}")

    def is_about(self, leaf: Compare, concept: str) -> bool:
        """Whether a comparison is of what items of the concept give."""
        quantity = leaf.quantity
        if isinstance(quantity, (Rise, InfusionIncrease, InfusionDecrease)) or (
            isinstance(quantity, Drop) and not leaf.limit
        ):
            return False
        if concept == DISCHARGE or concept in events_of(self.guideline):
            return isinstance(quantity, SeriesCount)
        return concept in (quantity.observable, self.guideline.observables[quantity.observable].infusion_of)

    def _hours(self, concept: str, word: str) -> Decimal:
        """The hours that the criterion names of the concept."""
        known = {**self.guideline.findings, **self.guideline.treatments}
        lineage = {concept, *(known[concept].ancestors if concept in known else ())}
        spans = set()
        for leaf in inner_leaves(self._condition(word)):
            about = leaf.quantity if isinstance(leaf, Compare) else leaf
            if hasattr(about, "hours") and not lineage.isdisjoint(self._subjects(about)):
                spans.add(about.hours)
        return self._only(spans, f"{word}.span of {concept}")

    def _subjects(self, about: object) -> Iterator[str | None]:
        """What a comparison or statement speaks of."""
        for name in ("observable", "finding", "treatment"):
            yield getattr(about, name, None)
        observable = self.guideline.observables.get(getattr(about, "observable", ""))
        yield None if observable is None else observable.infusion_of

    def _only(self, found: set[Decimal], wanted: str) -> Decimal:
        if len(found) != 1:
            raise NotationError(f"{wanted}: {sorted(found)} where one is wanted; say which, e.g. limit.above")
        return found.pop()

    def _convention(self, concept: str, word: str) -> Decimal:
        """Hours that the concept, the levels, the series or the conventions of the guideline name."""
        conventions = self.guideline.conventions
        if word == "window" and concept in self.guideline.observables:
            hours = self.guideline.observables[concept].window_hours
        elif word == "absence" and concept in self.guideline.findings:
            hours = self.guideline.findings[concept].absence_hours or conventions.absence_hours
        elif (of_series := self._of_series(word)) is not None:
            hours = of_series
        elif hasattr(conventions, f"{word}_hours"):
            hours = getattr(conventions, f"{word}_hours")
        elif hasattr(conventions, f"{word}_days"):
            hours = getattr(conventions, f"{word}_days") * _HOURS["d"]
        else:
            raise NotationError(f"{word} stands for nothing")
        if hours is None:
            raise NotationError(f"{concept} has no {word}")
        return Decimal(hours)

    def _of_series(self, word: str) -> Decimal | None:
        """Hours that a series of the guideline names: the gap before a new level, or what counts as on time."""
        for series in self.guideline.series:
            if word == "early":
                return series.early_hours
            for level in series.levels:
                if word == f"{level.id}_gap":
                    return level.gap_hours
        return None


def events_of(guideline: Guideline) -> dict[str, str]:
    """The treatments whose administrations are events, by what a guideline calls one of them."""
    return {series.event: series.treatment for series in guideline.series}


def _per_hour(guideline: Guideline, leaf: Compare) -> Decimal:
    """What turns the limit of a count of hours or days into hours; 1 for all else."""
    if not isinstance(leaf.quantity, SeriesCount):
        return Decimal(1)
    return _WHOLE_HOURS.get(guideline.observables[leaf.quantity.observable].unit, Decimal(1))
