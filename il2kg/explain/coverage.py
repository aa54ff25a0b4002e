"""What was recognised of the codings of records: as tables, as JSON, and as a map to fill in."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Final

from il2kg.explain.printable import printable, shortened
from il2kg.guideline.model import Guideline
from il2kg.read.coverage import How, Row
from il2kg.recognise.map_rows import NO_SYSTEM
from il2kg.recognise.tables import CodeTables
from il2kg.vocabulary import IL2

_COLUMNS: Final = ("items", "how", "code", "text", "taken for")
_SLOTS: Final = (
    "subject_id",
    "subject_label",
    "subject_source",
    "predicate_id",
    "object_id",
    "mapping_justification",
    "unit",
    "period_hours",
    "comment",
)
_LOINC: Final = "http://loinc.org"
_EXAMPLE: Final = "2160-0"
"""A code that most people who read laboratories have met."""
_HEAD: Final = """\
# comment: >-
#   A map to fill in: write into object_id what a code means, such as {example} or LOINC:{code},
#   or sssom:NoTermFound for what is nothing here. Rows without an object_id say nothing. The comments are guesses.
# curie_map:
#   {prefix}: {namespace}
#   skos: http://www.w3.org/2004/02/skos/core#
#   semapv: https://w3id.org/semapv/vocab/
#   sssom: https://w3id.org/sssom/
# extension_definitions:
#   - slot_name: unit
#     property: {vocabulary}unit
#   - slot_name: period_hours
#     property: {vocabulary}hours
"""


def print_coverage(rows: Sequence[Row], labels: Mapping[str, str]) -> None:
    """Print a table for each type of resource and code system, and how much was recognised."""
    from il2kg.explain.table import print_table

    for (resource, system), group in groupby(rows, key=lambda row: (row.met.resource, row.met.system)):
        cells = [
            (
                str(r.count),
                r.met.how,
                *(printable(shortened(t)) for t in (r.met.code, r.met.text)),
                _taken_for(r, labels),
            )
            for r in group
        ]
        print_table(printable(f"{resource}, {system or 'no system'}"), _COLUMNS, cells)
    print(_sum(rows))


def _sum(rows: Sequence[Row]) -> str:
    """How many items were recognised in which way."""
    total = sum(row.count for row in rows)
    of_each = {how: sum(row.count for row in rows if row.met.how is how) for how in How}
    parts = ", ".join(f"{count} {how}" for how, count in of_each.items() if count)
    return f"{total} item{'' if total == 1 else 's'}: {parts}" if total else "0 items"


def _taken_for(row: Row, labels: Mapping[str, str]) -> str:
    if row.met.concepts:
        return ", ".join(labels[concept] for concept in row.met.concepts)
    if row.met.known:
        return "nothing that the guideline names"
    return f"? {labels[row.suggestion]}" if row.suggestion else ""


def coverage_json(rows: Iterable[Row]) -> str:
    """A JSON list with an object for each coding and text of a type of resource."""
    import json

    document = [
        {
            "resource": row.met.resource,
            "system": row.met.system or None,
            "code": row.met.code or None,
            "text": row.met.text or None,
            "count": row.count,
            "how": row.met.how,
            "concepts": row.met.concepts,
            "suggestion": row.suggestion,
        }
        for row in rows
    ]
    return json.dumps(document, ensure_ascii=False, indent=2)


def coverage_sssom(rows: Iterable[Row], guideline: Guideline) -> str:
    """An SSSOM table of the codes that nothing recognises, the most frequent first, without what they mean."""
    unknown = [row for row in rows if row.met.code and not row.met.known]
    by_code: dict[tuple[str, str], list[Row]] = {}
    for row in unknown:
        by_code.setdefault((row.met.system, row.met.code), []).append(row)
    text = io.StringIO()
    text.write(_head(guideline))
    plain = csv.writer(text, dialect="excel-tab", lineterminator="\n")
    # A line that begins with a number sign is a comment, unless it begins with a quotation mark.
    quoted = csv.writer(text, dialect="excel-tab", lineterminator="\n", quoting=csv.QUOTE_ALL)
    plain.writerow(_SLOTS)
    for (system, code), same in sorted(by_code.items(), key=lambda each: (-_count(each[1]), each[0])):
        cells = (
            code,
            " ".join(same[0].met.text.split()),
            system or NO_SYSTEM,
            "skos:exactMatch",
            "",
            "semapv:ManualMappingCuration",
            "",
            "",
        )
        writer = quoted if code.startswith("#") else plain
        writer.writerow((*cells, _comment(same, guideline)))
    return text.getvalue()


def _head(guideline: Guideline) -> str:
    known = CodeTables.of(guideline.folder).lookup(_LOINC, _EXAMPLE, "Observation").concepts
    example = known[0].concept if known else next(iter(guideline.labels), "Name")
    return _HEAD.format(
        example=guideline.short(example),
        code=_EXAMPLE,
        prefix=guideline.prefix,
        namespace=guideline.namespace,
        vocabulary=IL2,
    )


def _count(rows: Iterable[Row]) -> int:
    return sum(row.count for row in rows)


def _comment(rows: Sequence[Row], guideline: Guideline) -> str:
    def said_of(concept: str) -> str:
        return f"{guideline.short(concept)} ({guideline.labels[concept]})"

    guess = next((row.suggestion for row in rows if row.suggestion), None)
    named = sorted({concept for row in rows for concept in row.met.concepts})
    said = f"{_count(rows)} x {', '.join(sorted({row.met.resource for row in rows}))}"
    if named:
        return f"{said}; by its text {', '.join(said_of(each) for each in named)}"
    return f"{said}; perhaps {said_of(guess)}" if guess else said
