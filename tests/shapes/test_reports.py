"""The report: as text, JSON, Turtle and JSON-LD, and what the command says of it."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from click.testing import CliRunner, Result
from rdflib import RDF, SH, Graph, Literal, URIRef
from rdflib.compare import isomorphic

from il2kg import cli
from il2kg.vocabulary import VOCABULARY
from tests.fhir_rdf_writer import BASE as FHIR
from tests.fhir_rdf_writer import Style
from tests.shapes.flaws import AT, PREFIXES, creatinine, item, observed
from tests.shapes.reading import BASE, written
from tests.shapes.test_fhir import document

EXAMPLES = Path(__file__).parents[2] / "examples"
LINES = [
    "@base <https://hospital.example/> .",
    '<p> a il2:Patient ; dcterms:identifier "Patient/1" .',
    creatinine("318", when='sosa:phenomenonTime "2026-03-02T08:00:00"^^xsd:dateTime').replace(
        "<i> ", '<o> dcterms:identifier "Observation/7" ; '
    ),
    item("il2:Oliguria", 'il2:start "NaN"^^xsd:double').replace("<i>", "[]", 1),
    observed("<mood>", "sosa:hasSimpleResult true").replace("<i>", "<x>"),
    item("il2:MedicationOrder", 'il2:gives il2:Aldesleukin ; il2:atTime "2026-03-02"^^xsd:date').replace(
        "<i>", "<order>"
    ),
]
TEXT = """\
{path}: does not conform
3 violations, 1 warning, 1 info; --severity info lists the info

Condition (1)
  <urn:il2kg:record:Patient%2F1:Condition%20%281%29>
- violation: Not a date or time: write it as 2026-03-02T08:00:00Z or 2026-03-02.
  It says 'NaN'. [finding-read]

Observation/7
  <https://hospital.example/o>
- violation: Serum creatinine is believed from 0.1 to 30 mg/dL: compare number
  and unit with the source. It says '318 mg/dL'. [SerumCreatinine-believed]
- violation: A clock time without a zone is no certain time: add the zone (Z,
  +01:00), or say in which one the record is written (--zone). It says
  '2026-03-02T08:00:00'. [time-zone]

https://hospital.example/order
- warning: An order is no dose, and is counted as none: make an
  il2:Administration of each dose that was given. [dose-ordered]
"""
OTHER = """
https://hospital.example/x
- info: The item names nothing of the guideline, or is of a kind that is not
  read, and is passed over. [Other]
"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return written(tmp_path, "\n".join([PREFIXES, *LINES]))


def _triples(linked: str) -> str:
    triples = ox.parse(linked.encode(), format=ox.RdfFormat.JSON_LD)
    return ox.serialize((each.triple for each in triples), format=ox.RdfFormat.N_TRIPLES).decode()


def run(*arguments: object) -> Result:
    return CliRunner().invoke(cli.main, ["validate", *map(str, arguments)], catch_exceptions=False)


def test_text_goes_item_by_item(path: Path) -> None:
    result = run(path)
    assert (result.exit_code, result.stdout) == (1, TEXT.replace("{path}", str(path)))


def test_what_is_passed_over_is_listed_where_it_is_asked_for(path: Path) -> None:
    text = TEXT.replace("{path}", str(path)).replace("; --severity info lists the info", "")
    assert run(path, "--severity", "info").stdout == text + OTHER


@pytest.mark.parametrize(
    ("turtle", "codes"),
    [
        (creatinine("1.2"), (0, 0, 0)),
        (LINES[4], (0, 0, 1)),
        (LINES[5], (0, 1, 1)),
        (creatinine("31"), (1, 1, 1)),
    ],
)
def test_the_mildest_severity_that_matters_can_be_chosen(tmp_path: Path, turtle: str, codes: tuple[int, ...]) -> None:
    record = written(tmp_path, "\n".join([PREFIXES, LINES[0], turtle]))
    found = tuple(run(record, "--severity", least).exit_code for least in ("violation", "warning", "info"))
    assert found == codes


def test_json_has_the_same(path: Path) -> None:
    found = json.loads(run(path, "--format", "json").stdout)
    results = found.pop("results")
    assert found == {
        "source": str(path),
        "conforms": False,
        "least": "violation",
        "counts": {"violation": 3, "warning": 1, "info": 1},
    }
    assert results[1] == {
        "severity": "violation",
        "record": str(path),
        "item": "Observation/7",
        "focus": f"{BASE}o",
        "path": "sosa:hasResult?",
        "value": "318 mg/dL",
        "message": "Serum creatinine is believed from 0.1 to 30 mg/dL: compare number and unit with the source",
        "shape": f"{VOCABULARY.shape}record/SerumCreatinine-believed",
        "component": "AndConstraintComponent",
    }
    assert [each["item"] for each in results] == [
        *("Condition (1)", "Observation/7", "Observation/7", f"{BASE}order", f"{BASE}x")
    ]


def test_rdf_has_the_same_and_leads_to_the_records_nodes(path: Path) -> None:
    turtle = Graph().parse(data=run(path, "--format", "turtle").stdout, format="turtle")
    linked = Graph().parse(data=_triples(run(path, "--format", "jsonld").stdout), format="nt")
    assert isomorphic(turtle, linked)
    (report,) = turtle.subjects(RDF.type, SH.ValidationReport)
    assert turtle.value(report, SH.conforms) == Literal(False)
    found = {
        (
            str(turtle.value(r, SH.resultSeverity)),
            str(turtle.value(r, SH.focusNode)),
            str(turtle.value(r, SH.sourceShape)),
        )
        for r in turtle.objects(report, SH.result)
    }
    listed = json.loads(run(path, "--format", "json").stdout)["results"]
    assert found == {(str(SH) + r["severity"].capitalize(), r["focus"], r["shape"]) for r in listed}
    own = {str(node) for node in Graph().parse(path).subjects()}
    assert {f"{BASE}o", f"{BASE}x", f"{BASE}order"} <= own & {focus for _, focus, _ in found}
    shapes = Graph().parse(Path(__file__).parents[2] / "shapes/record.ttl")
    assert all((URIRef(shape), None, None) in shapes for _, _, shape in found)


@pytest.mark.parametrize("form", ["text", "turtle", "json"])
def test_both_engines_print_the_same(path: Path, form: str) -> None:
    assert run(path, "--format", form, "--engine", "pyshacl").stdout == run(path, "--format", form).stdout


def test_of_fhir_json_the_nodes_are_those_that_converting_gives() -> None:
    found = json.loads(run(EXAMPLES / "missing-data.json", "--format", "json").stdout)["results"]
    assert [(each["item"], each["focus"]) for each in found if each["severity"] == "violation"] == [
        ("Condition/rhythm-1", "urn:il2kg:record:Patient%2Fex-missing:Condition%2Frhythm-1"),
        ("Observation/platelet-count-1", "urn:il2kg:record:Patient%2Fex-missing:Observation%2Fplatelet-count-1"),
    ]


def test_of_fhir_rdf_the_nodes_are_the_files_own(tmp_path: Path) -> None:
    text = document(["too-high", "sound", "finding-no-time"], Style.R5)
    found = json.loads(run(written(tmp_path, text), "--format", "json").stdout)["results"]
    assert [(each["severity"], each["item"], each["focus"]) for each in found] == [
        ("violation", "Condition/finding-no-time", f"{FHIR}Condition/finding-no-time"),
        ("violation", "Observation/too-high", f"{FHIR}Observation/too-high"),
    ]


def test_what_is_wrong_with_the_source_is_said_of_the_patient(tmp_path: Path) -> None:
    (tmp_path / "notes.doc").write_bytes(bytes(range(256)))
    (tmp_path / "record.json").write_bytes((EXAMPLES / "clean.json").read_bytes())
    (found,) = json.loads(run(tmp_path, "--format", "json").stdout)["results"]
    assert (found["severity"], found["item"], found["shape"]) == (
        "warning",
        "Patient/ex-clean",
        f"{VOCABULARY.shape}record/source-problem",
    )
    assert "notes.doc" in found["message"]


def test_the_criteria_are_held_to_the_derived_values() -> None:
    held = EXAMPLES / "creatinine-hold.json"
    text = run(held, "--shapes", "criteria")
    turtle = run(held, "--shapes", "criteria", "--format", "turtle")
    assert (text.exit_code, turtle.exit_code) == (1, 1)
    assert text.stdout.startswith("Validation Report\nConforms: False\n")
    shapes = {str(s) for s in Graph().parse(data=turtle.stdout, format="turtle").objects(None, SH.sourceShape)}
    listed = json.loads(run(held, "--shapes", "criteria", "--format", "json", "--engine", "shacl").stdout)
    assert {each["shape"] for each in listed["results"]} == shapes
    assert f"{VOCABULARY.shape}label-creatinine-held" in shapes
    assert run(EXAMPLES / "clean.json", "--shapes", "criteria").exit_code == 0


def test_all_is_both() -> None:
    both = run(EXAMPLES / "creatinine-hold.json", "--shapes", "all", "--format", "json", "--engine", "shacl")
    items, criteria = map(json.loads, both.stdout.splitlines())
    assert (both.exit_code, items["conforms"], criteria["conforms"]) == (1, True, False)
    assert criteria["source"] == "urn:il2kg:assessment"


def test_a_record_that_cannot_be_used_is_an_error_and_nothing_else(tmp_path: Path) -> None:
    broken = written(tmp_path, "<a> <b>")
    result = run(broken)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"il2kg: {broken}: is not Turtle")
    empty = run(written(tmp_path, "", "empty.ttl"))
    assert (empty.exit_code, empty.stdout) == (2, "")


def test_text_of_a_record_cannot_steer_a_terminal(tmp_path: Path) -> None:
    odd = observed("il2:Oliguria", 'sosa:hasSimpleResult "\\u001B[2Jperhaps\\n"').replace("<i>", "<i>", 1)
    text = run(written(tmp_path, "\n".join([PREFIXES, LINES[0], odd]))).stdout
    assert "\x1b" not in text
    assert r"It says '\x1b[2Jperhaps\n'" in text


def test_a_file_of_several_patients_says_whose_an_item_is(tmp_path: Path) -> None:
    items = [creatinine("31").replace("<p>", f"<p{n}>").replace("<i>", f"<i{n}>") for n in range(2)]
    lone = f"<lone> a sosa:Observation ; sosa:observedProperty il2:HeartRate ; {AT} ."
    path = written(tmp_path, "\n".join([PREFIXES, LINES[0], *items, lone]))
    found = json.loads(run(path, "--format", "json").stdout)["results"]
    assert {(each["record"], each["item"]) for each in found} == {
        (f"{path}#{BASE}p{n}", f"{BASE}{name}") for n in range(2) for name in (f"i{n}", "lone")
    }
