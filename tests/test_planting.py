"""What il2kg cannot read never ends in `administer`; and what is of no concern never keeps from it."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.records import record
from il2kg.bulk import load_engine
from il2kg.request import Request, instant_of
from tests.bundles import PATIENT, Resource, assessed, patients
from tests.fuzz import assess_seeds
from tests.planting import ago, bearing, clean, decision, plant

_SEEDS = 600
_CODES = ("313002", "8480", "TOT-44", "3024-7", "1234-5", "ZZ9", "V72.31", "Z00.00", "91.77")
_TEXTS = (
    "Saline flush",
    "Vitamin D3 1000 units",
    "Multivitamin",
    "Folic acid 1 mg tablet",
    "MCHC",
    "RDW-CV",
    "Eosinophils/100",
    "Urine specific gravity",
    "Diet: regular",
    "Bed position",
    "Fall precautions",
    "Height",
    "Tobacco use",
    "Zinc",
    "Ferritin",
    "Urine creatinine",
    "Lipase",
    "Docusate 100 mg capsule",
    "Influenza vaccine",
    "Chewing gum",
    "Pain score",
    "Braden scale",
    "Family history of myocardial infarction",
    "Screening for depression",
    "Annual physical",
    "Appendectomy",
    "Ankle sprain",
)


def test_the_clean_record_is_clean() -> None:
    assert decision(clean()) == "administer"


def test_much_bears_on_a_criterion() -> None:
    found = bearing()
    assert {"AtrialFibrillation", "Somnolence", "SepsisSyndrome", "Dialysis"} <= set(found.findings)
    assert {"Aldesleukin", "Prednisone", "Metoprolol"} <= set(found.treatments)
    assert "Phenylephrine" in found.rates
    assert len(found.codes) > 5000


@given(st.randoms(use_true_random=False))
def test_whatever_bears_on_a_criterion_keeps_from_administer(random: Random) -> None:
    planted = plant(random)
    assert decision([*clean(), planted]) != "administer"


def test_a_bounded_part_of_the_long_fuzzing() -> None:
    assert assess_seeds(0, _SEEDS).failures == []


@given(st.lists(st.tuples(st.sampled_from(_TEXTS), st.sampled_from(_CODES), st.integers(0, 3)), max_size=40))
def test_routine_items_of_no_concern_change_nothing(items: list[tuple[str, str, int]]) -> None:
    assert decision([*clean(), *map(_routine, range(len(items)), items)]) == "administer"


def test_a_thousand_routine_items_change_nothing() -> None:
    random = Random(7)
    items = [(random.choice(_TEXTS), random.choice(_CODES), random.randrange(4)) for _ in range(1000)]
    assert decision([*clean(), *map(_routine, range(len(items)), items)]) == "administer"


@pytest.mark.parametrize("number", range(0, 60, 6))
def test_five_day_records_with_routine_items_keep_their_decisions(number: int) -> None:
    random = Random(number)
    content = record(number)
    subject = content["entry"][1]["resource"].get("subject")
    routine = (
        {**_routine(n, (random.choice(_TEXTS), random.choice(_CODES), random.randrange(4))), "subject": subject}
        for n in range(300)
    )
    more = {**content, "entry": [*content["entry"], *({"resource": resource} for resource in routine)]}
    request = Request(at=instant_of(next(load_engine().named(patients(content))).record, Request()))
    (before,), (after,) = (assessed(load_engine(), each, request) for each in (content, more))
    assert (after["overall"], after["rule_sets"]) == (before["overall"], before["rule_sets"])


def _routine(number: int, item: tuple[str, str, int]) -> Resource:
    text, code, kind = item
    coded = {"coding": [{"system": "urn:oid:1.2.840.114350.9", "code": code, "display": text}], "text": text}
    common = {"id": f"routine-{number}", "subject": PATIENT}
    match kind:
        case 0:
            value = {"valueQuantity": {"value": 5, "unit": "mg/dL"}}
            return {
                **common,
                "resourceType": "Observation",
                "status": "final",
                "code": coded,
                "effectiveDateTime": ago(3),
                **value,
            }
        case 1:
            return {**common, "resourceType": "Condition", "code": coded, "onsetDateTime": ago(50)}
        case 2:
            return {
                **common,
                "resourceType": "Procedure",
                "status": "completed",
                "code": coded,
                "performedDateTime": ago(30),
            }
        case _:
            return {
                **common,
                "resourceType": "MedicationAdministration",
                "status": "completed",
                "medicationCodeableConcept": coded,
                "effectiveDateTime": ago(5),
            }
