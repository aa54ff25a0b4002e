"""The forms of condition, a module each: how it is written, its key and words, its shape, and how it is derived.

A module's ``SYNTAX`` says how its form is written. A new module in this folder is a new form: nothing else lists them
(docs/forms.md).
"""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from types import MappingProxyType

from il2kg.forms.reader import Of, Syntax

_CLASSES = (Of.FINDING, Of.TREATMENT)


@cache
def all_forms() -> Mapping[str, Syntax]:
    """How each form is written, by its property."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    return MappingProxyType({each.property: each for module in modules for each in getattr(module, "SYNTAX", ())})


def class_ranges() -> Mapping[str, str]:
    """The classes below which the properties of forms point, where they point at classes."""
    return {name: syntax.of for name, syntax in all_forms().items() if syntax.of in _CLASSES}
