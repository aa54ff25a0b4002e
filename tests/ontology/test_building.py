"""What ``il2kg build`` refuses: terms that are not there, and numbers in words that are not in the structure.

Each slip is made in a copy of the ontology; the message is all that the author is told.
"""

import shutil
from pathlib import Path

import pytest

from il2kg.compile.build import compile_all
from il2kg.compile.mappings import check_mappings
from il2kg.errors import GuidelineError
from il2kg.loading import load_guideline
from tests.folders import folder_of
from tests.ontology.files import ROOT

CORRECT = "; correct the one that is wrong (il2:printed holds what a source prints beside the limits)"


def _told(folder: Path, file: str, old: str, new: str) -> str:
    """What is said when something stands in a file instead of something else, once or oftener."""
    shutil.copytree(ROOT / "ontology", folder / "ontology")
    path = folder / "ontology" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(GuidelineError) as raised:
        compile_all(load_guideline(folder_of(folder)))
    return str(raised.value)


# file, what is written instead of what, where, and of what kind it is not, with the nearest
REFERENCES = [
    (
        "guideline/label.ttl",
        "il2:toxicity il2:Hypotension",
        "il2:toxicity il2:Hypotention",
        "label.ttl: il2:label-hypotension, il2:toxicity: il2:Hypotention is no finding",
        "Hypotension",
    ),
    (
        "guideline/label.ttl",
        "il2:toxicity il2:Hypotension",
        "il2:toxicity il2:Phenylephrine",
        "label.ttl: il2:label-hypotension, il2:toxicity: il2:Phenylephrine is no finding",
        None,
    ),
    (
        "guideline/text.ttl",
        "il2:ruleSet il2:text ",
        "il2:ruleSet il2:test ",
        "text.ttl: il2:text-hemodynamic-instability, il2:ruleSet: il2:test is no il2:RuleSet",
        "text",
    ),
    (
        "guideline/upci.ttl",
        "il2:organ-system-cardiac ",
        "il2:organ-system-cardial ",
        "upci.ttl: il2:upci-rel-sinus-tachycardia, il2:organSystem: il2:organ-system-cardial is no il2:OrganSystem",
        "organ-system-cardiac",
    ),
    (
        "guideline/upci.ttl",
        "il2:effect il2:relative",
        "il2:effect il2:relatve",
        "upci.ttl: il2:upci-rel-sinus-tachycardia, il2:effect: il2:relatve is no il2:Effect",
        "relative",
    ),
    (
        "regimen.ttl",
        "il2:eventsOf il2:Aldesleukin",
        "il2:eventsOf il2:Aldesleukine",
        "regimen.ttl: il2:aldesleukin-doses, il2:eventsOf: il2:Aldesleukine is no treatment",
        "Aldesleukin",
    ),
    (
        "findings.ttl",
        "il2:endedBy il2:CardiacArrhythmia",
        "il2:endedBy il2:CardiacArhythmia",
        "findings.ttl: il2:NormalSinusRhythm, il2:endedBy: il2:CardiacArhythmia is no finding",
        "CardiacArrhythmia",
    ),
    (
        "findings.ttl",
        "il2:rulesOut il2:SupraventricularArrhythmia , il2:Bradycardia",
        "il2:rulesOut il2:SupraventricularArrhythmia , il2:Bradicardia",
        "findings.ttl: il2:NormalSinusRhythm, il2:rulesOut: il2:Bradicardia is no finding",
        "Bradycardia",
    ),
    (
        "observables.ttl",
        "il2:infusionRateOf il2:Phenylephrine",
        "il2:infusionRateOf il2:Phenylefrine",
        "observables.ttl: il2:PhenylephrineRate, il2:infusionRateOf: il2:Phenylefrine is no treatment",
        "Phenylephrine",
    ),
    (
        "observables.ttl",
        "il2:interpretedAs il2:ElevatedCreatineKinaseMB",
        "il2:interpretedAs il2:ElevatedCreatinKinaseMB",
        "observables.ttl: il2:CreatineKinaseMB, il2:interpretedAs: il2:ElevatedCreatinKinaseMB is no finding",
        "ElevatedCreatineKinaseMB",
    ),
    (
        "interventions.ttl",
        "il2:manages il2:SinusTachycardia",
        "il2:manages il2:SinusTachicardia",
        "interventions.ttl: il2:expect-sinus-tachycardia, il2:manages: il2:SinusTachicardia is no finding",
        "SinusTachycardia",
    ),
    (
        "interventions.ttl",
        "il2:uses il2:Verapamil",
        "il2:uses il2:Verapamill",
        "interventions.ttl: il2:verapamil-for-supraventricular-tachycardia, il2:uses: il2:Verapamill is no treatment",
        "Verapamil",
    ),
    (
        "interventions.ttl",
        "il2:strength il2:expected",
        "il2:strength il2:expect",
        "interventions.ttl: il2:expect-pressure-drop, il2:strength: il2:expect is no il2:Strength",
        "expected",
    ),
    (
        "interventions.ttl",
        "il2:after il2:TherapyEnd ]",
        "il2:after il2:TherapyEnds ]",
        "interventions.ttl: il2:acetaminophen-for-fever, il2:after: il2:TherapyEnds is no il2:Event",
        "TherapyEnd",
    ),
    (
        "knowledge/renal.ttl",
        "il2:manages il2:ElevatedCreatinine",
        "il2:manages il2:SerumCreatinine",
        "renal.ttl: il2:hold-for-creatinine, il2:manages: il2:SerumCreatinine is no finding",
        "ElevatedCreatinine",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "place", "nearest"), REFERENCES, ids=[row[2] for row in REFERENCES])
def test_a_term_that_is_not_there_is_refused(
    tmp_path: Path, file: str, old: str, new: str, place: str, nearest: str | None
) -> None:
    ending = f"; the nearest is il2:{nearest}" if nearest else ""
    assert _told(tmp_path, file, old, new) == f"{place} of the ontology{ending}"


# What stands twice, or stands for two things.
TWICE = [
    (
        "vocabulary/unit-spellings.ttl",
        'il2:spelling "mmHg" ; il2:ucum "mm[Hg]" .',
        'il2:spelling "mmHg" ; il2:ucum "mm[Hg]" . [] a il2:UnitSpelling ; il2:spelling "mmHg" ; il2:ucum "kPa" .',
        "unit-spellings.ttl: 'mmHg' stands for mm[Hg] and for kPa; keep one",
    ),
    (
        "guideline/upci.ttl",
        "il2:upci-abs-creatinine a il2:Criterion",
        "il2:upci-rel-creatinine a il2:Criterion",
        "upci.ttl: <https://w3id.org/il2kg/upci-rel-creatinine> needs exactly one il2:effect, has 2",
    ),
    (
        "rule-sets.ttl",
        "il2:silenceBearsOn il2:FirstDoseOfCycle",
        "il2:silenceBearsOn il2:StartsNewCycle",
        "rule-sets.ttl: <https://w3id.org/il2kg/retreatment>: il2:silenceBearsOn il2:StartsNewCycle; it is the first "
        "event of a level (il2:firstOf), or is left out",
    ),
    (
        "findings.ttl",
        "il2:closed true",
        "il2:closed 1",
        "findings.ttl: <https://w3id.org/il2kg/EndotrachealIntubation>: il2:closed is true or false, not '1'",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "told"), TWICE, ids=[row[3] for row in TWICE])
def test_what_says_two_things_is_refused(tmp_path: Path, file: str, old: str, new: str, told: str) -> None:
    assert _told(tmp_path, file, old, new) == told


@pytest.mark.parametrize(
    ("condition", "told"),
    [
        (
            "[ il2:rising il2:PhenylephrineRate ]",
            "il2:rising il2:PhenylephrineRate is an infusion rate, not measured; name an observable that is measured",
        ),
        (
            "[ il2:rising il2:UrineOutput ]",
            "il2:rising il2:UrineOutput is collected over a period; ask by il2:rateOf or il2:volumeOf",
        ),
        (
            '[ il2:observable il2:UrineOutput ; il2:below 80 ; il2:unit "mL" ]',
            "il2:observable il2:UrineOutput is collected over a period; ask by il2:rateOf or il2:volumeOf",
        ),
    ],
)
def test_what_could_never_be_known_is_refused(tmp_path: Path, condition: str, told: str) -> None:
    old = "[ il2:present il2:VentricularArrhythmia ]"
    assert _told(tmp_path, "guideline/text.ttl", old, condition) == f"text-ventricular-arrhythmia: {told}"


def _mapped(folder: Path, *rows: str) -> None:
    codes = folder / "codes"
    codes.mkdir()
    table = "\n".join(["#mapping_set_id: x", "subject_id\tpredicate_modifier\tobject_id\tmatch", *rows])
    (codes / "x.sssom.tsv").write_text(table + "\n", encoding="utf-8")


def test_a_code_of_a_term_that_is_not_there_is_refused(tmp_path: Path) -> None:
    _mapped(tmp_path, "il2:Dyspnea\t\tSNOMEDCT:267036007\texact", "il2:Dispnea\t\tICD10:R06\tprefix")
    with pytest.raises(GuidelineError) as raised:
        check_mappings((tmp_path / "codes").iterdir(), {"Dyspnea", "Diarrhea"}, "il2")
    assert str(raised.value) == (
        "x.sssom.tsv: il2:Dispnea, mapped to ICD10:R06, is no term of the ontology; the nearest is il2:Dyspnea"
    )


def test_a_code_that_is_mapped_twice_is_refused(tmp_path: Path) -> None:
    _mapped(
        tmp_path,
        "il2:Dyspnea\t\tICD10:R06\texact",
        "il2:Dyspnea\tNot\tICD10:R06\tprefix",
        "il2:Dyspnea\tNot\tICD10:R06\tprefix",
    )
    with pytest.raises(GuidelineError) as raised:
        check_mappings((tmp_path / "codes").iterdir(), {"Dyspnea"}, "il2")
    assert str(raised.value) == "x.sssom.tsv: il2:Dyspnea is mapped to ICD10:R06 twice; keep one row"


def test_a_table_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "codes").mkdir()
    (tmp_path / "codes" / "x.sssom.tsv").write_text("term\tcode\nDyspnea\tR06\n", encoding="utf-8")
    with pytest.raises(GuidelineError) as raised:
        check_mappings((tmp_path / "codes").iterdir(), {"Dyspnea"}, "il2")
    assert str(raised.value) == f"{tmp_path}/codes/x.sssom.tsv: not an SSSOM table: 'subject_id'"


# file, what is written instead of what, the term and its words, and all numbers of its structure
NUMBERS = [
    # a limit that was changed, and the label was not
    (
        "guideline/label.ttl",
        "il2:above 4.5 ",
        "il2:above 4.4 ",
        "label.ttl: il2:label-creatinine: its label says 'above 4.5 mg/dL'",
        "above 4.4 mg/dL, atLeast 4 mg/dL, atMost 18 mmol/L, below 4 mg/dL",
    ),
    # the other way round
    (
        "guideline/label.ttl",
        "Serum creatinine above 4.5 mg/dL",
        "Serum creatinine above 4.4 mg/dL",
        "label.ttl: il2:label-creatinine: its label says 'above 4.4 mg/dL'",
        "above 4.5 mg/dL, atLeast 4 mg/dL, atMost 18 mmol/L, below 4 mg/dL",
    ),
    # a comparator
    (
        "guideline/label.ttl",
        "il2:above 4.5 ",
        "il2:atLeast 4.5 ",
        "label.ttl: il2:label-creatinine: its label says 'above 4.5 mg/dL'",
        "atLeast 4.5 mg/dL, atLeast 4 mg/dL, atMost 18 mmol/L, below 4 mg/dL",
    ),
    # a unit
    (
        "guideline/label.ttl",
        "while creatinine rises",
        "or 10 mL/min while creatinine rises",
        "label.ttl: il2:label-oliguria: its label says '10 mL/min'",
        "below 10 mL/h, 16 h, 48 h, above 10 mL/h, 8 h, above 1.5 mg/dL, 7 d, atMost 1.5 mg/dL, 24 h",
    ),
    # a volume of a shift is said, a rate is compared
    (
        "guideline/upci.ttl",
        "il2:below 10 ;",
        "il2:below 11 ;",
        "upci.ttl: il2:upci-abs-urine-output: its label says 'under 80 mL per 8 h'",
        "below 11 mL/h, 8 h",
    ),
    # weeks are said, days are compared
    (
        "guideline/regimen.ttl",
        "il2:below 49 ",
        "il2:below 42 ",
        "regimen.ttl: il2:regimen-course-gap: its label says 'At least 7 weeks'",
        "below 42 d",
    ),
    # a number in letters
    (
        "guideline/regimen.ttl",
        "il2:observable il2:DaysInCycle ; il2:atLeast 5 ",
        "il2:observable il2:DaysInCycle ; il2:atLeast 6 ",
        "regimen.ttl: il2:regimen-cycle-days: its label says 'five days'",
        "atLeast 6 d",
    ),
    # thousands by the microlitre
    (
        "guideline/upci.ttl",
        "Platelets under 30,000 per",
        "Platelets under 20,000 per",
        "upci.ttl: il2:upci-abs-platelets: its label says 'under 20,000 per microlitre'",
        "below 30 10*3/uL",
    ),
    # a note
    (
        "guideline/text.ttl",
        "90 mm Hg is Table 2's",
        "80 mm Hg is Table 2's",
        "text.ttl: il2:text-hypotension: its note says '80 mm Hg'",
        "below 90 mm[Hg], atLeast 90 mm[Hg]",
    ),
    # a convention that a note says
    (
        "conventions.ttl",
        "il2:repeatHours 48",
        "il2:repeatHours 36",
        "label.ttl: il2:label-stool-guaiac: its note says '48 h'",
        "atLeast 3 {grade}, 2, 36 h, atMost 0 {grade}, 3 {grade}, 4 {grade}",
    ),
    # the circumstances of an intervention, of which a criterion holds the numbers
    (
        "interventions.ttl",
        "the heart rate stays above 150 per minute",
        "the heart rate stays above 160 per minute",
        "interventions.ttl: il2:verapamil-for-supraventricular-tachycardia: its il2:when says 'above 160 per minute'",
        "150 /min",
    ),
    (
        "interventions.ttl",
        "stays at 18 mEq/L or less",
        "stays at 17 mEq/L or less",
        "interventions.ttl: il2:hold-for-metabolic-acidosis: its il2:when says '17 mEq/L or less'",
        "atMost 18 mmol/L, 24 h, 2, 48 h, above 18 mmol/L",
    ),
    # a statement beyond the rules
    (
        "knowledge/cardiopulmonary.ttl",
        "il2:up-to ; il2:high 81 ",
        "il2:up-to ; il2:high 18 ",
        "cardiopulmonary.ttl: il2:hypotension-early: its label says '81%'",
        "18 %, 3, 4",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "place", "known"), NUMBERS, ids=[row[2] for row in NUMBERS])
def test_a_number_that_the_structure_does_not_hold_is_refused(
    tmp_path: Path, file: str, old: str, new: str, place: str, known: str
) -> None:
    told = _told(tmp_path, file, old, new).splitlines()
    assert told[0] == f"{place}, but its structure says {known}{CORRECT}"
    assert all(line.endswith(CORRECT) for line in told)
