"""The desk's queue with few and with many cases; the status page against the bare rendering of the same template."""

import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import waitress
from flask import Flask, render_template, template_rendered
from flask.testing import FlaskClient
from jinja2 import Template
from sqlalchemy import text

from app import create_app
from app.domain.permissions import SYSTEM
from app.services import sessions, staff
from app.web.guard import public
from bench.figures import in_turn, tell
from bench.world import DURABLE, World, file
from tests import servers

FEW, MANY = 1_000, 100_000
ROUNDS = 60
COPY = text(
    'INSERT INTO "case" (controller_id, reference, submission, "right", status, policy_version_id, language, channel, '
    "capacity, personal, data_key, received_at, filed_at, due_on, due_order, assignee_id, version) "
    "SELECT controller_id, 'B' || n, 'S' || n, \"right\", "
    "(ARRAY['open', 'in_progress', 'in_review', 'unverified'])[1 + n % 4], policy_version_id, language, channel, "
    "capacity, personal, data_key, received_at - n * interval '1 minute', filed_at, "
    "due_on + n % 400 - 200, due_on + n % 400 - 200, CASE WHEN n % 3 = 0 THEN :login END, 1 "
    'FROM "case", generate_series(1, :many) AS n WHERE reference = :reference'
)


@contextmanager
def _place() -> Iterator[World]:
    with servers.postgres(DURABLE) as server, tempfile.TemporaryDirectory() as folder:
        yield World(server, "postgresql://nobody@localhost/nothing", Path(folder))


def queue() -> None:
    """The same page in both databases, one after the other, again and again."""
    with _place() as world, ExitStack() as stack:
        few, many = (stack.enter_context(_desk(world, count)) for count in (FEW, MANY))
        for client in (few, many):
            for _ in range(5):
                _get(client)
        slow, quick, ratio = in_turn(lambda: _get(many), lambda: _get(few), rounds=ROUNDS)
    tell("queue_page_100k", slow * 1000, "ms", ratio_to="queue_page_1k", ratio=ratio)
    tell("queue_page_1k", quick * 1000, "ms")


def _get(client: FlaskClient) -> None:
    assert client.get("/desk/shop/").status_code == 200


@contextmanager
def _desk(world: World, count: int) -> Iterator[FlaskClient]:
    with world.server.database() as url:
        portal, controller_id = world.portal(url)
        reference = file(portal, controller_id, "somebody@shop.example.com")
        with portal.work(SYSTEM, controller_id) as work:
            login_id = staff.invite(work, email="dpo@shop.example.com", role="dpo").login_id
        with portal.ground.engine.connect() as connection:
            connection.execute(COPY, {"many": count, "reference": reference, "login": login_id})
            connection.commit()
            connection.execute(text("ANALYZE"))
            connection.commit()
        with portal.unscoped("a measurement signs in") as work:
            token = sessions.start(work, login_id=login_id, stage="full")
        client = create_app(portal).test_client()
        with client.session_transaction() as kept:
            kept["_user_id"] = token
        yield client
        portal.ground.engine.dispose()


def status() -> None:
    """A page of ours, with session, database and unsealing, against its template alone, in one server."""
    with _place() as world, world.server.database() as url:
        portal, controller_id = world.portal(url)
        reference = file(portal, controller_id, "somebody@shop.example.com")
        app = create_app(portal)
        with portal.unscoped("a measurement is let in") as work:
            token = sessions.grant(work, None, reference)
        client = app.test_client()
        with client.session_transaction() as kept:
            kept["_user_id"] = token
        served = create_app(portal)
        _bare(served, app, client, reference)
        cookie = client.get_cookie(app.config["SESSION_COOKIE_NAME"])  # as it is from the second page on
        assert cookie is not None
        with _served(served) as get:
            ours = partial(get, f"/case/{reference}/", f"{cookie.key}={cookie.value}")
            bare = partial(get, "/bare/", "")
            in_turn(ours, bare, rounds=20)  # warm
            one, other, ratio = in_turn(ours, bare, rounds=300)
        portal.ground.engine.dispose()
    tell("status_page", 1 / one, "requests/s", ratio_to="bare_page", ratio=1 / ratio)
    tell("bare_page", 1 / other, "requests/s")


def _bare(served: Flask, app: Flask, client: FlaskClient, reference: str) -> None:
    """A route that only renders: the same template with what it needs at hand, no session, no database, no keys."""
    seen: list[dict[str, Any]] = []
    around: dict[str, Any] = {}
    with app.test_request_context():
        app.update_template_context(around)
    del around["timezone"]  # which the page says itself

    def note(_sender: Flask, template: Template, context: dict[str, Any], **_: object) -> None:
        if template.name == "vault/status.html":
            seen.append({name: value for name, value in context.items() if name not in around})

    with template_rendered.connected_to(note, app):
        assert client.get(f"/case/{reference}/").status_code == 200

    @public
    def bare() -> str:
        return render_template("vault/status.html", **seen[0], csrf_token=lambda: "no session")

    served.add_url_rule("/bare/", "bare", bare)


@contextmanager
def _served(app: Flask) -> Iterator[Callable[[str, str], None]]:
    """The application under waitress, asked over one connection that stays open."""
    server = waitress.create_server(app, host="127.0.0.1", port=0, threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    connection = HTTPConnection("127.0.0.1", server.effective_port)

    def get(path: str, cookie: str) -> None:
        connection.request("GET", path, headers={"Cookie": cookie})
        answer = connection.getresponse()
        body = answer.read()
        assert answer.status == 200, body[:300]

    yield get
    connection.close()  # the server's thread ends with the process
