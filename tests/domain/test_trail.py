"""The arithmetic of the trail: every field counts, order counts, and the same facts give the same hash anywhere."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.trail import GENESIS, Entry, checkpoint_statement, entry_hash, leaf, merkle_root

ENTRY = Entry(
    controller_id=1, chain="case:1", number=1, at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC), event="case:filed",
    actor_kind="person", actor_id=None, facts={"right": "access", "n": 1}, personal=b"sealed",
)  # fmt: skip
CHANGES = [
    {"controller_id": 2}, {"chain": "case:2"}, {"number": 2}, {"at": ENTRY.at + timedelta(microseconds=1)},
    {"event": "case:file"}, {"actor_kind": "staff"}, {"actor_id": 1}, {"facts": {"right": "access"}},
    {"facts": {"right": "access", "n": "1"}}, {"personal": None}, {"personal": b""}, {"personal": b"sealee"},
]  # fmt: skip


@pytest.mark.parametrize("change", CHANGES, ids=str)
def test_every_field_counts(change: dict[str, object]) -> None:
    assert entry_hash(replace(ENTRY, **change), GENESIS) != entry_hash(ENTRY, GENESIS)  # type: ignore[arg-type]


def test_what_came_before_counts() -> None:
    assert entry_hash(ENTRY, GENESIS) != entry_hash(ENTRY, b"\x01" * 32)


def test_the_same_facts_give_the_same_hash() -> None:
    riga = ENTRY.at.astimezone(timezone(timedelta(hours=2)))
    same = replace(ENTRY, at=riga, facts={"n": 1, "right": "access"})
    assert entry_hash(same, GENESIS) == entry_hash(ENTRY, GENESIS)
    # Fixed for ever: a change of the form would make every trail that was ever written look broken.
    assert entry_hash(ENTRY, GENESIS).hex() == "70f852ad0c1481f9a33bb82050e21841233273460a5f16581f8f7aa5455225ea"


leaves = st.lists(st.binary(min_size=32, max_size=32).filter(any), min_size=1, max_size=12, unique=True)


@given(leaves, st.data())
def test_a_root_stands_for_these_leaves_in_this_order(some: list[bytes], data: st.DataObject) -> None:
    root = merkle_root(some)
    place = data.draw(st.integers(0, len(some) - 1))
    assert merkle_root(some[:place] + some[place + 1 :]) != root
    assert merkle_root([*some[:place], bytes(32), *some[place + 1 :]]) != root
    if len(some) > 1 and place:
        swapped = list(some)
        swapped[0], swapped[place] = swapped[place], swapped[0]
        assert merkle_root(swapped) != root


def test_no_leaves_and_one_leaf() -> None:
    assert merkle_root([]) == GENESIS
    assert merkle_root([b"x" * 32]) == b"x" * 32


def test_a_leaf_names_its_chain_and_number() -> None:
    assert len({leaf("a", 1, b"h"), leaf("a", 2, b"h"), leaf("b", 1, b"h"), leaf("a", 1, b"i")}) == 4
    assert leaf("a", 1, b"|h") != leaf("a|1", 1, b"h")


def test_a_statement_says_everything_that_is_signed() -> None:
    facts = {"controller_id": 1, "number": 2, "at": ENTRY.at, "root": b"r" * 32, "previous": GENESIS}
    said = checkpoint_statement(**facts)  # type: ignore[arg-type]
    for change in ({"controller_id": 3}, {"number": 4}, {"at": ENTRY.at + timedelta(1)}, {"root": b"s" * 32},
                   {"previous": b"p" * 32}):  # fmt: skip
        assert checkpoint_statement(**{**facts, **change}) != said  # type: ignore[arg-type]
