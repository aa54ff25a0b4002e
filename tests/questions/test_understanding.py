"""Words find the question and the concept that they mean, or none."""

import re
import time
from functools import cache

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from il2kg.ask.catalogue import Question, load_questions
from il2kg.ask.lexicon import Lexicon, words
from il2kg.ask.matching import Understood, understand
from il2kg.errors import QuestionError
from il2kg.knowledge.store import load_graph

QUESTIONS = load_questions()
CLASSES = {name for question in QUESTIONS for parameter in question.parameters for name in parameter.classes}

# A term for each parameter; and those whose words are themselves a question.
TERMS = {
    "finding": "oliguria",
    "treatment": "dopamine",
    "topic": "low urine output",
    "effect": "hypotension",
    "cause": "capillary leak syndrome",
    "observable": "creatinine",
    "what": "blood pressure",
    "practice": "safe administration",
    "thing": "crystalloid",
    "place": "Table 3",
    "term": "CLS",
}


@cache
def lexicon() -> Lexicon:
    return Lexicon(load_graph(), CLASSES)


def understood(text: str) -> Understood:
    return understand(text, QUESTIONS, lexicon())


def meant(text: str) -> tuple[str, dict[str, str]]:
    found = understood(text)
    return found.question.name, {name: term.name for name, term in found.terms.items()}


@pytest.mark.parametrize(
    ("text", "query", "terms"),
    [
        ("what manages oliguria", "manages", {"finding": "Oliguria"}),
        ("What manages OLIGURIA?", "manages", {"finding": "Oliguria"}),
        ("waht manages oligura", "manages", {"finding": "Oliguria"}),
        ("what manages low urine output", "manages", {"finding": "Oliguria"}),
        ("how is AFib treated", "manages", {"finding": "AtrialFibrillation"}),
        ("how do I treat a-fib in a patient, please", "manages", {"finding": "AtrialFibrillation"}),
        ("what treats arrhythmias", "manages", {"finding": "CardiacArrhythmia"}),
        ("what does the guideline say about pressors", "everything", {"topic": "Vasopressor"}),
        ("what is CLS", "definition", {"term": "CapillaryLeakSyndrome"}),
        ("dose of dopamine for oliguria", "dose", {"treatment": "Dopamine", "finding": "Oliguria"}),
        ("what does table 3 say", "place", {"place": "table-3"}),
        ("what does the section on renal toxicity say", "place", {"place": "text-renal-toxicity"}),
        ("what is the dose of interleukin-2", "regimen", {}),
        ("who must not be re-treated", "not-retreated", {}),
        ("what should not be given for nausea", "must-not-be-given", {"finding": "Nausea"}),
        ("AtrialFibrillation", "everything", {"topic": "AtrialFibrillation"}),
        ("what manages \u00f3ligur\u00eda", "manages", {"finding": "Oliguria"}),
    ],
)
def test_a_question_is_understood(text: str, query: str, terms: dict[str, str]) -> None:
    assert meant(text) == (query, terms)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("what is the best pizza", "knows no term called 'the best pizza'"),
        ("what does not manage oliguria", "no question matches"),
        ("who is eligible", "no question matches"),
        ("what decreases the risk of sepsis", "no question matches"),
        ("is the moon made of cheese", "no question matches"),
        ("what manages hypercalcemia", "knows no finding called 'hypercalcemia'"),
        ("what manages hyperglycemia", "knows no finding called 'hyperglycemia'"),
        ("what manages hypocalemia", "does this mean hypocalcemia (Hypocalcemia) or hypokalemia (Hypokalemia)?"),
        ("what manages oliguriaa and nausea", "knows no finding called 'oliguriaa and nausea'"),
        ("what manages dopamine", "knows no finding called 'dopamine'"),
        ("", "no question matches"),
        ("the " * 50, "at most 40 words"),
        ("the " * 10_000, "at most 1000 characters; this one has 40000"),
        ("a" * 10_000, "at most 1000 characters"),
        ("what manages oliguria \u043d\u0435\u0442", "knows no finding called 'oliguria \u043d\u0435\u0442'"),
        ("what does \uff4e\uff4f\uff54 manage oliguria", "no question matches"),
        ("what manages \udcff oliguria \u4e0d", "knows no finding"),
        ("what does hepatic toxicity paragraph 2 say", "knows no"),
        ("what does renal toxicity paragraph 33 say", "knows no"),
    ],
)
def test_a_doubt_is_no_answer(text: str, says: str) -> None:
    with pytest.raises(QuestionError) as error:
        understood(text)
    assert says in str(error.value)


def test_what_is_not_known_offers_the_nearest() -> None:
    with pytest.raises(QuestionError, match=r"nearest: .*what do the sources disagree on"):
        understood("what do sources differ on here")
    with pytest.raises(QuestionError, match=r"nearest: .*renal toxicity"):
        understood("what manages renal intoxication")


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda q: q.name)
def test_each_phrasing_means_its_question(question: Question) -> None:
    for phrasing in question.phrasings:
        found = understood(re.sub(r"\{(\w+)\}", lambda slot: TERMS[slot[1]], phrasing))
        assert (phrasing, found.question.name) == (phrasing, question.name)
        assert set(found.terms) == set(re.findall(r"\{(\w+)\}", phrasing))


@given(st.sampled_from([p for q in QUESTIONS for p in q.phrasings]), st.integers(0, 12))
def test_a_not_is_never_overlooked(phrasing: str, place: int) -> None:
    filled = re.sub(r"\{(\w+)\}", lambda slot: TERMS[slot[1]], phrasing).split()
    assume(not {"not", "cannot", "contraindicated", "avoided"} & set(filled))
    text = " ".join([*filled[:place], "not", *filled[place:]])
    try:
        found = understood(text)
    except QuestionError:
        return
    assert any("not" in p.split() for p in found.question.phrasings), text


@given(st.data())
def test_a_slip_never_means_another_term(data: st.DataObject) -> None:
    """One letter more, less, other or swapped: the term itself, more than one, none, or an exact name."""
    names = sorted(name for name in lexicon()._names if len(name) > 4)
    name = data.draw(st.sampled_from(names))
    at = data.draw(st.integers(0, len(name) - 2))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    slipped = data.draw(
        st.sampled_from(
            [
                name[:at] + letter + name[at:],
                name[:at] + name[at + 1 :],
                name[:at] + letter + name[at + 1 :],
                name[:at] + name[at + 1] + name[at] + name[at + 2 :],
            ]
        )
    )
    assume(slipped not in lexicon()._names)
    own = {term.iri for term in lexicon().exactly(name, ())}
    found = {term.iri for term in lexicon().nearly(slipped, ())}
    assert not found or own <= found


def test_names_are_compared_without_case_marks_and_plurals() -> None:
    assert words("The patient's A-Fib, arrhythmias; loss") == ["the", "patient", "a", "fib", "arrhythmia", "loss"]
    assert words("the patient\u2019s Guillain-Barr\u00e9") == ["the", "patient", "guillain", "barre"]


@given(st.text(st.characters() | st.sampled_from(" ?'"), max_size=300))
def test_any_text_is_understood_or_is_not(text: str) -> None:
    try:
        outcome: object = understood(text)
    except QuestionError as error:
        outcome = error
    assert isinstance(outcome, Understood | QuestionError)


def test_as_many_words_as_may_be_are_read_at_once() -> None:
    """The words that can be passed over anywhere, among those of phrasings: the most ways to read them."""
    begin = time.monotonic()
    for words_of_it in ("the of", "my how a the", "dose of the", "what a is the", "in the patient during therapy"):
        with pytest.raises(QuestionError):
            understood(" ".join((words_of_it.split() * 40)[:40]))
    assert time.monotonic() - begin < 10
