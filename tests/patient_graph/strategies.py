"""Hypothesis strategies for statements, free of any format: all that a reader may make, sound or not."""

from decimal import Decimal

from hypothesis import strategies as st
from msgspec.structs import replace

from il2kg.recognise.coding import Coding
from il2kg.record import Problem
from il2kg.statements import (
    NEVER_SAID,
    CodedText,
    Condition,
    Doubt,
    Item,
    Medication,
    Observation,
    Other,
    PatientStatements,
    Procedure,
    Product,
    Quantity,
    Result,
    Statement,
    Stay,
    Unreadable,
    Value,
    When,
)
from il2kg.vocabulary import IL2

MEDICATIONS = ("MedicationAdministration", "MedicationStatement", "MedicationRequest")
CODINGS = (
    *(Coding(IL2, name) for name in ("SerumCreatinine", "HeartRate", "Oliguria", "Dialysis", "Prednisone", "Nonsense")),
    Coding("http://loinc.org", "2160-0", "Creatinine [Mass/volume] in Serum or Plasma"),
    Coding("http://snomed.info/sct", "83128009"),
    Coding("urn:oid:1.2.3", "a b%/#"),
    Coding(None, "77"),
    Coding("http://hospital.example/lab", None, "S-Crea"),
    Coding(None, None, "Kreatinin"),
)
TIMES = (
    *("2026-03-02T08:00:00Z", "2026-03-02T08:00:00+01:00", "2026-03-02T08:00:00.250Z", "2026-03-02T08:00:00"),
    *("2026-03-02", "2026-03", "2026", "2026-13-45", "2026-03-02T08:00Z", "yesterday", "", "0", " 2026 "),
)
NUMBERS = (
    *(0, 7, -3, 10**30, Decimal("3.20"), Decimal("-0.0"), Decimal("1E+3"), Decimal("1E-30"), Decimal("0.000000001")),
    *("about 5", "7", ""),
)
ADDRESSES = ("", "", "", "https://hospital.example/fhir/Observation/1", "urn:uuid:9", "chart 7, page 2", "http://[")
NAMES = ("Observation/1", "Observation/1", "Condition/7", "x y:z%#ü", "https://hospital.example/items/1", "urn:uuid:7")

texts = st.sampled_from(["creatinine", "Kreatinin i. S.", "little\nurine", '"quoted" \\ text', "ü", "0"])


@st.composite
def doubts(draw: st.DrawFn) -> tuple[Doubt, ...]:
    kinds = st.sampled_from(["no unit", "of somebody else, perhaps", "a focus"])
    details = st.sampled_from(["", "'K/uL'", "a\nb"])
    return tuple(draw(st.lists(st.tuples(kinds, details), max_size=draw(st.sampled_from([0, 0, 0, 2])))))


@st.composite
def coded_texts(draw: st.DrawFn) -> CodedText:
    codings = draw(st.lists(st.sampled_from(CODINGS), max_size=3))
    words = draw(st.lists(texts, max_size=draw(st.sampled_from([0, 1, 1, 3])), unique=True))
    return CodedText(tuple(codings), tuple(words), draw(doubts()))


@st.composite
def quantities(draw: st.DrawFn) -> Quantity:
    units = st.sampled_from([None, None, "mg/dL", "µmol/l", "K/uL", ""])
    return Quantity(
        draw(st.none() | st.sampled_from(NUMBERS) | st.integers() | st.decimals(allow_nan=False, allow_infinity=False)),
        draw(st.sampled_from([None, None, None, "<", ">=", "~"])),
        draw(units),
        draw(st.sampled_from([None, None, "http://unitsofmeasure.org", "http://snomed.info/sct"])),
        draw(units),
    )


unreadables = st.builds(Unreadable, st.sampled_from(["Range", "DateTime", ""]), texts | st.just(""))
values: st.SearchStrategy[Value] = st.one_of(
    quantities(), quantities(), coded_texts(), texts, st.just(""), st.booleans(), unreadables
)


@st.composite
def whens(draw: st.DrawFn) -> When:
    times = st.none() | st.sampled_from(TIMES)
    period = draw(st.booleans())
    return When(draw(times), draw(times) if period else None, period, draw(doubts()))


@st.composite
def results(draw: st.DrawFn) -> Result:
    flags = tuple(draw(st.lists(coded_texts(), max_size=draw(st.sampled_from([0, 0, 2])))))
    found = tuple(draw(st.lists(values, max_size=draw(st.sampled_from([0, 1, 1, 1, 2])))))
    return Result(draw(coded_texts()), found, flags, draw(st.booleans()), draw(doubts()))


@st.composite
def products(draw: st.DrawFn, depth: int = 2) -> Product:
    size = draw(st.sampled_from([0, 0, 1, 2])) if depth else 0
    parts = tuple(draw(st.lists(products(depth - 1), min_size=size, max_size=size)))
    form = tuple(draw(st.lists(coded_texts(), max_size=1)))
    return Product(draw(coded_texts()), draw(st.none() | coded_texts()), parts, form, draw(doubts()))


def items(kind: str) -> st.SearchStrategy[Item]:
    return st.builds(Item, st.sampled_from(NAMES), st.just(kind), doubts(), doubts(), st.sampled_from(ADDRESSES))


_times = st.none() | st.sampled_from(TIMES)


@st.composite
def medications(draw: st.DrawFn) -> Medication:
    when = draw(whens())
    return Medication(
        draw(items(draw(st.sampled_from(MEDICATIONS)))),
        tuple(draw(st.lists(coded_texts(), max_size=draw(st.sampled_from([1, 1, 2]))))),
        when,
        product=draw(st.none() | products()),
        pointer=draw(st.none() | coded_texts()),
        unresolved=draw(st.sampled_from([None, "'Medication/9' finds nothing"])),
        ordered=draw(whens().map(lambda found: replace(found, period=True)) | st.just(NEVER_SAID)),
        routes=tuple(draw(st.lists(coded_texts(), max_size=2))),
        rate=draw(st.none() | quantities() | unreadables),
        amount=draw(st.none() | quantities()),
        meant=draw(st.booleans()),
        over=draw(st.booleans()),
    )


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    kinds = tuple(draw(st.lists(st.sampled_from(["IMP", "AMB", "EMER"]), max_size=2, unique=True)))
    return Stay(draw(items("Encounter")), kinds, draw(st.booleans()), replace(draw(whens()), period=True))


def observations() -> st.SearchStrategy[Observation]:
    """Any Observation."""
    components = st.lists(results(), max_size=2).map(tuple) | st.just(())
    return st.builds(Observation, items("Observation"), results(), whens(), _times, components)


def common_observations() -> st.SearchStrategy[Observation]:
    """Observations with one result and nothing odd."""
    item = st.builds(Item, st.sampled_from(NAMES), st.just("Observation"), iri=st.sampled_from(ADDRESSES))
    result = st.builds(Result, coded_texts(), values.map(lambda value: (value,)))
    return st.builds(Observation, item, result, whens(), _times)


def statements() -> st.SearchStrategy[Statement]:
    """Any statement."""
    flags = st.booleans()
    return st.one_of(
        observations(),
        st.builds(Condition, items("Condition"), coded_texts(), _times, _times, _times, flags, flags),
        st.builds(Procedure, items("Procedure"), coded_texts(), whens(), _times),
        medications(),
        stays(),
        st.builds(Other, st.sampled_from(["DiagnosticReport", "Unheard"]).flatmap(items), coded_texts()),
    )


@st.composite
def patients(draw: st.DrawFn, size: int = 4) -> PatientStatements:
    """Any patient."""
    named = st.sampled_from([None, "Patient/1", "https://hospital.example/patients/1", "x/y z", "-"])
    problems = st.builds(Problem, texts, st.sampled_from(["", "Observation/1"]), st.sampled_from(["", "b.json"]))
    return PatientStatements(
        draw(named),
        tuple(draw(st.lists(statements(), max_size=size))),
        tuple(sorted(draw(st.sets(problems, max_size=2)))),
        draw(st.none() | texts),
        iri=draw(st.sampled_from(ADDRESSES)),
    )
