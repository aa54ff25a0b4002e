"""What shapes find out about a record, as data."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from il2kg.choices import SEVERITIES, Severity
from il2kg.rdf.graphs import Literal as RdfLiteral
from il2kg.validation.shape_engines import Breach
from il2kg.validation.shape_index import SH, ShapeIndex


@dataclass(frozen=True, slots=True)
class Flaw:
    """A flaw of an item, or what is to be said of it.

    ``record`` and ``item`` are what messages call the record and the item; ``focus`` is the item's node. ``path`` says
    where in it, as SPARQL would; ``value`` is what stands there, as a person reads it. ``shape`` and ``component`` are
    IRIs.
    """

    severity: Severity
    record: str
    item: str
    focus: str
    path: str
    value: str
    message: str
    shape: str
    component: str

    @property
    def rank(self) -> tuple[object, ...]:
        """The worst first, then by record and item."""
        return SEVERITIES.index(self.severity), self.record, self.item, self.focus, self.shape, self.value


@dataclass(frozen=True, slots=True)
class Report:
    """All results for a source. ``least`` is the mildest severity that keeps it from conforming.

    ``unusable`` are the records of which a part could not be read, each with the reason.
    """

    source: str
    results: tuple[Flaw, ...]
    least: Severity
    unusable: tuple[str, ...] = ()

    @property
    def counted(self) -> Counter[Severity]:
        """How many results there are of each severity."""
        return Counter(result.severity for result in self.results)

    @property
    def conforms(self) -> bool:
        """Whether there is no result as bad as what keeps it from conforming, or worse."""
        worse = SEVERITIES[: SEVERITIES.index(self.least) + 1]
        return not any(self.counted[severity] for severity in worse)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a node of the data is to a person: its item's name, and the node by which the source knows it.

    ``why`` has what is noted of it, by the shape that says that there are such notes.
    """

    item: str
    focus: str
    why: Mapping[str, str] = field(default_factory=dict)


def results_of(
    breaches: Iterable[Breach],
    index: ShapeIndex,
    record: str,
    subjects: Mapping[str, Subject],
    shown: Mapping[str, str],
) -> list[Flaw]:
    """What an engine found, as a person reads it.

    Args:
        breaches: what it found.
        index: the shapes.
        record: the name of the record.
        subjects: the items, by the nodes that are theirs.
        shown: what stands at the other nodes that results point at.
    """
    results: list[Flaw] = []
    for each in breaches:
        entry = index.entry(each.shape)
        subject = subjects.get(each.focus) or Subject(each.focus, each.focus)
        value = each.value.text if isinstance(each.value, RdfLiteral) else shown.get(str(each.value), "")
        why = subject.why.get(each.shape)
        message = f"{why}. {entry.message}" if why else entry.message
        severity = _SEVERITIES.get(entry.severity, "violation")
        results.append(
            Flaw(
                severity,
                record,
                subject.item,
                subject.focus,
                entry.path,
                value,
                message,
                each.shape,
                each.component.removeprefix(SH),
            )
        )
    return sorted(set(results), key=lambda result: result.rank)


_SEVERITIES: Final[dict[str, Severity]] = {"Violation": "violation", "Warning": "warning", "Info": "info"}
