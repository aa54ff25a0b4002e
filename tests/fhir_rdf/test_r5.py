"""FHIR RDF in the style of R5 (and of R6), by hand."""

from decimal import Decimal

import pytest

from tests.fhir_rdf.read import content, flawed


def test_an_observation_with_components() -> None:
    assert content("""
    <Observation/1> a fhir:Observation ; fhir:nodeRole fhir:treeRoot ;
      fhir:id [ fhir:v "1" ] ; fhir:status [ fhir:v "final" ] ;
      fhir:subject [ fhir:reference [ fhir:link <../Patient/9> ; fhir:v "Patient/9" ] ; fhir:display [ fhir:v "A" ] ] ;
      fhir:effective [ a fhir:DateTime ; fhir:v "2026-03-02T08:00:00Z"^^xsd:dateTime ] ;
      fhir:value [ a fhir:Quantity ; fhir:value [ fhir:v 1.40 ] ; fhir:unit [ fhir:v "mg/dL" ] ;
        fhir:system [ fhir:v "http://unitsofmeasure.org"^^xsd:anyURI ; fhir:l <http://unitsofmeasure.org> ] ] ;
      fhir:component (
        [ fhir:code [ a sct:1 ; fhir:text [ fhir:v "first" ] ] ; fhir:value [ a fhir:boolean ; fhir:v true ] ]
        [ fhir:code [ fhir:coding ( [ a loinc:2-0 ; fhir:code [ fhir:v "2-0" ] ] ) ] ;
          fhir:value [ a fhir:CodeableConcept ; fhir:text [ fhir:v "high" ] ] ] ) .
    <../Patient/9> a fhir:Patient .
    """) == {
        "resourceType": "Observation",
        "id": "1",
        "status": "final",
        "subject": {"reference": "Patient/9", "display": "A"},
        "effectiveDateTime": "2026-03-02T08:00:00Z",
        "valueQuantity": {"value": Decimal("1.40"), "unit": "mg/dL", "system": "http://unitsofmeasure.org"},
        "component": [
            {"code": {"text": "first"}, "valueBoolean": True},
            {"code": {"coding": [{"code": "2-0"}]}, "valueCodeableConcept": {"text": "high"}},
        ],
    }


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("a fhir:String ; fhir:v 'x'", "valueString"),
        ("a fhir:string ; fhir:v 'x'", "valueString"),
        ("a fhir:Integer ; fhir:v 3", "valueInteger"),
        ("a fhir:SimpleQuantity ; fhir:unit [ fhir:v 'x' ]", "valueQuantity"),
        ("a fhir:Age, fhir:Quantity, fhir:Element ; fhir:unit [ fhir:v 'a' ]", "valueAge"),
        ("fhir:v 'x'", "valueString"),
        ("fhir:v true", "valueBoolean"),
        ("fhir:v 3", "valueInteger"),
        ("fhir:v 3.0", "valueDecimal"),
        ("fhir:v '3'^^xsd:decimal", "valueDecimal"),
        ("fhir:v '2026'^^xsd:gYear", "valueDateTime"),
        ("fhir:v '08:00:00'^^xsd:time", "valueTime"),
        ("fhir:v 'urn:a:1'^^xsd:anyURI", "valueUri"),
        ("fhir:unit [ fhir:v 'mg' ]", "valueQuantity"),
        ("fhir:coding ( [ fhir:code [ fhir:v 'x' ] ] )", "valueCodeableConcept"),
        ("fhir:low [ fhir:unit [ fhir:v 'mg' ] ]", "valueRange"),
        ("fhir:numerator [ fhir:unit [ fhir:v 'mg' ] ]", "valueRatio"),
        ("fhir:start [ fhir:v '2026' ]", "valuePeriod"),
        ("fhir:reference [ fhir:v 'Patient/1' ]", "valueReference"),
        ("fhir:code [ fhir:v 'x' ]", "valueCoding"),
    ],
)
def test_a_choice_is_named_by_its_type_or_by_what_it_holds(value: str, name: str) -> None:
    resource = content(f"<Observation/1> a fhir:Observation ; fhir:value [ {value} ] .")
    assert list(resource) == ["resourceType", name, "id"]


def test_what_is_no_choice_keeps_its_name_whatever_its_type() -> None:
    assert content(
        """
    <MedicationRequest/1> a fhir:MedicationRequest ;
      fhir:identifier ( [ a fhir:Identifier ; fhir:value [ a fhir:String ; fhir:v "7" ] ] ) ;
      fhir:status [ a fhir:Code ; fhir:v "active" ] ;
      fhir:medication [ a fhir:CodeableReference ; fhir:concept [ a fhir:CodeableConcept ;
        fhir:text [ fhir:v "drug" ] ] ] ;
      fhir:note ( [ fhir:author [ fhir:v "nurse" ] ] ) ;
      fhir:dosageInstruction ( [ a fhir:Dosage ; fhir:asNeeded [ fhir:v true ] ; fhir:timing [ a fhir:Timing ] ;
        fhir:doseAndRate ( [ fhir:dose [ a fhir:Quantity ; fhir:value [ a fhir:Decimal ; fhir:v 2.0 ] ] ;
          fhir:rate [ a fhir:Ratio ; fhir:numerator [ a fhir:Quantity ; fhir:value [ fhir:v 5 ] ] ] ] ) ] ) .
    """.replace("fhir:timing [ a fhir:Timing ] ;", "")
    ) == {
        "resourceType": "MedicationRequest",
        "id": "1",
        "identifier": [{"value": "7"}],
        "status": "active",
        "medication": {"concept": {"text": "drug"}},
        "note": [{"authorString": "nurse"}],
        "dosageInstruction": [
            {
                "asNeeded": True,
                "doseAndRate": [{"doseQuantity": {"value": Decimal("2.0")}, "rateRatio": {"numerator": {"value": 5}}}],
            }
        ],
    }


def test_r4_content_in_the_style_of_r5() -> None:
    assert content("""
    <MedicationAdministration/1> a fhir:MedicationAdministration ;
      fhir:medication [ a fhir:Reference ; fhir:reference [ fhir:v "#m" ] ] ;
      fhir:dosage [ fhir:dose [ a fhir:Quantity ; fhir:value [ fhir:v 5 ] ] ; fhir:rate [ a fhir:Quantity ;
        fhir:unit [ fhir:v "h" ] ] ] ;
      fhir:contained [ a fhir:Medication ; fhir:id [ fhir:v "m" ] ; fhir:ingredient ( [ fhir:item [
        a fhir:CodeableConcept ; fhir:text [ fhir:v "drug" ] ] ] ) ] .
    """) == {
        "resourceType": "MedicationAdministration",
        "id": "1",
        "medicationReference": {"reference": "#m"},
        "dosage": {"dose": {"value": 5}, "rateQuantity": {"unit": "h"}},
        "contained": [
            {"resourceType": "Medication", "id": "m", "ingredient": [{"itemCodeableConcept": {"text": "drug"}}]}
        ],
    }


def test_modifiers_survive_with_the_underscores_of_what_they_modify() -> None:
    assert content("""
    <Observation/1> a fhir:_Observation ; fhir:_status [ fhir:v "final" ] ;
      fhir:modifierExtension ( [ fhir:url [ fhir:v "urn:a:1" ] ; fhir:value [ a fhir:Boolean ; fhir:v true ] ] ) ;
      fhir:component ( [ fhir:code [ fhir:text [ fhir:v "plain" ] ] ] ) ;
      fhir:_component ( [ fhir:modifierExtension ( [ fhir:url [ fhir:v "urn:a:2" ] ] ) ; fhir:value [ fhir:v 3 ] ] ) ;
      fhir:_value [ a fhir:Quantity ; fhir:value [ fhir:v 4 ] ;
        fhir:modifierExtension ( [ fhir:url [ fhir:v "urn:a:3" ] ] ) ] .
    """) == {
        "resourceType": "Observation",
        "id": "1",
        "status": "final",
        "modifierExtension": [{"url": "urn:a:1", "valueBoolean": True}],
        "component": [
            {"code": {"text": "plain"}},
            {"modifierExtension": [{"url": "urn:a:2"}], "valueInteger": 3},
        ],
        "valueQuantity": {"value": 4, "modifierExtension": [{"url": "urn:a:3"}]},
    }


def test_an_underscore_without_a_modifier_is_not_trusted() -> None:
    resource, problems = flawed("""
    <Observation/1> a fhir:_Observation ; fhir:_value [ a fhir:Quantity ; fhir:value [ fhir:v 4 ] ] .
    """)
    assert resource["modifierExtension"] == [{"url": "urn:il2kg:unreadable"}]
    assert problems == [
        ("Observation/1", "modified, and nothing says by what", "value"),
        ("Observation/1", "modified, and nothing says by what", ""),
    ]


def test_links_that_are_elements_and_links_that_are_none() -> None:
    assert content("""
    <Patient/1> a fhir:Patient ;
      fhir:link ( [ fhir:other [ fhir:link <http://there.example/fhir/Patient/2> ] ;
        fhir:type [ fhir:v "seealso" ] ] ) ;
      fhir:managingOrganization [ fhir:l <urn:uuid:3> ; fhir:display [ fhir:v "us" ] ] .
    """) == {
        "resourceType": "Patient",
        "id": "1",
        "link": [{"other": {"reference": "http://there.example/fhir/Patient/2"}, "type": "seealso"}],
        "managingOrganization": {"reference": "urn:uuid:3", "display": "us"},
    }


def test_a_bundle_and_resources_contained_by_name() -> None:
    assert content("""
    <> a fhir:Bundle ; fhir:nodeRole fhir:treeRoot ; fhir:type [ fhir:v "collection" ] ;
      fhir:entry ( [
        fhir:fullUrl [ fhir:v "http://there.example/fhir/Patient/1"^^xsd:anyURI ;
          fhir:l <http://there.example/fhir/Patient/1> ] ;
        fhir:resource <http://there.example/fhir/Patient/1> ] ) .
    <http://there.example/fhir/Patient/1> a fhir:Patient ; fhir:contained ( <http://there.example/fhir/Patient/1#o> ) .
    <http://there.example/fhir/Patient/1#o> a fhir:Organization ; fhir:name [ fhir:v "us" ] .
    """) == {
        "resourceType": "Bundle",
        "type": "collection",
        "entry": [
            {
                "fullUrl": "http://there.example/fhir/Patient/1",
                "resource": {
                    "resourceType": "Patient",
                    "contained": [{"resourceType": "Organization", "name": "us", "id": "o"}],
                },
            }
        ],
    }


def test_a_list_of_the_only_resource_of_an_entry() -> None:
    """As HL7's publisher of guides writes it; elsewhere a list is one, whatever the name says."""
    assert content("""
    <> a fhir:Bundle ; fhir:nodeRole fhir:treeRoot ; fhir:entry ( [ fhir:resource ( <urn:uuid:1> ) ] ) .
    <urn:uuid:1> a fhir:CapabilityStatement ; fhir:rest ( [ fhir:resource ( [ fhir:type [ fhir:v "Patient" ] ] ) ] ) .
    """) == {
        "resourceType": "Bundle",
        "entry": [
            {
                "fullUrl": "urn:uuid:1",
                "resource": {
                    "resourceType": "CapabilityStatement",
                    "rest": [{"resource": [{"type": "Patient"}]}],
                    "id": "1",
                },
            }
        ],
    }


def test_primitive_values_with_extensions_or_with_nothing_else() -> None:
    assert content("""
    <Observation/1> a fhir:Observation ;
      fhir:issued [ fhir:extension ( [ fhir:url [ fhir:v "urn:a:1" ] ; fhir:value [ fhir:v "x" ] ] ) ] ;
      fhir:effective [ a fhir:dateTime ; fhir:extension ( [ fhir:url [ fhir:v "urn:a:2" ] ] ) ] ;
      fhir:value [ a fhir:Quantity ; fhir:code [ fhir:id [ fhir:v "c" ] ] ;
        fhir:value [ fhir:v 5.0 ; fhir:extension ( [ fhir:url [ fhir:v "urn:a:3" ] ] ) ] ] .
    """) == {
        "resourceType": "Observation",
        "id": "1",
        "_issued": {"extension": [{"url": "urn:a:1", "valueString": "x"}]},
        "_effectiveDateTime": {"extension": [{"url": "urn:a:2"}]},
        "valueQuantity": {
            "value": Decimal("5.0"),
            "_value": {"extension": [{"url": "urn:a:3"}]},
            "_code": {"id": "c"},
        },
    }


def test_names_of_r4_and_values_of_r5_together() -> None:
    assert content("""
    <Observation/1> a fhir:Observation ; fhir:Observation.status [ fhir:v "final" ] ;
      fhir:valueQuantity [ fhir:Quantity.value [ fhir:value 7 ] ] .
    """) == {"resourceType": "Observation", "id": "1", "status": "final", "valueQuantity": {"value": 7}}
