"""Each flaw is found by the shape that is for it, and what the shapes find is what the reader sets aside."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from il2kg.bulk import load_engine
from il2kg.compile.unit_groups import UnitTable, is_measured
from tests.shapes.flaws import AT, CLEAN, FLAWED, PREFIXES, REVERSED, Flaw, creatinine, observed, quantity
from tests.shapes.reading import BASE, ITEMS, report, said, set_aside, turtle, violated, written


@pytest.fixture(scope="module")
def all_items(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("shapes"), turtle(ITEMS))


def test_each_item_is_found_to_be_what_it_is(all_items: Path) -> None:
    found = said(report(all_items))
    wanted = {f"{BASE}i-{n}": set(flaw.expected) for n, flaw in enumerate(ITEMS.values()) if flaw.expected}
    named = {f"{BASE}i-{n}": name for n, name in enumerate(ITEMS)}
    assert {named[item]: shapes for item, shapes in found.items()} == {named[i]: s for i, s in wanted.items()}


def test_shapes_and_reader_set_the_same_aside(all_items: Path) -> None:
    aside = set_aside(all_items)
    assert violated(report(all_items)) == aside
    flawed = {f"{BASE}i-{n}" for n, f in enumerate(ITEMS.values()) if any(e.startswith("V") for e in f.expected)}
    assert aside == flawed


def test_both_engines_find_the_same(tmp_path: Path) -> None:
    path = written(tmp_path, turtle(list(CLEAN)[::4] + list(FLAWED)[::2], together=True))
    assert report(path, "pyshacl").results == report(path, "shacl").results


@settings(max_examples=25, deadline=None)
@given(st.lists(st.sampled_from(list(ITEMS)), min_size=2, max_size=12))
def test_they_agree_on_records_of_several_items(tmp_path_factory: pytest.TempPathFactory, names: list[str]) -> None:
    path = written(tmp_path_factory.mktemp("shapes"), turtle(names, together=True))
    assert violated(report(path)) == set_aside(path)


def _several(flaws: list[tuple[str, str, str]]) -> str:
    """Creatinines, each with a number, a unit and a time."""
    items = (Flaw(creatinine(number, unit, when=when)) for number, unit, when in flaws)
    texts = [item.turtle.replace("<i>", f"<i-{n}>") for n, item in enumerate(items)]
    return "\n".join([PREFIXES, f"@base <{BASE}> .", *texts])


_NUMBERS = ("1.2", "31", '"NaN"^^xsd:double', '"1.4 mg/dL"', '"x"^^xsd:decimal', "-0.0", "1e400")
_UNITS = ('qudt:ucumCode "mg/dL"', 'il2:unit "mL"', 'qudt:ucumCode "umol/L" ; il2:unit "mg/dL"', 'rdfs:label "x"')
_TIMES = (AT, REVERSED, 'sosa:phenomenonTime "2026-13-45"^^xsd:dateTime', 'sosa:phenomenonTime "2026"^^xsd:gYear')


@settings(max_examples=20, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(_NUMBERS), st.sampled_from(_UNITS), st.sampled_from(_TIMES)), min_size=4, max_size=12
    )
)
def test_they_agree_on_items_with_several_flaws(
    tmp_path_factory: pytest.TempPathFactory, flaws: list[tuple[str, str, str]]
) -> None:
    path = written(tmp_path_factory.mktemp("shapes"), _several(flaws))
    assert violated(report(path)) == set_aside(path)


@st.composite
def _near_bounds(draw: st.DrawFn) -> list[tuple[str, str, Decimal]]:
    """Numbers at and beside the bounds of what is believed of observables, in units of theirs."""
    guideline = load_engine().guideline
    table = UnitTable.of(guideline)
    measured = [o for o in guideline.observables.values() if o.count is None and is_measured(o) and not o.collected]
    found = []
    for _ in range(12):
        observable = draw(st.sampled_from(measured))
        group = draw(st.sampled_from(table.groups(observable)))
        bound = draw(st.sampled_from(group.bounds)) if group.bounds else Decimal(1)
        assert bound is not None
        beside = draw(st.sampled_from((0, 1, -1, 1000, -1000)))
        step = Decimal(1).scaleb(-min(17, 14 - (bound.adjusted() if bound else 0)))
        found.append((observable.id, draw(st.sampled_from(group.units)), bound + beside * step))
    return found


@settings(max_examples=30, deadline=None)
@given(_near_bounds())
def test_they_agree_at_the_bounds_of_what_is_believed(
    tmp_path_factory: pytest.TempPathFactory, numbers: list[tuple[str, str, Decimal]]
) -> None:
    items = [
        observed(f"il2:{name}", quantity(f"{number:f}", f'qudt:ucumCode "{unit}"')).replace("<i>", f"<i-{n}>")
        for n, (name, unit, number) in enumerate(numbers)
    ]
    path = written(tmp_path_factory.mktemp("shapes"), "\n".join([PREFIXES, f"@base <{BASE}> .", *items]))
    assert violated(report(path)) == set_aside(path)


def test_times_without_a_zone_are_sound_where_the_zone_is_known(tmp_path: Path) -> None:
    names = [name for name in FLAWED if "zone" in name and "date" not in name]
    path = written(tmp_path, turtle(names))
    vienna = load_engine("Europe/Vienna")
    assert len(names) > 6
    assert len(violated(report(path))) == len(names)
    assert violated(report(path, engine=vienna)) == set_aside(path, vienna) == set()


def test_a_clock_time_that_occurs_twice_is_no_certain_time(tmp_path: Path) -> None:
    twice = creatinine("1.2", when='sosa:phenomenonTime "2026-10-25T02:30:00"^^xsd:dateTime')
    path = written(tmp_path, f"{PREFIXES}@base <{BASE}> .\n{twice}")
    assert said(report(path, engine=load_engine("Europe/Vienna"))) == {f"{BASE}i": {"V time-zone"}}
