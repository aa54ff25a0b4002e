"""The process that answers one query: loads the graph, reads the query, writes the answers, and ends."""

import faulthandler
import json
import os
import sys
import threading
from pathlib import Path
from typing import IO, Final, NoReturn

import pyoxigraph as ox

from il2kg.errors import GuidelineError, Il2kgError, QueryError
from il2kg.guideline.folder import GuidelineFolder
from il2kg.knowledge.results import Answers, Triples, evaluate
from il2kg.knowledge.store import load_graph

_BYTES: Final = 1_000_000
_MOST_MEGABYTES_OF_ANSWERS: Final = 64
# Parsers and planners recurse; with this stack, nothing that the guard lets through was seen to run out of it.
_STACK: Final = 64 * 2**20
_DEEPEST_RECURSION: Final = 20_000
_LOOK_AFTER_CALLER: Final = 0.5


def serve(guideline: str) -> NoReturn:
    """Answer what is asked on standard input, in JSON, on standard output; that is all this process does.

    ``guideline`` is the folder of the guideline that is asked.
    """
    threading.stack_size(_STACK)
    sys.setrecursionlimit(_DEEPEST_RECURSION)
    answering = threading.Thread(target=_answer, args=(Path(guideline),), daemon=True)
    answering.start()
    caller = os.getppid()
    while answering.is_alive() and os.getppid() == caller:
        answering.join(_LOOK_AFTER_CALLER)
    os._exit(0)


def _answer(guideline: Path) -> None:
    """Write the answers, or why there are none."""
    try:
        graph = load_graph(GuidelineFolder.open(guideline))
        asked = json.loads(sys.stdin.buffer.readline())
        # Ends this process whatever it is doing, should nobody else.
        faulthandler.dump_traceback_later(asked["timeout"] + 1, exit=True)
        _limit_memory(asked["memory"])
        _load(graph.store, sys.stdin.buffer)
        said = json.dumps(_as_plain(evaluate(graph, asked["query"]))).encode()
        if len(said) > _MOST_MEGABYTES_OF_ANSWERS * _BYTES:
            raise QueryError(f"more than {_MOST_MEGABYTES_OF_ANSWERS} MB of answers; ask for less")
    except MemoryError:
        said = b'{"memory": true}'
    except Il2kgError as error:
        kind = "guideline" if isinstance(error, GuidelineError) else "query"
        said = json.dumps({kind: str(error)}).encode()
    sys.stdout.buffer.write(said)
    sys.stdout.buffer.flush()


def _load(graph: ox.Store, beside: IO[bytes]) -> None:
    """Add what stands beside the product's own graph.

    Raises:
        QueryError: it is no N-Quads.
    """
    try:
        graph.load(beside, format=ox.RdfFormat.N_QUADS)
    except SyntaxError as error:
        raise QueryError(f"what stands beside the graph cannot be read: {error}") from None


def _as_plain(result: Answers | Triples) -> dict[str, object]:
    if isinstance(result, Answers):
        return {"columns": result.columns, "rows": [[row[name] for name in result.columns] for row in result.rows]}
    return {"triples": result.ntriples()}


def _limit_memory(megabytes: float) -> None:
    """Limit the address space of this process, where the system can; and leave no core file if it dies of that."""
    try:
        import resource
    except ImportError:
        return
    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = int(megabytes * _BYTES)
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))
    except (ValueError, OSError):
        # macOS refuses a limit below what it has reserved.
        return
