"""FHIR RDF in the style of R4 (and of STU3 and DSTU2 before it), by hand."""

from decimal import Decimal

import pytest

from tests.fhir_rdf.read import content, flawed, found


def test_an_observation_with_components() -> None:
    assert content("""
    <http://there.example/fhir/Observation/bp> a fhir:Observation ; fhir:nodeRole fhir:treeRoot ;
      fhir:Resource.id [ fhir:value "bp" ] ;
      fhir:Resource.meta [ fhir:Meta.profile [ fhir:value "http://there.example/p" ; fhir:index 0 ] ] ;
      fhir:Observation.status [ fhir:value "final" ] ;
      fhir:Observation.effectivePeriod [
        fhir:Period.start [ fhir:value "2026-03"^^xsd:gYearMonth ] ;
          fhir:Period.end [ fhir:value "2027"^^xsd:gYear ] ] ;
      fhir:Observation.component [
        fhir:index 1 ;
        fhir:Observation.component.code [ fhir:CodeableConcept.text [ fhir:value "diastolic" ] ] ;
        fhir:Observation.component.dataAbsentReason [ fhir:CodeableConcept.text [ fhir:value "cuff" ] ]
      ], [
        fhir:index 0 ;
        fhir:Observation.component.code [ fhir:CodeableConcept.coding [
          fhir:index 0 ; a loinc:8480-6 ;
          fhir:Coding.system [ fhir:value "http://loinc.org" ] ; fhir:Coding.code [ fhir:value "8480-6" ] ] ] ;
        fhir:Observation.component.valueQuantity [
          fhir:Quantity.value [ fhir:value "109"^^xsd:decimal ] ; fhir:Quantity.code [ fhir:value "mm[Hg]" ] ]
      ] .
    <http://there.example/fhir/Observation/bp.ttl> a owl:Ontology ; owl:imports fhir:fhir.ttl .
    """) == {
        "resourceType": "Observation",
        "id": "bp",
        "meta": {"profile": ["http://there.example/p"]},
        "status": "final",
        "effectivePeriod": {"start": "2026-03", "end": "2027"},
        "component": [
            {
                "code": {"coding": [{"system": "http://loinc.org", "code": "8480-6"}]},
                "valueQuantity": {"value": 109, "code": "mm[Hg]"},
            },
            {"code": {"text": "diastolic"}, "dataAbsentReason": {"text": "cuff"}},
        ],
    }


@pytest.mark.parametrize(
    ("literal", "value"),
    [
        ('"6.30"^^xsd:decimal', Decimal("6.30")),
        ("6.30", Decimal("6.30")),
        ('"185"^^xsd:decimal', 185),
        ("185", 185),
        ('"3"^^xsd:nonNegativeInteger', 3),
        ('"1e2"^^xsd:decimal', Decimal("1E+2")),
        ("1.0e2", Decimal("1.0E+2")),
        ('"-.5"^^xsd:decimal', Decimal("-0.5")),
        ('"abc"^^xsd:decimal', "abc"),
        ('"NaN"^^xsd:double', "NaN"),
        ('"INF"^^xsd:double', "INF"),
        ('"1e99999999999999999999"^^xsd:decimal', "1e99999999999999999999"),
        ('"٣"^^xsd:integer', "٣"),
        ('"7"', "7"),
        ("true", True),
        ('"0"^^xsd:boolean', False),
        ('"maybe"^^xsd:boolean', "maybe"),
        ('"2026-03-02"^^xsd:date', "2026-03-02"),
        ('"no date"^^xsd:date', "no date"),
        ('"words"@en', "words"),
        ('"F"^^xsd:code', "F"),
    ],
)
def test_a_literal_is_the_value_of_json(literal: str, value: object) -> None:
    resource = content(f"<Observation/1> a fhir:Observation ; fhir:Observation.valueX [ fhir:value {literal} ] .")
    assert (type(resource["valueX"]), str(resource["valueX"])) == (type(value), str(value))


def test_integers_without_a_datatype_are_integers_by_their_name() -> None:
    assert content("""
    [] a fhir:Observation ; fhir:Observation.valueInteger [ fhir:value "7" ] ;
      fhir:Observation.method [ fhir:CodeableConcept.text [ fhir:value "7" ] ] .
    """) == {"resourceType": "Observation", "valueInteger": 7, "method": {"text": "7"}}


def test_primitive_values_with_extensions_or_with_nothing_else() -> None:
    assert content("""
    <Patient/1> a fhir:Patient ; fhir:nodeRole fhir:treeRoot ;
      fhir:Patient.birthDate [ fhir:value "1974-12-25"^^xsd:date ; fhir:Element.id [ fhir:value "born" ] ] ;
      fhir:Patient.gender [ fhir:Element.extension [ fhir:index 0 ;
        fhir:Extension.url [ fhir:value "http://there.example/absent" ] ;
          fhir:Extension.valueCode [ fhir:value "masked" ] ] ] ;
      fhir:Patient.name [ fhir:index 0 ;
        fhir:HumanName.given [ fhir:index 1 ; fhir:Element.id [ fhir:value "second" ] ], [ fhir:index 0 ;
          fhir:value "A" ] ] ;
      fhir:Patient.maritalStatus [ fhir:Element.id [ fhir:value "m" ] ] .
    """) == {
        "resourceType": "Patient",
        "id": "1",
        "birthDate": "1974-12-25",
        "_birthDate": {"id": "born"},
        "_gender": {"extension": [{"url": "http://there.example/absent", "valueCode": "masked"}]},
        "name": [{"given": ["A", None], "_given": [None, {"id": "second"}]}],
        "maritalStatus": {"id": "m"},
    }


def test_a_bundle_holds_its_resources_named_or_not() -> None:
    assert content("""
    <http://hl7.org/fhir/Bundle/b> a fhir:Bundle ; fhir:nodeRole fhir:treeRoot ;
      fhir:Bundle.link [ fhir:index 0 ; fhir:Bundle.link.relation [ fhir:value "next" ] ] ;
      fhir:Bundle.entry [
        fhir:index 0 ; fhir:Bundle.entry.fullUrl [ fhir:value "urn:uuid:1" ] ; fhir:Bundle.entry.resource <urn:uuid:1>
      ], [ fhir:index 1 ; fhir:Bundle.entry.resource [ a fhir:Condition ; fhir:Resource.id [ fhir:value "c" ] ]
      ], [ fhir:index 2 ; fhir:Bundle.entry.resource <http://there.example/fhir/Patient/9>
      ], [ fhir:index 3 ; fhir:Bundle.entry.response [ fhir:Bundle.entry.response.outcome [
             a fhir:OperationOutcome ; fhir:Resource.id [ fhir:value "oo" ] ] ] ] .
    <urn:uuid:1> a fhir:Observation ; fhir:Observation.status [ fhir:value "final" ] .
    <http://there.example/fhir/Patient/9> a fhir:Patient .
    """) == {
        "resourceType": "Bundle",
        "id": "b",
        "link": [{"relation": "next"}],
        "entry": [
            {"fullUrl": "urn:uuid:1", "resource": {"resourceType": "Observation", "status": "final"}},
            {"resource": {"resourceType": "Condition", "id": "c"}},
            {"fullUrl": "http://there.example/fhir/Patient/9", "resource": {"resourceType": "Patient", "id": "9"}},
            {"response": {"outcome": {"resourceType": "OperationOutcome", "id": "oo"}}},
        ],
    }


def test_contained_resources_and_elements_that_share_their_names() -> None:
    assert content("""
    <Procedure/1> a fhir:Procedure ; fhir:nodeRole fhir:treeRoot ;
      fhir:DomainResource.contained [ a fhir:Medication ; fhir:index 0 ; fhir:Resource.id [ fhir:value "m" ] ] ;
      fhir:Procedure.outcome [ fhir:CodeableConcept.text [ fhir:value "well" ] ] .
    """) == {
        "resourceType": "Procedure",
        "id": "1",
        "contained": [{"resourceType": "Medication", "id": "m"}],
        "outcome": {"text": "well"},
    }


def test_a_resource_without_a_type_has_that_of_its_properties() -> None:
    assert content("""
    <Observation/1> fhir:Resource.id [ fhir:value "1" ] ; fhir:Observation.component [ fhir:index 0 ;
      fhir:Observation.component.code [ fhir:CodeableConcept.text [ fhir:value "x" ] ] ] .
    """) == {"resourceType": "Observation", "id": "1", "component": [{"code": {"text": "x"}}]}


def test_types_that_a_reasoner_adds_and_codes_as_types_change_nothing() -> None:
    assert content("""
    <Observation/1> a fhir:Observation, fhir:DomainResource, fhir:Resource, owl:NamedIndividual, sct:363787002 ;
      fhir:Observation.code [ a fhir:CodeableConcept, fhir:Element ; fhir:CodeableConcept.coding [
        a fhir:Coding, loinc:2160-0 ; fhir:Coding.code [ a fhir:code ; fhir:value "2160-0" ] ] ] .
    """) == {"resourceType": "Observation", "id": "1", "code": {"coding": [{"code": "2160-0"}]}}


def test_a_list_of_one_without_a_place_is_a_list() -> None:
    assert content("""
    [] a fhir:Observation ;
      fhir:Observation.interpretation [ fhir:CodeableConcept.coding [ fhir:Coding.code [ fhir:value "H" ] ] ] .
    """) == {"resourceType": "Observation", "interpretation": [{"coding": [{"code": "H"}]}]}


def test_values_without_a_node_and_resources_without_a_reference() -> None:
    """As drafts of STU3 and DSTU2 wrote them."""
    assert content("""
    <Observation/1> a fhir:Observation ; fhir:Observation.status "final" ;
      fhir:Observation.valueQuantity [ fhir:Quantity.value 0.887 ; fhir:Quantity.system <http://unitsofmeasure.org> ] ;
      fhir:Observation.code [ fhir:CodeableConcept.coding [ fhir:index 0 ; fhir:concept loinc:1-8 ;
        fhir:Coding.code "1-8" ] ] ;
      fhir:Observation.subject <http://there.example/fhir/Patient/9> ; fhir:Observation.device <Device/d> .
    <Device/d> a fhir:Device .
    """) == {
        "resourceType": "Observation",
        "id": "1",
        "status": "final",
        "valueQuantity": {"value": Decimal("0.887"), "system": "http://unitsofmeasure.org"},
        "code": {"coding": [{"code": "1-8"}]},
        "subject": {"reference": "http://there.example/fhir/Patient/9"},
        "device": {"reference": "Device/d"},
    }


def test_extensions_that_are_all_at_one_place_are_kept() -> None:
    """As HAPI FHIR numbers those of primitive values; it also gives an id twice."""
    resource = content("""
    <Patient/1> a fhir:Patient ; fhir:nodeRole fhir:treeRoot ;
      fhir:Resource.id [ fhir:value "1" ], [ fhir:value "1" ] ;
      fhir:Patient.birthDate [ fhir:value "1974"^^xsd:date ; fhir:Element.extension
        [ fhir:index 0 ; fhir:Extension.url [ fhir:value "urn:a:1" ] ],
        [ fhir:index 0 ; fhir:Extension.url [ fhir:value "urn:a:2" ] ] ] .
    """)
    assert resource["id"] == "1"
    assert sorted(each["url"] for each in resource["_birthDate"]["extension"]) == ["urn:a:1", "urn:a:2"]


def test_files_of_several_resources_and_what_they_refer_to() -> None:
    resources, problems = found("""
    <http://there.example/fhir/Patient/1> a fhir:Patient ; fhir:Patient.active [ fhir:value true ] .
    <http://there.example/fhir/Observation/2> a fhir:Observation ; fhir:Observation.subject [
      fhir:link <http://there.example/fhir/Patient/1> ; fhir:Reference.reference [ fhir:value "Patient/1" ] ] ;
      fhir:Observation.encounter [ fhir:link <http://there.example/fhir/Encounter/3> ] .
    <http://there.example/fhir/Encounter/3> a fhir:Encounter .
    """)
    assert problems == []
    assert {each.address: each.content for each in resources} == {
        "http://there.example/fhir/Patient/1": {"resourceType": "Patient", "id": "1", "active": True},
        "http://there.example/fhir/Observation/2": {
            "resourceType": "Observation",
            "id": "2",
            "subject": {"reference": "Patient/1"},
            "encounter": {"reference": "http://there.example/fhir/Encounter/3"},
        },
    }


def test_a_resource_that_is_a_root_and_in_a_bundle_is_read_once() -> None:
    resource, problems = flawed("""
    <http://there.example/fhir/Patient/1> a fhir:Patient ; fhir:nodeRole fhir:treeRoot ;
      fhir:Patient.active [ fhir:value true ] .
    <Bundle/b> a fhir:Bundle ; fhir:nodeRole fhir:treeRoot ;
      fhir:Bundle.entry [ fhir:index 0 ; fhir:Bundle.entry.resource <http://there.example/fhir/Patient/1> ] .
    """)
    assert problems == []
    assert resource["entry"] == [
        {
            "fullUrl": "http://there.example/fhir/Patient/1",
            "resource": {"resourceType": "Patient", "id": "1", "active": True},
        }
    ]
