"""Findings that were present or absent, and how far that can be trusted (semantics, sections 1 and 7)."""

from il2kg.guideline.model import Concept
from il2kg.read.builder import RecordBuilder
from il2kg.read.spans import Span
from il2kg.recognise.recogniser import Meaning
from il2kg.record import Absence, DoubtfulPresence, Episode
from il2kg.statements import Doubt, Item


def present(
    builder: RecordBuilder,
    item: Item,
    meaning: Meaning,
    span: Span,
    *,
    doubt: Doubt | None = None,
    by: int | None = None,
    over: bool = False,
    stays_open: bool = False,
) -> None:
    """A finding that was present; a doubtful one over the longest stretch that it may have had.

    Args:
        builder: takes what is read.
        item: the item that says so.
        meaning: the finding.
        span: from when to when.
        doubt: why it cannot be trusted, besides what is wrong with the item and its time.
        by: the latest instant at which it may have begun, where the span does not say.
        over: it has ended before anything that is assessed.
        stays_open: the span's end is that of the observing, not of the finding.
    """
    builder.seen(span.start)
    doubtful = builder.doubt(item, span, meaning.concept)
    if doubt is not None:
        builder.problem(item, doubt, meaning.concept)
    if not (doubtful or doubt or meaning.doubtful or over or meaning.over):
        assert span.start is not None
        assert span.start.time is not None
        end = None if stays_open or span.end is None else span.end.time
        builder.episodes.append(Episode(meaning.concept, span.start.time, end, item.name))
        return
    latest_start = span.latest_start if span.latest_start is not None else by
    latest_end = None if stays_open else span.latest_end
    builder.doubtful.append(
        DoubtfulPresence(meaning.concept, span.earliest, latest_start, latest_end, item.name, over=over or meaning.over)
    )


def absent(builder: RecordBuilder, item: Item, meaning: Meaning, span: Span) -> None:
    """A statement that a finding is absent; one that cannot be trusted says nothing."""
    builder.seen(span.start)
    if not builder.doubt(item, span, meaning.concept) and not meaning.doubtful and not meaning.over:
        assert span.start is not None
        assert span.start.time is not None
        builder.absences.append(Absence(meaning.concept, span.start.time, item.name))


def may_be_open(builder: RecordBuilder, finding: Concept, time: int) -> bool:
    """Whether a finding, or one below it, is or may be present at an instant, once all items are read."""
    line = {finding.id, *finding.descendants}
    for episode in builder.episodes:
        if episode.finding in line and episode.start <= time and (episode.end is None or time < episode.end):
            above = {episode.finding, finding.id, *finding.ancestors}
            if not any(a.finding in above and episode.start < a.time <= time for a in builder.absences):
                return True
    return any(
        doubt.finding in line
        and not doubt.over
        and (doubt.earliest is None or doubt.earliest <= time)
        and (doubt.end is None or time <= doubt.end)
        for doubt in builder.doubtful
    )
