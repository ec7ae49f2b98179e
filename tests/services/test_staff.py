"""Staff come in by invitation, password and a second factor; guessing is slow, and nobody locks anybody else out."""

from dataclasses import replace
from datetime import timedelta
from time import perf_counter

import pytest
from sqlalchemy import select

from app.domain.errors import Invalid, NotFound, TooMany
from app.domain.permissions import SYSTEM
from app.models.ledger import TrailEntry
from app.models.people import Login
from app.portal import Portal
from app.queries import policies
from app.services import passwords, sessions, signing_in, staff
from app.services.signing_in import Caller, Entered, StartAgain
from tests.offices import PASSWORD, SECRET, clock_of, code_now, hired, invited

HOME = Caller(network="192.0.2.7")
ELSEWHERE = Caller(network="198.51.100.9")
EMAIL = "vera@acme.example"


def login_of(portal: Portal, email: str = EMAIL) -> Login:
    with portal.unscoped("test", reads_only=True) as work:
        return work.session.scalars(select(Login).where(Login.email == email)).one()


def entries(portal: Portal, slug: str = "acme") -> list[TrailEntry]:
    """What the trail of that organisation says of Vera."""
    chain = f"login:{login_of(portal).id}"
    with portal.reading(SYSTEM, policies.find(portal, slug)) as work:
        return list(work.session.scalars(select(TrailEntry).where(TrailEntry.chain == chain).order_by(TrailEntry.id)))


def events_of(portal: Portal, login_id: int, slug: str = "acme") -> list[str]:
    """What the trail of that organisation says of a login, whoever it is."""
    with portal.reading(SYSTEM, policies.find(portal, slug)) as work:
        chain = select(TrailEntry.event).where(TrailEntry.chain == f"login:{login_id}").order_by(TrailEntry.id)
        return list(work.session.scalars(chain))


def events(portal: Portal, slug: str = "acme") -> list[str]:
    return [entry.event for entry in entries(portal, slug)]


def first_step(portal: Portal, caller: Caller = HOME, *, email: str = EMAIL, password: str = PASSWORD) -> Caller:
    token = signing_in.check_password(portal, caller, email=email, password=password)
    return Caller(network=caller.network, token=token, mark=caller.mark)


def sign_in(portal: Portal, caller: Caller = HOME) -> Entered:
    return signing_in.enter_code(portal, first_step(portal, caller), code_now(portal))


def stage_of(portal: Portal, token: str) -> str | None:
    with portal.unscoped("test", reads_only=True) as work:
        seen = sessions.find(work, token)
    return seen.stage if seen else None


# Invitations


def test_an_invitation_leads_to_a_login_with_both_factors(portal):
    token = invited(portal, " Vera@ACME.example ").token
    with portal.unscoped("test", reads_only=True) as work:
        assert staff.open_invitation(work, token).email == EMAIL
    session = staff.accept(portal, token, name=" Vera Ozola ", password=PASSWORD)
    assert stage_of(portal, session) == "password"
    with portal.unscoped("test", reads_only=True) as work:
        step = signing_in.second_step(work, session)
    secret = step.enrolment.secret.replace(" ", "")
    assert "<svg" in step.enrolment.picture
    assert "style" not in step.enrolment.picture
    entered = signing_in.enter_code(portal, Caller("n", session), code_now(portal, secret=secret))
    assert stage_of(portal, entered.token) == "full"
    assert login_of(portal).name == "Vera Ozola"
    assert events(portal) == ["membership:added", "login:password_set", "login:enrolled", "login:signed_in"]
    clock_of(portal).advance(timedelta(minutes=1))
    again = first_step(portal)
    with portal.unscoped("test", reads_only=True) as work:
        assert signing_in.second_step(work, again.token).enrolment is None, "the secret is shown no more"


def test_an_invitation_works_once_and_for_72_hours(portal):
    token = invited(portal, EMAIL).token
    staff.accept(portal, token, name="Vera", password=PASSWORD)
    with pytest.raises(NotFound):
        staff.accept(portal, token, name="Vera", password="another four words")
    late = invited(portal, "late@acme.example").token
    clock_of(portal).advance(timedelta(hours=72))
    with pytest.raises(NotFound):
        staff.accept(portal, late, name="Late", password=PASSWORD)
    with portal.unscoped("test", reads_only=True) as work, pytest.raises(NotFound):
        staff.open_invitation(work, "made up \ud800")


def test_a_new_invitation_replaces_the_old_one(portal):
    old = invited(portal, EMAIL).token
    new = invited(portal, EMAIL).token
    with portal.unscoped("test", reads_only=True) as work:
        with pytest.raises(NotFound):
            staff.open_invitation(work, old)
        assert staff.open_invitation(work, new).email == EMAIL


def test_only_hashes_and_sealed_secrets_are_stored(portal):
    invitation = invited(portal, EMAIL).token
    assert invitation.encode() not in login_of(portal).invitation_hash
    hired(portal, "other@acme.example")
    other = login_of(portal, "other@acme.example")
    assert other.password_hash.startswith("$argon2id$")
    assert SECRET.encode() not in other.totp_secret


def test_a_sealed_secret_opens_for_its_own_login_only(portal):
    hired(portal, EMAIL)
    hired(portal, "other@acme.example")
    stolen = login_of(portal).totp_secret
    with portal.unscoped("test") as work:
        work.session.get_one(Login, login_of(portal, "other@acme.example").id).totp_secret = stolen
    waiting = first_step(portal, email="other@acme.example")
    with pytest.raises(Exception, match="could not be opened"):
        signing_in.enter_code(portal, waiting, code_now(portal))


def test_one_login_works_for_several_organisations(portal):
    hired(portal, EMAIL, role="handler", slug="acme")
    again = invited(portal, EMAIL, role="auditor", slug="borealis")
    assert again.token is None, "who can sign in already needs no invitation"
    with portal.unscoped("test", reads_only=True) as work:
        here = staff.member(work, again.login_id, "acme")
        there = staff.member_by_email(work, "VERA@acme.example", "borealis")
        assert (here.role, here.controller_id) == ("handler", policies.find(portal, "acme"))
        assert (there.role, there.controller_id) == ("auditor", policies.find(portal, "borealis"))
        assert staff.member(work, again.login_id, "nowhere") is None
        assert staff.member_by_email(work, "nobody@acme.example", "acme") is None


def test_a_role_can_be_changed_and_the_trail_says_so(portal):
    invited(portal, EMAIL, role="handler")
    invited(portal, EMAIL, role="handler")
    invited(portal, EMAIL, role="dpo")
    assert events(portal) == ["membership:added", "membership:changed"]


@pytest.mark.parametrize(
    ("email", "role", "field"), [("no address", "handler", "email"), (EMAIL, "king", "role"), ("a" * 300, "x", "email")]
)
def test_a_wrong_invitation_names_its_fields(portal, email, role, field):
    with pytest.raises(Invalid) as refusal:
        invited(portal, email, role=role)
    assert field in refusal.value.fields


@pytest.mark.parametrize(
    "password",
    [
        "", "eleven char", EMAIL, EMAIL.upper(), "aaaaaaaaaaaaaaaa", "abababababab", "x" * 1001,
        "passwordpassword", "Passw0rd!Passw0rd!", "qwertyuiop123", "1qaz2wsx3edc", "123456789012", "iloveyou12345",
        "veraveravera", "habeashabeas1", "monkeymonkey12", "leavemealone", "ab1" * 100,
    ],
)  # fmt: skip
def test_passwords_that_a_guesser_tries_first_are_refused(portal, password):
    with pytest.raises(Invalid) as refusal:
        staff.accept(portal, invited(portal, EMAIL).token, name="Vera", password=password)
    assert list(refusal.value.fields) == ["password"]


@pytest.mark.parametrize(
    "password",
    [
        "ride the quiet tram home",
        "vīnogu ķekars zaļš",
        "пять слов подряд тут",
        "kjhqzzwmvnbtd",
        "🦊🐻🐼🐸🐙🦉🐝🐢🦋🐌🐞🦀",
    ],
)
def test_length_alone_suffices_whatever_it_is_made_of(password):
    passwords.check(password, email=EMAIL, name="Vera")


def test_weighing_the_longest_password_takes_no_time(portal):
    started = perf_counter()
    passwords.check("qwerty p@ssw0rd 1987 " * 47 + "tail", email=EMAIL, name="Vera")
    assert perf_counter() - started < 2, "nobody stops the portal with a password"


def test_the_same_password_typed_on_another_keyboard_fits(portal):
    stored = passwords.hashed(portal, "vīnogu ķekars zaļš")
    assert passwords.matches(portal, "vi\u0304nogu k\u0327ekars zal\u0327s\u030c", stored)
    assert not passwords.matches(portal, "vinogu kekars zals", stored)


# The first step


def test_unknown_uninvited_disabled_and_wrong_all_sound_the_same(portal):
    hired(portal, EMAIL)
    invited(portal, "new@acme.example")
    hired(portal, "gone@acme.example")
    with portal.unscoped("test") as work:
        work.session.get_one(Login, login_of(portal, "gone@acme.example").id).disabled_at = work.now
    said = set()
    for email, password in [
        (EMAIL, "wrong password here"),
        ("nobody@acme.example", PASSWORD),
        ("new@acme.example", PASSWORD),
        ("gone@acme.example", PASSWORD),
        ("\x00'; drop table login --", PASSWORD),
    ]:
        with pytest.raises(Invalid) as refusal:
            first_step(portal, email=email, password=password)
        said.add(str(refusal.value.fields["password"]))
    assert len(said) == 1


def test_tries_are_counted_before_hashing_and_for_this_network_only(portal):
    hired(portal, EMAIL)
    for _ in range(signing_in.TRIES_PER_ADDRESS):
        with pytest.raises(Invalid):
            first_step(portal, password="wrong password here")
    with pytest.raises(TooMany, match="Try again in 15 minutes"):
        first_step(portal)
    assert first_step(portal, ELSEWHERE).token, "the victim is not locked out elsewhere"
    clock_of(portal).advance(timedelta(minutes=15))
    assert first_step(portal).token


def test_a_browser_known_from_before_is_not_locked_out_by_its_own_network(portal):
    hired(portal, EMAIL)
    mark = sign_in(portal).mark
    for number in range(signing_in.TRIES_PER_NETWORK):
        with pytest.raises((Invalid, TooMany)):
            first_step(portal, email=f"guess{number}@acme.example", password="wrong password here")
    for _ in range(signing_in.TRIES_PER_ADDRESS):
        with pytest.raises((Invalid, TooMany)):
            first_step(portal, password="wrong password here")
    with pytest.raises(TooMany):
        first_step(portal)
    known = Caller(network=HOME.network, mark=mark)
    assert first_step(portal, known).token
    with pytest.raises(TooMany):
        first_step(portal, Caller(network=HOME.network, mark=mark[:-1] + "x"))
    with pytest.raises((TooMany, Invalid)):
        first_step(portal, known, email="other@acme.example")


def test_guessing_from_many_networks_is_slowed_down_and_shuts_nobody_out(portal):
    hired(portal, EMAIL)
    mark = sign_in(portal).mark
    clock_of(portal).advance(timedelta(minutes=1))
    for number in range(signing_in.TRIES_FROM_EVERYWHERE):
        with pytest.raises(Invalid):
            first_step(portal, Caller(f"2001:db8:{number}"), password="wrong password here")
    thief = Caller("203.0.113.66")
    for _ in range(signing_in.TRIES_UNDER_ATTACK):
        with pytest.raises(Invalid):
            first_step(portal, thief, password="wrong password here")
    with pytest.raises(TooMany):
        first_step(portal, thief, password="wrong password here")
    assert first_step(portal, ELSEWHERE).token, "from a network that guessed nothing the door is open"
    for _ in range(signing_in.TRIES_PER_ADDRESS - 1):
        with pytest.raises(Invalid):
            first_step(portal, Caller("203.0.113.66", mark=mark), password="wrong password here")
    assert first_step(portal, Caller("203.0.113.66", mark=mark)).token, "a known browser has its whole budget"
    with pytest.raises(Invalid):
        first_step(portal, Caller("203.0.113.67"), email="other@acme.example", password="wrong password here")


@pytest.mark.parametrize("mark", ["", ".", "x.y.z", "99999999999999999999.a.b", "\ud800"])
def test_a_made_up_mark_is_worth_nothing(portal, mark):
    hired(portal, EMAIL)
    assert first_step(portal, Caller("n", mark=mark)).token


def test_a_mark_lapses_after_90_days(portal):
    hired(portal, EMAIL)
    mark = sign_in(portal).mark
    clock_of(portal).advance(timedelta(days=91))
    for _ in range(signing_in.TRIES_PER_ADDRESS):
        with pytest.raises(Invalid):
            first_step(portal, password="wrong password here")
    with pytest.raises(TooMany):
        first_step(portal, Caller(network=HOME.network, mark=mark))


# The second step


def test_a_code_works_once(portal):
    hired(portal, EMAIL)
    code = code_now(portal)
    signing_in.enter_code(portal, first_step(portal), code)
    with pytest.raises(Invalid):
        signing_in.enter_code(portal, first_step(portal), code)
    clock_of(portal).advance(timedelta(seconds=30))
    with pytest.raises(Invalid, match="another look"):
        signing_in.enter_code(portal, first_step(portal), code_now(portal, steps=-1))
    assert signing_in.enter_code(portal, first_step(portal), code_now(portal)).token


@pytest.mark.parametrize(("steps", "accepted"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_of_drift_either_way(portal, steps, accepted):
    hired(portal, EMAIL)
    waiting, code = first_step(portal), code_now(portal, steps=steps)
    if accepted:
        assert signing_in.enter_code(portal, waiting, f" {code[:3]}-{code[3:]} ").token
    else:
        with pytest.raises(Invalid):
            signing_in.enter_code(portal, waiting, code)


def test_a_code_of_a_telephone_that_is_ahead_spends_those_before_it(portal):
    """Within the drift there are three codes; the newest that was used closes the door behind it."""
    hired(portal, EMAIL)
    signing_in.enter_code(portal, first_step(portal), code_now(portal, steps=1))
    for steps in (-1, 0, 1):
        with pytest.raises(Invalid):
            signing_in.enter_code(portal, first_step(portal), code_now(portal, steps=steps))
    clock_of(portal).advance(timedelta(seconds=60))
    assert signing_in.enter_code(portal, first_step(portal), code_now(portal)).token


def test_a_server_whose_clock_is_set_back_takes_no_code_twice(portal):
    hired(portal, EMAIL)
    code = code_now(portal)
    signing_in.enter_code(portal, first_step(portal), code)
    clock_of(portal).advance(timedelta(seconds=-90))
    for steps in range(-1, 4):
        with pytest.raises(Invalid):
            signing_in.enter_code(portal, first_step(portal), code_now(portal, steps=steps))
    clock_of(portal).advance(timedelta(seconds=120))
    assert signing_in.enter_code(portal, first_step(portal), code_now(portal)).token


@pytest.mark.parametrize("second", [0, 29])
def test_the_drift_is_one_whole_step_at_either_end_of_it(portal, second):
    hired(portal, EMAIL)
    clock = clock_of(portal)
    clock.advance(timedelta(seconds=second - int(clock.real().timestamp()) % 30))
    for steps in (-2, 2):
        with pytest.raises(Invalid):
            signing_in.enter_code(portal, first_step(portal), code_now(portal, steps=steps))
    assert signing_in.enter_code(portal, first_step(portal), code_now(portal, steps=-1)).token
    assert signing_in.enter_code(portal, first_step(portal), code_now(portal, steps=1)).token


@pytest.mark.parametrize("typed", ["١٢٣٤٥٦", "", " ", "12345", "1234567", "\x00", "x" * 10_000, "\ud800"])
def test_what_is_no_code_is_refused(portal, typed):
    hired(portal, EMAIL)
    with pytest.raises(Invalid):
        signing_in.enter_code(portal, first_step(portal), typed)


def test_the_sixth_try_is_not_even_looked_at(portal):
    hired(portal, EMAIL)
    waiting = first_step(portal)
    for _ in range(signing_in.CODES_PER_SESSION):
        with pytest.raises(Invalid):
            signing_in.enter_code(portal, waiting, "not a code")
    with pytest.raises(StartAgain, match="wrong 5 times"):
        signing_in.enter_code(portal, waiting, code_now(portal))
    assert stage_of(portal, waiting.token) is None
    assert events(portal).count("login:code_refused") == signing_in.CODES_PER_SESSION


def test_a_known_password_does_not_buy_endless_guesses_at_the_code(portal):
    hired(portal, EMAIL)
    for _ in range(signing_in.CODES_PER_ADDRESS // signing_in.CODES_PER_SESSION):
        waiting = first_step(portal)
        for _ in range(signing_in.CODES_PER_SESSION):
            with pytest.raises(Invalid):
                signing_in.enter_code(portal, waiting, "000 00")
    waiting = first_step(portal)
    with pytest.raises(TooMany):
        signing_in.enter_code(portal, waiting, code_now(portal))


def test_the_first_step_waits_ten_minutes(portal):
    hired(portal, EMAIL)
    waiting = first_step(portal)
    clock_of(portal).advance(timedelta(minutes=10))
    with pytest.raises(StartAgain):
        signing_in.enter_code(portal, waiting, code_now(portal))
    with pytest.raises(StartAgain):
        signing_in.enter_code(portal, HOME, code_now(portal))


def test_the_id_changes_at_each_step_and_an_earlier_one_is_useless(portal):
    hired(portal, EMAIL)
    with portal.unscoped("test") as work:
        planted = sessions.start(work, stage="person")
    waiting = first_step(portal, Caller(HOME.network, token=planted))
    entered = signing_in.enter_code(portal, waiting, code_now(portal))
    assert len({planted, waiting.token, entered.token}) == 3
    assert stage_of(portal, planted) is None
    assert stage_of(portal, waiting.token) is None
    assert stage_of(portal, entered.token) == "full"


def test_a_success_tells_the_trail_how_often_it_failed_before(portal):
    hired(portal, EMAIL)
    for _ in range(3):
        with pytest.raises(Invalid):
            first_step(portal, ELSEWHERE, password="wrong password here")
    sign_in(portal)
    entry = entries(portal)[-1]
    assert entry.facts == {"login": login_of(portal).id, "failed_before": 3}
    assert entry.chain == f"login:{login_of(portal).id}"


def test_signing_in_stands_in_the_trail_of_every_organisation(portal):
    hired(portal, EMAIL)
    invited(portal, EMAIL, slug="borealis")
    entered = sign_in(portal)
    signing_in.sign_out(portal, entered.token)
    for slug in ("acme", "borealis"):
        assert events(portal, slug)[-2:] == ["login:signed_in", "login:signed_out"]
    assert stage_of(portal, entered.token) is None


# Changing the password


def test_a_password_change_ends_all_other_sessions(portal):
    hired(portal, EMAIL)
    tokens = []
    for _ in range(2):
        tokens.append(sign_in(portal).token)
        clock_of(portal).advance(timedelta(minutes=1))
    mine = Caller(HOME.network, token=tokens[1])
    with pytest.raises(Invalid) as refusal:
        signing_in.change_password(portal, mine, current="wrong password here", new="other four words now")
    assert "current" in refusal.value.fields
    signing_in.change_password(portal, mine, current=PASSWORD, new="other four words now")
    assert stage_of(portal, tokens[0]) is None
    assert stage_of(portal, tokens[1]) == "full"
    with pytest.raises(Invalid):
        first_step(portal)
    assert first_step(portal, password="other four words now").token
    with pytest.raises(StartAgain):
        signing_in.change_password(portal, HOME, current=PASSWORD, new="yet other four words")


# The demo


def test_codes_are_shown_in_the_demo_only_and_for_made_up_people_only(portal):
    hired(portal, EMAIL)
    hired(portal, "real.person@organisation.lv")
    invited(portal, "new@acme.example")
    with pytest.raises(NotFound):
        staff.demo_codes(portal)
    demo = replace(portal, settings=replace(portal.settings, env="demo"))
    (shown,) = staff.demo_codes(demo)
    assert (shown.email, shown.roles, shown.code) == (EMAIL, (("handler", "Acme"),), code_now(demo))
    assert 0 < shown.seconds_left <= 30
