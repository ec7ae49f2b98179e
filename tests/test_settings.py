"""Settings are read once, every fault is named at once, and importing the portal starts nothing."""

import base64
import json
import os
import subprocess
import sys
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

from app import bootstrap
from app.settings import SettingsFault, read_settings

ROOT = Path(__file__).resolve().parents[1]
KEY = base64.b64encode(bytes(range(32))).decode()
PRODUCTION = {
    "HABEAS_ENV": "production",
    "HABEAS_SECRET_KEY": "q7Vv2xJ4mQ9sZ1bT6nW8kR3yH5dF0gLcAeUiOp",
    "HABEAS_MASTER_KEY": KEY,
    "HABEAS_BASE_URL": "https://privacy.example.org/",
    "HABEAS_MAIL_URL": "smtps://user:secret@mail.example.org",
    "HABEAS_DATABASE_URL": "postgresql://habeas@db/habeas",
}


def faults(folder: Path, **changes: str | None) -> list[str]:
    """What is wrong with a production's variables once some of them are changed (or dropped)."""
    variables = {**PRODUCTION, "HABEAS_DATA_DIR": str(folder)}
    for name, value in changes.items():
        variables.pop(f"HABEAS_{name}", None)
        if value is not None:
            variables[f"HABEAS_{name}"] = value
    try:
        read_settings(variables)
    except SettingsFault as fault:
        return list(fault.faults)
    return []


def test_a_sound_production_is_taken(tmp_path: Path) -> None:
    settings = read_settings({**PRODUCTION, "HABEAS_DATA_DIR": str(tmp_path)})
    assert settings.production
    assert not settings.demo
    assert settings.database_url == "postgresql+psycopg://habeas@db/habeas"
    assert settings.base_url == "https://privacy.example.org"
    assert settings.host == "privacy.example.org"
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(FrozenInstanceError):
        settings.env = "demo"  # type: ignore[misc]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ENV", "staging"),
        ("CLAMD_URL", "127.0.0.1:3310"),
        ("CLAMD_URL", "tcp://127.0.0.1"),
        ("CLAMD_URL", "tcp://127.0.0.1:many"),
        ("CLAMD_URL", "unix://run/clamd.ctl"),
        ("OIDC_ISSUER", "https://id.example.org"),
        ("OIDC_CLIENT_SECRET", "a secret alone"),
        ("SECRET_KEY", None),
        ("SECRET_KEY", "changeme"),
        ("SECRET_KEY", "a" * 64),
        ("MASTER_KEY", None),
        ("MASTER_KEY", "not base64"),
        ("MASTER_KEY", base64.b64encode(b"short").decode()),
        ("MASTER_KEY", base64.b64encode(bytes(32)).decode()),
        ("MASTER_KEY", f"{KEY},nonsense"),
        ("BASE_URL", None),
        ("BASE_URL", "http://privacy.example.org"),
        ("BASE_URL", "privacy.example.org"),
        ("MAIL_URL", None),
        ("MAIL_URL", "http://mail"),
        ("NOW", "2026-03-01T09:00:00+00:00"),
        ("NOW", "yesterday"),
        ("DATABASE_URL", "mysql://db/habeas"),
        ("STORAGE_URL", "s3://bucket"),
        ("BROKER_URL", "amqp://broker"),
        ("TRUSTED_PROXIES", "one"),
        ("TRUSTED_PROXIES", "-1"),
    ],
)
def test_what_is_unsafe_or_missing_is_named(tmp_path: Path, name: str, value: str | None) -> None:
    found = faults(tmp_path, **{name: value})
    assert found
    assert any(f"HABEAS_{name}" in fault for fault in found), found


def test_worker_processes_and_sqlite_do_not_go_together(tmp_path: Path) -> None:
    (fault,) = faults(tmp_path, DATABASE_URL=f"sqlite:///{tmp_path}/x.db", BROKER_URL="redis://localhost")
    assert "PostgreSQL" in fault


def test_all_faults_are_named_at_once_and_no_secret_with_them(tmp_path: Path) -> None:
    with pytest.raises(SettingsFault) as caught:
        read_settings(
            {
                "HABEAS_ENV": "production",
                "HABEAS_DATA_DIR": str(tmp_path),
                "HABEAS_SECRET_KEY": "hunter2-hunter2",
                "HABEAS_NOW": "soon",
                "HABEAS_TRUSTED_PROXIES": "x",
            }
        )
    text = str(caught.value)
    for name in ("SECRET_KEY", "MASTER_KEY", "BASE_URL", "MAIL_URL", "NOW", "TRUSTED_PROXIES"):
        assert f"HABEAS_{name}" in text
    assert "hunter2" not in text


def test_a_refused_start_writes_nothing(tmp_path: Path) -> None:
    """A mistyped environment is not taken for a demo that makes its own keys."""
    with pytest.raises(SettingsFault, match="HABEAS_ENV"):
        read_settings({"HABEAS_ENV": "prodution", "HABEAS_DATA_DIR": str(tmp_path / "var")})
    assert list(tmp_path.iterdir()) == []


def test_nothing_that_shows_settings_or_portal_shows_a_secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {
        **PRODUCTION,
        "HABEAS_DATA_DIR": str(tmp_path),
        "HABEAS_DATABASE_URL": "postgresql://habeas:hunter2@db/habeas",
        "HABEAS_BROKER_URL": "redis://:hunter2@broker/0",
        "HABEAS_MAIL_URL": "smtps://user:hunter2@mail.example.org",
    }
    for name, value in {**variables, "CRM_URL": "mysql://crm:hunter2@crm/crm"}.items():
        monkeypatch.setenv(name, value)
    settings = read_settings()
    shown = repr(settings) + str(settings) + repr(bootstrap.build(settings))
    assert "production" in shown
    for secret in ("hunter2", PRODUCTION["HABEAS_SECRET_KEY"], repr(bytes(range(32)))[2:-1], KEY):
        assert secret not in shown


def test_several_master_keys_are_newest_first(tmp_path: Path) -> None:
    other = base64.b64encode(bytes(range(1, 33))).decode()
    variables = {**PRODUCTION, "HABEAS_DATA_DIR": str(tmp_path), "HABEAS_MASTER_KEY": f"{other}, {KEY}"}
    assert read_settings(variables).master_keys == (bytes(range(1, 33)), bytes(range(32)))


def test_demo_makes_its_own_keys_once_for_its_user_only(tmp_path: Path) -> None:
    variables = {"HABEAS_DATA_DIR": str(tmp_path / "var")}
    first, second = read_settings(variables), read_settings(variables)
    assert first.demo
    assert (first.secret_key, first.master_keys) == (second.secret_key, second.master_keys)
    (file,) = (tmp_path / "var").iterdir()
    assert file.stat().st_mode & 0o077 == 0


def test_processes_that_start_together_agree_on_the_keys(tmp_path: Path) -> None:
    probe = (
        "import sys; from app.settings import read_settings; print('here', flush=True); sys.stdin.readline(); "
        "made = read_settings(); "
        "print(made.secret_key, made.master_keys[0].hex())"
    )
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HABEAS_")},
        "HABEAS_DATA_DIR": str(tmp_path / "var"),
    }
    started = [
        subprocess.Popen(
            [sys.executable, "-c", probe], cwd=ROOT, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )
        for _ in range(4)
    ]  # fmt: skip
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "here\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("now\n")
        process.stdin.flush()
    answers = {process.communicate()[0] for process in started}
    assert [process.returncode for process in started] == [0] * 4
    assert len(answers) == 1, "each got the keys of the first"
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["keys.json"]


def test_importing_the_portal_starts_and_writes_nothing(tmp_path: Path) -> None:
    probe = (
        "import json, threading, wsgi; "
        "print(json.dumps([t.name for t in threading.enumerate()])); "
        "print(callable(wsgi.app))"
    )
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("HABEAS_")},
        **PRODUCTION,
        "HABEAS_DATABASE_URL": f"sqlite:///{tmp_path}/habeas.db",
        "HABEAS_DATA_DIR": str(tmp_path),
    }
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", probe], cwd=ROOT, env=environment, capture_output=True, text=True,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    threads, app = done.stdout.splitlines()
    assert json.loads(threads) == ["MainThread"]
    assert app == "True"
    assert list(tmp_path.iterdir()) == []


def test_a_portal_that_cannot_start_says_why_without_a_traceback(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import wsgi"], cwd=ROOT, capture_output=True, text=True, check=False,
        env={**os.environ, "HABEAS_ENV": "production", "HABEAS_DATA_DIR": str(tmp_path)},
    )  # fmt: skip
    assert done.returncode != 0
    assert "HABEAS_SECRET_KEY" in done.stderr
    assert "Traceback" not in done.stderr


def test_the_organisations_sign_in_is_set_up_whole_and_over_https(tmp_path: Path) -> None:
    whole = {"OIDC_ISSUER": "https://id.example.org", "OIDC_CLIENT_ID": "habeas", "OIDC_CLIENT_SECRET": "their secret"}
    assert faults(tmp_path, **whole) == []
    for issuer in ("http://id.example.org", "http://127.0.0.1:9000", "id.example.org"):
        (fault,) = faults(tmp_path, **{**whole, "OIDC_ISSUER": issuer})
        assert "https://" in fault
    for name in whole:
        (fault,) = faults(tmp_path, **{**whole, name: None})
        assert "belong together" in fault
    variables = {f"HABEAS_{name}": value for name, value in whole.items()}
    settings = read_settings({**PRODUCTION, **variables, "HABEAS_DATA_DIR": str(tmp_path)})
    assert "their secret" not in repr(settings)
    assert bootstrap.build(settings).sso.offered
