"""How requests end: item by item, with the right letter, never where nobody may refuse (Art. 12(4), 15 to 22)."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.lifecycle import move_named
from app.models.fulfilment import Collected
from app.policies.loader import load_regimes
from app.queries.conversation import thread
from app.queries.reading import load, standing_restriction
from app.services import conversation, housekeeping, moves, review, verdicts
from tests.factories import House, person
from tests.services.letters import OFFERED, give_right
from tests.services.test_moves import GOOD, WORDS

TOLD = {"recipients_told": WORDS}
# What staff say when they do what was asked, by right: move, fields, the letter that goes out.
DONE: dict[str, tuple[str, dict[str, str], str]] = {
    "rectification": ("rectify", {"changes": WORDS, "systems": WORDS, **TOLD}, "rectified"),
    "erasure": (
        "erase", {"scope": WORDS, "systems": WORDS, "processors": WORDS, "backups": WORDS, "kept": WORDS, **TOLD},
        "erased",
    ),
    "restriction": (
        "restrict",
        {
            "restriction_ground": "accuracy_contested", "scope": WORDS, "permitted_uses": WORDS, "ends_when": WORDS,
            **TOLD,
        },
        "restricted",
    ),
    "objection": ("grant", {"result": WORDS, "suppression": WORDS, "restriction_status": WORDS}, "objection"),
    "consent_withdrawal": ("grant", {"consequences": WORDS, "continuing": WORDS}, "consent_withdrawn"),
    "automated_decision_review": (
        "grant", {"reviewer": "A manager", "view_considered": WORDS, "new_result": WORDS, "logic": WORDS},
        "automated_decision",
    ),
    "confirmation": ("grant", {"confirmation": WORDS}, "answer"),
    "disclosure_information": ("grant", {"recipients": WORDS}, "answer"),
    "transfer_mechanism_copy": ("grant", {"safeguards": WORDS, "copy": WORDS}, "answer"),
    "other": ("grant", {"result": WORDS}, "answer"),
}  # fmt: skip
ASKED: dict[str, dict[str, Any]] = {
    "rectification": {"details": {"rectification": {
        "corrections.0.field": "Street", "corrections.0.wrong": "A", "corrections.0.right": "B",
        "corrections.1.field": "Town", "corrections.1.wrong": "C", "corrections.1.right": "D",
    }}},
    "restriction": {"grounds": {"restriction": ("accuracy_contested",)}},
    "objection": {"grounds": {"objection": ("own_situation",)}, "details": {"objection": {"situation": WORDS}}},
    "erasure": {"grounds": {"erasure": ("not_necessary", "consent_withdrawn")}},
    "consent_withdrawal": {"details": {"consent_withdrawal": {"wish": "The newsletter."}}},
    "automated_decision_review": {"details": {"automated_decision_review": {"wish": WORDS}}},
    "other": {"details": {"other": {"wish": WORDS}}},
}  # fmt: skip


@pytest.fixture
def house(acme: House) -> House:
    """Acme, with all rights offered."""
    acme.apply(changes=OFFERED)
    return acme


def asked(house: House, right: str, **more: Any) -> str:
    """A request for that right by somebody who is known."""
    fields = {"details": {}, **ASKED.get(right, {}), **more}
    return house.in_status("open", rights=(right,), **fields)


def letters(house: House, reference: str) -> list[str]:
    return [letter.kind for letter in house.view(reference).letters]


def names(house: House, reference: str, actor: str = "dpo") -> set[str]:
    return {move.name for move in house.view(reference, actor).moves}


@pytest.mark.parametrize("right", DONE)
def test_each_right_is_answered_with_its_own_letter(house: House, right: str) -> None:
    move, fields, letter = DONE[right]
    reference = asked(house, right)
    assert move in names(house, reference)
    house.move(reference, move, **fields)
    case = house.view(reference)
    assert (case.status, case.outcome, case.clock.state) == ("closed", "granted", "stopped")
    assert letters(house, reference)[-1] == letter
    assert all(row.sent_at for row in case.letters)


@pytest.mark.parametrize("right", ["rectification", "erasure"])
def test_what_was_asked_is_decided_thing_by_thing(house: House, right: str) -> None:
    move, fields, _ = DONE[right]
    reference = asked(house, right)
    decisions = {
        "items.0.decision": "granted", "items.1.decision": "withheld", "items.1.ground": "restricted_by_law",
        "items.1.reason": "The Archive Act.",
    }  # fmt: skip
    house.move(reference, move, **fields, **decisions)
    case = house.view(reference)
    assert (case.outcome, letters(house, reference)[-1]) == ("partly_granted", "partial")


@pytest.mark.parametrize(
    ("rows", "field"),
    [
        ({"items.1.decision": "withheld"}, "items.0.decision"),
        ({"items.0.decision": "granted", "items.1.decision": "maybe"}, "items.1.decision"),
        ({"items.0.decision": "granted", "items.1.decision": "withheld", "items.1.reason": "x"}, "items.1.ground"),
        (
            {
                "items.0.decision": "granted", "items.1.decision": "withheld", "items.1.reason": "x",
                "items.1.ground": "compelling_grounds",  # of an objection
            },
            "items.1.ground",
        ),
        (
            {
                "items.0.decision": "granted", "items.1.decision": "withheld", "items.1.reason": "x",
                "items.1.ground": "excessive",  # of the request as a whole
            },
            "items.1.ground",
        ),
        (
            {
                "items.0.decision": "granted", "items.1.decision": "withheld", "items.1.reason": " ",
                "items.1.ground": "kept_by_law",
            },
            "items.1.reason",
        ),
        ({"items.0.decision": "granted", "items.1.decision": "granted", "items.2.decision": "x"}, "items.2.decision"),
        ({"items.0.decision": "granted", "items.1.decision": "granted", "items.x.decision": "x"}, "items.x.decision"),
    ],
)  # fmt: skip
def test_a_wrong_decision_names_its_place(acme_on_sqlite: House, rows: dict[str, str], field: str) -> None:
    acme_on_sqlite.apply(changes=OFFERED)
    reference = asked(acme_on_sqlite, "erasure")
    before = acme_on_sqlite.events(reference)
    with pytest.raises(Invalid) as invalid, acme_on_sqlite.work("dpo") as work:
        moves.perform(work, reference, "erase", {**DONE["erasure"][1], **rows})
    assert field in invalid.value.fields
    assert acme_on_sqlite.events(reference) == before


def test_nothing_granted_is_a_refusal(acme_on_sqlite: House) -> None:
    acme_on_sqlite.apply(changes=OFFERED)
    reference = asked(acme_on_sqlite, "erasure", grounds={"erasure": ("not_necessary",)})
    rows = {"items.0.decision": "withheld", "items.0.ground": "claims", "items.0.reason": "A lawsuit."}
    with pytest.raises(Refused, match="Refuse the request instead"), acme_on_sqlite.work("dpo") as work:
        moves.perform(work, reference, "erase", {**DONE["erasure"][1], **rows})


def test_advertising_and_a_consent_taken_back_are_never_refused(house: House) -> None:
    for right, more in (("objection", {"grounds": {"objection": ("direct_marketing",)}}), ("consent_withdrawal", {})):
        reference = asked(house, right, **more)
        assert not {"refuse", "quote_fee"} & names(house, reference), right
        for move in ("refuse", "quote_fee"):
            with pytest.raises(Refused), house.work("dpo") as work:
                moves.perform(work, reference, move, GOOD[move])
        fields = DONE[right][1]
        rows = {"items.0.decision": "withheld", "items.0.ground": "claims", "items.0.reason": "x"}
        with pytest.raises(Invalid) as invalid, house.work("dpo") as work:
            moves.perform(work, reference, "grant", {**fields, **rows})
        assert {"items.0.decision", "items.0.ground"} & set(invalid.value.fields)


def test_of_several_grounds_only_the_absolute_one_cannot_be_withheld(house: House) -> None:
    reference = asked(
        house, "objection", grounds={"objection": ("own_situation", "direct_marketing")},
        details={"objection": {"situation": WORDS}},
    )  # fmt: skip
    assert "refuse" not in names(house, reference)
    rows = {
        "items.0.decision": "withheld", "items.0.ground": "compelling_grounds", "items.0.reason": "Fraud.",
        "items.1.decision": "granted",
    }  # fmt: skip
    house.move(reference, "grant", **DONE["objection"][1], **rows)
    assert house.view(reference).outcome == "partly_granted"


def test_a_move_of_another_right_is_not_possible(house: House) -> None:
    reference = asked(house, "objection")
    for move in ("rectify", "erase", "restrict", "release", "lift_restriction"):
        with pytest.raises(Refused), house.work("dpo") as work:
            moves.perform(work, reference, move, {})
        assert move not in names(house, reference)
    with pytest.raises(Invalid) as invalid, house.work("dpo") as work:  # a ground of another right
        moves.perform(work, reference, "refuse", {"ground": "kept_by_law", "reason": WORDS})
    assert set(invalid.value.fields) == {"ground"}


def test_a_handler_may_not_erase(house: House) -> None:
    reference = asked(house, "erasure")
    with pytest.raises(Forbidden), house.work("handler") as work:
        moves.perform(work, reference, "erase", DONE["erasure"][1])
    assert "erase" not in names(house, reference, "handler")


def test_more_eyes_approve_before_data_is_erased(acme: House) -> None:
    one, two = (f"erasure: {{proof: [email_code], approvers: {count}}}" for count in (1, 2))
    acme.apply(changes={old: new.replace(one, two) for old, new in OFFERED.items()})
    reference = asked(acme, "erasure")
    with pytest.raises(Refused, match="more approval by somebody else"), acme.work("dpo") as work:
        moves.perform(work, reference, "erase", DONE["erasure"][1])
    acme.move(reference, "collect")
    acme.move(reference, "approve")
    with pytest.raises(Refused, match="more approval by somebody else"), acme.work("dpo") as work:
        moves.perform(work, reference, "erase", DONE["erasure"][1])
    acme.move(reference, "erase", "approver", **DONE["erasure"][1])
    assert acme.view(reference).outcome == "granted"


def test_a_restriction_is_lifted_on_the_day_that_was_told_before(house: House) -> None:
    reference = asked(house, "restriction")
    house.move(reference, "restrict", **DONE["restriction"][1])
    fields = {"lifting_reason": WORDS, "check_outcome": WORDS}
    for day in ("2026-11-23", "2026-11-01"):
        with pytest.raises(Invalid) as invalid, house.work("dpo") as work:
            moves.perform(work, reference, "lift_restriction", {**fields, "lifting_on": day})
        assert set(invalid.value.fields) == {"lifting_on"}
    house.move(reference, "lift_restriction", **fields, lifting_on="2026-11-27")
    assert letters(house, reference)[-1] == "lifting"
    with pytest.raises(Refused, match="told already"), house.work("dpo") as work:
        moves.perform(work, reference, "lift_restriction", {**fields, "lifting_on": "2026-11-28"})
    assert housekeeping.lift_restrictions(house.portal) == 0
    house.clock.advance(timedelta(days=4))
    assert housekeeping.lift_restrictions(house.portal) == 1
    assert housekeeping.lift_restrictions(house.portal) == 0
    assert house.events(reference)[-1] == "restriction:lifted"
    with house.reading() as work:
        assert standing_restriction(work, house.row(reference)) is None
    assert "lift_restriction" not in names(house, reference)


def test_whose_data_cannot_be_told_is_said_and_can_be_taken_up_again(acme: House) -> None:
    reference = acme.in_status("open")
    acme.move(reference, "cannot_identify", reason="Two people use this address.")
    case = acme.view(reference)
    assert (case.outcome, letters(acme, reference)[-1]) == ("unidentified", "refusal")
    acme.clock.advance(timedelta(days=40))
    acme.move(reference, "reopen", reason="She sent her customer number.")
    again = acme.view(reference)
    assert (again.status, again.outcome, again.clock.state) == ("open", None, "running")
    assert again.clock.due is not None
    assert again.clock.due.isoformat() == "2027-02-02"
    assert again.lateness == "on_time"
    acme.move(reference, "collect")
    acme.move(reference, "approve")
    acme.move(reference, "release")
    assert acme.view(reference).outcome == "granted"


def test_somebody_else_is_responsible(acme: House) -> None:
    reference = acme.in_status("in_review")
    acme.move(reference, "refer", responsible="Other SIA, Riga", passed_on="Your request.", passed_on_at="2026-11-23")
    case = acme.view(reference)
    assert (case.outcome, letters(acme, reference)[-1]) == ("referred", "referral")
    assert acme.row(reference).spool_key is None
    assert "Other SIA" in acme.mails.sent[-1].text


def test_the_person_withdraws_and_what_was_found_goes(acme: House) -> None:
    reference = acme.in_status("in_review")
    assert acme.objects
    with acme.work(person(reference)) as work:
        moves.perform(work, reference, "withdraw", {})
    acme.run()
    case = acme.view(reference)
    assert (case.outcome, letters(acme, reference)[-1]) == ("withdrawn", "withdrawn")
    assert not acme.objects


def test_a_preview_shows_the_letter_and_leaves_nothing(acme: House) -> None:
    reference = acme.in_status("open")
    before = acme.row(reference).version, acme.events(reference), letters(acme, reference), len(acme.jobs())
    page = moves.preview(
        acme.portal, acme.staff("dpo"), acme.controller_id, reference=reference, move="extend", data=GOOD["extend"]
    )
    assert page is not None
    assert "23 February 2027" in page
    assert (acme.row(reference).version, acme.events(reference), letters(acme, reference), len(acme.jobs())) == before


def test_a_case_that_was_never_answered_in_writing_keeps_its_messages(acme: House, borealis: House) -> None:
    reference = acme.in_status("open")
    with acme.work("handler") as work:
        conversation.write(work, reference, "We have begun.")
    with acme.work(person(reference)) as work:
        conversation.write(work, reference, "Thank you!")
    acme.run()
    assert "There is a message" in acme.mails.sent[-1].subject
    with acme.reading("dpo") as work:
        assert [(one.direction, one.body, one.author) for one in thread(work, reference)] == [
            ("to_person", "We have begun.", "Handler"), ("from_person", "Thank you!", ""),
        ]  # fmt: skip
    with acme.reading(person(reference)) as work:
        assert {one.author for one in thread(work, reference)} == {""}
    for house, actor in ((acme, person("2222-2222-2222")), (borealis, "dpo")):
        with pytest.raises(NotFound), house.reading(actor) as work:
            thread(work, reference)
        with pytest.raises(NotFound), house.work(actor) as work:
            conversation.write(work, reference, "x")
    with pytest.raises(Forbidden), acme.work("auditor") as work:
        conversation.write(work, reference, "x")
    for text in ("", "  ", "a\u202eb", "x" * 4001):
        with pytest.raises(Invalid), acme.work("dpo") as work:
            conversation.write(work, reference, text)


def test_what_was_asked_is_named_in_the_readers_language(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    house.apply(changes=OFFERED)
    reference = house.in_status("open", language="lv")
    give_right(house, reference, "consent_withdrawal")
    house.move(reference, "grant", **DONE["consent_withdrawal"][1])
    text = house.mails.sent[-1].text
    assert "Viss pieprasījums" in text
    assert "The whole request" not in text


def test_nothing_is_asked_where_nothing_can_be_refused(house: House) -> None:
    """A consent taken back (Art. 7(3)): no ground is offered, and a decision may be left out."""
    reference = asked(house, "consent_withdrawal")
    with house.reading("dpo") as work:
        wanted = moves.asked(work, load(work, reference), move_named("grant") or pytest.fail("no such move"))
    assert [spec.name for spec in wanted.fields if spec.row] == ["items.0.decision"]
    assert [choice.value for choice in wanted.choices["items.0.decision"]] == ["granted"]
    assert [str(one) for one in wanted.certain] == ["The whole request"]
    assert all(wanted.choices[name] for name in wanted.choices), "no list is empty"
    house.move(reference, "grant", **DONE["consent_withdrawal"][1], **{"items.0.decision": "granted"})
    assert house.view(reference).outcome == "granted"


def test_of_several_only_what_may_be_withheld_needs_a_decision(house: House) -> None:
    reference = asked(
        house, "objection", grounds={"objection": ("direct_marketing", "own_situation")},
        details={"objection": {"situation": WORDS}},
    )  # fmt: skip
    rows = {
        "items.1.decision": "withheld", "items.1.ground": "compelling_grounds", "items.1.reason": "Fraud.",
    }  # fmt: skip
    house.move(reference, "grant", **DONE["objection"][1], **rows)
    case = house.view(reference)
    assert (case.outcome, letters(house, reference)[-1]) == ("partly_granted", "partial")


def test_the_ground_is_said_in_the_language_of_who_reads(house: House) -> None:
    """What was withheld, of a request item by item and of a package record by record, stands on a page in any
    language (Art. 12(1))."""
    objection = asked(
        house, "erasure", grounds={"erasure": ("not_necessary", "consent_withdrawn")},
    )  # fmt: skip
    rows = {
        "items.0.decision": "granted", "items.1.decision": "withheld", "items.1.ground": "restricted_by_law",
        "items.1.reason": "The Archive Act.",
    }  # fmt: skip
    house.move(objection, "erase", **DONE["erasure"][1], **rows)
    packaged = house.in_status("in_review")
    with house.work("dpo") as work:
        case = load(work, packaged)
        row = work.session.scalars(select(Collected).where(Collected.case_id == case.id)).first()
        assert row is not None
        review.withhold(work, case, [f"{row.id}-0"], ground="restricted_by_law", reason="The Archive Act.")
    house.move(packaged, "approve")
    house.move(packaged, "release")
    for reference in (objection, packaged):
        for language in ("en", "lv", "ru"):
            with house.reading(person(reference)) as work:
                verdict = verdicts.against(work, load(work, reference, lock=False), language=language)
            assert verdict is not None
            title = load_regimes()["gdpr"].rights["erasure"].refusal_grounds["restricted_by_law"].title
            assert isinstance(title, dict)
            assert str(verdict.facts["withheld"][0]["ground"]).startswith(title[language]), (reference, language)
