"""What the guideline says to do about what was found."""

from collections.abc import Iterable, Mapping
from functools import lru_cache

from il2kg.assessment.result import Advice
from il2kg.guideline.model import Concept, Guideline, Intervention


def advice(guideline: Guideline, found: Iterable[str]) -> tuple[Advice, ...]:
    """The interventions for some findings, in the order of the source, each once.

    Args:
        found: the findings that are present, and the toxicities of the criteria in force.
    """
    managed: dict[int, str] = {}
    for name in dict.fromkeys(found):
        for place in _places(guideline)[name]:
            managed.setdefault(place, name)
    return tuple(
        _advice(guideline.interventions[place], guideline.findings[managed[place]]) for place in sorted(managed)
    )


@lru_cache(maxsize=2)
def _places(guideline: Guideline) -> Mapping[str, tuple[int, ...]]:
    """The places of the interventions for each finding, in the order of the source."""
    return {
        name: tuple(place for place, i in enumerate(guideline.interventions) if _managed(finding, i.manages))
        for name, finding in guideline.findings.items()
    }


def _managed(finding: Concept, manages: tuple[str, ...]) -> bool:
    return finding.id in manages or not finding.ancestors.isdisjoint(manages)


def _advice(intervention: Intervention, finding: Concept) -> Advice:
    return Advice(
        id=intervention.id,
        label=intervention.label,
        finding=finding.id,
        finding_label=finding.label,
        treatment=intervention.uses,
        amount=intervention.amount,
        when=intervention.when,
        strength=intervention.strength,
        source=intervention.source,
    )
