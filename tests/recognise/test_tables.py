"""What codes mean: of each concept the longest row decides; what is left out is unknown (semantics, section 7)."""

import shutil
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from il2kg.errors import GuidelineError
from il2kg.guideline.folder import GuidelineFolder
from il2kg.recognise.systems import Systems
from il2kg.recognise.tables import UNKNOWN, CodedConcept, CodeMeaning, CodeTables
from tests.folders import OWN

HEAD = "#mapping_set_id: https://example.org/codes\n"
COLUMNS = (
    "subject_id\tpredicate_modifier\tpredicate_id\tobject_id\tmapping_justification\tconfidence\tmatch\tlocal\tevidence"
)


@pytest.fixture(scope="module")
def tables() -> CodeTables:
    return CodeTables.of(OWN)


def _meaning(tables: CodeTables, system: str, code: str, resource: str = "Condition") -> CodeMeaning:
    found = Systems.of(OWN).canonical(system, code)
    assert found is not None
    return tables.lookup(*found, resource)


def _names(meaning: CodeMeaning) -> set[str]:
    return {each.concept for each in meaning.concepts}


def _row(concept: str, code: str, match: str = "exact", local: str = "") -> str:
    negative = match.startswith("not")
    cells = [
        f"il2:{concept}",
        "Not" if negative else "",
        "skos:narrowMatch",
        f"X:{code}",
        "semapv:ManualMappingCuration",
        "1.0",
        "prefix" if match.endswith("prefix") else "exact",
        local,
        "seen",
    ]
    return "\t".join(cells)


def _root(folder: Path, **tables: list[str]) -> GuidelineFolder:
    """A guideline with tables of one's own, each by its name with ``_`` for ``-``."""
    codes = folder / "codes"
    (codes / "products").mkdir(parents=True)
    for name, rows in tables.items():
        path = codes / f"{name.replace('__', '/').replace('_', '-')}.sssom.tsv"
        path.write_text("\n".join([HEAD + COLUMNS, *rows]) + "\n", encoding="utf-8")
    return replace(OWN, codes=codes)


@pytest.mark.parametrize(
    ("system", "code", "resource", "expected"),
    [
        ("LN", "2160-0", "Observation", CodeMeaning((CodedConcept("SerumCreatinine"),))),
        ("LN", "4548-4", "Observation", CodeMeaning(other=True)),
        ("LN", "8302-2", "Observation", UNKNOWN),
        ("LN", "3150-0", "Observation",
         CodeMeaning((CodedConcept("MaskOxygenFraction", aside_while="EndotrachealIntubation"),))),
        ("LN", "3167-4", "Observation", CodeMeaning((CodedConcept("UrineOutput", period_hours=Decimal(24)),))),
        ("LN", "9192-6", "Observation", CodeMeaning((CodedConcept("UrineOutput", period_hours=Decimal(24)),))),
        # exact before not-prefix of the same length, and only for the code itself
        ("I10C", "R60.0", "Condition", CodeMeaning((CodedConcept("PeripheralEdema"),))),
        ("I10C", "R60.00", "Condition", CodeMeaning(other=True)),
        # of one code a prefix of one concept and an exact row of another: both
        ("I10C", "K57.21", "Condition",
         CodeMeaning((CodedConcept("GastrointestinalHemorrhage"), CodedConcept("BowelPerforation")))),
        ("I10C", "I48.3", "Condition", CodeMeaning((CodedConcept("SupraventricularArrhythmia"),))),
        # a last X that fills up
        ("I10C", "R60.0X", "Condition", CodeMeaning(other=True)),
        ("I10C", "I48.91X", "Condition", CodeMeaning((CodedConcept("AtrialFibrillation"),))),
        ("I10C", "I48.91XX", "Condition", CodeMeaning((CodedConcept("AtrialFibrillation"),))),
        # the systems never mix: R65.1 and R65.2 mean the reverse of one another
        ("I10C", "R65.20", "Condition", CodeMeaning((CodedConcept("SepsisSyndrome"),))),
        ("I10C", "R65.1", "Condition", CodeMeaning(other=True)),
        ("http://hl7.org/fhir/sid/icd-10", "R65.1", "Condition", CodeMeaning((CodedConcept("SepsisSyndrome"),))),
        # of a name of both, what they agree on is sure; what one alone means is doubtful
        ("I10", "I48.0", "Condition", CodeMeaning((CodedConcept("AtrialFibrillation"),))),
        ("I10", "R65.1", "Condition", CodeMeaning((CodedConcept("SepsisSyndrome", doubtful=True),))),
        ("I10", "I48.91", "Condition", CodeMeaning((CodedConcept("AtrialFibrillation", doubtful=True),))),
        # ... but a code that only one of them can hold is of that one
        ("I10", "R65.201", "Condition", CodeMeaning((CodedConcept("SepsisSyndrome"),))),
        # ICD-10-GM by the rows of the WHO, with its certainty
        ("ICD-10-GM", "I21.9 V", "Condition", CodeMeaning((CodedConcept("MyocardialInfarction"),))),
        ("ICD-10-GM", "I21.9 A", "Condition", CodeMeaning(other=True)),
        ("ICD-10-GM", "I21.9 Z", "Condition",
         CodeMeaning((CodedConcept("MyocardialInfarction", doubtful=True, over=True),))),
        # what the digits of ICD-9-CM do not say, the resource says
        ("I9", "5569", "Procedure", CodeMeaning((CodedConcept("OrganAllograft"),))),
        ("I9", "5569", "Condition", CodeMeaning(other=True)),
        ("I9", "3351", "Condition", CodeMeaning((CodedConcept("OrganAllograft"),))),
        ("I9", "0389", "Condition", CodeMeaning((CodedConcept("SepsisSyndrome"),))),
        ("I9", "0389", "Procedure", UNKNOWN),
        ("I9", "55.69", "Condition", CodeMeaning((CodedConcept("OrganAllograft"),))),
        ("I9", "03849", "Procedure", CodeMeaning((CodedConcept("SepsisSyndrome"),))),
        # a drug code by its product, in any package, and in ten digits
        ("NDC", "76310-022-01", "MedicationAdministration", CodeMeaning((CodedConcept("Aldesleukin"),))),
        ("NDC", "76310-022-99", "MedicationAdministration", CodeMeaning((CodedConcept("Aldesleukin"),))),
        ("NDC", "7631002201", "MedicationAdministration", CodeMeaning((CodedConcept("Aldesleukin"),))),
        ("NDC", "71879-0001-01", "MedicationRequest", CodeMeaning((CodedConcept("Dexamethasone", local=False),))),
        ("NDC", "71879-0001-77", "MedicationRequest", CodeMeaning((CodedConcept("Dexamethasone", local=False),))),
        ("NDC", "71879-0001", "MedicationRequest", CodeMeaning((CodedConcept("Dexamethasone", local=False),))),
        # packages of one product that are of different drugs say nothing of another package
        ("NDC", "42037-0103-99", "MedicationRequest", UNKNOWN),
        ("HCPCS", "J9015", "MedicationAdministration", CodeMeaning((CodedConcept("Aldesleukin"),))),
        ("ATC", "C07AB02", "MedicationRequest", CodeMeaning((CodedConcept("Metoprolol"), CodedConcept("BetaBlocker")))),
        ("UCUM", "mg/dL", "Observation", UNKNOWN),
    ],
)  # fmt: skip
def test_what_codes_mean(tables: CodeTables, system: str, code: str, resource: str, expected: CodeMeaning) -> None:
    found = _meaning(tables, system, code, resource)
    assert (set(found.concepts), found.other) == (set(expected.concepts), expected.other)


MATCHES = st.sampled_from(["exact", "prefix", "not", "not-prefix"])
CODES = st.text("12", min_size=1, max_size=4)


@given(rows=st.dictionaries(st.tuples(CODES, MATCHES), st.just(None), max_size=8), asked=CODES)
def test_the_longest_row_decides(rows: dict[tuple[str, str], None], asked: str) -> None:
    """Against the sentence of the specification, for one concept; of one code and match there is one row."""
    kept: dict[tuple[str, bool], str] = {}
    for code, match in rows:
        kept.setdefault((code, match.endswith("prefix")), match)
    bearing = [
        (len(code), not prefix, match)
        for (code, prefix), match in kept.items()
        if (code == asked if not prefix else asked.startswith(code))
    ]
    expected = UNKNOWN
    if bearing:
        decides = max(bearing)[2]
        expected = CodeMeaning(other=True) if decides.startswith("not") else CodeMeaning((CodedConcept("Anemia"),))
    lines = [_row("Anemia", code, match) for (code, _), match in kept.items()]
    with TemporaryDirectory() as folder:
        tables = CodeTables.of(_root(Path(folder), mesh=lines))
        assert tables.lookup("http://id.nlm.nih.gov/mesh", asked, "Condition") == expected


def test_rows_of_other_concepts_decide_for_themselves(tmp_path: Path) -> None:
    root = _root(tmp_path, mesh=[_row("Infection", "1", "prefix"), _row("Anemia", "12", "not"), _row("Coma", "12")])
    tables = CodeTables.of(root)
    assert _names(tables.lookup("http://id.nlm.nih.gov/mesh", "12", "Condition")) == {"Infection", "Coma"}
    assert _names(tables.lookup("http://id.nlm.nih.gov/mesh", "121", "Condition")) == {"Infection"}


def test_ten_digits_that_may_be_two_drugs_are_none(tmp_path: Path) -> None:
    rows = [_row("Morphine", "01234567890", local="false"), _row("Anemia", "12345067890", local="false")]
    tables = CodeTables.of(_root(tmp_path, products__ndc=rows))
    assert tables.lookup("http://hl7.org/fhir/sid/ndc", "1234567890", "MedicationRequest") == UNKNOWN


def test_a_vocabulary_is_read_when_its_first_code_is_met(tmp_path: Path) -> None:
    tables = CodeTables.of(_root(tmp_path, mesh=[_row("Anemia", "1")]))
    assert _names(tables.lookup("http://id.nlm.nih.gov/mesh", "1", "Condition")) == {"Anemia"}
    with pytest.raises(GuidelineError, match=r"loinc\.sssom\.tsv"):
        tables.lookup("http://loinc.org", "2160-0", "Observation")


def test_the_table_of_snomed_ct_can_be_taken_away(tmp_path: Path) -> None:
    shutil.copytree(OWN.codes, tmp_path / "codes")
    copied = replace(OWN, codes=tmp_path / "codes")
    whole = CodeTables.of(copied)
    assert _names(_meaning(whole, "SCT", "49436004")) == {"AtrialFibrillation"}
    (tmp_path / "codes" / "snomed-ct.sssom.tsv").unlink()
    without = CodeTables.of(copied)
    assert _meaning(without, "SCT", "49436004") == UNKNOWN
    for system, code in (("LN", "2160-0"), ("I10C", "I48.91"), ("RXNORM", "161"), ("NDC", "76310-022-01")):
        assert _meaning(without, system, code, "Observation") == _meaning(whole, system, code, "Observation")
        assert _meaning(without, system, code, "Observation").concepts


@pytest.mark.parametrize(
    "content",
    [
        "",
        "subject_id\tobject_id\n",
        f"{HEAD}{COLUMNS}\nil2:Anemia\n",
        f"{COLUMNS}\n{_row('Anemia', '1').replace('exact', 'close')}\n",
        f"{COLUMNS}\n{_row('Anemia', '1').replace('il2:', '')}\n",
        f"{COLUMNS}\n{_row('Anemia', '1', local='perhaps')}\n",
        f"{COLUMNS}\n{_row('Anemia', '1')}\tmore\n".replace("\tseen\tmore", ""),
    ],
)
def test_a_table_that_cannot_be_read_is_named(tmp_path: Path, content: str) -> None:
    root = _root(tmp_path)
    (root.codes / "mesh.sssom.tsv").write_text(content, encoding="utf-8")
    with pytest.raises(GuidelineError, match=r"mesh\.sssom\.tsv"):
        CodeTables.of(root).lookup("http://id.nlm.nih.gov/mesh", "1", "Condition")
