"""Several rights asked for together (Art. 12(2), (3)): a case for each with its own clock, one mail, one code for all;
and what was asked in free words becomes the right that it is."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from app.domain.codes import CodeResult
from app.domain.errors import Forbidden, Invalid, Refused, TooMany
from app.domain.filing import ProofNote
from app.domain.permissions import ANONYMOUS
from app.queries import cases
from app.queries.policies import current
from app.services import intake, verification
from app.services.intake import Filed
from tests.factories import ANA, House, a_filing, person

OFFERED = ("access", "rectification", "erasure", "restriction", "objection", "consent_withdrawal")
CORRECTION = {"field": "Phone", "wrong": "1", "right": "2"}


@pytest.fixture
def house(acme: House) -> House:
    """Acme with more rights in its file, and a purpose that rests on consent."""
    return offering(acme)


def offering(house: House) -> House:
    rights = "\n".join(f"  {name}: {{}}" for name in OFFERED[1:])
    house.apply(changes={
        "purposes:": f"{rights}\npurposes:\n  news: {{title: {{en: News, lv: Jaunumi}}, legal_basis: consent}}",
    })  # fmt: skip
    return house


def file(house: House, **changes: object) -> Filed:
    asked = {
        "rights": ("access", "erasure", "consent_withdrawal"),
        "details": {"consent_withdrawal": {"consents": "news"}},
    }
    with house.work(ANONYMOUS) as work:
        return intake.file(work, current(work), a_filing(**{**asked, **changes}))


def test_each_right_is_a_case_with_its_own_clock_and_one_mail_tells_of_all(house: House) -> None:
    filed = file(house, grounds={"erasure": ("unlawful", "not_necessary")})
    assert len(set(filed.references)) == 3
    views = [house.view(reference, person(*filed.references)) for reference in filed.references]
    assert [view.right for view in views] == ["access", "erasure", "consent_withdrawal"]
    assert {view.submission for view in views} == {filed.submission}
    assert [str(view.clock.due) for view in views] == ["2026-12-23", "2026-12-23", "2026-11-23"]
    assert [one.right for one in views[0].sisters] == ["consent_withdrawal", "erasure"], "the first due first"
    assert views[1].grounds == ("unlawful", "not_necessary")
    assert [job.arguments["template"] for job in house.jobs("mail")] == ["case-filed"]
    house.run()
    (mail,) = house.mails.sent
    for reference in filed.references:
        assert reference in mail.text
        assert reference in mail.html
    assert mail.text.index(filed.references[2]) < mail.text.index(filed.references[0])


@pytest.mark.parametrize("by", [0, 1, 2])
def test_one_code_confirms_all_whichever_is_named(house: House, by: int) -> None:
    filed = file(house)
    assert house.confirm(filed.references[by]).accepted
    for reference in filed.references:
        view = house.view(reference)
        assert (view.status, view.identities[0].proven_by) == ("open", "email_code")
        assert "case:confirm" in house.events(reference)
    assert len(house.jobs("letter_mail")) == 1, "one acknowledgement for all"
    assert house.confirm(filed.references[0], house_code(house)) is CodeResult.USED


def house_code(house: House) -> str:
    return next(mail.text for mail in house.mails.sent if "type this code" in mail.text).split("page:")[1].split()[0]


def test_two_tries_at_once_confirm_once(house: House) -> None:
    filed = file(house)
    house.run()
    code = house.code()
    with ThreadPoolExecutor(3) as pool:
        results = list(pool.map(lambda reference: house.confirm(reference, code), filed.references))
    assert sorted(result.accepted for result in results) == [False, False, True]
    assert [house.view(reference).status for reference in filed.references] == ["open"] * 3


def test_wrong_tries_count_for_all_together(house: House) -> None:
    filed = file(house)
    house.run()
    code = house.code()
    wrong = "000000" if code != "000000" else "111111"
    for number in range(5):
        house.confirm(filed.references[number % 3], wrong)
    assert house.confirm(filed.references[0], code) is CodeResult.USED_UP
    assert house.view(filed.references[1]).status == "unverified"


def test_a_code_of_another_submission_confirms_nothing(acme_on_sqlite: House) -> None:
    house = offering(acme_on_sqlite)
    first = file(house)
    house.run()
    code = house.code()
    other = file(house)
    assert house.confirm(other.references[0], code) is CodeResult.WRONG
    assert house.confirm("AAAA-AAAA-AAAA", code) is CodeResult.WRONG
    assert house.confirm(first.references[2], code).accepted


def test_codes_are_limited_for_all_together(acme_on_sqlite: House) -> None:
    house = offering(acme_on_sqlite)
    filed = file(house)

    def ask(number: int) -> None:
        with house.work(ANONYMOUS) as work:
            verification.send_code(work, filed.references[number % 3], "confirm")

    for number in range(5):  # one went out with the receipt
        ask(number)
    with pytest.raises(TooMany):
        ask(5)


def test_what_staff_saw_proven_needs_no_code_for_any(acme_on_sqlite: House) -> None:
    house = offering(acme_on_sqlite)
    filed = file(house, channel="post", proof=ProofNote("document_view", "seen"), details={})
    assert [house.view(reference).status for reference in filed.references] == ["open"] * 3
    assert len(house.jobs("letter_mail")) == 1


def test_the_draft_gives_the_same_cases_again(acme_on_sqlite: House) -> None:
    house = offering(acme_on_sqlite)
    with house.work(ANONYMOUS) as work:
        token = intake.save_draft(work, token=None, kind="several", answers={"rights": ["access"]})
    filing = a_filing(rights=("access", "erasure"))
    sent = []
    for _ in range(2):
        with house.work(ANONYMOUS) as work:
            sent.append(intake.file(work, current(work), filing, draft_token=token))
    assert sent[0] == sent[1]
    assert len(sent[0].references) == 2


def test_all_or_nothing(acme_on_sqlite: House) -> None:
    house = offering(acme_on_sqlite)
    with pytest.raises(Invalid) as invalid:
        file(house, rights=("access", "restriction"), details={})
    assert set(invalid.value.fields) == {"grounds.restriction"}
    assert house.jobs() == []


def test_an_objection_brings_the_setting_aside_along(acme_on_sqlite: House) -> None:
    house = offering(acme_on_sqlite)
    filed = file(
        house, rights=("objection",), grounds={"objection": ("own_situation",)},
        details={"objection": {"situation": "I am ill.", "restrict": "yes"}},
    )  # fmt: skip
    objection, restriction = (house.view(reference) for reference in filed.references)
    assert (objection.right, restriction.right, restriction.grounds) == (
        "objection", "restriction", ("objection_pending",),
    )  # fmt: skip


def test_what_is_decided_item_by_item_is_kept_so(acme_on_sqlite: House) -> None:
    house = offering(acme_on_sqlite)
    filed = file(house, rights=("rectification",), details={"rectification": CORRECTION}, language="lv")
    with house.reading() as work:
        case = house.row(filed.references[0])
        personal = work.unseal_for(case, case.personal, place="personal")
    assert [(one["key"], one["label"]) for one in personal["items"]] == [("0", "Phone: 1 → 2")]
    assert personal["items"][0]["fields"] == CORRECTION


def test_a_person_sees_only_what_they_were_let_into(acme_on_sqlite: House) -> None:
    house = offering(acme_on_sqlite)
    filed = file(house)
    assert house.view(filed.references[0], person(filed.references[0])).sisters == ()
    with house.reading(person(filed.references[1])) as work:
        assert cases.together(work, filed.references[1].lower()) == filed.references


# --- free words


def test_free_words_are_taken_and_then_recognised(house: House) -> None:
    reference = house.filed(rights=("other",), details={"other": {"wish": "Please stop the newsletter."}})
    house.confirm(reference)
    before = house.view(reference)
    assert (before.right, str(before.clock.due)) == ("other", "2026-12-23")
    house.move(reference, "recognise", "handler", right="consent_withdrawal")
    after = house.view(reference)
    assert (after.right, after.status, after.submission) == ("consent_withdrawal", "open", before.submission)
    assert (after.received_at, str(after.clock.due)) == (before.received_at, "2026-11-23")
    assert str(house.row(reference).due_on) == "2026-11-23"
    assert "Please stop the newsletter." in {line.text for told in after.asked for line in told.lines}
    assert "case:recognise" in house.events(reference)
    with pytest.raises(Refused):
        house.move(reference, "recognise", right="access")


def test_only_rights_of_the_law_are_recognised_and_only_by_those_who_may(acme_on_sqlite: House) -> None:
    house = offering(acme_on_sqlite)
    reference = house.filed(rights=("other",), details={"other": {"wish": "?"}})
    house.confirm(reference)
    for right in ("other", "immortality", ""):
        with pytest.raises(Invalid):
            house.move(reference, "recognise", right=right)
    with pytest.raises(Forbidden):
        house.move(reference, "recognise", "approver", right="access")
    house.move(reference, "recognise", right="portability")
    assert house.view(reference).right == "portability", "also what has no form of its own here"


def test_after_a_pause_and_an_extension_the_new_right_still_counts(acme_on_sqlite: House) -> None:
    house = offering(acme_on_sqlite)
    reference = house.filed(rights=("other",), details={"other": {"wish": "?"}})
    house.confirm(reference)
    house.move(reference, "ask_clarification", unclear_part="?", options="a, b", answered_meanwhile="Nothing")
    house.move(reference, "clarify", message="a")
    house.move(reference, "extend", reason="complexity", reasons="Many systems.", delivered_now="Nothing.")
    house.move(reference, "recognise", right="consent_withdrawal")
    assert house.view(reference).clock.due


def test_the_identity_that_staff_find_it_by_is_the_same_for_all(acme_on_sqlite: House) -> None:
    house = offering(acme_on_sqlite)
    filed = file(house)
    assert {row.value for reference in filed.references for row in house.view(reference).identities} == {ANA}
