"""Files that nobody should send, at every door that takes files: each is named, none kept; and many at one moment."""

import io
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from app.domain.evidence import MOST_FILES
from app.portal import Portal
from app.services import sessions, tokens
from app.web.visitor import SID
from tests.factories import House
from tests.samples_of_files import BAD, picture
from tests.services.test_evidence import files
from tests.services.test_signed_form import RUSSIA, asked, printed
from tests.web.conftest import Browser
from tests.web.vault.test_evidence import Endless

HEAD = b'--x\r\nContent-Disposition: form-data; name="%s"; filename="big.pdf"\r\n\r\n%%PDF-'
DOORS = ("evidence", "scan", "desk", "api", "post")


@pytest.fixture
def portal(sqlite_portal: Portal) -> Portal:
    """The verbs' house: its law asks for a signed form, so that every door is there."""
    return sqlite_portal


@pytest.fixture
def reference(acme: House) -> str:
    acme.apply(changes=RUSSIA)
    made = asked(acme)
    printed(acme, made)
    return made


def let_in(app: Flask, house: House, **who: Any) -> FlaskClient:
    client = app.test_client()
    with house.portal.unscoped("the test lets somebody in") as work:
        token = sessions.start(work, **who)
    with client.session_transaction() as session:
        session[SID] = token
    return client


def at(door: str, app: Flask, house: House, reference: str) -> tuple[FlaskClient, str, str]:
    """A caller who may send files there, the address, and the name of the field."""
    if door in {"desk", "post"}:
        client = let_in(app, house, login_id=house.staff("handler").login_id, stage="full")
        case = f"/desk/acme/cases/{reference}/evidence/"
        return client, case if door == "desk" else "/desk/acme/forms/", "files"
    if door == "api":
        with house.work() as work:
            held = tokens.create(work, email="handler@acme.example.com", scopes=tokens.SCOPES)
        client = app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {held}"
        return client, f"/api/v1/cases/{reference}/evidence", "file"
    client = let_in(app, house, stage="person", references=[reference])
    return client, f"/case/{reference}/{'evidence' if door == 'evidence' else 'proof/signed-form/scan'}", "files"


def body(door: str, client: FlaskClient, field: str, data: bytes, name: str = "passport.pdf") -> dict[str, Any]:
    sent: dict[str, Any] = {field: (io.BytesIO(data), name)}
    if door in {"evidence", "desk", "api"}:
        sent["purpose"] = "identity"
    if door != "api":
        sent["csrf_token"] = Browser(client).token()
    return sent


@pytest.mark.parametrize("door", DOORS)
def test_what_must_not_be_taken_is_taken_nowhere(door: str, app: Flask, acme: House, reference: str) -> None:
    client, address, field = at(door, app, acme, reference)
    for number, (make, _) in enumerate(BAD.values()):
        acme.clock.advance(minutes(number))
        before = dict(acme.objects)
        answer = client.post(address, data=body(door, client, field, make()), content_type="multipart/form-data")
        assert answer.status_code == 422, (list(BAD)[number], answer.get_data(as_text=True)[:500])
        assert acme.objects == before
    assert files(acme, reference) == ()


def minutes(number: int) -> timedelta:
    """So much time that nobody is slowed down, and so little that a session goes on."""
    return timedelta(minutes=4 if number else 0)


@pytest.mark.parametrize("door", DOORS)
def test_two_gigabytes_are_refused_at_every_door(door: str, app: Flask, acme: House, reference: str) -> None:
    client, address, field = at(door, app, acme, reference)
    before, endless = dict(acme.objects), Endless(HEAD % field.encode())
    answer = client.post(
        address, content_type="multipart/form-data; boundary=x",
        environ_overrides={"wsgi.input": endless, "CONTENT_LENGTH": str(2 * 1024**3)},
    )  # fmt: skip
    assert answer.status_code == 413
    assert endless.given == 0
    assert acme.objects == before


def test_a_wrong_extension_changes_nothing_of_what_a_file_is(app: Flask, acme: House, reference: str) -> None:
    """The bytes say what it is; the name is kept as words, and is no part of an address or of a type."""
    client, address, field = at("evidence", app, acme, reference)
    sent = body("evidence", client, field, picture(), "../../passport.pdf.exe")
    assert client.post(address, data=sent, content_type="multipart/form-data").status_code == 303
    (row,) = files(acme, reference)
    assert (row.kind, row.name) == ("png", "passport.pdf.exe")
    desk, place, _ = at("desk", app, acme, reference)
    opened = desk.post(f"{place}{row.id}/open/", data={"csrf_token": Browser(desk).token()})
    assert opened.mimetype == "application/octet-stream"
    assert opened.headers["Content-Disposition"].startswith(f'attachment; filename="acme-{reference}-')
    assert ".png" in opened.headers["Content-Disposition"].partition(";")[2]
    assert opened.headers["X-Content-Type-Options"] == "nosniff"


def test_ten_uploads_at_one_moment_are_ten_files(app: Flask, acme: House, reference: str) -> None:
    clients = [at("evidence", app, acme, reference)[0] for _ in range(MOST_FILES)]
    address = f"/case/{reference}/evidence"
    sent = [body("evidence", one, "files", picture(size=(20 + n, 20)), f"{n}.png") for n, one in enumerate(clients)]

    def upload(number: int) -> int:
        return clients[number].post(address, data=sent[number], content_type="multipart/form-data").status_code

    with ThreadPoolExecutor(MOST_FILES) as pool:
        assert list(pool.map(upload, range(MOST_FILES))) == [303] * MOST_FILES
    assert sorted(row.name for row in files(acme, reference)) == [f"{number}.png" for number in range(MOST_FILES)]
