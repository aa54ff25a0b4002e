"""Nothing enters and nothing leaves: no document makes anything else be opened, here or elsewhere."""

import os
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from il2kg.errors import RecordError
from il2kg.rdf.formats import RdfFormat, recognised
from il2kg.rdf.parsing import parse, parse_stream

TURTLE, TRIG, NT, NQ, JSONLD, RDFXML = RdfFormat
RDF = (
    'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="urn:a:" '
    'xmlns:owl="http://www.w3.org/2002/07/owl#"'
)
SCHEMA, INCLUDE = "http://www.w3.org/2001/XMLSchema-instance", "http://www.w3.org/2001/XInclude"
CONTEXT = "which is not fetched; put the context itself in its place"
DECLARED = "declares a document type or entities"

# What names {there}, and what comes of it: an error that says so, or nothing.
WAYS: dict[str, tuple[RdfFormat, str, str]] = {
    "context": (JSONLD, '{{"@context": "{there}", "@id": "urn:a:a", "b": 1}}', CONTEXT),
    "one of several": (JSONLD, '{{"@context": [{{"b": "urn:a:b"}}, "{there}"], "@id": "urn:a:a", "b": 1}}', CONTEXT),
    "of a node": (JSONLD, '[{{"@id": "urn:a:a", "urn:a:b": {{"@context": "{there}", "c": 1}}}}]', CONTEXT),
    "of a term": (JSONLD, '{{"@context": {{"b": {{"@id": "urn:b", "@context": "{there}"}}}}, "b": {{}}}}', CONTEXT),
    "deeper": (JSONLD, '{{"@context": {{"b": {{"@context": [{{"c": {{"@context": "{there}"}}}}]}}}}}}', CONTEXT),
    "imported context": (JSONLD, '{{"@context": {{"@version": 1.1, "@import": "{there}"}}, "b": 1}}', CONTEXT),
    "escaped": (JSONLD, '{{"\\u0040context": "{there}", "@id": "urn:a:a", "b": 1}}', CONTEXT),
    "json-ld base": (JSONLD, '{{"@context": {{"@base": "{there}", "@vocab": "{there}#"}}, "@id": "", "b": 1}}', ""),
    "json-ld include": (JSONLD, '{{"@id": "", "@included": {{"@id": "{there}", "urn:b": {{"@id": "{there}"}}}}}}', ""),
    "json-ld imports": (JSONLD, '{{"@id": "", "http://www.w3.org/2002/07/owl#imports": {{"@id": "{there}"}}}}', ""),
    "imports": (TURTLE, "@prefix owl: <http://www.w3.org/2002/07/owl#> . <> owl:imports <{there}> .", ""),
    "turtle base": (TRIG, "@base <{there}> . @prefix x: <{there}#> . <> x:see <x> , <{there}> .", ""),
    "see also": (NQ, "<{there}> <http://www.w3.org/2000/01/rdf-schema#seeAlso> <{there}> <{there}> .", ""),
    "xml imports": (RDFXML, '<a:C {rdf} rdf:about=""><owl:imports rdf:resource="{there}"/></a:C>', ""),
    "xml base": (RDFXML, '<a:C {rdf} xml:base="{there}" rdf:about="x"><a:b rdf:resource="y"/></a:C>', ""),
    "schema": (RDFXML, '<a:C {rdf} xmlns:i="{schema}" i:schemaLocation="urn:a: {there}"/>', ""),
    "style": (RDFXML, '<?xml version="1.0"?><?xml-stylesheet href="{there}"?><a:C {rdf}/>', ""),
    "included xml": (
        RDFXML,
        '<a:C {rdf}><a:b rdf:parseType="Literal"><i:include xmlns:i="{include}" href="{there}"/></a:b></a:C>',
        "",
    ),
    "document type": (RDFXML, '<!DOCTYPE a SYSTEM "{there}"><a:C {rdf}/>', DECLARED),
    "public document type": (RDFXML, '<?xml version="1.0"?>\n<!DOCTYPE a PUBLIC "x" "{there}"><a:C {rdf}/>', DECLARED),
    "entity": (RDFXML, '<!DOCTYPE a [<!ENTITY x SYSTEM "{there}">]><a:C {rdf}><a:b>&x;</a:b></a:C>', DECLARED),
    "parameter entity": (RDFXML, '<!DOCTYPE a [<!ENTITY % x SYSTEM "{there}"> %x;]><a:C {rdf}/>', DECLARED),
    "in lower case": (RDFXML, '<!doctype a [<!entity x SYSTEM "{there}">]><a:C {rdf}><a:b>&x;</a:b></a:C>', DECLARED),
    "inner entity": (RDFXML, '<!DOCTYPE a [<!ENTITY x "{there}">]><a:C {rdf}><a:b>&x;</a:b></a:C>', DECLARED),
    "billion laughs": (
        RDFXML,
        '<!DOCTYPE a [<!ENTITY x "{there}"><!ENTITY y "&x;&x;&x;"><!ENTITY z "&y;&y;&y;">]><a:C {rdf} a:b="&z;"/>',
        DECLARED,
    ),
    "behind a comment": (RDFXML, '<!-- <a> --><!DOCTYPE a SYSTEM "{there}"><a:C {rdf}/>', DECLARED),
    "entity that nobody declared": (RDFXML, "<a:C {rdf}><a:b>&x; {there}</a:b></a:C>", "is not RDF/XML"),
}  # fmt: skip


class Places:
    """Two places that would notice: a port that listens, and a pipe that whoever opens it waits at."""

    def __init__(self, folder: Path) -> None:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.calls = 0
        self._pipe = folder / "context.jsonld"
        os.mkfifo(self._pipe)
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def addresses(self) -> list[str]:
        port = self._listener.getsockname()[1]
        return [f"http://127.0.0.1:{port}/context.jsonld", self._pipe.as_uri()]

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()

    def close(self) -> None:
        self._listener.close()


@pytest.fixture(scope="module")
def places(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Places]:
    found = Places(tmp_path_factory.mktemp("places"))
    yield found
    found.close()


@pytest.mark.parametrize("way", WAYS)
def test_what_a_document_names_is_left_alone(way: str, places: Places) -> None:
    form, pattern, says = WAYS[way]
    for there in places.addresses:
        text = pattern.format(there=there, rdf=RDF, schema=SCHEMA, include=INCLUDE).encode()

        def read(text: bytes = text) -> str:
            recognised(text)
            try:
                graphs = parse(text, form)
            except RecordError as error:
                with pytest.raises(RecordError):
                    list(parse_stream([text], form))
                return str(error)
            assert list(parse_stream([text], form)) == graphs
            return ""

        with ThreadPoolExecutor(1) as threads:
            said = threads.submit(read).result(timeout=20)
        assert says in said
        assert bool(says) == bool(said)
        if says == CONTEXT:
            assert there in said
    assert places.calls == 0


def test_the_places_would_have_noticed(places: Places) -> None:
    (http, _) = places.addresses
    port = int(http.split(":")[2].split("/")[0])
    before = places.calls
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.recv(1)
    assert places.calls == before + 1
    places.calls = before
