"""What a record was read as, as RDF: each item of the record once, in the guideline's terms and units."""

from math import inf

from hypothesis import given
from rdflib import RDF, URIRef

from il2kg.bulk import load_engine
from il2kg.explain.reading import reading_graph
from il2kg.rdf.graphs import Literal, Node
from il2kg.record import (
    Absence,
    Administration,
    DoubtfulEvent,
    DoubtfulPresence,
    Episode,
    Event,
    Measurement,
    Record,
    SetAside,
)
from il2kg.write.assessments import names_of
from tests.bundles import Resource, bundle, named_record
from tests.ontology.files import merged
from tests.strategies import records

ENGINE = load_engine()
ONTOLOGY = merged()
IL2, PROV, XSD = "https://w3id.org/il2kg/", "http://www.w3.org/ns/prov#", "http://www.w3.org/2001/XMLSchema#"
HOUR = 3_600_000_000


def readings(record: Record) -> dict[str, Node]:
    return reading_graph(record, "urn:r", names_of("p"), ENGINE.guideline).nodes


def plain(node: Node) -> dict[str, str]:
    """What is said of a reading, one value each; times as hours of 1970."""
    found = {}
    for predicate, terms in node.items():
        (term,) = terms
        text = term.text if isinstance(term, Literal) else term
        found[predicate.rpartition("/")[2].rpartition("#")[2]] = text.removeprefix(IL2).removeprefix("1970-01-01T")
    return found


def reading(kind: str, item: str, **more: str) -> dict[str, str]:
    return {"type": kind, "ofPatient": "urn:il2kg:record:p", "wasDerivedFrom": f"urn:il2kg:record:p:{item}", **more}


def test_each_item_is_read_as_something() -> None:
    record = Record(
        "p",
        measurements=(
            Measurement("SerumCreatinine", 3.6, 3.6, 2 * HOUR, None, "a", "318 umol/L"),
            Measurement("UrineOutput", -inf, 9.999999999, 8 * HOUR, 4 * HOUR, "b", "<10 mL"),
        ),
        set_aside=(SetAside("PlateletCount", None, 3 * HOUR, "c"),),
        episodes=(Episode("Oliguria", HOUR, None, "d"),),
        doubtful=(DoubtfulPresence("Coma", HOUR, 2 * HOUR, None, "e"),),
        absences=(Absence("Confusion", HOUR, "f"),),
        administrations=(
            Administration("Phenylephrine", HOUR, HOUR, None, None, 0.5, 0.5, "g"),
            Administration(None, HOUR, HOUR, 2 * HOUR, 2 * HOUR, 0.0, inf, "h"),
            Administration("Dopamine", HOUR, 2 * HOUR, 3 * HOUR, 3 * HOUR, 1.0, inf, "i", "mL/h"),
        ),
        events=(Event(HOUR, HOUR, HOUR, "j", "aldesleukin-doses"), Event(HOUR, 0, 2 * HOUR, "k", "aldesleukin-doses")),
        doubtful_events=(DoubtfulEvent(None, HOUR, "l", "aldesleukin-doses"), DoubtfulEvent(None, 2 * HOUR, "m", None)),
    )
    sure, unsure = {"certain": "true"}, {"certain": "false"}
    one, two, three = "01:00:00Z", "02:00:00Z", "03:00:00Z"
    creatinine = {"concept": "SerumCreatinine", "readLow": "3.6", "readHigh": "3.6", "unit": "mg/dL"}
    urine = {"concept": "UrineOutput", "readHigh": "9.999999999", "unit": "mL"}
    dose = {"concept": "Aldesleukin", "ofSeries": "aldesleukin-doses"}
    expected = {
        "value.1": reading(
            "ReadValue", "a", readFrom=two, readUntil=two, charted="318 umol/L", **creatinine, **sure
        ),
        "value.2": reading(
            "ReadValue", "b", readFrom="04:00:00Z", readUntil="08:00:00Z", charted="<10 mL", **urine, **sure
        ),
        "value.3": reading("ReadValue", "c", concept="PlateletCount", readUntil=three, **unsure),
        "finding.1": reading("ReadFinding", "d", concept="Oliguria", readFrom=one, **sure),
        "finding.2": reading("ReadFinding", "e", concept="Coma", readFrom=one, **unsure),
        "absence.1": reading("ReadAbsence", "f", concept="Confusion", readFrom=one, readUntil=one, **sure),
        "treatment.1": reading(
            "ReadTreatment", "g", concept="Phenylephrine", readFrom=one, readLow="0.5", readHigh="0.5",
            unit="ug/kg/min", **sure,
        ),
        "treatment.2": reading("ReadTreatment", "h", concept="Treatment", readFrom=one, readUntil=two, **unsure),
        "treatment.3": reading(
            "ReadTreatment", "i", concept="Dopamine", readFrom=one, readUntil=three, readLow="1.0", unit="mL/h",
            **unsure,
        ),
        "dose.1": reading("ReadEvent", "j", readFrom=one, readUntil=one, **dose, **sure),
        "dose.2": reading("ReadEvent", "k", readFrom="00:00:00Z", readUntil=two, **dose, **unsure),
        "dose.3": reading("ReadEvent", "l", readUntil=one, **dose, **unsure),
        "dose.4": reading("ReadEvent", "m", readUntil=two, **dose, **unsure),
    }  # fmt: skip
    assert {name.removeprefix("urn:r:"): plain(node) for name, node in readings(record).items()} == expected


@given(records())
def test_nothing_of_a_record_is_left_out(resources: list[Resource]) -> None:
    record = named_record(ENGINE, "record", bundle(resources)).record
    whole = [
        *record.measurements, *record.set_aside, *record.episodes, *record.doubtful, *record.absences,
        *record.administrations, *record.events, *record.doubtful_events,
    ]  # fmt: skip
    items = sorted(str(term) for node in readings(record).values() for term in node[f"{PROV}wasDerivedFrom"])
    assert items == sorted(names_of("p").items(each.item)[0] for each in whole)
    said = {term for node in readings(record).values() for pair in node.items() for term in (pair[0], *pair[1])}
    own = {term for term in said if isinstance(term, str) and term.startswith(IL2)}
    assert {term for term in own if (URIRef(term), RDF.type, None) not in ONTOLOGY} == set()
    kinds = {term.datatype.removeprefix(XSD) for term in said if isinstance(term, Literal)}
    assert kinds <= {"string", "dateTime", "boolean", "decimal"}
