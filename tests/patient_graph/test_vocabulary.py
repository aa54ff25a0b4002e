"""The vocabulary as the ontology has it: whole, with examples that are read, and the same that the reader knows."""

import csv
from functools import cache
from pathlib import Path

import pyoxigraph as ox
import pytest
from rdflib import OWL, RDF, RDFS, SKOS, URIRef

from il2kg.errors import GuidelineError
from il2kg.read.patient_graph import Tables, read_patients, terms
from il2kg.read.units import ask_library
from il2kg.recognise.coding import Coding
from il2kg.recognise.systems import Systems
from il2kg.vocabulary import IL2
from tests.folders import OWN, without_tables
from tests.ontology.files import merged
from tests.patient_graph.graphs import GUIDELINE, ROOT, TABLES, graphs, read

FILE = ROOT / "ontology" / "vocabulary" / "patient-record.ttl"
EXAMPLES = [
    (terms.short(quad.subject.value), quad.object.value)
    for quad in ox.parse(path=str(FILE), format=ox.RdfFormat.TURTLE)
    if quad.predicate.value == str(SKOS.example)
    and isinstance(quad.subject, ox.NamedNode)
    and isinstance(quad.object, ox.Literal)
]
# Examples of what is wrong with an item or a source.
OF_DOUBT = {"il2:doubt", "il2:RecordNote", "il2:item", "il2:sourceProblem"}
PROPERTIES = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}


ontology = cache(merged)


@cache
def declared(*kinds: URIRef) -> set[str]:
    """The terms of the file, and what it says more of older ones, that are of some kinds."""
    graph = ontology()
    subjects = {
        quad.subject.value
        for quad in ox.parse(path=str(FILE), format=ox.RdfFormat.TURTLE)
        if isinstance(quad.subject, ox.NamedNode)
    }
    return {name for name in subjects if set(graph.objects(URIRef(name), RDF.type)) & set(kinds)}


def test_every_term_has_an_example_and_a_label() -> None:
    graph = ontology()
    own = {name for name in declared(OWL.Class, *PROPERTIES) if name.startswith(IL2)}
    assert len(own) > 60
    shown = {name for name, _ in EXAMPLES}
    assert {terms.short(name) for name in own} - shown == set()
    others = declared(OWL.Class, *PROPERTIES) - {str(SKOS.example), terms.DERIVED}
    assert {name for name in others if graph.value(URIRef(name), RDFS.label) is None} == set()


@pytest.mark.parametrize(("name", "text"), EXAMPLES, ids=[name for name, _ in EXAMPLES])
def test_an_example_is_read_and_uses_its_term(name: str, text: str) -> None:
    found = graphs(text)
    used = {
        terms.short(iri)
        for graph in found
        for node in graph.nodes.values()
        for iri in (*node, *(str(value) for values in node.values() for value in values))
    }
    assert name in used
    patients = read_patients(found, TABLES)
    assert len(patients) == 1
    if name not in OF_DOUBT:
        assert patients[0].problems == ()
        assert [statement.item.doubts for statement in patients[0].statements] == [()] * len(patients[0].statements)


def test_the_reader_knows_what_the_ontology_declares() -> None:
    known = {name for names in terms.KNOWN.values() for name in names if name.startswith(IL2)}
    notes = {terms.DETAIL}
    unasked = {terms.UNIT, terms.POSITION}  # declared elsewhere, for the guideline, too
    properties = {name for name in declared(*PROPERTIES) if name.startswith(IL2)}
    assert known | notes | {terms.ITEM} == properties | unasked
    assert {name for name in terms.ITEMS if name.startswith(IL2)} <= declared(OWL.Class)


def test_terms_of_others_are_as_they_are_read() -> None:
    theirs = {name for name in declared(*PROPERTIES, OWL.Class) if not name.startswith(IL2)}
    constants = {
        value for name, value in vars(terms).items() if name.isupper() and isinstance(value, str) and "/" in value
    }
    assert theirs - constants == {str(SKOS.example)}


def test_findings_treatments_and_observables_are_as_the_guideline_has_them() -> None:
    assert TABLES.finding("Oliguria")
    assert not TABLES.finding("Prednisone")
    assert not TABLES.finding("HeartRate")
    assert TABLES.treatments == frozenset(GUIDELINE.treatments)
    assert TABLES.names_finding(f"{IL2}Oliguria")
    assert not TABLES.names_finding(terms.ROOT_FINDING)


# ---- IRIs of codes

ROWS = list(
    csv.reader(
        (ROOT / "ontology" / "vocabulary" / "code-iris.tsv").read_text(encoding="utf-8").splitlines(), delimiter="\t"
    )
)


def test_the_table_of_iris_is_whole() -> None:
    head, *rows = ROWS
    assert head == ["beginning", "system", "comment"]
    assert rows == sorted(rows)
    assert len({row[0] for row in rows}) == len(rows) > 30
    known = {system.name for system in Systems.of(OWN).all}
    assert {row[1] for row in rows} - known == set()
    assert [row for row in rows if not row[0].startswith("http://") or not row[2]] == []


@pytest.mark.parametrize(
    ("iri", "coding"),
    [
        (f"{IL2}Oliguria", Coding(IL2, "Oliguria")),
        ("http://loinc.org/rdf/2160-0", Coding("http://loinc.org", "2160-0")),
        ("http://loinc.org/2160-0", Coding("http://loinc.org", "2160-0")),
        ("https://identifiers.org/loinc:2160-0", Coding("http://loinc.org", "2160-0")),
        ("http://snomed.info/id/83128009", Coding("http://snomed.info/sct", "83128009")),
        ("http://snomed.info/sct/83128009", Coding("http://snomed.info/sct/", "83128009")),
        ("http://purl.obolibrary.org/obo/HP_0100520", Coding("http://purl.obolibrary.org/obo/hp.owl", "0100520")),
        (
            "http://hl7.org/fhir/sid/icd-9-cm/diagnosis/788.5",
            Coding("http://hl7.org/fhir/sid/icd-9-cm/diagnosis", "788.5"),
        ),
        ("http://lab.example/tests#S%2DCrea", Coding("http://lab.example/tests#", "S-Crea")),
        ("urn:lab", Coding("urn:", "lab")),
        ("x", Coding(None, "x")),
        ("http://lab.example/", Coding("http://lab.example/", None)),
    ],
)
def test_an_iri_is_a_code(iri: str, coding: Coding) -> None:
    assert TABLES.coding(iri) == coding


def test_codes_by_iri_are_recognised_as_codes_are() -> None:
    systems = Systems.of(OWN)
    for iri, canonical in (
        ("http://loinc.org/rdf/2160-0", ("http://loinc.org", "2160-0")),
        ("http://purl.bioontology.org/ontology/ICD10CM/R34", ("http://hl7.org/fhir/sid/icd-10-cm", "R34")),
        ("http://purl.obolibrary.org/obo/HP_0100520", ("http://purl.obolibrary.org/obo/hp.owl", "0100520")),
    ):
        coding = TABLES.coding(iri)
        assert systems.canonical(coding.system, coding.code) == canonical


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (None, "no table of the IRIs of codes: "),
        ("beginning\tsystem\n", "its columns are beginning, system, comment, in every row"),
        ("beginning\tsystem\tcomment\na\tb\n", "its columns are beginning, system, comment, in every row"),
    ],
)
def test_a_broken_table_is_said(tmp_path: Path, text: str | None, told: str) -> None:
    path = tmp_path / "ontology" / "vocabulary" / "code-iris.tsv"
    path.parent.mkdir(parents=True)
    if text is not None:
        path.write_text(text, encoding="utf-8")
    with pytest.raises(GuidelineError) as raised:
        Tables.of(without_tables(GUIDELINE, tmp_path)).coding("http://loinc.org/rdf/1-1")
    assert str(raised.value).startswith(f"{path}: {told}")


# ---- Units of QUDT

UNITS = [
    (str(quad.subject.value).removeprefix(terms.QUDT_UNITS), quad.object.value)
    for quad in ox.parse(path=str(ROOT / "ontology" / "vocabulary" / "qudt-units.ttl"), format=ox.RdfFormat.TURTLE)
    if quad.predicate.value == terms.UCUM_CODE
    and isinstance(quad.subject, ox.NamedNode)
    and isinstance(quad.object, ox.Literal)
]


def test_every_unit_is_ucum() -> None:
    assert len({name for name, _ in UNITS}) == len(UNITS) > 140
    assert sorted(UNITS) == UNITS
    for name, code in UNITS:
        assert ask_library(code, code).identical, name
        assert TABLES.unit(f"{terms.QUDT_UNITS}{name}") == code


@pytest.mark.parametrize(
    ("iri", "code"),
    [
        ("http://qudt.org/vocab/unit/MilliGM-PER-DeciL", "mg/dL"),
        ("https://qudt.org/vocab/unit/DEG_C", "Cel"),
        ("http://qudt.org/2.1/vocab/unit/MilliM_HG", "mm[Hg]"),
        ("http://qudt.org/vocab/unit/FURLONG", None),
        ("http://elsewhere.example/unit/DEG_C", None),
    ],
)
def test_a_unit_by_its_iri(iri: str, code: str | None) -> None:
    assert TABLES.unit(iri) == code


def test_the_header_names_the_prefixes_that_the_examples_use() -> None:
    text = FILE.read_text(encoding="utf-8")
    head = text[: text.index("# ---- Patients")]
    for prefix in ("cdt", "loinc", "sct", "unit", "sosa", "time", "qudt", "il2"):
        assert f"@prefix {prefix}: <" in head
    assert read("") == []
