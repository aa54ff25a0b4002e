"""From words to answers: the question that is meant, its SPARQL, and what the graph says."""

from dataclasses import dataclass
from os import PathLike

from il2kg.ask.catalogue import bound, load_questions
from il2kg.ask.lexicon import Lexicon, Term
from il2kg.ask.matching import understand
from il2kg.guideline.folder import GuidelineFolder
from il2kg.knowledge.limits import SECONDS
from il2kg.knowledge.results import Answers, run
from il2kg.knowledge.store import Knowledge, load_graph


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was understood.

    ``question`` is in the asker's words, ``title`` says what was understood, ``query`` names the query, and ``sparql``
    is the query itself with the terms, by parameter, bound in it.
    """

    question: str
    title: str
    query: str
    sparql: str
    terms: dict[str, Term]
    graph: Knowledge


@dataclass(frozen=True, slots=True)
class Answered:
    """A question, the name of the query that answers it, the identifiers it was asked of, and the answers."""

    question: str
    query: str
    parameters: dict[str, str]
    answers: Answers


def answer(question: str, *, guideline: str | PathLike[str] | None = None, timeout: float = SECONDS) -> Answered:
    """Answer a question in words, such as *what manages oliguria*.

    Args:
        question: case, plurals and a slip of typing in each word are forgiven.
        guideline: the folder of the guideline; by default that of the environment variable IL2KG_GUIDELINE, or the one
            for interleukin-2.
        timeout: how long the query may take, in seconds.

    Raises:
        QuestionError: no question matches, or a name means nothing, or several things.
        QueryError: it takes too long.
        GuidelineError: the ontology cannot be read.
    """
    return answered(understood(question, GuidelineFolder.chosen(guideline)), timeout)


def understood(question: str, folder: GuidelineFolder | None = None) -> Asked:
    """Understand a question to the guideline of a folder, by default as `answer` takes it; raises as that does."""
    folder = folder or GuidelineFolder.chosen()
    graph = load_graph(folder, mappings=False)
    known = load_questions(folder)
    lexicon = Lexicon(graph, {name for one in known for parameter in one.parameters for name in parameter.classes})
    meant = understand(question, known, lexicon)
    matched, terms = meant.question, meant.terms
    of = ", ".join(term.label for term in terms.values())
    sparql = bound(matched.query, {name: term.iri for name, term in terms.items()})
    return Asked(question, f"{matched.title}{': ' if of else ''}{of}", matched.name, sparql, terms, graph)


def answered(asked: Asked, timeout: float) -> Answered:
    """Answer a question that is understood; raises as `answer` does."""
    answers = run(asked.graph, asked.sparql, timeout)
    assert isinstance(answers, Answers)
    return Answered(asked.question, asked.query, {name: term.name for name, term in asked.terms.items()}, answers)
