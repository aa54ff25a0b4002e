"""What an item stands for, of its codings, a map and its words (semantics, section 7)."""

import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from il2kg.errors import GuidelineError
from il2kg.loading import load_guideline
from il2kg.locations import content_root
from il2kg.recognise.coding import Coding
from il2kg.recognise.maps import CodeMap, MapTarget
from il2kg.recognise.recogniser import Meaning, Recogniser, Recognition
from tests.folders import OWN, without_tables

IL2 = "https://w3id.org/il2kg/"
ROOT = content_root()
RECOGNISER = Recogniser.of(load_guideline(OWN))

CREATININE = Coding("http://loinc.org", "2160-0", "Creatinine")
GLUCOSE = Coding("http://loinc.org", "2345-7", "Glucose")
HEMOGLOBIN_A1C = Coding("http://loinc.org", "4548-4", "Hemoglobin A1c")
INFECTION = Coding("http://snomed.info/sct", "40733004", None)
URINARY = Coding("http://snomed.info/sct", "68566005", None)
FIBRILLATION = Coding("ICD-10-CM", "I48.91", None)
NOWHERE = Coding("http://hospital.example/labs", "CREA", "Creatinine")
ACETAMINOPHEN = Coding("RXNORM", "161", None)


def _recognised(resource: str, *codings: Coding, text: str | None = None, numeric: bool = False) -> Recognition:
    return RECOGNISER.recognise(resource, codings, [text] if text else [], numeric=numeric)


def _names(recognition: Recognition) -> dict[str, bool]:
    """The concepts, and whether each is doubtful."""
    return {meaning.concept: meaning.doubtful for meaning in recognition.meanings}


def test_a_coding_that_is_known() -> None:
    assert _recognised("Observation", CREATININE, text="anything at all") == Recognition(
        (Meaning("SerumCreatinine", True, False, False, "http://loinc.org|2160-0"),)
    )


def test_an_identifier_of_the_ontology() -> None:
    assert _recognised("Observation", Coding(IL2, "SerumCreatinine")) == Recognition(
        (Meaning("SerumCreatinine", True, False, False, f"{IL2}|SerumCreatinine"),)
    )
    assert _names(_recognised("Observation", Coding("http://w3id.org/il2kg", "SerumCreatinine"))) == {
        "SerumCreatinine": False
    }


@pytest.mark.parametrize("code", ["SerumCreatine", "serumcreatinine", "DosesInCycle", "label-creatinine"])
def test_a_stranger_under_the_namespace_is_said(code: str) -> None:
    assert _recognised("Observation", Coding(IL2, code)) == Recognition((), stranger=code, nameless=True)
    beside = _recognised("Observation", Coding(IL2, code), CREATININE)
    assert (beside.stranger, _names(beside)) == (code, {"SerumCreatinine": False})


@pytest.mark.parametrize("coding", [Coding(None, "2160-0"), Coding("", "2160-0"), Coding("http://x.example", "2160-0")])
def test_a_code_of_no_system_that_is_known_is_not_recognised(coding: Coding) -> None:
    assert _recognised("Observation", coding, text="blood count").meanings == ()


def test_names_where_no_coding_is_known() -> None:
    named = _recognised("Observation", NOWHERE, text="creatinine, serum", numeric=True)
    assert named == Recognition((Meaning("SerumCreatinine", False, True, False, "'creatinine, serum'"),))
    assert _names(_recognised("Observation", NOWHERE, numeric=True)) == {"SerumCreatinine": True}  # by its display
    past = _recognised("Condition", text="history of atrial fibrillation")
    assert [(m.concept, m.coded, m.doubtful, m.over) for m in past.meanings] == [
        ("AtrialFibrillation", False, True, True)
    ]
    given_drug = _recognised("MedicationAdministration", text="Dexamethasone 4 mg tablet")
    assert _names(given_drug) == {"Dexamethasone": False}
    assert _recognised("MedicationRequest", text="unknown").nameless


def test_a_known_coding_silences_the_text() -> None:
    """Also one that is known to mean something else."""
    assert _names(_recognised("Condition", URINARY, text="sepsis")) == {"UrinaryTractInfection": False}
    other = _recognised("Observation", HEMOGLOBIN_A1C, NOWHERE, text="creatinine", numeric=True)
    assert other == Recognition((), means_other=True)


def test_a_coding_that_means_other_takes_nothing_away() -> None:
    both = _recognised("Observation", CREATININE, HEMOGLOBIN_A1C)
    assert (_names(both), both.means_other, both.set_aside) == ({"SerumCreatinine": False}, True, False)


def test_of_one_line_of_descent_the_lowest_counts() -> None:
    for codings in ((INFECTION, URINARY), (URINARY, INFECTION)):
        found = _recognised("Condition", *codings)
        assert (_names(found), found.set_aside) == ({"UrinaryTractInfection": False}, False)


def test_what_is_sure_is_not_lost_to_what_is_doubtful_below() -> None:
    premature = Coding("ICD-10-CM", "I49.3")  # an arrhythmia, whose frequency is not said
    assert _names(_recognised("Condition", premature)) == {
        "CardiacArrhythmia": False,
        "FrequentPrematureVentricularContractions": True,
    }
    sure = _recognised("Condition", premature, Coding(IL2, "FrequentPrematureVentricularContractions"))
    assert _names(sure) == {"FrequentPrematureVentricularContractions": False}


def test_codings_that_contradict_each_other_set_the_item_aside() -> None:
    found = _recognised("Condition", URINARY, FIBRILLATION)
    assert (found.set_aside, _names(found)) == (True, {"UrinaryTractInfection": False, "AtrialFibrillation": False})


def test_a_code_of_two_findings_means_both_and_agrees_with_one_of_them() -> None:
    both = Coding("ICD-10-CM", "K57.21")
    names = {"BowelPerforation": False, "GastrointestinalHemorrhage": False}
    alone = _recognised("Condition", both)
    assert (_names(alone), alone.set_aside) == (names, False)
    beside = _recognised("Condition", both, Coding(IL2, "BowelPerforation"))
    assert (_names(beside), beside.set_aside) == (names, False)
    against = _recognised("Condition", both, FIBRILLATION)
    assert (_names(against), against.set_aside) == ({**names, "AtrialFibrillation": False}, True)


def test_what_a_resource_cannot_speak_of() -> None:
    """It gives way to what it can speak of, by code or by text; alone it is left for a message."""
    assert _names(_recognised("Condition", CREATININE, FIBRILLATION)) == {"AtrialFibrillation": False}
    assert _names(_recognised("Condition", CREATININE, text="atrial fibrillation")) == {"AtrialFibrillation": True}
    assert _names(_recognised("Condition", CREATININE)) == {"SerumCreatinine": False}
    assert _names(_recognised("Procedure", ACETAMINOPHEN)) == {"Acetaminophen": False}
    assert _recognised("MedicationAdministration", INFECTION).nameless is True
    assert _names(_recognised("MedicationAdministration", INFECTION, text="dexamethasone")) == {"Dexamethasone": False}


def test_products_that_act_where_they_are_put() -> None:
    codes = {
        line.split("\t")[3].partition(":")[2]: line
        for line in (ROOT / "ontology/codes/products/rxnorm.sssom.tsv").read_text(encoding="utf-8").splitlines()
        if line.startswith("il2:Diphenhydramine\t")
    }
    local = Coding("RXNORM", next(code for code, line in codes.items() if "Topical Cream" in line))
    whole = Coding("RXNORM", next(code for code, line in codes.items() if "Oral Tablet" in line))
    ingredient = Coding("RXNORM", "3498")
    assert [m.local for m in _recognised("MedicationRequest", local).meanings if m.concept == "Diphenhydramine"] == [
        True
    ]
    assert [m.local for m in _recognised("MedicationRequest", whole).meanings if m.concept == "Diphenhydramine"] == [
        False
    ]
    together = _recognised("MedicationRequest", local, ingredient)
    assert [(m.concept, m.local) for m in together.meanings] == [("Diphenhydramine", True)]
    assert together.set_aside is False
    assert _recognised("MedicationRequest", local, whole).set_aside is True


def test_a_drug_whose_nature_is_to_act_where_it_is_put_is_not_local() -> None:
    cream = _recognised("MedicationRequest", Coding("ATC", "D07AC13"))
    assert [(m.concept, m.local) for m in cream.meanings] == [("TopicalCorticosteroid", False)]


@pytest.mark.parametrize(
    ("resource", "codings", "text", "nameless"),
    [
        ("MedicationAdministration", [], None, True),
        ("MedicationAdministration", [Coding(None, None)], "  ", True),
        ("MedicationAdministration", [Coding("RXNORM", "99999999")], None, True),
        ("MedicationAdministration", [Coding("RXNORM", "99999999", "Something")], None, False),
        ("MedicationAdministration", [Coding("RXNORM", "99999999")], "Something", False),
        ("MedicationAdministration", [ACETAMINOPHEN], None, False),
        ("Observation", [msgspec.structs.replace(HEMOGLOBIN_A1C, display=None)], None, False),
    ],
)
def test_what_nobody_can_name(resource: str, codings: list[Coding], text: str | None, nameless: bool) -> None:
    assert _recognised(resource, *codings, text=text).nameless is nameless


def test_a_text_that_is_telling() -> None:
    found = _recognised("Condition", text="family history of myocardial infarction")
    assert found == Recognition((), telling=True)
    assert _recognised("Condition", HEMOGLOBIN_A1C, text="family history of myocardial infarction").telling is False


def test_oxygen_by_mask_is_set_aside_while_intubated() -> None:
    found = _recognised("Observation", Coding("LOINC", "3150-0"))
    assert [(m.concept, m.aside_while) for m in found.meanings] == [("MaskOxygenFraction", "EndotrachealIntubation")]


MAP = CodeMap(
    {
        ("http://hospital.example/labs", "CREA"): MapTarget(concepts=("SerumCreatinine",), unit="umol/L"),
        ("http://hospital.example/labs", "UO"): MapTarget(codings=(("http://loinc.org", "9192-6"),), unit="mL"),
        ("http://hospital.example/labs", "UO8"): MapTarget(
            codings=(("http://loinc.org", "9192-6"),), hours=Decimal(8)
        ),
        ("http://hospital.example/labs", "NO"): MapTarget(),
        ("http://loinc.org", "2160-0"): MapTarget(concepts=("TotalBilirubin",)),
    }
)  # fmt: skip


def test_a_map_goes_before_the_tables_and_may_lead_to_them() -> None:
    mapped = Recogniser.of(load_guideline(OWN), MAP)

    def meanings(coding: Coding) -> list[tuple[str, str | None, Decimal | None]]:
        found = mapped.recognise("Observation", [coding], [])
        return [(m.concept, m.unit, m.period_hours) for m in found.meanings]

    labs = "http://hospital.example/labs"
    assert meanings(NOWHERE) == [("SerumCreatinine", "umol/L", None)]
    assert meanings(Coding(labs, "UO")) == [("UrineOutput", "mL", Decimal(24))]
    assert meanings(Coding(labs, "UO8")) == [("UrineOutput", None, Decimal(8))]
    assert meanings(CREATININE) == [("TotalBilirubin", None, None)]
    assert mapped.recognise("Observation", [Coding(labs, "NO")], ["creatinine"]) == Recognition((), means_other=True)
    assert meanings(Coding(labs, "not mapped")) == []


def test_own_codes_need_no_table(tmp_path: Path) -> None:
    """No table is read for a record of the ontology's own identifiers."""
    recogniser = Recogniser.of(without_tables(load_guideline(OWN), tmp_path))
    assert _names(recogniser.recognise("Condition", [Coding(IL2, "Anemia")], [])) == {"Anemia": False}
    with pytest.raises(GuidelineError, match=r"systems\.tsv"):
        recogniser.recognise("Observation", [CREATININE], [])


def test_a_row_of_a_concept_that_is_not_there_is_named(tmp_path: Path) -> None:
    shutil.copytree(OWN.codes, tmp_path / "codes")
    mesh = tmp_path / "codes" / "mesh.sssom.tsv"
    mesh.write_text(mesh.read_text(encoding="utf-8").replace("il2:Myocarditis", "il2:Myocardits"), encoding="utf-8")
    guideline = replace(load_guideline(OWN), folder=replace(OWN, codes=tmp_path / "codes"))
    with pytest.raises(GuidelineError, match="Myocardits"):
        Recogniser.of(guideline).recognise("Condition", [Coding("MSH", "D009205")], [])


CODINGS = st.sampled_from(
    [CREATININE, GLUCOSE, HEMOGLOBIN_A1C, INFECTION, URINARY, FIBRILLATION, NOWHERE, ACETAMINOPHEN,
     Coding(IL2, "Anemia"), Coding("ICD-10-CM", "K57.21"), Coding(IL2, "x"), Coding(None, None)]
)  # fmt: skip


@given(st.lists(CODINGS, max_size=4), st.sampled_from(["Observation", "Condition", "Procedure", "MedicationRequest"]))
def test_the_order_of_codings_makes_no_difference(codings: list[Coding], resource: str) -> None:
    def said(recognition: Recognition) -> tuple[object, ...]:
        meanings = {(m.concept, m.coded, m.doubtful, m.over, m.local) for m in recognition.meanings}
        return meanings, recognition.set_aside, recognition.means_other, recognition.nameless

    forth = RECOGNISER.recognise(resource, codings, [])
    assert said(forth) == said(RECOGNISER.recognise(resource, codings[::-1], []))
    # Adding a coding that says nothing changes nothing, and of one line only the lowest is given.
    assert said(forth)[:3] == said(RECOGNISER.recognise(resource, [*codings, Coding(None, "1")], []))[:3]
    concepts = [m.concept for m in forth.meanings]
    assert len(concepts) == len(set(concepts))
