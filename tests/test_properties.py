"""What must hold of every record, without an oracle."""

from copy import deepcopy
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from il2kg.bulk import load_engine
from il2kg.engine import Request
from il2kg.read.times import microseconds
from tests import planting
from tests.bundles import Resource, administration, assessed, bundle, patients
from tests.strategies import AT, MEASURED, charted_clean, instant, items, records

ENGINE = load_engine()
NOW = Request(at=microseconds(AT), every_criterion=True)
charting = st.booleans().map(lambda silent: Request(microseconds(AT), silent, every_criterion=True))


def _document(resources: list[Resource], request: Request = NOW) -> dict[str, Any]:
    (document,) = assessed(ENGINE, bundle(resources), request)
    return document


@given(records(), charting)
def test_the_evaluators_agree(resources: list[Resource], request: Request) -> None:
    # A disagreement is raised; and a decision keeps to its own range.
    document = _document(resources, request)
    for decision in (document["overall"], *document["rule_sets"].values()):
        assert (decision["decision"] == decision["at_least"]) or (
            decision["decision"] == "indeterminate" and decision["at_least"] in ("administer", "eligible")
        )
        if decision["decision"] in ("administer", "eligible"):
            assert decision["at_most"] == decision["decision"]


@given(records(), charting)
def test_administer_is_said_only_where_nothing_unknown_could_change_it(
    resources: list[Resource], request: Request
) -> None:
    document = _document(resources, request)
    applying = [d for d in document["rule_sets"].values() if d["applies"]]
    speaks_against = [name for d in applying for kind in ("met", "held", "unknown") for name in d[kind]]
    if document["overall"]["decision"] == "administer":
        # Silence about re-treatment bears on a cycle's first dose alone.
        silent = document["rule_sets"]["retreatment"]["unknown"]
        assert [name for name in speaks_against if name not in silent] == []
        assert document["to_assess"] == []
    if document["overall"]["decision"] == "indeterminate":
        assert document["to_assess"] != []


@given(records(), charting, st.randoms(use_true_random=False))
def test_the_order_of_entries_changes_nothing(resources: list[Resource], request: Request, random: Any) -> None:
    content = bundle(resources)
    shuffled = deepcopy(content)
    random.shuffle(shuffled["entry"])
    before, after = assessed(ENGINE, content, request), assessed(ENGINE, shuffled, request)
    for document in (*before, *after):
        for criterion in document["criteria"]:
            del criterion["evidence"]  # which of two equal items is shown may differ
    assert before == after


@given(records(), charting, st.integers(-14 * 4, 14 * 4))
def test_time_zones_change_nothing(resources: list[Resource], request: Request, quarters: int) -> None:
    zone = timezone(timedelta(minutes=15 * quarters))

    def moved(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: moved(inner) for key, inner in value.items()}
        if isinstance(value, str) and value.endswith("Z") and "T" in value:
            return datetime.fromisoformat(value).astimezone(zone).isoformat()
        return value

    assert _document([moved(r) for r in resources], request) == _document(resources, request)


@given(records(), charting)
def test_units_change_nothing(resources: list[Resource], request: Request) -> None:
    other = {
        "SerumCreatinine": ("umol/L", 88.4),
        "PlateletCount": ("/uL", 1000),
        "OxygenSaturation": ("1", 0.01),
        "BodyWeight": ("g", 1000),
        "NasalOxygenFlow": ("mL/min", 1000),
        "UrineOutput": ("L", 0.001),
    }
    converted = deepcopy(resources)
    for resource in converted:
        name = _subject(resource)
        if "valueQuantity" in resource and name in other:
            unit, factor = other[name]
            value = round(resource["valueQuantity"]["value"] * factor, 6)
            resource["valueQuantity"].update(value=value, unit=unit, code=unit)
    assert _document(converted, request) == _document(resources, request)


@given(records(), st.lists(items(AT + timedelta(days=3)), max_size=8), charting)
def test_what_comes_after_the_instant_changes_nothing(
    resources: list[Resource], more: list[Resource], request: Request
) -> None:
    later = [r for r in more if _earliest(r) > AT]
    assert _document(resources + later, request) == _document(resources, request)


def _subject(resource: Resource) -> str | None:
    """What an Observation or Condition is about."""
    return resource.get("code", {}).get("coding", [{}])[0].get("code")


def _earliest(resource: Resource) -> datetime:
    """The earliest time at which anything of a resource is known; a volume is known at its end."""
    if resource["resourceType"] == "Observation" and "effectivePeriod" in resource:
        return datetime.fromisoformat(resource["effectivePeriod"]["end"])
    names = ("effectiveDateTime", "onsetDateTime", "authoredOn")
    start = next((resource[n] for n in names if n in resource), None)
    return datetime.fromisoformat(start or resource["effectivePeriod"]["start"])


@given(st.one_of(records(), charted_clean()), charting, st.data())
def test_an_untrusted_latest_measurement_never_permits_a_dose(
    resources: list[Resource], request: Request, data: st.DataObject
) -> None:
    present = sorted({name for r in resources if (name := _subject(r)) in MEASURED})
    assume(present)
    name = data.draw(st.sampled_from(present))
    latest = max((r for r in resources if _subject(r) == name), key=lambda r: r["effectiveDateTime"])
    assume(latest["effectiveDateTime"] <= instant(AT))
    before = _document(resources, request)["overall"]["decision"]
    broken = data.draw(st.sampled_from(_BREAKAGES))(deepcopy(latest))
    after = _document([broken if r is latest else r for r in resources], request)["overall"]["decision"]
    assert after != "administer" or before == "administer"


def _without_unit(resource: Resource) -> Resource:
    for key in ("unit", "code", "system"):
        resource["valueQuantity"].pop(key)
    return resource


def _with(**changes: Any) -> Any:
    def change(resource: Resource) -> Resource:
        if "value" in changes or "code" in changes or "unit" in changes:
            resource["valueQuantity"].update(changes)
        else:
            resource.update(changes)
        return resource

    return change


def _without_value(resource: Resource) -> Resource:
    del resource["valueQuantity"]
    return resource


def _without_zone(resource: Resource) -> Resource:
    resource["effectiveDateTime"] = resource["effectiveDateTime"].removesuffix("Z")
    return resource


def _without_time(resource: Resource) -> Resource:
    del resource["effectiveDateTime"]
    return resource


def _as_text(resource: Resource) -> Resource:
    resource["valueString"] = str(resource.pop("valueQuantity")["value"])
    return resource


_BREAKAGES = [
    _without_unit,
    _without_value,
    _without_zone,
    _without_time,
    _with(value="1.0"),
    _with(value=1e9),
    _with(value=-1e9),
    _with(code="furlong", unit="furlong"),
    _with(code="[lb_av].Cel", unit="[lb_av].Cel"),
    _with(effectiveDateTime="yesterday"),
    _with(effectiveDateTime=20260306),
    _with(valueQuantity=[]),
    _with(status=7),
    _as_text,
]


@pytest.mark.parametrize("breakage", _BREAKAGES)
def test_a_breakage_is_seen_where_the_value_mattered(breakage: Any) -> None:
    """The property above is about something: without its creatinine, a clean record is no longer settled."""
    resources = planting.clean()
    creatinine = [r for r in resources if _subject(r) == "SerumCreatinine"]
    latest = max(creatinine, key=lambda r: r["effectiveDateTime"])
    broken = [breakage(deepcopy(r)) if r is latest else r for r in resources]
    assert planting.decision(broken) == "indeterminate"


@given(st.lists(records(), min_size=2, max_size=5), charting)
def test_records_side_by_side_are_assessed_as_each_alone(many: list[list[Resource]], request: Request) -> None:

    named = [n for r in many for n in ENGINE.named(patients(bundle(r)))]
    together = list(ENGINE.assess(named, request))
    alone = [outcome for one in named for outcome in ENGINE.assess([one], request)]
    assert together == alone


@pytest.mark.parametrize("microseconds_ago", [1, 3, 4_066_539, 59_999_999, 7 * 3_600_000_000 + 1])
def test_the_evaluators_agree_on_the_time_since_a_dose(microseconds_ago: int) -> None:
    moment = planting.AT - timedelta(microseconds=microseconds_ago)
    given = administration(planting.GUIDELINE.series[0].treatment, instant(moment))
    assert planting.decision([*planting.clean(), given]) == "not-due"
