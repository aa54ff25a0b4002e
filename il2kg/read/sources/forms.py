"""The formats of files: by their name, by what they look like, or as they are asked for."""

from enum import StrEnum
from typing import Final

from il2kg.errors import RecordError
from il2kg.rdf.formats import HEAD, RdfFormat, format_named, format_of_file, recognised
from il2kg.read.sources.spill import Content


class Form(StrEnum):
    """A format of patients' records, by the name that it has on the command line."""

    FHIR_JSON = "fhir-json"
    TURTLE = "turtle"
    TRIG = "trig"
    N_TRIPLES = "nt"
    N_QUADS = "nq"
    JSON_LD = "jsonld"
    RDF_XML = "rdfxml"

    @property
    def rdf(self) -> RdfFormat:
        """The format of RDF that it is; not to be asked of FHIR JSON."""
        return RdfFormat(self.value)


_FHIR_NAMES: Final = (".json", ".ndjson", ".jsonl")
_RDF_XML: Final = (b"http://www.w3.org/1999/02/22-rdf-syntax-ns#", b"rdf:RDF")


def form_named(name: str) -> Form:
    """The format of a name, as on the command line.

    Raises:
        ValueError: there is none of that name.
    """
    if name.lower() in (Form.FHIR_JSON.value, "json"):
        return Form.FHIR_JSON
    form = format_named(name)
    if form is None:
        raise ValueError(f"{name!r} is none of {', '.join(Form)}")
    return Form(form.value)


def form_of(content: Content) -> Form | None:
    """The format of a file: what its name says, else what it looks like; None where it is none that is read.

    Raises:
        RecordError: it is text in another encoding than UTF-8, or XML that is no RDF.
    """
    name = content.path.name
    head = content.read(0, HEAD)
    if name.lower().removesuffix(".gz").endswith(_FHIR_NAMES):
        return Form.JSON_LD if recognised(head) is RdfFormat.JSON_LD else Form.FHIR_JSON
    form = format_of_file(name) or recognised(head)
    if form is RdfFormat.RDF_XML and not any(mark in head for mark in _RDF_XML):
        if content.name:
            return None
        raise RecordError("is XML, but no RDF; FHIR in XML is not read: give it as JSON")
    if form is None:
        return Form.FHIR_JSON if _looks_like_fhir(head) else None
    return Form(form.value)


def _looks_like_fhir(head: bytes) -> bool:
    return head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"resourceType"' in head
