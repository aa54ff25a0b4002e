"""What docs/architecture.md says of where to add what is true: each addition is made in a copy of the product.

Every addition touches only the places that the table names for it. The copy is built once with all of them, and each is
then shown to work, by commands in processes of their own. The form of condition is that of docs/forms.md, whose code is
taken from the page. A reader of a format is tried in `tests/test_formats.py`, a guideline in `tests/guidelines/`.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest

ROOT = Path(__file__).parent.parent
HOUSE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
FORMS = (ROOT / "docs" / "forms.md").read_text(encoding="utf-8")
_PRODUCT = ("il2kg", "ontology", "shapes", "queries")
_PATH = re.compile(r"`((?:il2kg|ontology|queries|tests|guidelines|docs)/[^`\s]*)`")
_NAME = re.compile(r"[A-Z]{2,}")

OBSERVABLE = """
il2:SerumUrate a il2:Observable ; rdfs:label "serum urate"@en ; skos:altLabel "urate"@en , "uric acid"@en ;
    skos:definition "The concentration in the blood of the last product of purines."@en ;
    il2:unit "mg/dL" ; il2:windowHours 24 ; il2:plausibleLow 0.5 ; il2:plausibleHigh 30 ; il2:source il2:article .
"""
CODE = {
    "subject_id": "il2:SerumUrate", "predicate_id": "skos:exactMatch", "object_id": "LOINC:3084-1",
    "mapping_justification": "semapv:ManualMappingCuration", "confidence": "0.5", "match": "exact",
}  # fmt: skip
CRITERION = """
il2:text-urate a il2:Criterion ; rdfs:label "Urate above 9 mg/dL"@en ;
    il2:ruleSet il2:text ; il2:organSystem il2:organ-system-renal ; il2:effect il2:withhold ;
    il2:condition [ il2:observable il2:SerumUrate ; il2:above 9 ; il2:unit "mg/dL" ] ;
    il2:source il2:text-renal-toxicity-2 .
"""
DECISION = """
il2:decision-put-off a il2:Decision ; rdfs:label "put off"@en ; skos:notation "put-off" ; il2:rank 2 ;
    il2:headline "PUT OFF the next dose"@en ; skos:definition "The dose is given later."@en .
"""
EFFECT = """
il2:put-off a il2:Effect ; rdfs:label "put off"@en ; il2:leadsTo il2:decision-put-off ;
    skos:definition "The next dose is given later."@en .
"""
CRITERION_OF_EFFECT = """
il2:text-urate-put-off a il2:Criterion ; rdfs:label "Urate above 7 mg/dL"@en ;
    il2:ruleSet il2:text ; il2:organSystem il2:organ-system-renal ; il2:effect il2:put-off ;
    il2:condition [ il2:observable il2:SerumUrate ; il2:above 7 ; il2:unit "mg/dL" ] ;
    il2:source il2:text-renal-toxicity-2 .
"""
QUESTION = """# title: Which criteria ask for a decision
# phrasing: which criteria ask for {decision}
# parameter: decision il2:Decision
PREFIX il2: <https://w3id.org/il2kg/>
SELECT ?criterion ?source WHERE {
  ?criterion il2:effect/il2:leadsTo ?decision ; il2:source ?source .
}
ORDER BY ?criterion
"""
SERIES = """
il2:furosemide-ampoules a il2:EventSeries ; rdfs:label "ampoules of furosemide"@en ;
    skos:definition "The times at which furosemide is given."@en ;
    il2:eventsOf il2:Furosemide ; il2:eventLabel "ampoule"@en ;
    il2:earlyHours 0.5 ; il2:doubtfulEventDays 14 ; il2:levels ( il2:ampoule-day ) .
il2:ampoule-day a il2:Level ; rdfs:label "day of ampoules"@en ; skos:definition "Ampoules with short gaps."@en ;
    il2:startsAfterHours 12 .
il2:AmpoulesInDay a il2:SeriesObservable ; rdfs:label "ampoules in the day"@en ;
    skos:definition "How many ampoules were given in the day of ampoules."@en ;
    il2:countsEventsIn il2:ampoule-day ; il2:unit "{ampoule}" ; il2:source il2:article .
"""
CRITERION_OF_SERIES = """
il2:text-ampoules a il2:Criterion ; rdfs:label "Two ampoules or more in the day"@en ;
    il2:ruleSet il2:text ; il2:organSystem il2:organ-system-renal ; il2:effect il2:withhold ;
    il2:condition [ il2:observable il2:AmpoulesInDay ; il2:atLeast 2 ; il2:unit "{ampoule}" ] ;
    il2:source il2:text-renal-toxicity-2 .
"""


# What both evaluators say of some records: were they to differ, there would be no verdict.
ASSESS = """
import json, sys, il2kg
said = {}
for name, resources in json.load(open(sys.argv[1])).items():
    (found,) = il2kg.assess(resources, rules=["text"], every_criterion=True)
    criteria = {each.id: [each.status, each.condition] for each in found.criteria}
    said[name] = {"decision": found.decision, "criteria": criteria}
print(json.dumps(said))
"""


def _places() -> dict[str, list[str]]:
    """The places that the table of the house names for each addition; NAME in them stands for any name."""
    table = HOUSE.partition("## Where to add what")[2].partition("\n## ")[0]
    rows = [line.strip("| ").split(" | ") for line in table.splitlines() if line.startswith("| ")]
    return {row[0]: _PATH.findall(row[1]) for row in rows[1:]}


def _blocks(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", FORMS, re.DOTALL)


MODULE, TEST_OF_FORM = _blocks("python")
CRITERION_OF_FORM, PROPERTY = _blocks("turtle")


@dataclass
class Product:
    """A copy of the product, and which of its files were touched for what."""

    root: Path
    touched: dict[str, set[str]] = field(default_factory=partial(defaultdict, set))

    def change(self, what: str, path: str, change: Callable[[str], str]) -> None:
        """Change a file, or make one."""
        self.touched[what].add(path)
        file = self.root / path
        file.write_text(change(file.read_text(encoding="utf-8") if file.exists() else ""), encoding="utf-8")

    def add(self, what: str, path: str, text: str) -> None:
        """Write text behind that of a file, or into a new one."""
        self.change(what, path, lambda old: old + text)

    def python(self, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        """Run Python with the copy's package."""
        environment = {**os.environ, "PYTHONPATH": str(self.root), "PYTHONDONTWRITEBYTECODE": "1", "COLUMNS": "120"}
        environment.pop("IL2KG_GUIDELINE", None)
        return subprocess.run(
            [sys.executable, *map(str, arguments)],
            cwd=self.root, env=environment, capture_output=True, text=True, encoding="utf-8", check=False,
        )  # fmt: skip

    def il2kg(self, *arguments: str | Path) -> str:
        """What a command prints."""
        done = self.python("-m", "il2kg", *arguments)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


def _renumbered(text: str) -> str:
    """Decisions with a rank left free behind the second, and a new one there."""
    later = re.sub(r"il2:rank ([2-9])\b", lambda rank: f"il2:rank {int(rank[1]) + 1}", text)
    return later + DECISION


def _with_code(table: str) -> str:
    """A table of codes with a row more, in its place."""
    lines = table.splitlines(keepends=True)
    head = next(number for number, line in enumerate(lines) if not line.startswith("#"))
    row = "\t".join(CODE.get(column, "") for column in lines[head].rstrip("\n").split("\t")) + "\n"
    return "".join([*lines[: head + 1], *sorted([*lines[head + 1 :], row])])


@pytest.fixture(scope="module")
def product(tmp_path_factory: pytest.TempPathFactory) -> Product:
    """The product with all additions, built."""
    root = tmp_path_factory.mktemp("product")
    for name in _PRODUCT:
        shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", root)
    found, criteria = Product(root), "ontology/guideline/text.ttl"
    found.add("an observable", "ontology/observables.ttl", OBSERVABLE)
    found.change("an observable", "ontology/codes/loinc.sssom.tsv", _with_code)
    found.add("a criterion", criteria, CRITERION)
    found.add("a form of condition", "il2kg/forms/spread.py", MODULE)
    found.add("a form of condition", "ontology/vocabulary/core.ttl", PROPERTY)
    found.add("a criterion", criteria, CRITERION_OF_FORM)
    found.change("a decision", "ontology/decisions.ttl", _renumbered)
    found.add("an effect", "ontology/decisions.ttl", EFFECT)
    found.add("a criterion", criteria, CRITERION_OF_EFFECT)
    found.add("a question", "queries/questions/ask-for.rq", QUESTION)
    found.add("a series of events", "ontology/regimen.ttl", SERIES)
    found.add("a criterion", criteria, CRITERION_OF_SERIES)
    found.il2kg("build")
    return found


def urate(value: float) -> dict[str, Any]:
    return {
        "resourceType": "Observation", "id": f"urate-{value}", "status": "final", "subject": {"reference": "Patient/p"},
        "code": {"coding": [{"system": "http://loinc.org", "code": "3084-1"}]},
        "effectiveDateTime": "2026-03-04T08:00:00Z", "valueQuantity": {"value": value, "unit": "mg/dL"},
    }  # fmt: skip


def ampoule(hour: int) -> dict[str, Any]:
    return {
        "resourceType": "MedicationAdministration", "id": f"ampoule-{hour}", "status": "completed",
        "subject": {"reference": "Patient/p"}, "effectiveDateTime": f"2026-03-04T{hour:02}:00:00Z",
        "medicationCodeableConcept": {"coding": [{"system": "https://w3id.org/il2kg/", "code": "Furosemide"}]},
    }  # fmt: skip


PATIENT = {"resourceType": "Patient", "id": "p"}
RECORDS: dict[str, list[dict[str, Any]]] = {
    "at the limit": [PATIENT, urate(9)],
    "above the limit": [PATIENT, urate(10)],
    "above the lower limit": [PATIENT, urate(8)],
    "one ampoule": [PATIENT, ampoule(6)],
    "two ampoules": [PATIENT, ampoule(6), ampoule(8)],
}


@dataclass(frozen=True)
class Said:
    """What is said of the records."""

    found: dict[str, dict[str, Any]]

    def decision(self, record: str) -> str:
        return str(self.found[record]["decision"])

    def status(self, record: str, criterion: str) -> str:
        return str(self.found[record]["criteria"][criterion][0])

    def words(self, criterion: str) -> str:
        return str(self.found["at the limit"]["criteria"][criterion][1])


@pytest.fixture(scope="module")
def said(product: Product) -> Said:
    records = product.root / "records.json"
    records.write_text(json.dumps(RECORDS), encoding="utf-8")
    done = product.python("-c", ASSESS, records)
    assert done.returncode == 0, done.stderr
    return Said(json.loads(done.stdout))


# ---- the table


def test_the_places_that_the_table_names_are_there() -> None:
    places = _places()
    assert len(places) == 9
    for paths in places.values():
        assert paths
        for path in paths:
            pattern = _NAME.sub("*", path)
            assert any(ROOT.glob(pattern.rstrip("/"))), path


def test_nothing_else_was_touched(product: Product) -> None:
    places = _places()
    for what, paths in product.touched.items():
        allowed = [_NAME.sub("*", place) for place in places[what]]
        assert [path for path in paths if not any(fnmatch(path, place) for place in allowed)] == [], what
    assert {*places} - {*product.touched} == {"a reader of a format", "a guideline"}


# ---- each addition


def test_an_observable_is_known_by_its_code_and_by_its_names(product: Product) -> None:
    path = product.root / "record.ndjson"
    named = {**urate(9), "code": {"text": "uric acid"}}
    path.write_text("\n".join(map(json.dumps, [PATIENT, urate(10), named])), encoding="utf-8")
    read = json.loads(product.il2kg("coverage", path, "--format", "json"))
    # What only words name is doubted, not passed over.
    assert {(row["how"], *row["concepts"]) for row in read} == {("coded", "SerumUrate"), ("set-aside", "SerumUrate")}


def test_a_criterion_withholds_and_is_told(product: Product, said: Said) -> None:
    assert said.decision("above the limit") == "withhold"
    assert said.status("above the limit", "text-urate") == "met"
    assert said.status("at the limit", "text-urate") == "not-met"
    assert said.status("two ampoules", "text-urate") == "unknown"
    assert said.words("text-urate") == "serum urate above 9 mg/dL"
    assert "text-urate" in product.il2kg("criteria", "--rules", "text")


def test_a_form_of_condition_does_what_its_page_says(product: Product) -> None:
    (product.root / "test_form.py").write_text(TEST_OF_FORM, encoding="utf-8")
    done = product.python("-m", "pytest", "-q", "-p", "no:cacheprovider", product.root / "test_form.py")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed" in done.stdout


def test_its_module_keeps_to_the_rules_of_the_house(tmp_path: Path) -> None:
    path = tmp_path / "spread.py"
    path.write_text(MODULE, encoding="utf-8")
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--no-cache", "--config", ROOT / "pyproject.toml", path],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stdout + done.stderr


def test_people_and_authors_are_told_of_a_new_form(product: Product, said: Said) -> None:
    assert said.words("text-urate-unsteady") == "spread of serum urate in 24 h at least 3 mg/dL"
    shapes = (product.root / "shapes" / "authoring" / "compiled" / "forms.ttl").read_text(encoding="utf-8")
    assert shapes.count("il2:spreadOf") > 3


def test_a_decision_stands_between_two_others(product: Product, said: Said) -> None:
    assert said.decision("above the lower limit") == "put-off"
    assert said.status("above the limit", "text-urate-put-off") == "met"
    assert said.decision("above the limit") == "withhold"
    path = product.root / "put-off.ndjson"
    path.write_text("\n".join(map(json.dumps, RECORDS["above the lower limit"])), encoding="utf-8")
    assert product.il2kg("assess", path, "--rules", "text").startswith("PUT OFF the next dose")


def test_a_series_of_events_is_counted(said: Said) -> None:
    assert said.status("two ampoules", "text-ampoules") == "met"
    assert said.status("one ampoule", "text-ampoules") == "not-met"


def test_a_question_is_answered_and_others_know_what_was_added(product: Product) -> None:
    def asked(*question: str) -> list[str]:
        answers = json.loads(product.il2kg("ask", *question, "--format", "json"))["answers"]
        return [row["criterion"] for row in answers]

    assert asked("which criteria ask for put off") == ["text-urate-put-off"]
    assert "Which criteria ask for a decision" in product.il2kg("questions")
    own = {"text-urate", "text-urate-put-off", "text-urate-unsteady"}
    assert set(asked("when is therapy withheld for urate")) == own
    assert set(asked("thresholds of urate")) == own


def test_all_of_it_is_exported(product: Product) -> None:
    (product.root / "graph.nt").write_text(product.il2kg("export", "--format", "nt"), encoding="utf-8")
    terms = {quad.subject for quad in ox.parse(path=product.root / "graph.nt", format=ox.RdfFormat.N_TRIPLES)}
    names = ("SerumUrate", "text-urate", "spreadOf", "decision-put-off", "put-off", "furosemide-ampoules")
    assert {ox.NamedNode(f"https://w3id.org/il2kg/{name}") for name in names} <= terms
