"""IRIs of resources as addresses, ids and references.

A resource of which no server is known has an IRI relative to its document, or in the namespace of FHIR itself (as the
specification's examples, and what HAPI FHIR writes without a server). Neither is an address; what refers to one is
a relative reference.
"""

import re
from typing import Final
from urllib.parse import unquote

from il2kg.rdf.iris import document_base
from il2kg.read.fhir_rdf.names import FHIR

_DOCUMENTS: Final = document_base("").rpartition("/")[0].rpartition("/")[0] + "/"
"""What the relative IRIs of all documents begin with."""
_NOWHERE: Final = (_DOCUMENTS, FHIR)
_ADDRESS: Final = re.compile(r"https?://.|urn:[^:]+:.")
_TYPE_AND_ID: Final = re.compile(r"(?:^|/)(?P<kind>_?[A-Z][A-Za-z]+)/(?P<id>[^/?#]+)$")


def address(iri: str) -> str | None:
    """The IRI of a resource if it is an address, as a Bundle's ``fullUrl`` is one."""
    return iri if _ADDRESS.match(iri) and not iri.startswith(_NOWHERE) else None


def id_of(iri: str) -> str | None:
    """The id that an IRI ends in: its fragment, or the last part of its path. A document itself has none."""
    path, _, fragment = iri.partition("#")
    if path.startswith("_:") or fragment:
        return fragment or None
    return path.rpartition("/" if "/" in path else ":")[2] or None


def reference(iri: str, kind: str | None = None) -> str:
    """What refers to the resource of an IRI, which is of a kind if that is known."""
    if not iri.startswith(_NOWHERE):
        return iri
    if named := _TYPE_AND_ID.search(iri):
        return f"{named['kind']}/{named['id']}"
    identifier = id_of(iri)
    return f"{kind}/{identifier}" if kind and identifier else iri


def disagree(said: str, link: str) -> bool:
    """Whether a reference and the link beside it name resources of different type or id."""
    if link.endswith(said):
        return False
    one, other = (_TYPE_AND_ID.search(unquote(each.partition("/_history/")[0])) for each in (said, link))
    return one is not None and other is not None and one.groups() != other.groups()
