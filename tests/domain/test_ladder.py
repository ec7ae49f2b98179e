"""The ladder of proof: the least that suffices, never papers where asking must be easy, and nobody at a dead end."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.ladder import LADDER, PAPERS, demand, least_more, next_way, rank
from app.domain.ladder_words import DO, instead, why
from app.domain.policy_values import Proof, Way
from app.policies.loader import load_regimes

REGIMES = load_regimes()
RULES = REGIMES["gdpr"].proof
PLAIN, HEALTH = ("user.contact.email", "user.name"), ("user.contact.email", "user.health_and_medical.record_id")


def needs(*named: object, right: str = "access", capacity: str = "self", held=PLAIN, unrefusable: bool = False):
    proofs = tuple(Proof.model_validate(one if isinstance(one, str) else {"all_of": one}) for one in named)
    return demand(proofs, RULES, right=right, capacity=capacity, categories=held, unrefusable=unrefusable)


CASES = {
    # what a file names, on what, shown so far, closed → next
    "a code is enough": (needs(), {}, (), "email_code"),
    "the code is there": (needs(), {"email_code"}, (), None),
    "a sign-in is as good as a code": (needs(["email_code", "two_facts"]), {"account_session"}, (), "two_facts"),
    "health data asks for more": (needs(held=HEALTH), {"email_code"}, (), "two_facts"),
    "… but not to correct it": (needs(right="rectification", held=HEALTH), {"email_code"}, (), None),
    "what the file names wins": (needs("email_code", held=HEALTH), {"email_code"}, (), None),
    "the least first, whatever the file's order": (
        needs(["email_code", "document_view"], ["email_code", "two_facts"]), {"email_code"}, (), "two_facts"),
    "the next one when it is closed": (
        needs(["email_code", "two_facts"], ["email_code", "signed_form"]), {"email_code"}, ("two_facts",),
        "signed_form"),
    "a document when nothing else is open": (
        needs(["email_code", "two_facts"]), {"email_code"}, ("two_facts",), "document_view"),
    "no papers for a consent": (
        needs("signed_form", "email_code", right="consent_withdrawal"), set(), (), "email_code"),
    "… though the file names nothing else": (
        needs("document_view", right="consent_withdrawal"), {"email_code"}, (), None),
    "no papers against advertising": (
        needs("document_view", right="objection", unrefusable=True), {"email_code"}, (), None),
    "an agent shows their authority": (needs(capacity="agent"), {"email_code"}, (), "representative"),
    "a guardian too": (needs("account_session", capacity="guardian"), {"email_code"}, (), "representative"),
    "a company is called back": (needs(capacity="customer"), {"email_code"}, (), "official_letter"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_the_next_rung(name: str) -> None:
    needed, shown, closed, expected = CASES[name]
    assert next_way(needed, set(shown), closed) == expected
    assert needed.met_by(set(shown)) == (expected is None)


WAYS = st.sampled_from(get_args(Way))
FILES = st.lists(st.sets(WAYS, min_size=1, max_size=3), min_size=0, max_size=4)


@given(FILES, st.sets(WAYS), st.sets(WAYS), st.sampled_from(["self", "agent", "guardian", "customer"]), st.booleans())
def test_showing_what_is_asked_always_leads_on(named, shown, closed, capacity, easy) -> None:
    """Each rung that is asked for, once shown, is asked no more; after at most all of them the demand is met or staff
    look at it. Papers are never asked for where they may not."""
    needed = needs(*[sorted(one) for one in named], right="consent_withdrawal" if easy else "access", capacity=capacity)
    have, asked_for = set(shown), []
    while (way := next_way(needed, have, closed)) is not None:
        assert way not in asked_for
        assert way not in have
        if easy and capacity == "self":
            assert way not in PAPERS
        asked_for.append(way)
        have.add(way)
        assert len(asked_for) <= len(LADDER)
    assert not asked_for or needed.met_by(have) or "document_view" in asked_for


@given(FILES, st.sets(WAYS))
def test_more_shown_is_never_worse(named, shown) -> None:
    needed = needs(*[sorted(one) for one in named])
    if needed.met_by(shown):
        for way in LADDER:
            assert needed.met_by(shown | {way})


@given(FILES)
def test_the_first_alternative_asks_the_least(named) -> None:
    hardest = [max(map(rank, ways)) for ways in needs(*[sorted(one) for one in named]).alternatives]
    assert hardest == sorted(hardest)


def test_staff_ask_for_the_least_first_and_for_no_papers_where_there_may_be_none() -> None:
    assert least_more(needs(), {"email_code"}, ()) == ("two_facts", "signed_form", "document_view")
    assert least_more(needs(), {"email_code"}, ("two_facts",)) == ("signed_form", "document_view")
    assert least_more(needs(right="consent_withdrawal"), {"email_code"}, ()) == ("two_facts",)


def test_every_rung_has_its_words() -> None:
    assert set(DO) == set(LADDER)
    for way in LADDER:
        assert all(str(one) for one in why(needs(held=HEALTH), way))
        assert str(instead(needs(), way, ())[-1]).startswith("If you cannot")


@pytest.mark.parametrize("law", sorted(REGIMES))
def test_every_law_says_what_suffices(law: str) -> None:
    rules = REGIMES[law].proof
    assert any(one.all_of == ("email_code",) for one in rules.suffices)
    assert "consent_withdrawal" in rules.no_papers
