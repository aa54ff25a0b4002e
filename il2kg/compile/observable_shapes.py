"""Compiles what is believed of a value: units, and ranges in each of them (semantics, sections 1 and 2a).

The shapes speak of a place where a number stands beside its unit; a dialect says by which properties. Units that mean
the same are one list, to which all shapes point that need it.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from il2kg.compile.shape_text import is_one_of, number
from il2kg.compile.unit_groups import UnitGroup
from il2kg.guideline.model import Observable


@dataclass(frozen=True, slots=True)
class Dialect:
    """How a kind of graph says a number and its unit.

    ``number`` and ``unit`` are the paths to them from the place where both stand, ``written`` that to a unit that is
    written, be it printed or coded; ``iris`` are the IRIs of units.
    """

    prefix: str
    number: str
    unit: str
    written: str
    iris: Mapping[str, tuple[str, ...]]


class ValueShapes:
    """Writes the shapes of values in one dialect; what several of them need is a shape with a name of its own."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._shared: dict[tuple[str, ...] | str, str] = {}
        self._texts: list[str] = []

    def texts(self) -> list[str]:
        """What several shapes need, as Turtle."""
        return self._texts

    def as_written(self, units: tuple[str, ...]) -> list[str]:
        """Units as they are written, and by their IRIs."""
        return [*units, *(iri for unit in units for iri in self._dialect.iris.get(unit, ()))]

    def one_of(self, units: tuple[str, ...]) -> str:
        """The shape of values that are one of some units."""
        if units not in self._shared:
            self._shared[units] = name = f"{self._dialect.prefix}:units-{len(self._shared) + 1}"
            self._texts.append(is_one_of(name, self.as_written(units)))
        return self._shared[units]

    def unit(self, groups: tuple[UnitGroup, ...]) -> str:
        """That a unit is one of those of some groups, or of those that are not listed."""
        return f"sh:or ( {self._any_of(groups)} [ sh:not {self._dialect.prefix}:ListedUnit ] )"

    def _any_of(self, groups: tuple[UnitGroup, ...]) -> str:
        return self.one_of(tuple(sorted(unit for group in groups for unit in group.units)))

    def agree(self, groups: tuple[UnitGroup, ...]) -> str:
        """That the units of one number, the printed and the coded, mean the same."""
        path, any_of = self._dialect.written, self._any_of(groups)
        parts = []
        for group in groups:
            units = self.one_of(group.units)
            none = f"[ sh:property [ sh:path {path} ; sh:not {units} ] ]"
            same = f"[ sh:property [ sh:path {path} ; sh:or ( {units} [ sh:not {any_of} ] ) ] ]"
            parts.append(f"[ sh:or ( {none}\n        {same} ) ]")
        return f"sh:and ( {self._named('units-that-agree', parts)} )"

    def believed(self, groups: tuple[UnitGroup, ...]) -> str:
        """That a number lies in the range of its unit, if that is one of some groups."""
        parts = []
        for group in groups:
            if group.bounds is None:
                continue
            least, greatest = group.bounds
            none = f"[ sh:property [ sh:path {self._dialect.unit} ; sh:not {self.one_of(group.units)} ] ]"
            above = "" if greatest is None else f" ; sh:maxInclusive {number(greatest)}"
            within = (
                f"[ sh:property [ sh:path {self._dialect.number} ; sh:or ( "
                f"[ sh:datatype xsd:string ] [ sh:minInclusive {number(least)}{above} ] ) ] ]"
            )
            parts.append(f"[ sh:or ( {none}\n        {within} ) ]")
        return f"sh:and ( {self._named('believed', parts)} )"

    def _named(self, kind: str, parts: list[str]) -> str:
        """The shape that holds where all of some others do."""
        text = "    sh:and (\n        " + "\n        ".join(parts) + " ) .\n"
        if text not in self._shared:
            self._shared[text] = name = f"{self._dialect.prefix}:{kind}-{len(self._shared) + 1}"
            self._texts.append(f"{name} a sh:NodeShape ;\n{text}")
        return self._shared[text]


def range_in_words(observable: Observable) -> str:
    """What is believed of an observable, as a sentence."""
    assert observable.plausible is not None
    least, greatest = (f"{bound.normalize():f}" for bound in observable.plausible)
    unit = "" if observable.unit.startswith("{") else f" {observable.unit}"
    return f"{_capital(observable.label)} is believed from {least} to {greatest}{unit}"


def unit_in_words(observable: Observable) -> str:
    """In what an observable is measured, as a sentence."""
    molar = f" or {observable.molar[0]}" if observable.molar is not None else ""
    return f"{_capital(observable.label)} is measured in {observable.unit}{molar}"


def _capital(label: str) -> str:
    return label[:1].upper() + label[1:]
