"""What the types of a controller file say of themselves: texts, rules by category, addresses without secrets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from app.domain.calendars import Place, country_name
from app.domain.colours import contrast_with_white
from app.domain.errors import Unavailable
from app.domain.policy import (
    CategoryRule,
    ConnectionSpec,
    ControllerFile,
    Keep,
    Look,
    Period,
    RightOffer,
    Span,
    say,
)  # fmt: skip

FILE = ControllerFile.model_validate({
    "controller": {
        "slug": "acme", "name": "ACME", "legal_name": "ACME SIA", "country": "LV", "timezone": "Europe/Riga",
        "languages": ["lv", "en"], "regime": "gdpr", "contact": {"email": "privacy@acme.example"},
    },
    "rights": {"access": None, "erasure": {"proof": ["account_session", {"all_of": ["email_code", "two_facts"]}]}},
    "categories": {"user": {}, "user.contact": {"keep": {"years": 2, "from": "last_use"}}, "user.contact.email": {}},
    "recipients": [{"name": "Mailer", "role": "processor", "country": "DE", "categories": ["user.contact.email"]},
                   {"name": "Caller", "role": "processor", "country": "DE",
                    "categories": ["user.contact.phone_number"]}],
    "connections": [{"key": "shop", "kind": "sql", "url": "${SHOP_URL}", "dataset": "shop.yml"}],
})  # fmt: skip


@pytest.mark.parametrize(("text", "language", "said"), [
    ("One", "ro", "One"),
    ({"en": "One", "ro": "Unu"}, "ro", "Unu"),
    ({"en": "One", "ro": "Unu"}, "ro-MD", "Unu"),
    ({"en": "One", "ro": "Unu"}, "ro_RO", "Unu"),
    ({"en": "One", "ro": "Unu"}, "bg", "One"),
    ({"ro": "Unu", "lv": "Viens"}, "bg", "Viens"),
])  # fmt: skip
def test_a_text_is_said_in_the_readers_language_or_in_one_that_is_there(
    text: str | dict[str, str], language: str, said: str
) -> None:
    assert say(text, language) == said


@pytest.mark.parametrize(("category", "key"), [
    ("user.contact.email", "user.contact.email"),
    ("user.contact.phone_number", "user.contact"),
    ("user.contacts", "user"),
    ("user", "user"),
    ("system.operations", None),
])  # fmt: skip
def test_the_longest_prefix_wins(category: str, key: str | None) -> None:
    found = FILE.rule_for(category)
    assert (found[0] if found else None) == key


def test_recipients_of_a_part_are_recipients_of_the_whole_that_the_same_rule_holds_for() -> None:
    asked = ("user.contact", "user.contact.email", "user.contact.phone_number", "user.name")
    names = {category: [one.name for one in FILE.recipients_of(category)] for category in asked}
    assert names == {
        "user.contact": ["Caller"], "user.contact.email": ["Mailer"], "user.contact.phone_number": ["Caller"],
        "user.name": [],
    }  # fmt: skip


def test_an_offer_left_empty_follows_the_regime() -> None:
    offer = FILE.rights["access"]
    assert offer == RightOffer()
    assert (offer.proof, offer.respond_within, offer.approvers) == ((), None, 1)


def test_ways_that_suffice_alone_or_together() -> None:
    assert [way.all_of for way in FILE.rights["erasure"].proof] == [("account_session",), ("email_code", "two_facts")]


def test_a_secret_is_read_at_each_use() -> None:
    spec = ConnectionSpec(key="shop", kind="sql", url="postgresql://reader:${PW}@db/${NAME}", dataset="shop.yml")
    assert spec.resolved({"PW": "x$1", "NAME": "shop"}) == "postgresql://reader:x$1@db/shop"
    with pytest.raises(Unavailable, match="shop needs PW, NAME to be set") as caught:
        spec.resolved({})
    assert "reader" not in str(caught.value)


def test_nothing_can_be_changed() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        FILE.controller.name = "Other"  # type: ignore[misc]
    assert FILE.controller.language == "lv"
    assert FILE.connection("shop").dataset == "shop.yml"


@pytest.mark.parametrize("wrong", [
    {}, {"days": 1, "months": 1}, {"days": 0}, {"days": -3}, {"days": True}, {"days": "30"}, {"hours": 72},
    {"days": 5, "from": "yesterday"}, {"days": 10**9}, {"fortnights": 2},
])  # fmt: skip
def test_a_period_that_is_none(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Period.model_validate(wrong)


def test_where_a_span_counts_from() -> None:
    assert Period(days=30).from_ == "received"
    assert Keep(days=30).from_ == "created"
    assert (Span(hours=72).unit, Span(hours=72).count) == ("hours", 72)
    assert CategoryRule.model_validate({"keep": {"years": 2, "from": "last_use"}}).keep == Keep(
        years=2, from_="last_use"
    )


def test_contrast_is_that_of_wcag() -> None:
    assert contrast_with_white("#000000") == pytest.approx(21)
    assert contrast_with_white("#ffffff") == pytest.approx(1)
    assert contrast_with_white("#767676") >= 4.5 > contrast_with_white("#777777")


@given(st.integers(0, 0xFFFFFF))
def test_a_colour_is_taken_exactly_when_white_reads_on_it(value: int) -> None:
    colour = f"#{value:06x}"
    if contrast_with_white(colour) >= 4.5:
        assert Look(colour=colour).colour == colour
    else:
        with pytest.raises(ValidationError, match="too light"):
            Look(colour=colour)


@pytest.mark.parametrize(("code", "language", "name"), [
    ("RO", "en", "Romania"), ("RO", "ro", "România"), ("GB-ENG", "en", "United Kingdom"), ("QQ", "en", None),
    ("LV", "xx", "Latvia"),
])  # fmt: skip
def test_country_names(code: str, language: str, name: str | None) -> None:
    assert country_name(code, language) == name


def test_an_unknown_place_is_its_own_name() -> None:
    assert str(Place("QQ")) == "QQ"
