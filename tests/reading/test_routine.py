"""What is read in one step is what the full reader reads of it (semantics, section 7.1).

A reader that tells an observer of its items reads every one of them in full.
"""

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from il2kg.read.concepts import Subject
from il2kg.read.sources.json_text import canonical, decode
from il2kg.read.sources.patients import PatientResources, Resource
from il2kg.record import Record
from tests import strategies
from tests.bundles import finding, measurement
from tests.reading.records import reader

TIME = "2026-03-02T08:00:00Z"
WORDS = ["", " ", "unknown", "2026-03-02", "2026-03-02T08:00", "text"]
WRONG: st.SearchStrategy[Any] = st.sampled_from([*WORDS, None, True, 7, [], {}, [{}], ["a", "b"], {"value": 5}])
NAMES = (
    "status code valueQuantity valueBoolean valueString effectiveDateTime effectivePeriod effectiveInstant component "
    "interpretation focus modifierExtension dataAbsentReason issued"
)
ELEMENTS = st.sampled_from(NAMES.split())


def _met(resource: str, subject: Subject) -> None:
    """Take no note."""


def _read(contents: list[dict[str, Any]], doubt: str | None, *, in_full: bool) -> Record:
    parsed = [decode(canonical(content)) for content in contents]
    resources = [Resource(f"Observation/i{n}", c, doubt) for n, c in enumerate(parsed) if isinstance(c, dict)]
    return reader(None).record(PatientResources("Patient/p1", resources, lambda _: []), _met if in_full else None)


@st.composite
def _spoilt(draw: st.DrawFn) -> list[dict[str, Any]]:
    contents = deepcopy(draw(strategies.records()))
    for content in draw(st.lists(st.sampled_from(contents), max_size=4)) if contents else ():
        holder: dict[str, Any] = content
        match draw(st.sampled_from(["whole", "code", "coding", "value"])), content:
            case "code", {"code": dict() as inner}:
                holder = inner
            case "coding", {"code": {"coding": [dict() as inner]}}:
                holder = inner
            case "value", {"valueQuantity": dict() as inner}:
                holder = inner
        names = sorted(holder.keys() - {"resourceType"}) or ["code"]
        holder[draw(st.one_of(st.sampled_from(names), ELEMENTS))] = draw(WRONG)
    return contents


@given(_spoilt(), st.sampled_from([None, None, "a doubt"]))
def test_whatever_is_wrong_with_an_item_it_is_read_as_in_full(
    contents: list[dict[str, Any]], doubt: str | None
) -> None:
    assert _read(contents, doubt, in_full=False) == _read(contents, doubt, in_full=True)


def test_a_missing_text_is_not_a_text_of_the_wrong_type() -> None:
    plain = measurement("SerumCreatinine", 1.5, "mg/dL", TIME)
    for wrong in ({"text": None}, {"coding": [{**plain["code"]["coding"][0], "display": None}]}):
        odd = {**plain, "code": {**plain["code"], **wrong}}
        for contents in ([plain, odd], [odd, plain]):
            assert _read(contents, None, in_full=False) == _read(contents, None, in_full=True)
            assert len(_read(contents, None, in_full=False).set_aside) == 1


def test_routine_items_count_for_the_latest_times() -> None:
    items = [measurement("HeartRate", 80 + n, "/min", f"2026-03-0{n}T08:00:00Z") for n in (3, 5, 4)]
    found = _read([*items, finding("SkinRash", True, items[1]["effectiveDateTime"])], None, in_full=False)
    assert found.latest == found.latest_but_one == found.episodes[0].start
    assert len(found.measurements) == 3
