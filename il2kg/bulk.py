"""Files in, rendered assessments out: some files at a time, over all processors where there are many.

The records of a portion are derived and evaluated side by side. A file on its own is checked with both evaluators; of
many, each record is evaluated by columns alone.
"""

import gc
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import cache
from itertools import repeat
from pathlib import Path
from typing import Final, Literal

from il2kg.assessment import Assessment
from il2kg.engine import Engine, NamedRecord, Request, instant_of
from il2kg.errors import EvaluatorDisagreement, RecordError

Form = Literal["text", "json"]

_LARGEST_PORTION: Final = 128
_SMALLEST_PORTION: Final = 8
_PORTIONS: Final = 16
_COLLECT_EVERY: Final = 200_000


@dataclass(frozen=True)
class Portion:
    """What came of some files: how many, the rendered assessments in order, and what could not be used and why."""

    files: int
    rendered: tuple[str, ...]
    failures: tuple[str, ...]


def assess_files(paths: Sequence[Path], request: Request, form: Form) -> Iterator[Portion]:
    """Assess files, in order.

    Raises:
        GuidelineError: the ontology cannot be used, or its compiled shapes are stale.
    """
    load_engine()
    size = min(max(len(paths) // _PORTIONS, _SMALLEST_PORTION), _LARGEST_PORTION)
    portions = [paths[begin : begin + size] for begin in range(0, len(paths), size)]
    workers = min(os.cpu_count() or 1, len(portions))
    if workers == 1:
        yield from map(_assess_portion, portions, repeat(request), repeat(form))
        return
    with ProcessPoolExecutor(workers) as pool:
        yield from pool.map(_assess_portion, portions, repeat(request), repeat(form))


@cache
def load_engine() -> Engine:
    """The product's own guideline, loaded once a process."""
    # Parsed JSON is many small objects that form no cycles; looking for cycles among them costs a third of reading.
    gc.set_threshold(_COLLECT_EVERY)
    return Engine.load()


@cache
def _renderer(form: Form) -> Callable[[Assessment], str]:
    if form == "json":
        from il2kg.explain.as_json import to_json

        return to_json
    from il2kg.explain.as_text import TextReport

    return TextReport(load_engine().guideline).text


def _assess_portion(paths: Sequence[Path], request: Request, form: Form) -> Portion:
    engine, render = load_engine(), _renderer(form)
    failures: list[str] = []
    usable = [named for path in paths for named in _usable(engine, path, request, failures)]
    rendered: list[str] = []
    for outcome in engine.assess(usable, request):
        if isinstance(outcome, EvaluatorDisagreement):
            failures.append(str(outcome))
        else:
            rendered.append(render(outcome))
    return Portion(len(paths), tuple(rendered), tuple(failures))


def _usable(engine: Engine, path: Path, request: Request, failures: list[str]) -> Iterator[NamedRecord]:
    """The records of a file that can be assessed; what cannot is reported."""
    try:
        found = engine.read(path)
    except RecordError as error:
        failures.append(f"{path}: {error}")
        return
    for named in found:
        try:
            instant_of(named.record, request)
        except RecordError as error:
            failures.append(f"{named.name}: {error}")
        else:
            yield named
