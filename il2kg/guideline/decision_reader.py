"""Reads the decisions of the ontology, the effects and escalations that lead to them, and when rule sets speak."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from il2kg.errors import GuidelineError
from il2kg.guideline.decisions import Decision, Decisions, Effect, Escalation, Occasion, OccasionKind
from il2kg.guideline.ontology_graph import Node, OntologyGraph
from il2kg.vocabulary import SKOS

_PLACES = ("rank", "undecided", "readsAs")
_OCCASIONS = {"firstOf": OccasionKind.FIRST_OF, "laterIn": OccasionKind.LATER}


def read_decisions(graph: OntologyGraph) -> Decisions:
    """The decisions of an ontology.

    Raises:
        GuidelineError: they are in no order, or it is not plain which is said where nothing is decided.
    """
    by_place: dict[str, list[Node]] = {place: [] for place in _PLACES}
    for node in graph.of_class("Decision"):
        places = [place for place in _PLACES if graph.objects(node, place)]
        if len(places) != 1 or (places == ["undecided"] and not graph.flag(node, "undecided")):
            raise GuidelineError(
                f"{graph.where(node)} needs exactly one of il2:rank, il2:undecided true and il2:readsAs"
            )
        by_place[places[0]].append(node)
    ranked = sorted((int(graph.number(node, "rank")), node) for node in by_place["rank"])
    for (rank, node), (next_rank, other) in pairwise(ranked):
        if rank == next_rank:
            raise GuidelineError(
                f"{graph.where(node)} and {other} both have il2:rank {rank}; give each decision a rank of its own"
            )
    if len(ranked) <= 1:
        raise GuidelineError(
            f"at least two decisions need an il2:rank; {len(ranked)} {'has' if len(ranked) == 1 else 'have'} one"
        )
    if len(by_place["undecided"]) != 1:
        names = " and ".join(graph.short(node) for node in by_place["undecided"]) or "none"
        raise GuidelineError(f"exactly one il2:Decision must have il2:undecided true, not {names}")
    in_order = tuple(_decision(graph, node, rank, goes_ahead=not n) for n, (rank, node) in enumerate(ranked))
    lowest = in_order[0]
    for milder, each in pairwise(in_order):
        if each.goes_ahead and not milder.goes_ahead:
            raise GuidelineError(
                f"{graph.named(each.id)} has il2:letsGoAhead true and {graph.named(milder.id)}, which is milder, has "
                "not; give those that let go ahead the lowest ranks"
            )
    for node in by_place["readsAs"]:
        if graph.id(node, "readsAs") != lowest.id:
            raise GuidelineError(
                f"{graph.where(node)}: il2:readsAs must name the decision of the lowest rank, {graph.named(lowest.id)}"
            )
    decisions = Decisions(
        in_order,
        _decision(graph, by_place["undecided"][0], lowest.rank),
        tuple(_decision(graph, node, lowest.rank, lowest.headline, goes_ahead=True) for node in by_place["readsAs"]),
    )
    _words_differ(graph, decisions)
    return decisions


def _decision(
    graph: OntologyGraph, node: Node, rank: int, headline: str | None = None, *, goes_ahead: bool = False
) -> Decision:
    said = graph.text(node, "headline") if headline is None else graph.optional_text(node, "headline") or headline
    word, goes_ahead = graph.text(node, SKOS + "notation"), goes_ahead or graph.flag(node, "letsGoAhead")
    return Decision(graph.local_name(node), word, rank, said, graph.label(node), goes_ahead)


def _words_differ(graph: OntologyGraph, decisions: Decisions) -> None:
    seen: dict[str, str] = {}
    for each in (*decisions.in_order, decisions.undecided, *decisions.other_words):
        if seen.setdefault(each.word, each.id) != each.id:
            raise GuidelineError(
                f"{graph.named(seen[each.word])} and {graph.named(each.id)} have the same skos:notation, "
                f"{each.word!r}; give each its own"
            )


@dataclass(frozen=True)
class DecisionReader:
    """Reads what refers to decisions, and to the ``levels`` of series."""

    graph: OntologyGraph
    decisions: Decisions
    levels: Collection[str]

    def effects(self) -> dict[str, Effect]:
        """The effects, by identifier.

        Raises:
            GuidelineError: one leads nowhere, or stays for what is no level.
        """
        return {self.graph.local_name(node): self._effect(node) for node in self.graph.of_class("Effect")}

    def _effect(self, node: Node) -> Effect:
        stays_for, for_good = self._stays_for(node), self.graph.flag(node, "staysForGood")
        if stays_for is not None and for_good:
            raise GuidelineError(f"{self.graph.where(node)} has il2:staysFor and il2:staysForGood; keep one")
        return Effect(self.graph.local_name(node), self.graph.label(node), self._leads_to(node), stays_for, for_good)

    def _leads_to(self, node: Node) -> Decision:
        name = self.graph.id(node, "leadsTo")
        decision = next((each for each in self.decisions.in_order[1:] if each.id == name), None)
        if decision is None:
            raise GuidelineError(
                f"{self.graph.where(node)}: il2:leadsTo {self.graph.named(name)}; it leads to a decision with an "
                "il2:rank above the lowest"
            )
        return decision

    def _stays_for(self, node: Node) -> str | None:
        return self._level(node, "staysFor") if self.graph.objects(node, "staysFor") else None

    def _level(self, node: Node, name: str) -> str:
        level = self.graph.id(node, name)
        if level not in self.levels:
            raise GuidelineError(
                f"{self.graph.where(node)}: il2:{name} {self.graph.named(level)}, which is not in the il2:levels of an "
                "il2:EventSeries; name one that is"
            )
        return level

    def occasion(self, node: Node) -> Occasion:
        """When a rule set speaks.

        Raises:
            GuidelineError: it is of two things, or of a level that there is not.
        """
        graph = self.graph
        names = [name for name in _OCCASIONS if graph.objects(node, name)]
        if len(names) > 1:
            raise GuidelineError(f"{graph.where(node)} has {' and '.join(f'il2:{n}' for n in names)}; keep one")
        kind, of = OccasionKind.EVERY, None
        for name in names:
            kind = _OCCASIONS[name]
            of = self._level(node, name) if kind is OccasionKind.FIRST_OF else graph.id(node, name)
        return Occasion(graph.local_name(node), graph.label(node), kind, of, self._clear_as(node))

    def _clear_as(self, node: Node) -> Decision | None:
        name = self.graph.optional_id(node, "clearAs")
        if name is None:
            return None
        word = next((each for each in self.decisions.other_words if each.id == name), None)
        if word is None:
            raise GuidelineError(
                f"{self.graph.where(node)}: il2:clearAs {self.graph.named(name)}, which has no il2:readsAs; "
                "name a decision that has one"
            )
        return word

    def escalation(self, rule_set: Node, effects: Mapping[str, Effect], used: Sequence[str]) -> Escalation | None:
        """What too many criteria of a rule set lead to; ``used`` are the effects of its criteria, each as often.

        Raises:
            GuidelineError: it can never be reached, or leads to no more than its criteria do.
        """
        if not self.graph.objects(rule_set, "escalation"):
            return None
        node = self.graph.node(rule_set, "escalation")
        where = f"{self.graph.where(rule_set)}, il2:escalation"
        counted, also = self.graph.id(node, "ofEffect"), self.graph.ids(node, "orAny")
        for effect in (counted, *also):
            if effect not in used:
                raise GuidelineError(
                    f"{where}: no criterion of the rule set has il2:effect {self.graph.named(effect)}; "
                    "name one that some have"
                )
        more_than = int(self.graph.number(node, "moreThan"))
        if used.count(counted) <= more_than:
            raise GuidelineError(
                f"{where}: il2:moreThan {more_than} is never exceeded, for {self.graph.named(counted)} is the effect "
                f"of {used.count(counted)} criteria; write a smaller number"
            )
        decision = self._leads_to(node)
        if decision.rank <= effects[counted].decision.rank:
            raise GuidelineError(
                f"{where}: il2:leadsTo {self.graph.named(decision.id)}, which is no more severe than what "
                f"{self.graph.named(counted)} leads to by itself; name a more severe decision"
            )
        return Escalation(more_than, counted, also, decision, self._stays_for(node))
