"""FHIR Encounters as stays."""

from typing import Final

from il2kg.read.fhir.elements import Element, as_element, as_list, as_text, codes
from il2kg.read.fhir.times import period
from il2kg.statements import Item, Stay

_DISCHARGED: Final = ("finished", "completed", "discharged")


def stay_of(item: Item, content: Element) -> Stay:
    """An Encounter; R4 has one Coding as its class, R5 several CodeableConcepts, the versions before a plain code."""
    kinds = codes(content.get("class")) | {
        code for each in as_list(content.get("class")) if (code := as_text(as_element(each).get("code")))
    }
    when = as_element(content.get("actualPeriod") or content.get("period"))
    status = content.get("status")
    finished = status is None or (isinstance(status, str) and status in _DISCHARGED)
    return Stay(item, tuple(sorted(kinds)), finished, period(when.get("start"), when.get("end")))
