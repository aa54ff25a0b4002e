"""Rules for authors, one a file in ``queries/hygiene/``: no row now, and a row for each slip."""

import re
from pathlib import Path

import pyoxigraph as ox
import pytest

from tests.ontology.files import FILES, PREFIXES, ROOT

QUERIES = sorted((ROOT / "queries" / "hygiene").glob("*.rq"))

SLIPS = {
    "concept-without-source": 'il2:Gout a owl:Class ; rdfs:subClassOf il2:ClinicalFinding ; rdfs:label "gout" .',
    "conflict-about-something-else": "il2:conflict-dopamine-as-pressor il2:overrules il2:fever-onset .",
    "criterion-without-source": "il2:label-new a il2:Criterion .",
    "intervention-that-manages-nothing": "il2:rest a il2:Intervention ; il2:manages il2:Verapamil .",
    "limit-in-another-unit": '[] il2:observable il2:SerumCreatinine ; il2:above 400 ; il2:unit "umol/L" .',
    "paragraph-that-is-missing": "il2:p a il2:Paragraph ; il2:partOf il2:text-renal-toxicity ; il2:position 5 .",
    "place-that-nothing-points-at": "il2:text-renal-toxicity-4 a il2:Paragraph ; il2:partOf il2:text-renal-toxicity .",
    "statement-that-no-question-reaches": "il2:gout-onset a il2:Onset ; il2:source il2:article .",
    "statement-without-its-paragraph": "il2:fever-onset il2:source il2:text-infectious-toxicity .",
    "table-with-a-row-missing": 'il2:row a il2:TableRow ; il2:partOf il2:table-1 ; rdfs:label "Table 1, Dyspnea (6)" .',
    "term-without-definition": 'il2:Chart a owl:Class ; rdfs:label "chart" .',
    "term-without-label": "il2:Gout a owl:Class ; rdfs:subClassOf il2:ClinicalFinding .",
    "two-concepts-with-one-name": """
        il2:Gout rdfs:subClassOf il2:ClinicalFinding ; rdfs:label "Coma"@en ;
            skos:definition "A." ; il2:source il2:table-2 .
    """,
    "undeclared-property": "il2:label-creatinine il2:sourse il2:table-2 .",
    "unsupported-claim-in-use": "il2:conflict-dopamine-as-pressor il2:between il2:compared-with-r-chop .",
}


def _store(*more: str) -> ox.Store:
    store = ox.Store()
    for path in FILES:
        store.load(path=str(path), format=ox.RdfFormat.TURTLE)
    for turtle in more:
        store.load((PREFIXES + turtle).encode(), format=ox.RdfFormat.TURTLE)
    return store


def _rows(store: ox.Store, query: str) -> list[tuple[str, ...]]:
    return [tuple(str(value) for value in row) for row in store.query(query)]


@pytest.mark.parametrize("path", QUERIES, ids=lambda p: p.stem)
def test_nothing_breaks_the_rule_and_a_slip_would(path: Path) -> None:
    query = path.read_text(encoding="utf-8")
    assert _rows(_store(), query) == []
    assert _rows(_store(SLIPS[path.stem]), query) != []


@pytest.mark.parametrize(
    ("rule", "slip"),
    [
        ("place-that-nothing-points-at", "il2:table-2-row-9 a il2:TableRow ; il2:partOf il2:table-2 ."),
        ("paragraph-that-is-missing", "il2:p a il2:Paragraph ; il2:partOf il2:text-abstract ; il2:position 1 ."),
    ],
)
def test_another_slip_would_be_seen(rule: str, slip: str) -> None:
    query = (ROOT / "queries" / "hygiene" / f"{rule}.rq").read_text(encoding="utf-8")
    assert _rows(_store(slip), query) != []


def test_every_rule_says_what_it_is() -> None:
    assert {path.stem for path in QUERIES} == set(SLIPS)
    for path in QUERIES:
        head = re.findall(r"^# (title|description|severity): \S", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert head == ["title", "description", "severity"], path.name
