"""All settings, read once from HABEAS_* variables into one frozen object; every fault is named at start, all at
once."""

import base64
import binascii
import json
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

ENVIRONMENTS = ("demo", "production", "test")
MINIMUM_SECRET = 32
WEAK = {"secret", "changeme", "change-me", "password", "habeas", "dev", "demo", "test"}


class SettingsFault(Exception):
    """The settings cannot be used; the text names every fault with its cure."""

    def __init__(self, faults: list[str]) -> None:
        self.faults = tuple(faults)
        super().__init__("Habeas cannot start:\n" + "\n".join(f"  - {fault}" for fault in faults))


@dataclass(frozen=True, slots=True)
class Settings:
    """What an operator decides. Keys are bytes; URLs are complete; `data_dir` exists only once something is written.

    Keys, and URLs that may hold a password, are left out of its `repr`: no traceback or log shows them.
    """

    env: str
    secret_key: str = field(repr=False)
    master_keys: tuple[bytes, ...] = field(repr=False)
    database_url: str = field(repr=False)
    data_dir: Path
    broker_url: str = field(repr=False)
    storage_url: str
    mail_url: str = field(repr=False)
    clamd_url: str
    base_url: str
    trusted_proxies: int
    now: datetime | None
    oidc_issuer: str = ""
    oidc_client_id: str = ""
    oidc_client_secret: str = field(default="", repr=False)

    @property
    def demo(self) -> bool:
        """Whether the demo's conveniences (mail reader, TOTP codes) may be shown."""
        return self.env == "demo"

    @property
    def production(self) -> bool:
        return self.env == "production"

    @property
    def sqlite(self) -> bool:
        return self.database_url.startswith("sqlite")

    @property
    def host(self) -> str:
        """The name under which people reach the portal; also the mail's domain."""
        return urlsplit(self.base_url).hostname or "localhost"

    @property
    def storage_path(self) -> Path:
        return Path(urlsplit(self.storage_url).path)


def read_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """Settings from the environment; SettingsFault names everything that is missing or unsafe."""
    source = os.environ if environ is None else environ

    def get(name: str, default: str = "") -> str:
        return source.get(f"HABEAS_{name}", default).strip()

    faults: list[str] = []
    env = get("ENV", "demo")
    if env not in ENVIRONMENTS:
        faults.append(f"HABEAS_ENV is {env!r}; it may be {', '.join(ENVIRONMENTS)}.")
    data_dir = Path(get("DATA_DIR", "var")).resolve()
    made = _own_keys(data_dir, get("SECRET_KEY"), get("MASTER_KEY")) if env in {"demo", "test"} else {}
    settings = Settings(
        env=env,
        secret_key=get("SECRET_KEY") or made.get("secret_key", ""),
        master_keys=_master_keys(get("MASTER_KEY") or made.get("master_key", ""), faults),
        database_url=_database_url(get("DATABASE_URL"), data_dir),
        data_dir=data_dir,
        broker_url=get("BROKER_URL"),
        storage_url=get("STORAGE_URL") or (data_dir / "storage").as_uri(),
        mail_url=get("MAIL_URL"),
        clamd_url=get("CLAMD_URL"),
        base_url=(
            get("BASE_URL") or ("" if env == "production" else f"http://127.0.0.1:{source.get('PORT', '8000')}")
        ).rstrip("/"),
        trusted_proxies=_whole_number("TRUSTED_PROXIES", get("TRUSTED_PROXIES", "0"), faults),
        now=_moment(get("NOW"), faults),
        oidc_issuer=get("OIDC_ISSUER"),
        oidc_client_id=get("OIDC_CLIENT_ID"),
        oidc_client_secret=get("OIDC_CLIENT_SECRET"),
    )
    faults += _faults_anywhere(settings) + (_faults_in_production(settings) if env == "production" else [])
    if faults:
        raise SettingsFault(faults)
    return settings


def _database_url(given: str, data_dir: Path) -> str:
    url = given or f"sqlite:///{data_dir / 'habeas.db'}"
    # psycopg 3 is the driver that is installed; operators write the plain scheme.
    for plain in ("postgresql://", "postgres://"):
        if url.startswith(plain):
            return "postgresql+psycopg://" + url.removeprefix(plain)
    return url


def _own_keys(data_dir: Path, secret_key: str, master_key: str) -> dict[str, str]:
    """Demo and test make their own keys once, readable by this user only."""
    if secret_key and master_key:
        return {}
    path = data_dir / "keys.json"
    if not path.exists():
        data_dir.mkdir(parents=True, exist_ok=True)
        keys = {
            "secret_key": secrets.token_urlsafe(48),
            "master_key": base64.b64encode(secrets.token_bytes(32)).decode(),
        }
        part = path.with_suffix(f".{os.getpid()}.part")
        part.touch(mode=0o600)
        part.write_text(json.dumps(keys))
        with suppress(FileExistsError):  # the first of two processes that start together wins
            path.hardlink_to(part)
        part.unlink()
    loaded: dict[str, str] = json.loads(path.read_text())
    return loaded


def _master_keys(text: str, faults: list[str]) -> tuple[bytes, ...]:
    """One or more base64 keys of 32 bytes, newest first, separated by commas."""
    keys = []
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        try:
            key = base64.b64decode(part, validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) != MINIMUM_SECRET or len(set(key)) < 8:
            faults.append(
                "HABEAS_MASTER_KEY must be base64 of 32 random bytes (several: newest first, with commas). "
                "Make one with: python3 -c 'import os,base64;print(base64.b64encode(os.urandom(32)).decode())'"
            )
            return ()
        keys.append(key)
    return tuple(keys)


def _whole_number(name: str, text: str, faults: list[str]) -> int:
    if text.isdecimal():
        return int(text)
    faults.append(f"HABEAS_{name} is {text!r}; it must be a whole number.")
    return 0


def _moment(text: str, faults: list[str]) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        faults.append(f"HABEAS_NOW is {text!r}; it must be an ISO time such as 2026-03-01T09:00:00+00:00.")
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _faults_anywhere(settings: Settings) -> list[str]:
    faults = []
    if settings.sqlite and settings.broker_url:
        faults.append(
            "HABEAS_BROKER_URL is set together with SQLite. Worker processes need PostgreSQL: set HABEAS_DATABASE_URL, "
            "or leave HABEAS_BROKER_URL empty to work in one process."
        )
    if not settings.database_url.startswith(("sqlite:///", "postgresql+psycopg://")):
        faults.append("HABEAS_DATABASE_URL must begin with sqlite:/// or postgresql://.")
    if not settings.broker_url.startswith(("redis://", "rediss://", "unix://")) and settings.broker_url:
        faults.append("HABEAS_BROKER_URL must be empty or begin with redis://.")
    if not settings.storage_url.startswith("file:///"):
        faults.append("HABEAS_STORAGE_URL must begin with file:///.")
    if settings.mail_url and not settings.mail_url.startswith(("smtp://", "smtps://", "smtp+starttls://")):
        faults.append("HABEAS_MAIL_URL must be empty or begin with smtp://, smtp+starttls:// or smtps://.")
    if settings.clamd_url and not _is_clamd(settings.clamd_url):
        faults.append("HABEAS_CLAMD_URL must be empty, tcp://host:port or unix:///path of clamd's socket.")
    faults += _sso_faults(settings)
    if not urlsplit(settings.base_url).hostname:
        faults.append(
            "HABEAS_BASE_URL must be the address under which people reach the portal, such as https://privacy.example.org."
        )
    return faults


def _sso_faults(settings: Settings) -> list[str]:
    """All three or none; and tokens of staff go over no open line, but for a provider on this very machine."""
    given = (settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)
    if not any(given):
        return []
    if not all(given):
        return [
            "HABEAS_OIDC_ISSUER, HABEAS_OIDC_CLIENT_ID and HABEAS_OIDC_CLIENT_SECRET belong together: set all or none."
        ]
    here = not settings.production and (urlsplit(settings.oidc_issuer).hostname in {"127.0.0.1", "localhost"})
    if settings.oidc_issuer.startswith("https://") or (here and settings.oidc_issuer.startswith("http://")):
        return []
    return ["HABEAS_OIDC_ISSUER must begin with https:// and be just what the provider calls itself."]


def _is_clamd(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return (parts.scheme == "tcp" and bool(parts.hostname) and parts.port is not None) or (
            parts.scheme == "unix" and not parts.netloc and len(parts.path) > 1
        )
    except ValueError:  # a port that is no number
        return False


def _faults_in_production(settings: Settings) -> list[str]:
    faults = []
    secret = settings.secret_key
    if len(secret) < MINIMUM_SECRET or secret.lower() in WEAK or len(set(secret)) < 10:
        faults.append(
            "HABEAS_SECRET_KEY is missing or weak: at least 32 random characters. "
            "Make one with: python3 -c 'import secrets;print(secrets.token_urlsafe(48))'"
        )
    if not settings.master_keys:
        faults.append(
            "HABEAS_MASTER_KEY is missing: base64 of 32 random bytes. Keep a copy where the backups are not: "
            "without it nothing stored can be read."
        )
    if not settings.base_url.startswith("https://"):
        faults.append("HABEAS_BASE_URL must begin with https:// in production.")
    if not settings.mail_url:
        faults.append("HABEAS_MAIL_URL is missing: people get their codes and letters by mail.")
    if settings.now is not None:
        faults.append("HABEAS_NOW is for demo and test only.")
    return faults
