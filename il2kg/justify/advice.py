"""What the guideline says to do about what was found."""

from collections.abc import Iterable

from il2kg.assessment import Advice
from il2kg.guideline.model import Concept, Guideline


def advice(guideline: Guideline, found: Iterable[str]) -> tuple[Advice, ...]:
    """The interventions for some findings, in the order of the source, each once.

    Args:
        found: the findings that are present, and the toxicities of the criteria in force.
    """
    names = list(dict.fromkeys(found))
    chosen = []
    for intervention in guideline.interventions:
        managed = next((name for name in names if _managed(guideline.findings[name], intervention.manages)), None)
        if managed is not None:
            chosen.append(
                Advice(
                    id=intervention.id,
                    label=intervention.label,
                    finding=managed,
                    finding_label=guideline.findings[managed].label,
                    treatment=intervention.uses,
                    amount=intervention.amount,
                    when=intervention.when,
                    strength=intervention.strength,
                    source=intervention.source,
                )
            )
    return tuple(chosen)


def _managed(finding: Concept, manages: tuple[str, ...]) -> bool:
    return finding.id in manages or not finding.ancestors.isdisjoint(manages)
