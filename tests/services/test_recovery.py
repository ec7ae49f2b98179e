"""Recovery codes stand in for a lost telephone, once each; a lost factor is taken away by two colleagues or by the
operator, and its owner hears of everything."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.permissions import Actor
from app.gateways.mail import MemoryMailer
from app.models.people import FactorReset, RecoveryCode
from app.portal import Portal
from app.services import lost_factors, recovery, sessions, signing_in, staff
from app.services.sessions import Place
from app.services.signing_in import Caller
from tests.offices import PASSWORD, clock_of, code_now, hired, invited
from tests.services.test_staff import EMAIL, HOME, events, first_step, login_of, sign_in, stage_of
from workers.idle import run_until_idle


def subjects(portal: Portal, email: str = EMAIL) -> list[str]:
    """What was mailed to that address, in order."""
    run_until_idle(portal)
    assert isinstance(portal.mailer, MemoryMailer)
    return [mail.subject for mail in portal.mailer.sent if mail.to == email]


def left(portal: Portal) -> int:
    with portal.unscoped("test", reads_only=True) as work:
        return recovery.left(work, login_of(portal).id)


def officer(portal: Portal, email: str, *, role: str = "admin", slug: str = "acme") -> Actor:
    """Somebody who may look after colleagues."""
    with portal.unscoped("test", reads_only=True) as work:
        found = staff.member_by_email(work, email, slug)
    if found is None:
        hired(portal, email, role=role, slug=slug)
        return officer(portal, email, role=role, slug=slug)
    return found


# Recovery codes


def test_a_recovery_code_signs_in_once_and_its_owner_is_told(portal):
    codes = recovery.renew(portal, hired(portal, EMAIL))
    assert len(set(codes)) == recovery.COUNT
    assert signing_in.enter_code(portal, first_step(portal), codes[3]).token
    assert left(portal) == recovery.COUNT - 1
    with pytest.raises(Invalid):
        signing_in.enter_code(portal, first_step(portal), codes[3])
    assert events(portal).count("login:recovery_used") == 1
    assert subjects(portal)[-1] == "One of your recovery codes was used"


def test_only_digests_of_recovery_codes_are_stored_and_each_is_its_logins_own(portal):
    codes = recovery.renew(portal, hired(portal, EMAIL))
    hired(portal, "other@acme.example")
    with portal.unscoped("test", reads_only=True) as work:
        rows = work.session.scalars(select(RecoveryCode)).all()
    assert all(len(row.code_hash) == 32 for row in rows)
    assert not any(code.replace(" ", "").encode() in row.code_hash for row in rows for code in codes)
    with pytest.raises(Invalid):
        signing_in.enter_code(portal, first_step(portal, email="other@acme.example"), codes[0])
    assert left(portal) == recovery.COUNT


def test_new_codes_replace_the_old_ones(portal):
    login_id = hired(portal, EMAIL)
    old, new = recovery.renew(portal, login_id), recovery.renew(portal, login_id)
    with pytest.raises(Invalid):
        signing_in.enter_code(portal, first_step(portal), old[0])
    assert signing_in.enter_code(portal, first_step(portal), new[0].replace(" ", "-")).token
    assert subjects(portal)[:2] == ["You have new recovery codes"] * 2


@pytest.mark.parametrize("typed", ["000000000000", "0" * 13, "１２３４５６７８９０１２", "0000 0000 0000 x", " "])
def test_what_is_no_recovery_code_is_refused_like_a_wrong_one(portal, typed):
    recovery.renew(portal, hired(portal, EMAIL))
    with pytest.raises(Invalid, match="another look"):
        signing_in.enter_code(portal, first_step(portal), typed)


def test_of_two_requests_at_once_one_uses_the_code(portal):
    codes = recovery.renew(portal, hired(portal, EMAIL))
    waiting = [first_step(portal), first_step(portal)]

    def enter(caller: Caller) -> bool:
        try:
            signing_in.enter_code(portal, caller, codes[0])
        except Invalid:
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(enter, waiting)) == [False, True]


# A lost factor


def test_two_colleagues_take_a_lost_factor_away(portal):
    login_id = hired(portal, EMAIL)
    codes = recovery.renew(portal, login_id)
    mine = sign_in(portal).token
    one, two = officer(portal, "one@acme.example"), officer(portal, "two@acme.example", role="dpo")
    with portal.work(one, one.controller_id) as work:
        lost_factors.ask(work, login_id)
        lost_factors.ask(work, login_id)
        assert [row.asked_by_me for row in lost_factors.colleagues(work) if row.asked_by] == [True]
    assert stage_of(portal, mine) == "full", "nothing has happened yet"
    assert subjects(portal).count("A colleague says that you lost your second factor") == 1
    with portal.work(one, one.controller_id) as work, pytest.raises(Refused, match="Somebody else"):
        lost_factors.confirm(work, login_id)
    with portal.work(two, two.controller_id) as work:
        lost_factors.confirm(work, login_id)
    assert stage_of(portal, mine) is None
    assert left(portal) == 0
    assert subjects(portal)[-1] == "Your second factor was taken away"
    assert events(portal)[-2:] == ["login:reset_asked", "login:factor_reset"]
    again = first_step(portal)
    with pytest.raises(Invalid):
        signing_in.enter_code(portal, again, codes[1])
    with portal.unscoped("test", reads_only=True) as work:
        secret = signing_in.second_step(work, again.token).enrolment.secret.replace(" ", "")
    entered = signing_in.enter_code(portal, again, code_now(portal, secret=secret))
    assert entered.first
    with portal.work(two, two.controller_id) as work, pytest.raises(Refused, match="Nobody has asked"):
        lost_factors.confirm(work, login_id)


def test_the_person_concerned_neither_asks_nor_confirms(portal):
    me, other = officer(portal, "me@acme.example"), officer(portal, "other@acme.example")
    with portal.work(me, me.controller_id) as work, pytest.raises(Refused, match="yourself"):
        lost_factors.ask(work, me.login_id)
    with portal.work(other, other.controller_id) as work:
        lost_factors.ask(work, me.login_id)
    with portal.work(me, me.controller_id) as work:
        with pytest.raises(Refused, match="Somebody else"):
            lost_factors.confirm(work, me.login_id)
        lost_factors.drop(work, me.login_id)
    with portal.reading(me, me.controller_id) as work:
        assert work.session.scalars(select(FactorReset.confirmed)).all() == [False]


def test_asking_lapses_after_a_day(portal):
    login_id = hired(portal, EMAIL)
    one, two = officer(portal, "one@acme.example"), officer(portal, "two@acme.example")
    with portal.work(one, one.controller_id) as work:
        lost_factors.ask(work, login_id)
    clock_of(portal).advance(timedelta(hours=24))
    with portal.work(two, two.controller_id) as work, pytest.raises(Refused, match="more than 24 hours"):
        lost_factors.confirm(work, login_id)


@pytest.mark.parametrize("role", ["handler", "approver", "auditor"])
def test_other_roles_look_after_nobody(portal, role):
    login_id = hired(portal, EMAIL)
    who = officer(portal, "x@acme.example", role=role)
    for verb in (lost_factors.ask, lost_factors.confirm, lost_factors.drop):
        with portal.work(who, who.controller_id) as work, pytest.raises(Forbidden):
            verb(work, login_id)
    with portal.reading(who, who.controller_id) as work, pytest.raises(Forbidden):
        lost_factors.colleagues(work)


def test_nobody_is_reached_in_another_organisation(portal):
    login_id = hired(portal, EMAIL)
    elsewhere = officer(portal, "a@borealis.example", slug="borealis")
    with portal.work(elsewhere, elsewhere.controller_id) as work:
        assert EMAIL not in {row.email for row in lost_factors.colleagues(work)}
        for verb in (lost_factors.ask, lost_factors.confirm, lost_factors.drop):
            with pytest.raises(NotFound):
                verb(work, login_id)


def test_who_works_for_several_organisations_is_the_operators(portal):
    login_id = hired(portal, EMAIL)
    invited(portal, EMAIL, slug="borealis")
    one = officer(portal, "one@acme.example")
    with portal.work(one, one.controller_id) as work, pytest.raises(Refused, match="other organisations"):
        lost_factors.ask(work, login_id)
    lost_factors.reset_by_operator(portal, EMAIL.upper())
    assert login_of(portal).totp_secret is None
    for slug in ("acme", "borealis"):
        assert events(portal, slug)[-1] == "login:factor_reset"
    assert subjects(portal) == ["Your second factor was taken away"], "one mail, whoever it was for"
    with pytest.raises(NotFound):
        lost_factors.reset_by_operator(portal, "nobody@acme.example")


def test_without_a_factor_there_is_nothing_to_lose(portal):
    login_id = invited(portal, EMAIL).login_id
    one = officer(portal, "one@acme.example")
    with portal.work(one, one.controller_id) as work, pytest.raises(Refused, match="no second factor"):
        lost_factors.ask(work, login_id)


# Notices


def test_a_sign_in_from_somewhere_new_is_told_and_one_from_home_is_not(portal):
    hired(portal, EMAIL)
    new = "Somebody signed in with your address"
    here, away = Place("Firefox, Windows", "192.0.2.x"), Place("Firefox, Windows", "203.0.113.x")

    def enter(network: str, place: Place, mark: str | None = None) -> str:
        clock_of(portal).advance(timedelta(minutes=1))
        caller = Caller(network, mark=mark, place=place)
        step = signing_in.check_password(portal, caller, email=EMAIL, password=PASSWORD)
        waiting = Caller(network, token=step, mark=mark, place=place)
        return signing_in.enter_code(portal, waiting, code_now(portal)).mark

    mark = enter("192.0.2.7", here)
    assert subjects(portal) == [new]
    assert isinstance(portal.mailer, MemoryMailer)
    assert "Firefox, Windows, network 192.0.2.x" in portal.mailer.sent[-1].text
    assert "Firefox, Windows, network 192.0.2.x" in portal.mailer.sent[-1].html
    for network, place, known, told in (
        ("192.0.2.8", here, mark, 1), ("203.0.113.5", away, mark, 2), ("203.0.113.5", away, mark, 2),
        ("192.0.2.7", here, None, 3),
    ):  # fmt: skip
        enter(network, place, known)
        assert subjects(portal).count(new) == told


def test_a_changed_password_is_told(portal):
    hired(portal, EMAIL)
    mine = Caller(HOME.network, token=sign_in(portal).token)
    signing_in.change_password(portal, mine, current=PASSWORD, new="other four words now")
    assert subjects(portal)[-1] == "Your password was changed"


# Showing it again


def test_the_second_factor_is_shown_again_under_a_new_id(portal):
    hired(portal, EMAIL)
    mine = sign_in(portal).token

    def proved(token: str) -> bool:
        with portal.unscoped("test", reads_only=True) as work:
            return sessions.find(work, token).proved

    assert proved(mine)
    clock_of(portal).advance(sessions.PROOF_LASTS)
    assert not proved(mine)
    with pytest.raises(Invalid):
        signing_in.prove_again(portal, Caller(HOME.network, token=mine), "000000")
    fresh = signing_in.prove_again(portal, Caller(HOME.network, token=mine), code_now(portal))
    assert proved(fresh)
    assert stage_of(portal, mine) is None, "whoever else held the old id is out"
    with pytest.raises(Invalid):
        signing_in.prove_again(portal, Caller(HOME.network, token=fresh), code_now(portal))


def test_guessing_at_the_proof_ends_the_session(portal):
    hired(portal, EMAIL)
    mine = Caller(HOME.network, token=sign_in(portal).token)
    for _ in range(signing_in.CODES_PER_SESSION):
        with pytest.raises(Invalid):
            signing_in.prove_again(portal, mine, "000000")
    with pytest.raises(signing_in.StartAgain):
        signing_in.prove_again(portal, mine, code_now(portal, steps=1))
    assert stage_of(portal, mine.token) is None
