"""Maps of one's own: what is read of them, and what is refused, with the row and what to do (7.2)."""

import csv
import io
import json
import os
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from il2kg.loading import load_guideline
from il2kg.locations import content_root
from il2kg.read.code_maps import load_code_map
from il2kg.recognise.coding import Coding
from il2kg.recognise.maps import CodeMap, MapError, MapTarget
from il2kg.recognise.recogniser import Recogniser
from il2kg.recognise.systems import Systems
from tests.folders import OWN

ROOT = content_root()
GUIDELINE = load_guideline(OWN)
SYSTEMS = Systems.of(OWN)
LAB = "http://hospital.example/lab"
COLUMNS = ["subject_id", "predicate_id", "object_id", "subject_source", "unit", "period_hours"]


def load(*paths: Path) -> CodeMap:
    return load_code_map(paths, GUIDELINE)


def table(*rows: str, columns: list[str] = COLUMNS, head: str = "", end: str = "\n") -> str:
    """Rows whose cells are parted by blanks; ``-`` is an empty cell."""
    cells = [["" if cell == "-" else cell for cell in row.split(" ")] for row in rows]
    return head + end.join("\t".join(row) for row in [columns, *cells]) + end


def written(tmp_path: Path, content: str | bytes, name: str = "map.sssom.tsv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def refused(tmp_path: Path, content: str | bytes, name: str = "map.sssom.tsv") -> str:
    path = written(tmp_path, content, name)
    with pytest.raises(MapError) as raised:
        load(path)
    return str(raised.value).replace(str(path), name)


def concept_map(element: dict[str, Any], **group: Any) -> str:
    return json.dumps(
        {
            "resourceType": "ConceptMap",
            "group": [{"source": LAB, "target": "https://w3id.org/il2kg/", "element": [element], **group}],
        }
    )


def test_a_table_is_read(tmp_path: Path) -> None:
    head = "# mapping_set_id: https://hospital.example/map\n# curie_map:\n#   lab: http://hospital.example/lab/\n#\n"
    path = written(
        tmp_path,
        table(
            "lab:CREA skos:exactMatch il2:SerumCreatinine - mg/dL -",
            f"URO skos:broadMatch https://w3id.org/il2kg/UrineOutput {LAB} mL 8",
            f"NA skos:exactMatch LOINC:2823-3 {LAB}/ - -",
            f"FURO skos:exactMatch il2:Diuretic {LAB} - -",
            f"FURO skos:exactMatch il2:Furosemide {LAB} - -",
            f"EYE - sssom:NoTermFound {LAB} - -",
            f"LATER skos:exactMatch - {LAB} - -",
            "X-1 skos:exactMatch il2:Fever - - -".replace("X-1", "lab:X:1"),
            head=head,
        ),
    )
    row = f"{path}, line {{}}".format
    assert load(path).targets == {
        (LAB, "CREA"): MapTarget(("SerumCreatinine",), unit="mg/dL", where=row(6)),
        (LAB, "URO"): MapTarget(("UrineOutput",), unit="mL", hours=Decimal(8), where=row(7)),
        (LAB, "NA"): MapTarget(codings=(("http://loinc.org", "2823-3"),), where=row(8)),
        (LAB, "FURO"): MapTarget(("Diuretic", "Furosemide"), where=row(10)),
        (LAB, "EYE"): MapTarget(where=row(11)),
        (LAB, "X:1"): MapTarget(("Fever",), where=row(13)),
    }


def test_a_table_as_spreadsheets_write_it_is_the_same(tmp_path: Path) -> None:
    plain = table(f"HASH skos:exactMatch il2:Fever {LAB} - -")
    odd = "\ufeff" + table(f'"HASH" skos:exactMatch  il2:Fever {LAB}').replace("\t\t", "\t").replace("\n", "\r\n")
    odd = odd.replace("HASH", " HASH ").replace("\r\n", "\r\n\r\n# put aside\tskos:exactMatch\til2:Coma\r\n", 1)
    (one,), (other,) = (
        load(written(tmp_path, plain)).targets.items(),
        load(written(tmp_path, odd, "odd")).targets.items(),
    )
    assert (one[0], one[1].concepts) == (other[0], other[1].concepts)
    assert other[1].where.endswith("odd, line 4")


def test_what_a_code_is_not_takes_nothing_away(tmp_path: Path) -> None:
    columns = [*COLUMNS, "predicate_modifier"]
    both = table(
        f"T skos:exactMatch il2:Fever {LAB} - - -", f"T skos:exactMatch il2:Coma {LAB} - - Not", columns=columns
    )
    only = table(f"T skos:exactMatch il2:Coma {LAB} - - Not", columns=columns)
    assert load(written(tmp_path, both)).target(LAB, "T", SYSTEMS).concepts == ("Fever",)
    assert load(written(tmp_path, only)).target(LAB, "T", SYSTEMS) == MapTarget(
        where=f"{tmp_path / 'map.sssom.tsv'}, line 2"
    )


@pytest.mark.parametrize(
    "predicate", ["skos:broadMatch", "S:broadMatch", "http://www.w3.org/2004/02/skos/core#broadMatch"]
)
def test_a_predicate_is_known_in_every_writing(tmp_path: Path, predicate: str) -> None:
    head = "# curie_map:\n#   S: http://www.w3.org/2004/02/skos/core#\n"
    path = written(tmp_path, table(f"T {predicate} il2:Fever {LAB} - -", head=head))
    assert load(path).target(LAB, "T", SYSTEMS) == MapTarget(("Fever",), where=f"{path}, line 4")


def test_a_system_is_known_by_all_its_names(tmp_path: Path) -> None:
    found = load(written(tmp_path, table("2160-0 skos:exactMatch il2:SerumCreatinine LN - -")))
    assert found.target("urn:oid:2.16.840.1.113883.6.1", "2160-0", SYSTEMS) is not None
    assert found.target("http://loinc.org", "2161-8", SYSTEMS) is None
    assert found.target(LAB, None, SYSTEMS) is None


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        (
            [f"K skos:exactMatch il2:SerumPotasium {LAB} - -"],
            "line 2: 'SerumPotasium' is no identifier of the ontology; did you mean il2:SerumPotassium?",
        ),
        (
            [f"K skos:exactMatch il2:creatinine {LAB} - -"],
            "line 2: 'creatinine' is no identifier of the ontology; did you mean il2:SerumCreatinine?",
        ),
        (
            [f"K skos:exactMatch il2:DosesInCycle {LAB} - -"],
            "line 2: 'DosesInCycle' is no identifier of the ontology",
        ),
        ([f"K skos:exactMatch LOINC:99999-9 {LAB} - -"], "line 2: LOINC|99999-9 is no code that il2kg knows"),
        (
            [f"K skos:exactMatch il2:HeartRate {LAB} - -", f"K skos:exactMatch il2:BodyWeight {LAB} - -"],
            "line 3: 'K' was mapped to something else before (map.sssom.tsv, line 2), and neither is a kind of the "
            "other",
        ),
        (
            [f"K skos:exactMatch il2:BodyWeight {LAB} kg -", f"K skos:exactMatch il2:BodyWeight {LAB} g -"],
            "line 3: 'K' has another unit than before (map.sssom.tsv, line 2)",
        ),
        (
            [f"K skos:exactMatch il2:HeartRate {LAB} quux -"],
            "line 2: unit 'quux': is no unit that can be read; heart rate is measured in /min",
        ),
        (
            [f"K skos:exactMatch il2:SerumCreatinine {LAB} mm[Hg] -"],
            "line 2: unit 'mm[Hg]': measures something else; serum creatinine is measured in mg/dL or umol/L",
        ),
        (
            [f"K skos:exactMatch il2:Fever {LAB} Cel -"],
            "line 2: has the unit 'Cel', but is mapped to what is not measured; leave the unit out",
        ),
        ([f"K skos:exactMatch il2:UrineOutput {LAB} mL 0"], "line 2: '0' must be a number of hours above 0"),
        ([f"K skos:exactMatch il2:UrineOutput {LAB} mL x"], "line 2: 'x' must be a number of hours above 0"),
        ([f"K skos:exactMatch il2:UrineOutput {LAB} mL NaN"], "line 2: 'NaN' must be a number of hours above 0"),
        (
            [f"K skos:exactMatch il2:HeartRate {LAB} - 8"],
            "line 2: has hours (8), but is mapped to what is no volume collected over a time; leave them out",
        ),
        (
            [f"K - il2:HeartRate {LAB} - -"],
            "line 2: predicate_id '' does not say that K means il2:HeartRate or something narrower; "
            "write skos:exactMatch or skos:broadMatch if it does",
        ),
        (
            [f"K skos:narrowMatch il2:HeartRate {LAB} - -"],
            "line 2: predicate_id 'skos:narrowMatch' does not say that K means il2:HeartRate or something narrower; "
            "write skos:exactMatch or skos:broadMatch if it does",
        ),
        (
            ["K skos:exactMatch il2:HeartRate - - -"],
            "line 2: of which system is 'K'? Give it in subject_source, or declare its prefix in curie_map",
        ),
        ([f"- skos:exactMatch il2:HeartRate {LAB} - -"], "line 2: subject_id is empty"),
        ([f"K skos:exactMatch il2:HeartRate {LAB} - - -"], "line 2: 7 cells under 6 columns"),
    ],
)
def test_a_row_that_cannot_be_used_is_an_error(tmp_path: Path, rows: list[str], says: str) -> None:
    message = refused(tmp_path, table(*rows)).replace(str(tmp_path) + "/", "")
    assert message == f"map.sssom.tsv, {says}"


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (
            "code,concept\nK,HeartRate\n",
            "map.sssom.tsv, line 1: no column subject_id, predicate_id, object_id; a map is an SSSOM table, "
            "its columns parted by tabs, or a FHIR ConceptMap",
        ),
        (
            "",
            "map.sssom.tsv, line 1: no column subject_id, predicate_id, object_id; a map is an SSSOM table, "
            "its columns parted by tabs, or a FHIR ConceptMap",
        ),
        (
            table(columns=[*COLUMNS, "units"]),
            "map.sssom.tsv, line 1: column 'units' is no slot of SSSOM and not declared above the table; "
            "unit and hours stand in unit and period_hours",
        ),
        (
            table(columns=[*COLUMNS, "unit"]),
            "map.sssom.tsv, line 1: column 'unit' is there twice; unit and hours stand in unit and period_hours",
        ),
        (table().encode() + b"\xff\n", "map.sssom.tsv: not UTF-8 (byte 67); save it as UTF-8 text"),
        ('{"resourceType": "Bundle"}', "map.sssom.tsv, JSON, but no FHIR ConceptMap (resourceType)"),
        ("[1]", "map.sssom.tsv, JSON, but no FHIR ConceptMap (resourceType)"),
    ],
)
def test_a_file_that_is_no_map_is_an_error(tmp_path: Path, content: str | bytes, says: str) -> None:
    assert refused(tmp_path, content) == says


def test_a_file_that_is_not_there_or_too_large_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(MapError, match=r"nothing\.tsv: No such file or directory"):
        load(tmp_path / "nothing.tsv")
    large = tmp_path / "large.tsv"
    with large.open("wb") as file:
        os.truncate(file.fileno(), (1 << 26) + 1)
    with pytest.raises(MapError, match=r"large\.tsv: larger than a map can be \(64 MB\)"):
        load(large)


def test_a_column_that_is_declared_is_no_matter(tmp_path: Path) -> None:
    head = "# extension_definitions:\n# - slot_name: ward\n#   property: https://hospital.example/ward\n"
    content = table(f"K skos:exactMatch il2:Fever {LAB} - - 4", columns=[*COLUMNS, "ward"], head=head)
    assert load(written(tmp_path, content)).target(LAB, "K", SYSTEMS) is not None


HOURS = {"url": "https://w3id.org/il2kg/hours", "valueDecimal": 12}
UNIT = {"url": "https://w3id.org/il2kg/unit", "valueString": "mL"}


@pytest.mark.parametrize(
    ("element", "target"),
    [
        ({"target": [{"code": "UrineOutput", "equivalence": "equivalent", "extension": [UNIT, HOURS]}]}, ("mL", 12)),
        ({"target": [{"code": "UrineOutput", "equivalence": "wider"}]}, (None, None)),
        ({"target": [{"code": "UrineOutput", "relationship": "equivalent"}]}, (None, None)),
        ({"target": [{"code": "UrineOutput", "relationship": "source-is-narrower-than-target"}]}, (None, None)),
    ],
)
def test_a_concept_map_is_read(tmp_path: Path, element: dict[str, Any], target: tuple[Any, Any]) -> None:
    path = written(tmp_path, concept_map({"code": "URO", **element}), "map.json")
    where = f"{path}, group[0].element[0].target[0]"
    assert load(path).targets == {(LAB, "URO"): MapTarget(("UrineOutput",), (), *target, where)}


@pytest.mark.parametrize(
    "element",
    [
        {"target": [{"equivalence": "unmatched"}]},
        {"target": [{"code": "Fever", "equivalence": "disjoint"}]},
        {"target": [{"code": "Fever", "relationship": "not-related-to"}]},
        {"noMap": True},
    ],
)
def test_a_concept_map_may_say_that_a_code_means_nothing(tmp_path: Path, element: dict[str, Any]) -> None:
    found = load(written(tmp_path, concept_map({"code": "X", **element}), "map.json")).target(LAB, "X", SYSTEMS)
    assert found is not None
    assert (found.concepts, found.codings) == ((), ())


@pytest.mark.parametrize(
    ("element", "says"),
    [
        (
            {"code": "X", "target": [{"code": "Fevr", "equivalence": "equal"}]},
            "group[0].element[0].target[0]: 'Fevr' is no identifier of the ontology; did you mean il2:Fever?",
        ),
        (
            {"code": "X", "target": [{"code": "Fever", "equivalence": "narrower"}]},
            "group[0].element[0].target[0]: 'narrower' does not say that X means Fever or something narrower; "
            "write equivalent, wider (R4) or source-is-narrower-than-target (R5) if it does",
        ),
        ({"code": "X", "target": [{"equivalence": "equal"}]}, "group[0].element[0].target[0].code: no code"),
        ({"target": []}, "group[0].element[0].code: no code"),
        ({"code": "X", "target": {}}, "group[0].element[0].target: not a list"),
        ({"code": "X", "target": [3]}, "group[0].element[0].target[0]: not an object"),
        (
            {"code": "X", "target": [{"code": "Fever", "equivalence": "equal", "extension": [{"url": UNIT["url"]}]}]},
            "group[0].element[0].target[0].extension[0]: no value",
        ),
    ],
)
def test_an_element_that_cannot_be_used_is_an_error(tmp_path: Path, element: dict[str, Any], says: str) -> None:
    assert refused(tmp_path, concept_map(element), "map.json") == f"map.json, {says}"


def test_the_environment_names_maps_that_are_always_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, two, three = (
        written(tmp_path, table(f"{name} skos:exactMatch il2:Fever {LAB} - -"), name) for name in ("A", "B", "C")
    )
    assert load().targets == {}
    monkeypatch.setenv("IL2KG_MAP", os.pathsep.join(map(str, (one, two))))
    assert sorted(load(three).targets) == [(LAB, "A"), (LAB, "B"), (LAB, "C")]


def test_two_maps_may_not_contradict_each_other(tmp_path: Path) -> None:
    one = written(tmp_path, table(f"K skos:exactMatch il2:Fever {LAB} - -"), "one")
    two = written(tmp_path, table(f"K skos:exactMatch il2:Coma {LAB} - -"), "two")
    with pytest.raises(MapError, match=r"two, line 2: 'K' was mapped to something else before \(.*one, line 2\)"):
        load(one, two)


def test_a_map_is_looked_at_before_the_tables(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        table(
            "2160-0 skos:exactMatch il2:SerumPotassium LOINC - -",
            f"C skos:exactMatch LOINC:2160-0 {LAB} mg/dL -",
            f"N - sssom:NoTermFound {LAB} - -",
        ),
    )
    recogniser = Recogniser.of(GUIDELINE, load(path))

    def meant(system: str, code: str) -> list[tuple[str, bool, str | None]]:
        found = recogniser.recognise("Observation", [Coding(system, code, "heart rate")], ())
        return [(each.concept, each.coded, each.unit) for each in found.meanings]

    assert meant("http://loinc.org", "2160-0") == [("SerumPotassium", True, None)]
    assert meant(LAB, "C") == [("SerumCreatinine", True, "mg/dL")]
    assert meant(LAB, "N") == []
    assert meant(LAB, "other") == [("HeartRate", False, None)]


CONCEPTS = sorted({*GUIDELINE.findings, *GUIDELINE.treatments})
CODES = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=8)


@given(st.dictionaries(CODES, st.sampled_from(CONCEPTS), max_size=8))
def test_any_code_can_be_mapped(tmp_path_factory: pytest.TempPathFactory, meant: dict[str, str]) -> None:
    content = io.StringIO()
    writer = csv.writer(content, dialect="excel-tab", quoting=csv.QUOTE_ALL)
    writer.writerow(COLUMNS)
    writer.writerows([code, "skos:exactMatch", f"il2:{concept}", LAB, "", ""] for code, concept in meant.items())
    found = load(written(tmp_path_factory.mktemp("map"), content.getvalue()))
    assert {code: found.target(LAB, code, SYSTEMS).concepts for code in meant} == {c: (m,) for c, m in meant.items()}
    assert len(found.targets) == len(meant)


@given(st.binary(max_size=80) | st.text(max_size=80).map(str.encode))
def test_anything_is_a_map_or_an_error(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = written(tmp_path_factory.mktemp("map"), content)
    with suppress(MapError):
        load(path)
