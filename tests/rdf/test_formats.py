"""The formats by name, by the end of a file's name, and by the beginning of a document."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from il2kg.errors import RecordError
from il2kg.rdf.formats import HEAD, RdfFormat, format_named, format_of_file, recognised
from il2kg.rdf.writing import serialise
from tests.rdf.generated import PREFIXES, several

TURTLE, TRIG, NT, NQ, JSONLD, RDFXML = RdfFormat


@pytest.mark.parametrize(
    ("names", "form"),
    [
        (("turtle", "ttl", "TTL"), TURTLE),
        (("trig",), TRIG),
        (("nt", "ntriples", "N-Triples"), NT),
        (("nq", "nquads", "n-quads"), NQ),
        (("jsonld", "json-ld", "JSON-LD"), JSONLD),
        (("rdfxml", "rdf/xml", "rdf-xml", "xml", "rdf"), RDFXML),
        (("json", "fhir", "", "n3"), None),
    ],
)
def test_names(names: tuple[str, ...], form: RdfFormat | None) -> None:
    assert [format_named(name) for name in names] == [form] * len(names)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("a.ttl", TURTLE),
        ("A.TTL.GZ", TURTLE),
        ("a.turtle", TURTLE),
        ("a.trig", TRIG),
        ("a.nt.gz", NT),
        ("a.nq", NQ),
        ("a.jsonld", JSONLD),
        ("a.rdf", RDFXML),
        ("a.owl", RDFXML),
        ("a.xml.gz", RDFXML),
        ("a.json", None),
        ("a.ndjson.gz", None),
        ("ttl", None),
        ("-", None),
    ],
)
def test_ends_of_names(name: str, form: RdfFormat | None) -> None:
    assert format_of_file(name) == form


BEGINNINGS = {
    b"@prefix il2: <https://w3id.org/il2kg/> .": TRIG,
    b"\xef\xbb\xbf# a record\r\n\t@base <http://example.org/> .": TRIG,
    b"PREFIX il2: <https://w3id.org/il2kg/>": TRIG,
    b"Base <http://example.org/>": TRIG,
    b"GRAPH <http://example.org/g> {": TRIG,
    b"<http://example.org/g> { <a> <b> 1 }": TRIG,
    b"<Observation/7> a <http://hl7.org/fhir/Observation> .": TRIG,
    b"<http://example.org/a> a <http://example.org/b> .": TRIG,
    b"_:a a _:b .": TRIG,
    b"<urn:a:a> <urn:a:b> 'c' .": TRIG,
    b"<urn:a:a> <urn:a:b> <urn:a:c> .": NQ,
    b'# first\n_:a <urn:a:b> "c"@en <urn:a:g> . # here\n\n<urn:a:a> <urn:a:b> _:b .\n': NQ,
    b'<urn:a:a> <urn:a:b> "\\"c"^^<urn:a:t> .\n<urn:a:a> <urn:a:b> _:b ; <urn:a:c> 1 .\n': TRIG,
    b'<?xml version="1.0"?>\n<rdf:RDF': RDFXML,
    b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'>": RDFXML,
    b"<!-- a record --><rdf:RDF>": RDFXML,
    b"<!DOCTYPE rdf:RDF>": RDFXML,
    b'{"@context": {}, "@id": "a"}': JSONLD,
    b'[{"@id": "a"}]': JSONLD,
    b'{"name": {"resourceType": "no", "x": "\\"}"}, "@graph": []}': JSONLD,
    b'{"@type": "Observation"': JSONLD,
    b'{"@context": "https://fhircat.org/fhir-r4/original/contexts/patient.context.jsonld", "resourceType": "a"}': None,
    b'{"resourceType": "Bundle", "entry": [{"@id": "a"}]}': None,
    b'{"a": "\\"@id\\": 1", "b": {"@id": 1}}': None,
    b'{"resourceType": "Patient"}': None,
    b"[]": None,
    b"": None,
    b" \n# nothing": None,
    b"creatinine 5": None,
    b"prefixes": None,
    b"5": None,
    bytes(range(256)): None,
}


@pytest.mark.parametrize("head", BEGINNINGS)
def test_beginnings(head: bytes) -> None:
    assert recognised(head) == BEGINNINGS[head]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-be"])
@pytest.mark.parametrize("text", ["<?xml version='1.0'?><a/>", "@prefix a: <b> .", '{"@id": "a"}'])
def test_other_encodings_are_said(text: str, encoding: str) -> None:
    with pytest.raises(RecordError, match="UTF-16 or UTF-32; save it as UTF-8"):
        recognised(text.encode(encoding))


@given(several(), st.sampled_from([TRIG, NQ, JSONLD]))
def test_what_is_written_is_recognised(graphs: list, form: RdfFormat) -> None:
    assert recognised(serialise(graphs, form, PREFIXES)) == form


@given(st.data())
def test_the_last_line_of_a_beginning_may_be_cut_off(data: st.DataObject) -> None:
    line = b'<urn:a:a> <urn:a:b> "c, ;" <urn:a:g> .\n'
    whole = line * (HEAD // len(line) + 2)
    assert recognised(b" " * data.draw(st.integers(0, len(line))) + whole[:HEAD]) == NQ
