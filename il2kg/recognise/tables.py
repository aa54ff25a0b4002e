"""What codes mean, by the tables under the guideline's ``codes/`` (semantics, section 7).

A vocabulary's table is read when the first code of it is met, and a row of it when its code is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Final

from il2kg.errors import GuidelineError
from il2kg.guideline.folder import GuidelineFolder
from il2kg.recognise.systems import System, Systems
from il2kg.recognise.written import icd_9_cm_diagnosis, icd_9_cm_procedure, icd_10, icd_10_cm, ndc_product, ndc_readings

_DOUBTFUL: Final = "skos:relatedMatch"
_MATCHES: Final = frozenset({"exact", "prefix"})
_LOCAL: Final = {"": None, "true": True, "false": False}
_NEEDED: Final = frozenset({"subject_id", "predicate_modifier", "predicate_id", "object_id", "match"})
# Ways of writing codes of systems without a hierarchy in them.
_FLAT: Final = frozenset({"number", "sctid", "loinc"})
_EXCLUDED, _STATE_AFTER = " A", " Z"


@dataclass(frozen=True, slots=True)
class CodedConcept:
    """A concept that a code means.

    ``doubtful``: the code may mean it; ``over``: the code says that it is past. ``period_hours`` are those that a
    volume under the code covers, ``aside_while`` the finding during which a value under it is set aside. ``local``
    says of a product whether it acts only where it is put; None if the code is of no product, or does not say.
    """

    concept: str
    doubtful: bool = False
    over: bool = False
    period_hours: Decimal | None = None
    aside_while: str | None = None
    local: bool | None = None


@dataclass(frozen=True, slots=True)
class CodeMeaning:
    """The concepts that a code means; ``other`` if it is known not to mean one, and means none."""

    concepts: tuple[CodedConcept, ...] = ()
    other: bool = False

    @property
    def known(self) -> bool:
        """Whether a row speaks of the code."""
        return self.other or bool(self.concepts)


UNKNOWN: Final = CodeMeaning()


@dataclass(frozen=True)
class _Row:
    """A row: it speaks of its code and, if it is a ``prefix``, of all below; ``negative``: not the concept."""

    coded: CodedConcept
    prefix: bool
    negative: bool


class _Table:
    """One SSSOM table: its lines by their codes."""

    def __init__(self, path: Path, own: str) -> None:
        """``own`` is the prefix of the guideline's terms."""
        self._path, self._own = path, own
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise GuidelineError(f"{path}: no table of codes: {error}") from error
        # Splitting ten thousand rows takes longer than all else here, so a row is taken apart no further than its code
        # until that code is met.
        head, *lines = _behind_comments(text).removesuffix("\n").split("\n")
        self._columns = head.split("\t")
        if missing := sorted(_NEEDED - set(self._columns)):
            raise GuidelineError(f"{path}: not an SSSOM table: no column {', '.join(missing)}")
        place = self._columns.index("object_id")
        try:
            objects = [line.split("\t", place + 1)[place] for line in lines]
        except IndexError:
            raise GuidelineError(f"{path}: a row has fewer than {place + 1} columns") from None
        self._prefix = objects[0].partition(":")[0] + ":" if objects else ""
        self._lines: dict[str, str] = dict(zip(objects, lines, strict=True))
        if len(self._lines) < len(lines):
            self._lines = {}
            for each, line in zip(objects, lines, strict=True):
                self._lines[each] = f"{self._lines[each]}\n{line}" if each in self._lines else line
        self._rows: dict[str, tuple[_Row, ...]] = {}

    def rows(self, code: str) -> tuple[_Row, ...]:
        """The rows of exactly this code."""
        curie = self._prefix + code
        if curie not in self._lines:
            return ()
        if curie not in self._rows:
            self._rows[curie] = tuple(map(self._row, self._lines[curie].split("\n")))
        return self._rows[curie]

    def codes_below(self, start: str) -> list[str]:
        """The codes that begin so."""
        begin = self._prefix + start
        return [curie.removeprefix(self._prefix) for curie in self._lines if curie.startswith(begin)]

    def _row(self, line: str) -> _Row:
        cells = dict(zip(self._columns, line.split("\t"), strict=False))
        try:
            if len(cells) != len(self._columns) or cells["match"] not in _MATCHES:
                raise ValueError("a cell is missing, or match is neither exact nor prefix")
            period = cells.get("period_hours")
            coded = CodedConcept(
                concept=_concept(cells["subject_id"], self._own),
                doubtful=cells["predicate_id"] == _DOUBTFUL,
                period_hours=Decimal(period) if period else None,
                aside_while=_concept(cells["aside_while"], self._own) if cells.get("aside_while") else None,
                local=_LOCAL[cells.get("local", "")],
            )
        except (ValueError, KeyError, InvalidOperation) as error:
            raise GuidelineError(f"{self._path}: {cells.get('object_id')}: not a row of this table: {error}") from error
        return _Row(coded, cells["match"] == "prefix", cells["predicate_modifier"] == "Not")


class _Vocabulary:
    """The tables of one system together, each read when no table before it knows a code.

    ``own`` is the prefix of the guideline's terms; ``flat``: the system's codes do not stand for others below them.
    """

    def __init__(self, paths: Iterable[Path], own: str, *, flat: bool) -> None:
        self._unread, self._own = list(paths), own
        self._read: list[_Table] = []
        self._flat = flat

    @property
    def _tables(self) -> Iterator[_Table]:
        yield from self._read
        while self._unread:
            table = _Table(self._unread.pop(0), self._own)
            self._read.append(table)
            yield table

    def rows(self, code: str) -> tuple[_Row, ...]:
        """The rows of a code, which all stand in one table."""
        return next((rows for table in self._tables if (rows := table.rows(code))), ())

    def meaning(self, code: str) -> CodeMeaning:
        """What the rows of a code and of those above it say; of each concept the longest row decides."""
        decided: dict[str, _Row] = {}
        at_code = self.rows(code)
        for row in (*(r for r in at_code if not r.prefix), *(r for r in at_code if r.prefix)):
            decided.setdefault(row.coded.concept, row)
        for length in range(0 if self._flat else len(code) - 1, 0, -1):
            for row in self.rows(code[:length]):
                if row.prefix:
                    decided.setdefault(row.coded.concept, row)
        concepts = tuple(row.coded for row in decided.values() if not row.negative)
        return CodeMeaning(concepts, other=bool(decided) and not concepts)

    def product(self, code: str) -> CodeMeaning:
        """What all known packages of a product mean, if they mean the same."""
        start = ndc_product(code)
        meanings = {self.meaning(other) for table in self._tables for other in table.codes_below(start)}
        return meanings.pop() if len(meanings) == 1 else UNKNOWN


class CodeTables:
    """The tables of a guideline."""

    def __init__(self, folder: GuidelineFolder, systems: Systems) -> None:
        self._folder, self._needed, self._prefix = folder.codes, folder.tables, f"{folder.prefix}:"
        self._systems = systems
        self._read: dict[tuple[str, ...], _Vocabulary] = {}

    @classmethod
    def of(cls, folder: GuidelineFolder) -> "CodeTables":
        """The tables of a guideline; none is read yet.

        Raises:
            GuidelineError: the table of systems cannot be read.
        """
        return cls(folder, Systems.of(folder))

    def lookup(self, system: str, code: str, resource: str) -> CodeMeaning:
        """What a code means.

        Args:
            system: the canonical system.
            code: the code in its canonical writing.
            resource: the FHIR type of the item, which tells procedures from diagnoses where the code does not.

        Raises:
            GuidelineError: the table of the vocabulary cannot be read; the message names the file.
        """
        known = self._systems.named(system)
        if known is None or not (known.tables or known.written == "icd-9-cm"):
            return UNKNOWN
        match known.written:
            case "icd-9-cm":
                return self._icd_9(code, resource)
            case "icd-10-cm":
                return self._icd_10_cm(known.tables, code)
            case "icd-10-gm":
                return self._icd_10_gm(known, code)
            case "icd-10-either":
                return self._either(known.tables, code)
            case "ndc":
                return self._ndc(known, code)
            case _:
                flat = known.written in _FLAT
                return self._vocabulary(known.tables, known.may_be_left_out, flat=flat).meaning(code)

    def _vocabulary(self, tables: tuple[str, ...], may_be_left_out: bool = False, *, flat: bool = False) -> _Vocabulary:
        vocabulary = self._read.get(tables)
        if vocabulary is None:
            needed = frozenset() if may_be_left_out else self._needed
            paths = {name: self._folder / f"{name}.sssom.tsv" for name in tables}
            there = [path for name, path in paths.items() if name in needed or path.exists()]
            vocabulary = self._read[tables] = _Vocabulary(there, self._prefix, flat=flat)
        return vocabulary

    def _icd_9(self, digits: str, resource: str) -> CodeMeaning:
        """Digits that may be of a diagnosis or a procedure: of a procedure in one, or where no diagnosis has them."""
        for read in (icd_9_cm_procedure,) if resource == "Procedure" else (icd_9_cm_diagnosis, icd_9_cm_procedure):
            undone = read(digits)
            if undone is None:
                continue
            form, code = undone
            meaning = self._vocabulary(self._systems.written(form).tables).meaning(code)
            if meaning.known:
                return meaning
        return UNKNOWN

    def _icd_10_cm(self, tables: tuple[str, ...], code: str) -> CodeMeaning:
        """An X at the end fills up if the code is not found with it."""
        meaning = self._vocabulary(tables).meaning(code)
        shorter = code.rstrip("X").rstrip(".")
        return meaning if meaning.known or shorter == code else self._vocabulary(tables).meaning(shorter)

    def _icd_10_gm(self, system: System, code: str) -> CodeMeaning:
        """Excluded (A) is not present, and no absence either can be read of it; a state after (Z) is over."""
        if code.endswith(_EXCLUDED):
            return CodeMeaning(other=True)
        bare = code.removesuffix(_STATE_AFTER)
        meaning = self._vocabulary(system.tables).meaning(bare)
        if bare == code:
            return meaning
        return replace(meaning, concepts=tuple(replace(each, doubtful=True, over=True) for each in meaning.concepts))

    def _either(self, tables: tuple[str, ...], code: str) -> CodeMeaning:
        """Of two tables that differ, what one of them means is doubtful; a code that only one can hold is of that."""
        who, cm = tables
        american = self._icd_10_cm((cm,), code) if icd_10_cm(code) else UNKNOWN
        if icd_10(code) is None:
            return american
        worldwide = self._vocabulary((who,)).meaning(code)
        sure = {each.concept: each for each in worldwide.concepts if each in american.concepts}
        doubted = {each.concept: replace(each, doubtful=True) for each in (*worldwide.concepts, *american.concepts)}
        concepts = tuple((doubted | sure).values())
        return CodeMeaning(concepts, other=not concepts and (worldwide.other or american.other))

    def _ndc(self, system: System, code: str) -> CodeMeaning:
        """Of the readings of a code without hyphens all that are found must mean the same."""
        vocabulary = self._vocabulary(system.tables)
        readings = ndc_readings(code)
        meanings = {meaning for reading in readings if (meaning := vocabulary.meaning(reading)).known}
        if len(meanings) == 1:
            return meanings.pop()
        return vocabulary.product(code) if not meanings and readings == (code,) else UNKNOWN


def _concept(curie: str, own: str) -> str:
    if not curie.startswith(own):
        raise ValueError(f"{curie} is no identifier of the ontology")
    return curie.removeprefix(own)


def _behind_comments(text: str) -> str:
    last = text.rfind("\n#") + 1
    return text[text.find("\n", last) + 1 :] if text.startswith("#", last) else text
