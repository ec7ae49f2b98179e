"""The frame of every page: deny by default, headers, error pages, and reading that leaves no mark."""

import re

import pytest
from flask import Flask
from sqlalchemy import event, text

from app import create_app
from app.domain.errors import Forbidden, Invalid, Refused, Stale, Tampered, TooMany, Unavailable
from app.models.base import Base
from app.web import guard
from tests.web.checker import check
from tests.web.conftest import make_portal, open_portal

SEEN_BY_GET = {"session"}  # last seen, through one named function


def test_every_route_says_who_may_use_it(app):
    rules = list(app.url_map.iter_rules())
    assert len(rules) > 20
    for rule in rules:
        assert guard.guard_of(app, rule.endpoint) is not None, rule.rule


def test_an_undeclared_view_does_not_start(app):
    bare = Flask("bare", static_folder=None)
    bare.add_url_rule("/", "bare", lambda: "")
    with pytest.raises(TypeError, match="without a guard: bare"):
        guard.insist(bare)


def test_a_view_has_one_guard():
    with pytest.raises(TypeError, match="two guards"):
        guard.public(guard.person(lambda: ""))


def test_paths_are_plain_words(app):
    for rule in app.url_map.iter_rules():
        path = re.sub(r"<[^>]+>", "", rule.rule)
        assert re.fullmatch(r"[a-z0-9/._-]*", path), rule.rule


def test_every_get_page_leaves_the_database_unchanged(app, portal, browser, entered, desk):
    desk(entered, "collect", "approve", "release")
    package = next(link for link in browser.get(f"/case/{entered}/").links() if "/package/" in link)
    before = _content(portal)
    for url in ("/", "/c/acme/", "/c/acme/access/", "/c/acme/access/check/", "/case/", f"/case/{entered}/", package,
                "/signin/", "/nope", "/case/7K2M-9QXF-4TRB/"):  # fmt: skip
        browser.client.get(url)
    for url in ("/healthz", "/readyz", "/metrics", "/.well-known/jwks.json", "/.well-known/habeas.json"):
        browser.client.get(url)
    changed = {name for name, rows in _content(portal).items() if rows != before[name]}
    assert changed <= SEEN_BY_GET


def test_a_get_writes_nothing_at_all_within_a_minute(portal, browser, entered):
    written: list[str] = []

    @event.listens_for(portal.ground.engine, "before_cursor_execute")
    def note(connection, cursor, statement, *_):
        words = statement.upper().split()
        if words[0] not in {"SELECT", "WITH", "BEGIN", "PRAGMA"} or {"INSERT", "UPDATE", "DELETE"} & set(words):
            written.append(statement)

    browser.get(f"/case/{entered}/")
    browser.get("/c/acme/access/")
    assert written == []


def _content(portal) -> dict[str, list]:
    with portal.ground.engine.connect() as connection:
        return {name: connection.execute(text(f'SELECT * FROM "{name}"')).fetchall() for name in Base.metadata.tables}


def test_an_error_leads_staff_back_to_the_desk_and_others_to_the_start(browser):
    assert "/desk/" in browser.get("/desk/acme/nowhere/at/all/", status=404).links()
    assert "/desk/" not in browser.get("/nowhere", status=404).links()


def test_headers_of_every_answer(client):
    for url in ("/", "/healthz", "/nope", "/api/v1/nope"):
        headers = client.get(url).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert "Strict-Transport-Security" not in headers
        assert len(headers["X-Request-ID"]) == 12


def test_the_nonce_is_new_each_time(client):
    found = {re.search(r"nonce-([^']+)", client.get("/").headers["Content-Security-Policy"])[1] for _ in range(3)}
    assert len(found) == 3


def test_cookies_are_ours_alone(client, browser):
    client.get("/case/")
    cookie = client.get_cookie("habeas")
    assert cookie is not None
    assert cookie.http_only
    assert cookie.same_site == "Lax"


@pytest.fixture(scope="module")
def production(tmp_path_factory) -> Flask:
    more = {"HABEAS_BASE_URL": "https://privacy.example.org", "HABEAS_MAIL_URL": "smtp://mail.example.org"}
    return create_app(make_portal(tmp_path_factory.mktemp("production"), env="production", **more))


def test_production_refuses_plain_http(production):
    client = production.test_client()
    answer = client.get("/c/acme/?x=1", base_url="http://privacy.example.org")
    assert (answer.status_code, answer.headers["Location"]) == (301, "https://privacy.example.org/c/acme/?x=1")
    assert client.post("/case/", base_url="http://privacy.example.org").status_code == 403
    assert client.get("/healthz", base_url="http://10.0.0.7").status_code == 200


def test_production_promises_https_and_locks_its_cookies(production):  # M-12
    client = production.test_client()
    answer = client.get("/case/", base_url="https://privacy.example.org")
    assert answer.status_code == 200
    assert "max-age=63072000" in answer.headers["Strict-Transport-Security"]
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-habeas=")
    assert "Secure" in cookie
    assert "Path=/" in cookie


@pytest.mark.parametrize("url", ["/demo/mail/", "/demo/mail/x/", "/demo/codes/"])
def test_the_demos_pages_are_nowhere_else(production, browser, url):
    browser.get(url, status=404)
    assert production.test_client().get(url, base_url="https://privacy.example.org").status_code == 404


def test_only_a_trusted_proxy_may_say_where_a_request_comes_from(prepared, tmp_path):
    forwarded = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"}
    plain = create_app(open_portal(prepared)).test_client()
    assert plain.get("/metrics").status_code == 200
    assert plain.get("/metrics", headers=forwarded).status_code == 404, "some proxy stands in front after all"
    proxied = create_app(open_portal(prepared, HABEAS_TRUSTED_PROXIES="1")).test_client()
    assert proxied.get("/metrics", headers=forwarded).status_code == 404
    assert proxied.get("/metrics").status_code == 200


ERRORS = [
    (Forbidden("Not you."), 403, "You cannot do this"),
    (Refused("Not now."), 409, "This is not possible now"),
    (Stale("Somebody was quicker."), 409, "This is not possible now"),
    (Invalid({"name": "Too long."}), 422, "Some answers need another look"),
    (TooMany("Wait.", retry_after=7), 429, "Too many tries"),
    (Unavailable("The store did not answer."), 503, "This part is not available for the moment"),
    (Tampered("changed bytes of Ana"), 500, "Something went wrong on our side"),
    (ZeroDivisionError("Ana Ionescu"), 500, "Something went wrong on our side"),
]


@pytest.mark.parametrize(("error", "status", "heading"), ERRORS)
def test_every_failure_is_a_page_with_a_way_on(prepared, capsys, error, status, heading):
    page = check(_failing(prepared, error).get("/fails"))
    assert (page.status, page.h1) == (status, heading)
    assert "/" in page.links()
    assert "Ana" not in page.html + capsys.readouterr().out, "values stay out of page and log"
    if isinstance(error, TooMany):
        assert page.response.headers["Retry-After"] == "7"
    if status == 500:
        assert page.response.headers["X-Request-ID"] in page.main


def _failing(prepared, error):
    app = create_app(open_portal(prepared))

    @guard.public
    def fails() -> str:
        raise error

    app.view_functions["fails"] = fails
    app.url_map.add(app.url_rule_class("/fails", endpoint="fails"))
    return app.test_client()


def test_wrong_methods_and_bad_addresses_have_pages_too(client):
    page = check(client.post("/"))
    assert (page.status, page.h1) == (405, "This page cannot be opened this way")
    assert "GET" in page.response.headers["Allow"]
    for url in ("/%00", "/c/%2e%2e/", "/case/" + "A" * 3000 + "/", "/c/acme'--/", "/theme/acme.0.css"):
        assert check(client.get(url)).status == 404


def test_a_way_back_leads_to_our_own_pages_only(client):
    ours = check(client.get("/nope", headers={"Referer": "http://localhost/c/acme/"}))
    assert "/c/acme/" in ours.links()
    others = check(client.get("/nope", headers={"Referer": "http://localhost.evil.example/x"}))
    assert not [link for link in others.links() if "evil" in link]
    tricky = check(client.get("/nope", headers={"Referer": "http://localhost//evil.example/"}))
    assert not [link for link in tricky.links() if link.startswith("//")]


def test_files_of_ours_are_kept_for_good_under_an_address_that_changes(app, client):
    with app.app_context():
        url = app.jinja_env.globals["asset"]("img/mark.svg")
    with client.get(url) as answer:
        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert client.get("/static/000000000000/img/mark.svg").status_code == 404


def test_a_portal_without_organisations_says_so(tmp_path):
    empty = open_portal(tmp_path)
    Base.metadata.create_all(empty.ground.engine)
    assert "No organisation answers here yet" in check(create_app(empty).test_client().get("/")).main
