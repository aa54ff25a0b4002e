"""JSON-LD with the contexts that ship here."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import il2kg
from il2kg.errors import RecordError
from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.graphs import Graph, Literal
from il2kg.rdf.jsonld import PATIENT_CONTEXT
from il2kg.rdf.parsing import parse
from il2kg.read.patient_graph import terms
from il2kg.read.patient_graph.terms import PREFIXES
from il2kg.vocabulary import IL2, RDF_TYPE, XSD
from tests.rdf.generated import whole

FHIR = "http://hl7.org/fhir/"
CONTEXTS = Path(il2kg.__file__).parent / "rdf" / "contexts"
DRAFTS = (
    "https://fhircat.org/fhir-r4/original/contexts/observation.context.jsonld",
    "https://fhircat.org/fhir-r5/original/contexts/Observation.context.jsonld",
    "https://fhircat.org/fhir/contexts/r5/observation.context.jsonld",
    "https://raw.githubusercontent.com/fhircat/jsonld_context_files/master/contextFiles/root.context.jsonld",
    "https://raw.githubusercontent.com/fhircat/jsonld_context_files/master/contextFiles/r4/observation.component.context.jsonld",
)  # fmt: skip


def read(document: Any) -> list[Graph]:
    return parse(json.dumps(document).encode(), RdfFormat.JSON_LD)


def turtle(text: str) -> list[Graph]:
    prefixes = {
        "dcterms": "http://purl.org/dc/terms/",
        "fhir": FHIR,
        "il2": IL2,
        "loinc": "http://loinc.org/rdf#",
        "qudt": "http://qudt.org/schema/qudt/",
        "sosa": "http://www.w3.org/ns/sosa/",
        "time": "http://www.w3.org/2006/time#",
        "unit": "http://qudt.org/vocab/unit/",
        "xsd": XSD,
    }
    head = "".join(f"@prefix {name}: <{iri}> .\n" for name, iri in prefixes.items())
    return parse((head + text).encode(), RdfFormat.TURTLE)


PATIENT = {
    "id": "urn:il2kg:record:1",
    "type": "Patient",
    "identifier": "Patient/1",
}
OBSERVATION = {
    "id": "urn:il2kg:record:1:7",
    "type": "Observation",
    "hasFeatureOfInterest": "urn:il2kg:record:1",
    "observedProperty": "SerumCreatinine",
    "phenomenonTime": {"type": "Instant", "inXSDDateTimeStamp": "2026-03-02T08:00:00Z"},
    "hasResult": {"type": "QuantityValue", "numericValue": 5, "hasUnit": "unit:MilliGM-PER-DeciL"},
    "interpretation": {"type": "CodedText", "coding": {"codeSystem": "urn:x", "code": "HH", "position": 0}},
}
SAID = """
    <urn:il2kg:record:1> a il2:Patient ; dcterms:identifier "Patient/1" .
    <urn:il2kg:record:1:7> a sosa:Observation ; sosa:hasFeatureOfInterest <urn:il2kg:record:1> ;
        sosa:observedProperty il2:SerumCreatinine ;
        sosa:phenomenonTime [ a time:Instant ; time:inXSDDateTimeStamp "2026-03-02T08:00:00Z"^^xsd:dateTimeStamp ] ;
        sosa:hasResult [ a qudt:QuantityValue ; qudt:numericValue 5 ; qudt:hasUnit unit:MilliGM-PER-DeciL ] ;
        il2:interpretation [ a il2:CodedText ;
            il2:coding [ il2:codeSystem "urn:x" ; il2:code "HH" ; il2:position 0 ] ] .
"""


@pytest.mark.parametrize(
    "context",
    [
        PATIENT_CONTEXT,
        [PATIENT_CONTEXT],
        [None, PATIENT_CONTEXT, {"more": "urn:a:more"}],
        {"@version": 1.1, "@import": PATIENT_CONTEXT},
        json.loads((CONTEXTS / "patient.jsonld").read_bytes())["@context"],
    ],
)
def test_the_patient_graph_s_context_is_put_in(context: Any) -> None:
    expected = whole(turtle(SAID))
    assert whole(read({"@context": context, "@graph": [PATIENT, OBSERVATION]})) == expected
    assert whole(read([{"@context": context, **PATIENT}, {"@context": context, **OBSERVATION}])) == expected
    within = {**PATIENT, "@reverse": {"hasFeatureOfInterest": {"@context": context, **OBSERVATION}}}
    del within["@reverse"]["hasFeatureOfInterest"]["hasFeatureOfInterest"]  # type: ignore[attr-defined]
    assert whole(read({"@context": context, **within})) == expected


def test_a_date_may_have_its_own_type() -> None:
    item = {"@context": PATIENT_CONTEXT, "id": "urn:a:a", "start": {"@value": "2026-03-02", "@type": "xsd:date"}}
    assert read(item) == [Graph("", {"urn:a:a": {f"{IL2}start": [Literal("2026-03-02", f"{XSD}date")]}})]


def test_the_context_has_the_words_of_the_patient_graph() -> None:
    context = json.loads((CONTEXTS / "patient.jsonld").read_bytes())["@context"]
    names = [name for name, term in context.items() if name not in PREFIXES and not str(term).startswith("@")]
    written = {
        "@context": PATIENT_CONTEXT,
        "id": "urn:a:a",
        **{name: {"id": "urn:a:b"} for name in names if name[0] != "@"},
    }
    (graph,) = read(written)
    words = {each for value in vars(terms).values() for each in ([value] if isinstance(value, str) else [])}
    assert set(graph.nodes["urn:a:a"]) <= words
    assert {name: context[name] for name in PREFIXES} == PREFIXES


def value(of: Any, **more: Any) -> dict[str, Any]:
    return {"value": of, **more}


LOINC = {"system": value("http://loinc.org"), "code": value("2160-0")}
RESOURCE = {
    "@id": "http://example.org/Observation/7",
    "resourceType": "fhir:Observation",
    "nodeRole": "fhir:treeRoot",
    "id": value("7"),
    "status": value("final"),
    "code": {"coding": [{"index": 0, **LOINC, "@type": "loinc:2160-0"}]},
    "subject": {"reference": value("Patient/1"), "fhir:link": {"@id": "http://example.org/Patient/1"}},
    "valueQuantity": {
        "value": value(3),
        "unit": value("mg/dL", extension=[{"url": value("urn:x"), "valueString": value("printed")}]),
    },
    "component": [{"index": 0, "code": {"text": value("x")}, "valueString": value("y"), "invented": value("z")}],
    "contained": [{"resourceType": "fhir:Medication", "code": {"text": value("aldesleukin")}}],
    "text": {"status": value("generated"), "div": "<div/>"},
}  # fmt: skip
FHIR_SAID = """
    <http://example.org/Observation/7> a fhir:Observation ; fhir:nodeRole fhir:treeRoot ;
        fhir:Resource.id [ fhir:value "7" ] ;
        fhir:Observation.status [ fhir:value "final" ] ;
        fhir:Observation.code [ fhir:CodeableConcept.coding [ a loinc:2160-0 ; fhir:index 0 ;
            fhir:Coding.system [ fhir:value "http://loinc.org" ] ; fhir:Coding.code [ fhir:value "2160-0" ] ] ] ;
        fhir:Observation.subject [ fhir:Reference.reference [ fhir:value "Patient/1" ] ;
            fhir:link <http://example.org/Patient/1> ] ;
        fhir:Observation.valueQuantity [ fhir:Quantity.value [ fhir:value 3 ] ;
            fhir:Quantity.unit [ fhir:value "mg/dL" ; fhir:Element.extension [
                fhir:Extension.url [ fhir:value "urn:x" ] ; fhir:Extension.valueString [ fhir:value "printed" ] ] ] ] ;
        fhir:Observation.component [ fhir:index 0 ;
            fhir:Observation.component.code [ fhir:CodeableConcept.text [ fhir:value "x" ] ] ;
            fhir:Observation.component.valueString [ fhir:value "y" ] ; fhir:invented [ fhir:value "z" ] ] ;
        fhir:DomainResource.contained [ a fhir:Medication ;
            fhir:Medication.code [ fhir:CodeableConcept.text [ fhir:value "aldesleukin" ] ] ] ;
        fhir:DomainResource.text [ fhir:Narrative.status [ fhir:value "generated" ] ; fhir:Narrative.div "<div/>" ] .
"""


@pytest.mark.parametrize("address", DRAFTS)
def test_resources_get_the_names_of_fhir_rdf(address: str) -> None:
    expected = whole(turtle(FHIR_SAID))
    context = [address, {"@base": "http://example.org/"}]
    assert whole(read({"@context": context, **RESOURCE})) == expected
    assert whole(read({"@context": context, "@graph": [RESOURCE]})) == expected


def test_a_bundle_s_entries_are_named_by_their_own_types() -> None:
    entry = {"index": 0, "fullUrl": value("urn:x"), "resource": {"resourceType": "fhir:Patient", "active": value(True)}}
    bundle = {"@context": DRAFTS[0], "@id": "urn:a:b", "resourceType": "fhir:Bundle", "entry": [entry]}
    said = """<urn:a:b> a fhir:Bundle ; fhir:Bundle.entry [ fhir:index 0 ;
        fhir:Bundle.entry.fullUrl [ fhir:value "urn:x" ] ;
        fhir:Bundle.entry.resource [ a fhir:Patient ; fhir:Patient.active [ fhir:value true ] ] ] ."""
    assert whole(read(bundle)) == whole(turtle(said))


def test_an_age_is_a_quantity() -> None:
    condition = {
        "@context": DRAFTS[0],
        "@id": "urn:a:a",
        "resourceType": "fhir:Condition",
        "onsetAge": {"unit": value("a")},
    }
    said = '<urn:a:a> a fhir:Condition ; fhir:Condition.onsetAge [ fhir:Quantity.unit [ fhir:value "a" ] ] .'
    assert whole(read(condition)) == whole(turtle(said))


@pytest.mark.parametrize(
    "address",
    [
        "https://hl7.org/fhir/fhir.jsonld",
        "https://fhircat.org/fhir-r4/original/contexts/../../x.context.jsonld",
        "https://fhircat.org.example/fhir-r4/original/contexts/observation.context.jsonld",
        "observation.context.jsonld",
        "",
        "x" * 10_000,
    ],
)
def test_any_other_context_is_named_in_an_error(address: str) -> None:
    with pytest.raises(RecordError) as said:
        read({"@context": address, "@id": "urn:a:a"})
    shown = address if len(address) < 100 else f"{address[:120]}..."
    assert str(said.value) == (
        f"needs the JSON-LD context {shown}, which is not fetched; put the context itself in its place, "
        "or expand the document"
    )


def test_what_is_json_is_not_searched_for_contexts() -> None:
    document = {"@id": "urn:a:a", "urn:a:b": {"@type": "@json", "@value": {"@context": "http://example.org/"}}}
    (graph,) = read(document)
    ((found,),) = graph.nodes["urn:a:a"].values()
    assert isinstance(found, Literal)
    assert json.loads(found.text) == {"@context": "http://example.org/"}


@given(st.decimals(-(10**6), 10**6, places=3), st.integers(-(10**20), 10**20))
def test_numbers_keep_their_values(decimal: Decimal, number: int) -> None:
    text = f'{{"@context": "{PATIENT_CONTEXT}", "id": "urn:a:a", "numericValue": [{decimal}, {number}]}}'
    (graph,) = parse(text.encode(), RdfFormat.JSON_LD)
    ((*found,),) = graph.nodes["urn:a:a"].values()
    assert {Decimal(each.text) for each in found if isinstance(each, Literal)} == {Decimal(decimal), Decimal(number)}


def test_the_tables_name_types_that_are_there() -> None:
    tables = json.loads((CONTEXTS / "fhir-r4.json").read_bytes())
    kinds = {
        kind if isinstance(kind, str) else each
        for table in tables.values()
        for elements in table.values()
        for kind in elements.values()
        for each in ([kind] if isinstance(kind, str) else kind)
    }
    # What follows value[x] may be primitive, and what may be any resource names its own type.
    primitive = {"Boolean", "Code", "Date", "DateTime", "Decimal", "Instant", "Integer", "String", "Time", "Uri"}
    assert kinds - set(tables["parts"]) - primitive == {"Age", "Duration", "Element", "Resource"}
    assert RDF_TYPE not in kinds
