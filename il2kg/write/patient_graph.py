"""Statements as a patient graph (``patient-record.ttl`` of the vocabulary), from which the same are read again.

A graph holds one patient. Each item says which entry of the source it was made from: its address, or where it has none
a name made of what the source calls it. What is read again is the same, but for this: the order of items, and of what
has no order (doubts, interpretations, routes), is another; words beyond the first of a coded text are codings that
have nothing but a display; and a period without bounds, and an order that is no period, are lost or made into one.
"""

from collections import Counter
from collections.abc import Callable
from typing import Final

from il2kg.rdf.graphs import Graph, Literal, Node
from il2kg.read.patient_graph import Tables, terms
from il2kg.recognise.coding import Coding
from il2kg.statements import (
    UNSAID,
    CodedText,
    Condition,
    Item,
    Medication,
    Observation,
    Other,
    PatientStatements,
    Procedure,
    Product,
    Result,
    Statement,
    Stay,
    When,
)
from il2kg.vocabulary import RDF_TYPE
from il2kg.write.graph_parts import GraphParts, add, literals, time, truth, whole
from il2kg.write.iris import entry_iri, graph_iri, is_iri, item_iri, patient_iri

Plain = Callable[[str, CodedText], str | None]
"""The identifier of the guideline that codings and words of a kind of item mean for certain, if there is one."""

_MEDICATIONS: Final = {kind: name for name, kind in terms.MEDICATIONS.items()}


def patient_graph(patient: PatientStatements, plain: Plain, tables: Tables, source: str = "") -> Graph:
    """The graph of one patient.

    Args:
        patient: what is known of him.
        plain: names what an item is about with an identifier of the guideline, which is then said beside its codes.
        tables: tell findings from treatments.
        source: keeps patients of one name apart, where those of several sources go into one file.
    """
    return _Writer(patient, plain, tables, source).graph()


class _Writer:
    """Writes the items of one patient."""

    def __init__(self, patient: PatientStatements, plain: Plain, tables: Tables, source: str) -> None:
        self._patient, self._plain, self._tables, self._source = patient, plain, tables, source
        minted = patient_iri(patient.patient, source)
        self._subject = patient.iri if is_iri(patient.iri) and not source else minted
        self._parts = GraphParts(minted)
        self._names: Counter[str] = Counter()

    def graph(self) -> Graph:
        nodes = self._parts.nodes
        nodes[self._subject] = self._of_patient()
        for statement in self._patient.statements:
            node = self._statement(statement)
            nodes[self._place(statement.item, node)] = node
        return Graph(graph_iri(self._patient.patient, self._source), nodes)

    def _of_patient(self) -> Node:
        patient = self._patient
        node: Node = {RDF_TYPE: [terms.PATIENT]}
        if patient.patient is None:
            node[terms.UNNAMED] = [truth(True)]
        elif patient.patient != self._subject:
            node[terms.IDENTIFIER] = [Literal(patient.patient)]
        _derived(node, patient.iri, self._subject)
        add(node, terms.UNUSABLE, literals([patient.unusable]))
        for problem in patient.problems:
            note: Node = {terms.LABEL: [Literal(problem.kind)]}
            add(note, terms.ITEM, literals([problem.item or None]))
            add(note, terms.DETAIL, literals([problem.detail or None]))
            add(node, terms.SOURCE_PROBLEM, [self._parts.blank(note)])
        return node

    def _place(self, item: Item, node: Node) -> str:
        """The name of an item's node, which comes to say what it is called, where it comes from and what is odd of it.

        It is what the item is called, if that is an IRI, else one that is made of it.
        """
        add(node, terms.DOUBT, self._parts.notes(item.doubts))
        add(node, terms.REMARK, self._parts.notes(item.remarks))
        # What is in doubt may stand in the records of several patients: one name would join them.
        if is_iri(item.name) and not item.doubts and not self._source and item.name not in self._parts.nodes:
            _derived(node, item.iri, item.name)
            return item.name
        node[terms.IDENTIFIER] = [Literal(item.name)]
        _derived(node, item.iri or entry_iri(self._patient.patient, item.name, self._source), "")
        self._names[item.name] += 1
        return item_iri(self._patient.patient, item.name, self._names[item.name], self._source)

    def _statement(self, said: Statement) -> Node:
        match said:
            case Observation():
                return self._observation(said)
            case Condition():
                return self._condition(said)
            case Procedure():
                return self._procedure(said)
            case Medication():
                return self._medication(said)
            case Stay():
                return self._stay(said)
            case Other():
                node = self._item(terms.OTHER_ITEM)
                node[terms.ENTRY_TYPE] = [Literal(said.item.kind)]
                self._charted(node, said.about)
                return node

    def _item(self, kind: str) -> Node:
        return {RDF_TYPE: [kind], terms.OF_PATIENT: [self._subject]}

    # ---- Each kind of item

    def _observation(self, said: Observation) -> Node:
        node: Node = {RDF_TYPE: [terms.OBSERVATION], terms.FEATURE: [self._subject]}
        self._result(node, said.result, terms.RESULT_DOUBT)
        add(node, terms.PHENOMENON_TIME, self._parts.when(said.when))
        add(node, terms.FLAW, self._parts.notes(said.when.flaws))
        add(node, terms.RESULT_TIME, time(said.issued))
        for number, component in enumerate(said.components):
            inner: Node = {}
            self._result(inner, component, terms.DOUBT)
            add(inner, terms.POSITION, whole(number) if len(said.components) > 1 else [])
            add(node, terms.COMPONENT, [self._parts.blank(inner)])
        return node

    def _result(self, node: Node, result: Result, doubt: str) -> None:
        """What an Observation, or a component of one, says."""
        about = self._plain("Observation", result.about)
        if about is not None and about not in self._tables.treatments:
            node[terms.PROPERTY] = [self._tables.iri(about)]
        self._charted(node, result.about, about if terms.PROPERTY in node else None)
        self._parts.values(node, result.values)
        add(node, terms.INTERPRETATION, self._parts.coded_texts(result.flags))
        add(node, terms.DATA_ABSENT, [truth(True)] if result.absent_reason else [])
        add(node, doubt, self._parts.notes(result.doubts))

    def _condition(self, said: Condition) -> Node:
        named = self._plain(said.item.kind, said.about)
        if named is not None and not self._tables.finding(named):
            named = None
        if said.refuted:
            node = self._item(terms.STATED_ABSENCE)
            add(node, terms.FINDING, [] if named is None else [self._tables.iri(named)])
        else:
            node = self._item(terms.ROOT_FINDING if named is None else self._tables.iri(named))
        self._charted(node, said.about, named)
        add(node, terms.START, time(said.onset))
        add(node, terms.END, time(said.abatement))
        add(node, terms.RECORDED, time(said.recorded))
        add(node, terms.OVER, [truth(True)] if said.over else [])
        return node

    def _procedure(self, said: Procedure) -> Node:
        node = self._item(terms.PROCEDURE)
        named = self._plain(said.item.kind, said.about)
        if named is not None:
            name = terms.GIVES if named in self._tables.treatments else terms.FINDING
            node[name] = [self._tables.iri(named)]
        self._charted(node, said.about, named)
        self._when(node, said.when)
        add(node, terms.RECORDED, time(said.recorded))
        return node

    def _medication(self, said: Medication) -> Node:
        kind, parts = said.item.kind, self._parts
        node = self._item(_MEDICATIONS[kind])
        if len(said.about) == 1 and said.product is None and said.unresolved is None:
            self._given(node, kind, said.about[0], always=True)
        elif len(said.about) == 1:
            node[terms.CHARTED_AS] = [parts.coded_text(said.about[0])]
        else:
            add(node, terms.CHARTED_AS, [parts.coded_text(each, n) for n, each in enumerate(said.about)])
        self._when(node, said.when)
        add(node, terms.ORDERED_FROM, time(said.ordered.start))
        add(node, terms.ORDERED_UNTIL, time(said.ordered.end))
        add(node, terms.ORDER_FLAW, parts.notes(said.ordered.flaws))
        add(node, terms.PRODUCT, [] if said.product is None else [self._product(kind, said.product)])
        add(node, terms.POINTER, [] if said.pointer is None else [parts.coded_text(said.pointer)])
        add(node, terms.UNRESOLVED, literals([said.unresolved]))
        add(node, terms.ROUTE, parts.coded_texts(said.routes))
        add(node, terms.RATE, [] if said.rate is None else [parts.amount(said.rate)])
        add(node, terms.AMOUNT, [] if said.amount is None else [parts.amount(said.amount)])
        add(node, terms.PLANNED, [truth(True)] if said.meant else [])
        add(node, terms.OVER, [truth(True)] if said.over else [])
        return node

    def _product(self, kind: str, product: Product, position: int | None = None) -> str:
        node: Node = {RDF_TYPE: [terms.PRODUCT_CLASS]}
        self._given(node, kind, product.about)
        add(node, terms.POINTER, [] if product.pointer is None else [self._parts.coded_text(product.pointer)])
        several = len(product.ingredients) > 1
        for number, part in enumerate(product.ingredients):
            add(node, terms.INGREDIENT, [self._product(kind, part, number if several else None)])
        add(node, terms.FORM, self._parts.coded_texts(product.form))
        add(node, terms.DOUBT, self._parts.notes(product.doubts))
        add(node, terms.POSITION, whole(position))
        return self._parts.shared((terms.PRODUCT_CLASS, product, position), node)

    def _stay(self, said: Stay) -> Node:
        node = self._item(terms.STAY)
        self._when(node, said.when)
        add(node, terms.STAY_KIND, literals(said.kinds))
        if said.finished != (said.when.end is not None):
            node[terms.FINISHED] = [truth(said.finished)]
        return node

    # ---- What items have in common

    def _given(self, node: Node, kind: str, about: CodedText, *, always: bool = False) -> None:
        """What is given, and an identifier of the guideline for it; ``always``: also where nothing is said."""
        named = self._plain(kind, about)
        if named is not None and named in self._tables.treatments:
            node[terms.GIVES] = [self._tables.iri(named)]
        self._charted(node, about, named if terms.GIVES in node else None, always=always)

    def _charted(self, node: Node, about: CodedText, named: str | None = None, *, always: bool = False) -> None:
        """What an item is about, unless nothing is said, or nothing beyond the identifier that is said already."""
        if named is not None and about == CodedText((Coding(self._tables.names.iri, named),)):
            return
        if about != UNSAID or always:
            node[terms.CHARTED_AS] = [self._parts.coded_text(about)]

    def _when(self, node: Node, when: When) -> None:
        """A time or a period as literals."""
        add(node, terms.START if when.period else terms.AT_TIME, time(when.start))
        add(node, terms.END, time(when.end) if when.period else [])
        if when.period and when.flaws and when.start is None and when.end is None:
            node[terms.START] = [Literal("")]  # a period, of which neither bound can be read
        add(node, terms.FLAW, self._parts.notes(when.flaws))


def _derived(node: Node, address: str, own: str) -> None:
    """Say where something comes from, unless that is the node's own name; an address that is no IRI is said as text."""
    if address and address != own:
        name, term = (terms.DERIVED, address) if is_iri(address) else (terms.SOURCE, Literal(address))
        add(node, name, [term])
