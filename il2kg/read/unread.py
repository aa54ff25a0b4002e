"""Resources of types that are not read: they are said (semantics, section 7.3)."""

from typing import Final

from il2kg.read.builder import Item, RecordBuilder
from il2kg.read.concepts import ConceptReader

_ABOUT: Final = ("code", "medicationCodeableConcept", "conclusionCode", "event", "medication")
"""The elements that say what a resource is about, whatever its type."""


def pass_over_unread(builder: RecordBuilder, item: Item, concepts: ConceptReader) -> None:
    """Say a resource of a type that is not read, first of all if it is about a drug."""
    concept = next((item.content[name] for name in _ABOUT if item.content.get(name) is not None), None)
    subject = concepts.subject(item.kind, concept)
    drug = item.kind.startswith("Medication")
    builder.pass_over(item.kind, subject.system, subject.code, subject.text, telling=drug)
