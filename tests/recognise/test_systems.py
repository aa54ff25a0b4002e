"""Systems and codes come to one writing, and what is none of a system to nothing (semantics, section 7)."""

import csv
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from il2kg.errors import GuidelineError
from il2kg.locations import content_root
from il2kg.recognise.systems import Systems
from il2kg.recognise.written import has_check_digit, ndc_readings
from tests.folders import OWN

LOINC, SNOMED = "http://loinc.org", "http://snomed.info/sct"
RXNORM, NDC, ATC = (
    "http://www.nlm.nih.gov/research/umls/rxnorm",
    "http://hl7.org/fhir/sid/ndc",
    "http://www.whocc.no/atc",
)
ICD_10, ICD_10_CM = "http://hl7.org/fhir/sid/icd-10", "http://hl7.org/fhir/sid/icd-10-cm"
ICD_10_GM, ICD_10_PCS = "http://fhir.de/CodeSystem/bfarm/icd-10-gm", "http://www.cms.gov/Medicare/Coding/ICD10"
ICD_9 = "http://hl7.org/fhir/sid/icd-9-cm"
DIAGNOSIS, PROCEDURE = f"{ICD_9}/diagnosis", f"{ICD_9}/procedure"
CPT, HCPCS = "http://www.ama-assn.org/go/cpt", "https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
IL2 = "https://w3id.org/il2kg/"

TABLE = content_root() / "ontology" / "vocabulary" / "systems.tsv"
ALIASES = [
    (row["system"], alias)
    for row in csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    for alias in (row["system"], *row["aliases"].split())
]


@st.composite
def ways_of_writing(draw: st.DrawFn, alias: str) -> str:
    """A system's name in another case, with blanks, with another scheme, an end slash, as an OID with its prefix."""
    name = alias.replace("*", draw(st.sampled_from(["409", "900000000000207008", "version/20240101"])))
    if "://" in name:
        scheme = draw(st.sampled_from(["http://", "https://"]))
        name = scheme + name.partition("://")[2].rstrip("/") + draw(st.sampled_from(["", "/"]))
    elif name[0].isdigit():
        name = draw(st.sampled_from(["", "urn:oid:", "URN:OID:"])) + name
    elif not name.endswith(":"):
        name = draw(st.sampled_from(["", "-", " ", "_"])).join([name[:3], name[3:]]) if len(name) > 3 else name
    cased = "".join(c.upper() if draw(st.booleans()) else c.lower() for c in name)
    return draw(st.sampled_from(["", " ", "\t"])) + cased + draw(st.sampled_from(["", " ", "\n"]))


@pytest.mark.parametrize(("system", "alias"), ALIASES)
@given(data=st.data())
def test_every_name_of_a_system_is_that_system(system: str, alias: str, data: st.DataObject) -> None:
    found = Systems.of(OWN).named(data.draw(ways_of_writing(alias)))
    assert found is not None
    assert found.name == system


@pytest.mark.parametrize(
    "system",
    ["", " ", "http://loinc.org/x", "http://snomed.info/sctx", "2.16.840.1.113883.6.10", "urn:oid:2.16.840.1.113883.6",
     "http://hospital.example/codes", "http://hl7.org/fhir/sid/icd-11", "urn:oid:1.2.276.0.76.50.1"],
)  # fmt: skip
def test_what_only_looks_like_a_system_is_none(system: str) -> None:
    assert Systems.of(OWN).canonical(system, "2160-0") is None


@pytest.mark.parametrize(
    ("system", "code", "expected"),
    [
        (LOINC, " 2160-0 ", (LOINC, "2160-0")),
        ("LN", "2160\u20130", (LOINC, "2160-0")),
        (LOINC, "la33-6", (LOINC, "LA33-6")),
        (LOINC, "21600", None),
        (SNOMED, "22298006", (SNOMED, "22298006")),
        (f"{SNOMED}/900000000000207008/version/20240101", "22298006 |Myocardial infarction|", (SNOMED, "22298006")),
        (SNOMED, "22298006|open", (SNOMED, "22298006")),
        (SNOMED, "22298006:363698007=80891009", (SNOMED, "22298006")),
        (SNOMED, "22298006:408729009=410516002", None),
        (SNOMED, "22298006+49436004", None),
        (SNOMED, "22298007", None),
        (SNOMED, "MI", None),
        ("RXNORM", "000161", (RXNORM, "161")),
        (RXNORM, "0", None),
        (RXNORM, "161a", None),
        (ICD_10_CM, "i48.91", (ICD_10_CM, "I48.91")),
        ("I10C", "I4891", (ICD_10_CM, "I48.91")),
        ("ICD 10 CM", "I48 .91", (ICD_10_CM, "I48.91")),
        (ICD_10_CM, "T81.4XXA", (ICD_10_CM, "T81.4XXA")),
        (ICD_10_CM, "C7A.00", (ICD_10_CM, "C7A.00")),
        (ICD_10_CM, "I48.-", (ICD_10_CM, "I48")),
        (ICD_10_CM, "I48 I50", None),
        (ICD_10_CM, "I48.0,I50", None),
        (ICD_10_CM, "atrial fibrillation", None),
        (ICD_10, "A17.0+", (ICD_10, "A17.0")),
        (ICD_10, "G01*", (ICD_10, "G01")),
        (ICD_10, "a17.0\u2020", (ICD_10, "A17.0")),
        (ICD_10, "J46X", (ICD_10, "J46")),
        (ICD_10, "A17.0+ G01*", None),
        (ICD_10, "A04AA01", None),
        ("I10", "I48.0", ("I10", "I48.0")),
        ("I10", "T81.4XXA", ("I10", "T81.4XXA")),
        (ICD_10_GM, "J18.9G", (ICD_10_GM, "J18.9")),
        ("urn:oid:1.2.276.0.76.5.409", "J18.9 V", (ICD_10_GM, "J18.9")),
        (ICD_10_GM, "S72.0 R G", (ICD_10_GM, "S72.0")),
        (ICD_10_GM, "J18.9A", (ICD_10_GM, "J18.9 A")),
        (ICD_10_GM, "I21.9!Z", (ICD_10_GM, "I21.9 Z")),
        (ICD_10_GM, "B95!", (ICD_10_GM, "B95")),
        (ICD_9, "0389", (ICD_9, "0389")),
        (ICD_9, "038.9", (DIAGNOSIS, "038.9")),
        (ICD_9, "55.69", (PROCEDURE, "55.69")),
        (ICD_9, "03849", (DIAGNOSIS, "038.49")),
        (ICD_9, "e8791", (DIAGNOSIS, "E879.1")),
        (ICD_9, "V420", (DIAGNOSIS, "V42.0")),
        (ICD_9, "E87.9", None),
        ("2.16.840.1.113883.6.103", "0389", (DIAGNOSIS, "038.9")),
        ("2.16.840.1.113883.6.104", "5569", (PROCEDURE, "55.69")),
        ("2.16.840.1.113883.6.104", "556.9", None),
        ("2.16.840.1.113883.6.103", "55.69", None),
        (ICD_10_PCS, "0ty00z0", (ICD_10_PCS, "0TY00Z0")),
        (ICD_10_PCS, "OTY00Z0", None),
        (ICD_10_PCS, "0TY00Z", None),
        (NDC, "0078-0495-61", (NDC, "00078049561")),
        (NDC, "76310-022-01", (NDC, "76310002201")),
        (NDC, "76310-0022-1", (NDC, "76310002201")),
        (NDC, "76310-0022-01", (NDC, "76310002201")),
        (NDC, "NDC 76310-022", (NDC, "763100022")),
        (NDC, "7631002201", (NDC, "7631002201")),
        (NDC, "763-10022-01", None),
        (NDC, "0", None),
        (NDC, "00000000000", None),
        (ATC, "l03a c01", (ATC, "L03AC01")),
        (ATC, "L03AC1", None),
        ("CPT", "31500-59", (CPT, "31500")),
        ("CPT", "j9015-JW", (HCPCS, "J9015")),
        ("HCPCS", "31500", (CPT, "31500")),
        ("CPT", "3150", None),
        ("HPO", "HP_0000713", ("http://purl.obolibrary.org/obo/hp.owl", "0000713")),
        ("http://human-phenotype-ontology.org", "hp:0000713", ("http://purl.obolibrary.org/obo/hp.owl", "0000713")),
        ("http://w3id.org/il2kg", "SerumCreatinine ", (IL2, "SerumCreatinine")),
        (IL2, "serumcreatinine", (IL2, "serumcreatinine")),
        (None, "2160-0", None),
        ("http://hospital.example/codes", "2160-0", None),
        (LOINC, None, None),
        (LOINC, "", None),
        (LOINC, " ", None),
    ],
)  # fmt: skip
def test_codes_come_to_one_writing(system: str | None, code: str | None, expected: tuple[str, str] | None) -> None:
    assert Systems.of(OWN).canonical(system, code) == expected


@given(st.integers(min_value=10_000, max_value=10**16))
def test_one_digit_or_two_neighbours_amiss_break_the_check_digit(number: int) -> None:
    """Verhoeff: every code has one check digit, every other last digit and every swap of neighbours is found out."""
    whole = [f"{number}{digit}" for digit in range(10) if has_check_digit(f"{number}{digit}")]
    assert len(whole) == 1
    (code,) = whole
    for place in range(len(code)):
        for digit in "0123456789":
            assert (digit == code[place]) == has_check_digit(code[:place] + digit + code[place + 1 :])
    for place in range(len(code) - 1):
        one, other = code[place : place + 2]
        assert (one == other) == has_check_digit(code[:place] + other + one + code[place + 2 :])


@given(st.from_regex(r"[0-9]{5}-[0-9]{4}-[0-9]{2}", fullmatch=True), st.integers(0, 2))
def test_a_drug_code_without_hyphens_may_be_each_of_its_readings(code: str, short: int) -> None:
    """Ten digits made of eleven by dropping the zero before a part: the eleven are among the readings of the ten."""
    parts = code.split("-")
    parts[short] = "0" + parts[short][1:]
    whole = "".join(parts)
    ten = "".join(part[1:] if place == short else part for place, part in enumerate(parts))
    assert whole in ndc_readings(ten)
    assert ndc_readings(whole) == (whole,)


@given(st.text(max_size=40), st.sampled_from(sorted({system for system, _ in ALIASES})))
def test_no_code_breaks_it_and_the_canonical_one_is_its_own(code: str, system: str) -> None:
    canonical = Systems.of(OWN).canonical
    found = canonical(system, code)
    assert found is None or canonical(*found) == found


@pytest.mark.parametrize("content", [None, "system\talias\n", "", b"\xff"])
def test_a_table_of_systems_that_cannot_be_read_is_named(tmp_path: Path, content: str | bytes | None) -> None:
    path = tmp_path / "ontology" / "vocabulary" / "systems.tsv"
    path.parent.mkdir(parents=True)
    if content is not None:
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(GuidelineError, match=r"systems\.tsv"):
        Systems.of(replace(OWN, product=tmp_path))


def test_a_row_of_an_unknown_writing_is_named(tmp_path: Path) -> None:
    path = tmp_path / "ontology" / "vocabulary" / "systems.tsv"
    path.parent.mkdir(parents=True)
    head = TABLE.read_text(encoding="utf-8").splitlines()[0]
    path.write_text(f"{head}\nhttp://new.example\tscrolls\t\t\t\t\n", encoding="utf-8")
    with pytest.raises(GuidelineError, match="scrolls"):
        Systems.of(replace(OWN, product=tmp_path))
