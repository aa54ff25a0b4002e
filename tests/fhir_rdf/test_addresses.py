"""IRIs of resources: which are addresses, the ids in them, and the references to them."""

import pytest

from il2kg.rdf.iris import document_base
from il2kg.read.fhir_rdf.addresses import address, id_of, reference
from tests.fhir_rdf.read import content, found

HERE = document_base("record.ttl")


@pytest.mark.parametrize(
    ("iri", "is_address", "identifier", "referred"),
    [
        ("http://there.example/fhir/Patient/1", True, "1", "http://there.example/fhir/Patient/1"),
        ("https://pod.example/me/data.ttl#pulse", True, "pulse", "https://pod.example/me/data.ttl#pulse"),
        ("urn:uuid:6a79bb01-6289", True, "6a79bb01-6289", "urn:uuid:6a79bb01-6289"),
        ("http://hl7.org/fhir/Patient/1", False, "1", "Patient/1"),
        ("http://hl7.org/fhir/us/core/Patient/1", False, "1", "Patient/1"),
        (f"{HERE}Patient/1", False, "1", "Patient/1"),
        (f"{HERE}#p", False, "p", "Patient/p"),
        (f"{HERE}p", False, "p", "Patient/p"),
        (HERE, False, None, HERE),
        ("urn:Patient/1", False, "1", "urn:Patient/1"),
        ("_:b0", False, None, "_:b0"),
    ],
)
def test_an_iri_of_a_patient(iri: str, is_address: bool, identifier: str | None, referred: str) -> None:
    assert address(iri) == (iri if is_address else None)
    assert id_of(iri) == identifier
    assert reference(iri, "Patient") == referred


def test_links_alone_refer_to_what_the_document_says() -> None:
    resources, problems = found("""
    <#of-another-id> a fhir:Patient ; fhir:Patient.active [ fhir:value true ] ; fhir:Resource.id [ fhir:value "7" ] .
    <#two> a fhir:Patient ; fhir:active [ fhir:v true ] .
    _:p a fhir:Patient ; fhir:id [ fhir:v "9" ] .
    <o1> a fhir:Observation ; fhir:subject [ fhir:link <#of-another-id> ] .
    <o2> a fhir:Observation ; fhir:subject [ fhir:link <#two> ] .
    <o3> a fhir:Observation ; fhir:subject [ fhir:link _:p ] .
    <o4> a fhir:Observation ; fhir:subject [ fhir:link <../Patient/there> ] .
    <o5> a fhir:Observation ; fhir:subject [ fhir:reference [ fhir:link <http://hl7.org/fhir/Patient/8> ] ] .
    """)
    assert problems == []
    assert [each.content["id"] for each in resources if each.content["resourceType"] == "Patient"] == ["7", "two", "9"]
    assert [each.content["subject"]["reference"] for each in resources if "subject" in each.content] == [
        "Patient/7",
        "Patient/two",
        "Patient/9",
        "Patient/there",
        "Patient/8",
    ]


def test_a_link_that_says_more_than_a_reference_is_no_other() -> None:
    """As servers resolve references, and HL7's own example of a Bundle whose ids are not those of its addresses."""
    assert content("""
    <Observation/1> a fhir:Observation ;
      fhir:subject [ fhir:reference [ fhir:v "Patient/a b" ] ; fhir:link <http://x.example/Patient/a%20b/_history/2> ] ;
      fhir:encounter [ fhir:reference [ fhir:v "urn:uuid:1" ] ; fhir:link <http://x.example/urn%3Auuid%3A1> ] ;
      fhir:device [ fhir:reference [ fhir:v "Device/d" ] ; fhir:link <http://x.example/Device/other> ] ;
      fhir:contained ( <http://x.example/Device/other> ) .
    <http://x.example/Device/other> a fhir:Device ; fhir:id [ fhir:v "d" ] .
    """) == {
        "resourceType": "Observation",
        "id": "1",
        "subject": {"reference": "Patient/a b"},
        "encounter": {"reference": "urn:uuid:1"},
        "device": {"reference": "Device/d"},
        "contained": [{"resourceType": "Device", "id": "d"}],
    }
