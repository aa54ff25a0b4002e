"""The walk from a resource's node to all that it holds, as FHIR JSON would have it (FHIR R4 and R5, RDF).

Each node is read where it is reached, mostly once. What cannot be understood is told and kept as far as it can be, and
the resource is marked as modified by something unknown, so that nothing of it is trusted.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from il2kg.rdf.graphs import Literal, Node, Term
from il2kg.read.fhir.elements import Element
from il2kg.read.fhir_rdf.addresses import address, id_of
from il2kg.read.fhir_rdf.kinds import choice, resource_kinds
from il2kg.read.fhir_rdf.links import Links
from il2kg.read.fhir_rdf.lists import members, place
from il2kg.read.fhir_rdf.literals import CONVERSIONS, number, value_of
from il2kg.read.fhir_rdf.names import (
    CHOICES,
    FHIR,
    FIRST,
    INDEX,
    INTEGERS,
    LINK,
    NIL,
    RESOURCES,
    TEXTS,
    VALUE,
    VALUE_HOLDERS,
    L,
    Properties,
    Property,
    Role,
    V,
    is_list,
)
from il2kg.read.fhir_rdf.notes import Notes
from il2kg.read.fhir_rdf.values import Extended, Item, concatenated, gather, joined, only_extras, put
from il2kg.read.limits import DEEPEST
from il2kg.record import Problem
from il2kg.vocabulary import RDF_TYPE

_DEEPEST: Final = DEEPEST // 2
"""How many elements may lie within each other; in JSON every other level is a list."""
_OFTEN: Final = 16
"""How often nodes may be read, all in all: one that several others share is read for each, but not without end."""
_PLAIN, _VALUE, _BESIDE = Role.PLAIN, Role.VALUE, Role.BESIDE
_NOTHING, _FOREIGN = Role.NOTHING, Role.FOREIGN
_NO_NODE: Final[Node] = {}
_NO_TERMS: Final[list[Term]] = []
_UNREAD: Final = "(not read)"
_UNKNOWN_MODIFIER: Final = "modified, and nothing says by what"
_CHOICE, _ELEMENT = Property("value", Role.NAMED), Property("value", Role.PLAIN)
_LINK_ELEMENT: Final = Property("link", Role.PLAIN)


class Walk:
    """Reads the resources of one graph.

    ``left`` are the nodes that nothing has reached yet, ``embedded`` those of resources within others, ``foreign`` the
    properties that are none of FHIR.
    """

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self.nodes = nodes
        self.left: dict[str, Node] = dict(nodes)
        self.embedded: set[str] = set()
        self.foreign: set[str] = set()
        self._notes = Notes()
        self._tell = self._notes.tell
        self._links = Links(nodes, self._tell)
        self._properties = Properties()
        self._path: list[str] = []
        self._repeats = _OFTEN * len(nodes)

    @property
    def problems(self) -> list[Problem]:
        """What is wrong with the resources that have been read."""
        return self._notes.problems

    def resource(self, term: str, node: Node) -> Element:
        """The resource that stands at a node."""
        outer = self._notes.begin()
        kinds = resource_kinds(node)
        content: Element = {"resourceType": kinds[0].removeprefix("_")} if kinds else {}
        if len(kinds) != 1:
            self._tell("of several types of resource" if kinds else "no type of resource", ", ".join(kinds))
        self.left.pop(term, None)
        self._path.append(term)
        self._element(node, "", content)
        self._path.pop()
        if any(kind.startswith("_") for kind in kinds) and "modifierExtension" not in content:
            self._tell(_UNKNOWN_MODIFIER, "")
        self._notes.end(term, content, outer)
        return content

    def _element(self, node: Node, within: str, content: Element) -> Any:
        """Fill in the elements that a node has, which is the element ``within``, and give what it comes to."""
        properties, left, beside = self._properties, self.left, False
        for iri, terms in node.items():
            known = properties[iri]
            name, role = known.name, known.role
            if role is _PLAIN:
                term: Any = terms[0]  # a literal is in no table of nodes
                child = left.get(term) if len(terms) == 1 and name not in content else None
                if child is None or term[0] != "_":
                    self._read(content, known, within, node, terms)
                    continue
                if len(child) == 1:  # most are primitive values, each a node of its own
                    values = child.get(V) or child.get(VALUE)
                    if values is not None and len(values) == 1 and values[0].__class__ is Literal:
                        literal = values[0]
                        convert = CONVERSIONS.get(literal.datatype)
                        content[name] = literal.text if convert is None else convert(literal.text)
                        del left[term]
                        continue
                value = self._inner(term, child, name)
                if (
                    INDEX in child
                    or value.__class__ is not dict
                    or is_list(name)
                    or "id" in value
                    or "extension" in value
                ):
                    value = gather([(value, place(child))], name, self._tell)
                    put(content, name, within, value)
                else:
                    content[name] = value
            elif role is _VALUE and self._links.is_element(terms[0]):
                self._read(content, _CHOICE if within in VALUE_HOLDERS else _ELEMENT, within, node, terms)
            elif role is _BESIDE or role is _VALUE:
                beside = True
            elif role is _FOREIGN:
                self.foreign.add(iri)
            elif role is not _NOTHING:
                self._read(content, known, within, node, terms)
        return self._whole(node, within, content) if beside or not content else content

    def _inner(self, term: str, node: Node, name: str) -> Any:
        """What the element at a node comes to."""
        path = self._path
        if len(path) > _DEEPEST:
            self._tell("nested too deeply to be read", name)
            return _UNREAD
        self.left.pop(term, None)
        path.append(term)
        if FIRST not in node:
            value: Any = self._element(node, name, {})
        else:
            left, value = self.left, []
            for each in members(node, self.nodes, left, name, self._tell):
                child = left.get(each) if isinstance(each, str) and each.startswith("_:") else None
                value.append(self._item(each, name)[0] if child is None else self._inner(str(each), child, name))
        path.pop()
        return value

    def _read(self, content: Element, known: Property, within: str, node: Node, terms: Sequence[Term]) -> None:
        """Read an element, whatever it is, and set it."""
        name, role = known.name, known.role
        if role is _PLAIN and len(terms) == 1:
            item = self._item(terms[0], name)
            if item[0] is not None:
                self._set(content, name, within, node, gather([item], name, self._tell))
            return
        if role is Role.RESOURCE:
            items = [item for term in terms for item in self._resources(term, name, within, node, content)]
            self._set(content, name, within, node, gather(items, name, self._tell) if items else [])
            return
        readable = [(term, item) for term in terms if (item := self._item(term, name))[0] is not None]
        items = [item for _, item in readable]
        if not items:
            return
        if role is Role.MODIFIED:
            self._check_modified(items, name)
        if role is _PLAIN:
            self._set(content, name, within, node, gather(items, name, self._tell))
            return
        by_name: dict[str, list[Item]] = {}
        for term, (value, index) in readable:
            own = self._own_name(name, within, term, value)
            untyped = own in INTEGERS and isinstance(value, str)  # HAPI FHIR gives integers no datatype
            by_name.setdefault(own, []).append((number(value) if untyped else value, index))
        for own, several in by_name.items():
            self._set(content, own, within, node, gather(several, own, self._tell))

    def _set(self, content: Element, name: str, within: str, node: Node, value: Any) -> None:
        """Set an element that may have been said before by another property."""
        if name in content or f"_{name}" in content:
            before = content.pop(name, None)
            beside = content.pop(f"_{name}", None)
            before = before if beside is None else Extended(before, beside)
            if f"{FHIR}_{name}" in node and isinstance(before, list) and isinstance(value, list):
                value = concatenated([before, value])  # those that are modified, and those that are not
            else:
                value = joined([before, value], name, self._tell)
        put(content, name, within, value)

    def _own_name(self, name: str, within: str, term: Term, value: Any) -> str:
        """The name in JSON of an element that may be of several types."""
        if name not in CHOICES:
            return name
        node: Node = self.nodes.get(term, _NO_NODE) if isinstance(term, str) else {V: [term]}
        own = choice(name, within, node, value)
        if own is None:
            if not only_extras(value):
                self._tell("of a type that cannot be told", name)
            return name
        return own

    def _check_modified(self, items: Sequence[Item], name: str) -> None:
        """A property with an underscore leads to what has a modifierExtension, or to a primitive value."""
        for value, _ in items:
            for each in value if isinstance(value, list) else [value]:
                if isinstance(each, dict) and "modifierExtension" not in each:
                    self._tell(_UNKNOWN_MODIFIER, name)

    def _item(self, term: Term, name: str) -> Item:
        """What an element comes to (None: nothing), and its place in its list if it says one."""
        if not isinstance(term, str):
            return value_of(term), None
        if term == NIL:
            return [], None
        if not term.startswith("_:") and self._links.is_name(term):
            return self._named(term, name), None
        child = self.nodes.get(term)
        if child is None:  # as an empty object is in JSON
            return {}, None
        if term not in self.left and not self._may_repeat(term, name):
            return _UNREAD, None
        return self._inner(term, child, name), place(child)

    def _may_repeat(self, term: str, name: str) -> bool:
        """Whether a node that was reached before may be read again, here: not within itself, nor too often."""
        if term in self._path:
            self._tell("an element that lies within itself", name)
            return False
        self._repeats -= 1
        if self._repeats < 0:
            self._tell("elements that are shared too often to be read", name)
        return self._repeats >= 0

    def _named(self, term: str, name: str) -> Any:
        """What is outside, or a resource, where an element belongs."""
        if name == "concept":  # what a coding of FHIR STU3 means
            return None
        return term if name in TEXTS else {"reference": self._links.reference(term)}

    def _resources(self, term: Term, name: str, within: str, holder: Node, beside: Element) -> list[Item]:
        """The resource that stands where one belongs, or those of a list; ``beside`` it are other elements."""
        node = self.nodes.get(term) if isinstance(term, str) else None
        if node is None or not isinstance(term, str) or len(self._path) > _DEEPEST:
            return [self._item(term, name)]
        if FIRST not in node and not resource_kinds(node) and within not in RESOURCES[name]:
            return [self._item(term, name)]  # an element of the same name
        if self.left.pop(term, None) is None and not self._may_repeat(term, name):
            return [(_UNREAD, None)]
        if FIRST in node:
            self._path.append(term)
            inside = members(node, self.nodes, self.left, name, self._tell)
            inner = [item for each in inside for item in self._resources(each, name, within, holder, beside)]
            self._path.pop()
            # HL7's own tool writes the only resource of an entry as a list.
            single = name != "contained" and within in RESOURCES[name]
            return inner if single else [([value for value, _ in inner], None)]
        content = self.resource(term, node)
        self.embedded.add(term)
        if not any(self._properties[iri].name == "fullUrl" for iri in holder):
            identifier, full_url = id_of(term), address(term)
            if identifier is not None:
                content.setdefault("id", identifier)
            if full_url is not None and name == "resource":
                beside["fullUrl"] = full_url
        return [(content, place(node) if name == "contained" else None)]

    def _whole(self, node: Node, within: str, content: Element) -> Any:
        """What an element comes to that has a literal, or links to something, or has no elements of its own."""
        links, said = self._links, content.get("reference")
        if isinstance(said, str) and V not in node and VALUE not in node:
            targets = [*node.get(LINK, _NO_TERMS), *node.get(L, _NO_TERMS)]
            if len(targets) == 1 and isinstance(targets[0], str) and targets[0].endswith(said):
                return content  # mostly: a link to what a reference says
        literals = [*node.get(V, _NO_TERMS), *(t for t in node.get(VALUE, _NO_TERMS) if not links.is_element(t))]
        others = [term for iri in (LINK, L) for term in node.get(iri, _NO_TERMS)]
        if inner := [term for term in others if links.is_element(term)]:
            self._read(content, _LINK_ELEMENT, within, node, inner)
        linked = [term for term in others if isinstance(term, str) and term not in inner]
        if literals and content and not only_extras(content):
            self._read(content, _CHOICE, within, node, literals)
        elif literals:
            values = [(value_of(term) if isinstance(term, Literal) else term, None) for term in literals]
            value = gather(values, "", self._tell)
            if within == "reference":
                links.check(value, linked)
            return Extended(value, content) if content else value
        if linked and within:
            return self._linked(within, content, linked)
        meant = [str(term) for term in node.get(RDF_TYPE, _NO_TERMS) if not str(term).startswith(FHIR)]
        if meant and not content:
            self._tell("said by a type alone, which is not read", f"{within} {', '.join(meant)}", grave=False)
        return content

    def _linked(self, within: str, content: Element, linked: Sequence[str]) -> Any:
        """An element that links to something: a reference mostly; of one without words the link says what it means."""
        if not content and within in TEXTS:
            return self._links.reference(linked[0]) if within == "reference" else linked[0]
        if "reference" not in content:
            content["reference"] = self._links.reference(linked[0])
        self._links.check(content["reference"], linked)
        return content
