"""FHIR Conditions as episodes and statements of absence (semantics, section 7)."""

from il2kg.read.builder import Item, RecordBuilder
from il2kg.read.elements import as_element, codes
from il2kg.read.spans import span_between

_OVER = frozenset({"inactive", "remission", "resolved"})


def read_condition(builder: RecordBuilder, item: Item, finding: str) -> None:
    """Read a Condition: an episode from onset to abatement, a statement of absence if refuted.

    A suspected one counts as present. One that is over without an abatement ended when it was recorded.
    """
    content = item.content
    verification, clinical = content.get("verificationStatus"), content.get("clinicalStatus")
    doubt = None
    for name, status in (("verificationStatus", verification), ("clinicalStatus", clinical)):
        if status is not None and not isinstance(status, dict):
            doubt = f"{name} of the wrong type"
    if "entered-in-error" in codes(verification):
        return
    onset = content.get("onsetDateTime") or as_element(content.get("onsetPeriod")).get("start")
    recorded = content.get("recordedDate")
    if "refuted" in codes(verification):
        builder.absence(finding, item, span_between(recorded or onset, None), doubt)
        return
    start, end = onset or recorded, _abatement(item)
    if end is None and codes(clinical) & _OVER:
        end = recorded
        if end is None:
            builder.problem(item, "over, and nothing says since when; read as not over")
    builder.episode(finding, item, span_between(start, end), doubt)


def _abatement(item: Item) -> object:
    period = as_element(item.content.get("abatementPeriod"))
    return item.content.get("abatementDateTime") or period.get("end") or period.get("start")
