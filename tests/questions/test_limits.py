"""A query may be hostile: too long, too deep, too hungry, too slow, or no query at all. Its host goes on."""

import math
import os
import re
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

import il2kg
from il2kg.cli import main
from il2kg.errors import QueryError
from il2kg.knowledge.guard import MOST_CHARACTERS, check_size
from il2kg.knowledge.process import _ended, _result
from il2kg.knowledge.results import Answers, Triples, run
from il2kg.knowledge.store import load_graph
from il2kg.vocabulary import VOCABULARY

LABEL = "SELECT ?l { il2:Oliguria rdfs:label ?l }"
ENDLESS = """
    SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER regex(CONCAT(str(?a), str(?d), str(?g)), "^(a+)+") }
"""
HUNGRY = "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY ?a ?d"

# What brings down pyoxigraph's parser, rdflib's or both, or makes a planner take for ever, each where it is deep.
DEEP = {
    "groups": "SELECT * " + "{" * 5000 + "?s ?p ?o" + "}" * 5000,
    "open groups": "SELECT * " + "{" * 5000,
    "parentheses": "SELECT * { ?s ?p ?o FILTER " + "(" * 5000 + "?s" + ")" * 5000 + "}",
    "lists": "SELECT * { ?s ?p " + "(" * 1000 + " " + ")" * 1000 + "}",
    "blank nodes": "SELECT * { ?s ?p " + "[ ?p " * 1000 + "1" + "]" * 1000 + "}",
    "paths": "SELECT * { ?s " + "(" * 9000 + "rdfs:label" + ")*" * 9000 + " ?o }",
    "inverse paths": "SELECT * { ?s " + "^(" * 9000 + "rdfs:label" + ")" * 9000 + " ?o }",
    "optional": "SELECT * { ?s ?p ?o " + "OPTIONAL { ?s ?p ?o " * 4000 + "}" * 4001,
    "exists": "SELECT * { ?s ?p ?o " + "FILTER EXISTS {?s ?p ?o " * 1000 + "}" * 1001,
    "sub-selects": "SELECT * {" + "{SELECT * {" * 5000 + "?s ?p ?o" + "}}" * 5000 + "}",
    "functions": "SELECT * { ?s ?p ?o FILTER " + "STR(" * 1000 + "1" + ")" * 1000 + "}",
    "annotations": "SELECT * { ?s ?p ?o " + "{| ?p ?o " * 100 + "|}" * 100 + "}",
    "not": "SELECT * { ?s ?p ?o FILTER (" + "!" * 90_000 + "?s) }",
    "not, apart": "SELECT * { ?s ?p ?o FILTER (" + "! \n" * 30_000 + "?s) }",
    "minus": "SELECT * { ?s ?p ?o FILTER (" + "-" * 90_000 + "?s) }",
    "plus": "SELECT * { ?s ?p ?o FILTER (" + "+" * 90_000 + "?s) }",
    "behind a text": "SELECT * { ?s ?p 'it''s' FILTER " + "(" * 5000 + "?s" + ")" * 5000 + "}",
    "behind an escape": "SELECT * { ?s ?p il2:it\\'s FILTER " + "(" * 5000 + "?s" + ")" * 5000 + "}",
}  # fmt: skip

# Long without being deep: these crash a parser with the usual stack, or take it minutes.
LONG = {
    "or": "SELECT * { ?s ?p ?o FILTER (" + "||".join(["?s"] * 24_000) + ") }",
    "minus": "SELECT * { ?s ?p ?o " + "MINUS { ?s <urn:a> ?o }" * 4000 + "}",
    "describe": "DESCRIBE" + " <urn:q>" * 12_000,
    "optional": "SELECT * { ?s ?p ?o " + "OPTIONAL { ?s <urn:a> ?o }" * 3500 + "}",
    "sequence": "SELECT * { ?s " + "/".join(["<urn:a>"] * 12_000) + " ?o }",
    "triples, with a word to check": "# from\nSELECT * {" + "?s <urn:q> ?o . " * 4000 + "}",
}


def printed(*arguments: str, text: str | bytes = "") -> tuple[int, str, str]:
    """What the command does in a process of its own."""
    command = [sys.executable, "-m", "il2kg", *arguments]
    given = text.encode() if isinstance(text, str) else text
    done = subprocess.run(command, input=given, capture_output=True, check=False)
    return done.returncode, done.stdout.decode(), done.stderr.decode()


@pytest.mark.parametrize("name", DEEP)
def test_what_is_deep_is_refused_before_it_is_parsed(name: str) -> None:
    begin = time.monotonic()
    for ask in (il2kg.query, lambda text: run(load_graph(), text, timeout=10)):
        with pytest.raises(QueryError, match="nested deeper than 50 levels; write it more simply"):
            ask(DEEP[name])
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize("name", LONG)
def test_what_is_long_ends_in_an_answer_or_an_error(name: str) -> None:
    begin = time.monotonic()
    try:
        il2kg.query(LONG[name], timeout=2)
    except QueryError as error:
        outcome = str(error)
    else:
        outcome = "answered"
    assert re.search("answered|stopped after 2 s|MB of memory|too long|cannot be checked", outcome)
    assert time.monotonic() - begin < 5


def test_length_has_a_limit() -> None:
    begins, ends = "SELECT ?s { ?s rdfs:label '", "' }"
    text = f"{begins}{'x' * (MOST_CHARACTERS - len(begins + ends))}{ends}"
    assert il2kg.query(text) == Answers(("s",), ())
    with pytest.raises(QueryError, match="longer than 100000 characters"):
        il2kg.query(text + " ")


def test_depth_that_people_write_is_no_matter() -> None:
    deep = "SELECT ?l " + "{" * 35 + "il2:Oliguria rdfs:label ?l FILTER (!(!(!(!(true)))))" + "}" * 35
    assert il2kg.query(deep) == il2kg.query(f"# FROM here\n{deep}") == il2kg.query(LABEL)
    many = " ".join(f"({n})" for n in range(5000))
    found = il2kg.query(f"SELECT (COUNT(*) AS ?n) {{ VALUES (?x) {{ {many} }} }}")
    assert found == Answers(("n",), ({"n": 5000},))


@given(
    st.sampled_from(["'{}'", '"{}"', "'''\n{}'''", '"""\n{}"""', "# {}\n", "<{}>", '"\\"{}"', "'''\\'''{}'''"]),
    st.text("([", min_size=51, max_size=200),
)
def test_texts_comments_and_iris_are_no_nesting(around: str, brackets: str) -> None:
    check_size(f"SELECT * {{ ?s ?p {around.format(brackets)} }}")
    with pytest.raises(QueryError, match="nested"):
        check_size(f"SELECT * {{ ?s ?p {around.format('x')} {brackets} }}")


@settings(max_examples=10)
@given(
    st.lists(st.sampled_from(["{", "}", "(", ")", "[", "]", "!", "'", '"', "?s", "<urn:a>", "SELECT", "OPTIONAL", "."]))
)
def test_whatever_is_asked_is_answered_or_refused(parts: list[str]) -> None:
    try:
        outcome: object = il2kg.query(" ".join(parts))
    except QueryError as error:
        outcome = error
    assert isinstance(outcome, Answers | Triples | QueryError)


def test_memory_is_limited_and_is_not_the_host_s() -> None:
    with pytest.raises(QueryError, match=r"takes more than 300 MB of memory; .* --memory"):
        il2kg.query(HUNGRY, memory=300, timeout=60)
    code, out, error = printed("query", "-", "--memory", "300", "--timeout", "60", text=HUNGRY)
    assert (code, out) == (2, "")
    assert error == "il2kg: -: takes more than 300 MB of memory; ask for less, or allow more with --memory\n"


def children() -> set[str]:
    """The processes that this one has started and that are still there, ended or not (Linux)."""
    return {child for task in Path("/proc/self/task").glob("*/children") for child in task.read_text().split()}


def test_time_is_limited_and_nothing_goes_on() -> None:
    before = children()
    begin = time.monotonic()
    with pytest.raises(QueryError, match="stopped after 1 s"):
        il2kg.query(ENDLESS, timeout=1)
    assert time.monotonic() - begin < 3
    # What was started has ended and been waited for.
    assert children() <= before


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGKILL, signal.SIGTERM])
def test_a_host_that_ends_leaves_no_process(end: signal.Signals) -> None:
    program = f"import il2kg; print(flush=True); il2kg.query({ENDLESS!r}, timeout=60)"
    host = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True
    )
    with host:
        assert host.stdout
        host.stdout.readline()
        time.sleep(1)
        host.send_signal(end)
    begin = time.monotonic()
    # The host was the first of its group: the group is gone when all that it started is.
    while _exists(host.pid) and time.monotonic() - begin < 10:
        time.sleep(0.1)
    assert not _exists(host.pid)


def _exists(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_host_with_threads_asks_from_each() -> None:
    with ThreadPoolExecutor(2) as threads:
        assert len(set(map(repr, threads.map(il2kg.query, [LABEL] * 6)))) == 1


def test_the_process_imports_from_where_its_host_does(tmp_path: Path) -> None:
    """Not from the working folder, which may hold anything."""
    for name in ("json.py", "il2kg.py", "pyoxigraph.py", "sitecustomize.py"):
        (tmp_path / name).write_text("raise SystemExit('not me')", encoding="utf-8")
    (tmp_path / "q.rq").write_text(LABEL, encoding="utf-8")
    program = f"import sys; sys.path[:] = {sys.path!r}; from il2kg.cli import main; main()"
    command = [sys.executable, "-I", "-c", program, "query", "q.rq", "--format", "csv"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "l\noliguria\n", "")


@pytest.mark.parametrize("value", ["nan", "inf", "-inf", "0", "-1", "1e400", "1e9"])
@pytest.mark.parametrize("arguments", [["ask", "what manages oliguria"], ["query", "manages"]])
def test_a_limit_of_time_is_a_number_of_seconds(arguments: list[str], value: str) -> None:
    result = CliRunner().invoke(main, [*arguments, "--timeout", value], catch_exceptions=False)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"timeout: a number of seconds above 0 and at most 86400, not {float(value):g}" in result.stderr


@pytest.mark.parametrize("value", [math.nan, math.inf, 0, -1, 1e9])
def test_limits_are_checked_in_python_too(value: float) -> None:
    with pytest.raises(QueryError, match="memory: a number of MB above 0 and at most 1000000"):
        il2kg.query(LABEL, memory=value)
    with pytest.raises(QueryError, match="timeout: a number of seconds"):
        il2kg.query(LABEL, timeout=value)
    with pytest.raises(QueryError, match="timeout: a number of seconds"):
        il2kg.answer("what manages oliguria", timeout=value)


UNUSABLE = {
    "unknown function": (b"SELECT (il2:foo(1) AS ?x) {}", "cannot be answered: The custom function"),
    "latin-1": ("SELECT * {\n?s ?p 'é' }".encode("latin-1"), "line 2 is not UTF-8; save the query as UTF-8"),
    "UTF-16": (LABEL.encode("utf-16"), "line 1 is not UTF-8"),
    "UTF-16 without a mark": (LABEL.encode("utf-16-le"), "NUL characters; save it as UTF-8"),
    "empty": (b"", "is empty"),
    "blank": (b" \n\t\xef\xbb\xbf", "not SPARQL"),
    "mark alone": (b"\xef\xbb\xbf\n", "is empty"),
    "NUL": (b"SELECT * { ?s ?p '\0' }", "NUL characters"),
}


@pytest.mark.parametrize("name", UNUSABLE)
def test_what_is_no_query_is_said(name: str, tmp_path: Path) -> None:
    content, says = UNUSABLE[name]
    path = tmp_path / "q.rq"
    path.write_bytes(content)
    for source, code, out, error in (
        (str(path), *printed("query", str(path))),
        ("-", *printed("query", "-", text=content)),
    ):
        assert (code, out, len(error.splitlines())) == (2, "", 1)
        assert error.startswith(f"il2kg: {source}: ")
        assert says in error


def test_a_file_without_end_and_a_closed_input_are_said() -> None:
    code, out, error = printed("query", "/dev/zero")
    assert (code, out, error) == (
        2,
        "",
        "il2kg: /dev/zero: refused: longer than 100000 characters; ask for less at a time\n",
    )
    command = f'"{sys.executable}" -m il2kg query - <&-'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (2, "il2kg: -: standard input is closed\n")


def test_a_byte_order_mark_is_none_of_the_query(tmp_path: Path) -> None:
    path = tmp_path / "q.rq"
    path.write_bytes(b"\xef\xbb\xbf" + LABEL.encode())
    assert printed("query", str(path), "--format", "csv") == (0, "l\noliguria\n", "")


@pytest.mark.parametrize("text", ["SELECT * { ?s ?p '\ud800' }", "\udcff"])
def test_half_a_character_is_said(text: str) -> None:
    with pytest.raises(QueryError, match="surrogates"):
        il2kg.query(text)


def test_numbers_that_are_none_are_texts() -> None:
    """What JSON, or Python, has no number for: every other number is one."""
    found = il2kg.query(f"""SELECT * {{ VALUES (?a ?b ?c ?d ?e ?f ?g) {{
        ("abc"^^xsd:integer 1e400 "NaN"^^xsd:double "-INF"^^xsd:double {"1" * 5000} 5e0 0.5) }} }}""")
    assert isinstance(found, Answers)
    (row,) = found.rows
    assert row == {"a": "abc", "b": "INF", "c": "NaN", "d": "-INF", "e": "1" * 5000, "f": 5, "g": 0.5}


def test_a_label_that_is_selected_stands_for_itself() -> None:
    found = il2kg.query("SELECT ?s ?s_label { VALUES ?s { il2:Oliguria } BIND('mine' AS ?s_label) }")
    assert found == Answers(("s", "s_label"), ({"s": "Oliguria", "s_label": "mine"},))


def test_triples_come_as_the_store_gives_them() -> None:
    text = """CONSTRUCT { ?s rdfs:label ?l ; rdfs:seeAlso [ rdfs:label 'a\\n"b' ] }
        { VALUES ?s { il2:Oliguria } ?s rdfs:label ?l }"""
    found, here = il2kg.query(text), run(load_graph(), text, timeout=10)
    assert isinstance(found, Triples)
    assert isinstance(here, Triples)
    assert len(found.triples) == len(here.triples) == 3
    assert sorted(str(t.object) for t in found.triples if "Literal" in repr(t.object)) == sorted(
        str(t.object) for t in here.triples if "Literal" in repr(t.object)
    )


def test_how_a_process_ended_is_said() -> None:
    assert "takes more than 5 MB" in str(_ended(-signal.SIGABRT, 5))
    assert "for the parser; write it more simply" in str(_ended(-signal.SIGSEGV, 5))
    assert "exit code 3" in str(_ended(3, 5))
    with pytest.raises(il2kg.GuidelineError, match="no Turtle"):
        _result({"guideline": "no Turtle"}, VOCABULARY, 5)
