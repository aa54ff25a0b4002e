"""What Python may give as a record: files, parsed FHIR, RDF graphs."""

from collections.abc import Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import pyoxigraph as ox

from il2kg.rdf.foreign import graphs_of, graphs_of_store
from il2kg.read.sources.json_text import from_python
from il2kg.read.sources.source import Formats, patients, patients_of, patients_of_graphs
from il2kg.statements import Patient

if TYPE_CHECKING:
    import rdflib

RecordSource: TypeAlias = (
    "str | PathLike[str] | Mapping[str, Any] | Iterable[Mapping[str, Any]] | rdflib.Graph | ox.Store"
)
"""A path to a file or folder, FHIR resources as Python values, or RDF."""
_NAME = "record"


def patients_in(source: RecordSource, formats: Formats) -> Iterator[Patient]:
    """The patients of a record, whatever Python gives as one.

    Args:
        source: a path to a file or folder, FHIR resources as Python values (one mapping, or several that are one
            record set together), an rdflib Graph or Dataset, or a pyoxigraph Store.
        formats: how files are to be read.

    Raises:
        RecordError: it cannot be used as a whole.
        TypeError: it is none of these.
    """
    if isinstance(source, str | PathLike):
        return patients(Path(source), formats)
    if isinstance(source, ox.Store):
        return patients_of_graphs(graphs_of_store(source), _NAME, formats)
    if type(source).__module__.partition(".")[0] == "rdflib":
        return patients_of_graphs(graphs_of(cast("rdflib.Graph", source)), _NAME, formats)
    values = [source] if isinstance(source, Mapping) else list(source)
    for value in values:
        if not isinstance(value, Mapping):
            raise TypeError(
                "a record is a path, a mapping or several mappings, an rdflib Graph or a pyoxigraph Store, not "
                f"{type(value).__name__}"
            )
    return patients_of(map(from_python, values), _NAME)
