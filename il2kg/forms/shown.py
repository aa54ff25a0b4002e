"""``il2:shown``: a condition as far as the record shows it; what that means is said by each form."""

from typing import Final

from il2kg.forms.reader import Of, Syntax

SYNTAX: Final = (Syntax("shown", Of.CONDITION, lambda reader, node: reader.inner(node, "shown").shown()),)
