"""Items that bear on a criterion, planted in a record that is otherwise clean, in any way that records write them.

What may be planted is found out by the engine itself: a concept bears if, charted by its identifier, it keeps a clean
record from `administer`. Each such item must do so too when it is coded, aliased, named or nested in another way; or be
seen as something that cannot be trusted.
"""

import csv
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from random import Random
from typing import Any

from il2kg.bulk import load_engine
from il2kg.engine import Request
from il2kg.loading import load_guideline
from il2kg.locations import content_root
from il2kg.read.times import microseconds
from tests.bundles import PATIENT, Resource, administration, assessed, bundle, concept, finding, measurement
from tests.folders import OWN

GUIDELINE = load_guideline(OWN)
AT = datetime(2026, 3, 6, 8, tzinfo=UTC)
REQUEST = Request(at=microseconds(AT), by_exception=True)
ADMINISTRATION = "MedicationAdministration"

_VALUES = {
    "SystolicBloodPressure": (118, "mm[Hg]"),
    "HeartRate": (84, "/min"),
    "OxygenSaturation": (98, "%"),
    "BodyWeight": (75, "kg"),
    "SerumCreatinine": (1.0, "mg/dL"),
    "SerumBicarbonate": (25, "mmol/L"),
    "PlateletCount": (210, "10*3/uL"),
}
# For each observable that may be planted, a value that no dose may be given at, and its LOINC code with a plain name.
_ALARMS = {
    "SystolicBloodPressure": (70, "mm[Hg]", "8480-6", "Systolic blood pressure"),
    "HeartRate": (150, "/min", "8867-4", "Heart rate"),
    "OxygenSaturation": (80, "%", "59408-5", "Oxygen saturation"),
    "SerumCreatinine": (5.2, "mg/dL", "2160-0", "Creatinine"),
    "PlateletCount": (12, "10*3/uL", "777-3", "Platelet count"),
}


def ago(hours: float) -> str:
    """A time so many hours before the instant assessed, as FHIR writes it."""
    return (AT - timedelta(hours=hours)).isoformat().replace("+00:00", "Z")


def clean() -> list[Resource]:
    """A routine patient on the second day of a cycle: nothing speaks against the next dose."""
    found = [measurement(name, value, unit, ago(1)) for name, (value, unit) in _VALUES.items()]
    found += [measurement(name, value, unit, ago(33)) for name, (value, unit) in _VALUES.items()]
    urine = measurement("UrineOutput", 2400, "mL", ago(0.5))
    del urine["effectiveDateTime"]
    found.append({**urine, "effectivePeriod": {"start": ago(24.5), "end": ago(0.5)}})
    found += [administration(GUIDELINE.series[0].treatment, ago(hours)) for hours in (32, 24, 16, 8)]
    return found


def decision(resources: Sequence[Resource], request: Request = REQUEST) -> str:
    """The overall decision of a record."""
    (document,) = assessed(load_engine(), bundle(resources), request)
    return str(document["overall"]["decision"])


@dataclass(frozen=True)
class Bearing:
    """The concepts that, charted plainly, keep a clean record from `administer`."""

    findings: tuple[str, ...]
    treatments: tuple[str, ...]
    rates: tuple[str, ...]
    codes: tuple[tuple[str, str, str, str], ...]


@cache
def bearing() -> Bearing:
    """Ask the engine, once."""
    base = clean()

    def bears(resource: Resource) -> bool:
        return decision([*base, resource]) != "administer"

    findings = tuple(name for name in GUIDELINE.findings if bears(finding(name, True, ago(2))))
    treatments = tuple(name for name in GUIDELINE.treatments if bears(administration(name, ago(2))))
    rates = tuple(name for name in GUIDELINE.treatments if bears(administration(name, ago(3), ago(-1), 2.5)))
    wanted = {*findings, *treatments}
    return Bearing(findings, treatments, rates, tuple(row for row in _rows() if row[0] in wanted))


def _rows() -> Iterator[tuple[str, str, str, str]]:
    """(concept, FHIR system, code, match) of each row that names a concept for certain, and no local drug."""
    systems = {
        "loinc": "http://loinc.org",
        "snomed-ct": "http://snomed.info/sct",
        "icd-10-cm": "http://hl7.org/fhir/sid/icd-10-cm",
        "icd-10": "http://hl7.org/fhir/sid/icd-10",
        "icd-9-cm-diagnoses": "http://hl7.org/fhir/sid/icd-9-cm",
        "rxnorm": "http://www.nlm.nih.gov/research/umls/rxnorm",
        "atc": "http://www.whocc.no/atc",
    }
    for path in sorted((content_root() / "ontology" / "codes").rglob("*.sssom.tsv")):
        system = systems.get(path.name.removesuffix(".sssom.tsv"))
        if system is None:
            continue
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader((line for line in file if not line.startswith("#")), delimiter="\t"))
        denied = {row["object_id"] for row in rows if row["predicate_modifier"]}
        for row in rows:
            certain = not row["predicate_modifier"] and row["predicate_id"] != "skos:relatedMatch"
            if certain and row.get("local") != "true":
                # Below a code some may be denied; then the code itself is planted, and none below it.
                alone = any(code.startswith(row["object_id"]) for code in denied)
                match = "exact" if alone else row["match"]
                yield row["subject_id"].partition(":")[2], system, row["object_id"].partition(":")[2], match


_ALIASES = {
    "http://loinc.org": ("https://loinc.org", "http://loinc.org/", "urn:oid:2.16.840.1.113883.6.1", "LN", "LOINC"),
    "http://snomed.info/sct": ("http://snomed.info/sct/", "urn:oid:2.16.840.1.113883.6.96", "SCT", "SNOMEDCT"),
    "http://www.nlm.nih.gov/research/umls/rxnorm": (
        "https://www.nlm.nih.gov/research/umls/rxnorm",
        "urn:oid:2.16.840.1.113883.6.88",
        "RXNORM",
    ),
    "http://hl7.org/fhir/sid/icd-10-cm": (
        "https://hl7.org/fhir/sid/icd-10-cm",
        "urn:oid:2.16.840.1.113883.6.90",
        "I10C",
        "ICD-10-CM",
    ),
    "http://hl7.org/fhir/sid/icd-9-cm": ("urn:oid:2.16.840.1.113883.6.103", "I9C"),
    "http://hl7.org/fhir/sid/icd-10": ("urn:oid:2.16.840.1.113883.6.3", "https://hl7.org/fhir/sid/icd-10/"),
    "http://www.whocc.no/atc": ("urn:oid:2.16.840.1.113883.6.73", "ATC"),
}


def plant(random: Random) -> Resource:
    """One resource that bears on a criterion, written in some way."""
    kind = random.choice((_coded, _coded, _named_finding, _named_treatment, _alarm, _nameless, _elsewhere))
    return kind(random)


def _coding(random: Random, system: str, code: str, match: str) -> Resource:
    if match == "prefix" and "icd-10-cm" in system and "." in code and random.random() < 0.5:
        code += random.choice("0129")
    if "icd" in system:
        code = random.choice((code, code.replace(".", ""), code.lower()))
    if "rxnorm" in system:
        code = random.choice((code, f"0{code}"))
    return {"system": random.choice((system, *_ALIASES[system])), "code": code}


def _coded(random: Random) -> Resource:
    name, system, code, match = random.choice(bearing().codes)
    coding = _coding(random, system, code, match)
    stranger = {"system": "urn:oid:1.2.3.4.5", "code": str(random.randrange(10**6)), "display": "local"}
    found = {"coding": random.sample([coding, stranger], 2) if random.random() < 0.5 else [coding]}
    return _about(random, name, found)


def _about(random: Random, name: str, code: Resource) -> Resource:
    """A resource about a finding or treatment with some CodeableConcept."""
    common = {"subject": PATIENT, "id": f"planted-{random.randrange(10**9)}"}
    if name in GUIDELINE.treatments:
        return {
            **common,
            "resourceType": ADMINISTRATION,
            "status": random.choice(("completed", "in-progress")),
            **_medication(random, code),
            "effectiveDateTime": ago(2),
        }
    if random.random() < 0.6 or code.get("text"):
        status = random.choice((None, "confirmed", "provisional", "unconfirmed"))
        verification = {"verificationStatus": {"coding": [{"code": status}]}} if status else {}
        return {**common, "resourceType": "Condition", "code": code, "onsetDateTime": ago(2), **verification}
    observation = {**common, "resourceType": "Observation", "status": "final", "effectiveDateTime": ago(2)}
    if random.random() < 0.5:
        return {**observation, "code": code, "valueBoolean": True}
    panel = {"coding": [{"system": "urn:oid:9.9", "code": "panel"}], "text": "Nursing flowsheet"}
    return {**observation, "code": panel, "component": [{"code": code, "valueBoolean": True}]}


def _medication(random: Random, code: Resource) -> Resource:
    """What was given: in place, contained, or as the ingredient of something unknown; R4 or R5."""
    match random.randrange(4):
        case 0:
            return {"medicationCodeableConcept": code}
        case 1:
            return {"medication": {"concept": code}}
        case 2:
            contained = [{"resourceType": "Medication", "id": "m", "code": code}]
            return {"contained": contained, "medicationReference": {"reference": "#m"}}
        case _:
            mixture = {"resourceType": "Medication", "id": "m", "ingredient": [{"itemCodeableConcept": code}]}
            return {"contained": [mixture], "medication": {"reference": {"reference": "#m"}}}


def _spelled(random: Random, name: str) -> str:
    text = random.choice((name, name.upper(), name.title(), name.capitalize()))
    return random.choice((text, f"{text}, noted today", f"Acute {text}", f"[{text}]", f"{text} (per nurse)"))


def _local(random: Random, text: str) -> Resource:
    """A CodeableConcept whose code nobody knows."""
    coding = {"system": "urn:oid:1.2.840.114350.1.13.999", "code": str(random.randrange(10**6))}
    match random.randrange(3):
        case 0:
            return {"text": text}
        case 1:
            return {"coding": [{**coding, "display": text}]}
        case _:
            return {"coding": [coding], "text": text}


def _long_names(name: str) -> list[str]:
    """The names of a concept that may stand among other words."""
    found = {**GUIDELINE.findings, **GUIDELINE.treatments}[name].names
    return [text for text in found if sum(letter.isalpha() for letter in text) >= 5]


def _named_finding(random: Random) -> Resource:
    name = random.choice([name for name in bearing().findings if _long_names(name)])
    code = _local(random, _spelled(random, random.choice(_long_names(name))))
    common = {"subject": PATIENT, "id": f"planted-{random.randrange(10**9)}", "code": code}
    if random.random() < 0.7 or GUIDELINE.findings[name].closed:
        kind = "Procedure" if GUIDELINE.findings[name].closed else "Condition"
        when = (
            {"performedDateTime": ago(2), "status": "in-progress"} if kind == "Procedure" else {"onsetDateTime": ago(2)}
        )
        return {**common, "resourceType": kind, **when}
    return {**common, "resourceType": "Observation", "status": "final", "effectiveDateTime": ago(2)}


def _named_treatment(random: Random) -> Resource:
    named = [name for name in {*bearing().treatments, *bearing().rates} if GUIDELINE.treatments[name].names]
    name = random.choice(sorted(named))
    text = _spelled(random, random.choice(GUIDELINE.treatments[name].names))
    text = random.choice((text, f"{text} 10 mg", f"{text} HCl 5 mg/mL inj"))
    found = {**_about(random, name, _local(random, text))}
    if name in bearing().rates:
        del found["effectiveDateTime"]
        found["effectivePeriod"] = {"start": ago(3)}
        found["dosage"] = {"rateQuantity": {"value": 2.5, "unit": "mcg/kg/min"}}
    return found


def _alarm(random: Random) -> Resource:
    """A measured value at which no dose may be given, or one that cannot be trusted."""
    name = random.choice(sorted(_ALARMS))
    value, unit, loinc, text = _ALARMS[name]
    found: dict[str, Any] = {**measurement(name, value, unit, ago(0.25)), "id": f"planted-{random.randrange(10**9)}"}
    system = random.choice(("http://loinc.org", *_ALIASES["http://loinc.org"]))
    found["code"] = random.choice((concept(name), {"coding": [{"system": system, "code": loinc}]}, {"text": text}))
    match random.randrange(7):
        case 0:
            found["valueQuantity"] = {"value": value}
        case 1:
            found["valueString"] = str(found.pop("valueQuantity")["value"])
        case 2:
            found["effectiveDateTime"] = ago(0.25).removesuffix("Z")
        case 3:
            del found["effectiveDateTime"]
        case 4:
            inner = {"code": found["code"], "valueQuantity": found.pop("valueQuantity")}
            found.update(code={"text": "Vital signs"}, component=[inner])
        case 5:
            found["focus"] = [{"reference": "Patient/p1"}]
    return found


def _nameless(random: Random) -> Resource:
    """A drug that nobody can name."""
    code = random.choice(({}, {"coding": [{"code": "?"}]}, {"coding": []}))
    medication = random.choice(
        ({"medicationCodeableConcept": code}, {"medicationReference": {"reference": "Medication/nowhere"}}, {})
    )
    return {
        "resourceType": ADMINISTRATION,
        "status": "completed",
        "subject": PATIENT,
        "id": f"planted-{random.randrange(10**9)}",
        **medication,
        "effectiveDateTime": ago(2),
    }


def _elsewhere(random: Random) -> Resource:
    """Something that bears, and whose patient or meaning is in doubt."""
    found = deepcopy(_coded(random))
    match random.randrange(3):
        case 0:
            found["modifierExtension"] = [{"url": "http://example.org/unheard-of", "valueBoolean": True}]
        case 1:
            found["subject"] = {"reference": "Group/nobody"}
        case _:
            found["subject"] = {"reference": " Patient/p1 "}
    return found
