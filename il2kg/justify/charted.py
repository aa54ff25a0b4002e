"""Evidence of what was charted of findings, and of what was given."""

from collections.abc import Sequence
from functools import cache

from il2kg.assessment import Evidence
from il2kg.derive.episodes import Course
from il2kg.derive.timeline import span_of
from il2kg.guideline.conditions import Ever, FindingStatement, Lasting, OnTreatment, OpenWithin, Present, TreatedWith
from il2kg.guideline.model import Concept
from il2kg.justify.look import Look, names
from il2kg.record import Absence, Administration, DoubtfulPresence

_IN_DOUBT = "in doubt"


def of_finding(look: Look, statement: FindingStatement) -> Evidence:
    """Whether a finding is there, as the statement asks, and which items say so."""
    truth = look.truth(statement)
    if truth is None:
        return _unknown(look, statement)
    return _true(look, statement) if truth else _false(look, statement)


def _asked(look: Look, statement: FindingStatement) -> str | None:
    """What is asked, in words, where it is more than presence."""
    return None if isinstance(statement, Present) else look.wording.statement(statement)


def _true(look: Look, statement: FindingStatement) -> Evidence:
    found = _episodes(look, statement.finding)
    match statement:
        case Present() | Lasting():
            chosen = [e for e in found if _open(e, look.at)]
        case OpenWithin(_, hours):
            chosen = [e for e in found if e.end is None or e.end > look.at - span_of(hours)]
        case Ever():
            chosen = found
        case _:  # ever lasting: the longest, and those that it was merged with
            chosen = [max(found, key=lambda e: min(e.end or look.at, look.at) - e.start)]
    start = min((e.start for e in chosen), default=None)
    match statement:
        case Present():
            yes = "present since"
        case Lasting():
            yes = "yes, since"
        case _:
            yes = "yes"
    return Evidence(
        statement.finding,
        True,
        time=start,
        resources=names(chosen),
        quantity=_asked(look, statement),
        written=yes,
        because=_under_other_names(look, statement.finding, chosen),
    )


def _under_other_names(look: Look, name: str, chosen: Sequence[Course]) -> str | None:
    """The labels of the findings below that were charted, where the finding itself was not."""
    if not chosen or any(e.finding == name for e in chosen):
        return None
    return "charted as " + ", ".join(dict.fromkeys(look.guideline.labels[e.finding] for e in chosen))


def _false(look: Look, statement: FindingStatement) -> Evidence:
    concept = look.guideline.findings[statement.finding]
    found = _episodes(look, concept.id)
    no = "absent" if isinstance(statement, Present) else "no"
    going_on = [e for e in found if _open(e, look.at)]
    ended = max((e for e in found if e.end is not None and e.end <= look.at), key=lambda e: e.end or 0, default=None)
    absence = max(_stated_absent(look, concept), key=lambda a: a.time, default=None)
    time: int | None
    because = None
    if going_on:
        time, items = going_on[0].start, names(going_on)
    elif absence is not None and (ended is None or absence.time >= (ended.end or 0)):
        time, items = absence.time, (absence.item,)
        if absence.finding != concept.id:
            because = f"as part of {look.guideline.labels[absence.finding]}"
    elif ended is not None:
        time, items, because = ended.end, (ended.item,), "ended"
    else:
        time, items, because = None, (), _silence(look, statement, concept)
    return Evidence(
        concept.id, False, time=time, resources=items, quantity=_asked(look, statement), written=no, because=because
    )


def _silence(look: Look, statement: FindingStatement, concept: Concept) -> str:
    if concept.closed:
        return "not recorded"
    return "not charted" if statement.shown and not look.derived.by_exception else "not charted, by exception"


def _unknown(look: Look, statement: FindingStatement) -> Evidence:
    concept = look.guideline.findings[statement.finding]
    quantity = _asked(look, statement)
    if doubts := _doubtful(look, concept, now=isinstance(statement, Present | Lasting)):
        because, items = look.because(doubts, _IN_DOUBT), names(doubts)
    elif above := [e for e in look.episodes if e.finding in concept.ancestors and _open(e, look.at)]:
        because, items = f"charted as {look.guideline.labels[above[-1].finding]}, no closer", names(above)
    elif stale := _stated_absent(look, concept):
        because, items = "stated absent too long ago", (max(stale, key=lambda a: a.time).item,)
    else:
        return _not_charted(concept.id, quantity)
    return Evidence(concept.id, None, resources=items, quantity=quantity, because=because)


@cache
def _not_charted(finding: str, quantity: str | None) -> Evidence:
    """The most frequent evidence of all, the same for every record."""
    return Evidence(finding, None, quantity=quantity, because="not charted")


def _doubtful(look: Look, concept: Concept, *, now: bool) -> list[DoubtfulPresence]:
    """The presences in doubt that bear on a finding; ``now``: what is over bears on it no more."""
    if not look.doubtful:
        return []
    related = {concept.id, *concept.descendants, *concept.ancestors}
    return [d for d in look.doubtful if d.finding in related and not (now and d.over)]


def _stated_absent(look: Look, concept: Concept) -> list[Absence]:
    """The statements that a finding is absent: its own, and those of the findings above it."""
    above = [name for name in concept.ancestors if name in look.absences]
    own = [concept.id] if concept.id in look.absences else []
    return [look.absences[name] for name in (*own, *sorted(above))]


def _episodes(look: Look, name: str) -> list[Course]:
    concept: Concept = look.guideline.findings[name]
    return [e for e in look.episodes if e.finding == name or e.finding in concept.descendants]


def _open(episode: Course, at: int) -> bool:
    return episode.end is None or episode.end > at


def of_treatment(look: Look, statement: TreatedWith | OnTreatment) -> Evidence:
    """Whether a treatment was given, as the statement asks, and which items say so."""
    truth = look.truth(statement)
    given = look.administrations(statement.treatment)
    quantity = look.wording.statement(statement)
    if truth is None:
        doubts = [a for a in given if a.treatment is None or not a.placed]
        return Evidence(
            statement.treatment,
            None,
            resources=names(doubts),
            quantity=quantity,
            because=look.because(doubts, _IN_DOUBT),
        )
    if isinstance(statement, TreatedWith):
        since = look.at - span_of(statement.hours)
        chosen = [a for a in given if _ran(a) and (a.end_latest is None or a.end_latest > since)]
    else:
        chosen = [a for a in given if _ran(a)]
    if not truth:
        return Evidence(statement.treatment, False, quantity=quantity, written="not given")
    chosen.sort(key=lambda a: a.start_latest or 0)
    start = chosen[-1].start_latest if chosen else None
    return Evidence(statement.treatment, True, time=start, resources=names(chosen), quantity=quantity, written="given")


def _ran(given: Administration) -> bool:
    return given.treatment is not None and not given.set_aside
