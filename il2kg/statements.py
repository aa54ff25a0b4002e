"""What a record says, item by item, before anybody has asked what it means: free of any file format.

This is the seam between formats and the record. A reader of a format turns what it finds into these statements and
knows nothing of the guideline; `RecordReader` asks what they mean, how far they can be trusted, and makes the record.
A writer turns them into a format again, and loses nothing by which the record would differ.

What stands in a file and is not of the type that belongs there is a flaw: it is kept with its words, never left out.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final, Protocol

import msgspec

from il2kg.recognise.coding import Coding
from il2kg.record import Problem

Doubt = tuple[str, str]
"""A kind of problem, which reads the same for all items that have it, and its details."""

NOBODY_STATED: Final = "no patient stated, in a source that names several"
"""The kind of problem of an item of which no format can tell whose it is."""


class Item(msgspec.Struct, frozen=True, gc=False):
    """Which entry of a record says something.

    ``name`` is what messages call it (``Observation/7``), ``kind`` the FHIR type of such an entry: codes and words are
    recognised by it. ``doubts`` set all aside that it says; ``remarks`` are told, and change nothing. ``iri`` is the
    address that the source gives it, empty where there is none.
    """

    name: str
    kind: str
    doubts: tuple[Doubt, ...] = ()
    remarks: tuple[Doubt, ...] = ()
    iri: str = ""

    def doubted(self, *doubts: Doubt) -> "Item":
        """The same item with more reasons to set aside what it says."""
        return msgspec.structs.replace(self, doubts=(*self.doubts, *doubts)) if doubts else self


class CodedText(msgspec.Struct, frozen=True, gc=False):
    """What codings and words stand for together (a FHIR CodeableConcept); ``words`` are those beside the codings."""

    codings: tuple[Coding, ...] = ()
    words: tuple[str, ...] = ()
    flaws: tuple[Doubt, ...] = ()

    @property
    def texts(self) -> list[str]:
        """All that is said in words: its own, and the displays of its codings."""
        return distinct((*self.words, *(coding.display for coding in self.codings if coding.display)))


UNSAID: Final = CodedText()


class Quantity(msgspec.Struct, frozen=True, gc=False):
    """A number as it was charted, with a unit or without. Text where a number belongs is kept as text.

    ``comparator`` is a FHIR one (``<``, ``<=``, ``>=``, ``>``) or whatever stands in its place. ``unit`` is the unit as
    printed, ``code`` the coded one; ``system`` says of which code system, None UCUM.
    """

    number: int | Decimal | str | None
    comparator: str | None = None
    unit: str | None = None
    system: str | None = None
    code: str | None = None


class Unreadable(msgspec.Struct, frozen=True, gc=False):
    """A value of a type that nothing is measured in: its FHIR type (``Range``), and what stands there."""

    type: str
    shown: str


Value = Quantity | CodedText | str | bool | Unreadable


class When(msgspec.Struct, frozen=True, gc=False):
    """When something was, as it was written (semantics, section 2): a point in time, or a period with either bound.

    Times are FHIR dates and times; text that is none is kept. ``flaws`` say why what was written is no time at all.
    """

    start: str | None = None
    end: str | None = None
    period: bool = False
    flaws: tuple[Doubt, ...] = ()


NEVER_SAID: Final = When()


class Result(msgspec.Struct, frozen=True, gc=False):
    """What an Observation, or a component of one, says.

    More than one value cannot be. ``flags`` are its interpretations (raised, normal). ``absent_reason``: it says why
    there is no value.
    """

    about: CodedText
    values: tuple[Value, ...] = ()
    flags: tuple[CodedText, ...] = ()
    absent_reason: bool = False
    doubts: tuple[Doubt, ...] = ()

    @property
    def numeric(self) -> bool:
        """Whether its value is a number."""
        return any(isinstance(value, Quantity) for value in self.values)


class Observation(msgspec.Struct, frozen=True, gc=False):
    """Something that was measured or looked at. ``issued`` is when its result was there, which bounds its time."""

    item: Item
    result: Result
    when: When
    issued: str | None = None
    components: tuple[Result, ...] = ()


class Condition(msgspec.Struct, frozen=True, gc=False):
    """A finding from an onset to an abatement, or a statement (``refuted``) that it is absent.

    ``recorded`` is when it was written down. ``over``: it has ended, and need not say when.
    """

    item: Item
    about: CodedText
    onset: str | None = None
    abatement: str | None = None
    recorded: str | None = None
    refuted: bool = False
    over: bool = False


class Procedure(msgspec.Struct, frozen=True, gc=False):
    """Something that was done, or given by a procedure."""

    item: Item
    about: CodedText
    when: When
    recorded: str | None = None


class Product(msgspec.Struct, frozen=True, gc=False):
    """What was given, as a product of its own: by its code, and by its ingredients, which may be products again.

    ``pointer`` is what the reference to it says, which names it where its code does not.
    """

    about: CodedText
    pointer: CodedText | None = None
    ingredients: tuple["Product", ...] = ()
    form: tuple[CodedText, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class Medication(msgspec.Struct, frozen=True, gc=False):
    """A drug that was given (MedicationAdministration), is taken (MedicationStatement) or ordered (MedicationRequest).

    ``about`` says in codings and words what it is, in one place or several; ``product`` is what it refers to. Where a
    reference cannot be followed, ``unresolved`` says why, and ``pointer`` what the reference itself says. ``meant``: it
    is only planned; ``over``: it has ended, be it without saying when. ``ordered`` is when an order, or a statement
    without a time of its own, holds. ``rate`` is that of an infusion, ``amount`` how much was given.
    """

    item: Item
    about: tuple[CodedText, ...]
    when: When
    product: Product | None = None
    pointer: CodedText | None = None
    unresolved: str | None = None
    ordered: When = NEVER_SAID
    routes: tuple[CodedText, ...] = ()
    rate: Quantity | Unreadable | None = None
    amount: Quantity | None = None
    meant: bool = False
    over: bool = False


class Stay(msgspec.Struct, frozen=True, gc=False):
    """A stay in, or a visit to, a hospital; ``kinds`` are the codes that tell which."""

    item: Item
    kinds: tuple[str, ...]
    finished: bool
    when: When


class Other(msgspec.Struct, frozen=True, gc=False):
    """An item of a kind that is not read: it is said that it is there."""

    item: Item
    about: CodedText


Statement = Observation | Condition | Procedure | Medication | Stay | Other


class Patient(Protocol):
    """What the reader of a format gives of one patient, those items included that may be anybody's (with a doubt).

    A protocol, so that a format may keep what it gives in a form of its own.
    """

    @property
    def patient(self) -> str | None:
        """Who it is, as the source says; None where it does not."""

    @property
    def statements(self) -> Sequence[Statement]:
        """What is said, item by item."""

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the source itself."""

    @property
    def unusable(self) -> str | None:
        """Why the patient cannot be assessed at all, if so."""

    @property
    def name(self) -> str:
        """What output calls the record."""


class PatientStatements(msgspec.Struct, frozen=True):
    """A `Patient` all of whose statements are at hand. ``iri`` is his own address, empty where there is none."""

    patient: str | None
    statements: tuple[Statement, ...]
    problems: tuple[Problem, ...] = ()
    unusable: str | None = None
    name: str = ""
    iri: str = ""

    def called(self, name: str) -> "PatientStatements":
        """The same under a name."""
        return msgspec.structs.replace(self, name=name)


def at_hand(patient: Patient) -> PatientStatements:
    """A patient of any format with all statements at hand."""
    if isinstance(patient, PatientStatements):
        return patient
    return PatientStatements(
        patient.patient, tuple(patient.statements), patient.problems, patient.unusable, patient.name
    )


def distinct(items: Iterable[str]) -> list[str]:
    """Texts without repetitions."""
    return list(dict.fromkeys(items))
