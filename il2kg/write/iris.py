"""The names that a patient graph gives to what has none: patients, items, entries of a source, and the graph itself.

What a source calls something stands in them percent-encoded, so that the same record always gets the same names. A
``source`` keeps apart patients of one name in two sources that are written into one file.
"""

import re
from typing import Final
from urllib.parse import quote

import pyoxigraph as ox

RECORD: Final = "urn:il2kg:record:"
"""Patients and items."""
ENTRY: Final = "urn:il2kg:entry:"
"""Entries of a source that has no address for them: what items were derived from."""
GRAPH: Final = "urn:il2kg:graph:"
"""The graphs that hold one patient each."""

_CHARACTERS: Final = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@/-]|%[0-9A-Fa-f]{2})*+"
_PLAINLY_ABSOLUTE: Final = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.-]*+:(?://[A-Za-z0-9._~-]++(?::[0-9]++)?(?=[/?#]|\Z)|(?!//)(?=[^?#]))"
    rf"{_CHARACTERS}(?:\?{_CHARACTERS})?(?:\#{_CHARACTERS})?"
)


def is_iri(text: str) -> bool:
    """Whether a text is an absolute IRI."""
    if _PLAINLY_ABSOLUTE.fullmatch(text):
        return True
    try:
        ox.NamedNode(text)
    except (ValueError, UnicodeEncodeError):
        return False
    return True


def patient_iri(patient: str | None, source: str = "") -> str:
    """The name of a patient's node; None is the one whom a source does not name."""
    return f"{RECORD}{_local(patient, source)}"


def item_iri(patient: str | None, item: str, number: int = 1, source: str = "") -> str:
    """The name of an item's node; ``number`` counts the items of a patient that the source calls the same."""
    return f"{RECORD}{_local(patient, source)}:{_quoted(item)}{f':{number}' if number > 1 else ''}"


def entry_iri(patient: str | None, item: str, source: str = "") -> str:
    """The name of the entry of the source that an item was derived from."""
    return f"{ENTRY}{_local(patient, source)}:{_quoted(item)}"


def graph_iri(patient: str | None, source: str = "") -> str:
    """The name of the graph that holds a patient."""
    return f"{GRAPH}{_local(patient, source)}"


def _local(patient: str | None, source: str) -> str:
    # "-" stands for a patient without a name; no encoded name is that: a hyphen alone is encoded, too.
    name = "-" if patient is None else "%2D" if patient == "-" else _quoted(patient)
    return f"{_quoted(source)}/{name}" if source else name


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")
