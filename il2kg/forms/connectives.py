"""``il2:allOf``, ``il2:anyOf``, ``il2:not``: conditions made of conditions."""

from typing import Final

from il2kg.forms.reader import Of, Syntax
from il2kg.guideline.conditions import AllOf, AnyOf, Not

SYNTAX: Final = (
    Syntax("allOf", Of.CONDITION, lambda reader, node: AllOf(reader.inner_all(node, "allOf")), several=True),
    Syntax("anyOf", Of.CONDITION, lambda reader, node: AnyOf(reader.inner_all(node, "anyOf")), several=True),
    Syntax("not", Of.CONDITION, lambda reader, node: Not(reader.inner(node, "not"))),
)
