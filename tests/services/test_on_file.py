"""The address on file counts (Art. 12(6); FIELD, attack 3): the old contact is told and may object, and whoever asked
learns nothing of it."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.connectors import registry
from app.connectors.base import Connector, ConnectorFault
from app.domain.codes import CodeResult
from app.domain.errors import NotFound, Refused
from app.domain.permissions import ANONYMOUS
from app.gateways.mail import Mail
from app.models.cases import Code
from app.models.proof import OnFile, ProofStep
from app.queries.contacts import Contacts, contacts_of
from app.queries.reading import load
from app.services import look_up, mail_caps, on_file
from app.services.collection import Unreachable
from app.services.jobs import MOST_ATTEMPTS
from tests import questions
from tests.factories import ANA, House, person

NEW = "ana.new@example.net"
CLAIMED = {"email": NEW, "account_name": "ana"}
UNKNOWN = {"email": NEW, "account_name": "nobody-of-that-name"}


def notices(house: House) -> list[Mail]:
    """The mails to contacts on file."""
    house.run()
    return [mail for mail in house.mails.sent if "/on-file/" in mail.text]


def code_of(mail: Mail) -> str:
    found = re.search(r"^\s*(\d{6})\s*$", mail.text, re.MULTILINE)
    assert found
    return found[1]


def own_code(house: House) -> str:
    """The newest code for the person who asks."""
    house.run()
    return code_of([mail for mail in house.mails.sent if mail.to == NEW][-1])


def asked(house: House, **changes: object) -> str:
    """A request from a new address, confirmed there."""
    reference = house.filed(**{"identities": CLAIMED, **changes})
    assert house.confirm(reference, own_code(house)).accepted
    house.run()
    return reference


def say(house: House, reference: str, code: str, *, mine: bool) -> CodeResult:
    with house.work(ANONYMOUS) as work:
        return on_file.answer(work, reference, code, mine=mine)


def seen(house: House, reference: str) -> Contacts:
    with house.reading("dpo") as work:
        return contacts_of(work, reference)


def proven(house: House, reference: str) -> dict[str, str | None]:
    return {row.kind: row.proven_by for row in house.view(reference).identities}


def rows_of(house: House) -> list[OnFile]:
    with house.reading() as work:
        rows = list(work.session.scalars(select(OnFile).order_by(OnFile.id)))
        work.session.expunge_all()
        return rows


@pytest.fixture
def crm(acme_on_sqlite: House) -> Iterator[sqlite3.Connection]:
    """Acme's system, to be changed."""
    url = acme_on_sqlite.portal.environment["ACME_CRM_URL"]
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)) as connection:
        yield connection


def test_the_old_address_is_told_and_says_yes(acme: House) -> None:
    reference = asked(acme)
    (mail,) = notices(acme)
    assert mail.to == ANA
    assert "a•••@example.net" in mail.text
    assert NEW not in mail.text + mail.html
    assert reference in mail.text
    assert "Ana Liepa" not in mail.text + mail.html, "nothing that was typed by who asks stands in our mail to another"
    assert say(acme, reference, code_of(mail), mine=True) is CodeResult.ACCEPTED
    assert proven(acme, reference) == {"email": "email_code", "account_name": "email_code"}
    (row,) = seen(acme, reference).rows
    assert (row.shown, row.same, row.answer) == ("a•••@example.com", False, "mine")
    assert row.told_at is not None
    assert {"contact:looked_up", "contact:told", "contact:agreed", "proof:shown"} <= set(acme.events(reference))


def test_the_old_address_objects_and_only_staff_can_go_on(acme: House) -> None:
    reference = asked(acme)
    before = acme.view(reference, person(reference))
    (mail,) = notices(acme)
    assert say(acme, reference, code_of(mail), mine=False).accepted
    acme.run()
    assert proven(acme, reference) == {"email": "email_code", "account_name": None}
    assert seen(acme, reference).disputed
    with acme.reading() as work:
        shut = {step.way for step in work.session.scalars(select(ProofStep).where(ProofStep.closed_at.is_not(None)))}
    assert shut == set(on_file.CHEAP)
    after = acme.view(reference, person(reference))
    assert after == before, "whoever asked sees nothing of it"
    assert len([mail for mail in acme.mails.sent if mail.to == NEW]) == 2, "nor gets a mail"
    assert "contact:objected" in acme.events(reference)


def test_what_is_found_later_is_not_of_the_name_in_dispute(acme_on_sqlite: House) -> None:
    reference = asked(acme_on_sqlite)
    (mail,) = notices(acme_on_sqlite)
    say(acme_on_sqlite, reference, code_of(mail), mine=False)
    acme_on_sqlite.move(reference, "collect")
    assert sum(run.found for run in acme_on_sqlite.view(reference).runs) == 0


def test_silence_refuses_nothing(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = asked(house)
    notices(house)
    house.clock.advance(timedelta(days=20))
    house.run()
    assert house.view(reference).status == "open"
    assert proven(house, reference)["account_name"] is None


def test_nobody_is_told_before_the_new_address_is_shown_to_work(acme_on_sqlite: House) -> None:
    """Whoever fills in forms with others' numbers and made-up addresses fills nobody's mailbox."""
    acme_on_sqlite.filed(identities=CLAIMED)
    assert notices(acme_on_sqlite) == []
    assert [row.told_at for row in rows_of(acme_on_sqlite)] == [None]


def test_a_letter_without_an_address_is_answered_by_the_contact_on_file(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.filed(identities={"account_name": "ana"}, channel="post")
    (mail,) = notices(house)
    assert mail.to == ANA
    assert "•••" not in mail.text
    assert say(house, reference, code_of(mail), mine=True).accepted
    assert proven(house, reference) == {"account_name": "email_code"}


def test_the_same_address_on_file_is_not_written_to(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.filed(identities={"email": "Ana@Example.COM", "account_name": "ana"})
    assert house.confirm(reference).accepted
    assert notices(house) == []
    assert [row.same for row in seen(house, reference).rows] == [True] * len(rows_of(house))


def test_several_rights_asked_together_are_one_notice_and_one_answer(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    first = asked(house, rights=("access", "other"), details={"access": {"wish": "All."}, "other": {"wish": "Else."}})
    other = house.view(first).sisters[0].reference
    (mail,) = notices(house)
    assert say(house, other, code_of(mail), mine=True).accepted
    for reference in (first, other):
        assert proven(house, reference)["account_name"] == "email_code"


def test_known_and_unknown_people_bring_about_the_same_jobs_and_mails(acme: House) -> None:
    made = {}
    for name, identities in (("known", CLAIMED), ("unknown", UNKNOWN), ("known again", CLAIMED)):
        sent, jobs = len(acme.mails.sent), len(acme.jobs())
        reference = acme.filed(identities=identities)
        acme.confirm(reference, own_code(acme))
        acme.run()
        to_asker = [mail.subject.replace(reference, "R") for mail in acme.mails.sent[sent:] if mail.to == NEW]
        kinds = [job.kind for job in acme.jobs()[jobs:] if job.kind != "on_file_notice"]
        with acme.reading() as work:
            codes = [
                code.purpose
                for code in work.session.scalars(select(Code).where(Code.case_id == acme.row(reference).id))
            ]
        made[name] = (to_asker, kinds, codes, acme.view(reference).status)
    assert made["known"] == made["unknown"] == made["known again"]
    assert "on_file" in made["unknown"][2], "a code is judged for people whom no system knows, too"


def test_a_code_of_nobody_proves_nothing(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = asked(house, identities=UNKNOWN)
    assert notices(house) == []
    results = {say(house, reference, f"{number:06d}", mine=True) for number in range(7)}
    assert results == {CodeResult.WRONG}
    assert proven(house, reference)["account_name"] is None


def test_five_wrong_codes_end_it_and_a_new_one_begins_anew(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = asked(house)
    code = code_of(notices(house)[0])
    wrong = f"{(int(code) + 1) % 10**6:06d}"
    for _ in range(8):
        assert say(house, reference, wrong, mine=True) is CodeResult.WRONG
    assert house.events(reference).count("code:failed") == 5, "who goes on typing fills no trail"
    assert say(house, reference, code, mine=True) is CodeResult.USED_UP
    with house.work(ANONYMOUS) as work:
        on_file.ask_again(work, reference)
    again = notices(house)
    assert [mail.to for mail in again] == [ANA, ANA]
    assert say(house, reference, code_of(again[-1]), mine=True).accepted
    assert say(house, reference, code_of(again[-1]), mine=False) is CodeResult.USED
    assert proven(house, reference)["account_name"] == "email_code"


def test_an_old_code_says_so_to_whoever_has_it(acme_on_sqlite: House) -> None:
    reference = asked(acme_on_sqlite)
    (mail,) = notices(acme_on_sqlite)
    acme_on_sqlite.clock.advance(timedelta(minutes=10))
    assert say(acme_on_sqlite, reference, code_of(mail), mine=True) is CodeResult.EXPIRED


def test_the_code_of_the_one_who_asks_is_of_no_use_here(acme_on_sqlite: House) -> None:
    reference = acme_on_sqlite.filed(identities=CLAIMED)
    code = own_code(acme_on_sqlite)
    acme_on_sqlite.confirm(reference, code)
    (mail,) = notices(acme_on_sqlite)
    assert code_of(mail) == code or say(acme_on_sqlite, reference, code, mine=True) is CodeResult.WRONG


def test_a_contact_is_told_three_times_a_day_however_often_somebody_asks(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    references = [asked(house) for _ in range(mail_caps.NOTICES_A_DAY + 2)]
    assert len(notices(house)) == mail_caps.NOTICES_A_DAY
    assert house.view(references[-1]).status == "open"
    assert "mail:held_back" in house.events(references[-1])
    house.clock.advance(timedelta(days=1))
    asked(house)
    assert len(notices(house)) == mail_caps.NOTICES_A_DAY + 1


def test_a_name_that_several_share_proves_nothing_by_one_of_them(
    acme_on_sqlite: House, crm: sqlite3.Connection
) -> None:
    crm.execute("INSERT INTO customers VALUES (7, 'colleague@example.com', 'ana', 'A Colleague')")
    reference = asked(acme_on_sqlite)
    mails = {mail.to: mail for mail in notices(acme_on_sqlite)}
    assert set(mails) == {ANA, "colleague@example.com"}
    assert code_of(mails[ANA]) != code_of(mails["colleague@example.com"]), "each answers for themselves"
    assert say(acme_on_sqlite, reference, code_of(mails[ANA]), mine=True).accepted
    assert proven(acme_on_sqlite, reference)["account_name"] is None
    assert {row.shown: row.answer for row in seen(acme_on_sqlite, reference).rows} == {
        "a•••@example.com": "mine", "c•••@example.com": None,
    }  # fmt: skip


@pytest.mark.parametrize("held", ["", "no address", "a@example.com\nBcc: all@example.com", "x" * 400 + "@example.com"])
def test_what_is_no_address_in_a_system_is_not_written_to(
    acme_on_sqlite: House, crm: sqlite3.Connection, held: str
) -> None:
    crm.execute("UPDATE customers SET email = ? WHERE account = 'ana'", (held,))
    reference = asked(acme_on_sqlite)
    assert notices(acme_on_sqlite) == []
    assert seen(acme_on_sqlite, reference).rows == ()


def test_a_system_that_is_away_is_asked_again_and_in_the_end_nothing_is_on_file(
    acme_on_sqlite: House, crm: sqlite3.Connection
) -> None:
    house = acme_on_sqlite
    crm.execute("ALTER TABLE customers RENAME TO customers_away")
    reference = house.filed(identities=CLAIMED)
    assert house.confirm(reference, own_code(house)).accepted
    for _ in range(MOST_ATTEMPTS):
        house.run()
        house.clock.advance(timedelta(minutes=20))
    (job,) = house.jobs("look_up")
    assert job.state == "done"
    assert house.row(reference).looked_up_at is not None
    assert rows_of(house) == []
    assert house.view(reference).status == "open"
    assert house.view(reference).given_up == ()


def test_a_form_with_an_address_alone_asks_no_system(acme_on_sqlite: House) -> None:
    acme_on_sqlite.filed()
    acme_on_sqlite.run()
    assert acme_on_sqlite.jobs("look_up") == []


def test_what_is_on_file_is_sealed_and_not_for_the_one_who_asks(acme_on_sqlite: House) -> None:
    reference = asked(acme_on_sqlite)
    (row,) = rows_of(acme_on_sqlite)
    assert ANA.encode() not in row.value + row.digest
    with acme_on_sqlite.reading(person(reference)) as work, pytest.raises(NotFound):
        contacts_of(work, reference)
    assert not any("file" in str(event.text) for event in acme_on_sqlite.view(reference, person(reference)).events)


def test_only_contacts_of_the_named_row_are_read(acme_on_sqlite: House) -> None:
    reference = asked(acme_on_sqlite, identities={"email": NEW, "account_name": "bob"})
    (mail,) = notices(acme_on_sqlite)
    assert mail.to == "bob@example.com"
    assert ANA not in str(seen(acme_on_sqlite, reference))


@pytest.fixture
def two_facts(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Two facts show who asks, unless somebody objects."""
    yield from questions.put_in(monkeypatch)


@pytest.mark.usefixtures("two_facts")
def test_an_objection_closes_the_questions_before_they_are_answered(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    one = questions.asked(house, email=NEW)
    (mail,) = notices(house)
    right = one.right()
    assert say(house, one.reference, code_of(mail), mine=False).accepted
    assert "two_facts" in one.standing.closed
    with pytest.raises(Refused):
        one.answer(right)
    assert one.status() == "proof_needed"
    assert proven(house, one.reference)["account_name"] is None


@pytest.mark.usefixtures("two_facts")
def test_an_objection_takes_back_what_the_questions_had_shown(acme_on_sqlite: House) -> None:
    """A former partner knows the answers; whoever reads the mail on file has the last word."""
    house = acme_on_sqlite
    one = questions.asked(house, email=NEW)
    (mail,) = notices(house)
    one.answer(one.right())
    assert proven(house, one.reference)["account_name"] == "two_facts"
    assert say(house, one.reference, code_of(mail), mine=False).accepted
    assert proven(house, one.reference) == {"email": "email_code", "account_name": None}
    assert one.status() == "proof_needed"
    assert one.standing.asked not in on_file.CHEAP


def test_an_objection_takes_back_the_yes_of_another_contact(acme_on_sqlite: House) -> None:
    """Two systems hold different addresses for one name: no matter who answers first, a no is heard."""
    house = acme_on_sqlite
    reference = asked(house)
    notices(house)
    other = look_up.Contact("email", "colleague@example.com", "account_name", "billing")
    with house.work() as work:
        look_up._keep(work, load(work, reference), [other], unreached=())
    with house.work(ANONYMOUS) as work:
        on_file.ask_again(work, reference)
    mails = {mail.to: mail for mail in notices(house)}
    assert say(house, reference, code_of(mails["colleague@example.com"]), mine=True).accepted
    assert proven(house, reference)["account_name"] == "email_code"
    with house.work(ANONYMOUS) as work:
        on_file.ask_again(work, reference)
    mail = next(one for one in reversed(notices(house)) if one.to == ANA)
    assert say(house, reference, code_of(mail), mine=False).accepted
    assert proven(house, reference) == {"email": "email_code", "account_name": None}


@pytest.mark.usefixtures("two_facts")
def test_a_yes_leaves_the_questions_to_be_answered(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    one = questions.asked(house, email=NEW)
    (mail,) = notices(house)
    assert say(house, one.reference, code_of(mail), mine=True).accepted
    assert proven(house, one.reference)["account_name"] == "email_code"
    one.answer(one.right())
    assert one.status() == "open"


class Away:
    """A system that does not answer so many times."""

    def __init__(self, times: int) -> None:
        self.times = times

    def connect(self, kind: str, url: str) -> Connector:
        if self.times:
            self.times -= 1
            return Unreachable(ConnectorFault("The system does not answer.", retry=True))
        return registry.connect(kind, url)


@pytest.mark.parametrize(("times", "found"), [(2, 1), (100, 0)])
def test_a_system_that_does_not_answer_is_asked_again_for_some_minutes(
    acme_on_sqlite: House, times: int, found: int
) -> None:
    portal = replace(acme_on_sqlite.portal, connect=Away(times).connect)
    house = replace(acme_on_sqlite, portal=portal)
    reference = house.filed(identities=CLAIMED)
    house.run()
    assert [job.state for job in house.jobs("look_up")] == ["queued"]
    assert house.row(reference).looked_up_at is None
    assert house.confirm(reference, own_code(house)).accepted
    for _ in range(MOST_ATTEMPTS):
        house.clock.advance(timedelta(minutes=5))
        house.run()
    assert [job.state for job in house.jobs("look_up")] == ["done"]
    assert (len(rows_of(house)), len(notices(house))) == (found, found)
    assert house.view(reference).status == "open"
