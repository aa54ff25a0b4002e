"""Maps of one's own: from local codes to concepts of the guideline, or to known codings (semantics, section 7)."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from il2kg.choices import MAP_VARIABLE
from il2kg.errors import Il2kgError
from il2kg.guideline.model import Guideline
from il2kg.recognise.map_rows import MapRow, MapRowError, rows_of
from il2kg.recognise.systems import Systems
from il2kg.vocabulary import Namespace

_LARGEST: Final = 1 << 26
_NEAR: Final = 0.85

Key = tuple[str, str]


class MapError(Il2kgError):
    """A map that cannot be used; the message names the file, the row, what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class MapTarget:
    """What a map says of one code.

    ``concepts`` are identifiers of the ontology, ``codings`` canonical systems and codes that are to be looked up in
    the tables; with neither, the code is known to mean nothing here. ``unit`` is that of values without one, ``hours``
    what a volume charted at an instant covers, ``where`` the file and row, for messages.
    """

    concepts: tuple[str, ...] = ()
    codings: tuple[Key, ...] = ()
    unit: str | None = None
    hours: Decimal | None = None
    where: str = ""


@dataclass(frozen=True)
class CodeMap:
    """The codes of all maps that were given."""

    targets: Mapping[Key, MapTarget] = field(default_factory=dict)

    def target(self, system: str | None, code: str | None, systems: Systems) -> MapTarget | None:
        """What the maps say of a coding of some of the known ``systems``; None if they say nothing of it."""
        return self.targets.get(_key(system, code, systems)) if code else None


class MapChecks:
    """What a map is held to: all of it is known to the guideline, its tables and its units."""

    def __init__(
        self,
        guideline: Guideline,
        known: Callable[[str, str], tuple[str, ...] | None],
        unit_problem: Callable[[str, str], str | None],
    ) -> None:
        """What to ask.

        Args:
            guideline: whose identifiers may be mapped to.
            known: the concepts that the tables give for a canonical system and code; None if they do not know it.
            unit_problem: what is wrong with a unit for values of an observable, if anything.
        """
        self._guideline, self._known, self._unit_problem = guideline, known, unit_problem
        self.systems = Systems.of(guideline.folder)
        self._names = {
            **{o.id: o.names for o in guideline.observables.values() if o.count is None},
            **{c.id: c.names for c in (*guideline.findings.values(), *guideline.treatments.values())},
        }

    @property
    def names(self) -> Namespace:
        """The namespace of the guideline's identifiers."""
        return self._guideline.names

    def target(self, row: MapRow, where: str) -> MapTarget:
        """What a row says, once it is checked.

        Raises:
            MapError: it is not known, or its unit or hours make no sense.
        """
        if row.target is None:
            return MapTarget(where=where)
        system, code = row.target
        key = self.systems.canonical(system, code)
        concepts: tuple[str, ...] = ()
        codings: tuple[Key, ...] = ()
        meant: tuple[str, ...] | None
        if key is not None and key[0] == self._guideline.namespace:
            if key[1] not in self._names:
                raise MapError(f"{where}: {key[1]!r} is no identifier of the ontology{self._nearest(key[1])}")
            concepts = meant = (key[1],)
        else:
            meant = self._known(*key) if key is not None else None
            if key is None or meant is None:
                raise MapError(f"{where}: {system}|{code} is no code that il2kg knows{self._nearest(code)}")
            codings = (key,)
        return MapTarget(concepts, codings, self._unit(row, meant, where), self._hours(row, meant, where), where)

    def related(self, one: MapTarget, other: MapTarget) -> bool:
        """Whether all that two rows mean is of one line of descent."""
        concepts = {**self._guideline.findings, **self._guideline.treatments}
        meant = [(*t.concepts, *(c for key in t.codings for c in self._known(*key) or ())) for t in (one, other)]
        return all(
            a == b or (a in concepts and b in concepts[a].ancestors | concepts[a].descendants)
            for a in meant[0]
            for b in meant[1]
        )

    def _unit(self, row: MapRow, meant: Sequence[str], where: str) -> str | None:
        if row.unit is None:
            return None
        observables = [name for name in meant if name in self._guideline.observables]
        if not observables:
            raise MapError(
                f"{where}: has the unit {row.unit!r}, but is mapped to what is not measured; leave the unit out"
            )
        for name in observables:
            problem = self._unit_problem(row.unit, name)
            if problem is not None:
                raise MapError(f"{where}: unit {row.unit!r}: {problem}")
        return row.unit

    def _hours(self, row: MapRow, meant: Sequence[str], where: str) -> Decimal | None:
        if row.hours is None:
            return None
        try:
            hours = Decimal(row.hours)
        except InvalidOperation:
            hours = Decimal(0)
        if not hours.is_finite() or hours <= 0:
            raise MapError(f"{where}: {row.hours!r} must be a number of hours above 0")
        volumes = [o for name in meant if (o := self._guideline.observables.get(name)) is not None and o.collected]
        if not volumes:
            raise MapError(
                f"{where}: has hours ({row.hours}), but is mapped to what is no volume collected over "
                "a time; leave them out"
            )
        return hours

    def _nearest(self, written: str) -> str:
        """The identifier whose name is most like what was written, as an offer."""
        from jellyfish import jaro_winkler_similarity

        likeness = {
            identifier: max(
                jaro_winkler_similarity(written.casefold(), name.casefold()) for name in (identifier, *names)
            )
            for identifier, names in self._names.items()
        }
        best = max(likeness, key=lambda name: likeness[name])
        return f"; did you mean {self._guideline.prefix}:{best}?" if likeness[best] > _NEAR else ""


def read_maps(paths: Iterable[Path], checks: MapChecks) -> CodeMap:
    """The maps of some files, and of those that the environment names, as one.

    Raises:
        MapError: a file cannot be read, or a row of it cannot be used.
    """
    always = [Path(path) for path in os.environ.get(MAP_VARIABLE, "").split(os.pathsep) if path.strip()]
    targets: dict[Key, MapTarget] = {}
    for path in [*always, *paths]:
        for row in _rows(path, checks.names):
            meant = checks.target(row, f"{path}, {row.where}")
            key = _key(row.system, row.code, checks.systems)
            targets[key] = _joined(targets[key], meant, row, checks) if key in targets else meant
    return CodeMap(targets)


def _rows(path: Path, names: Namespace) -> list[MapRow]:
    try:
        if path.stat().st_size > _LARGEST:
            raise MapError(f"{path}: larger than a map can be ({_LARGEST >> 20} MB)")
        return list(rows_of(path.read_bytes().decode("utf-8"), names))
    except UnicodeDecodeError as error:
        raise MapError(f"{path}: not UTF-8 (byte {error.start}); save it as UTF-8 text") from error
    except OSError as error:
        raise MapError(f"{path}: {error.strerror or error}") from error
    except MapRowError as error:
        raise MapError(f"{path}, {error}") from error


def _joined(one: MapTarget, other: MapTarget, row: MapRow, checks: MapChecks) -> MapTarget:
    """What two rows say of one code: that it means nothing else does not take away what it means."""
    if not (other.concepts or other.codings):
        return one
    if not (one.concepts or one.codings):
        return other
    if not checks.related(one, other):
        raise MapError(
            f"{other.where}: {row.code!r} was mapped to something else before ({one.where}), and neither is a kind of "
            "the other"
        )
    for name in ("unit", "hours"):
        if getattr(one, name) not in (None, getattr(other, name)) and getattr(other, name) is not None:
            raise MapError(f"{other.where}: {row.code!r} has another {name} than before ({one.where})")
    return MapTarget(
        tuple(dict.fromkeys((*one.concepts, *other.concepts))),
        tuple(dict.fromkeys((*one.codings, *other.codings))),
        one.unit or other.unit,
        one.hours or other.hours,
        other.where,
    )


def _key(system: str | None, code: str | None, systems: Systems) -> Key:
    """What is the same in all ways of writing a coding: canonical if the system is known, else as it stands."""
    return systems.canonical(system, code) or ((system or "").strip().rstrip("/#"), (code or "").strip())
