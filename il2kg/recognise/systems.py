"""Code systems and codes in their canonical form (semantics, section 7).

``systems.tsv`` of the vocabulary says by which names a system goes, how its codes are written and which tables hold
them; one more system is that of the guideline's own identifiers. Here is how each way of writing is undone. A code that
cannot be one of its system has no canonical form.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from il2kg.errors import GuidelineError
from il2kg.guideline.folder import GuidelineFolder
from il2kg.recognise import written
from il2kg.vocabulary import Namespace

_COLUMNS: Final = ["system", "written", "tables", "left_out", "aliases", "comment"]
_SEEN: Final = 1024
_NO_NAME: Final = re.compile(r"[-_\s]")
_DASHES: Final = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))


@dataclass(frozen=True, slots=True)
class System:
    """A code system: its canonical name, how its codes are written, and the tables that hold them.

    ``may_be_left_out``: its tables may be taken away; its codes are then not recognised.
    """

    name: str
    written: str
    tables: tuple[str, ...]
    may_be_left_out: bool


class Systems:
    """The code systems that are known, by all of their names."""

    def __init__(self, systems: Mapping[str, System], below: Mapping[str, System]) -> None:
        """``systems`` by reduced name; ``below`` by the beginning of reduced names, e.g. of versions."""
        self._systems = systems
        self._below = below
        self._by_form = {system.written: system for system in systems.values()}
        self.named = lru_cache(maxsize=_SEEN)(self._named)

    @classmethod
    def of(cls, folder: GuidelineFolder) -> "Systems":
        """The systems that a guideline knows.

        Raises:
            GuidelineError: the table of systems cannot be read; the message names the file and what is wrong.
        """
        return cls._of(folder.vocabulary / "systems.tsv", folder.names)

    @classmethod
    @cache
    def _of(cls, path: Path, own: Namespace) -> "Systems":
        try:
            head, *lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, ValueError) as error:
            raise GuidelineError(f"{path}: no table of code systems: {error}") from error
        if head.split("\t") != _COLUMNS:
            raise GuidelineError(f"{path}: the columns are {', '.join(_COLUMNS)}")
        systems: dict[str, System] = {}
        below: dict[str, System] = {}
        for line in lines:
            cells = line.split("\t")
            row = dict(zip(_COLUMNS, cells, strict=False))
            if len(cells) != len(_COLUMNS) or row["written"] not in _FORMS:
                raise GuidelineError(f"{path}: not a row of this table: {line!r}")
            system = System(row["system"], row["written"], tuple(row["tables"].split()), row["left_out"] == "yes")
            for alias in (system.name, *row["aliases"].split()):
                if alias.endswith("*"):
                    below[_reduced(alias[:-2]) + alias[-2]] = system
                else:
                    systems[_reduced(alias)] = system
        if _reduced(own.iri) in systems:
            raise GuidelineError(
                f"{path}: {own.iri} is a system of codes, and no namespace for a guideline's own terms"
            )
        identifiers = System(own.iri, "plain", (), False)
        for alias in (own.iri, own.prefix, f"{own.prefix}:"):
            systems.setdefault(_reduced(alias), identifiers)  # an abbreviation that a system has is the system's
        return cls(systems, below)

    @property
    def all(self) -> tuple[System, ...]:
        """The systems, each once, by name."""
        return tuple(sorted(set(self._systems.values()), key=lambda system: system.name))

    def _named(self, name: str) -> System | None:
        """The system that goes by a name: an IRI, an OID, a name of version 2; None if it is not known."""
        reduced = _reduced(name)
        known = self._systems.get(reduced)
        if known is not None:
            return known
        return next((system for start, system in self._below.items() if reduced.startswith(start)), None)

    def written(self, form: str) -> System:
        """The system whose codes are written in a form that no other has."""
        return self._by_form[form]

    def canonical(self, system: str | None, code: str | None) -> tuple[str, str] | None:
        """The canonical system and code of a coding; None if the system is not known or the code is none of it.

        The code of an ICD has its dot, a National Drug Code 11 digits (9 for a product in any package, 10 where it is
        not known where they part), a code of ICD-10-GM its certainty where that is A or Z, behind a blank.
        """
        known = self.named(system) if system else None
        if known is None or not code:
            return None
        undone = _FORMS[known.written](unicodedata.normalize("NFKC", code).translate(_DASHES).strip())
        if undone is None:
            return None
        form, bare = undone
        return (known if form == known.written else self.written(form)).name, bare


def _reduced(name: str) -> str:
    """What is the same in all ways of writing a system: no case, blanks, scheme, end slash or version."""
    bare = "".join(name.split()).casefold().partition("|")[0]
    for scheme in ("urn:oid:", "oid:", "https://", "http://", "www."):
        bare = bare.removeprefix(scheme)
    bare = bare.rstrip("/#")
    return bare if "/" in bare or "." in bare else _NO_NAME.sub("", bare)


_FORMS: Final[Mapping[str, Callable[[str], tuple[str, str] | None]]] = {
    "plain": written.plain,
    "loinc": written.loinc,
    "sctid": written.sctid,
    "number": written.number,
    "obo": written.obo,
    "atc": written.atc,
    "ndc": written.ndc,
    "cpt": written.billed,
    "hcpcs": written.billed,
    "icd-10": written.icd_10,
    "icd-10-cm": written.icd_10_cm,
    "icd-10-either": written.icd_10_either,
    "icd-10-gm": written.icd_10_gm,
    "icd-10-pcs": written.icd_10_pcs,
    "icd-9-cm": written.icd_9_cm,
    "icd-9-cm-diagnosis": written.icd_9_cm_diagnosis,
    "icd-9-cm-procedure": written.icd_9_cm_procedure,
}
