"""Drugs that were given, are taken or ordered, as FHIR R4 resources with the products that they mean."""

from typing import Final

from il2kg.statements import NEVER_SAID, CodedText, Medication, Product, Quantity, Unreadable, When
from il2kg.write.fhir_elements import ABSENT, Beyond, Element, concept, period, quantity, timed, without_none
from il2kg.write.fhir_items import status

_ADMINISTRATION, _STATEMENT, _ORDER = "MedicationAdministration", "MedicationStatement", "MedicationRequest"
_WRITTEN: Final = {_STATEMENT: "dateAsserted", _ORDER: "authoredOn"}
_DOSAGE: Final = {_STATEMENT: "dosage", _ORDER: "dosageInstruction"}


def medication(said: Medication, subject: Element, beyond: Beyond) -> Element:
    """A MedicationAdministration, MedicationStatement or MedicationRequest."""
    kind = said.item.kind
    contained: list[Element] = []
    resource: Element = {
        "resourceType": kind,
        **({"intent": "order"} if kind == _ORDER else {}),
        **_status(said, beyond),
        **_given(said, contained, beyond),
        "subject": subject,
        **({} if kind == _ORDER else timed("effective", said.when, "when", beyond)),
    }
    # Whatever says when it was given leaves no room for when it was ordered, and an order says nothing else.
    undated = kind != _ADMINISTRATION and not resource.keys() & {"effectiveDateTime", "effectivePeriod"}
    if kind == _ORDER:
        _beside("when", said.when, beyond)
    if undated:
        beyond.flaws(said.ordered.flaws, "ordered")
    else:
        _beside("ordered", said.ordered, beyond)
    if kind == _ADMINISTRATION:
        if "effectiveDateTime" not in resource and "effectivePeriod" not in resource:
            # An empty period is what more programs take, but it is a time, too.
            alone = not said.when.flaws and said.ordered == NEVER_SAID
            resource["effectivePeriod" if alone else "_effectiveDateTime"] = ABSENT
        if dosage := _dosage(said, beyond):
            resource["dosage"] = dosage
    else:
        resource |= _instructions(said, said.ordered if undated else NEVER_SAID, beyond)
    return {**resource, "contained": contained} if contained else resource


def _status(said: Medication, beyond: Beyond) -> Element:
    """The status that says whether it is over, or meant; what none says is said beside it."""
    kind = said.item.kind
    if kind == _ADMINISTRATION:
        running = said.when.period and said.when.end is None
        meant, over, counts = False, False, "in-progress" if running else "completed"
    elif said.over:
        meant, over, counts = False, True, "completed"
    elif said.meant and kind == _STATEMENT:
        meant, over, counts = True, False, "intended"
    else:
        meant, over, counts = False, False, "active"
    if said.meant != meant:
        beyond.also("meant", valueBoolean=said.meant)
    if said.over != over:
        beyond.also("over", valueBoolean=said.over)
    return status(said.item, counts)


def _given(said: Medication, contained: list[Element], beyond: Beyond) -> Element:
    """What it gives: by reference, else by code; R4 has room for one of them."""
    about = [concept(each, f"about.{number}", beyond) for number, each in enumerate(said.about)]
    if said.product is not None:
        element = {"medicationReference": _reference(said.product, "product", contained, beyond)}
    elif said.unresolved is not None:
        beyond.said("unresolved", valueString=said.unresolved)
        element = {"medicationReference": _pointer(said.pointer, "pointer", beyond) or ABSENT}
    elif about:
        element = {"medicationCodeableConcept": about.pop(0)}
    else:
        element = {"medicationCodeableConcept": ABSENT}
    for each in about:
        beyond.also("about", valueCodeableConcept=each)
    return element


def _reference(said: Product, of: str, contained: list[Element], beyond: Beyond) -> Element:
    """A reference to a product, which is put among those that the resource contains."""
    content: Element = {"resourceType": "Medication", "id": f"m{len(contained) + 1}"}
    contained.append(content)
    beyond.doubts(said.doubts, of)
    if said.about != CodedText():
        content["code"] = concept(said.about, f"{of}.about", beyond)
    first, *more = [concept(each, f"{of}.form.{number}", beyond) for number, each in enumerate(said.form)] or (None,)
    if first is not None:
        content["form"] = first
    for each in more:
        beyond.also(f"{of}.form", valueCodeableConcept=each)
    ingredients = [
        _ingredient(each, f"{of}.ingredients.{number}", contained, beyond)
        for number, each in enumerate(said.ingredients)
    ]
    if ingredients:
        content["ingredient"] = ingredients
    return {"reference": f"#{content['id']}", **_pointer(said.pointer, f"{of}.pointer", beyond)}


def _ingredient(said: Product, of: str, contained: list[Element], beyond: Beyond) -> Element:
    """An ingredient: by its code if that is all there is to it."""
    if said == Product(said.about):
        return {"itemCodeableConcept": concept(said.about, f"{of}.about", beyond)}
    return {"itemReference": _reference(said, of, contained, beyond)}


def _pointer(said: CodedText | None, of: str, beyond: Beyond) -> Element:
    """What a reference itself says of what it means."""
    if said is None:
        return {}
    beyond.said(of, valueCodeableConcept=concept(said, of, beyond))
    return {"display": said.texts[0]} if said.texts else {}


def _dosage(said: Medication, beyond: Beyond) -> Element:
    """The dosage of an administration, which has one route."""
    dosage: Element = {}
    for number, route in enumerate(said.routes):
        written = concept(route, f"routes.{number}", beyond)
        if number:
            beyond.also("routes", valueCodeableConcept=written)
        else:
            dosage["route"] = written
    if said.amount is not None:
        dosage["dose"] = quantity(said.amount)
    if isinstance(said.rate, Quantity):
        dosage["rateQuantity"] = quantity(said.rate)
    elif isinstance(said.rate, Unreadable):
        beyond.unreadable("rate", said.rate)
    if "route" in dosage and len(dosage) == 1:
        dosage["dose"] = ABSENT  # R4 wants an amount beside a route
    return dosage


def _beside(of: str, when: When, beyond: Beyond) -> None:
    """A time for which there is no element."""
    beyond.flaws(when.flaws, of)
    if when.start is not None:
        beyond.said(f"{of}.start", valueString=when.start)
    if when.end is not None:
        beyond.said(f"{of}.end", valueString=when.end)
    if when.period:
        beyond.said(f"{of}.period", valueBoolean=True)


def _instructions(said: Medication, ordered: When, beyond: Beyond) -> Element:
    """When an order or a statement holds, and its dosages, one for each route."""
    kind = said.item.kind
    bounds = _bounds(ordered)
    dose = {} if said.amount is None else {"doseAndRate": [{"doseQuantity": quantity(said.amount)}]}
    routes = [{"route": concept(each, f"routes.{number}", beyond)} for number, each in enumerate(said.routes)]
    dosages = [dosage for route in routes or [{}] if (dosage := {**bounds, **route, **dose})]
    return {
        **({} if bounds else without_none(**{_WRITTEN[kind]: ordered.start})),
        **({_DOSAGE[kind]: dosages} if dosages else {}),
    }


def _bounds(ordered: When) -> Element:
    """How long an instruction holds, if that is bounded: it stands in each of them."""
    return {} if ordered.end is None else {"timing": {"repeat": {"boundsPeriod": period(ordered)}}}
