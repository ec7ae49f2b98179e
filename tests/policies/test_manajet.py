"""ManaJet's procedures as its file has them: early deletion by letter and with thirty days to think, data that goes
with its Account, consents at payment; what the notice leaves open is open here too."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time
from typing import Any, cast

import pytest

from app.domain.ages import strictest
from app.domain.clock import Clock, Fact
from app.domain.deadlines import reckon
from app.domain.disclosure import category_facts
from app.domain.policy import RightName, Span, say
from app.domain.rights_forms import forms_of
from app.policies.loader import CONTROLLERS, load_regimes, read_controller
from app.queries.policies import Policy
from app.queries.proof import suffices

READ = read_controller(CONTROLLERS / "manajet.yaml")
FILE, LAW = READ.file, load_regimes()["gdpr"]
POLICY = Policy(1, 1, FILE, READ.datasets, LAW)
CODE, LETTER = frozenset({"email_code"}), frozenset({"official_letter"})
OPEN = {"user.content.private", "system.operations"}  # support: how long, the notice does not say


def clock(right: str, received: date) -> Clock:
    place, offer = FILE.controller, FILE.rights[cast("RightName", right)]
    fact = Fact("received", datetime.combine(received, time(9), UTC))
    return reckon(
        [fact], rule=LAW.rule(right), promise=offer.respond_within, country=place.country, timezone=place.timezone
    )


def texts(value: Any) -> Iterator[dict[str, str]]:
    """Every text that is said in several languages."""
    if isinstance(value, dict) and "en" in value:
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from texts(one)


@pytest.mark.parametrize(
    ("right", "capacity", "ways"),
    [
        *((right, "self", (CODE,)) for right in FILE.rights if right not in ("erasure", "instruction")),
        ("erasure", "self", (CODE, LETTER)),  # M-8: a private person counts as a customer (M-1)
        ("instruction", "customer", (CODE | LETTER,)),  # M-8: confirmed at a contact on file
    ],
)
def test_the_proof_of_each_right(right: str, capacity: str, ways: tuple[frozenset[str], ...]) -> None:  # M-8
    assert suffices(POLICY, right, capacity=capacity) == ways
    assert FILE.rights[cast("RightName", right)].approvers == 1


@pytest.mark.parametrize(
    ("received", "due"),
    [
        (date(2026, 3, 2), date(2026, 4, 2)),
        (date(2026, 11, 24), date(2026, 12, 28)),  # 24 to 26 December are off in Latvia, then comes a Sunday
        (date(2026, 10, 18), date(2026, 11, 19)),  # Proclamation Day, 18 November
    ],
)
def test_no_time_is_promised_so_the_law_counts_by_latvian_days_off(received: date, due: date) -> None:
    for right in FILE.rights:
        if right != "consent_withdrawal":
            found = clock(right, received)
            assert (found.due, found.promised_due) == (due, None), right
    assert clock("consent_withdrawal", received).due == received


def test_thirty_days_in_which_an_account_is_closed_and_can_come_back() -> None:  # M-8
    for right in ("erasure", "instruction"):
        wait = FILE.rights[cast("RightName", right)].cooling_off
        assert wait is not None
        assert (wait.days, wait.effect) == (30, "suspend")
    assert [right for right, one in FILE.rights.items() if one.cooling_off] == ["erasure", "instruction"]


def test_accounts_and_backups_end_as_promised() -> None:  # M-7, M-11
    assert {key: one.delete_after_expiry for key, one in FILE.accounts.items()} == {
        "commercial": Span(days=120), "demo": Span(months=1)}  # fmt: skip
    assert [(say(one.name, "en"), one.every, one.keep) for one in FILE.backups] == [
        ("Daily copies", Span(days=1), Span(months=1)), ("Monthly copies", Span(months=1), Span(years=1))]  # fmt: skip


def test_data_goes_with_its_account_and_no_other_period_is_named() -> None:  # M-7
    for one in category_facts(FILE, FILE.categories, "en"):
        kept = str(one.keep)
        assert (kept == "") is (one.key in OPEN), one.key
        assert kept == "" or ("120 days" in kept and "one calendar month" in kept)
    assert not [key for key, rule in FILE.categories.items() if rule.keep or rule.on_erasure == "keep"]


def test_what_can_be_taken_back_here_is_what_was_agreed_to_at_payment() -> None:  # M-14
    asked = next(one for one in forms_of(LAW, FILE)["consent_withdrawal"].questions if one.name == "consents")
    assert [one.value for one in asked.options] == ["licence_payment", "other"]


def test_law_enforcement_and_the_payment_service() -> None:  # M-6, M-9
    (police,) = (one for one in FILE.recipients if one.role == "authority")
    assert "official request" in str(police.safeguards)
    (paid,) = (one for one in FILE.recipients if one.role == "controller")
    assert paid.categories == ("user.payment",)
    held = {category for data in READ.datasets.values() for one in data.collections.values()
            for field in one.fields.values() for category in field.categories}  # fmt: skip
    assert not any(category.startswith("user.financial") for category in held)


def test_it_asks_nobody_to_be_older_than_the_law_does() -> None:
    assert strictest(LAW.ages, FILE.controller.no_use_under, "LV") == 13


def test_each_text_is_there_in_all_three_languages() -> None:
    found = [*texts(READ.document), *(one for document in READ.dataset_documents.values() for one in texts(document))]
    assert len(found) > 30
    assert all(one.keys() == {"en", "lv", "ru"} and all(one.values()) for one in found)


def test_what_the_file_promises_beyond_the_law_is_meant() -> None:  # M-8, M-11
    places = {remark.field for remark in READ.warnings}
    assert places == {"controller.contact.email", "controller.dpo.email", "rights.erasure.cooling_off",
                      "backups[1].keep"}  # fmt: skip
