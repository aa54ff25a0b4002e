"""The identifier of the ontology for what an item is about, where it may stand beside the codes."""

from functools import lru_cache

from msgspec.structs import replace

from il2kg.read.concepts import ConceptReader
from il2kg.read.limits import REMEMBERED
from il2kg.recognise.coding import Coding
from il2kg.statements import CodedText
from il2kg.write.patient_graph import Plain


def plain_names(concepts: ConceptReader) -> Plain:
    """Names what codings and words mean for certain, if they mean the same with that name beside them."""

    @lru_cache(maxsize=REMEMBERED)
    def named(kind: str, about: CodedText) -> str | None:
        plain = concepts.subject(kind, about).plain
        if plain is None:
            return None
        beside = replace(about, codings=(*about.codings, Coding(concepts.recogniser.namespace, plain.concept)))
        same = all(
            concepts.subject(kind, about, numeric=numeric) == concepts.subject(kind, beside, numeric=numeric)
            for numeric in (False, True)
        )
        return plain.concept if same else None

    return named
