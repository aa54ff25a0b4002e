"""Compiles ``shapes/fhir.ttl``: what a sound record is, as FHIR RDF in the style of R4 or of R5.

What stands in ``shapes/structure/fhir.ttl`` is written by hand. Compiled is what is believed of values: of Observations
with a code of LOINC or of the guideline that means one observable and nothing else.
"""

import csv
from collections.abc import Iterator
from typing import Final

from il2kg.compile.observable_shapes import Dialect, ValueShapes, range_in_words, unit_in_words
from il2kg.compile.shape_text import TIME, is_one_of, one_of, prefixes, result, structure_of, text
from il2kg.compile.unit_groups import UnitGroup, UnitTable, is_measured
from il2kg.errors import GuidelineError
from il2kg.guideline.folder import GuidelineFolder
from il2kg.guideline.model import Guideline, Observable

_LOINC: Final = "http://loinc.org"
_CURIE: Final = "LOINC:"
_HEADER: Final = """# What a sound record is, as FHIR RDF (R4, R5): SHACL Core, for any engine.
# A result is about a resource.
# sh:Violation: if it names something of the guideline it is set aside, or its time or value is not trusted.
# sh:Warning: it counts, and is reported. sh:Info: it may be passed over.
# Compiled from the ontology and shapes/structure/fhir.ttl by `il2kg build`. Do not edit.

"""
_V: Final = "[ sh:alternativePath ( fhir:v fhir:value ) ]"
_ITEMS: Final = "[ sh:zeroOrMorePath rdf:rest ] [ sh:zeroOrOnePath rdf:first ]"
_HOLDER: Final = (
    f"( [ sh:zeroOrOnePath [ sh:alternativePath ( fhir:component fhir:Observation.component ) ] ] {_ITEMS} )"
)
_CODINGS: Final = (
    "( [ sh:alternativePath ( fhir:code fhir:Observation.code fhir:Observation.component.code ) ]\n"
    f"        [ sh:alternativePath ( fhir:coding fhir:CodeableConcept.coding ) ] {_ITEMS} )"
)
_SYSTEM: Final = f"( [ sh:alternativePath ( fhir:system fhir:Coding.system ) ] {_V} )"
_CODE: Final = f"( [ sh:alternativePath ( fhir:code fhir:Coding.code ) ] {_V} )"
_QUANTITY: Final = (
    "[ sh:alternativePath ( fhir:value fhir:Observation.valueQuantity fhir:Observation.component.valueQuantity ) ]"
)
_NUMBER: Final = f"( [ sh:alternativePath ( fhir:value fhir:Quantity.value ) ] {_V} )"
_UNIT: Final = f"( [ sh:alternativePath ( fhir:code fhir:unit fhir:Quantity.code fhir:Quantity.unit ) ] {_V} )"


def compile_fhir_shapes(guideline: Guideline) -> str:
    """The shapes of FHIR RDF, as Turtle.

    Raises:
        GuidelineError: the part that is written by hand, or the table of LOINC codes, cannot be read.
    """
    compiled = _compiled(guideline, UnitTable.of(guideline), _codes(guideline.folder))
    return (
        prefixes(guideline.names)
        + _HEADER
        + structure_of(guideline.folder.structure / "fhir.ttl", guideline.names)
        + "\n"
        + "\n".join(compiled)
    )


def _compiled(guideline: Guideline, table: UnitTable, codes: dict[str, list[str]]) -> Iterator[str]:
    values = ValueShapes(Dialect("resource", _NUMBER, _UNIT, _UNIT, {}))
    yield f"# ---- Compiled: units and ranges\n\nresource:Time a sh:NodeShape ;\n    sh:pattern {text(TIME)} .\n"
    for observable in guideline.observables.values():
        if observable.count is None and is_measured(observable):
            groups, flows = table.groups(observable), table.flows(observable)
            yield from _observable(observable, values, groups, flows, codes.get(observable.id, []))
    yield is_one_of("resource:ListedUnit", table.listed)
    yield (
        f"resource:WithoutSystem a sh:NodeShape ;\n    sh:property [ sh:path ( {_CODINGS[2:-2]} {_SYSTEM[2:]} ;\n"
        f"        sh:not [ {one_of([_LOINC, guideline.namespace], behind='/?')} ] ] .\n"
    )
    yield (
        "resource:numbers-with-units a sh:NodeShape ;\n    sh:or ( [ sh:not resource:HasNumber ] resource:HasUnit ) .\n"
    )
    yield from values.texts()


def _observable(
    observable: Observable,
    values: ValueShapes,
    groups: tuple[UnitGroup, ...],
    flows: tuple[UnitGroup, ...],
    codes: list[str],
) -> Iterator[str]:
    name = f"resource:{observable.id}"
    yield f"{name}-code a sh:NodeShape ;\n    {one_of([observable.id, *codes])} .\n"
    parts = ["resource:numbers-with-units", f"[ sh:property [ sh:path {_UNIT} ; {values.unit((*groups, *flows))} ] ]"]
    words = unit_in_words(observable)
    if observable.plausible is not None:
        parts.append(f"[ {values.believed((*groups, *flows))} ]")
        words = f"{range_in_words(observable)} or as much in another unit"
    value = f"[ sh:property [ sh:path {_QUANTITY} ; sh:and ( " + "\n                ".join(parts) + " ) ] ]"
    yield (
        f"{name} a sh:NodeShape ;\n    sh:targetClass fhir:Observation ;\n    sh:property {name}-value .\n\n"
        # One shape for unit and number: what an observation is about is asked once for each observable.
        f"{name}-value a sh:PropertyShape ;\n    sh:path {_HOLDER} ;\n"
        "    sh:or ( resource:InError resource:WithoutSystem\n"
        f"            [ sh:property [ sh:path ( {_CODINGS[2:-2]} {_CODE[2:]} ; sh:not {name}-code ] ]\n"
        f"            {value} ) ;\n"
    ) + result("Violation", f"{words}: compare number and unit with the source, and give the unit")


def _codes(folder: GuidelineFolder) -> dict[str, list[str]]:
    """The codes of LOINC that mean a concept, by its identifier, of those that mean no other."""
    path = folder.codes / "loinc.sssom.tsv"
    if not path.exists():
        return {}
    concepts_of: dict[str, set[str]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"):
                if row["predicate_modifier"] != "Not" and not row["aside_while"]:
                    concepts_of.setdefault(row["object_id"].removeprefix(_CURIE), set()).add(row["subject_id"])
    except (OSError, KeyError, ValueError) as error:
        raise GuidelineError(f"{path}: not an SSSOM table: {error}") from error
    codes: dict[str, list[str]] = {}
    for code, concepts in sorted(concepts_of.items()):
        if len(concepts) == 1:
            codes.setdefault(next(iter(concepts)).removeprefix(f"{folder.prefix}:"), []).append(code)
    return codes
