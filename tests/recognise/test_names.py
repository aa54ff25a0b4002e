"""Names in the texts of a record: found however they are written, and only where the text says so (7.3)."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from il2kg.loading import load_guideline
from il2kg.recognise.names import NameMatch, Names, words
from tests.folders import OWN

GUIDELINE = load_guideline(OWN)
NAMES = Names.of(GUIDELINE)
NAMING = GUIDELINE.naming

GIVEN = "MedicationAdministration"


def named(resource: str, *texts: str, numeric: bool = False) -> list[str]:
    return [match.concept for match in NAMES.named(resource, texts, numeric=numeric)]


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("PHENYLEPHRINE HCL 10 MG/ML IV SOLN", ["Phenylephrine"]),
        ("predniSONE (DELTASONE) 20 mg tablet", ["Prednisone"]),
        ("NORepinephrine bitartrate 8 mg in D5W 250 mL", ["Norepinephrine", "Crystalloid"]),
        ("NOR-EPINEPHRINE", ["Norepinephrine"]),
        ("Lopressor", ["Metoprolol"]),
        ("hydrocort sod succ", ["Hydrocortisone"]),
        ("methylPREDNISolone sod succ", ["Methylprednisolone"]),
        ("SOLUMEDROL", ["Methylprednisolone"]),
        ("aldesleukin (Proleukin) 22 million units", ["Aldesleukin"]),
        ("IL-2", ["Aldesleukin"]),
        ("IL2 600,000 IU/kg", ["Aldesleukin"]),
        ("HD-IL2", ["Aldesleukin"]),
        ("losartan-HCTZ 50-12.5", ["Antihypertensive", "Hydrochlorothiazide"]),
        ("valsartan 80 mg", ["Antihypertensive"]),
        ("Armour Thyroid 60 mg", ["ThyroidHormone"]),
        ("sod bicarb drip", ["SodiumBicarbonate"]),
        ("phényléphrine", ["Phenylephrine"]),
        ("topical steroid", ["TopicalCorticosteroid"]),
        ("naproxen, a non-steroidal", ["NonsteroidalAntiinflammatory"]),
        ("angiotensin II receptor blocker", ["Antihypertensive"]),
        # Names that only look like one.
        ("soluble IL-2 receptor assay", []),
        ("bempegaldesleukin", []),
        ("denileukin diftitox", []),
        ("basiliximab", []),
        ("desmopressin", []),
        ("fludrocortisone 0.1 mg", []),
        ("dobutamine", []),
        ("cyanocobalamin 1000 mcg", []),
        ("", []),
    ],
)
def test_a_drug_is_named_by_a_whole_word(text: str, concepts: list[str]) -> None:
    assert named(GIVEN, text) == concepts


@pytest.mark.parametrize(
    ("text", "nothing"),
    [("Unknown", True), ("N/A", True), ("-", True), ("12345", True), ("  ?? ", True), ("Zinc", False), ("IVPB", False)],
)
def test_some_texts_say_nothing(text: str, nothing: bool) -> None:
    assert NAMES.says_nothing(text) is nothing


@pytest.mark.parametrize(
    ("resource", "text", "numeric", "matches"),
    [
        ("Observation", "Patient has chest pain", False, [("ChestPain", False)]),
        ("Observation", "Chest pain", True, []),
        ("Condition", "AF", False, [("AtrialFibrillation", False)]),
        ("Condition", "A.F.", False, [("AtrialFibrillation", False)]),
        ("Condition", "AF for years", False, []),
        ("Condition", "h/o seizure", False, [("Seizure", True)]),
        ("Condition", "Sepsis, resolved", False, [("SepsisSyndrome", True)]),
        ("Condition", "unresolved sepsis", False, [("SepsisSyndrome", False)]),
        ("Condition", "abnormal stress test", False, [("AbnormalStressTest", False)]),
        ("Procedure", "Endotracheal intubation, emergent", False, [("EndotrachealIntubation", False)]),
        ("Procedure", "solid organ transplant", False, [("OrganAllograft", False)]),
        ("Procedure", "drainage of pleural effusion", False, []),
        ("Encounter", "sepsis", False, []),
        ("MedicationRequest", "for sepsis", False, []),
        ("Condition", "prednisone", False, []),
    ],
)
def test_a_finding_is_named_by_what_can_speak_of_it(
    resource: str, text: str, numeric: bool, matches: list[tuple[str, bool]]
) -> None:
    assert [(m.concept, m.over) for m in NAMES.named(resource, [text], numeric=numeric)] == matches
    assert not NAMES.telling(resource, [text], numeric=numeric)


IN_WORDS = {
    "Infection": ("COVID-19", "Influenza A", "C. diff colitis", "Clostridioides difficile", "Herpes zoster", "Zona"),
    "PositiveCulture": ("Gram positive cocci in clusters", "Blood culture, routine", "Urine culture", "Blutkultur"),
    "ChestPain": ("Chest tightness", "Chest pressure since noon", "Thoraxschmerzen", "douleur thoracique"),
    "VentricularTachycardia": ("runs of NSVT", "Non-sustained VT", "ventrikul\u00e4re Tachykardie"),
    "SustainedVentricularTachycardia": ("sustained ventricular tachycardia",),
    "SuspectedCardiacIschemia": ("Demand ischemia", "Elevated troponin"),
    "IschemicEcgChange": ("T wave inversion in V4-V6", "ST-Hebung", "sus-d\u00e9calage du segment ST"),
    "AtrialFibrillation": ("Vorhofflimmern", "fibrillation auriculaire", "afib with RVR", "f\u00f6rmaksflimmer"),
    "PulmonaryEdema": ("Lungenoedem", "Lungen\u00f6dem", "\u0153d\u00e8me pulmonaire", "lunge\u00f8dem"),
    "Confusion": ("Verwirrtheit", "confusion", "sekavuus"),
    "Coma": ("unresponsive", "Found unconscious", "bewusstlos"),
    "VividDreams": ("nightmares", "cauchemars"),
    "OvertBleeding": ("Bloody stool", "melena", "Coffee ground emesis", "Teerstuhl", "h\u00e9mat\u00e9m\u00e8se"),
    "BullousDermatitis": ("blistering", "skin sloughing", "exfoliative dermatitis", "pemphigoid"),
    "WorsenedSkinDisease": ("worsening psoriasis",),
    "SignificantLiverDysfunction": ("Elevated LFTs", "transaminitis", "Transaminasenerh\u00f6hung"),
    "HepaticFailureSign": ("hepatorenal syndrome", "Leberversagen"),
    "Hypothyroidism": ("hypothyroid", "Hypothyreose"),
    "BrainMetastasis": ("Metastases to brain", "brain mets", "metastatic melanoma to brain", "Hirnmetastasen"),
    "UrinaryTractInfection": ("Harnwegsinfekt", "infection urinaire"),
}


@pytest.mark.parametrize(("concept", "text"), [(each, text) for each, texts in IN_WORDS.items() for text in texts])
def test_a_finding_is_named_as_hospitals_chart_it(concept: str, text: str) -> None:
    assert named("Condition", text) == [concept]


@pytest.mark.parametrize(
    ("text", "concept"),
    [
        ("RSI", "EndotrachealIntubation"),
        ("ETT placed", "EndotrachealIntubation"),
        ("Invasive Ventilation", "EndotrachealIntubation"),
        ("SLED", "Dialysis"),
        ("CRRT", "Dialysis"),
        ("hemodialysis session", "Dialysis"),
        ("Nierentransplantation", "OrganAllograft"),
        ("Renal transplantation, cadaveric", "OrganAllograft"),
    ],
)
def test_a_procedure_is_named_as_hospitals_chart_it(text: str, concept: str) -> None:
    assert named("Procedure", text) == [concept]


@pytest.mark.parametrize(
    "text",
    [
        *(
            "pCO2",
            "PaCO2",
            "EtCO2",
            "Urine osmolality",
            "Respiratory rate",
            "Peripheral pulses",
            "Room air",
            "Foley care",
        ),
        *(
            "Alert and oriented x3",
            "Abdomen non-distended",
            "Lung metastases",
            "Skin intact",
            "Hepatitis B surface antigen",
        ),
        *(
            "Infectious disease consult",
            "Mean arterial pressure",
            "Ideal body weight",
            "Heart rhythm",
            "FEV1/FVC ratio",
        ),
        *(
            "COVID-19 vaccine",
            "TB skin test",
            "Urine occurrence",
            "Stool color",
            "Pulmonary artery systolic",
            "GCS total",
        ),
    ],
)
def test_routine_charting_names_nothing(text: str) -> None:
    assert named("Observation", text) == named("Observation", text, numeric=True) == named("Condition", text) == []


def test_of_two_texts_the_one_that_doubts_more_counts() -> None:
    assert NAMES.named("Condition", ["history of seizure", "seizure"]) == (NameMatch("Seizure", "history of seizure"),)


@pytest.mark.parametrize("word", sorted(NAMING.disclaimers))
def test_what_is_only_spoken_of_names_nothing_and_is_said(word: str) -> None:
    text = f"Sepsis {word.upper()}"
    assert (named("Condition", text), NAMES.telling("Condition", [text])) == ([], True)
    assert NAMES.telling("Condition", [word]) is False


@pytest.mark.parametrize(
    ("text", "concepts"),
    [
        ("Creatinine", ["SerumCreatinine"]),
        ("Creatinine, Serum", ["SerumCreatinine"]),
        ("Creatinine [Mass/volume] in Serum or Plasma", ["SerumCreatinine"]),
        ("CREATININE LEVEL", ["SerumCreatinine"]),
        ("Platelets [#/volume] in Blood by Automated count", ["PlateletCount"]),
        ("Potassium [Moles/volume] in Venous blood", ["SerumPotassium"]),
        ("Oxygen saturation in Arterial blood by Pulse oximetry", ["OxygenSaturation"]),
        ("Body weight Measured", ["BodyWeight"]),
        ("Urine creatinine", []),
        ("Creatinine clearance", []),
        ("Creatinine volume", []),
        ("Urine", []),
        ("Heart rate monitor", []),
        ("Blood", []),
        ("[Mass/volume] in serum", []),
        ("", []),
    ],
)
@pytest.mark.parametrize("numeric", [False, True])
def test_an_observable_is_all_of_its_text_but_the_fillers(text: str, concepts: list[str], numeric: bool) -> None:
    assert named("Observation", text, numeric=numeric) == concepts


CHARTED = {
    "SerumCreatinine": (
        *("Creatinine Lvl", "CREATININE, SER/PLAS", "Creatinine Whole Blood", "CREATININE, POC ISTAT", "S-Kreatinin"),
        *("Serum creatinine (mg/dL)", "Kreatinin i.S.", "cr\u00e9atinine (\u00b5mol/L)", "creatinina (mg/dL)"),
    ),
    "PlateletCount": ("Plt Count", "PLT", "Platelets (K/uL)", "Thrombozyten", "Plaquettes", "Trombocyter", "B-TPK"),
    "SerumBicarbonate": ("CO2", "CO2, total", "Total CO2", "tCO2", "Bicarbonat", "HCO3-", "VBG HCO3"),
    "HeartRate": (
        *("Heart Rate Monitored", "Peripheral Pulse Rate", "Apical pulse", "Apical Heart Rate", "Ventricular Rate"),
        *("Pulse (bpm)", "Herzfrequenz", "fr\u00e9quence cardiaque"),
    ),
    "SystolicBloodPressure": (
        *("ART BP Systolic", "Arterial Line BP Systolic", "Sys BP", "NIBP Systolic", "SBP/DBP", "Blutdruck systolisch"),
        *("BP (mmHg)", "PA systolique", "systolische bloeddruk"),
    ),
    "OxygenSaturation": ("SpO2 (%)", "O2 Sat", "Sauerstoffs\u00e4ttigung", "saturation en O2", "syrem\u00e4ttnad"),
    "NasalOxygenFlow": ("O2 Flow (L/min)", "HFNC flow", "Nasal cannula (L/min)", "Nasenbrille", "neusbril"),
    "UrineOutput": ("Urine (mL)", "Urine Output (mL)", "Foley output", "Diurese", "diur\u00e8se horaire", "Urinmenge"),
    "DiarrheaVolume": ("Stool Output (mL)", "Stool (mL)", "Stuhlmenge", "volume des selles"),
    "BodyWeight": ("Weight (lb)", "Admission Weight (kg)", "K\u00f6rpergewicht", "poids"),
}


@pytest.mark.parametrize(("concept", "text"), [(each, text) for each, texts in CHARTED.items() for text in texts])
def test_a_measurement_is_named_as_hospitals_chart_it(concept: str, text: str) -> None:
    assert named("Observation", text, numeric=True) == [concept]


def test_days_in_a_cycle_are_counted_and_not_read() -> None:
    assert named("Observation", "cycle day", numeric=True) == []


# ---- However it is written

TREATED = sorted((name, c.id) for c in GUIDELINE.treatments.values() for name in c.names)
PRESENT = sorted(
    (name, c.id)
    for c in GUIDELINE.findings.values()
    for name in c.names
    if sum(map(str.isalpha, name)) >= NAMING.whole_text_below
)
SHORT = sorted({(n, c.id) for c in GUIDELINE.findings.values() for n in c.names} - set(PRESENT))
MEASURED = sorted((n, o.id) for o in GUIDELINE.observables.values() if o.count is None for n in o.names)
# Words that no name has.
BESIDE = st.sampled_from(["", "zzz ", "100 mg ", "qqq, "])


@st.composite
def disguised(draw: st.DrawFn, name: str) -> str:
    """A name in another case, with accents on some letters and other punctuation between its words."""
    letters = [
        draw(st.sampled_from([c.upper(), c.lower(), c])) + draw(st.sampled_from(["", "", "\u0301"])) for c in name
    ]
    between = draw(st.sampled_from([" ", "-", ", ", "/", "  "]))
    return re.sub(r"[\s\-]+", between, "".join(letters))


@given(st.data(), st.sampled_from(TREATED), BESIDE, BESIDE)
def test_a_treatment_is_found_in_any_disguise(
    data: st.DataObject, name: tuple[str, str], left: str, right: str
) -> None:
    text = left + data.draw(disguised(name[0])) + " " + right
    assert name[1] in named(GIVEN, text)


@given(st.data(), st.sampled_from(PRESENT), BESIDE, BESIDE)
def test_a_finding_is_found_in_any_disguise(data: st.DataObject, name: tuple[str, str], left: str, right: str) -> None:
    assert name[1] in named("Condition", left + data.draw(disguised(name[0])) + " " + right)


@given(st.data(), st.sampled_from(SHORT), st.sampled_from(["zzz ", "no ", "2 "]))
def test_a_short_name_is_the_whole_text_or_none(data: st.DataObject, name: tuple[str, str], more: str) -> None:
    text = data.draw(disguised(name[0]))
    assert named("Condition", text) == [name[1]]
    assert named("Condition", more + text) == []
    assert named("Condition", f"{text} {more}") == []


@given(
    st.data(),
    st.sampled_from(MEASURED),
    st.lists(st.sampled_from(sorted(NAMING.fillers)), max_size=3),
    st.lists(st.sampled_from(sorted(NAMING.fillers)), max_size=3),
)
def test_fillers_make_no_difference_and_other_words_do(
    data: st.DataObject, name: tuple[str, str], before: list[str], after: list[str]
) -> None:
    text = " ".join([*before, data.draw(disguised(name[0])), *after])
    assert named("Observation", text, numeric=True) == [name[1]]
    assert named("Observation", f"urinary {text}", numeric=True) in ([], named("Observation", f"urinary {name[0]}"))


@given(st.sampled_from(TREATED), st.sampled_from("abcxyz"))
def test_part_of_a_word_is_no_name(name: tuple[str, str], letter: str) -> None:
    run = "".join(words(name[0]))
    assume(run.isalpha() and len(words(name[0])) == 1)
    known = {"".join(words(each)) for each, _ in TREATED}
    assume(run + letter not in known)
    assert named(GIVEN, run + letter) == []


@given(
    st.text(max_size=60), st.sampled_from(["Observation", "Condition", "Procedure", GIVEN, "Encounter"]), st.booleans()
)
def test_any_text_can_be_read(text: str, resource: str, numeric: bool) -> None:
    once = NAMES.named(resource, [text], numeric=numeric)
    assert once == NAMES.named(resource, [text, text], numeric=numeric)
    assert not (once and NAMES.telling(resource, [text], numeric=numeric))


@pytest.mark.parametrize(
    "text", ["Vaccination for influenza", "Influenza vaccination status", "Infection control rounds"]
)
def test_what_holds_a_name_may_be_called_something_else(text: str) -> None:
    assert NAMES.named("Condition", [text]) == ()
    assert NAMES.named("Condition", ["Influenza"]) != ()
