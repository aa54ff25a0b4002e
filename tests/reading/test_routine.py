"""What is read in one step is what the full reader reads of it (semantics, section 7).

A reader that tells an observer of its items reads every one of them in full.
"""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from il2kg.read.concepts import Subject
from il2kg.read.fhir.patients import PatientResources
from il2kg.read.fhir.resources import Resource
from il2kg.read.fhir.statements import NOT_OF_THE_RECORD
from il2kg.read.sources.json_text import canonical, decode
from il2kg.record import Record
from tests import strategies
from tests.bundles import concept, finding, measurement, quantity
from tests.reading.records import LOINC, guideline, reader

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


VALUE = measurement("SerumCreatinine", 5.2, "mg/dL", TIME)
RASH = finding("SkinRash", True, TIME)
ODDITIES: list[dict[str, Any]] = [
    {},
    *({"status": status} for status in sorted(NOT_OF_THE_RECORD)),
    *({"status": status} for status in (None, 7, ["final"], "Final")),
    *({"component": each} for each in ([], None, [measurement("HeartRate", 150, "/min", TIME)])),
    *({"interpretation": each} for each in (None, [{"coding": [{"code": "H"}]}], [{"text": "?"}])),
    {"focus": [{"reference": "Patient/p2"}]},
    {"modifierExtension": [{"url": "https://example.org"}]},
    {"dataAbsentReason": {"text": "unknown"}, "valueQuantity": None, "valueBoolean": None},
    {"valueString": "5"},
    {"valueInteger": 5},
    *({"valueQuantity": each} for each in (None, [], {}, {"value": 5}, {"value": "5", "unit": "mg/dL"})),
    *({"valueQuantity": {"value": value, "unit": "mg/dL"}} for value in (5, 5.25, True, None, 10**9)),
    *({"valueQuantity": {"value": 5, "unit": "mg/dL", "comparator": sign}} for sign in ("<", ">", "ad", 1)),
    *({"valueBoolean": each} for each in (False, None, 1, "true")),
    *({"effectiveDateTime": each} for each in (None, 7, "", "2026", "2026-03-02T08:00", "2026-02-30", [TIME])),
    {"effectiveInstant": TIME},
    {"effectivePeriod": {"start": TIME}},
    {"issued": "2026-03-02T09:00:00Z"},
    *({"code": each} for each in (None, "x", [], {}, {"text": "serum creatinine"}, {"coding": {}}, {"coding": [None]})),
    *({"code": {**concept(name), "text": text}} for name in ("HeartRate", "SkinRash") for text in (None, 7, "x")),
    *({"code": concept(name)} for name in sorted(guideline().labels)),
    {"code": {"coding": [*concept("HeartRate")["coding"], *concept("SkinRash")["coding"]]}},
    # A value that is set aside while something is so, one that is flagged, one of a stretch, and a rate.
    {"code": {"coding": [{"system": LOINC, "code": "3150-0"}]}, "valueQuantity": quantity(40, "%")},
    {**measurement("CreatineKinaseMB", 9, "ng/mL", TIME), "interpretation": concept("H")},
    *(measurement("CreatineKinaseMB", 9, "ng/mL", TIME, interpretation=[{"text": flag}]) for flag in ("high", "x")),
    measurement("UrineOutput", 90, "mL", TIME),
    measurement("PhenylephrineRate", 1, "ug/kg/min", TIME),
]


@pytest.mark.parametrize("oddity", ODDITIES, ids=lambda oddity: str(oddity)[:60])
@pytest.mark.parametrize("plain", [VALUE, RASH])
def test_what_is_odd_is_read_as_in_full(plain: dict[str, Any], oddity: dict[str, Any]) -> None:
    contents = [plain, {**plain, **oddity}, plain]
    for doubt in (None, "a doubt"):
        assert _read(contents, doubt, in_full=False) == _read(contents, doubt, in_full=True)
