"""Slips of the pen in the ontology, one at a time in a copy, and whether the second reading sees each of them.

    python -m tests.mutations

tries all of them. ``tests/test_mutations.py`` tries some of each kind. Slips in the conditions of criteria are tried by
``tests/test_mutants.py``, on the cases beside each criterion.
"""

import hashlib
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Final

import pyoxigraph as ox

from il2kg.vocabulary import IL2, RDF_TYPE
from tests.ontology.facts import STATEMENTS, Facts, Mapped, Node, Term, local
from tests.ontology.reading_rows import others, worded
from tests.ontology.second_reading import COPY, differences

KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "effect": ("effect",),
    "toxicity": ("toxicity",),
    "organ system": ("organSystem",),
    "rule set": ("ruleSet",),
    "source": ("source",),
    "citation": ("cites",),
    "certainty": ("certainty",),
    "strength": ("strength",),
    "subject": ("subject",),
    "object": ("object",),
    "predicate": ("type", "negated"),
    "position": ("position",),
    "amount": ("low", "high", "unit", "comparator", "route", "frequency", "beyond", "hours"),
    "time": ("timeLowHours", "timeHighHours", "intervalLowHours", "intervalHighHours", "after", "before", "timing"),
    "manages": ("manages", "prevents", "monitorsFor"),
    "uses": ("uses",),
    "when": ("when",),
    "action": ("action", "limitIn", "requiring", "because", "line", "until", "supersededBy"),
    "conflict": ("between", "follows", "overrules", "disagreesOn"),
    "tolerated": ("moreThan",),
    "occasion": ("applies", "silenceBearsOn"),
    "label": ("label", "question", "rationale"),
    "window": ("windowHours",),
    "plausible range": ("plausibleLow", "plausibleHigh"),
    "by exception": ("byException",),
    "ended by": ("endedBy",),
    "rules out": ("rulesOut",),
    "absence": ("absenceHours", "closed"),
    "kind of": ("subClassOf", "countsAbove", "collectedOver", "infusionRateOf", "interpretedAs"),
    "place": ("partOf",),
}
"""Kinds of slips, and the properties in which they are made. All else that a statement says is ``other``; all else of
an effect, an occasion, the conventions, a population or a study is ``convention``."""

CONVENTION, MAPPED, CODED, OTHER = "convention", "mapping", "code", "other"
_KIND_OF: Final = {name: kind for kind, names in KINDS.items() for name in names}
_NOT_TRIED: Final = {
    "condition",
    "resume",
    "printed",
    "editorialNote",
    "seeAlso",
    "definition",
    "altLabel",
    "hiddenLabel",
}
"""Conditions have their cases; notes are for authors; names of concepts are recognition's."""
_BESIDE: Final = Decimal("1.1")
_RENAMED: Final = (("subject", "object"), ("manages", "prevents"), ("uses", "object"))


@dataclass(frozen=True)
class Slip:
    """One slip: its kind, what it is, and the ontology with it."""

    kind: str
    name: str
    made: Callable[[], Facts]

    def seen_by(self) -> set[str]:
        """How the rows were read that see it; empty if nothing does."""
        return {how for _, how in differences(self.made())}


@dataclass(frozen=True, eq=False)
class Slips:
    """All slips that are tried in an ontology."""

    facts: Facts

    def all(self) -> Iterator[Slip]:
        """Every slip, in the order of the ontology."""
        yield from self._of_terms()
        yield from self._of_rows()

    def some(self, of_each: int) -> Iterator[Slip]:
        """Some of each kind: always the same ones, and no more of one property than of the next."""
        found: dict[str, list[Slip]] = defaultdict(list)
        for slip in sorted(self.all(), key=lambda slip: _shuffled(slip.name)):
            if len(found[slip.kind]) < of_each:
                found[slip.kind].append(slip)
        return (slip for slips in found.values() for slip in slips)

    # ---- in what is said of terms

    def _of_terms(self) -> Iterator[Slip]:
        for node, predicate, terms in self._said:
            kind = self._kind(node, predicate)
            if kind is None:
                continue
            about = f"{self._named(node)} {local(predicate)}"
            for place, term in enumerate(terms):
                others = (*terms[:place], *terms[place + 1 :])
                yield self._slip(kind, f"{about} without {self._short(term)}", node, predicate, others)
                for other in self._instead(predicate, term, terms):
                    changed = (*terms[:place], other, *terms[place + 1 :])
                    told = f"{about} {self._short(other)} for {self._short(term)}"
                    yield self._slip(kind, told, node, predicate, changed)
            if isinstance(terms[0], ox.NamedNode) and kind != "predicate":
                for more in self._other_of(predicate, terms):
                    yield self._slip(kind, f"{about} and {self._short(more)}", node, predicate, (*terms, more))
            yield from self._renamed(node, predicate, terms)
            if local(predicate) == "type" and kind == "predicate":
                denied = (ox.Literal("true"),)
                if not self.facts.terms(node, "negated"):
                    yield self._slip(kind, f"{self._named(node)} denied", node, IL2 + "negated", denied)

    def _renamed(self, node: Node, predicate: str, terms: tuple[Term, ...]) -> Iterator[Slip]:
        """The same terms behind another property."""
        for name, other in _RENAMED:
            if predicate == IL2 + name:
                present = self.facts.terms(node, other)

                def made(to: str = IL2 + other, present: tuple[Term, ...] = present) -> Facts:
                    return self.facts.changed(node, predicate, ()).changed(node, to, (*present, *terms))

                yield Slip("predicate", f"{self._named(node)} {name} as {other}", made)

    def _slip(self, kind: str, name: str, node: Node, predicate: str, terms: tuple[Term, ...]) -> Slip:
        return Slip(kind, name, lambda: self.facts.changed(node, predicate, terms))

    @cached_property
    def _said(self) -> list[tuple[Node, str, tuple[Term, ...]]]:
        """What is said of the terms, and of what they are described by."""
        return [
            (part, predicate, terms)
            for node in worded(self.facts)
            for part in self._parts(node)
            for predicate, terms in self.facts.about[part].items()
            if local(predicate) not in _NOT_TRIED and not isinstance(terms[0], ox.BlankNode)
        ]

    def _parts(self, node: Node) -> Iterator[Node]:
        yield node
        for predicate, terms in self.facts.about[node].items():
            if local(predicate) not in _NOT_TRIED:
                yield from (part for term in terms if isinstance(term, ox.BlankNode) for part in self._parts(term))

    @cached_property
    def _statements(self) -> frozenset[Node]:
        return frozenset(self.facts.of_class(*STATEMENTS))

    @cached_property
    def _others(self) -> frozenset[Node]:
        return frozenset(others(self.facts))

    def _kind(self, node: Node, predicate: str) -> str | None:
        """The kind of a slip in a property of a term; None where the second reading leaves the property to others."""
        name = local(predicate)
        if self.facts.owner(node) in self._others:
            return _KIND_OF.get(name, CONVENTION) if predicate != RDF_TYPE else CONVENTION
        if node in self._statements:
            return _KIND_OF.get(name, OTHER)
        return _KIND_OF.get(name) if predicate != RDF_TYPE else None

    def _instead(self, predicate: str, term: Term, present: tuple[Term, ...]) -> Iterator[Term]:
        """What a slip would write for a term."""
        if not isinstance(term, ox.Literal):
            yield from self._other_of(predicate, present)
            return
        number = _number(term.value)
        if term.value in ("true", "false"):
            yield ox.Literal({"true": "false", "false": "true"}[term.value])
        elif number is None:
            first, *rest = term.value.split()
            yield ox.Literal(" ".join(("other", *rest)))
            if rest:
                yield ox.Literal(" ".join((first, *rest[:-1])))
        elif number == int(number):
            yield from (ox.Literal(str(number + 1)), ox.Literal(str(number - 1)))
        else:
            yield ox.Literal(str(number * _BESIDE))

    def _other_of(self, predicate: str, present: tuple[Term, ...]) -> Iterator[Term]:
        """A term that the property has elsewhere, if there is one."""
        others = [term for term in self._objects[predicate] if term not in present]
        if others:
            yield others[_shuffled(f"{predicate} {present}") % len(others)]

    @cached_property
    def _objects(self) -> Mapping[str, Sequence[ox.NamedNode]]:
        """All terms that stand behind each property."""
        found: dict[str, set[ox.NamedNode]] = defaultdict(set)
        for _, predicate, terms in self._said:
            found[predicate].update(term for term in terms if isinstance(term, ox.NamedNode))
        found[RDF_TYPE] = {ox.NamedNode(IL2 + name) for name in STATEMENTS}
        found[IL2 + "silenceBearsOn"].add(ox.NamedNode(IL2 + "StartsNewCourse"))
        found[IL2 + "supersededBy"].add(ox.NamedNode(IL2 + "rxnorm"))
        return {predicate: sorted(terms, key=str) for predicate, terms in found.items()}

    def _named(self, node: Node) -> str:
        return local(str(self.facts.owner(node)).strip("<>"))

    def _short(self, term: Term) -> str:
        return local(term.value) if isinstance(term, ox.NamedNode) else repr(self.facts.text(term))

    # ---- in the tables of codes

    def _of_rows(self) -> Iterator[Slip]:
        for file, rows in self.facts.codes.items():
            kind = MAPPED if file.startswith("knowledge/") else CODED
            for place in range(len(rows)) if kind == MAPPED else range(0, len(rows), _EVERY_SO_MANY):
                term, predicate, code, match = rows[place]
                told = f"{file} {term} {code}"
                other = next((row[2] for row in (*rows[place:], *rows) if row[2] != code), f"{code}0")
                yield self._of_row(kind, f"{told} left out", file, place, None)
                yield self._of_row(kind, f"{told} as {other}", file, place, (term, predicate, other, match))
                yield self._of_row(kind, f"{told} denied", file, place, (term, f"{predicate} Not", code, match))

    def _of_row(self, kind: str, name: str, file: str, place: int, row: Mapped | None) -> Slip:
        def made() -> Facts:
            rows = self.facts.codes[file]
            return self.facts.with_codes(file, (*rows[:place], *(() if row is None else (row,)), *rows[place + 1 :]))

        return Slip(kind, name, made)


_EVERY_SO_MANY: Final = 50
"""Of the tables of codes, which are held as a whole, not every row is tried."""


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _shuffled(text: str) -> int:
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])


def main() -> int:
    """Try all slips; say how many of each kind there are, and which are not seen, which is then the exit code."""
    begun = time.monotonic()
    tried: Counter[str] = Counter()
    copies: Counter[str] = Counter()
    unseen: list[Slip] = []
    for slip in Slips(Facts.read()).all():
        seen = slip.seen_by()
        tried[slip.kind] += 1
        copies[slip.kind] += seen == {COPY}
        if not seen:
            unseen.append(slip)
    for kind in sorted(tried):
        print(f"{kind}: {tried[kind]} tried, {copies[kind]} seen by copies alone")
    print("\n".join(f"NOT SEEN: {slip.kind}: {slip.name}" for slip in unseen) or "All were seen.")
    print(f"{tried.total()} slips in {time.monotonic() - begun:.0f} s")
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
