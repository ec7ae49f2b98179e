"""The second factor of staff (Art. 32 GDPR): codes (RFC 6238) that are good once, secrets sealed to their login."""

import hmac
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import pyotp
import segno

from app.gateways.crypto import Keyring
from app.models.people import Login

SECONDS: Final = 30
# One step either way: telephones' clocks are seldom right to the second.
DRIFT: Final = 1
ISSUER: Final = "Habeas"


@dataclass(frozen=True, slots=True)
class Enrolment:
    """What a person needs to set up their app: the secret to type, and a picture (SVG) to scan instead."""

    secret: str
    picture: str


def new_secret(keyring: Keyring, login_id: int) -> bytes:
    """A fresh secret, sealed so that it opens for this login only."""
    return seal(keyring, login_id, pyotp.random_base32())


def seal(keyring: Keyring, login_id: int, secret: str) -> bytes:
    """A given base32 secret (the demo's are fixed), sealed likewise."""
    return keyring.wrap(secret.encode(), bound_to=_bound_to(login_id))


def enrolment(keyring: Keyring, login: Login) -> Enrolment:
    """The login's secret in the two forms in which apps take it."""
    secret = _secret(keyring, login)
    address = pyotp.TOTP(secret).provisioning_uri(name=login.email, issuer_name=ISSUER)
    picture = segno.make(address, error="m", micro=False).svg_inline(scale=5, border=4, light="#fff", omitsize=False)
    return Enrolment(secret=" ".join(secret[at : at + 4] for at in range(0, len(secret), 4)), picture=picture)


def step_of(keyring: Keyring, login: Login, typed: str, *, at: datetime) -> int | None:
    """The time step whose code was typed, if it is a current one and later than the last one used."""
    if login.totp_secret is None:
        return None
    digits = "".join(letter for letter in typed if letter.isascii() and letter.isdigit())
    totp = pyotp.TOTP(_secret(keyring, login), interval=SECONDS)
    now = int(at.timestamp()) // SECONDS
    fitting = [
        step
        for step in range(now - DRIFT, now + DRIFT + 1)
        if hmac.compare_digest(totp.generate_otp(step), digits) and step > (login.totp_last_step or -1)
    ]
    return fitting[0] if fitting else None


def current_code(keyring: Keyring, login: Login, *, at: datetime) -> str:
    """The code that the login's app shows now: for the demo's made-up staff and for tests, never for real people."""
    return pyotp.TOTP(_secret(keyring, login), interval=SECONDS).at(at)


def _secret(keyring: Keyring, login: Login) -> str:
    return keyring.unwrap(login.totp_secret or b"", bound_to=_bound_to(login.id)).decode()


def _bound_to(login_id: int) -> bytes:
    return f"login/{login_id}/totp".encode()
