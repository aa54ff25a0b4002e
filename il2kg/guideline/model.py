"""The guideline as frozen objects: everything that the ontology says and the rest of the package needs."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from il2kg.guideline.conditions import Condition
from il2kg.guideline.decisions import Decisions, Effect, Escalation, Occasion
from il2kg.guideline.folder import GuidelineFolder
from il2kg.guideline.series import (
    Count,
    EventSeries,
    Fact,
    FactKind,
    Level,
    article,
    fact_phrase,
    facts_of,
    key_of,
)
from il2kg.vocabulary import IL2, Namespace


@dataclass(frozen=True, slots=True)
class Concept:
    """A finding or treatment: its label, all of its names, and its place in the hierarchy (itself excluded).

    ``not_called`` are names that hold one of its own and mean something else; the text of a procedure may name it if
    it is ``closed`` or ``named_by_procedure``.

    ``ended_by`` names the finding whose start ends this one, ``excludes`` those that its presence states absent,
    ``absence_hours`` how long a statement of its absence counts (None: as by convention). A ``closed`` one that is not
    recorded was not done. ``counts_above`` is the infusion rate up to which a drug is not counted as one of its kind.
    """

    id: str
    label: str
    ancestors: frozenset[str]
    descendants: frozenset[str]
    names: tuple[str, ...] = ()
    not_called: tuple[str, ...] = ()
    named_by_procedure: bool = False
    ended_by: str | None = None
    excludes: tuple[str, ...] = ()
    absence_hours: Decimal | None = None
    closed: bool = False
    counts_above: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Observable:
    """What is measured. ``unit`` is a UCUM code, ``window_hours`` how long a value speaks for the patient.

    ``plausible`` is the believed range in ``unit``; ``by_exception`` the value that silence means under charting by
    exception; ``molar`` a (UCUM code, amount that equals 1 ``unit``) pair; ``grades`` the spellings of ordinal values;
    ``count`` is what it counts, where it is counted from events and not measured.
    """

    id: str
    label: str
    unit: str
    window_hours: Decimal | None
    plausible: tuple[Decimal, Decimal] | None
    by_exception: Decimal | None
    collected: bool
    infusion_of: str | None
    interpreted_as: str | None
    molar: tuple[str, Decimal] | None
    grades: Mapping[str, Decimal]
    count: Count | None
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Criterion:
    """One statement that bears on what is decided."""

    id: str
    label: str
    rule_set: str
    organ_system: str
    effect: Effect
    condition: Condition
    resume: Condition | None
    toxicities: tuple[str, ...]
    source: str
    note: str | None

    @property
    def remembers(self) -> bool:
        """Whether it can stay in force after it stopped being met (semantics, section 5)."""
        return self.resume is not None or self.effect.remembers


@dataclass(frozen=True, slots=True)
class RuleSet:
    """Criteria of one origin, decided together; ``escalation`` is what too many of them lead to.

    ``silence_bears_on``: what silence leaves unknown bears on the first event of this level only (None: on every one).
    """

    id: str
    label: str
    occasion: Occasion
    escalation: Escalation | None
    silence_bears_on: str | None = None


@dataclass(frozen=True, slots=True)
class Amount:
    """A number or range with its unit (UCUM) and, for a dose, its route and frequency."""

    low: Decimal | None
    high: Decimal | None
    unit: str | None
    route: str | None
    frequency: str | None


@dataclass(frozen=True, slots=True)
class Intervention:
    """Something that the guideline says to do, or not to do, about findings."""

    id: str
    label: str
    manages: tuple[str, ...]
    uses: str | None
    amount: Amount | None
    when: str | None
    strength: str
    position: int
    source: str


@dataclass(frozen=True, slots=True)
class Conventions:
    """The numbers that say how a record is read (``ontology/conventions.ttl``, where each is explained)."""

    absence_hours: Decimal
    baseline_days: Decimal
    change_hours: Decimal
    repeat_hours: Decimal
    treatment_gap_hours: Decimal
    charted_rate_hours: Decimal
    hourly_rate_hours: Decimal
    volume_gap_hours: Decimal
    rate_weight_days: Decimal
    open_order_days: Decimal
    far_hours: Decimal
    minimum_coverage: Decimal
    significant_digits: int


@dataclass(frozen=True, slots=True)
class Naming:
    """What words around a name in a record's text do to it (the vocabulary's ``naming.ttl``; semantics, section 7)."""

    whole_text_below: int
    fillers: tuple[str, ...]
    disclaimers: tuple[str, ...]
    bygone: tuple[str, ...]
    local_forms: tuple[str, ...]
    whole_body_forms: tuple[str, ...]
    no_names: tuple[str, ...]


@dataclass(frozen=True, eq=False)
class Guideline:
    """A whole guideline: an argument of everything that reads, derives or evaluates, never a global.

    ``folder`` is where it was read from; ``shared`` are the identifiers of terms that are the vocabulary's.
    ``next_events`` are the keys of the facts that the kinds of a next event ask for.
    """

    folder: GuidelineFolder
    shared: frozenset[str]
    decisions: Decisions
    effects: Mapping[str, Effect]
    series: tuple[EventSeries, ...]
    next_events: Mapping[str, str]
    criteria: tuple[Criterion, ...]
    rule_sets: tuple[RuleSet, ...]
    organ_systems: Mapping[str, str]
    observables: Mapping[str, Observable]
    findings: Mapping[str, Concept]
    treatments: Mapping[str, Concept]
    interventions: tuple[Intervention, ...]
    conventions: Conventions
    unit_spellings: Mapping[str, str]
    naming: Naming

    @property
    def names(self) -> Namespace:
        """The namespace of its own terms, and the prefix for that."""
        return self.folder.names

    @property
    def namespace(self) -> str:
        """The namespace of its own terms."""
        return self.folder.namespace

    @property
    def prefix(self) -> str:
        """What stands for the namespace in texts for people."""
        return self.folder.prefix

    @property
    def title(self) -> str:
        """What it is called."""
        return self.folder.title

    @property
    def decides_on(self) -> str:
        """The word for what it decides on, such as *dose*."""
        return self.folder.decides_on

    def iri(self, name: str) -> str:
        """The IRI of a term by its identifier: one of its own, or of the vocabulary where that describes it."""
        return (IL2 if name in self.shared else self.namespace) + name

    def short(self, name: str) -> str:
        """A term by its identifier, as texts for people name it: ``prefix:name``."""
        return self.names.short(self.iri(name))

    @cached_property
    def facts(self) -> Mapping[str, Fact]:
        """All that events can show of the one now considered, by key."""
        return facts_of(self.series)

    def fact_phrase(self, key: str, *, denied: bool = False) -> str:
        """A fact in words, or that it is not so."""
        fact = self.facts[key]
        return fact_phrase(fact, next(each for each in self.series if each.id == fact.series), denied=denied)

    def fact_within(self, level: str) -> str:
        """The fact that an event was given in a level."""
        return key_of(Fact(FactKind.WITHIN, self.series_of(level).id, level), self.facts)

    @cached_property
    def levels(self) -> Mapping[str, Level]:
        """The levels of all series, by identifier."""
        return {level.id: level for each in self.series for level in each.levels}

    def series_of(self, level: str) -> EventSeries:
        """The series to which a level belongs."""
        return next(each for each in self.series if any(own.id == level for own in each.levels))

    @cached_property
    def holds_last_for(self) -> str | None:
        """The level within which criteria are held; None: until they are lifted."""
        return next((each.holds_last_for for each in self.series if each.holds_last_for is not None), None)

    @cached_property
    def event_of_holds(self) -> str:
        """An event of those between which something may have come back, in words: *a dose given*."""
        return " or ".join(f"{article(each.event)} {each.event} given" for each in self.series_between()) or "a time"

    @cached_property
    def baseline_before(self) -> str | None:
        """The level at whose first event a baseline stands, if there are baselines."""
        return next((each.baseline_before for each in self.series if each.baseline_before is not None), None)

    @cached_property
    def labels(self) -> Mapping[str, str]:
        """Labels of observables, findings and treatments, by identifier."""
        return {
            **{o.id: o.label for o in self.observables.values()},
            **{c.id: c.label for c in self.findings.values()},
            **{c.id: c.label for c in self.treatments.values()},
        }

    def treatment_of(self, fact_or_count: str) -> str:
        """The treatment whose administrations a fact, or a counted observable, is about."""
        count = self.observables[fact_or_count].count if fact_or_count in self.observables else None
        name = self.facts[fact_or_count].series if count is None else count.series
        return next(series.treatment for series in self.series if series.id == name)

    def series_between(self) -> tuple[EventSeries, ...]:
        """The series after one of whose events something may come back: that of the level of holds, or all."""
        level = self.holds_last_for
        return self.series if level is None else (self.series_of(level),)

    def treatments_between(self) -> tuple[str, ...]:
        """The treatments whose administrations are the events after which something may come back."""
        return tuple(series.treatment for series in self.series_between())

    @cached_property
    def _places(self) -> Mapping[str, tuple[int, int]]:
        depth = {c.id: len(c.ancestors) for c in (*self.findings.values(), *self.treatments.values())}
        return {name: (depth.get(name, 0), position) for position, name in enumerate(self.labels)}

    def place(self, concept: str) -> tuple[int, int]:
        """Where a concept stands in the order of the ontology's files, the wider before the narrower."""
        return self._places[concept]

    def criteria_of(self, rule_set: str) -> tuple[Criterion, ...]:
        """The criteria of one rule set, in the order of the source."""
        return self._by_rule_set[rule_set]

    @cached_property
    def _by_rule_set(self) -> Mapping[str, tuple[Criterion, ...]]:
        return {r.id: tuple(c for c in self.criteria if c.rule_set == r.id) for r in self.rule_sets}
