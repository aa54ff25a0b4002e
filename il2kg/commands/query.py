"""The command that runs SPARQL of the user's own, in a process of its own.

That process starts first; what else the command needs is loaded while it starts.
"""

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

import click

from il2kg.commands.guideline import guideline_option, usable_folder
from il2kg.commands.limits import memory_option, timeout_option
from il2kg.commands.queried import record_options
from il2kg.commands.reporting import UNUSABLE, exit_unusable
from il2kg.errors import Il2kgError, QueryError
from il2kg.knowledge.guard import MOST_CHARACTERS, check_size
from il2kg.knowledge.process import started

if TYPE_CHECKING:
    from il2kg.ask.lexicon import Term
    from il2kg.guideline.folder import GuidelineFolder

_BYTES_OF_A_CHARACTER: Final = 4


@dataclass(frozen=True, slots=True)
class _Asked:
    """A query: its title, its text, and of what it is one that ships, if it is."""

    title: str
    text: str
    of: Literal["guideline", "records"] | None = None


@click.command()
@click.argument("source", metavar="FILE|NAME")
@click.option(
    "--bind", "bindings", multiple=True, metavar="NAME=CONCEPT", help="Bind a variable of the query to a term."
)
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv", "ttl"]), default="table", show_default=True
)
@record_options
@guideline_option
@timeout_option
@memory_option
def query(
    source: str,
    bindings: tuple[str, ...],
    form: str,
    timeout: float,
    memory: float,
    guideline: Path | None,
    records: Any,
) -> None:
    """Run SPARQL over the whole graph: a file, - for standard input, or a question by its name.

    With --record, over records and their assessments, too. A query reads and does nothing else: SERVICE, FROM and
    updates are refused.
    """
    failed = False
    folder = usable_folder(guideline)
    try:
        with started(folder, timeout, memory) as ask:
            from il2kg.ask.answering import Answered
            from il2kg.ask.catalogue import bound
            from il2kg.commands.questions import written
            from il2kg.explain.answers import print_solutions
            from il2kg.knowledge.results import Triples

            asked = _query(source, folder)
            if asked.of == "records" and records is None:
                exit_unusable(f"{source}: asks of records; say which with --record")
            check_size(asked.text)
            terms = _bindings(bindings, folder) if bindings else {}
            text = bound(asked.text, {name: term.iri for name, term in terms.items()})
            # What ships and asks of the guideline alone is answered from it alone.
            beside = records.beside(text, folder.path) if records is not None and asked.of != "guideline" else ()
            result = ask(text, beside)
            failed = records is not None and records.failed
    except Il2kgError as error:
        exit_unusable(f"{source}: {error}")
    if form == "ttl":
        if not isinstance(result, Triples):
            exit_unusable(f"{source}: only a CONSTRUCT or DESCRIBE query gives Turtle")
        click.echo(result.turtle(), nl=False)
    else:
        answers = result.answers() if isinstance(result, Triples) else result
        if not written(Answered(asked.title, source, {name: term.name for name, term in terms.items()}, answers), form):
            print_solutions(asked.title, answers)
    if failed:
        sys.exit(UNUSABLE)


def _query(source: str, folder: "GuidelineFolder") -> _Asked:
    """A query that ships, by its name, or that of a file; ends the program if there is neither.

    Raises:
        QueryError: the file is not text.
    """
    from il2kg.ask.catalogue import load_questions
    from il2kg.ask.of_records import load_record_queries

    for question in load_questions(folder):
        if question.name == source:
            return _Asked(question.title, question.query, "guideline")
    for one in load_record_queries(folder):
        if one.name == source:
            return _Asked(one.title, one.query, "records")
    try:
        content = _content(source)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        exit_unusable(
            f"{source}: neither a file that can be read ({reason}) nor a question; `il2kg questions` lists them"
        )
    try:
        return _Asked(source, content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise QueryError(f"line {line} is not UTF-8; save the query as UTF-8") from None


def _content(source: str) -> bytes:
    """What a file or standard input holds, as far as a query may be long: neither need have an end."""
    most = MOST_CHARACTERS * _BYTES_OF_A_CHARACTER + 1
    if source != "-":
        with Path(source).open("rb") as file:
            return file.read(most)
    if sys.stdin is None:
        raise QueryError("standard input is closed")
    return sys.stdin.buffer.read(most)


def _bindings(bindings: tuple[str, ...], folder: "GuidelineFolder") -> "dict[str, Term]":
    """The terms that variables are bound to; a label or synonym is taken, too, if it means one term."""
    from il2kg.ask.lexicon import Lexicon, words
    from il2kg.knowledge.store import load_graph

    lexicon = Lexicon(load_graph(folder, mappings=False))
    by_variable = {}
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
        by_variable[name] = term
    return by_variable
