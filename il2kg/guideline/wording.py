"""Conditions in words, for people and for messages of shapes. How each form reads is said beside the form."""

from il2kg.guideline.conditions import Condition
from il2kg.guideline.model import Guideline


class Wording:
    """Puts the conditions of one guideline into words."""

    def __init__(self, guideline: Guideline) -> None:
        self._guideline = guideline
        self._phrases: dict[Condition, str] = {}

    def condition(self, condition: Condition) -> str:
        """A condition as a phrase."""
        if condition not in self._phrases:
            self._phrases[condition] = self.phrase(condition)
        return self._phrases[condition]

    def phrase(self, condition: Condition, *, nested: bool = False) -> str:
        """A condition as a phrase; in brackets where it is ``nested`` and has several parts."""
        return condition.words(self, nested=nested)

    def label(self, concept: str) -> str:
        """What people call a concept."""
        return self._guideline.labels[concept]

    def unit(self, observable: str) -> str:
        """The unit (UCUM) of an observable."""
        return self._guideline.observables[observable].unit

    def fact(self, key: str, *, denied: bool = False) -> str:
        """A fact of an event series as a phrase, or that it is not so."""
        return self._guideline.fact_phrase(key, denied=denied)

    def event_between(self) -> str:
        """What people call that after which something comes back."""
        return self._guideline.event_of_holds

    def baseline(self) -> str:
        """What people call the baseline that changes are counted from."""
        level = self._guideline.levels[self._guideline.baseline_before or ""]
        return f"the {level.label}'s baseline"
