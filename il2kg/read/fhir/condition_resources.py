"""FHIR Conditions as statements, R4, R5 and the versions before."""

from typing import Final

from il2kg.read.fhir.elements import Element, as_element, coded_text, codes
from il2kg.read.fhir.times import time_of
from il2kg.statements import Condition, Doubt, Item

_OVER: Final = frozenset({"inactive", "remission", "resolved"})
_CLINICAL: Final = _OVER | {"active", "recurrence", "relapse", "unknown"}
_VERIFICATION: Final = frozenset(
    {"unconfirmed", "provisional", "differential", "confirmed", "refuted", "entered-in-error", "unknown"}
)
_RECORDED: Final = ("recordedDate", "assertedDate", "dateRecorded")
_NO_DATE: Final = ("abatementAge", "abatementRange", "abatementString", "abatementBoolean")
_TWO_ONSETS: Final = ("an onset at a time and one over a period", "")
_CONTRADICTED: Final = ("verificationStatus that contradicts itself", "")


def condition_of(item: Item, content: Element) -> Condition | None:
    """A Condition, unless it was entered in error."""
    verification, clinical = codes(content.get("verificationStatus")), codes(content.get("clinicalStatus"))
    if "entered-in-error" in verification:
        return None
    about, doubts = coded_text(content.get("code")), _wrong(content)
    recorded = time_of(next((content[name] for name in _RECORDED if content.get(name) is not None), None))
    refuted = "refuted" in verification
    if refuted and len(verification & _VERIFICATION) > 1:
        refuted = False
        doubts = (*doubts, _CONTRADICTED)
    if not refuted and content.get("onsetDateTime") is not None and content.get("onsetPeriod") is not None:
        return Condition(item.doubted(*doubts, _TWO_ONSETS), about)
    onset = content.get("onsetDateTime") or as_element(content.get("onsetPeriod")).get("start")
    abatement = _abatement(content)
    return Condition(
        item.doubted(*doubts),
        about,
        onset=time_of(onset),
        abatement=time_of(abatement),
        recorded=recorded,
        refuted=refuted,
        over=bool(clinical & _OVER) or _says_over(content),
    )


def _abatement(content: Element) -> object:
    period = as_element(content.get("abatementPeriod"))
    return content.get("abatementDateTime") or period.get("end") or period.get("start")


def _says_over(content: Element) -> bool:
    """Whether an abatement is given that is no date."""
    return any(content.get(name) not in (None, False) for name in _NO_DATE)


def _wrong(content: Element) -> tuple[Doubt, ...]:
    """What cannot be read of the statuses: objects today, plain codes in earlier versions."""
    doubts: list[Doubt] = []
    for name, known in (("verificationStatus", _VERIFICATION), ("clinicalStatus", _CLINICAL)):
        status = content.get(name)
        if status is not None and not isinstance(status, dict) and not (isinstance(status, str) and status in known):
            doubts.append((f"{name} of the wrong type", ""))
    periods = ("onsetPeriod", "abatementPeriod")
    doubts += [(f"{name} of the wrong type", "") for name in periods if not isinstance(content.get(name), dict | None)]
    return tuple(doubts)
