"""A validation report as text for a person, as JSON, and as RDF: Turtle or JSON-LD."""

from collections.abc import Iterator
from itertools import groupby
from textwrap import wrap
from typing import Final

import msgspec

from il2kg.choices import SEVERITIES
from il2kg.explain.printable import printable, shortened
from il2kg.rdf.formats import RdfFormat
from il2kg.rdf.graphs import BLANK, Graph, Literal, Node, Term
from il2kg.rdf.writing import serialise
from il2kg.read.patient_graph.terms import IDENTIFIER, PREFIXES
from il2kg.validation.record_report import Flaw, Report
from il2kg.validation.shape_index import SH, ShapeIndex
from il2kg.vocabulary import RDF_TYPE, XSD, Namespace

_WIDTH: Final = 80
_LISTED: Final = {"violation": ("violation", "warning"), "warning": ("violation", "warning"), "info": SEVERITIES}
_NOTHING: Final[Node] = {}


def as_text(report: Report, names: Namespace) -> str:
    """What is wrong, item by item; what is passed over is counted, and listed where it is asked for."""
    listed = _LISTED[report.least]
    lines = [f"{printable(report.source)}: {'conforms' if report.conforms else 'does not conform'}", *_counts(report)]
    shown = [result for result in report.results if result.severity in listed]
    for (record, _, focus), of_item in groupby(sorted(shown, key=_by_item), key=_by_item):
        results = list(of_item)
        whose = "" if record == report.source else f" of {record}"
        lines += ["", f"{printable(results[0].item)}{printable(whose)}"]
        if focus != results[0].item:
            lines.append(f"  <{printable(focus)}>")
        for result in sorted(results, key=lambda each: each.rank):
            lines += wrap(
                printable(f"- {result.severity}: {result.message}{_where(result, names)}"),
                _WIDTH,
                subsequent_indent="  ",
                break_long_words=False,
                break_on_hyphens=False,
            )
    return "\n".join(lines) + "\n"


def as_json(report: Report) -> str:
    """The report as one object on one line."""
    counted = report.counted
    said = {
        "source": report.source,
        "conforms": report.conforms,
        "least": report.least,
        "counts": {severity: counted[severity] for severity in SEVERITIES},
        "results": report.results,
    }
    return msgspec.json.encode(said).decode(errors="replace") + "\n"


def as_rdf(report: Report, index: ShapeIndex, form: RdfFormat, names: Namespace) -> str:
    """The report as RDF, in the terms of SHACL; ``index`` has the paths of the shapes, ``names`` their namespace."""
    nodes = _Graph(report, index).nodes
    prefixes = {**PREFIXES, names.prefix: names.iri, "sh": SH, "record": f"{names.shape}record/"}
    return serialise([Graph("", nodes)], form, prefixes).decode()


def _by_item(result: Flaw) -> tuple[str, str, str]:
    return result.record, result.item, result.focus


def _counts(report: Report) -> Iterator[str]:
    counted = report.counted
    said = [f"{counted[s]} {s}{'' if counted[s] == 1 else 's'}" for s in SEVERITIES if counted[s]]
    hidden = counted["info"] if "info" not in _LISTED[report.least] else 0
    if said:
        yield ", ".join(said) + (f"; --severity info lists the info{'' if hidden == 1 else 's'}" if hidden else "")


def _where(result: Flaw, names: Namespace) -> str:
    """What stands there, and which shape says so."""
    name = result.shape.removeprefix(f"{names.shape}record/")
    shown = f" It says {shortened(result.value)!r}." if result.value else ""
    return f".{shown} [{name}]"


class _Graph:
    """The nodes of a report."""

    def __init__(self, report: Report, index: ShapeIndex) -> None:
        self.nodes: dict[str, Node] = {}
        self._shapes = index
        self._paths: dict[str, str] = {}
        results: list[Term] = [self._result(number, result) for number, result in enumerate(report.results)]
        truth = Literal("true" if report.conforms else "false", f"{XSD}boolean")
        whole: Node = {RDF_TYPE: [f"{SH}ValidationReport"], f"{SH}conforms": [truth]}
        self.nodes = {f"{BLANK}report": whole | ({f"{SH}result": results} if results else {}), **self.nodes}
        for result in report.results:
            if result.item and result.item != result.focus:
                self.nodes.setdefault(result.focus, {})[IDENTIFIER] = [Literal(result.item)]

    def _result(self, number: int, result: Flaw) -> str:
        label = f"{BLANK}result-{number}"
        node: Node = {
            RDF_TYPE: [f"{SH}ValidationResult"],
            f"{SH}resultSeverity": [f"{SH}{result.severity.capitalize()}"],
            f"{SH}focusNode": [result.focus],
        }
        path = self._shapes.path(result.shape)
        if path is not None:
            node[f"{SH}resultPath"] = [self._copied(path)]
        if result.value:
            node[f"{SH}value"] = [Literal(result.value)]
        node[f"{SH}resultMessage"] = [Literal(result.message, language="en")]
        node[f"{SH}sourceShape"] = [result.shape]
        node[f"{SH}sourceConstraintComponent"] = [SH + result.component]
        self.nodes[label] = node
        return label

    def _copied(self, term: str) -> str:
        """A path, as far as it is made of nodes without a name."""
        if not term.startswith(BLANK):
            return term
        if term not in self._paths:
            self._paths[term] = label = f"{BLANK}path-{len(self._paths)}"
            node = self._shapes.nodes.get(term, _NOTHING)
            self.nodes[label] = {
                name: [self._copied(value) if isinstance(value, str) else value for value in values]
                for name, values in node.items()
            }
        return self._paths[term]
