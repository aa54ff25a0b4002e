"""JSON-LD before a parser sees it: contexts put in where they are named, and nothing fetched, ever.

A document may name a context by its address. Those that ship here stand in ``contexts/``; any other is an error.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import jiter
import msgspec

from il2kg.errors import RecordError
from il2kg.rdf.fhir_names import FHIR_CONTEXT, is_draft, with_full_names
from il2kg.rdf.limits import Limits
from il2kg.rdf.scanning import check_json, too_deep
from il2kg.rdf.terms import shown

PATIENT_CONTEXT: Final = "https://w3id.org/il2kg/context.jsonld"
"""The address of the context of the patient graph."""

_PATIENT: Final = Path(__file__).parent / "contexts" / "patient.jsonld"
_SHOWN: Final = 120
_TWICE: Final = re.compile(r"Detected duplicate key (?P<key>.+) at (?P<where>line \d+ column \d+)", re.DOTALL)
_NAMES: Final = (b"@context", b"\\u")
"""How the name of a context's key may be written; the second is how its letters may."""
_LEFT: Final = frozenset({"@context", "@value"})
"""Keys whose values hold no objects of the document: its contexts, which are put in already, and values as JSON."""
_ENCODER: Final = msgspec.json.Encoder(decimal_format="number")


def with_contexts(data: bytes, limits: Limits) -> bytes:
    """A document that names no context any more.

    Raises:
        RecordError: it is no JSON, is nested too deeply, has a key twice in an object, or needs a context that does not
            ship here.
    """
    check_json(data, limits)
    try:
        document = jiter.from_json(data, allow_inf_nan=False, catch_duplicate_keys=True, float_mode="decimal")
    except (ValueError, ArithmeticError) as error:
        raise _unreadable(str(error), limits) from None
    if not any(written in data for written in _NAMES):
        return data
    contexts = _Contexts(limits)
    complete = contexts.put_into(document, _Scope(0, 0))
    if contexts.of_fhir:
        complete = with_full_names(complete)
    return _ENCODER.encode(complete) if contexts.put_in else data


@dataclass(frozen=True, slots=True)
class _Scope:
    """What holds for an object: how many terms, and how many contexts that some of them bring."""

    terms: int
    within: int


class _Contexts:
    """Goes through a document; notes whether contexts were put in, and how much work all of them make."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._work = 0
        self.put_in = self.of_fhir = False

    def put_into(self, value: Any, scope: _Scope) -> Any:
        """A value with all contexts put in."""
        if isinstance(value, list):
            return [self.put_into(inner, scope) for inner in value]
        if not isinstance(value, dict):
            return value
        if "@context" in value:
            context = self._complete(value["@context"])
            more = _terms(context)
            scope = _Scope(scope.terms + more.terms, scope.within + more.within)
            value = {**value, "@context": context}
            self._take_note(scope)
        elif scope.within:
            self._take_note(scope)
        return {key: inner if key in _LEFT else self.put_into(inner, scope) for key, inner in value.items()}

    def _take_note(self, scope: _Scope) -> None:
        self._work += scope.terms * max(1, scope.within)
        if self._work > self._limits.context_work:
            raise RecordError("has too many objects with contexts of their own; expand the document")

    def _complete(self, context: Any) -> Any:
        """A context that names no other."""
        if isinstance(context, str):
            return self._shipped(context)
        if isinstance(context, list):
            return [self._complete(inner) for inner in context]
        if not isinstance(context, dict):
            return context
        if isinstance(imported := context.get("@import"), str):
            context = {**self._shipped(imported), **{name: term for name, term in context.items() if name != "@import"}}
        return {
            name: {**term, "@context": self._complete(term["@context"])}
            if isinstance(term, dict) and "@context" in term
            else term
            for name, term in context.items()
        }

    def _shipped(self, address: str) -> dict[str, Any]:
        self.put_in = True
        if address == PATIENT_CONTEXT:
            return _patient_context()
        if is_draft(address):
            self.of_fhir = True
            return FHIR_CONTEXT
        raise RecordError(
            f"needs the JSON-LD context {shown(address, _SHOWN)}, which is not fetched; put the context itself in its "
            "place, or expand the document"
        )


def _terms(context: Any) -> _Scope:
    """How many terms a context has, with those of contexts within it, and how many contexts are within it."""
    if isinstance(context, list):
        scopes = [_terms(each) for each in context]
    elif isinstance(context, dict):
        scopes = [
            _terms(term["@context"]) for term in context.values() if isinstance(term, dict) and "@context" in term
        ]
        scopes.append(_Scope(len(context), len(scopes)))
    else:
        scopes = []
    return _Scope(sum(each.terms for each in scopes), sum(each.within for each in scopes))


@cache
def _patient_context() -> dict[str, Any]:
    context: dict[str, Any] = msgspec.json.decode(_PATIENT.read_bytes())["@context"]
    return context


def _unreadable(error: str, limits: Limits) -> RecordError:
    if "recursion limit" in error:
        return too_deep(limits)
    if twice := _TWICE.match(error):
        return RecordError(f"has the key {shown(twice['key'])} twice in one object ({twice['where']})")
    if "number out of range" in error or "InvalidOperation" in error:
        return RecordError(f"holds a number too large to be meant: {shown(error)}")
    return RecordError(f"is not JSON: {shown(error)}")
