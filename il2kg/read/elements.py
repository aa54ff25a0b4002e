"""FHIR elements whose type nobody has checked: small readers that never raise on a wrong one."""

from typing import Any

Element = dict[str, Any]


def as_element(value: object) -> Element:
    """The value if it is a JSON object, else an empty one."""
    return value if isinstance(value, dict) else {}


def as_list(value: object) -> list[Any]:
    """The value if it is a JSON array, an array of it if it is anything else that is there."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def as_text(value: object) -> str | None:
    """The value if it is a string that says something."""
    return value if isinstance(value, str) and value.strip() else None


def codings(concept: object) -> list[tuple[str, str]]:
    """The (system, code) pairs of a CodeableConcept, or of an array of them; badly typed ones are left out."""
    return [
        (system, code)
        for element in as_list(concept)
        for coding in as_list(as_element(element).get("coding"))
        if (code := as_text(as_element(coding).get("code"))) is not None
        and (system := as_text(as_element(coding).get("system"))) is not None
    ]


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
    return isinstance(coding, list) and all(
        isinstance(c, dict) and all(isinstance(c.get(k, ""), str) for k in ("system", "code")) for c in coding
    )


def values(holder: Element) -> list[str]:
    """The names of the ``value[x]`` elements that are there."""
    return [name for name, value in holder.items() if name.startswith("value") and value is not None]
