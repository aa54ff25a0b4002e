"""Reads the event series of the ontology, what is counted from them, and the kinds of a next event."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from il2kg.errors import GuidelineError
from il2kg.guideline.lengths import HOURS_PER_DAY
from il2kg.guideline.ontology_graph import Node, OntologyGraph
from il2kg.guideline.series import Count, CountKind, EventSeries, Fact, FactKind, Level, facts_of, key_of

_GAPS = {
    "startsAfterHours": (1, False),
    "startsAfterDays": (HOURS_PER_DAY, False),
    "startsFromHours": (1, True),
    "startsFromDays": (HOURS_PER_DAY, True),
}
_COUNTS = {
    "countsEventsIn": CountKind.EVENTS_IN,
    "timeSinceLastOf": CountKind.SINCE_LAST,
    "timeSinceStartOf": CountKind.SINCE_START,
    "timeSinceEndOf": CountKind.SINCE_END,
}
_KINDS = {"firstOf": FactKind.FIRST_OF, "starts": FactKind.STARTS}
_TIMES = ("h", "d")
# An event's name is part of the names of facts, which stand in Turtle as they are.
_EVENT = re.compile(r"[a-z]+(?: [a-z]+)*")


@dataclass(frozen=True)
class SeriesReader:
    """Reads what an ontology says of series; ``below`` are the treatments below each, for which a series counts too."""

    graph: OntologyGraph
    below: Mapping[str, frozenset[str]]

    def series(self) -> tuple[EventSeries, ...]:
        """The event series, in file order.

        Raises:
            GuidelineError: one lacks what it needs, or two share what may belong to one only.
        """
        nodes = self.graph.of_class("EventSeries")
        all_series = tuple(self._one(node) for node in nodes)
        levels: dict[str, Node] = {}
        events: dict[str, Node] = {}
        for node, series in zip(nodes, all_series, strict=True):
            self._once(node, "levels", [level.id for level in series.levels], levels)
            self._once(node, "eventsOf", [series.treatment, *self.below[series.treatment]], events)
        self._apart(nodes, all_series)
        for node in self.graph.of_class("Level"):
            if self.graph.local_name(node) not in levels:
                raise GuidelineError(
                    f"{self.graph.where(node)} is in the il2:levels of no il2:EventSeries; list it there"
                )
        return all_series

    def _once(self, node: Node, name: str, own: Sequence[str], seen: dict[str, Node]) -> None:
        """What is one series' own is no other's, and stands once."""
        for each in own:
            if each in seen:
                also = f"is also in that of {self.graph.short(seen[each])}" if seen[each] != node else "is there twice"
                what = f"{self.graph.named(each)}, in its il2:{name}"
                raise GuidelineError(f"{self.graph.where(node)}: {what}, {also}; keep one")
            seen[each] = node

    def _apart(self, nodes: Sequence[Node], all_series: Sequence[EventSeries]) -> None:
        """Series differ in what their facts are called; holds and baselines are one series' matter."""
        facts: dict[str, Node] = {}
        for node, series in zip(nodes, all_series, strict=True):
            for key in facts_of((series,)):
                if facts.setdefault(key, node) != node:
                    raise GuidelineError(
                        f"{self.graph.where(node)}: its il2:eventLabel, {series.event!r}, is also that of "
                        f"{self.graph.short(facts[key])}; give the events of each series a name of their own"
                    )
        for name in ("holdsLastFor", "baselineBefore"):
            having = [self.graph.short(node) for node in nodes if self.graph.objects(node, name)]
            if len(having) > 1:
                raise GuidelineError(
                    f"{self.graph.where(nodes[0])}: il2:{name} stands in {' and '.join(having)}; "
                    "only one series may have it"
                )

    def _one(self, node: Node) -> EventSeries:
        graph = self.graph
        levels = self._levels(node)
        event = graph.text(node, "eventLabel")
        if not _EVENT.fullmatch(event):
            raise GuidelineError(
                f"{graph.where(node)}: il2:eventLabel must be words in lower case, such as infusion, not {event!r}"
            )
        own = {level.id for level in levels}
        for name in ("holdsLastFor", "baselineBefore"):
            level = graph.optional_id(node, name)
            if level is not None and level not in own:
                raise GuidelineError(
                    f"{graph.where(node)}: il2:{name} {graph.named(level)} is not in its il2:levels; name one that is"
                )
        return EventSeries(
            id=self.graph.local_name(node),
            label=graph.label(node),
            treatment=graph.id(node, "eventsOf"),
            event=event,
            early_hours=graph.number(node, "earlyHours"),
            doubtful_hours=graph.number(node, "doubtfulEventDays") * HOURS_PER_DAY,
            levels=levels,
            holds_last_for=graph.optional_id(node, "holdsLastFor"),
            baseline_before=graph.optional_id(node, "baselineBefore"),
        )

    def _levels(self, node: Node) -> tuple[Level, ...]:
        known = self.graph.of_class("Level")
        nodes: list[Node] = []
        for each in self.graph.listed(node, "levels"):
            node_of_level = next((level for level in known if level == each), None)
            if node_of_level is None:
                raise GuidelineError(
                    f"{self.graph.where(node)}: il2:levels lists {each}, which is no il2:Level; list levels"
                )
            nodes.append(node_of_level)
        levels = tuple(self._level(each, narrowest=each == nodes[0]) for each in nodes)
        for each, narrower, wider in zip(nodes[1:], levels, levels[1:], strict=False):
            if wider.gap_hours is not None and narrower.gap_hours is not None and wider.gap_hours < narrower.gap_hours:
                raise GuidelineError(
                    f"{self.graph.where(each)}: the gap that starts a new one is shorter than that of "
                    f"{self.graph.named(narrower.id)}, which it holds; make it as long or longer"
                )
        return levels

    def _level(self, node: Node, *, narrowest: bool) -> Level:
        graph = self.graph
        gaps = [name for name in _GAPS if graph.objects(node, name)]
        most = graph.optional_number(node, "holdsAtMost")
        if len(gaps) > 1:
            raise GuidelineError(f"{graph.where(node)} has {' and '.join(f'il2:{n}' for n in gaps)}; keep one")
        if narrowest and most is not None:
            raise GuidelineError(
                f"{graph.where(node)}: il2:holdsAtMost counts stretches of a narrower level, and there is "
                "none; leave it out"
            )
        if not gaps and most is None:
            raise GuidelineError(
                f"{graph.where(node)} needs the gap that starts a new one: {', '.join(f'il2:{n}' for n in _GAPS)}"
                + ("" if narrowest else ", or il2:holdsAtMost")
            )
        hours: Decimal | None = None
        included = False
        for name in gaps:
            factor, included = _GAPS[name]
            hours = graph.number(node, name) * factor
        return Level(
            self.graph.local_name(node), graph.label(node), hours, included, None if most is None else int(most)
        )

    def counts(self, series: Sequence[EventSeries]) -> dict[str, Count]:
        """What each observable that is counted from events counts.

        Raises:
            GuidelineError: one counts nothing, or several things, or in another unit.
        """
        return {
            self.graph.local_name(node): self._count(node, series) for node in self.graph.of_class("SeriesObservable")
        }

    def _count(self, node: Node, series: Sequence[EventSeries]) -> Count:
        graph = self.graph
        name = self._only(node, _COUNTS)
        kind, of, unit = _COUNTS[name], graph.id(node, name), graph.text(node, "unit")
        discharge = graph.flag(node, "fromDischarge")
        if discharge and kind is not CountKind.SINCE_END:
            raise GuidelineError(f"{graph.where(node)}: il2:fromDischarge may stand only beside il2:timeSinceEndOf")
        if kind is CountKind.EVENTS_IN and not unit.startswith("{"):
            raise GuidelineError(
                f"{graph.where(node)}: what is counted has a unit in braces, such as {{event}}, not {unit!r}"
            )
        if kind is not CountKind.EVENTS_IN and unit not in _TIMES:
            raise GuidelineError(f"{graph.where(node)}: the unit of a time is {' or '.join(_TIMES)}, not {unit!r}")
        if kind is CountKind.SINCE_LAST:
            return Count(kind, of, None, discharge)
        return Count(kind, series_of(of, series), of, discharge)

    def next_events(self, series: Sequence[EventSeries]) -> dict[str, str]:
        """The key of the fact that each kind of a next event asks for.

        Raises:
            GuidelineError: a kind says nothing, or two things.
        """
        facts = facts_of(series)
        keys: dict[str, str] = {}
        for node in self.graph.of_class("NextEventKind"):
            name = self._only(node, _KINDS)
            level = self.graph.id(node, name)
            keys[self.graph.local_name(node)] = key_of(Fact(_KINDS[name], series_of(level, series), level), facts)
        return keys

    def _only(self, node: Node, names: Mapping[str, object]) -> str:
        there = [name for name in names if self.graph.objects(node, name)]
        if len(there) != 1:
            raise GuidelineError(
                f"{self.graph.where(node)} needs exactly one of {', '.join(f'il2:{n}' for n in names)}, has "
                f"{' and '.join(f'il2:{n}' for n in there) or 'none'}"
            )
        return there[0]


def series_of(level: str, series: Sequence[EventSeries]) -> str:
    """The series to which a level belongs."""
    return next(each.id for each in series if any(own.id == level for own in each.levels))
