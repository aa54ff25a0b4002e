"""Loads the ontology into a frozen `Guideline`."""

from collections.abc import Mapping, Sequence
from decimal import Decimal

from il2kg.errors import GuidelineError
from il2kg.forms import all_forms, class_ranges
from il2kg.forms.reader import ConditionReader, Terms
from il2kg.guideline.decision_reader import DecisionReader, read_decisions
from il2kg.guideline.decisions import Effect
from il2kg.guideline.folder import GuidelineFolder
from il2kg.guideline.model import (
    Amount,
    Concept,
    Conventions,
    Criterion,
    Guideline,
    Intervention,
    Naming,
    Observable,
    RuleSet,
)
from il2kg.guideline.ontology_graph import Node, OntologyGraph
from il2kg.guideline.references import RULES, check_references
from il2kg.guideline.series import Count, EventSeries, facts_of, needed_for_baseline, needed_for_count
from il2kg.guideline.series_reader import SeriesReader
from il2kg.vocabulary import RDFS, SKOS


def load_guideline(folder: GuidelineFolder) -> Guideline:
    """Read the rules of a folder into a guideline.

    Raises:
        GuidelineError: a file cannot be read, or a term lacks what it needs; the message names both.
    """
    graph = OntologyGraph.read(folder.files_of_rules, folder.names)
    graph.check_names()
    check_references(graph, class_ranges(), RULES)
    findings = _concepts(graph, "ClinicalFinding")
    treatments = _concepts(graph, "Treatment")
    series_reader = SeriesReader(graph, {t.id: t.descendants for t in treatments.values()})
    series = series_reader.series()
    next_events = series_reader.next_events(series)
    counts = series_reader.counts(series)
    nodes = [*graph.of_class("Observable"), *graph.of_class("SeriesObservable")]
    observables = {graph.local_name(n): _observable(graph, n, counts.get(graph.local_name(n))) for n in nodes}
    decisions = read_decisions(graph)
    decision_reader = DecisionReader(graph, decisions, [level.id for each in series for level in each.levels])
    effects = decision_reader.effects()
    terms = _terms(series, next_events, observables, findings, treatments)
    criteria = [_criterion(graph, node, effects, terms) for node in graph.of_class("Criterion")]
    rule_sets = tuple(
        _rule_set(graph, node, decision_reader, effects, criteria)
        for node in _in_order(graph, graph.of_class("RuleSet"))
    )
    order = [rule_set.id for rule_set in rule_sets]
    return Guideline(
        folder=folder,
        shared=graph.shared,
        decisions=decisions,
        effects=effects,
        series=series,
        next_events=next_events,
        criteria=tuple(sorted(criteria, key=lambda c: order.index(c.rule_set))),
        rule_sets=rule_sets,
        organ_systems={graph.local_name(n): graph.label(n) for n in graph.of_class("OrganSystem")},
        observables=observables,
        findings=findings,
        treatments=treatments,
        interventions=tuple(
            _intervention(graph, node)
            for node in graph.of_class("Intervention")
            if not graph.objects(node, "supersededBy")  # what was withdrawn is advice to nobody
        ),
        conventions=_conventions(graph),
        unit_spellings=_unit_spellings(graph),
        naming=_naming(graph),
    )


def _in_order(graph: OntologyGraph, nodes: list[Node]) -> list[Node]:
    return sorted(nodes, key=lambda node: graph.number(node, "position"))


def _observable(graph: OntologyGraph, node: Node, count: Count | None) -> Observable:
    low, high = graph.optional_number(node, "plausibleLow"), graph.optional_number(node, "plausibleHigh")
    molar_unit, equivalent = graph.optional_text(node, "molarUnit"), graph.optional_number(node, "molarEquivalent")
    return Observable(
        id=graph.local_name(node),
        label=graph.label(node),
        unit=graph.text(node, "unit"),
        window_hours=None if count is not None else graph.number(node, "windowHours"),
        plausible=(low, high) if low is not None and high is not None else None,
        by_exception=graph.optional_number(node, "byException"),
        collected=bool(graph.objects(node, "collectedOver")),
        infusion_of=graph.optional_id(node, "infusionRateOf"),
        interpreted_as=graph.optional_id(node, "interpretedAs"),
        molar=(molar_unit, equivalent) if molar_unit and equivalent else None,
        grades={
            graph.text(grade, "writtenAs"): graph.number(grade, "gradeValue") for grade in graph.nodes(node, "grade")
        },
        count=count,
        names=_names(graph, node),
    )


def _names(graph: OntologyGraph, node: Node) -> tuple[str, ...]:
    """All that records call a concept: its label, its synonyms, and the names that only records use."""
    synonyms = (*graph.texts(node, SKOS + "altLabel"), *graph.texts(node, SKOS + "hiddenLabel"))
    return tuple(dict.fromkeys((graph.label(node), *synonyms)))


def _concepts(graph: OntologyGraph, top: str) -> dict[str, Concept]:
    parents = graph.subclasses
    nodes = {graph.local_name(n): n for n in graph.index if str(n).startswith("<") and _below(graph, n, top, parents)}
    ancestors = {name: _ancestors(name, parents) - {top} for name in nodes}
    return {
        name: Concept(
            id=name,
            label=graph.label(node),
            ancestors=frozenset(ancestors[name]),
            descendants=frozenset(other for other, above in ancestors.items() if name in above),
            names=_names(graph, node),
            not_called=graph.texts(node, "notCalled"),
            named_by_procedure=graph.flag(node, "namedByProcedure"),
            ended_by=graph.optional_id(node, "endedBy"),
            excludes=graph.ids(node, "rulesOut"),
            absence_hours=graph.optional_number(node, "absenceHours"),
            closed=graph.flag(node, "closed"),
            counts_above=graph.optional_number(node, "countsAbove"),
        )
        for name, node in nodes.items()
    }


def _below(graph: OntologyGraph, node: Node, top: str, parents: dict[str, list[str]]) -> bool:
    return graph.is_own(node) and top in _ancestors(graph.local_name(node), parents)


def _ancestors(name: str, parents: dict[str, list[str]]) -> set[str]:
    ancestors: set[str] = set()
    todo = list(parents.get(name, ()))
    while todo:
        parent = todo.pop()
        if parent not in ancestors:
            ancestors.add(parent)
            todo.extend(parents.get(parent, ()))
    return ancestors


def _rule_set(
    graph: OntologyGraph,
    node: Node,
    reader: DecisionReader,
    effects: Mapping[str, Effect],
    criteria: Sequence[Criterion],
) -> RuleSet:
    name = graph.local_name(node)
    return RuleSet(
        id=name,
        label=graph.label(node),
        occasion=reader.occasion(graph.node(node, "applies")),
        escalation=reader.escalation(node, effects, [c.effect.id for c in criteria if c.rule_set == name]),
        silence_bears_on=_silence_bears_on(graph, node),
    )


def _silence_bears_on(graph: OntologyGraph, rule_set: Node) -> str | None:
    if not graph.objects(rule_set, "silenceBearsOn"):
        return None
    kind = graph.node(rule_set, "silenceBearsOn")
    if not graph.objects(kind, "firstOf"):
        raise GuidelineError(
            f"{graph.where(rule_set)}: il2:silenceBearsOn {graph.short(kind)}; it is the first event of a level "
            "(il2:firstOf), or is left out"
        )
    return graph.id(kind, "firstOf")


def _terms(
    series: tuple[EventSeries, ...],
    next_events: Mapping[str, str],
    observables: Mapping[str, Observable],
    findings: Mapping[str, Concept],
    treatments: Mapping[str, Concept],
) -> Terms:
    """What conditions may name."""
    facts = facts_of(series)
    counts = {name: each.count for name, each in observables.items() if each.count is not None}
    needed = {name: needed_for_count(count, facts) for name, count in counts.items()}
    return Terms(
        observables, findings.keys(), treatments.keys(), next_events, needed, needed_for_baseline(series, facts)
    )


def _criterion(graph: OntologyGraph, node: Node, effects: Mapping[str, Effect], terms: Terms) -> Criterion:
    name = graph.local_name(node)
    reader = ConditionReader(graph, all_forms(), terms, name)
    effect = effects[graph.id(node, "effect")]
    resume = reader.resuming().inner(node, "resume") if graph.objects(node, "resume") else None
    if resume is not None and effect.remembers:
        raise GuidelineError(
            f"{graph.where(node)}: il2:effect {graph.named(effect.id)} stays in force, so that nothing lifts it; "
            "leave out il2:resume, or choose another effect"
        )
    return Criterion(
        id=name,
        label=graph.label(node),
        rule_set=graph.id(node, "ruleSet"),
        organ_system=graph.id(node, "organSystem"),
        effect=effect,
        condition=reader.inner(node, "condition"),
        resume=resume,
        toxicities=graph.ids(node, "toxicity"),
        source=_source(graph, node),
        note=graph.optional_text(node, SKOS + "editorialNote"),
    )


def _source(graph: OntologyGraph, node: Node) -> str:
    """The places that a term points at, e.g. ``Table 2, Digestive row 1; Table 2, footnote a``."""
    places = graph.nodes(node, "source")
    if not places:
        raise GuidelineError(f"{graph.where(node)} needs an il2:source: a document, or a place in one, such as a table")
    return "; ".join(graph.text(place, RDFS + "label") for place in places)


def _intervention(graph: OntologyGraph, node: Node) -> Intervention:
    name = "dose" if graph.objects(node, "dose") else "amount"
    amount = graph.node(node, name) if graph.objects(node, name) else None
    return Intervention(
        id=graph.local_name(node),
        label=graph.label(node),
        manages=graph.ids(node, "manages"),
        uses=graph.optional_id(node, "uses"),
        amount=None
        if amount is None
        else Amount(
            low=graph.optional_number(amount, "low"),
            high=graph.optional_number(amount, "high"),
            unit=graph.optional_text(amount, "unit"),
            route=graph.optional_text(amount, "route"),
            frequency=graph.optional_text(amount, "frequency"),
        ),
        when=graph.optional_text(node, "when"),
        strength=graph.id(node, "strength"),
        position=int(graph.number(node, "position")),
        source=_source(graph, node),
    )


def _unit_spellings(graph: OntologyGraph) -> dict[str, str]:
    codes: dict[str, str] = {}
    for node in graph.of_class("UnitSpelling"):
        spelling, code = graph.text(node, "spelling"), graph.text(node, "ucum")
        if codes.setdefault(spelling, code) != code:
            raise GuidelineError(
                f"unit-spellings.ttl: {spelling!r} stands for {codes[spelling]} and for {code}; keep one"
            )
    return codes


def _naming(graph: OntologyGraph) -> Naming:
    nodes = graph.of_class("Naming")
    if len(nodes) != 1:
        raise GuidelineError(f"naming.ttl: needs exactly one il2:Naming, has {len(nodes)}")
    node = nodes[0]
    return Naming(
        whole_text_below=int(graph.number(node, "wholeTextBelow")),
        fillers=graph.texts(node, "filler"),
        disclaimers=graph.texts(node, "disclaimer"),
        bygone=graph.texts(node, "bygone"),
        local_forms=graph.texts(node, "localForm"),
        whole_body_forms=graph.texts(node, "wholeBodyForm"),
        no_names=graph.texts(node, "noName"),
    )


def _conventions(graph: OntologyGraph) -> Conventions:
    nodes = graph.of_class("Conventions")
    if len(nodes) != 1:
        raise GuidelineError(f"conventions.ttl: needs exactly one il2:Conventions, has {len(nodes)}")
    node = nodes[0]

    def number(name: str) -> Decimal:
        return graph.number(node, name)

    return Conventions(
        absence_hours=number("absenceHours"),
        baseline_days=number("baselineDays"),
        change_hours=number("changeHours"),
        repeat_hours=number("repeatHours"),
        treatment_gap_hours=number("treatmentGapHours"),
        charted_rate_hours=number("chartedRateHours"),
        hourly_rate_hours=number("hourlyRateHours"),
        volume_gap_hours=number("volumeGapHours"),
        rate_weight_days=number("rateWeightDays"),
        open_order_days=number("openOrderDays"),
        far_hours=number("farHours"),
        minimum_coverage=number("minimumCoverage"),
        significant_digits=int(number("significantDigits")),
    )
