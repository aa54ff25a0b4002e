"""Files and folders in, rendered assessments out, in order, over all processors where there is enough to do.

Small sources are shared out whole, some at a time, and read by the process that assesses them. A large one (the export
of a hospital) is read here; its patients are shared out, some at a time, as the text of their items. Never more is
under way than keeps the processes busy, so that memory stays bounded. The records of a portion are derived and
evaluated side by side. A record on its own is checked with both evaluators; of many, each is evaluated by columns
alone.
"""

import gc
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from il2kg.assessment.result import Assessment
from il2kg.choices import Written
from il2kg.engine import Engine
from il2kg.errors import EvaluatorDisagreement, RecordError
from il2kg.guideline.folder import GuidelineFolder
from il2kg.locations import guideline_path
from il2kg.read.sources.packed import Packed
from il2kg.read.sources.source import Formats, open_source, size_on_disk
from il2kg.read.sources.spill import IN_MEMORY
from il2kg.request import NamedRecord, Request, instant_of

if TYPE_CHECKING:
    from concurrent.futures import Future

_LARGEST_PORTION: Final = 128
_SMALLEST_PORTION: Final = 8
_PORTIONS: Final = 16
_PORTION_SIZE: Final = 4 << 20
_UNDER_WAY: Final = 2
_COLLECT_EVERY: Final = 200_000


@dataclass(frozen=True)
class Portion:
    """What came of some input: how many files or folders it ends, the assessments in order, what failed and why."""

    files: int
    rendered: tuple[str, ...]
    failures: tuple[str, ...]


@dataclass(frozen=True)
class _Task:
    """Something to assess: small sources, or patients of a large one, or only a failure to tell."""

    paths: tuple[Path, ...] = ()
    patients: tuple[Packed, ...] = ()
    files: int = 0
    failures: tuple[str, ...] = ()


def assess_files(paths: Sequence[Path], request: Request, form: Written) -> Iterator[Portion]:
    """Assess files and folders, in order.

    Raises:
        GuidelineError: the ontology cannot be used, or its compiled shapes are stale.
        MapError: a map cannot be used.
    """
    # Worker processes must find the same guideline, whatever becomes of the environment.
    request = replace(request, guideline=guideline_path(request.guideline))
    engine = load_engine(request.zone, request.maps, request.guideline)
    tasks = _tasks(paths, engine.formats(request.form))
    first, second = next(tasks, None), next(tasks, None)
    if first is None:
        return
    workers = os.cpu_count() or 1
    if second is None or workers == 1:
        for task in chain((first,), () if second is None else (second,), tasks):
            yield _assess(task, request, form)
        return
    from concurrent.futures import ProcessPoolExecutor

    request = replace(request, cross_check=False)
    with ProcessPoolExecutor(workers) as pool:
        under_way: deque[Future[Portion]] = deque()
        for task in chain((first, second), tasks):
            under_way.append(pool.submit(_assess, task, request, form))
            if len(under_way) >= workers * _UNDER_WAY:
                yield under_way.popleft().result()
        while under_way:
            yield under_way.popleft().result()


def load_engine(
    zone: str | None = None, maps: tuple[Path, ...] = (), guideline: str | os.PathLike[str] | None = None
) -> Engine:
    """A guideline, loaded once a process for each zone and set of maps.

    Args:
        zone: the IANA name of the zone in which times without one are read.
        maps: files that map codes of one's own.
        guideline: its folder; by default that of the environment, or the product's own.

    Raises:
        GuidelineError: the ontology cannot be used, or its compiled shapes are stale.
        MapError: a map cannot be used.
        ValueError: the zone is not known.
    """
    return _load(guideline_path(guideline), zone, maps)


@cache
def _load(guideline: Path, zone: str | None, maps: tuple[Path, ...]) -> Engine:
    return Engine.load(GuidelineFolder.open(guideline), zone=zone, maps=maps)


@contextmanager
def _rare_collections() -> Iterator[None]:
    """Look for cycles among objects now and then only, and as before afterwards.

    Parsed JSON is many small objects that form no cycles; looking for some among them costs a third of reading.
    """
    before = gc.get_threshold()
    gc.set_threshold(_COLLECT_EVERY)
    try:
        yield
    finally:
        gc.set_threshold(*before)


def _tasks(paths: Sequence[Path], formats: Formats) -> Iterator[_Task]:
    """What there is to do, in order and in portions; large sources are opened as they are reached."""
    most = min(max(len(paths) // _PORTIONS, _SMALLEST_PORTION), _LARGEST_PORTION)
    waiting: list[Path] = []
    room = _PORTION_SIZE
    for path in paths:
        size = size_on_disk(path)
        if waiting and (size > room or len(waiting) == most):
            yield _Task(tuple(waiting), files=len(waiting))
            waiting, room = [], _PORTION_SIZE
        if size > IN_MEMORY:
            yield from _tasks_of_one(path, formats)
        else:
            waiting.append(path)
            room -= size
    if waiting:
        yield _Task(tuple(waiting), files=len(waiting))


def _tasks_of_one(path: Path, formats: Formats) -> Iterator[_Task]:
    """The patients of a large source, in portions."""
    waiting: list[Packed] = []
    room = _PORTION_SIZE
    try:
        with ExitStack() as opened:
            with _rare_collections():
                source = opened.enter_context(open_source(path, formats))
            if source.is_small:  # it was packed better than most
                yield _Task((path,), files=1)
                return
            for patient in source.packed():
                if waiting and (patient.size > room or len(waiting) == _LARGEST_PORTION):
                    yield _Task(patients=tuple(waiting))
                    waiting, room = [], _PORTION_SIZE
                waiting.append(patient)
                room -= patient.size
    except RecordError as error:
        yield _Task(patients=tuple(waiting), files=1, failures=(f"{path}: {error}",))
    else:
        yield _Task(patients=tuple(waiting), files=1)


@cache
def _renderer(form: Written, engine: Engine) -> Callable[[Assessment, NamedRecord], str]:
    match form:
        case "json":
            from il2kg.explain.as_json import to_json

            return lambda assessment, _: to_json(assessment)
        case "ttl" | "jsonld":
            from il2kg.write.assessments import to_jsonld, to_turtle

            write = to_turtle if form == "ttl" else to_jsonld
            guideline = engine.guideline
            return lambda assessment, named: write(assessment, guideline, patient=named.iri, items=named.addresses)
        case "text":
            from il2kg.explain.as_text import TextReport

            report = TextReport(engine.guideline)
            return lambda assessment, _: report.text(assessment)


def _assess(task: _Task, request: Request, form: Written) -> Portion:
    engine = load_engine(request.zone, request.maps, request.guideline)
    render = _renderer(form, engine)
    failures = list(task.failures)
    rendered: list[str] = []
    with _rare_collections():
        usable = _usable(engine, task, request, failures)
        while together := list(islice(usable, _LARGEST_PORTION)):
            for named, outcome in zip(together, engine.assess(together, request), strict=True):
                if isinstance(outcome, EvaluatorDisagreement):
                    failures.append(str(outcome))
                else:
                    rendered.append(render(outcome, named))
    return Portion(task.files, tuple(rendered), tuple(failures))


def _usable(engine: Engine, task: _Task, request: Request, failures: list[str]) -> Iterator[NamedRecord]:
    """The records that can be assessed; what cannot is reported."""
    for named in _records(engine, task, request, failures):
        try:
            instant_of(named.record, request)
        except RecordError as error:
            failures.append(f"{named.name}: {error}")
        else:
            yield named


def _records(engine: Engine, task: _Task, request: Request, failures: list[str]) -> Iterator[NamedRecord]:
    for path in task.paths:
        try:
            yield from engine.read(path, request.form)
        except RecordError as error:
            failures.append(f"{path}: {error}")
    yield from engine.named(patient.unpack() for patient in task.patients)
