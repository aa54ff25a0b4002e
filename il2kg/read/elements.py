"""FHIR elements whose type nobody has checked: small readers that never raise on a wrong one."""

from typing import Any, Final

Element = dict[str, Any]

_NOTHING: Final[Element] = {}
_VALUES: Final = frozenset(
    f"value{kind}"
    for kind in (
        *("Attachment", "Boolean", "CodeableConcept", "DateTime", "Integer", "Period", "Quantity", "Range", "Ratio"),
        *("Reference", "SampledData", "String", "Time", "Decimal", "Code", "Coding", "Instant", "Date"),
    )
)


def as_element(value: object) -> Element:
    """The value if it is a JSON object, else an empty one (not to be written to)."""
    return value if isinstance(value, dict) else _NOTHING


def as_list(value: object) -> list[Any]:
    """The value if it is a JSON array, an array of it if it is anything else that is there."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def as_text(value: object) -> str | None:
    """The value if it is a string that says something."""
    return value if isinstance(value, str) and value and not value.isspace() else None


def codings(concept: object) -> list[tuple[str, str]]:
    """The (system, code) pairs of a CodeableConcept, or of an array of them; badly typed ones are left out."""
    found: list[tuple[str, str]] = []
    for element in as_list(concept):
        for coding in as_list(as_element(element).get("coding")):
            if isinstance(coding, dict):
                system, code = coding.get("system"), coding.get("code")
                if isinstance(system, str) and isinstance(code, str):
                    found.append((system, code))
    return found


def codes(concept: object) -> set[str]:
    """The codes of a CodeableConcept, or of an array of them, whatever their system."""
    return {
        code
        for element in as_list(concept)
        for coding in as_list(as_element(element).get("coding"))
        if (code := as_text(as_element(coding).get("code"))) is not None
    }


def well_formed_concept(concept: object) -> bool:
    """Whether a CodeableConcept has the types that FHIR gives it."""
    if not isinstance(concept, dict):
        return False
    coding = concept.get("coding", [])
    if not isinstance(coding, list):
        return False
    for each in coding:
        if not isinstance(each, dict) or not isinstance(each.get("system", ""), str):
            return False
        if not isinstance(each.get("code", ""), str):
            return False
    return True


def values(holder: Element) -> list[str]:
    """The names of the ``value[x]`` elements that are there."""
    return [name for name in _VALUES & holder.keys() if holder[name] is not None]
