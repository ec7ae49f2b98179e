"""The typed code (Art. 12(6)): one case, one purpose, ten minutes, five tries, once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import text

from app.domain.codes import LIFETIME, TRIES, CodeResult
from app.domain.errors import TooMany
from app.domain.permissions import ANONYMOUS
from app.services import verification
from app.services.verification import CODES_PER_HOUR
from tests.factories import ANA, House


def send(house: House, reference: str, purpose: str = "confirm") -> str:
    with house.work(ANONYMOUS) as work:
        verification.send_code(work, reference, purpose)
    house.run()
    return house.code()


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def test_the_right_code_proves_the_address_and_nothing_else(acme: House) -> None:
    reference = acme.filed(identities={"email": ANA, "account_name": "ana"})
    assert acme.confirm(reference) is CodeResult.ACCEPTED
    view = acme.view(reference)
    assert view.status == "open"
    assert {row.kind: row.proven_by for row in view.identities} == {"email": "email_code", "account_name": None}
    acme.run()
    assert acme.mails.sent[-1].subject != acme.mails.sent[0].subject


def test_spaces_and_hyphens_do_not_matter(acme_on_sqlite: House) -> None:
    reference = acme_on_sqlite.filed()
    acme_on_sqlite.run()
    code = acme_on_sqlite.code()
    assert acme_on_sqlite.confirm(reference, f" {code[:3]}-{code[3:]} ").accepted


@pytest.mark.parametrize("typed", ["", "0", "abcdef", "１２３４５６", "0" * 10_000, "\x00", "' OR 1=1"])
def test_what_is_no_code_is_wrong(acme_on_sqlite: House, typed: str) -> None:
    reference = acme_on_sqlite.filed()
    assert acme_on_sqlite.confirm(reference, typed) is CodeResult.WRONG


def test_five_wrong_tries_use_it_up_and_a_new_one_must_be_asked_for(acme: House) -> None:
    reference = acme.filed()
    acme.run()
    code = acme.code()
    results = [acme.confirm(reference, wrong(code)) for _ in range(TRIES)]
    assert results == [CodeResult.WRONG] * (TRIES - 1) + [CodeResult.USED_UP]
    assert acme.confirm(reference, code) is CodeResult.USED_UP
    assert acme.view(reference).status == "unverified"
    new = send(acme, reference)
    assert acme.confirm(reference, new) is CodeResult.ACCEPTED
    assert "code:failed" in acme.events(reference)


def test_it_works_for_ten_minutes(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.filed()
    house.run()
    code = house.code()
    house.clock.advance(LIFETIME)
    assert house.confirm(reference, code) is CodeResult.EXPIRED
    new = send(house, reference)
    house.clock.advance(LIFETIME - timedelta(seconds=1))
    assert house.confirm(reference, new) is CodeResult.ACCEPTED


def test_a_newer_code_replaces_the_older_one(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.filed()
    house.run()
    old = house.code()
    new = send(house, reference)
    assert old == new or house.confirm(reference, old) is CodeResult.WRONG
    assert house.confirm(reference, new) is CodeResult.ACCEPTED


def test_it_works_once(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.filed()
    house.run()
    code = house.code()
    assert house.confirm(reference, code) is CodeResult.ACCEPTED
    assert house.confirm(reference, code) is CodeResult.USED
    assert house.events(reference).count("case:confirm") == 1


def test_another_cases_code_opens_nothing(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    first = house.filed()
    house.run()
    code = house.code()
    second = house.filed(name="Eve", identities={"email": "eve@example.com"})
    house.run()
    assert house.code() == code or house.confirm(second, code) is CodeResult.WRONG
    assert house.view(first).status == "unverified"


def test_another_purposes_code_confirms_nothing(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.filed()
    assert house.confirm(reference, send(house, reference, "enter")) is not CodeResult.ACCEPTED


def test_two_confirmations_at_once_are_one(acme: House) -> None:
    reference = acme.filed()
    acme.run()
    code = acme.code()
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: acme.confirm(reference, code), range(4)))
    assert sorted(result.name for result in results) == ["ACCEPTED", "USED", "USED", "USED"]
    assert acme.events(reference).count("case:confirm") == 1
    acme.run()
    assert len(acme.mails.sent) == 2  # the receipt and one acknowledgement


def test_tries_at_once_are_all_counted(acme: House) -> None:
    reference = acme.filed()
    acme.run()
    code = acme.code()
    with ThreadPoolExecutor(4) as pool:
        results = list(pool.map(lambda _: acme.confirm(reference, wrong(code)), range(8)))
    assert results.count(CodeResult.WRONG) == TRIES - 1
    assert acme.confirm(reference, code) is CodeResult.USED_UP


def test_nobody_is_told_whether_a_request_exists(acme: House, borealis: House) -> None:
    foreign = borealis.filed()
    for reference in ("2222-2222-2222", foreign, "nonsense"):
        with acme.work(ANONYMOUS) as work:
            verification.send_code(work, reference, "enter")
            assert verification.try_code(work, reference, "enter", "123456") is CodeResult.WRONG
    assert acme.jobs() == []


def test_codes_are_sent_six_times_an_hour_at_most(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.filed()
    for _ in range(CODES_PER_HOUR - 1):
        send(house, reference)
    with pytest.raises(TooMany) as many, house.work(ANONYMOUS) as work:
        verification.send_code(work, reference, "enter")
    assert many.value.retry_after > 0
    house.clock.advance(timedelta(hours=1))
    send(house, reference)


def test_the_database_does_not_know_the_code(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    house.filed()
    house.run()
    code = house.code()
    with house.portal.unscoped("the test looks at the bytes", reads_only=True) as work:
        stored = repr(work.session.execute(text("SELECT * FROM code")).all())
        stored += repr(work.session.execute(text("SELECT * FROM job")).all())
        stored += repr(work.session.execute(text("SELECT facts FROM trail_entry")).all())
    assert code not in stored


def test_tries_where_no_code_was_sent_count_like_others(acme: House) -> None:
    """As many tries as at a request that does not exist; and the owner's codes of this hour are not used up by it."""
    reference = acme.in_status("open")
    with acme.work(ANONYMOUS) as work:
        results = [verification.try_code(work, reference, "enter", "123456") for _ in range(TRIES + 1)]
    assert results == [CodeResult.WRONG] * (TRIES - 1) + [CodeResult.USED_UP] * 2
    assert acme.events(reference)[-TRIES:] == ["code:failed"] * TRIES
    for _ in range(CODES_PER_HOUR - 1):
        code = send(acme, reference, "enter")
    with acme.work(ANONYMOUS) as work:
        assert verification.try_code(work, reference, "enter", code) is CodeResult.ACCEPTED


def test_a_wrong_confirmation_of_what_is_confirmed_counts_at_the_door(acme_on_sqlite: House) -> None:
    reference = acme_on_sqlite.in_status("open")
    code = send(acme_on_sqlite, reference, "enter")
    for _ in range(TRIES):
        acme_on_sqlite.confirm(reference, wrong(code))
    with acme_on_sqlite.work(ANONYMOUS) as work:
        assert verification.try_code(work, reference, "enter", code) is CodeResult.USED_UP


@pytest.mark.parametrize("minutes", [0, 11])
def test_a_used_and_an_old_code_leave_a_trace(acme_on_sqlite: House, minutes: int) -> None:
    reference = acme_on_sqlite.filed()
    acme_on_sqlite.run()
    code = acme_on_sqlite.code()
    if minutes == 0:
        assert acme_on_sqlite.confirm(reference, code).accepted
    acme_on_sqlite.clock.advance(timedelta(minutes=minutes))
    expected = CodeResult.EXPIRED if minutes else CodeResult.USED
    assert acme_on_sqlite.confirm(reference, code) is expected
    assert "code:failed" in acme_on_sqlite.events(reference)
