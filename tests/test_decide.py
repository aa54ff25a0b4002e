"""Decisions by rank alone: the words, the ranks and the escalations here are nobody's guideline."""

from dataclasses import replace

import pytest

from il2kg.forms.ever import Ever
from il2kg.guideline.decisions import Decision, Decisions, Effect, Escalation, Occasion, OccasionKind
from il2kg.guideline.model import Criterion, RuleSet
from il2kg.rules.decision import Range, RuleSetDecision, Situation, Status, decide_overall, decide_rule_set

GO, SLOW, STOP, NEVER = (
    Decision(word, word, rank, word.upper(), word, goes_ahead=word == "go")
    for word, rank in (("go", 5), ("slow", 10), ("stop", 40), ("never", 41))
)
OPEN = Decision("open", "open", 5, "OPEN", "open")
FINE = Decision("fine", "fine", 5, "FINE", "fine")
DECISIONS = Decisions((GO, SLOW, STOP, NEVER), OPEN, (FINE,))

SLOWER = Effect("slower", "slower", SLOW, None, for_good=False)
HALT = Effect("halt", "halt", STOP, "week", for_good=False)
FORBID = Effect("forbid", "forbid", NEVER, None, for_good=True)
TOO_MANY = Escalation(1, "slower", ("halt",), STOP, "week")
ALWAYS = Occasion("always", "always", OccasionKind.EVERY, None, None)
FIRST = Occasion("first", "first", OccasionKind.FIRST_OF, "week", FINE)
LATER = Occasion("later", "later", OccasionKind.LATER, "visits", None)
RULES = RuleSet("rules", "rules", ALWAYS, None)
NOTHING = Situation({"visits": False}, {"week": True}, frozenset(), frozenset(), frozenset())

MET, HELD, UNKNOWN, NOT_MET = Status.MET, Status.HELD, Status.UNKNOWN, Status.NOT_MET


def _decided(
    *found: tuple[Effect, Status], rule_set: RuleSet = RULES, situation: Situation = NOTHING
) -> RuleSetDecision:
    """What a rule set says, of whose criteria there is one of each effect and status; they are called c0, c1, ..."""
    criteria = [
        Criterion(f"c{n}", "c", rule_set.id, "body", effect, Ever("f"), None, (), "s", None)
        for n, (effect, _) in enumerate(found)
    ]
    statuses = {f"c{n}": status for n, (_, status) in enumerate(found)}
    return decide_rule_set(rule_set, criteria, statuses, situation, DECISIONS)


@pytest.mark.parametrize(
    ("at_least", "at_most", "said"),
    [
        (GO, GO, "go"),
        (GO, STOP, "open"),
        (replace(SLOW, goes_ahead=True), SLOW, "slow"),
        (replace(SLOW, goes_ahead=True), STOP, "open"),
        (SLOW, STOP, "slow"),
        (STOP, NEVER, "stop"),
    ],
)
def test_what_lets_go_ahead_is_said_only_where_nothing_unknown_forbids_it(
    at_least: Decision, at_most: Decision, said: str
) -> None:
    assert Range(at_least, at_most).said(DECISIONS)[0].word == said


def _words(decision: RuleSetDecision) -> tuple[str, ...]:
    return tuple(said.word for said in decision.said)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        ((), ("go", "go", "go")),
        (((SLOWER, NOT_MET), (FORBID, NOT_MET)), ("go", "go", "go")),
        (((SLOWER, MET), (HALT, NOT_MET)), ("slow", "slow", "slow")),
        (((SLOWER, HELD), (HALT, MET)), ("stop", "stop", "stop")),
        (((SLOWER, MET), (FORBID, UNKNOWN)), ("slow", "slow", "never")),
        (((SLOWER, UNKNOWN),), ("open", "go", "slow")),
        (((SLOWER, UNKNOWN), (HALT, UNKNOWN)), ("open", "go", "stop")),
    ],
)
def test_the_most_severe_of_what_is_in_force_counts(
    found: tuple[tuple[Effect, Status], ...], words: tuple[str, ...]
) -> None:
    assert _words(_decided(*found)) == words


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (((SLOWER, MET),), ("slow", "slow", "slow")),
        (((SLOWER, MET), (SLOWER, HELD)), ("stop", "stop", "stop")),
        (((SLOWER, MET), (SLOWER, UNKNOWN)), ("slow", "slow", "stop")),
        (((SLOWER, UNKNOWN), (SLOWER, UNKNOWN)), ("open", "go", "stop")),
        (((HALT, UNKNOWN),), ("open", "go", "stop")),
        (((SLOWER, MET), (SLOWER, MET), (FORBID, MET)), ("never", "never", "never")),
    ],
)
def test_too_many_of_one_effect_lead_to_more(found: tuple[tuple[Effect, Status], ...], words: tuple[str, ...]) -> None:
    assert _words(_decided(*found, rule_set=replace(RULES, escalation=TOO_MANY))) == words


def test_an_effect_may_escalate_alone() -> None:
    rules = replace(RULES, escalation=Escalation(1, "slower", ("halt",), NEVER, None))
    assert _words(_decided((HALT, MET), rule_set=rules)) == ("never", "never", "never")


def test_an_escalation_that_was_reached_stays() -> None:
    escalated = replace(NOTHING, escalated=frozenset({"rules"}))
    rules = replace(RULES, escalation=TOO_MANY)
    found = _decided((SLOWER, NOT_MET), (FORBID, UNKNOWN), rule_set=rules, situation=escalated)
    assert (_words(found), found.escalated) == (("stop", "stop", "never"), "week")
    assert _decided(rule_set=rules).escalated is None


def test_an_occasion_has_its_own_word_for_going_ahead() -> None:
    rules = replace(RULES, occasion=FIRST)
    assert _words(_decided(rule_set=rules)) == ("fine", "fine", "fine")
    assert _words(_decided((FORBID, UNKNOWN), rule_set=rules)) == ("open", "fine", "never")
    assert _words(_decided((FORBID, MET), rule_set=rules)) == ("never", "never", "never")


@pytest.mark.parametrize(
    ("occasion", "given", "first", "applies"),
    [
        (ALWAYS, False, False, True),
        (FIRST, True, True, True),
        (FIRST, True, None, True),
        (FIRST, True, False, False),
        (LATER, True, False, True),
        (LATER, None, True, True),
        (LATER, False, True, False),
    ],
)
def test_a_rule_set_speaks_on_its_occasion_and_in_doubt(
    occasion: Occasion, given: bool | None, first: bool | None, applies: bool
) -> None:
    situation = replace(NOTHING, given={"visits": given}, first={"week": first})
    assert _decided(rule_set=replace(RULES, occasion=occasion), situation=situation).applies is applies


def test_silence_bears_on_the_first_event_of_its_level() -> None:
    rules = replace(RULES, silence_bears_on="week")
    found = (SLOWER, UNKNOWN), (FORBID, UNKNOWN)
    silent = replace(NOTHING, silent=frozenset({"c1"}))
    for situation, bearing, left in (
        (silent, Range(GO, NEVER), ("c0", "c1")),
        (replace(silent, surely_later=frozenset({"week"})), Range(GO, SLOW), ("c0",)),
        (replace(silent, surely_later=frozenset({"month"})), Range(GO, NEVER), ("c0", "c1")),
    ):
        decided = _decided(*found, rule_set=rules, situation=situation)
        assert (decided.range, decided.bearing, decided.open) == (Range(GO, NEVER), bearing, left)


def test_the_most_severe_rule_set_that_speaks_decides() -> None:
    slow, stop = _decided((SLOWER, MET), (HALT, UNKNOWN)), _decided((HALT, MET))
    assert decide_overall([slow, stop], DECISIONS) == Range(STOP, STOP)
    assert decide_overall([slow, replace(stop, applies=False)], DECISIONS) == Range(SLOW, STOP)


def test_where_none_speaks_nobody_is_told_to_go_ahead() -> None:
    found = decide_overall([replace(_decided(), applies=False)], DECISIONS)
    assert found == Range(GO, NEVER)
    assert found.said(DECISIONS) == (OPEN, GO, NEVER)


def test_what_lets_go_ahead_with_less_is_open_while_more_could_forbid_it() -> None:
    less = replace(SLOW, goes_ahead=True)
    decisions = replace(DECISIONS, in_order=(GO, less, STOP, NEVER))
    assert Range(less, STOP).said(decisions) == (OPEN, less, STOP)
    assert Range(less, less).said(decisions) == (less, less, less)
    assert Range(GO, less).said(decisions) == (OPEN, GO, less)
    assert Range(STOP, NEVER).said(decisions) == (STOP, STOP, NEVER)
