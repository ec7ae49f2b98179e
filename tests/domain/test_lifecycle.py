"""The one table of moves is sound: every word in it exists, and every request finds its way out."""

from app.domain.events import EVENTS, sentence
from app.domain.labels import LATENESS, OUTCOME, STATUS_FOR_DESK, STATUS_FOR_PERSON, label
from app.domain.lifecycle import (
    AGAIN,
    ASKING,
    GRANTED,
    OUTCOMES,
    PACKAGED,
    RETURNS,
    STATUSES,
    TRANSITIONS,
    Move,
    fields_of,
    move_named,
    names,
    possible,
)


def test_every_row_names_statuses_that_there_are() -> None:
    for move in TRANSITIONS:
        assert set(move.sources) <= set(STATUSES)
        assert move.target is None or move.target in STATUSES
        assert move.sources
        assert len(set(move.sources)) == len(move.sources)
        assert move.permission == f"case:{move.name}"
        assert len({field.name for field in move.fields}) == len(move.fields)


def test_names_are_unique_and_found() -> None:
    assert len({move.name for move in TRANSITIONS}) == len(TRANSITIONS)
    assert all(move_named(move.name) is move for move in TRANSITIONS)
    assert move_named("vanish") is None


def targets(move: Move) -> set[str]:
    """Where a move can lead."""
    if move.returns:
        return {"open", *AGAIN.values()} if move.sources == ("closed",) else set(RETURNS.values())
    return {move.target} if move.target else set()


def test_only_taking_it_up_again_leads_out_of_closed_and_everything_leads_there() -> None:
    assert {move.name for move in possible("closed") if targets(move)} == {"reopen"}
    reached, edge = {"unverified", "open"}, ["unverified", "open"]
    while edge:
        for move in possible(edge.pop()):
            edge += targets(move) - reached
            reached |= targets(move)
    assert reached == set(STATUSES) - {"cooling_off"}
    for status in reached - {"closed"}:
        ways = {target for move in possible(status) for target in targets(move)}
        assert ways - {status}, f"{status} is a dead end"


def test_whoever_was_asked_comes_back_to_where_the_request_goes_on() -> None:
    for move in TRANSITIONS:
        if f"case:{move.name}" in ASKING:
            assert set(move.sources) <= set(RETURNS), move.name
    assert set(RETURNS.values()) <= set(STATUSES)


def test_what_is_granted_says_what_its_letter_must() -> None:
    grant = move_named("grant")
    assert grant is not None
    for right in GRANTED:
        assert fields_of(grant, right) != grant.fields, right
    assert set(PACKAGED) & set(GRANTED) == set()


def test_possible_keeps_the_order_of_the_table() -> None:
    for status in STATUSES:
        assert names(possible(status)) == tuple(move.name for move in TRANSITIONS if status in move.sources)


def test_every_axis_has_its_words() -> None:
    assert set(STATUS_FOR_DESK) == set(STATUS_FOR_PERSON) == set(STATUSES)
    assert set(OUTCOME) == set(OUTCOMES)
    assert len(LATENESS) == 3
    assert str(label(OUTCOME, "granted")) == "Granted"
    assert str(label(OUTCOME, "unheard of")) == "unheard of"
    assert str(label(OUTCOME, None)) == ""


def test_a_reader_gets_only_the_events_that_are_theirs() -> None:
    assert str(sentence("case:filed")) == EVENTS["case:filed"].desk
    assert str(sentence("case:filed", person=True)) == EVENTS["case:filed"].person
    assert sentence("item:withheld", person=True) is None
    assert sentence("made:up", person=True) is None
    assert str(sentence("made:up")) == "made:up"
