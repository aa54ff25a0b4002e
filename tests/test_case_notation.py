"""The notation of the cases: what its words stand for follows the ontology, and what cannot be read is said."""

import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from il2kg.bulk import load_engine
from il2kg.forms.compare import Compare
from il2kg.guideline.conditions import Condition
from il2kg.guideline.model import Criterion
from tests.case_notation import Item, NotationError, Scope, Span

GUIDELINE = load_engine().guideline
GUIDE = Path(__file__).parent.parent / "docs" / "cases.md"


def _criterion(name: str) -> Criterion:
    (criterion,) = (c for c in GUIDELINE.criteria if c.id == name)
    return criterion


def _items(criterion: str, line: str) -> list[Item]:
    return list(Scope(_criterion(criterion), GUIDELINE).items(line))


def _limit(condition: Condition | None) -> Decimal:
    assert isinstance(condition, Compare)
    return condition.limit


def _at(hours: str) -> Span:
    return Span(Decimal(hours), None, instant=True)


def test_an_item_is_read_in_all_its_parts() -> None:
    limit = _limit(_criterion("label-oxygen-saturation").condition)
    assert _items("label-oxygen-saturation", "OxygenSaturation < limit - 0.5 in % @ -6h as loinc 2708-6, panel") == [
        Item("OxygenSaturation", False, "<", limit - Decimal("0.5"), "%", _at("-6"), ("loinc 2708-6", "panel"))
    ]


def test_a_line_may_name_several_concepts_and_times() -> None:
    assert _items("label-sepsis", "no SepsisSyndrome, UncontrolledInfection @ -2h, -30min") == [
        Item(name, True, None, None, None, _at(hours), ())
        for name in ("SepsisSyndrome", "UncontrolledInfection")
        for hours in ("-2", "-0.5")
    ]


def test_doses_come_in_series() -> None:
    spans = [item.span for item in _items("label-sepsis", "dose @ -8h every -8h x 3")]
    assert spans == [_at("-8"), _at("-16"), _at("-24")]


def test_periods_may_be_open() -> None:
    (ended, running) = _items("label-sepsis", "SepsisSyndrome @ -6h..-2h, -1h..")
    assert ended.span == Span(Decimal(-6), Decimal(-2), instant=False)
    assert running.span == Span(Decimal(-1), None, instant=False)


def test_a_changed_limit_changes_the_items() -> None:
    criterion = _criterion("label-oxygen-saturation")
    assert isinstance(criterion.condition, Compare)
    changed = replace(criterion, condition=replace(criterion.condition, limit=Decimal(77)))
    (item,) = Scope(changed, GUIDELINE).items("OxygenSaturation = limit - 1 @ 0h")
    assert item.value == Decimal(76)


def test_words_of_time_follow_the_ontology() -> None:
    window = GUIDELINE.observables["OxygenSaturation"].window_hours
    (measured,) = _items("label-oxygen-saturation", "OxygenSaturation = 80 @ -window")
    (denied,) = _items("label-sepsis", "no SepsisSyndrome @ -absence")
    assert window is not None
    assert (measured.span, denied.span) == (_at(str(-window)), _at(str(-GUIDELINE.conventions.absence_hours)))


@pytest.mark.parametrize(
    ("criterion", "line", "said"),
    [
        ("label-sepsis", "Sepsis @ -1h", "names no concept"),
        ("label-sepsis", "SepsisSyndrome @ @", "is no"),
        ("label-sepsis", "SepsisSyndrome @ -soon", "soon stands for nothing"),
        ("label-sepsis", "HeartRate = limit @ -1h", "limit of HeartRate"),
        ("label-creatinine", "SerumCreatinine = limit @ -1h", "say which"),
        ("upci-rel-rales", "HeartRate = resume @ -1h", "no resume condition"),
    ],
)
def test_what_cannot_be_read_is_said(criterion: str, line: str, said: str) -> None:
    with pytest.raises(NotationError, match=f"{criterion}.*{said}"):
        _items(criterion, line)


def test_the_guide_to_the_notation_is_true() -> None:
    table = GUIDE.read_text(encoding="utf-8").split("## Items")[1].split("After `as`")[0]
    lines = re.findall(r"^\| `(.+?)` \|", table, re.MULTILINE)
    assert [line for line in lines if not _items("regimen-doses-per-cycle", line)] == []
    assert len(lines) > 10
