"""IRIs of documents: which are well-formed, what relative ones mean, and how blank nodes are told apart.

A relative IRI means something within its document only: it is resolved against ``urn:il2kg:document/NAME/``, as if
the document were a folder, so that ``<Observation/7>`` of two files are two things. ``<../Patient/1>``, as FHIR RDF
has it, leads out of it, to what all documents beside it may name. A base that a document states itself comes first.
Nothing is ever looked up at such an address.
"""

import re
from hashlib import blake2b
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

_NAMESPACE: Final = "urn:il2kg:document/"
_CHARACTERS: Final = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]++|%[0-9A-Fa-f]{2})*+"
_PLAINLY_WELL_FORMED: Final = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*+:(?!//)(?:{_CHARACTERS})(?:\?{_CHARACTERS})?(?:\#{_CHARACTERS})?"
    rf"|[A-Za-z][A-Za-z0-9+.-]*+://[A-Za-z0-9._~-]++(?::[0-9]++)?(?:/{_CHARACTERS})?"
    rf"(?:\?{_CHARACTERS})?(?:\#{_CHARACTERS})?"
).fullmatch


def document_base(name: str) -> str:
    """What the relative IRIs of a document of that name are resolved against."""
    path = "/".join(part for part in re.split(r"[/\\]+", name) if part not in {"", ".", ".."})
    return f"{_NAMESPACE}{quote(path or '-')}/"


def label_prefix(name: str) -> str:
    """How the labels of a document's blank nodes begin, so that they meet no other document's."""
    return f"_:b{blake2b(name.encode(errors='surrogatepass'), digest_size=5).hexdigest()}-" if name else "_:b"


def resolved(iri: str, base: str) -> str | None:
    """An absolute IRI as it is, a relative one resolved; None for what is none."""
    if _PLAINLY_WELL_FORMED(iri):
        return iri
    try:
        (quad,) = ox.parse(f"<{iri}> <a:a> <a:a> .", ox.RdfFormat.TURTLE, base_iri=base)
    except (SyntaxError, ValueError):
        return None
    return quad.subject.value if isinstance(quad.subject, ox.NamedNode) else None
