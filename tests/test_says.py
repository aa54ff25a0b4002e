"""The words of the tables of cases: they follow the ontology, and what cannot be filled in is said."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from il2kg.bulk import load_engine
from il2kg.engine import Engine
from il2kg.guideline.model import Criterion
from tests.case_notation import NotationError, Scope
from tests.case_says import says_of
from tests.case_tables import TABLES, cases_of, plain_case, records_of, said_in, says, statuses_of
from tests.copies import copy_of_content, multiply_limits, rebuilt

GUIDELINE = load_engine().guideline
GUIDE = Path(__file__).parent.parent / "docs" / "cases.md"

# Their limits are changed: a pressure, volumes, counts, rates, times; together with others, alone, and of resumption.
CHANGED = (
    "label-hypotension",
    "label-creatinine",
    "label-oliguria",
    "upci-rel-sinus-tachycardia",
    "upci-abs-diarrhea",
    "upci-abs-phenylephrine-max",
    "upci-abs-platelets",
    "text-creatinine",
    "regimen-cycle-gap",
    "eligibility-pulmonary-function",
)
FACTOR = Decimal("1.3")


def _criterion(name: str) -> Criterion:
    (criterion,) = (c for c in GUIDELINE.criteria if c.id == name)
    return criterion


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """The product with an ontology in which the limits of ten criteria are other ones."""
    root = tmp_path_factory.mktemp("changed")
    copy_of_content(root)
    for criterion in CHANGED:
        multiply_limits(root, criterion, FACTOR)
    return rebuilt(root)


@pytest.mark.parametrize("name", CHANGED)
def test_a_changed_limit_changes_no_table(changed: Engine, name: str) -> None:
    (criterion,) = (c for c in changed.guideline.criteria if c.id == name)
    assert criterion.condition != _criterion(name).condition
    scope = Scope(criterion, changed.guideline)
    cases = cases_of(scope)
    said = statuses_of(changed, criterion, cases, records_of(changed, cases))
    expected = {case.title: (case.status, case.decision) for case in cases}
    assert {c.title: (s, c.decision and d) for c, (s, d) in zip(cases, said, strict=True)} == expected
    assert said_in(changed, criterion, plain_case(cases)) == says(scope) != says(Scope(_criterion(name), GUIDELINE))


def test_limits_are_changed_with_and_without_other_units() -> None:
    """Some of the tables that are held to this write values in units of records, some only in the ontology's own."""
    written = {name: (TABLES / f"{name}.toml").read_text(encoding="utf-8") for name in CHANGED}
    in_other_units = {name for name, text in written.items() if re.search(r"limit\S* [^;\"]* in [a-z1]\S* @", text)}
    assert {"label-creatinine", "upci-abs-platelets"} <= in_other_units
    assert len(in_other_units) < len(CHANGED)


SAYS = {
    "effect": "withhold",
    "organ-system": "urogenital",
    "decision": "withhold",
    "seen": "serum creatinine {limit.above + 0.3}, {@ -2h}",
    "limit": "above {SerumCreatinine limit.above}, measured within {SerumCreatinine window}",
}


def test_braces_are_filled_in_with_the_units_of_the_ontology() -> None:
    said = says_of(Scope(_criterion("label-creatinine"), GUIDELINE), SAYS)
    assert said.seen == "serum creatinine 4.8 mg/dL, 2026-03-10 12:00 UTC"
    assert said.limit == "above 4.5 mg/dL, measured within 24 h"
    assert (said.advice, said.lifted) == ("", None)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"limit": "above {SerumCreatinine limit}"}, "limit of SerumCreatinine: .* where one is wanted"),
        ({"limit": "above {limit.below}"}, "limit.below} is nothing: .*; name the concept before it"),
        ({"limit": "above {Creatinine limit}"}, "Creatinine limit} is nothing"),
        ({"seen": "{@ soon}"}, "soon stands for nothing"),
        ({"sees": "nothing"}, "lacks or does not know \\['sees'\\]"),
    ],
)
def test_what_cannot_be_filled_in_is_said(changes: dict[str, str], told: str) -> None:
    with pytest.raises(NotationError, match=f"label-creatinine.*{told}"):
        says_of(Scope(_criterion("label-creatinine"), GUIDELINE), SAYS | changes)


def test_a_section_is_whole() -> None:
    with pytest.raises(NotationError, match=r"lacks or does not know \['decision', 'effect'"):
        says_of(Scope(_criterion("label-creatinine"), GUIDELINE), {"limit": "x"})


def test_the_guide_shows_a_section_as_it_stands() -> None:
    shown = re.search(r"```toml\n(\[says\]\n.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    assert shown[1] in (TABLES / "label-oxygen-saturation.toml").read_text(encoding="utf-8")
