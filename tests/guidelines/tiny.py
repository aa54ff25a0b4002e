"""A tiny guideline in a namespace of its own: two criteria, one question, no series of events."""

from pathlib import Path
from typing import Any

import il2kg
from il2kg.compile.build import compile_all
from il2kg.guideline.folder import GuidelineFolder
from il2kg.loading import load_guideline

SALT = "https://example.org/salt/"
PREFIXES = f"""@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix il2: <https://w3id.org/il2kg/> .
@prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
@prefix salt: <{SALT}> .
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix vann: <http://purl.org/vocab/vann/> .
"""
GUIDELINE = f"""
<{SALT}> a owl:Ontology , il2:Guideline ;
    owl:versionIRI <{SALT}2.1> ; owl:versionInfo "2.1" ;
    dcterms:title "Guideline for salts of potassium"@en ;
    vann:preferredNamespaceUri "{SALT}" ; vann:preferredNamespacePrefix "salt" ;
    il2:decidesOn "tablet"@en ;
    il2:rulesIn ( "concepts.ttl" "rules/*.ttl" ) .
"""
CONCEPTS = """
salt:conventions a il2:Conventions ; rdfs:label "conventions"@en ;
    il2:absenceHours 8 ; il2:baselineDays 7 ; il2:changeHours 48 ; il2:repeatHours 48 ; il2:treatmentGapHours 48 ;
    il2:chartedRateHours 8 ; il2:hourlyRateHours 1 ; il2:volumeGapHours 8 ; il2:rateWeightDays 7 ;
    il2:openOrderDays 30 ; il2:farHours 24 ; il2:minimumCoverage 0.75 ; il2:significantDigits 6 .

salt:decision-take a il2:Decision ; skos:notation "take" ; il2:rank 0 ; rdfs:label "take"@en ;
    il2:headline "TAKE the tablet"@en .
salt:decision-wait a il2:Decision ; skos:notation "wait" ; il2:rank 1 ; rdfs:label "wait"@en ;
    il2:headline "WAIT with the tablet"@en .
salt:decision-unknown a il2:Decision ; skos:notation "unknown" ; il2:undecided true ; rdfs:label "unknown"@en ;
    il2:headline "NOT KNOWN YET"@en .
salt:wait a il2:Effect ; rdfs:label "wait"@en ; il2:leadsTo salt:decision-wait .
salt:EveryTablet a il2:Occasion ; rdfs:label "every tablet"@en .

salt:leaflet a il2:Document ; rdfs:label "Leaflet"@en .
salt:blood-system a il2:OrganSystem ; rdfs:label "blood"@en .
salt:care a il2:RuleSet ; rdfs:label "Care"@en ; il2:position 1 ;
    il2:applies salt:EveryTablet ; il2:source salt:leaflet .

salt:BloodPotassium a il2:Observable ; rdfs:label "blood potassium"@en ; skos:altLabel "potassium"@en ;
    skos:definition "How much potassium is in the blood."@en ;
    il2:unit "mmol/L" ; il2:windowHours 24 ; il2:plausibleLow 1 ; il2:plausibleHigh 12 ; il2:source salt:leaflet .
salt:LegCramp a owl:Class ; rdfs:subClassOf il2:ClinicalFinding ; rdfs:label "cramp of the leg"@en ;
    skos:altLabel "leg cramp"@en ; skos:definition "A muscle of the leg that hurts and does not let go."@en ;
    il2:source salt:leaflet .
salt:PotassiumSalt a owl:Class ; rdfs:subClassOf il2:Treatment ; rdfs:label "potassium salt"@en ;
    skos:definition "A salt that is taken for its potassium."@en ; il2:source salt:leaflet .
salt:drink-water a il2:Intervention ; rdfs:label "Drink water"@en ; il2:manages salt:LegCramp ;
    il2:strength il2:recommended ; il2:position 1 ; il2:source salt:leaflet .
"""
CRITERIA = """
salt:much-potassium a il2:Criterion ; rdfs:label "Blood potassium above 5.5 mmol/L"@en ;
    il2:ruleSet salt:care ; il2:organSystem salt:blood-system ; il2:effect salt:wait ;
    il2:condition [ il2:observable salt:BloodPotassium ; il2:above 5.5 ; il2:unit "mmol/L" ] ;
    il2:source salt:leaflet .
salt:cramps a il2:Criterion ; rdfs:label "Cramps"@en ;
    il2:ruleSet salt:care ; il2:organSystem salt:blood-system ; il2:effect salt:wait ;
    il2:condition [ il2:present salt:LegCramp ] ; il2:toxicity salt:LegCramp ; il2:source salt:leaflet .
"""
QUESTION = """# title: What to do about something
# phrasing: what helps with {finding}
# parameter: finding il2:ClinicalFinding
PREFIX il2: <https://w3id.org/il2kg/>
SELECT ?intervention WHERE { ?intervention il2:manages ?finding }
"""
RECORD_QUERY = """# title: Decisions
# description: What was decided.
SELECT ?decision WHERE { ?assessment a il2:WrittenAssessment ; il2:decision ?decision }
"""
CODES = """#mapping_set_id: https://example.org/salt/codes
#curie_map:
#  salt: https://example.org/salt/
#  LOINC: http://loinc.org/rdf/
#  skos: http://www.w3.org/2004/02/skos/core#
subject_id\tpredicate_modifier\tpredicate_id\tobject_id\tmatch\tperiod_hours\taside_while
salt:BloodPotassium\t\tskos:exactMatch\tLOINC:2823-3\texact\t\t
"""
FILES = {
    "guideline.ttl": PREFIXES + GUIDELINE,
    "concepts.ttl": PREFIXES + CONCEPTS,
    "rules/care.ttl": PREFIXES + CRITERIA,
    "questions/what-helps.rq": QUESTION,
    "record-queries/decisions.rq": RECORD_QUERY,
    "codes/loinc.sssom.tsv": CODES,
    "beyond/cramps.ttl": PREFIXES + 'salt:LegCramp skos:editorialNote "They come at night."@en .\n',
}


def written(folder: Path) -> Path:
    """The folder of the guideline, not compiled."""
    for name, text in FILES.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def built(folder: Path) -> Path:
    """The folder of the guideline, compiled."""
    compile_all(load_guideline(GuidelineFolder.open(written(folder)))).write()
    return folder


def record(potassium: float, *, cramp: bool | None = None, system: str = SALT) -> list[dict[str, Any]]:
    """A patient with some potassium in his blood, and a cramp or none; the first by a code of a ``system``."""
    code = "BloodPotassium" if system == SALT else "2823-3"
    found: list[dict[str, Any]] = [
        {"resourceType": "Patient", "id": "p"},
        {
            "resourceType": "Observation", "id": "k", "status": "final", "subject": {"reference": "Patient/p"},
            "code": {"coding": [{"system": system, "code": code}]},
            "effectiveDateTime": "2026-03-04T08:00:00Z",
            "valueQuantity": {"value": potassium, "unit": "mmol/L", "system": "http://unitsofmeasure.org",
                              "code": "mmol/L"},
        },
    ]  # fmt: skip
    if cramp is not None:
        found.append(
            {
                "resourceType": "Observation", "id": "c", "status": "final", "subject": {"reference": "Patient/p"},
                "code": {"coding": [{"system": SALT, "code": "LegCramp"}]},
                "effectiveDateTime": "2026-03-04T08:00:00Z", "valueBoolean": cramp,
            }
        )  # fmt: skip
    return found


def decision(folder: Path, *arguments: Any, **more: Any) -> str:
    """What the guideline in a folder says of a record (see `record`)."""
    (found,) = il2kg.assess(record(*arguments, **more), guideline=folder)
    return str(found.decision)
