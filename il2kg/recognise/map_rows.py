"""Rows of maps of one's own, from SSSOM tables and FHIR ConceptMaps (semantics, section 7).

SSSOM is read with the standard library: what a map needs of it is its table and its prefixes. sssom-py takes longer to
start than a record to assess, leaves out columns of one's own, and does not say where a row stands. FHIR gives unit and
hours as extensions of a target.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from il2kg.vocabulary import IL2, OWL, RDFS, SKOS, Namespace

UNIT_EXTENSION: Final = IL2 + "unit"
HOURS_EXTENSION: Final = IL2 + "hours"

NO_SYSTEM: Final = "none"
"""What stands in ``subject_source`` for codes that records give without a system."""

_REQUIRED: Final = ("subject_id", "predicate_id", "object_id")
_OWN: Final = ("unit", "period_hours")
_SLOTS: Final = frozenset(
    [
        "subject_id",
        "subject_label",
        "subject_category",
        "predicate_id",
        "predicate_label",
        "predicate_modifier",
        "object_id",
        "object_label",
        "object_category",
        "mapping_justification",
        "author_id",
        "author_label",
        "reviewer_id",
        "reviewer_label",
        "creator_id",
        "creator_label",
        "license",
        "subject_type",
        "subject_source",
        "subject_source_version",
        "object_type",
        "object_source",
        "object_source_version",
        "mapping_provider",
        "mapping_source",
        "mapping_cardinality",
        "mapping_tool",
        "mapping_tool_id",
        "mapping_tool_version",
        "mapping_date",
        "publication_date",
        "review_date",
        "confidence",
        "reviewer_agreement",
        "curation_rule",
        "curation_rule_text",
        "subject_match_field",
        "object_match_field",
        "match_string",
        "subject_preprocessing",
        "object_preprocessing",
        "similarity_score",
        "similarity_measure",
        "semantic_similarity_score",
        "semantic_similarity_measure",
        "see_also",
        "issue_tracker_item",
        "cardinality_scope",
        "record_id",
        "other",
        "comment",
    ]
)
_NO_TERM: Final = "sssom:NoTermFound"
# What says that a code means the target, or something narrower than it.
_SURE: Final = frozenset(
    [f"{SKOS}{match}Match" for match in ("exact", "close", "broad")]
    + [f"{OWL}equivalentClass", f"{OWL}sameAs", f"{RDFS}subClassOf"]
)
_USUAL: Final = {"skos": SKOS, "owl": OWL, "rdfs": RDFS}
_SURE_IN_FHIR: Final = frozenset(["equivalent", "equal", "wider", "subsumes", "source-is-narrower-than-target"])
_NONE_IN_FHIR: Final = frozenset(["unmatched", "disjoint", "not-related-to"])
_PREFIX: Final = re.compile(r"#\s+([^\s:]+):\s+[\"']?(\S+?)[\"']?\s*")
_DECLARED: Final = re.compile(r"#[\s-]+slot_name:\s+(\S+)\s*")


class MapRowError(ValueError):
    """A row, or a file, that cannot be read as a map: where, and why."""


@dataclass(frozen=True, slots=True)
class MapRow:
    """What one row says: that a code means another one, or nothing that is known here (``target`` of None)."""

    where: str
    system: str | None
    code: str
    target: tuple[str | None, str] | None
    unit: str | None = None
    hours: str | None = None


def rows_of(content: str, own: Namespace) -> Iterator[MapRow]:
    """The rows of a map: a FHIR ConceptMap if it begins as JSON, else an SSSOM table.

    Args:
        content: the text of the map.
        own: the namespace of the guideline's identifiers, to which a bare name in a table belongs.

    Raises:
        MapRowError: it is neither, or a row of it cannot be read; the message says where.
    """
    text = content.removeprefix("\ufeff")
    return _concept_map(text) if text.lstrip().startswith(("{", "[")) else _sssom(text, own)


def _sssom(text: str, own: Namespace) -> Iterator[MapRow]:
    lines = text.splitlines(keepends=True)
    head = next((n for n, line in enumerate(lines) if line.strip() and not line.startswith("#")), len(lines))
    prefixes = {matched[1]: matched[2] for line in lines[:head] if (matched := _PREFIX.fullmatch(line.rstrip()))}
    declared = {matched[1] for line in lines[:head] if (matched := _DECLARED.fullmatch(line.rstrip()))}
    # A line that is put aside stays as an empty one, so that lines keep their numbers.
    rows = ["\n" if line.startswith("#") else line for line in lines[head:]]
    table = csv.reader(rows, delimiter="\t", strict=True)
    try:
        columns = [name.strip() for name in next(table, [])]
        _check_columns(columns, declared, head + 1)
        for cells in table:
            where = f"line {head + table.line_num}"
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(columns):
                raise MapRowError(f"{where}: {len(cells)} cells under {len(columns)} columns")
            row = dict(zip(columns, (cell.strip() for cell in cells), strict=False))
            if (read := _sssom_row(where, row, prefixes, own)) is not None:
                yield read
    except csv.Error as error:
        raise MapRowError(f"line {head + table.line_num}: {error}") from error


def _check_columns(columns: list[str], declared: set[str], line: int) -> None:
    missing = [name for name in _REQUIRED if name not in columns]
    if missing:
        raise MapRowError(
            f"line {line}: no column {', '.join(missing)}; a map is an SSSOM table, its columns parted by tabs, "
            "or a FHIR ConceptMap"
        )
    known = _SLOTS | declared | set(_OWN)
    for name in columns:
        if name not in known or columns.count(name) > 1:
            twice = (
                "is there twice" if columns.count(name) > 1 else "is no slot of SSSOM and not declared above the table"
            )
            raise MapRowError(f"line {line}: column {name!r} {twice}; unit and hours stand in {' and '.join(_OWN)}")


def _sssom_row(where: str, row: dict[str, str], prefixes: dict[str, str], own: Namespace) -> MapRow | None:
    """One row; None where its object is still to be filled in."""
    subject, meant, predicate = row["subject_id"], row.get("object_id", ""), row.get("predicate_id", "")
    if not subject:
        raise MapRowError(f"{where}: subject_id is empty")
    if not meant:
        return None
    source = row.get("subject_source", "")
    system, code = _expanded(subject, prefixes, own)
    if source == NO_SYSTEM:
        system, code = None, subject
    elif source:
        system, code = _address(source, prefixes), code if system else subject
    elif system is None:
        raise MapRowError(
            f"{where}: of which system is {subject!r}? Give it in subject_source, or declare its prefix in curie_map"
        )
    unit, hours = row.get("unit") or None, row.get("period_hours") or None
    if meant == _NO_TERM or row.get("predicate_modifier", "").casefold() == "not":
        return MapRow(where, system, code, None)
    if _iri(predicate, prefixes) not in _SURE:
        raise MapRowError(
            f"{where}: predicate_id {predicate!r} does not say that {subject} means {meant} or something narrower; "
            "write skos:exactMatch or skos:broadMatch if it does"
        )
    target = _expanded(meant, prefixes, own)
    if target[0] is None and (given := row.get("object_source", "")):
        target = (_address(given, prefixes), meant)
    elif target[0] is None and meant.startswith(("http://", "https://")):
        end = max(meant.rfind("/"), meant.rfind("#")) + 1
        target = (meant[:end], meant[end:])
    elif target[0] is None and ":" in meant:
        target = (meant.partition(":")[0], meant.partition(":")[2])
    return MapRow(where, system, code, target if target[0] else (own.iri, meant), unit, hours)


def _expanded(name: str, prefixes: dict[str, str], own: Namespace) -> tuple[str | None, str]:
    """A CURIE as system and code; without a system where its prefix is not declared."""
    prefix, colon, local = name.partition(":")
    if colon and prefix == own.prefix:
        return own.iri, local
    return (prefixes[prefix], local) if colon and prefix in prefixes else (None, name)


def _address(source: str, prefixes: dict[str, str]) -> str:
    """A source as a system: an address as it stands, or a declared prefix with or without its colon."""
    prefix, _, local = source.partition(":")
    return prefixes[prefix] + local if prefix in prefixes else source


def _iri(predicate: str, prefixes: dict[str, str]) -> str:
    """A predicate as an IRI, where its prefix is a usual one or declared."""
    prefix, _, local = predicate.partition(":")
    namespace = _USUAL.get(prefix) or prefixes.get(prefix)
    return predicate if namespace is None else namespace + local


def _concept_map(text: str) -> Iterator[MapRow]:
    try:
        content = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise MapRowError(f"not JSON: {error}") from error
    if not isinstance(content, dict) or content.get("resourceType") != "ConceptMap":
        raise MapRowError("JSON, but no FHIR ConceptMap (resourceType)")
    for g, group in _parts(content, "group", ""):
        source, target_system = group.get("source"), group.get("target")
        for e, element in _parts(group, "element", g):
            code = element.get("code")
            if not isinstance(code, str) or not code.strip():
                raise MapRowError(f"{e}.code: no code")
            source_system = source.partition("|")[0] if isinstance(source, str) else None
            if element.get("noMap") is True:
                yield MapRow(e, source_system, code, None)
            for t, target in _parts(element, "target", e):
                yield _fhir_row(t, source_system, code, target_system, target)


def _fhir_row(where: str, system: str | None, code: str, target_system: object, target: dict[str, Any]) -> MapRow:
    relation = target.get("relationship") or target.get("equivalence")
    if relation in _NONE_IN_FHIR:
        return MapRow(where, system, code, None)
    meant = target.get("code")
    if not isinstance(meant, str) or not meant.strip():
        raise MapRowError(f"{where}.code: no code")
    if relation not in _SURE_IN_FHIR:
        raise MapRowError(
            f"{where}: {relation!r} does not say that {code} means {meant} or something narrower; write equivalent, "
            "wider (R4) or source-is-narrower-than-target (R5) if it does"
        )
    if not isinstance(target_system, str):
        raise MapRowError(f"{where}: its group names no target system")
    said: dict[str, str] = {}
    for x, extension in _parts(target, "extension", where):
        url = extension.get("url")
        if url in (UNIT_EXTENSION, HOURS_EXTENSION):
            value = next((v for k, v in extension.items() if k.startswith("value")), None)
            if not isinstance(value, str | int | float) or isinstance(value, bool):
                raise MapRowError(f"{x}: no value")
            said[url] = str(value)
    target_coding = (target_system.partition("|")[0], meant.strip())
    return MapRow(where, system, code, target_coding, said.get(UNIT_EXTENSION), said.get(HOURS_EXTENSION))


def _parts(holder: dict[str, Any], name: str, above: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """The objects of a list, each with its path."""
    path = f"{above}.{name}" if above else name
    parts = holder.get(name, [])
    if not isinstance(parts, list):
        raise MapRowError(f"{path}: not a list")
    for number, part in enumerate(parts):
        if not isinstance(part, dict):
            raise MapRowError(f"{path}[{number}]: not an object")
        yield f"{path}[{number}]", part
