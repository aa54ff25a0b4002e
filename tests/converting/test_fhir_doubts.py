"""Extensions of this project, read back; and those that cannot be read."""

from decimal import Decimal
from typing import Any

import pytest

from il2kg.read.fhir.doubts import (
    SaidOfPatient,
    completed,
    has_strange_modifier,
    is_marked,
    said_of_patient,
)
from il2kg.record import Problem
from il2kg.statements import UNSAID, CodedText, Item, Medication, Observation, Quantity, Result, Unreadable, When

OWN = "https://w3id.org/il2kg/fhir/"
PLAIN = Observation(
    Item("Observation/1", "Observation"),
    Result(UNSAID, (True,)),
    When("2026-03-02"),
    components=(Result(UNSAID),),
)


def extension(name: str, **parts: Any) -> dict[str, Any]:
    """An extension; a part that is a dict is a ``value[x]`` element, any other a text."""
    values = [
        {"url": part, **(value if isinstance(value, dict) else {"valueString": value})} for part, value in parts.items()
    ]
    return {"url": OWN + name, "extension": values}


def read(*extensions: Any) -> Observation:
    return completed(PLAIN, {"extension": list(extensions)})


def test_doubts_remarks_and_flaws() -> None:
    found = read(
        extension("doubt", kind="a", detail="b"),
        extension("doubt", of="components.0", kind="c"),
        extension("remark", kind="d"),
        extension("flaw", of="when", kind="e"),
        extension("flaw", of="result.about", kind="f"),
    )
    assert found == Observation(
        Item("Observation/1", "Observation", (("a", "b"),), (("d", ""),)),
        Result(CodedText(flaws=(("f", ""),)), (True,)),
        When("2026-03-02", flaws=(("e", ""),)),
        components=(Result(UNSAID, doubts=(("c", ""),)),),
    )


def test_more_values_and_the_flaw_of_one() -> None:
    found = read(
        extension("flaw", of="result.values.3", kind="g"),
        extension("said", of="result.values", value={"valueQuantity": {"value": Decimal("1.0")}}),
        extension("said", of="result.values", type="Range", shown="1 to 2"),
        extension("said", of="result.values", value={"valueCodeableConcept": {"text": "yes"}}),
    )
    flawed = CodedText(words=("yes",), flaws=(("g", ""),))
    assert found.result.values == (True, Quantity(Decimal("1.0")), Unreadable("Range", "1 to 2"), flawed)


def test_fields_of_a_medication() -> None:
    given = Medication(Item("MedicationRequest/1", "MedicationRequest"), (UNSAID,), When())
    found = completed(
        given,
        {
            "extension": [
                extension("said", of="unresolved", value="nowhere"),
                extension("said", of="pointer", value={"valueCodeableConcept": {"text": "Dopamine"}}),
            ],
            "modifierExtension": [
                extension("said", of="meant", value={"valueBoolean": True}),
                extension("said", of="item.name", value="Order"),
            ],
        },
    )
    assert found == Medication(
        Item("Order", "MedicationRequest"),
        (UNSAID,),
        When(),
        pointer=CodedText(words=("Dopamine",)),
        unresolved="nowhere",
        meant=True,
    )


@pytest.mark.parametrize(
    ("bad", "of"),
    [
        (extension("doubt"), "doubt"),
        (extension("doubt", kind={"valueBoolean": True}), "doubt"),
        (extension("doubt", of="components.1", kind="x"), "components.1"),
        (extension("doubt", of="result.nothing", kind="x"), "result.nothing"),
        (extension("doubt", of={"valueInteger": 1}, kind="x"), "doubt"),
        (extension("flaw", of="item", kind="x"), "item"),
        (extension("flaw", of="__class__", kind="x"), "__class__"),
        (extension("said", value="x"), "said"),
        (extension("said", of="result.values", type={"valueBoolean": True}), "result.values"),
        (extension("said", of="recorded"), "recorded"),
        (extension("said", of="item.name", value={"valueBoolean": True}), "item.name"),
        (extension("said", of="item.__class__", value="x"), "item.__class__"),
        (extension("said", of="result.about.0", value={"valueCodeableConcept": {}}), "result.about.0"),
        (extension("said", of="routes", value={"valueCodeableConcept": {}}), "routes"),
        ({"url": OWN + "doubt", "extension": 7}, "doubt"),
        ({"url": OWN + "said", "extension": [{"url": "of"}, {"valueString": "x"}, 7]}, "said"),
    ],
)
def test_what_cannot_be_read_sets_the_item_aside(bad: Any, of: str) -> None:
    doubt = ("an extension of il2kg that cannot be read", of)
    assert read(bad) == Observation(PLAIN.item.doubted(doubt), PLAIN.result, PLAIN.when, components=PLAIN.components)


def test_other_extensions_change_nothing() -> None:
    assert read({"url": "http://example.org/x"}, {"url": OWN + "name"}, {"url": 7}, "x", None) == PLAIN
    assert completed(PLAIN, {"extension": 7, "modifierExtension": {}}) == PLAIN


def test_marks() -> None:
    ours, others = extension("doubt", kind="x"), {"url": "http://example.org/x"}
    assert is_marked({"extension": [others, ours]})
    assert is_marked({"modifierExtension": ours})
    assert not is_marked({"extension": [others], "modifierExtension": 7})
    assert not has_strange_modifier({"modifierExtension": [ours]})
    assert not has_strange_modifier({"modifierExtension": []})
    assert has_strange_modifier({"modifierExtension": [ours, others]})
    assert has_strange_modifier({"modifierExtension": [{"url": {}}]})
    assert has_strange_modifier({"modifierExtension": [{"url": OWN + "unheard-of"}]})


def test_what_a_patient_carries() -> None:
    content = {
        "extension": [
            {"url": OWN + "name", "valueString": "urn:uuid:1"},
            {"url": OWN + "unusable", "valueString": "line 3 is not JSON"},
            extension("problem", kind="broken", item="Bundle/1", detail="why", concept="Oliguria"),
            extension("problem", kind="more of it", detail={"valueBoolean": True}),
        ]
    }
    problems = (Problem("broken", "Bundle/1", "why", "Oliguria"), Problem("more of it", ""))
    assert said_of_patient(content) == SaidOfPatient("urn:uuid:1", True, problems, "line 3 is not JSON")
    assert said_of_patient({"extension": [{"url": OWN + "unnamed", "valueBoolean": True}]}) == SaidOfPatient(
        named=False
    )
    assert said_of_patient({"extension": [{"url": "x"}, 7]}) == SaidOfPatient()
