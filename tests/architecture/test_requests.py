"""Every address, visited as everybody: a GET changes nothing, and a POST from elsewhere does nothing."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from app.queries.cases import CaseView
from app.services import passkeys, sessions, staff
from tests.architecture.world import REASON, VISITORS, World, a_world, let_a_while_pass
from tests.authenticator import Authenticator
from tests.offices import SECRET

# What a GET may write: a sign of life, counters against guessing, and that somebody took a package or a letter away
# (Art. 5(2)).
COUNTED = {"rate+", "rate.count", "rate.window_ends_at"}
ALWAYS = {"session.last_seen_at"} | COUNTED
# Who was turned away is written down, and counted.
TURNED_AWAY = {"trail_entry+door:refused"} | COUNTED
LOOKS = {
    "vault.part": {"trail_entry+package:downloaded"},
    "api.read_part": {"trail_entry+package:downloaded"},
    "api.read_letter": {"trail_entry+letter:opened"},
}
# Whatever a form of ours would send, as somebody might hang it onto an address.
HANGING_ON = "?code=123456&decision=include&item=1-0&step=send&email=ana@example.com&assignee=x&next=/desk/&page=2"
TOO_OLD = "had been open for too long"


def test_a_look_is_written_down(world: World, changes: Callable[[], set[str]]) -> None:
    """The other way round: what a GET may write, it does write."""
    changes()
    for who, endpoint in (("person", "vault.part"), ("token", "api.read_part"), ("token", "api.read_letter")):
        rule = next(rule for rule, _ in world.rules() if rule.endpoint == endpoint)
        for address in world.addresses(rule):
            if world.client(who).get(address).status_code == 200:
                assert LOOKS[endpoint] <= changes()
                break
        else:
            pytest.fail(f"nobody could download at {endpoint}")


@pytest.mark.timeout(300)  # every address three times for everybody
def test_a_get_changes_nothing(world: World, changes: Callable[[], set[str]]) -> None:
    answered = set()
    for who in VISITORS:
        let_a_while_pass(world)
        client = world.client(who)
        changes()
        for rule, _ in world.rules():
            if "GET" not in (rule.methods or ()):
                continue
            for address in world.addresses(rule):
                for method, url in (("GET", address), ("HEAD", address), ("GET", address + HANGING_ON)):
                    status = client.open(url, method=method).status_code
                    assert status < 500, f"{who}: {method} {url}"
                    if status < 400:
                        answered.add(rule.rule)
                    may = ALWAYS | (LOOKS.get(rule.endpoint, set()) if method == "GET" else set())
                    may |= TURNED_AWAY if status in {401, 403, 404} else set()
                    assert changes() <= may, f"{who}: {method} {url}"
    readable = {rule.rule for rule, _ in world.rules() if "GET" in (rule.methods or ())}
    assert readable - answered == set(), "every address answers somebody"


# Whose page a POST is sent from, where its guard does not say.
WHOSE = {
    "public.check": "drafting",
    "public.who": "for a child",
    "public.ask": "several",
    "public.you": "several",
    "signin.sign_out": "staff",
    "signin.try_code": "half",
    "vault.leave": "leaving",
    "you.try_app": "own half",
}


def visitor_of(endpoint: str, guard: str) -> str:
    return WHOSE.get(endpoint) or {"person": "person", "own": "own", "public": "anonymous"}.get(guard, "staff")


def bodies(world: World) -> dict[str, tuple[str, dict[str, str]]]:
    """Per address: where it leads here, and what its own page would send."""
    open_, waits = world.house.view(world.in_["open"]), world.in_["unverified"]
    reviewed, refused = world.house.view(world.in_["in_review"]), world.house.view(world.in_["refused"])
    closed = world.house.view(world.in_["closed"])
    version = {"version": str(open_.version)}
    package = f"/case/{closed.reference}/package/{closed.packages[0].id}/"
    desk = f"/desk/acme/cases/{open_.reference}/"
    person = {"name": "Ana Liepa", "email": "ana@example.com", "scope": "everything"}
    kept, destroyed = world.more["evidence_id"]
    code = {"code": "000000"}
    return {
        "public.form": ("/c/acme/access/", person),
        "public.check": ("/c/acme/access/check/", {}),
        "public.choose": ("/c/acme/several/", {"rights": "access"}),
        "public.who": ("/c/acme/access/who/", {"subject_name": "Ana Liepa", "born_on": "2015-03-27"}),
        "public.ask": ("/c/acme/several/ask/access/", {"scope": "everything"}),
        "public.you": ("/c/acme/several/you/", person),
        "vault.find": ("/case/", {"reference": waits}),
        "vault.send": (f"/case/{waits}/code", {}),
        "vault.confirm": (f"/case/{waits}/confirm", code),
        "vault.enter": (f"/case/{waits}/enter", code),
        "vault.leave": (f"/case/{waits}/leave", {}),
        "vault.say_whose": (f"/case/{waits}/on-file/", {**code, "mine": "no"}),
        "vault.send_on_file_code": (f"/case/{waits}/on-file/code", {}),
        "vault.say_if_agreed": (f"/case/{waits}/cosign/", {**code, "agrees": "no"}),
        "vault.send_cosign_code": (f"/case/{waits}/cosign/code", {}),
        "vault.letter": (f"/case/{refused.reference}/letter/{refused.letters[0].id}", {}),
        "vault.send_download_code": (f"{package}code", {}),
        "vault.open_package": (f"{package}open", code),
        "vault.write": (f"/case/{waits}/messages", {"body": "A word."}),
        "vault.send_files": (f"/case/{open_.reference}/evidence", {"purpose": "identity"}),
        "vault.make_pack": (f"/case/{open_.reference}/complaint-pack/", {"authority": "LV", "typed": "A word."}),
        "vault.make_form": (f"/case/{open_.reference}/proof/signed-form", {}),
        "vault.send_scan": (f"/case/{open_.reference}/proof/signed-form/scan", {}),
        "vault.answer_two_facts": (f"/case/{open_.reference}/proof/two-facts", {"first": "Riga", "second": "12.50"}),
        "vault.pass_two_facts_by": (f"/case/{open_.reference}/proof/two-facts/another-way", {}),
        "vault.make_move": (f"/case/{waits}/moves/withdraw/", {}),
        "desk.write": (f"{desk}messages/", {"body": "A word."}),
        "desk.read": (f"{desk}messages/read/", {}),
        "desk.covers_answer": (
            f"/desk/acme/cases/{world.in_['acted for']}/proof/representative/answer", {"note": "It says so."}
        ),
        "desk.add_files": (f"{desk}evidence/", {"purpose": "identity"}),
        "desk.look_at_file": (f"{desk}evidence/{kept}/look/", {}),
        "desk.note_file": (f"{desk}evidence/{kept}/note/", {"note": "The name fits."}),
        "desk.open_file": (f"{desk}evidence/{kept}/open/", {}),
        "desk.destroy_file": (f"{desk}evidence/{destroyed}/destroy/", {}),
        "desk.form_arrived": ("/desk/acme/forms/", {}),
        "desk.print_form": (f"{desk}proof/signed-form/", {}),
        "desk.look_at_form": (f"{desk}proof/signed-form/{kept}/", {}),
        "desk.make_move": (f"{desk}moves/assign/", {**version, "assignee": "handler@acme.example.com"}),
        "desk.decide": _withheld(reviewed),
        "desk.letter": (f"/desk/acme/cases/{refused.reference}/letters/{refused.letters[0].id}/", {}),
        "signin.try_password": ("/signin/", {"email": "dpo@acme.example.com", "password": "four words in a row"}),
        "signin.try_code": ("/signin/code/", code),
        "signin.accept_invitation": (
            f"/signin/invitation/{world.more['token'][0]}/", {"name": "N", "password": "four other words in a row"},
        ),
        "signin.change_own_password": ("/signin/password/", {"current": "x" * 12, "password": "y" * 12}),
        "signin.sign_out": ("/signout/", {}),
        "signin.try_passkey": ("/signin/passkey/", {"credential": "{}"}),
        "signin.sso_finish": ("/signin/sso/finish/", {"code": "x", "state": "x", "iss": ""}),
        "signin.add_passkey": ("/signin/safety/passkeys/", {"credential": "{}", "name": "Key"}),
        "signin.remove_passkey": ("/signin/safety/passkeys/remove/", {"passkey": _passkey(world)}),
        "signin.new_recovery_codes": ("/signin/safety/recovery/", {}),
        "signin.end_session": ("/signin/safety/sessions/end/", {"session": _session(world)}),
        "signin.end_other_sessions": ("/signin/safety/sessions/end-others/", {}),
        **_own(world),
        "desk.settle_lost_factor": ("/desk/acme/colleagues/", {"deed": "ask", "colleague": _colleague(world)}),
    }  # fmt: skip


def _own(world: World) -> dict[str, tuple[str, dict[str, str]]]:
    """The pages of Ana's own sign-in."""
    page, safety = f"/you/code/{world.values('token', 'you.code')[0]}/", "/you/safety/"
    named = {"email": "ana@example.com", "password": "four words in a row"}
    return {
        "you.ask_code": ("/you/signin/", {"email": "nobody@example.com"}),
        "you.try_code": (page, {"code": "000000"}),
        "you.say_age": (f"{page}age", {"code": "000000", "age": "older"}),
        "you.another_code": (f"{page}again", {}),
        "you.try_password": ("/you/password/", named),
        "you.try_passkey": ("/you/passkey/", {"credential": "{}"}),
        "you.try_app": ("/you/app/", {"code": "000000"}),
        "you.open_request": ("/you/requests/", {"reference": world.in_["open"]}),
        "you.set_password": (f"{safety}password/", {"password": "y" * 12}),
        "you.forget_password": (f"{safety}password/forget/", {}),
        "you.begin_app": (f"{safety}app/", {}),
        "you.confirm_app": (f"{safety}app/confirm/", {"code": "000000"}),
        "you.remove_app": (f"{safety}app/remove/", {}),
        "you.add_passkey": (f"{safety}passkeys/", {"credential": "{}", "name": "Key"}),
        "you.remove_passkey": (f"{safety}passkeys/remove/", {"passkey": _own_passkey(world)}),
        "you.new_recovery_codes": (f"{safety}recovery/", {}),
        "you.end_session": (f"{safety}sessions/end/", {"session": _own_session(world)}),
        "you.end_other_sessions": (f"{safety}sessions/end-others/", {}),
        "you.close_sign_in": ("/you/close/", {}),
    }


def _own_session(world: World) -> str:
    return sessions.key_of(world.signed_in_as_ana("own"))


def _own_passkey(world: World) -> str:
    token = world.signed_in_as_ana("own")
    with world.house.portal.unscoped("the test looks for it", reads_only=True) as work:
        seen = sessions.find(work, token)
    assert seen is not None
    return _passkey_of(world, seen.login_id or 0)


def _passkey(world: World) -> str:
    """A passkey of the member of staff whose browser the world opens."""
    return _passkey_of(world, world.house.staff("dpo").login_id or 0)


def _passkey_of(world: World, login_id: int) -> str:
    portal = world.house.portal
    portal = replace(portal, settings=replace(portal.settings, base_url="https://desk.example"))
    device = Authenticator("https://desk.example")
    passkeys.register(portal, login_id, device.create(passkeys.to_register(portal, login_id)), name="Key")
    with portal.unscoped("the test looks for it", reads_only=True) as work:
        return str(passkeys.of_login(work, login_id)[-1].number)


def _session(world: World) -> str:
    """Another session of the member of staff whose browser the world opens."""
    login_id = world.house.staff("dpo").login_id
    with world.house.portal.unscoped("the test signs somebody in") as work:
        return sessions.key_of(sessions.start(work, login_id=login_id, stage="full"))


def _colleague(world: World) -> str:
    """Somebody who has a second factor to lose."""
    login_id = world.house.staff("handler").login_id
    assert login_id is not None
    staff.enrol_known(world.house.portal, login_id, SECRET)
    return str(login_id)


def _withheld(reviewed: CaseView) -> tuple[str, dict[str, str]]:
    number = reviewed.collections[0].id
    decision = {"decision": "include", "item": f"{number}-0", "reason": REASON, "version": str(reviewed.version)}
    return f"/desk/acme/cases/{reviewed.reference}/items/{number}/", decision


def posts(world: World) -> list[tuple[str, str, str, dict[str, str]]]:
    """Every POST of a browser: address, endpoint, visitor, body."""
    sent = bodies(world)
    rules = {rule.endpoint: guard for rule, guard in world.rules() if "POST" in (rule.methods or ()) and guard.browser}
    assert rules.keys() == sent.keys(), "every POST has a body here"
    return [(*sent[name], name, visitor_of(name, guard.name)) for name, guard in rules.items()]


def test_a_post_without_our_token_changes_nothing(world: World, changes: Callable[[], set[str]]) -> None:
    for address, body, _, who in posts(world):
        for extra, headers in (
            ({}, {}),
            ({"csrf_token": "made-up"}, {}),
            ({}, {"X-CSRF-Token": "made-up"}),
        ):
            client = world.client(who)
            changes()
            answer = client.post(address, data={**body, **extra}, headers=headers)
            assert answer.status_code in {400, 422}, f"{address}: {answer.status_code}"
            assert TOO_OLD in answer.get_data(as_text=True), address
            assert changes() <= {"session.last_seen_at"} | TURNED_AWAY, address


def test_a_post_from_another_site_changes_nothing(world: World, changes: Callable[[], set[str]]) -> None:
    """Even with a token that is ours: newer browsers tell where a request began."""
    for address, body, _, who in posts(world):
        client = world.client(who)
        proof = {"csrf_token": world.csrf(client)}
        for site in ("cross-site", "same-site"):
            changes()
            answer = client.post(address, data={**body, **proof}, headers={"Sec-Fetch-Site": site})
            assert answer.status_code in {400, 422}, f"{address}: {answer.status_code}"
            assert TOO_OLD in answer.get_data(as_text=True), address
            assert changes() <= {"session.last_seen_at"} | TURNED_AWAY, address


def test_another_browsers_token_is_none(world: World, changes: Callable[[], set[str]]) -> None:
    stolen = world.csrf(world.client("anonymous"))
    for address, body, _, who in posts(world):
        client = world.client(who)
        world.csrf(client)
        changes()
        answer = client.post(address, data={**body, "csrf_token": stolen})
        assert answer.status_code in {400, 422}, f"{address}: {answer.status_code}"
        assert changes() <= {"session.last_seen_at"} | TURNED_AWAY, address


def test_a_cookie_has_no_authority_over_the_api(world: World) -> None:
    for rule, guard in world.rules():
        if guard.browser:
            continue
        for address in world.addresses(rule)[:2]:
            for method in (rule.methods or set()) - {"OPTIONS"}:
                nobody = world.client("anonymous").open(address, method=method)
                staff = world.client("staff").open(address, method=method)
                assert staff.status_code == nobody.status_code, f"{method} {address}"
                assert guard.name.startswith("public") or staff.status_code == 401, f"{method} {address}"


def test_with_our_token_every_post_is_heard(tmp_path: Path, prepared_sqlite: Path) -> None:
    """The other way round: nothing of the above was refused for another reason."""
    with a_world(tmp_path, prepared_sqlite) as world:
        # A session is ended first: others of these posts end it along with the rest. Last goes what ends all.
        order = lambda post: (not post[0].endswith("/sessions/end/"), post[0].endswith("/close/"))  # noqa: E731
        for address, body, _, who in sorted(posts(world), key=order):
            client = world.client(who)
            answer = client.post(address, data={**body, "csrf_token": world.csrf(client)})
            assert answer.status_code in {200, 303, 422}, f"{address}: {answer.status_code}"
            assert TOO_OLD not in answer.get_data(as_text=True), address
