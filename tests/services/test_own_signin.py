"""A person's own sign-in: made with a code, never the way to the desk, shows what was asked from the address while it
was theirs, and tells a stranger nothing."""

import re
from dataclasses import replace
from datetime import timedelta
from statistics import median, quantiles
from time import perf_counter

import pytest
from sqlalchemy import func, select

from app.domain.errors import Invalid, Refused, TooMany
from app.domain.permissions import ANONYMOUS
from app.models.cases import Identity
from app.models.ledger import TrailEntry
from app.models.people import AddressCode, BrowserSession, Login
from app.portal import Portal
from app.queries import own_requests
from app.services import (
    address_codes,
    housekeeping,
    intake,
    own_safety,
    own_signin,
    passkeys,
    policies,
    recovery,
    sessions,
    signing_in,
)
from app.services.second_factor import enrolment
from app.services.signing_in import Caller, StartAgain
from tests.authenticator import Authenticator
from tests.factories import ANA, House, a_filing
from tests.offices import PASSWORD, clock_of, code_now, hired, invited
from tests.services.own import LAPTOP, asked, code_in, login_of, mails, signed_in, with_code
from tests.services.test_staff import events_of, stage_of

BASE = "https://desk.acme.example"
PHONE = Caller(network="198.51.100.77")


def row(portal: Portal, email: str = ANA) -> Login | None:
    with portal.unscoped("the test looks", reads_only=True) as work:
        return work.session.scalars(select(Login).where(Login.email == email)).one_or_none()


def codes_kept(portal: Portal) -> int:
    with portal.unscoped("the test looks", reads_only=True) as work:
        return work.session.scalars(select(func.count(AddressCode.id))).one()


def references(portal: Portal, caller: Caller) -> set[str]:
    return {reference for _, reference in own_requests.references(portal, login_of(portal, caller))}


def confirmed(house: House, email: str = ANA) -> str:
    reference = house.filed(identities={"email": email})
    assert house.confirm(reference).accepted
    return reference


# Making one


def test_a_code_makes_a_sign_in_and_nothing_else_is_asked(portal):
    step = with_code(portal)
    made = row(portal)
    assert step.made
    assert made is not None
    assert (made.name, made.password_hash, made.totp_secret) == ("", None, None)
    assert stage_of(portal, step.entered.token) == "own"
    assert events_of(portal, made.id) == ["login:own_made", "login:signed_in"]
    assert [mail.subject for mail in mails(portal)] == ["Your code to make a sign-in"], "no notice of the very first"


def test_nothing_is_made_for_who_is_too_young(portal):
    token = asked(portal)
    code = code_in(mails(portal)[-1])
    with pytest.raises(own_signin.TooYoung):
        own_signin.by_code(portal, LAPTOP, token, code, old_enough=False)
    with pytest.raises(Invalid):
        own_signin.by_code(portal, LAPTOP, token, code, old_enough=True)
    assert row(portal) is None
    assert with_code(portal).made
    assert own_signin.by_code(portal, LAPTOP, asked(portal), code_in(mails(portal)[-1])).entered, "asked once"


def test_asking_again_looks_the_same_and_only_the_mail_says_that_there_is_one(portal):
    first, second = with_code(portal), with_code(portal)
    assert (first.made, second.made) == (True, False)
    assert [mail.subject for mail in mails(portal)] == ["Your code to make a sign-in", "Your code to sign in"]


def test_known_and_unknown_addresses_cost_the_same_statements(portal):
    signed_in(portal)
    counts = []
    for email in (ANA, "nobody@example.com"):
        with portal.unscoped("the test looks", reads_only=True) as work:
            before = work.session.scalars(select(func.count(AddressCode.id))).one()
        asked(portal, email, PHONE)
        with portal.unscoped("the test looks", reads_only=True) as work:
            counts.append(work.session.scalars(select(func.count(AddressCode.id))).one() - before)
    assert counts == [1, 1]
    assert len(mails(portal, "nobody@example.com")) == 1, "everybody gets a mail"


def test_asking_takes_as_long_for_an_address_that_nobody_has(portal):
    """Measured in pairs: they differ by less than the same question differs from itself."""
    signed_in(portal)
    taken: dict[str, list[float]] = {ANA: [], "nobody@example.com": []}
    for number in range(24):
        for email in sorted(taken, reverse=bool(number % 2)):
            network = Caller(network=f"198.51.100.{number}")
            started = perf_counter()
            try:
                asked(portal, email, network)
            except TooMany:
                pytest.fail("within the limits")
            taken[email].append(perf_counter() - started)
    known, unknown = taken.values()
    noise = max(quantiles(one, n=4)[2] - quantiles(one, n=4)[0] for one in taken.values())
    assert abs(median(known) - median(unknown)) < max(noise, 0.002)


def test_a_code_is_for_the_browser_that_asked_once_five_tries_and_ten_minutes(portal):
    mine, strangers = asked(portal), asked(portal, caller=PHONE)
    codes = [code_in(mail) for mail in mails(portal)]
    assert codes[0] != codes[1] or mine != strangers
    for _ in range(5):
        with pytest.raises(Invalid):
            own_signin.by_code(portal, PHONE, strangers, "000000" if codes[1] != "000000" else "111111")
    with pytest.raises(Invalid, match="answers"):
        own_signin.by_code(portal, PHONE, strangers, codes[1])
    with portal.unscoped("the test looks", reads_only=True) as work:
        written = work.session.scalars(select(TrailEntry.event).where(TrailEntry.chain == "address-codes")).all()
    assert list(written) == ["login:code_refused"], "that somebody guessed stands in the trail, once"
    with pytest.raises(own_signin.AgeUnsaid):
        own_signin.by_code(portal, LAPTOP, mine, codes[0])
    step = own_signin.by_code(portal, LAPTOP, mine, codes[0], old_enough=True)
    assert step.entered, "a stranger's tries are not mine"
    with pytest.raises(Invalid):
        own_signin.by_code(portal, LAPTOP, mine, codes[0])
    late = asked(portal)
    code = code_in(mails(portal)[-1])
    clock_of(portal).advance(timedelta(minutes=10))
    with pytest.raises(Invalid):
        own_signin.by_code(portal, LAPTOP, late, code)
    with pytest.raises(Invalid):
        own_signin.by_code(portal, LAPTOP, "made up \ud800", code)


def test_nobodys_mailbox_is_filled(portal):
    for _ in range(address_codes.AN_HOUR):
        asked(portal)
    with pytest.raises(TooMany):
        asked(portal)
    asked(portal, caller=PHONE)  # another network has tries of its own
    for number in range(address_codes.A_DAY):
        network = Caller(network=f"192.0.2.{number}")
        try:
            asked(portal, caller=network)
        except TooMany:
            break
    else:
        pytest.fail("an address gets no more than so many a day")
    assert len(mails(portal)) == address_codes.A_DAY


def test_look_alike_addresses_are_refused_or_told_apart(portal):
    for email in ("straße@example.com", "ana@example.com\r\nBcc: x@example.com", "ana", "a" * 250 + "@example.com"):
        with pytest.raises(Invalid):
            asked(portal, email)
    signed_in(portal)
    assert with_code(portal, "аna@example.com").made, "a Cyrillic letter makes another address"
    assert with_code(portal, "ana+habeas@example.com").made


# Signing in


def test_with_a_password_and_without_one(portal):
    browser = signed_in(portal)
    login_id = login_of(portal, browser)
    own_safety.set_password(portal, login_id, PASSWORD, keep=browser.token)
    assert stage_of(portal, browser.token) == "own"
    step = own_signin.by_password(portal, PHONE, email="ANA@example.com", password=PASSWORD, language="en")
    assert stage_of(portal, step.entered.token) == "own"
    assert mails(portal)[-1].subject == "Somebody signed in with your address"
    assert "/you/safety/" in mails(portal)[-1].text
    assert "colleagues" not in mails(portal)[-1].text
    own_safety.forget_password(portal, login_id)
    with pytest.raises(Invalid):
        own_signin.by_password(portal, PHONE, email=ANA, password=PASSWORD, language="en")


def test_an_app_is_asked_for_at_every_way_in_but_a_passkey(portal):
    browser = signed_in(portal)
    login_id = login_of(portal, browser)
    with_app(portal, login_id)
    clock_of(portal).advance(timedelta(minutes=2))
    step = with_code(portal, caller=PHONE)
    assert (step.entered, stage_of(portal, step.token)) == (None, "own_first")
    waiting = replace(PHONE, token=step.token)
    with pytest.raises(Invalid):
        own_signin.by_app(portal, waiting, "000000")
    entered = own_signin.by_app(portal, waiting, code_now(portal, secret=app_secret(portal, login_id))).entered
    assert stage_of(portal, entered.token) == "own"
    with pytest.raises(StartAgain):
        own_signin.by_app(portal, waiting, "000000")
    code = recovery.renew(portal, login_id)[0]
    step = with_code(portal, caller=PHONE)
    assert own_signin.by_app(portal, replace(PHONE, token=step.token), code).entered
    own_safety.remove_app(portal, login_id)
    assert with_code(portal, caller=PHONE).entered


def with_app(portal: Portal, login_id: int) -> None:
    own_safety.begin_app(portal, login_id)
    with pytest.raises(Invalid):
        own_safety.confirm_app(portal, login_id, "000000")
    own_safety.confirm_app(portal, login_id, code_now(portal, secret=app_secret(portal, login_id)))
    with pytest.raises(Refused):
        own_safety.begin_app(portal, login_id)


def app_secret(portal: Portal, login_id: int) -> str:
    with portal.unscoped("the test reads the picture", reads_only=True) as work:
        return enrolment(work.keyring, work.session.get_one(Login, login_id)).secret.replace(" ", "")


def test_a_passkey_signs_in_at_the_door_that_it_was_shown_at(portal):
    named = replace(portal, settings=replace(portal.settings, base_url=BASE))
    browser = signed_in(named)
    device = Authenticator(BASE)
    passkeys.register(
        named, login_of(named, browser), device.create(passkeys.to_register(named, login_of(named, browser))), name="K"
    )
    step = own_signin.by_passkey(named, PHONE, device.get(passkeys.to_show(named, "own")), language="en")
    assert stage_of(named, step.entered.token) == "own"
    for purpose, enter in (("sign-in", signing_in.enter_by_passkey), ("own", signing_in.enter_by_passkey)):
        with pytest.raises(Invalid):
            enter(named, PHONE, device.get(passkeys.to_show(named, purpose)))
    with pytest.raises(Invalid):
        own_signin.by_passkey(named, PHONE, device.get(passkeys.to_show(named, "sign-in")), language="en")


# Never the desk


def test_no_way_of_an_own_sign_in_leads_to_the_desk(portal):
    browser = signed_in(portal)
    own_safety.set_password(portal, login_of(portal, browser), PASSWORD, keep=browser.token)
    with pytest.raises(Invalid):
        signing_in.check_password(portal, PHONE, email=ANA, password=PASSWORD)
    with portal.unscoped("the test looks", reads_only=True) as work, pytest.raises(StartAgain):
        signing_in.second_step(work, browser.token)


def test_a_member_of_staff_at_the_persons_door_is_a_person(portal):
    """Whoever reads a colleague's mail gets no further than the app, and changes nothing that opens the desk."""
    login_id = hired(portal, ANA, role="dpo")
    with pytest.raises(Invalid):
        own_signin.by_password(portal, PHONE, email=ANA, password=PASSWORD, language="en")
    step = with_code(portal, caller=PHONE)
    assert stage_of(portal, step.token) == "own_first"
    waiting = replace(PHONE, token=step.token)
    with pytest.raises(StartAgain):
        signing_in.enter_code(portal, waiting, code_now(portal))
    entered = own_signin.by_app(portal, waiting, code_now(portal)).entered
    assert stage_of(portal, entered.token) == "own"
    for change in (
        lambda: own_safety.set_password(portal, login_id, "another four words", keep=None),
        lambda: own_safety.forget_password(portal, login_id),
        lambda: own_safety.begin_app(portal, login_id),
        lambda: own_safety.remove_app(portal, login_id),
    ):
        with pytest.raises(Refused):
            change()
    assert signing_in.check_password(portal, PHONE, email=ANA, password=PASSWORD)
    own_signin.close(portal, login_id, language="en")
    assert stage_of(portal, entered.token) is None
    assert row(portal).password_hash is not None, "the desk's sign-in is not closed here"


def test_who_becomes_staff_begins_anew(portal):
    """Whoever had the address before, and whatever they left behind: only the invitation opens the desk."""
    browser = signed_in(portal)
    login_id = login_of(portal, browser)
    own_safety.set_password(portal, login_id, PASSWORD, keep=browser.token)
    with_app(portal, login_id)
    recovery.renew(portal, login_id)
    assert invited(portal, ANA).token is not None
    login = row(portal)
    assert (login.id, login.password_hash, login.totp_secret, login.own_since) == (login_id, None, None, None)
    assert stage_of(portal, browser.token) is None
    with portal.unscoped("the test looks", reads_only=True) as work:
        assert recovery.left(work, login_id) == 0


# Requests


def test_ones_requests_are_those_since_the_address_is_theirs(acme, borealis):
    portal = acme.portal
    old = confirmed(acme)
    acme.clock.advance(timedelta(days=2))
    browser = signed_in(portal)
    assert references(portal, browser) == set(), "the address may have been somebody else's then"
    here, there = confirmed(acme), confirmed(borealis)
    others, unproven = confirmed(acme, "bob@example.com"), acme.filed()
    assert references(portal, browser) <= {here, there}
    acme.clock.advance(timedelta(hours=1))
    browser = signed_in(portal)
    assert references(portal, browser) == {here, there}
    assert not {old, others, unproven} & references(portal, browser)
    lines = own_requests.listed(portal, login_of(portal, browser))
    assert {(line.reference, line.controller, line.status) for line in lines} == {
        (here, "Acme", "open"), (there, "Borealis", "open"),
    }  # fmt: skip


def test_who_asked_as_a_guest_a_moment_ago_finds_it(acme):
    reference = confirmed(acme)
    assert references(acme.portal, signed_in(acme.portal)) == {reference}


def test_what_was_asked_after_the_address_was_last_shown_waits_until_it_is_shown_again(acme):
    """By then it may be somebody else's: a password alone shows nothing of that."""
    portal = acme.portal
    browser = signed_in(portal)
    own_safety.set_password(portal, login_of(portal, browser), PASSWORD, keep=browser.token)
    acme.clock.advance(timedelta(days=30))
    reference = confirmed(acme)
    entered = own_signin.by_password(portal, LAPTOP, email=ANA, password=PASSWORD, language="en").entered
    assert references(portal, replace(LAPTOP, token=entered.token)) == set()
    acme.clock.advance(timedelta(minutes=1))
    assert references(portal, signed_in(portal)) == {reference}


def test_the_next_owner_of_an_address_finds_nothing(acme):
    portal = acme.portal
    browser = signed_in(portal)
    first = login_of(portal, browser)
    own_safety.set_password(portal, first, PASSWORD, keep=browser.token)
    reference = confirmed(acme)
    acme.clock.advance(own_signin.PROOF_LASTS + timedelta(days=1))
    step = with_code(portal, caller=PHONE)
    assert step.made
    newcomer = replace(PHONE, token=step.entered.token)
    assert login_of(portal, newcomer) != first
    assert references(portal, newcomer) == set()
    assert reference not in references(portal, newcomer)
    with pytest.raises(Invalid):
        own_signin.by_password(portal, LAPTOP, email=ANA, password=PASSWORD, language="en")


def test_after_half_a_year_a_password_needs_the_mailbox_too(acme):
    portal = acme.portal
    browser = signed_in(portal)
    first = login_of(portal, browser)
    own_safety.set_password(portal, first, PASSWORD, keep=browser.token)
    reference = confirmed(acme)
    acme.clock.advance(own_signin.PROOF_LASTS + timedelta(days=1))
    step = own_signin.by_password(portal, LAPTOP, email=ANA, password=PASSWORD, language="en")
    assert (step.entered, step.token) == (None, None)
    step = own_signin.by_code(portal, LAPTOP, step.code, code_in(mails(portal)[-1]))
    browser = replace(LAPTOP, token=step.entered.token)
    assert (login_of(portal, browser), step.made) == (first, False)
    assert references(portal, browser) == {reference}


def test_letters_that_fold_together_are_different_addresses(acme):
    wide = "\uff41na@example.com"  # full-width a: NFKC makes it a plain one
    confirmed(acme)
    with acme.work(ANONYMOUS) as work:
        digests = work.session.scalars(select(Identity.digest)).all()
    assert len(digests) == 1
    browser = signed_in(acme.portal, wide)
    assert references(acme.portal, browser) == set()
    assert not own_signin.speaks_for(acme.portal, login_of(acme.portal, browser), ANA)


# Filing without a code


def test_who_is_signed_in_files_without_a_code(acme):
    portal = acme.portal
    browser = signed_in(portal)
    assert own_signin.speaks_for(portal, login_of(portal, browser), "Ana@example.com")
    with acme.work(ANONYMOUS) as work:
        filed = intake.file(work, policies.current(work), a_filing(), signed_in=True)
    acme.run()
    case = acme.view(filed.references[0])
    assert case.status == "open"
    assert {one.kind: one.proven_by for one in case.identities}["email"] == "account_session"
    assert not any(one.proven_by for one in case.identities if one.kind != "email")
    assert "Your code" not in mails(portal)[-1].subject
    assert references(portal, browser) == {filed.references[0]}


def test_a_sign_in_speaks_for_its_own_address_only_and_for_half_a_year(acme):
    portal = acme.portal
    login_id = login_of(portal, signed_in(portal))
    assert not own_signin.speaks_for(portal, login_id, "bob@example.com")
    assert not own_signin.speaks_for(portal, login_id, "ana+x@example.com")
    acme.clock.advance(own_signin.PROOF_LASTS + timedelta(seconds=1))
    assert not own_signin.speaks_for(portal, login_id, ANA)


# The end


def test_closing_leaves_nothing_of_the_person_and_the_requests(acme):
    portal = acme.portal
    browser, other = signed_in(portal), signed_in(portal, caller=PHONE)
    login_id = login_of(portal, browser)
    with_app(portal, login_id)
    recovery.renew(portal, login_id)
    reference = confirmed(acme)
    own_signin.close(portal, login_id, language="en")
    assert row(portal) is None
    assert stage_of(portal, browser.token) is stage_of(portal, other.token) is None
    with portal.unscoped("the test looks", reads_only=True) as work:
        left = work.session.get_one(Login, login_id)
        assert (left.email, left.name, left.totp_secret) == (f"closed-{login_id}", "", None)
        assert not work.session.scalars(select(BrowserSession).where(BrowserSession.login_id == login_id)).all()
        assert recovery.left(work, login_id) == 0
    assert acme.view(reference).status == "open"
    assert events_of(portal, login_id)[-1] == "login:own_closed"
    assert with_code(portal).made, "the address can have a new one"


def test_the_address_is_told_once_that_it_is_closed_and_nothing_keeps_it(portal):
    login_id = login_of(portal, signed_in(portal))
    kept = codes_kept(portal)
    own_signin.close(portal, login_id, language="lv")
    assert codes_kept(portal) == kept + 1
    told = mails(portal)[-1]
    assert ANA in told.text
    assert f"{portal.settings.base_url}/you/" in told.text
    assert not re.search(r"^\s+\d{6}\s*$", told.text, re.MULTILINE), "no code is in it"
    assert (len(mails(portal)), codes_kept(portal)) == (2, kept)


def test_staff_read_that_their_other_sign_in_stays(portal):
    hired(portal, ANA, role="dpo")
    step = with_code(portal, caller=PHONE)
    entered = own_signin.by_app(portal, replace(PHONE, token=step.token), code_now(portal)).entered
    own_signin.close(portal, login_of(portal, replace(PHONE, token=entered.token)), language="en")
    assert "Your sign-in as a member of staff stays too." in mails(portal)[-1].text


def test_two_years_without_use_close_it(portal):
    login_id = login_of(portal, signed_in(portal))
    officer = hired(portal, "vera@acme.example")
    clock_of(portal).advance(own_signin.UNUSED - timedelta(days=1))
    assert housekeeping.tick(portal)["close_unused_sign_ins"] == 0
    clock_of(portal).advance(timedelta(days=1))
    assert housekeeping.tick(portal)["close_unused_sign_ins"] == 1
    with portal.unscoped("the test looks", reads_only=True) as work:
        assert work.session.get_one(Login, login_id).disabled_at is not None
        assert work.session.get_one(Login, officer).disabled_at is None
        assert work.session.scalars(select(func.count(AddressCode.id))).one() == 0


def test_what_the_browser_was_let_into_stays_open_when_signing_in(portal):
    with portal.unscoped("the test lets somebody in") as work:
        token = sessions.grant(work, None, "7K2M-9QXF-4TRB")
    browser = signed_in(portal, caller=replace(LAPTOP, token=token))
    with portal.unscoped("the test looks", reads_only=True) as work:
        assert sessions.find(work, browser.token).references == ("7K2M-9QXF-4TRB",)
        assert sessions.find(work, token) is None


def test_an_own_session_lasts_half_an_hour_and_half_a_day(portal):
    browser = signed_in(portal)
    clock_of(portal).advance(timedelta(minutes=30))
    assert stage_of(portal, browser.token) is None
    browser = signed_in(portal)
    for _ in range(24 * 2 + 1):
        clock_of(portal).advance(timedelta(minutes=15))
        with portal.unscoped("the test is there") as work:
            sessions.touch(work, browser.token)
    assert stage_of(portal, browser.token) is None
