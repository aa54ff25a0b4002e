"""Commands on questions: ask, questions."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from il2kg.commands.guideline import guideline_option, usable_folder
from il2kg.commands.limits import timeout_option
from il2kg.commands.reporting import exit_unusable
from il2kg.errors import Il2kgError

if TYPE_CHECKING:
    from il2kg.ask.answering import Answered


@click.command()
@click.argument("words", nargs=-1, required=True, metavar="QUESTION")
@click.option(
    "--format", "form", type=click.Choice(["table", "json", "csv", "sparql"]), default="table", show_default=True
)
@timeout_option
@guideline_option
def ask(words: tuple[str, ...], form: str, timeout: float, guideline: Path | None) -> None:
    """Ask the guideline in words, such as: what manages oliguria.

    Case, plurals and slips of typing are forgiven. `il2kg questions` lists what can be asked.
    """
    from il2kg.ask.answering import answered, understood
    from il2kg.explain.answers import print_answers

    try:
        asked = understood(" ".join(words), usable_folder(guideline))
        if form == "sparql":
            click.echo(asked.sparql, nl=False)
            return
        answers = answered(asked, timeout)
    except Il2kgError as error:
        exit_unusable(str(error))
    if not written(answers, form):
        print_answers(asked.title, answers.answers)


@click.command()
@guideline_option
def questions(guideline: Path | None) -> None:
    """List what can be asked."""
    from il2kg.ask.catalogue import load_questions
    from il2kg.ask.of_records import load_record_queries
    from il2kg.explain.table import print_table

    folder = usable_folder(guideline)
    try:
        known, of_records = load_questions(folder), load_record_queries(folder)
    except Il2kgError as error:
        exit_unusable(str(error))
    rows = [(question.name, question.title, question.phrasings[0]) for question in known]
    print_table("What can be asked", ("query", "title", "for example"), rows)
    about = [(query.name, query.title) for query in of_records]
    print_table("What can be asked of records: il2kg query NAME --record RECORD", ("query", "title"), about)


def written(answered: "Answered", form: str) -> bool:
    """Write answers in a form for tools; False for a table, which is the caller's to print."""
    from il2kg.explain.answers import as_csv, as_json

    if form == "json":
        click.echo(as_json(answered))
    elif form == "csv":
        click.echo(as_csv(answered.answers), nl=False)
    return form in ("json", "csv")
