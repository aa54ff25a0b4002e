"""Asks other people's SPARQL of a process of its own, which can be limited, and which can be ended.

A query can take any time and memory, and can bring down the process that parses it; a thread shares all of that with
its host. The process (`il2kg.knowledge.worker`) is a fresh Python, never a fork, since a host may have threads. It is
asked in a line of JSON, with what is to be queried beside the product's own graph behind it, so that it never reads a
file of the caller's; it answers in JSON, and takes its memory, its crash or its endless loop with it when it ends.
"""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from il2kg.errors import GuidelineError, QueryError
from il2kg.knowledge.guard import check_size
from il2kg.knowledge.limits import MEGABYTES, SECONDS, check_memory, check_timeout, too_large, too_slow
from il2kg.vocabulary import Namespace

if TYPE_CHECKING:
    from il2kg.guideline.folder import GuidelineFolder
    from il2kg.knowledge.results import Answers, Triples

# Isolated from environment and working folder; it imports from where this process does.
_PROGRAM: Final = "import sys; sys.path[:] = sys.argv[2:]; from il2kg.knowledge.worker import serve; serve(sys.argv[1])"
_OPTIONS: Final = ("-I", "-S", "-c", _PROGRAM)
# One heap for all threads: each more would take up address space.
_ENVIRONMENT: Final = {"MALLOC_ARENA_MAX": "1"}


def query(
    sparql: str,
    folder: "GuidelineFolder",
    *,
    timeout: float = SECONDS,
    memory: float = MEGABYTES,
    beside: Iterable[bytes] = (),
) -> "Answers | Triples":
    """Run a query over the graph of a guideline, in a process of its own.

    Args:
        sparql: SPARQL 1.1: SELECT, ASK, CONSTRUCT or DESCRIBE.
        folder: the guideline's.
        timeout: how long its process may take, in seconds, start and loading of the graph (0.1 s) included.
        memory: how much memory (address space) its process may take, in MB, Python and the graph (about 120) included.
            Where the system cannot limit a process (Windows, macOS), only the time is limited.
        beside: what stands beside the guideline's graph, as N-Quads (see `il2kg.knowledge.quads`), in portions.

    Raises:
        QueryError: the query is refused, is not SPARQL, cannot be answered, has too many answers, takes too long or too
            much memory; or a limit is none.
        GuidelineError: the ontology cannot be read.
    """
    check_size(sparql)
    with started(folder, timeout, memory) as ask:
        return ask(sparql, beside)


@contextmanager
def started(
    folder: "GuidelineFolder", timeout: float, memory: float
) -> Iterator["Callable[[str, Iterable[bytes]], Answers | Triples]"]:
    """A process that loads the graph of a guideline and can be asked one query, with what stands beside that.

    It ends with the context.

    Args:
        folder: the guideline's.
        timeout: how long it may take once it is asked, in seconds.
        memory: how much memory it may take, in MB.

    Raises:
        QueryError: a limit is none, or no process can be started. What is yielded raises as `query` does.
    """
    check_timeout(timeout)
    check_memory(memory)
    try:
        process = subprocess.Popen(  # noqa: S603 (this very Python)
            [sys.executable, *_OPTIONS, str(folder.path), *sys.path],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=os.environ | _ENVIRONMENT,
        )
    except OSError as error:
        raise QueryError(f"a process for the query cannot be started: {error}") from None

    def ask(sparql: str, beside: Iterable[bytes]) -> "Answers | Triples":
        check_size(sparql)
        asked = json.dumps({"query": sparql, "timeout": timeout, "memory": memory}).encode()
        whole = b"".join((asked, b"\n", *beside))
        try:
            said, _ = process.communicate(whole, timeout)
        except subprocess.TimeoutExpired:
            raise too_slow(timeout) from None
        if not said:
            raise _ended(process.returncode, memory)
        return _result(json.loads(said), folder.names, memory)

    with process:
        try:
            yield ask
        finally:
            process.kill()


def _result(said: dict[str, object], names: Namespace, memory: float) -> "Answers | Triples":
    """What the process says, as values."""
    from il2kg.knowledge.results import Answers, triples_from

    match said:
        case {"columns": list(columns), "rows": list(rows)}:
            return Answers(tuple(columns), tuple(dict(zip(columns, row, strict=True)) for row in rows))
        case {"triples": str(written)}:
            return triples_from(written, names)
        case {"guideline": str(message)}:
            raise GuidelineError(message)
        case {"query": str(message)}:
            raise QueryError(message)
    raise too_large(memory)


def _ended(code: int, memory: float) -> QueryError:
    """Why a process ended without an answer, by its exit code."""
    if code == -signal.SIGABRT:
        # So the store ends where it is given no memory.
        return too_large(memory)
    if code == -signal.SIGSEGV:
        return QueryError("too long, or nested too deeply, for the parser; write it more simply")
    return QueryError(f"its process ended without an answer (exit code {code}); ask for less")
