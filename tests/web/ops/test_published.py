"""What machines read: health, figures, keys, colours; and the demo's mailbox for people."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from app import create_app
from app.domain.colours import MINIMUM_CONTRAST, contrast_with_white
from app.gateways.mail import FileMailer, Mail
from app.services import keys
from app.services.housekeeping import note_run
from app.web.ops import themes
from tests.web.conftest import Browser, make_portal


def test_alive_needs_nothing_else(client):
    assert client.get("/healthz").json == {"status": "ok"}


def test_ready_needs_database_storage_and_relay(client, portal):
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["checks"]) == (503, {"database": True, "storage": True, "relay": False})
    note_run(portal, "relay")
    assert client.get("/readyz").json == {
        "status": "ready", "checks": {"database": True, "storage": True, "relay": True},
    }  # fmt: skip


def test_not_ready_when_the_storage_cannot_be_written(client, portal):
    note_run(portal, "relay")
    path = portal.settings.storage_path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("not a folder")
    assert client.get("/readyz").json["checks"]["storage"] is False


def test_not_ready_when_the_database_is_away(client, portal):
    portal.ground.engine.dispose()
    Path(portal.settings.data_dir / "habeas.db").write_bytes(b"no database")
    for end in ("-wal", "-shm"):
        Path(portal.settings.data_dir / f"habeas.db{end}").unlink(missing_ok=True)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json["checks"]["database"]) == (503, False)


def test_figures_count_and_tell_nothing_about_anybody(client, filed, portal):
    note_run(portal, "relay")
    said = client.get("/metrics").get_data(as_text=True)
    assert 'habeas_cases{status="unverified"} 1' in said
    assert 'habeas_jobs{state="queued"} 1' in said
    assert "habeas_relay_silent_seconds 0.0" in said
    assert filed not in said


def test_figures_are_for_operators_only(client):
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": "203.0.113.9"}).status_code == 404


def test_public_keys_are_published_and_private_ones_are_not(client, portal):
    keys.signing_key(portal)
    answer = client.get("/.well-known/jwks.json")
    (key,) = answer.json["keys"]
    assert key["kty"] == "OKP"
    assert "d" not in key
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_the_portal_says_where_its_parts_are(client):
    said = client.get("/.well-known/habeas.json").json
    assert said["package_format"] == "habeas-package/1"
    assert said["keys"].endswith("/.well-known/jwks.json")


def test_a_controllers_colour_comes_as_a_style_sheet_of_its_own(browser, client):
    page = browser.get("/c/acme/")
    (url,) = [node.get("href") for node in page.all("link") if node.get("href").startswith("/theme/")]
    answer = client.get(url)
    assert answer.mimetype == "text/css"
    assert "--govuk-brand-colour:#1d4ed8;" in answer.get_data(as_text=True)
    assert "immutable" in answer.headers["Cache-Control"]


@pytest.mark.parametrize("colour", ["#1d4ed8", "#0f766e", "#767676", "#000000", "#b3261e"])
def test_what_is_derived_from_a_colour_still_reads_well(colour):
    said = dict(part.split(":") for part in themes.sheet(colour).removeprefix(":root{").rstrip("}\n;").split(";"))
    assert contrast_with_white(said["--govuk-link-hover-colour"]) >= MINIMUM_CONTRAST
    assert contrast_with_white(said["--habeas-tint"]) < 1.3


@pytest.fixture
def demo(tmp_path: Path) -> Browser:
    """The demo, with one hostile and one plain mail in its folder."""
    portal = make_portal(tmp_path, env="demo")
    mailer = FileMailer(portal.settings.data_dir / "mail")
    for key, to, text in (
        ("one", "ana@example.com", "Your code:\n\n    123456\n"),
        ("two", "bo@example.com", "<script>x</script>"),
    ):
        mailer.send(
            Mail(key=key, to=to, sender_name="ACME", sender="no-reply@acme.example", subject=f"Mail {key}", text=text,
                 html="<p>x</p>", sent_at=datetime(2026, 11, 23, 9, 0, tzinfo=UTC))
        )  # fmt: skip
    return Browser(create_app(portal).test_client())


def test_the_demos_mails_can_be_read(demo):
    page = demo.get("/demo/mail/")
    assert {"/demo/mail/one/", "/demo/mail/two/"} <= set(page.links())
    assert "/demo/mail/two/" not in demo.get("/demo/mail/?to=ANA@").links()
    assert "123456" in demo.get("/demo/mail/one/").main
    assert "<script>x</script>" in demo.get("/demo/mail/two/").main
    assert "No mail yet" in demo.get("/demo/mail/?to=nobody").main


@pytest.mark.parametrize("name", ["three", "..", "..%2f..%2fkeys.json", "%2e%2e", "one.eml", "a" * 300])
def test_nothing_but_mails_can_be_read_there(demo, name):
    demo.get(f"/demo/mail/{name}/", status=404)


def test_the_demo_says_that_it_is_one(demo, browser):
    assert "demonstration" in demo.get("/").html
    assert "demonstration" not in browser.get("/").html
