"""What an item of a record stands for, of its codings, a map and its words (semantics, section 7)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, lru_cache
from itertools import chain, combinations
from typing import Final

from il2kg.errors import GuidelineError
from il2kg.guideline.model import Concept, Guideline
from il2kg.recognise.coding import Coding
from il2kg.recognise.maps import CodeMap, MapTarget
from il2kg.recognise.names import Names
from il2kg.recognise.systems import Systems
from il2kg.recognise.tables import CodedConcept, CodeTables

_KEPT: Final = 65536


@dataclass(frozen=True, slots=True)
class Meaning:
    """One concept that an item, or a part of one, stands for.

    ``coded``: by a coding or a map, else by its text. ``doubtful``: it may mean the concept; what is named by text is
    doubtful, unless it is a treatment. ``over``: it is past. ``by`` is the coding or text that said so, for messages.
    ``unit`` is the one that a map gives to values without one, ``period_hours`` those that a volume charted at an
    instant covers, ``aside_while`` a finding during which a value is set aside. ``local``: a drug in a product that
    acts only where it is put.
    """

    concept: str
    coded: bool
    doubtful: bool
    over: bool
    by: str
    unit: str | None = None
    period_hours: Decimal | None = None
    aside_while: str | None = None
    local: bool = False


@dataclass(frozen=True, slots=True)
class Recognition:
    """What an item stands for; without ``meanings`` it is passed over.

    ``set_aside``: its codings contradict one another, and it is set aside for each meaning. ``means_other``: a coding
    is known to mean something that the guideline does not name. ``stranger``: a code under the ontology's own namespace
    that is no identifier of it. ``telling``: a text would name a finding but for words such as `risk` or `test`.
    ``nameless``: no coding was recognised and no text says anything, so that it may be anything.
    """

    meanings: tuple[Meaning, ...]
    set_aside: bool = False
    means_other: bool = False
    stranger: str | None = None
    telling: bool = False
    nameless: bool = False


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A meaning of one coding, and what the coding says of where a product acts (None: nothing)."""

    meaning: Meaning
    local: bool | None


@dataclass(frozen=True, slots=True)
class _Read:
    """What one coding means; ``other``: known to mean something else."""

    candidates: tuple[_Candidate, ...] = ()
    other: bool = False
    stranger: str | None = None


_NOTHING: Final = _Read()


class Recogniser:
    """Recognises the items of records, for one guideline and, if a caller gives one, with a map of codes."""

    def __init__(self, guideline: Guideline, code_map: CodeMap | None = None) -> None:
        self._concepts: dict[str, Concept] = {**guideline.findings, **guideline.treatments}
        self._observables = frozenset(each.id for each in guideline.observables.values() if each.count is None)
        self._findings, self._treatments = frozenset(guideline.findings), frozenset(guideline.treatments)
        self._guideline, self._map, self._names = guideline, code_map, Names.of(guideline)
        self._coding = lru_cache(maxsize=_KEPT)(self._read_coding)
        self._recognition = lru_cache(maxsize=_KEPT)(self._recognise)

    @classmethod
    def of(cls, guideline: Guideline, code_map: CodeMap | None = None) -> "Recogniser":
        """The recogniser of a guideline; none of its tables is read yet."""
        return cls(guideline, code_map)

    @property
    def namespace(self) -> str:
        """The system under which records may use the guideline's own identifiers as codes."""
        return self._guideline.namespace

    def recognise(
        self, resource: str, codings: Sequence[Coding], texts: Sequence[str], *, numeric: bool = False
    ) -> Recognition:
        """What an item, or a part of one, stands for.

        Args:
            resource: its FHIR type.
            codings: the codings of its code, as they are written.
            texts: its texts beside the displays of the codings: the code's ``text``, the name of a medication.
            numeric: whether its value is a number, which no finding has.

        Raises:
            GuidelineError: a table of codes cannot be read; the message names the file and what is wrong.
        """
        return self._recognition(resource, tuple(codings), tuple(texts), numeric)

    def _recognise(
        self, resource: str, codings: tuple[Coding, ...], texts: tuple[str, ...], numeric: bool
    ) -> Recognition:
        read = [self._coding(resource, coding.system, coding.code) for coding in codings]
        stranger = next((each.stranger for each in read if each.stranger is not None), None)
        means_other = any(each.other for each in read)
        of_codings = [each.candidates for each in read if each.candidates]
        # A code that names nothing such a resource can speak of is left for a message, where nothing else is said.
        if speakable := self._speakable(resource, of_codings):
            return self._together(speakable, means_other, stranger)
        if means_other:
            return Recognition((), means_other=True, stranger=stranger)
        said = [text for text in (*texts, *(c.display for c in codings if c.display)) if text.strip()]
        named = self._named(resource, said, numeric)
        unspeakable = self._together(of_codings, means_other, stranger).meanings if not named else ()
        return Recognition(
            meanings=named or unspeakable,
            stranger=stranger,
            telling=not named and self._names.telling(resource, said, numeric=numeric),
            nameless=all(map(self._names.says_nothing, said)),
        )

    def _named(self, resource: str, said: Sequence[str], numeric: bool) -> tuple[Meaning, ...]:
        """What texts name; in doubt, unless it is a treatment."""
        return self._lowest(
            tuple(
                Meaning(
                    concept=match.concept,
                    coded=False,
                    doubtful=match.concept not in self._treatments,
                    over=match.over,
                    by=repr(match.text),
                )
                for match in self._names.named(resource, said, numeric=numeric)
            )
        )

    def _read_coding(self, resource: str, system: str | None, code: str | None) -> _Read:
        """What a coding means: the guideline's own identifiers, then the map, then the tables."""
        code = code.strip() if code else None
        if not code:
            return _NOTHING
        by = f"{system}|{code}" if system else code
        if system == self.namespace:
            return self._own(code, by)
        target = self._map.target(system, code, self._systems) if self._map else None
        return self._known(resource, system, code, by) if target is None else self._mapped(resource, target, by)

    def _mapped(self, resource: str, target: MapTarget, by: str) -> _Read:
        """What a map says of a code: concepts, codings to look up, or (neither) that it means nothing here."""
        read = [self._own(concept, by) for concept in target.concepts]
        read += [self._known(resource, *coding, by) for coding in target.codings]
        candidates = [
            replace(
                candidate,
                meaning=replace(
                    candidate.meaning,
                    unit=target.unit,
                    period_hours=candidate.meaning.period_hours if target.hours is None else target.hours,
                ),
            )
            for each in read
            for candidate in each.candidates
        ]
        return _Read(tuple(candidates), other=not candidates and (not read or any(each.other for each in read)))

    def _known(self, resource: str, system: str | None, code: str | None, by: str) -> _Read:
        canonical = self._systems.canonical(system, code)
        if canonical is None:
            return _NOTHING
        if canonical[0] == self.namespace:
            return self._own(canonical[1], by)
        meaning = self._tables.lookup(*canonical, resource)
        return _Read(tuple(self._candidate(each, by) for each in meaning.concepts), other=meaning.other)

    @cached_property
    def _systems(self) -> Systems:
        return Systems.of(self._guideline.folder)

    @cached_property
    def _tables(self) -> CodeTables:
        return CodeTables.of(self._guideline.folder)

    def _own(self, code: str, by: str) -> _Read:
        if code not in self._concepts and code not in self._observables:
            return _Read(stranger=code)
        return _Read((_Candidate(Meaning(code, True, False, False, by), None),))

    def _candidate(self, coded: CodedConcept, by: str) -> _Candidate:
        for name in (coded.concept, coded.aside_while):
            if name is not None and name not in self._concepts and name not in self._observables:
                raise GuidelineError(
                    f"{self._guideline.folder.codes}: the rows of {by} name {name}, which the guideline does not have"
                )
        return _Candidate(
            Meaning(
                concept=coded.concept,
                coded=True,
                doubtful=coded.doubtful,
                over=coded.over,
                by=by,
                period_hours=coded.period_hours,
                aside_while=coded.aside_while,
            ),
            coded.local,
        )

    def _speakable(self, resource: str, of_codings: Sequence[tuple[_Candidate, ...]]) -> list[tuple[_Candidate, ...]]:
        """Of the meanings of codings, what a resource of this type can speak of."""
        if resource.startswith("Medication"):
            kinds = [self._treatments]
        else:
            kinds = {
                "Observation": [self._observables, self._findings],
                "Condition": [self._findings],
                "Procedure": [self._findings, self._treatments],
            }.get(resource, [])
        kept = [
            tuple(each for each in candidates if any(each.meaning.concept in kind for kind in kinds))
            for candidates in of_codings
        ]
        return [candidates for candidates in kept if candidates]

    def _together(
        self, of_codings: Sequence[tuple[_Candidate, ...]], means_other: bool, stranger: str | None
    ) -> Recognition:
        """The meanings of all codings of an item."""
        agree = all(self._covers(one, other) or self._covers(other, one) for one, other in combinations(of_codings, 2))
        by_concept: dict[str, list[_Candidate]] = {}
        for candidate in chain.from_iterable(of_codings):
            by_concept.setdefault(candidate.meaning.concept, []).append(candidate)
        forms = {name: {each.local for each in same} for name, same in by_concept.items()}
        meanings = tuple(
            replace(_merged([each.meaning for each in same]), local=True in forms[name])
            for name, same in by_concept.items()
        )
        contradiction = not agree or any({True, False} <= form for form in forms.values())
        return Recognition(self._lowest(meanings), contradiction, means_other, stranger)

    def _covers(self, wide: Iterable[_Candidate], narrow: Iterable[_Candidate]) -> bool:
        """Whether each meaning of one coding is of one line of descent with a meaning of another."""
        return all(any(self._in_line(n.meaning.concept, w.meaning.concept) for w in wide) for n in narrow)

    def _in_line(self, one: str, other: str) -> bool:
        return one == other or self._above(one, other) or self._above(other, one)

    def _above(self, upper: str, lower: str) -> bool:
        concept = self._concepts.get(lower)
        return concept is not None and upper in concept.ancestors

    def _lowest(self, meanings: tuple[Meaning, ...]) -> tuple[Meaning, ...]:
        """Of a line of descent the lowest; one above stays where it is surer than those below it."""
        return tuple(
            upper
            for upper in meanings
            if not any(
                self._above(upper.concept, lower.concept)
                and lower.doubtful <= upper.doubtful
                and lower.over <= upper.over
                for lower in meanings
            )
        )


def _merged(same: Sequence[Meaning]) -> Meaning:
    """One meaning of those that several codings give for a concept: what one is sure of is sure."""
    return replace(
        next((each for each in same if not each.doubtful), same[0]),
        doubtful=all(each.doubtful for each in same),
        over=all(each.over for each in same),
        unit=next((each.unit for each in same if each.unit is not None), None),
        period_hours=next((each.period_hours for each in same if each.period_hours is not None), None),
        aside_while=next((each.aside_while for each in same if each.aside_while is not None), None),
    )
