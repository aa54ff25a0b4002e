"""Maps of one's own, held to the guideline, its tables of codes and its units (semantics, section 7)."""

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Final

from il2kg.guideline.model import Guideline
from il2kg.read.units import OtherDimensionError, UnitConverter, UnknownUnitError
from il2kg.recognise.maps import CodeMap, MapChecks, read_maps
from il2kg.recognise.tables import CodeTables

# The types that tell apart what one code may mean.
_RESOURCES: Final = ("Observation", "Procedure", "MedicationAdministration")


def load_code_map(paths: Iterable[Path], guideline: Guideline) -> CodeMap:
    """The maps of some files, and of those that ``IL2KG_MAP`` names, as one; without any, an empty one.

    Args:
        paths: SSSOM tables or FHIR ConceptMaps.
        guideline: whose identifiers, codes and units they may map to.

    Raises:
        MapError: a map cannot be used; the message names the file, the row, what is wrong and what to do.
    """
    known = _Known(guideline)
    return read_maps(paths, MapChecks(guideline, known.concepts, known.unit_problem))


class _Known:
    """What the tables and units know; neither is read before a map needs it."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline

    @cached_property
    def _tables(self) -> CodeTables:
        return CodeTables.of(self._guideline.folder)

    @cached_property
    def _units(self) -> UnitConverter:
        return UnitConverter.of(self._guideline)

    def concepts(self, system: str, code: str) -> tuple[str, ...] | None:
        """The concepts that a coding means in the tables; None if they do not know it."""
        meanings = [self._tables.lookup(system, code, resource) for resource in _RESOURCES]
        named = dict.fromkeys(each.concept for meaning in meanings for each in meaning.concepts)
        return tuple(named) if named or any(meaning.other for meaning in meanings) else None

    def unit_problem(self, unit: str, observable: str) -> str | None:
        """Why values of an observable cannot have a unit, if so."""
        measured = self._guideline.observables[observable]
        own = measured.unit if measured.molar is None else f"{measured.unit} or {measured.molar[0]}"
        wanted = (measured.unit, f"{measured.unit}/h") if measured.collected else (measured.unit,)
        problem = None
        for target in (*wanted, *(measured.molar or ())[:1]):
            try:
                self._units.conversion(unit, str(target))
            except UnknownUnitError:
                return f"is no unit that can be read; {measured.label} is measured in {own}"
            except OtherDimensionError:
                problem = f"measures something else; {measured.label} is measured in {own}"
            else:
                return None
        return problem
