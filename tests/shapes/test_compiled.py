"""The shapes say what the ontology says: ranges, units, times, terms."""

import re
import shutil
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from il2kg.bulk import load_engine
from il2kg.compile.build import compile_all
from il2kg.compile.shape_text import TIME
from il2kg.compile.unit_groups import UnitTable
from il2kg.loading import load_guideline
from il2kg.locations import content_root
from il2kg.read.times import UNREADABLE, read_moment
from tests.folders import folder_of

RECORD, FHIR = Path("shapes/record.ttl"), Path("shapes/fhir.ttl")


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the ontology and shapes that a test may edit."""
    folder = tmp_path_factory.mktemp("root")
    for name in ("ontology", "shapes"):
        shutil.copytree(content_root() / name, folder / name)
    return folder


def test_a_range_stands_in_the_ontology_alone(root: Path) -> None:
    path = root / "ontology/observables.ttl"
    before = path.read_text(encoding="utf-8")
    after = before.replace(
        "il2:plausibleLow 0.1 ; il2:plausibleHigh 30 ", "il2:plausibleLow 0.2 ; il2:plausibleHigh 33 "
    )
    assert before.count("il2:plausibleLow 0.1 ; il2:plausibleHigh 30 ") == 1
    path.write_text(after, encoding="utf-8")
    compiled = compile_all(load_guideline(folder_of(root)))
    assert {RECORD, FHIR} <= set(compiled.stale())
    for name in (RECORD, FHIR):
        assert "Serum creatinine is believed from 0.2 to 33 mg/dL" in compiled.files[name]
        assert "sh:minInclusive 0.2 ; sh:maxInclusive 33.0" in compiled.files[name]
    path.write_text(before, encoding="utf-8")
    assert compile_all(load_guideline(folder_of(root))).stale() == []


def test_other_files_beside_the_shapes_are_not_stale(root: Path) -> None:
    other = root / "shapes/other.ttl"
    other.write_text("", encoding="utf-8")
    assert compile_all(load_guideline(folder_of(root))).stale() == []
    other.unlink()


def test_the_structure_is_joined_as_it_is_written(root: Path) -> None:
    path = root / "shapes/structure/record.ttl"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace("Nobody knows when this was", "When was this"), encoding="utf-8")
    assert compile_all(load_guideline(folder_of(root))).stale() == [RECORD]
    path.write_text(before, encoding="utf-8")


def _bounds(observable: str, unit: str) -> tuple[Decimal, Decimal | None] | None:
    guideline = load_engine().guideline
    groups = UnitTable.of(guideline).groups(guideline.observables[observable])
    return next(group.bounds for group in groups if unit in group.units)


@pytest.mark.parametrize(
    ("observable", "unit", "least", "greatest"),
    [
        ("SerumCreatinine", "mg/dL", "0.1", "30"),
        ("SerumCreatinine", "umol/L", "8.83999558", "2652.00442"),
        ("BodyTemperature", "[degF]", "76.9999099999979", "113.000089999994"),
        ("OxygenSaturation", "1", "0.2999995", "1.000005"),
        ("PlateletCount", "/uL", "0", "3000005"),
    ],
)
def test_bounds_in_other_units_are_those_that_round_into_the_range(
    observable: str, unit: str, least: str, greatest: str
) -> None:
    assert _bounds(observable, unit) == (Decimal(least), Decimal(greatest))


def _pieces() -> st.SearchStrategy[str]:
    """What looks like a date or time, at times with a part that is none."""
    two = st.integers(0, 62).map("{:02}".format)
    date = st.tuples(st.integers(0, 9999).map("{:04}".format), st.sampled_from(("", "-{0}", "-{0}-{1}")), two, two)
    clock = st.sampled_from(("", "T{0}:{1}", "T{0}:{1}:{2}", "T{0}:{1}:{2}.25", "t{0}:{1}:{2}", "T{0}"))
    zone = st.sampled_from(("", "Z", "+01:00", "-14:00", "+14:00", "+13:59", "+14:30", "+1:00", " "))
    return st.builds(
        lambda day, time, a, b, c, z: day[0] + day[1].format(day[2], day[3]) + time.format(a, b, c) + z,
        *(date, clock, two, two, two, zone),
    )


@given(_pieces() | st.dates().map(str) | st.datetimes().map(datetime.isoformat))
def test_a_time_is_what_the_reader_takes_for_one(text: str) -> None:
    """But for the ends of the calendar, where a zone may lead out of it."""
    if text[:4] not in ("0001", "9999"):
        assert bool(re.search(TIME, text)) == (read_moment(text).problem != UNREADABLE)
