"""Observations that are written as most are, read in one step (semantics, section 7).

A record has hundreds of Observations and few ways of writing them: the same elements, the same one coding. What a way
means is found out once. Of such an item only its value and its time are left to read, and if they are sound that is
all there is to it. Any other item is left to `PatientReader`, which would say the same of these.
"""

from collections.abc import Hashable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final
from zoneinfo import ZoneInfo

from il2kg.guideline.model import Guideline, Observable
from il2kg.read.builder import RecordBuilder
from il2kg.read.concepts import ConceptReader
from il2kg.read.fhir.doubts import is_marked
from il2kg.read.fhir.elements import POINTS, Element, coded_text, shape
from il2kg.read.fhir.resources import Resource
from il2kg.read.fhir.statements import NOT_OF_THE_RECORD
from il2kg.read.limits import REMEMBERED
from il2kg.read.spans import instant
from il2kg.read.values import Value, ValueReader
from il2kg.record import Absence, Episode, Measurement

_LEFT_OPEN: Final = frozenset({"component", "interpretation"})


@dataclass(frozen=True, slots=True)
class Way:
    """What Observations written in one way say: a value of an observable, or (None) whether a finding is there.

    ``unit`` is that of a number without one. ``value`` and ``time`` are the names of the elements that say the rest.
    """

    concept: str
    observable: Observable | None
    unit: str | None
    value: str
    time: str


_NEW: Final = Way("", None, None, "", "")
"""Stands for a way that has not been met."""


class RoutineReader:
    """Reads routine Observations, for one guideline."""

    def __init__(
        self, guideline: Guideline, concepts: ConceptReader, values: ValueReader, zone: ZoneInfo | None
    ) -> None:
        self._guideline = guideline
        self._concepts = concepts
        self._values = values
        self._zone = zone
        self._ways: dict[Hashable, Way | None] = {}

    def read(self, builder: RecordBuilder, resource: Resource) -> bool:
        """Read a resource if it is a routine Observation; False where it is none, and nothing was read of it."""
        content = resource.content
        if content["resourceType"] != "Observation" or resource.doubt is not None or is_marked(content):
            return False
        try:
            code = content["code"]
            (coding,) = code["coding"]
            get = coding.get
            # What is missing is not what is null: of the latter the full reader has something to say.
            key = (
                tuple(content),
                content["status"],
                code.get("text", ""),
                get("system", ""),
                get("code", ""),
                get("display", ""),
            )
            way = self._ways.get(key, _NEW)
            if way is _NEW:
                way = self._learn(key, content)
        except (KeyError, TypeError, ValueError, AttributeError):
            return False
        if way is None:
            return False
        concept, observable = way.concept, way.observable
        written = content[way.time]
        time = instant(written, self._zone) if isinstance(written, str) else None
        if time is None:
            return False
        stated = content[way.value]
        if observable is not None:
            value = self._charted(stated, concept, way.unit)
            if not isinstance(value, Value):
                return False
            builder.measurements.append(
                Measurement(concept, value.low, value.high, time, None, resource.item, value.written)
            )
        elif stated is True:
            builder.episodes.append(Episode(concept, time, None, resource.item))
        elif stated is False:
            builder.absences.append(Absence(concept, time, resource.item))
        else:
            return False
        builder.times.append(time)
        return True

    def _charted(self, stated: object, observable: str, unit: str | None) -> object:
        """The value of a Quantity without a comparator whose parts are of the right types, if it can be used."""
        if stated.__class__ is not dict:
            return None
        get: Any = stated.get
        number, printed, system, code = get("value"), get("unit"), get("system"), get("code")
        kind = number.__class__
        if (
            (kind is not Decimal and kind is not int)
            or (printed.__class__ is not str and printed is not None)
            or (system.__class__ is not str and system is not None)
            or (code.__class__ is not str and code is not None)
            or get("comparator") is not None
            or "modifierExtension" in stated
        ):
            return None
        try:
            return self._values.charted(observable, kind, str(number), None, printed, system, code, unit)
        except ValueError:  # an integer of more digits than Python writes
            return None

    def _learn(self, key: tuple[tuple[str, ...], str, str, str, str, str], content: Element) -> Way | None:
        if len(self._ways) >= REMEMBERED:
            self._ways.clear()
        names, *words = key
        way = self._ways[key] = self._way(names, words, content)
        return way

    def _way(self, names: tuple[str, ...], words: list[str], content: Element) -> Way | None:
        """What an Observation with elements of these names, this status and coding says, if it is a routine one."""
        form = shape(names)
        if form.unusual or len(form.values) != 1 or len(form.times) != 1 or form.times[0] not in POINTS:
            return None
        if not all(isinstance(word, str) for word in words) or words[0] in NOT_OF_THE_RECORD:
            return None
        meaning = self._concepts.subject("Observation", coded_text(content["code"]), numeric=form.numeric).plain
        if meaning is None or meaning.over or meaning.aside_while is not None or not _LEFT_OPEN.isdisjoint(names):
            return None
        ((value,), (time,)) = form.values, form.times
        observable = self._guideline.observables.get(meaning.concept)
        if observable is None:
            said = value == "valueBoolean" and meaning.concept in self._guideline.findings
        else:
            said = value == "valueQuantity" and observable.infusion_of is None and not observable.collected
        return Way(meaning.concept, observable, meaning.unit, value, time) if said else None
