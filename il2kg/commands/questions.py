"""Commands on the graph: ask, questions, query."""

import sys
from pathlib import Path

import click
import pyoxigraph as ox

from il2kg.ask.answering import Answered, answered, understood
from il2kg.ask.catalogue import Question, bound, load_questions
from il2kg.commands.reporting import exit_unusable
from il2kg.errors import Il2kgError
from il2kg.explain.answers import as_csv, as_json, print_answers, print_solutions
from il2kg.explain.table import print_table
from il2kg.knowledge.answers import SECONDS, Triples, run
from il2kg.knowledge.graph import load_graph
from il2kg.vocabulary import IL2

_timeout = click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=SECONDS,
    show_default=True,
    help="How long the query may take, in seconds.",
)


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="QUESTION")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv", "sparql"]), default="table", show_default=True
)
@_timeout
def ask(words: tuple[str, ...], form: str, timeout: float) -> None:
    """Ask the guideline in words, such as: what manages oliguria.

    Case, plurals and slips of typing are forgiven. `il2kg questions` lists what can be asked.
    """
    try:
        asked = understood(" ".join(words))
        if form == "sparql":
            click.echo(asked.sparql, nl=False)
            return
        found = answered(asked, timeout)
    except Il2kgError as error:
        exit_unusable(str(error))
    if not _written(found, form):
        print_answers(asked.title, found.answers)


@click.command()
def questions() -> None:
    """List what can be asked."""
    try:
        known = load_questions()
    except Il2kgError as error:
        exit_unusable(str(error))
    rows = [(question.name, question.title, question.phrasings[0]) for question in known]
    print_table("What can be asked", ("query", "title", "for example"), rows)


@click.command()
@click.argument("source", metavar="FILE|NAME")
@click.option(
    "--bind", "bindings", multiple=True, metavar="NAME=CONCEPT", help="Bind a variable of the query to a term."
)
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv", "ttl"]), default="table", show_default=True
)
@_timeout
def query(source: str, bindings: tuple[str, ...], form: str, timeout: float) -> None:
    """Run SPARQL over the whole graph: a file, - for standard input, or a question by its name.

    A query reads and does nothing else: SERVICE, FROM and updates are refused.
    """
    try:
        title, text = _query_text(source, load_questions())
        graph = load_graph()
        parameters = _bindings(bindings, graph)
        result = run(graph, bound(text, {name: IL2 + term for name, term in parameters.items()}), timeout)
    except Il2kgError as error:
        exit_unusable(f"{source}: {error}")
    if form == "ttl":
        if not isinstance(result, Triples):
            exit_unusable(f"{source}: only a CONSTRUCT or DESCRIBE query gives Turtle")
        click.echo(result.turtle(), nl=False)
        return
    answers = result.answers() if isinstance(result, Triples) else result
    if not _written(Answered(title, source, parameters, answers), form):
        print_solutions(title, answers)


def _written(answered: Answered, form: str) -> bool:
    """Write answers in a form for tools; False for a table, which is the caller's to print."""
    if form == "json":
        click.echo(as_json(answered))
    elif form == "csv":
        click.echo(as_csv(answered.answers), nl=False)
    return form in ("json", "csv")


def _query_text(source: str, known: tuple[Question, ...]) -> tuple[str, str]:
    """The title and text of a question by name, or of a file; ends the program if there is neither."""
    for question in known:
        if question.name == source:
            return question.title, question.query
    try:
        return source, sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "not UTF-8"
        exit_unusable(
            f"{source}: neither a file that can be read ({reason}) nor a question; `il2kg questions` lists them"
        )


def _bindings(bindings: tuple[str, ...], graph: ox.Store) -> dict[str, str]:
    """The identifiers that variables are bound to; a label or synonym is taken, too, if it means one term."""
    from il2kg.ask.lexicon import Lexicon, words

    if not bindings:
        return {}
    lexicon = Lexicon(graph)
    found = {}
    for binding in bindings:
        name, equals, concept = binding.partition("=")
        if not (name.isidentifier() and equals and concept):
            exit_unusable(f"--bind {binding}: write it like finding=Oliguria")
        term = lexicon.term(concept)
        if term is None:
            terms = lexicon.exactly(" ".join(words(concept)), ())
            if len(terms) != 1:
                near = "; ".join(t.name for t in terms) or "; ".join(lexicon.nearest(" ".join(words(concept))))
                exit_unusable(
                    f"--bind {binding}: no one term is called {concept!r}{'; nearest: ' + near if near else ''}"
                )
            (term,) = terms
        found[name] = term.name
    return found
