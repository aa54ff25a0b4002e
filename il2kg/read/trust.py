"""Whether an item says that something was done at all, and whether what it says can be trusted (semantics, 1 and 7.1)."""

from typing import Final

from il2kg.read.elements import Element, as_element, codes
from il2kg.read.spans import Doubt

_DENIALS: Final = ("notGiven", "wasNotGiven", "wasNotTaken", "notDone", "notPerformed", "doNotPerform")
_NEGATED: Final = frozenset({*_DENIALS, "taken", "adherence"})
_TURNED: Final = frozenset({"focus", "modifierExtension"})
_UNUSUAL: Final = _NEGATED | _TURNED
_DOSAGES: Final = ("dosage", "dosageInstruction")
_NOT_TAKING: Final = "not-taking"


def not_given(content: Element) -> bool:
    """Whether an item says, in whatever version of FHIR, that it was not done, given or taken."""
    if _NEGATED.isdisjoint(content):
        return False
    if any(content.get(name) is True for name in _DENIALS) or content.get("taken") == "n":
        return True
    adherence = codes(as_element(content.get("adherence")).get("code"))
    return any(code.startswith(_NOT_TAKING) for code in adherence)


def set_aside(content: Element, doubt: str | None) -> tuple[Doubt, ...]:
    """Why an item is set aside as a whole: what it says, its shape, or ``doubt``, which its file raises."""
    found: list[Doubt] = [] if doubt is None else [(doubt, "")]
    if not isinstance(content.get("status"), str | None):
        found.append(("status of the wrong type", ""))
    if not _UNUSUAL.isdisjoint(content):
        if content.get("focus"):
            found.append(("about something else than the patient", "it has a focus"))
        if content.get("modifierExtension"):
            found.append(("modifierExtension that is not known", ""))
        found += [
            (f"{name} of the wrong type", "") for name in _DENIALS if not isinstance(content.get(name), bool | None)
        ]
        if content.get("taken") not in (None, "y", "n", "na"):
            found.append(("not known whether it was taken", ""))
    for name in _DOSAGES:
        dosage = content.get(name)
        if dosage is not None:
            each = dosage if isinstance(dosage, list) else [dosage]
            if any(as_element(one).get("modifierExtension") for one in each):
                found.append(("modifierExtension that is not known", f"in its {name}"))
    return tuple(found)
