"""Whether an item says that something was done, and whether that can be trusted (semantics, sections 1 and 7)."""

from typing import Final

from il2kg.read.fhir.doubts import has_strange_modifier
from il2kg.read.fhir.elements import DENIALS, Element, as_element, as_list, codes, shape
from il2kg.statements import Doubt

_DOSAGES: Final = ("dosage", "dosageInstruction")
_NOT_TAKING: Final = "not-taking"
_TAKEN: Final = (None, "y", "n", "na")


def not_given(content: Element) -> bool:
    """Whether an item says, in whatever version of FHIR, that it was not done, given or taken."""
    if any(content.get(name) is True for name in DENIALS) or content.get("taken") == "n":
        return True
    adherence = codes(as_element(content.get("adherence")).get("code"))
    return any(code.startswith(_NOT_TAKING) for code in adherence)


def set_aside(content: Element, doubt: str | None) -> tuple[Doubt, ...]:
    """Why an item is set aside as a whole: what it says, its shape, or ``doubt``, which its file raises."""
    doubts: list[Doubt] = [] if doubt is None else [(doubt, "")]
    if not isinstance(content.get("status"), str | None):
        doubts.append(("status of the wrong type", ""))
    if not shape(tuple(content)).unusual:
        return tuple(doubts)
    if content.get("focus"):
        doubts.append(("about something else than the patient", "it has a focus"))
    known = "resourceType" in content and not has_strange_modifier(content)
    if content.get("modifierExtension") and not known:
        doubts.append(("modifierExtension that is not known", ""))
    doubts += [(f"{name} of the wrong type", "") for name in DENIALS if not isinstance(content.get(name), bool | None)]
    if content.get("taken") not in _TAKEN:
        doubts.append(("not known whether it was taken", ""))
    for name in _DOSAGES:
        if any(as_element(each).get("modifierExtension") for each in as_list(content.get(name))):
            doubts.append(("modifierExtension that is not known", f"in its {name}"))
    return tuple(doubts)
