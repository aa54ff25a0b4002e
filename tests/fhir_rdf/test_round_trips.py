"""A resource written as FHIR RDF and read again is the resource, and its record the record of the JSON."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from il2kg.bulk import load_engine
from tests.bundles import PATIENT, bundle, named_record
from tests.fhir_rdf.read import found, graph, same
from tests.fhir_rdf_writer import Style, as_turtle
from tests.planting import clean
from tests.strategies import records

Element = dict[str, Any]

_IDS = st.from_regex(r"[A-Za-z0-9.\-]{1,12}", fullmatch=True)
_WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12) | st.sampled_from(
    ["mg/dL", 'a "quoted" one', "back\\slash", "two\nlines", "\t", "ö µ 中 \U0001f600", "true", "1", "<p>"]
)
_DECIMALS = st.sampled_from(
    [Decimal(text) for text in ("6.30", "0.0", "-1.0", "1E+2", "1e-7", "100.00", "12345678901234567890.5")]
) | st.integers(-(10**6), 10**6)
_DATES = st.sampled_from(
    ["2026", "2026-03", "2026-03-02", "2026-03-02T08:00:00Z", "2026-03-02T08:00:00.250+01:00", "last week"]
)
_URIS = st.sampled_from(["http://loinc.org", "http://snomed.info/sct", "urn:oid:1.2.3", "no iri <at> all"])


def _some(**elements: st.SearchStrategy[Any]) -> st.SearchStrategy[Element]:
    """Objects with some of some elements, at least one."""
    names = st.lists(st.sampled_from(sorted(elements)), min_size=1, max_size=4, unique=True)
    return names.flatmap(lambda found: st.fixed_dictionaries({name: elements[name] for name in found}))


_EXTENSIONS = st.lists(
    st.one_of(
        st.fixed_dictionaries({"url": _URIS, "valueString": _WORDS}),
        st.fixed_dictionaries({"url": _URIS, "valueBoolean": st.booleans()}),
        st.fixed_dictionaries({"url": _URIS, "valueDecimal": _DECIMALS.filter(lambda n: isinstance(n, Decimal))}),
        st.fixed_dictionaries({"url": _URIS, "valueInteger": st.integers(-9, 9)}),
        st.fixed_dictionaries({"url": _URIS, "valueCode": st.sampled_from(["unknown", "masked"])}),
    ),
    min_size=1,
    max_size=2,
)
_BESIDE = _some(id=_IDS, extension=_EXTENSIONS)


@st.composite
def _extended(draw: st.DrawFn, inner: st.SearchStrategy[Element], *names: str) -> Element:
    """Objects some of whose primitive elements have something beside them, or that alone."""
    element = dict(draw(inner))
    for name in names:
        if draw(st.integers(0, 5)) == 0:
            element[f"_{name}"] = draw(_BESIDE)
            if draw(st.booleans()):
                element.pop(name, None)
    return element


_CODINGS = _extended(_some(system=_URIS, code=_IDS, display=_WORDS), "code", "display")
_CONCEPTS = _some(coding=st.lists(_CODINGS, min_size=1, max_size=3), text=_WORDS, extension=_EXTENSIONS)
_QUANTITIES = _extended(
    _some(value=_DECIMALS, unit=_WORDS, system=_URIS, code=_IDS, comparator=st.sampled_from(["<", ">="])),
    "value",
    "code",
)
_PERIODS = _extended(_some(start=_DATES, end=_DATES), "start", "end")
_REFERENCES = _some(
    reference=st.sampled_from(["Patient/p1", "http://there.example/fhir/Patient/p1", "urn:uuid:0-1", "#in", "?", " "]),
    display=_WORDS,
    identifier=_some(system=_URIS, value=_WORDS),
)
_VALUES = st.one_of(
    *(st.tuples(st.just(name), values) for name, values in {
        "valueQuantity": _QUANTITIES,
        "valueCodeableConcept": _CONCEPTS,
        "valueString": _WORDS,
        "valueBoolean": st.booleans(),
        "valueInteger": st.integers(-9, 9),
        "valueRange": _some(low=_QUANTITIES, high=_QUANTITIES),
        "valueRatio": _some(numerator=_QUANTITIES, denominator=_QUANTITIES),
        "valueDateTime": _DATES,
        "valuePeriod": _PERIODS,
    }.items())
)  # fmt: skip


@st.composite
def _results(draw: st.DrawFn) -> Element:
    """What an Observation and its components have in common."""
    found = draw(
        _some(code=_CONCEPTS, dataAbsentReason=_CONCEPTS, interpretation=st.lists(_CONCEPTS, min_size=1, max_size=2))
    )
    for name, value in draw(st.lists(_VALUES, max_size=2, unique_by=lambda each: each[0])):
        found[name] = value
    return found


@st.composite
def _resources(draw: st.DrawFn) -> Element:
    """Resources of many shapes, a few of which no standard has."""
    said = draw(
        _some(
            id=_IDS,
            status=st.sampled_from(["final", "completed", "entered-in-error"]),
            subject=_REFERENCES,
            extension=_EXTENSIONS,
            modifierExtension=_EXTENSIONS,
            category=st.lists(_CONCEPTS, min_size=1, max_size=2),
        )
    )
    match draw(st.integers(0, 3)):
        case 0:
            components = draw(st.lists(_results(), max_size=3).map(lambda found: {"component": found} if found else {}))
            when = draw(_extended(_some(effectiveDateTime=_DATES, issued=_DATES), "effectiveDateTime", "issued"))
            return {"resourceType": "Observation", **said, **draw(_results()), **when, **components}
        case 1:
            statuses = _some(clinicalStatus=_CONCEPTS, verificationStatus=_CONCEPTS, code=_CONCEPTS)
            when = _some(onsetDateTime=_DATES, abatementDateTime=_DATES, onsetPeriod=_PERIODS, onsetString=_WORDS)
            return {"resourceType": "Condition", **said, **draw(statuses), **draw(when)}
        case 2:
            what = _some(
                medicationCodeableConcept=_CONCEPTS,
                medicationReference=_REFERENCES,
                medication=_some(concept=_CONCEPTS),
            )
            inner = {"resourceType": "Medication", "id": "in", **draw(_some(code=_CONCEPTS, form=_CONCEPTS))}
            dosage = draw(_some(text=_WORDS, route=_CONCEPTS, dose=_QUANTITIES, rateQuantity=_QUANTITIES))
            return {
                "resourceType": "MedicationAdministration",
                **said,
                **draw(what),
                **draw(_some(effectivePeriod=_PERIODS, occurenceDateTime=_DATES)),
                **draw(st.sampled_from([{}, {"contained": [inner]}])),
                **draw(st.sampled_from([{}, {"dosage": dosage}])),
            }
        case _:
            rate = {"doseQuantity": draw(_QUANTITIES), "rateRatio": draw(_some(numerator=_QUANTITIES))}
            return {
                "resourceType": "MedicationRequest",
                **said,
                **draw(_some(intent=st.just("order"), doNotPerform=st.booleans(), authoredOn=_DATES)),
                "dosageInstruction": [
                    {
                        "sequence": 1,
                        "asNeededBoolean": True,
                        "doseAndRate": [rate],
                        "timing": {"repeat": {"boundsPeriod": draw(_PERIODS)}},
                    }
                ],
            }


@st.composite
def _bundles(draw: st.DrawFn) -> Element:
    entries: list[Element] = []
    for number, resource in enumerate(draw(st.lists(_resources(), min_size=1, max_size=3))):
        address = draw(st.sampled_from([None, f"http://here.example/fhir/X/{number}", "urn:uuid:0-1", "not an <IRI>"]))
        entries.append({**({} if address is None else {"fullUrl": address}), "resource": resource})
    link = draw(st.sampled_from([{}, {"link": [{"relation": "next", "url": "http://here.example/2"}]}]))
    return {"resourceType": "Bundle", "type": "collection", **link, "entry": entries}


def _modified_last(content: Any) -> Any:
    """In R5, items of a list that an extension modifies are apart from the others."""
    if isinstance(content, dict):
        return {name: _modified_last(value) for name, value in content.items()}
    if isinstance(content, list):
        each = [_modified_last(value) for value in content]
        return sorted(each, key=lambda value: isinstance(value, dict) and "modifierExtension" in value)
    return content


@pytest.mark.parametrize("style", Style)
@settings(deadline=None)
@given(content=_resources() | _bundles(), capitals=st.booleans(), links=st.booleans())
def test_a_resource_written_and_read_is_the_same(style: Style, content: Element, capitals: bool, links: bool) -> None:
    (resource,), problems = found(as_turtle(content, style, links=links, capitals=capitals))
    assert same(resource.content, _modified_last(content) if style is Style.R5 else content)
    assert problems == []


@pytest.mark.parametrize("style", Style)
@settings(deadline=None, max_examples=8)
@given(resources=records(), odd=st.lists(_resources(), max_size=4))
def test_a_record_is_that_of_the_json(style: Style, resources: list[Element], odd: list[Element]) -> None:
    content = bundle([*clean(), *resources, *({**each, "subject": PATIENT} for each in odd)])
    engine = load_engine()
    (resource,), problems = found(as_turtle(content, style))
    assert problems == []
    assert named_record(engine, "record", resource.content) == named_record(engine, "record", content)


def test_the_writer_follows_the_specification() -> None:
    """The writer stands for what others write, so its graphs are those of texts by hand."""
    content = {
        "resourceType": "Observation",
        "id": "o1",
        "status": "final",
        "code": {"coding": [{"system": "http://loinc.org", "code": "2160-0"}]},
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-03-02T08:00:00Z",
        "issued": "2026-03-02T09:00:00Z",
        "valueQuantity": {"value": Decimal("1.40"), "unit": "mg/dL"},
        "component": [{"code": {"text": "left"}, "valueBoolean": True}],
    }
    r4 = """
    <http://hl7.org/fhir/Observation/o1> a fhir:Observation ; fhir:nodeRole fhir:treeRoot ;
      fhir:Resource.id [ fhir:value "o1" ] ; fhir:Observation.status [ fhir:value "final" ] ;
      fhir:Observation.code [ fhir:CodeableConcept.coding [ fhir:index 0 ; a loinc:2160-0 ;
        fhir:Coding.system [ fhir:value "http://loinc.org" ] ; fhir:Coding.code [ fhir:value "2160-0" ] ] ] ;
      fhir:Observation.subject [ fhir:link <http://hl7.org/fhir/Patient/p1> ;
        fhir:Reference.reference [ fhir:value "Patient/p1" ] ] ;
      fhir:Observation.effectiveDateTime [ fhir:value "2026-03-02T08:00:00Z"^^xsd:dateTime ] ;
      fhir:Observation.issued [ fhir:value "2026-03-02T09:00:00Z"^^xsd:dateTime ] ;
      fhir:Observation.valueQuantity [ fhir:Quantity.value [ fhir:value "1.40"^^xsd:decimal ] ;
        fhir:Quantity.unit [ fhir:value "mg/dL" ] ] ;
      fhir:Observation.component [ fhir:index 0 ;
        fhir:Observation.component.code [ fhir:CodeableConcept.text [ fhir:value "left" ] ] ;
        fhir:Observation.component.valueBoolean [ fhir:value true ] ] .
    <http://hl7.org/fhir/Patient/p1> a fhir:Patient .
    """
    r5 = """
    <http://hl7.org/fhir/Observation/o1> a fhir:Observation ; fhir:nodeRole fhir:treeRoot ;
      fhir:id [ fhir:v "o1" ] ; fhir:status [ fhir:v "final" ] ;
      fhir:code [ fhir:coding ( [ a loinc:2160-0 ; fhir:system [ fhir:v "http://loinc.org"^^xsd:anyURI ] ;
        fhir:code [ fhir:v "2160-0" ] ] ) ] ;
      fhir:subject [ fhir:link <http://hl7.org/fhir/Patient/p1> ; fhir:reference [ fhir:v "Patient/p1" ] ] ;
      fhir:effective [ a fhir:dateTime ; fhir:v "2026-03-02T08:00:00Z"^^xsd:dateTime ] ;
      fhir:issued [ fhir:v "2026-03-02T09:00:00Z"^^xsd:dateTime ] ;
      fhir:value [ a fhir:Quantity ; fhir:value [ fhir:v 1.40 ] ; fhir:unit [ fhir:v "mg/dL" ] ] ;
      fhir:component ( [ fhir:code [ fhir:text [ fhir:v "left" ] ] ; fhir:value [ a fhir:boolean ; fhir:v true ] ] ) .
    <http://hl7.org/fhir/Patient/p1> a fhir:Patient .
    """
    assert _unlabelled(as_turtle(content, Style.R4)) == _unlabelled(r4)
    assert _unlabelled(as_turtle(content, Style.R5)) == _unlabelled(r5)


def _unlabelled(turtle: str) -> set[Any]:
    """The trees of a document's named nodes, with no label of a node left."""
    nodes = graph(turtle).nodes

    def tree(term: Any) -> Any:
        inner = nodes.get(term) if isinstance(term, str) and term.startswith("_:") else None
        return term if inner is None else frozenset((iri, frozenset(map(tree, terms))) for iri, terms in inner.items())

    named = {name: said for name, said in nodes.items() if not name.startswith("_:")}
    return {(name, iri, frozenset(map(tree, terms))) for name, said in named.items() for iri, terms in said.items()}
