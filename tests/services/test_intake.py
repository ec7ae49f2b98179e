"""Filing (Art. 12(2), 15): every bad input is named at its field and leaves nothing behind; twice sent is once
filed."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, text

from app.domain.errors import Invalid, NotFound
from app.domain.filing import Filing, ProofNote
from app.domain.permissions import ANONYMOUS
from app.models.cases import Case, ClockFact, Draft, Identity
from app.models.ledger import Job, TrailEntry
from app.queries.policies import current
from app.services import housekeeping, intake
from app.services.intake import DRAFT_LIFETIME, Filed
from tests.factories import ANA, START, House, a_filing, person


def test_a_request_gets_a_reference_a_clock_and_a_mail(acme: House) -> None:
    reference = acme.filed()
    view = acme.view(reference, person(reference))
    assert (view.status, view.name, view.details) == ("unverified", "Ana Liepa", {"wish": "Everything about me."})
    assert view.clock.due is not None
    assert view.clock.due.isoformat() == "2026-12-23"
    assert [step.rule for step in view.clock.steps]
    assert [(row.kind, row.value, row.proven_by) for row in view.identities] == [("email", ANA, None)]
    acme.run()
    (mail,) = acme.mails.sent
    assert mail.to == ANA
    assert reference in mail.subject
    assert acme.code() in mail.text


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "no right": ({"rights": (), "details": {}}, "rights"),
    "unknown right": ({"rights": ("immortality",), "details": {}}, "rights"),
    "right that is not offered": ({"rights": ("erasure",), "details": {}}, "rights"),
    "right named twice": ({"rights": ("access", "access")}, "rights"),
    "unknown language": ({"language": "xx"}, "language"),
    "language not offered": ({"language": "de"}, "language"),
    "no name": ({"name": "  "}, "name"),
    "overlong name": ({"name": "x" * 201}, "name"),
    "huge name": ({"name": "x" * 10_000_000}, "name"),
    "name with a line": ({"name": "Ana\r\nBcc: all@example.com"}, "name"),
    "name with a control character": ({"name": "Ana\x00"}, "name"),
    "name that turns the text round": ({"name": "Ana \u202egnp.exe"}, "name"),
    "name with an isolate": ({"name": "Ana\u2066x"}, "name"),
    "name with a lone surrogate": ({"name": "Ana\ud800"}, "name"),
    "name that is no text": ({"name": 5}, "name"),
    "no address": ({"identities": {}}, "identities.email"),
    "empty address": ({"identities": {"email": " "}}, "identities.email"),
    "address without a host": ({"identities": {"email": "ana"}}, "identities.email"),
    "two addresses": ({"identities": {"email": "a@example.com, b@example.com"}}, "identities.email"),
    "address with a header": ({"identities": {"email": "ana@example.com\nBcc: b@example.com"}}, "identities.email"),
    "overlong address": ({"identities": {"email": "a" * 250 + "@example.com"}}, "identities.email"),
    "address with a name": ({"identities": {"email": "Ana <ana@example.com>"}}, "identities.email"),
    "unknown identity": ({"identities": {"email": ANA, "shoe_size": "38"}}, "identities.shoe_size"),
    "overlong account name": ({"identities": {"email": ANA, "account_name": "x" * 201}}, "identities.account_name"),
    "account name with a tab": ({"identities": {"email": ANA, "account_name": "a\tb"}}, "identities.account_name"),
    "overlong wish": ({"details": {"access": {"wish": "x" * 4001}}}, "details.access.wish"),
    "wish with an override": ({"details": {"access": {"wish": "a\u202db"}}}, "details.access.wish"),
    "wish with an escape": ({"details": {"access": {"wish": "a\x1b[2J"}}}, "details.access.wish"),
    "unknown detail": ({"details": {"access": {"colour": "red"}}}, "details.access.colour"),
    "detail of another right": ({"details": {"erasure": {"wish": "all"}}}, "details.erasure"),
    "for somebody else": ({"capacity": "guardian"}, "representation"),
    "unknown channel": ({"channel": "pigeon"}, "channel"),
    "unknown proof": ({"channel": "post", "proof": ProofNote("tarot", "seen")}, "proof.method"),
    "proof without a note": ({"channel": "post", "proof": ProofNote("document_view", " ")}, "proof.note"),
    "received in the future": ({"received_at": START + timedelta(days=2)}, "received_at"),
}


def written(house: House) -> int:
    with house.reading() as work:
        return sum(
            work.session.scalars(select(func.count(model.id))).one()
            for model in (Case, Identity, ClockFact, TrailEntry, Job, Draft)
        )


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_named_at_its_field_and_nothing_is_written(acme_on_sqlite: House, name: str) -> None:
    changes, field = BAD[name]
    before = written(acme_on_sqlite)
    with pytest.raises(Invalid) as invalid:
        acme_on_sqlite.filed(**changes)
    assert set(invalid.value.fields) == {field}
    assert len(str(invalid.value.fields[field])) < 300
    assert written(acme_on_sqlite) == before


def test_all_faults_are_named_at_once(acme_on_sqlite: House) -> None:
    with pytest.raises(Invalid) as invalid:
        acme_on_sqlite.filed(name="", identities={"email": "x"}, language="xx", details={"access": {"wish": "\x07"}})
    assert set(invalid.value.fields) == {"name", "identities.email", "language", "details.access.wish"}


@pytest.mark.parametrize("name", ["Zoë O'Neill-Ķiršs", "山田 花子", "😀 Ana", "مريم", "=HYPERLINK()", "<script>"])
def test_names_of_the_world_are_kept_as_they_are(acme_on_sqlite: House, name: str) -> None:
    reference = acme_on_sqlite.filed(name=f"  {name} ")
    assert acme_on_sqlite.view(reference).name == name
    acme_on_sqlite.run()
    mail = acme_on_sqlite.mails.sent[0]
    assert name in mail.text
    assert "<script>" not in mail.html


def test_a_longer_wish_keeps_its_lines(acme_on_sqlite: House) -> None:
    reference = acme_on_sqlite.filed(details={"access": {"wish": "one\r\n\ttwo 😀"}})
    assert acme_on_sqlite.view(reference).details == {"wish": "one\n\ttwo 😀"}


def test_a_letter_that_came_earlier_counts_from_its_day(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    filing = a_filing(channel="post", received_at=START - timedelta(days=10), proof=ProofNote("document_view", "x"))
    with house.work("handler") as work:
        reference = intake.file(work, current(work), filing).references[0]
    view = house.view(reference)
    assert view.status == "open"
    assert view.clock.due is not None
    assert view.clock.due.isoformat() == "2026-12-14"  # a month later is a Sunday


def test_a_letter_without_an_address_gets_no_mail(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    filing = a_filing(identities={"account_name": "ana"}, channel="post", proof=ProofNote("document_view", "seen"))
    with house.work("handler") as work:
        intake.file(work, current(work), filing)
    house.run()
    assert house.mails.sent == []


# --- drafts


def draft(house: House, token: str | None = None, **answers: object) -> str:
    with house.work(ANONYMOUS) as work:
        return intake.save_draft(work, token=token, kind="access", answers=answers)


def found(house: House, token: str) -> tuple[str, dict[str, Any]] | None:
    with house.reading(ANONYMOUS) as work:
        return intake.read_draft(work, token)


def test_answers_are_kept_for_a_day_from_the_last_change(acme: House) -> None:
    token = draft(acme, name="Ana")
    acme.clock.advance(DRAFT_LIFETIME - timedelta(seconds=1))
    assert draft(acme, token, name="Ana Liepa") == token
    acme.clock.advance(DRAFT_LIFETIME - timedelta(seconds=1))
    assert found(acme, token) == ("access", {"name": "Ana Liepa"})
    acme.clock.advance(timedelta(seconds=1))
    assert found(acme, token) is None
    assert housekeeping.forget_leftovers(acme.portal) == 1
    assert draft(acme, token, name="Ana") != token


def test_answers_are_sealed_and_found_by_their_token_only(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    token = draft(house, name="Unmistakable Name")
    assert found(house, token[:-1] + "x") is None
    with house.portal.unscoped("the test looks at the bytes", reads_only=True) as work:
        row = work.session.execute(text("SELECT token_hash, kind, answers FROM draft")).one()
    assert b"Unmistakable" not in row.answers
    assert token.encode() not in row.token_hash


def test_another_organisation_does_not_find_the_answers(acme: House, borealis: House) -> None:
    token = draft(acme, name="Ana")
    assert found(borealis, token) is None
    with borealis.work(ANONYMOUS) as work:
        intake.drop_draft(work, token)
    assert found(acme, token) is not None


def send(house: House, token: str, filing: Filing | None = None) -> Filed:
    with house.work(ANONYMOUS) as work:
        return intake.file(work, current(work), filing or a_filing(), draft_token=token)


def test_pressed_twice_is_filed_once(acme: House) -> None:
    token = draft(acme, name="Ana")
    first = send(acme, token)
    assert send(acme, token) == first
    assert found(acme, token) is None
    assert len(acme.jobs("mail")) == 1


def test_pressed_twice_at_the_same_moment_is_filed_once(acme: House) -> None:
    token = draft(acme, name="Ana")
    with ThreadPoolExecutor(4) as pool:
        filed = list(pool.map(lambda _: send(acme, token), range(4)))
    assert len(set(filed)) == 1
    assert len(acme.jobs("mail")) == 1


def test_a_faulty_filing_keeps_the_draft(acme_on_sqlite: House) -> None:
    token = draft(acme_on_sqlite, name="Ana")
    with pytest.raises(Invalid):
        send(acme_on_sqlite, token, a_filing(name=""))
    assert found(acme_on_sqlite, token) is not None


def test_an_organisation_without_procedures_takes_no_request(acme_on_sqlite: House) -> None:
    with pytest.raises(NotFound), acme_on_sqlite.portal.work(ANONYMOUS, 999) as work:
        current(work)


def test_a_time_without_a_zone_is_refused(acme_on_sqlite: House) -> None:
    naive = datetime(2026, 11, 1)  # noqa: DTZ001  # the very thing that must not pass
    with pytest.raises(Invalid):
        acme_on_sqlite.filed(received_at=naive)


def test_each_right_becomes_a_case_of_its_own(acme_on_sqlite: House) -> None:
    filed = a_filing()
    with acme_on_sqlite.work(ANONYMOUS) as work:
        done = intake.file(work, current(work), replace(filed, rights=("access",)))
    assert len(done.references) == 1
    assert done.submission not in done.references
