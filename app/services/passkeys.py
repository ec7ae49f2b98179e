"""Passkeys of staff (WebAuthn; Art. 32 GDPR): a key pair in a device that a person unlocks, good for this address only.

A challenge needs no row: it is sealed with what it is for and whose it is, lapses, and counts as used when it comes
back. So a page may show one without writing anything, and nothing that was heard once works again.
"""

import hmac
import json
import secrets
from binascii import Error as NoBase64
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from ipaddress import ip_address
from typing import Any, Final, Literal
from urllib.parse import urlsplit

from sqlalchemy import delete, or_, select, update
from sqlalchemy.exc import IntegrityError

from app.domain.errors import Invalid, NotFound, TooMany
from app.domain.identity import text_fault, tidy
from app.domain.messages import Message
from app.models.people import Login, Passkey
from app.portal import Portal
from app.services import limits, staff
from app.work import Work

Purpose = Literal["sign-in", "own", "prove", "register"]
LASTS: Final = 600
LONGEST: Final = 20_000
MOST: Final = 10
NAME_LENGTH: Final = 60
_TOO_LONG: Final = Message(
    "Give it a name of at most %(count)s letter.", {"count": NAME_LENGTH},
    "Give it a name of at most %(count)s letters.",
)  # fmt: skip
_ENOUGH: Final = Message(
    "You have %(count)s passkey. Remove one first.", {"count": MOST}, "You have %(count)s passkeys. Remove one first."
)
_REFUSED: Final = Message("The passkey was not accepted. Load this page again and try once more.")


@dataclass(frozen=True, slots=True)
class PasskeyRow:
    """A passkey as its owner sees it."""

    number: int
    name: str
    since: datetime
    used: datetime | None


@dataclass(frozen=True, slots=True)
class PasskeyProof:
    """What a passkey signed: it counts on from where the server knew it to be."""

    number: int
    login_id: int
    count: int

    def use_up(self, work: Work, login_id: int) -> bool:
        """False when it is another login's, or its counter went back: then there are two of it."""
        used = work.session.scalar(
            update(Passkey)
            .where(
                Passkey.id == self.number,
                Passkey.login_id == login_id,
                or_(Passkey.sign_count < self.count, Passkey.sign_count == 0),
            )
            .values(sign_count=self.count, last_used_at=work.real_now)
            .returning(Passkey.id)
        )
        return used is not None


def possible(portal: Portal) -> bool:
    """Whether browsers would make passkeys for this portal's address: a name, not a number."""
    try:
        ip_address(portal.settings.host)
    except ValueError:
        return True
    return False


def of_login(work: Work, login_id: int) -> tuple[PasskeyRow, ...]:
    """The login's passkeys, the oldest first."""
    rows = work.session.scalars(select(Passkey).where(Passkey.login_id == login_id).order_by(Passkey.id))
    return tuple(PasskeyRow(row.id, row.name, row.created_at, row.last_used_at) for row in rows)


def to_register(portal: Portal, login_id: int) -> str:
    """What the browser is asked for when a passkey is made (JSON)."""
    import webauthn
    from webauthn.helpers import structs

    with portal.unscoped("a login belongs to no controller", reads_only=True) as work:
        login, known = work.session.get_one(Login, login_id), _known(work, login_id)
    options = webauthn.generate_registration_options(
        rp_id=portal.settings.host,
        rp_name="Habeas",
        user_id=portal.keyring.digest("passkey-user", str(login_id).encode()),
        user_name=login.email,
        user_display_name=login.name or login.email,
        challenge=_challenge(portal, "register", login_id),
        exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
        authenticator_selection=structs.AuthenticatorSelectionCriteria(
            resident_key=structs.ResidentKeyRequirement.REQUIRED,
            user_verification=structs.UserVerificationRequirement.REQUIRED,
        ),
    )
    return webauthn.options_to_json(options)


def to_show(portal: Portal, purpose: Purpose, login_id: int | None = None) -> str:
    """What the browser is asked for when a passkey is shown (JSON); without a login, any that it has for us."""
    import webauthn
    from webauthn.helpers import structs

    known: Sequence[bytes] = ()
    if login_id is not None:
        with portal.unscoped("a login belongs to no controller", reads_only=True) as work:
            known = _known(work, login_id)
    options = webauthn.generate_authentication_options(
        rp_id=portal.settings.host,
        challenge=_challenge(portal, purpose, login_id),
        allow_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in known],
        user_verification=structs.UserVerificationRequirement.REQUIRED,
    )
    return webauthn.options_to_json(options)


def register(portal: Portal, login_id: int, answer: str, *, name: str) -> None:
    """Keep the public half of a new passkey; its owner is told by mail. Invalid for everything but our own answer."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    called = tidy(name)
    if not called or text_fault(called, max_length=NAME_LENGTH) is not None:
        raise Invalid({"name": _TOO_LONG})
    credential, challenge = _answered(portal, answer, "register", login_id)
    try:
        made = webauthn.verify_registration_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=portal.settings.host,
            expected_origin=_origin(portal),
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Invalid({"credential": _REFUSED}) from error
    try:
        with portal.unscoped("a login belongs to no controller") as work:
            if len(_known(work, login_id)) >= MOST:
                raise Invalid({"credential": _ENOUGH})
            work.session.add(
                Passkey(
                    login_id=login_id, credential_id=made.credential_id, public_key=made.credential_public_key,
                    sign_count=made.sign_count, name=called, created_at=work.real_now,
                )
            )  # fmt: skip
    except IntegrityError as error:
        raise Invalid({"credential": _REFUSED}) from error
    staff.note(portal, login_id, "login:passkey_added", tell="passkey_added")


def remove(portal: Portal, login_id: int, number: int) -> None:
    """It opens nothing any more; NotFound when the login has no such passkey."""
    with portal.unscoped("a login belongs to no controller") as work:
        gone = work.session.scalar(
            delete(Passkey).where(Passkey.id == number, Passkey.login_id == login_id).returning(Passkey.id)
        )
    if gone is None:
        raise NotFound
    staff.note(portal, login_id, "login:passkey_removed", tell="passkey_removed")


def read(portal: Portal, answer: str, purpose: Purpose, login_id: int | None = None) -> PasskeyProof:
    """The passkey that signed, and whose it is; Invalid for everything else, in the same words."""
    import webauthn
    from webauthn.helpers.exceptions import WebAuthnException

    credential, challenge = _answered(portal, answer, purpose, login_id)
    with portal.unscoped("a login belongs to no controller", reads_only=True) as work:
        row = work.session.scalars(select(Passkey).where(Passkey.credential_id == _id_of(credential))).one_or_none()
    if row is None or login_id not in {None, row.login_id}:
        raise Invalid({"credential": _REFUSED})
    try:
        shown = webauthn.verify_authentication_response(
            credential=credential,
            expected_challenge=challenge,
            expected_rp_id=portal.settings.host,
            expected_origin=_origin(portal),
            credential_public_key=row.public_key,
            credential_current_sign_count=row.sign_count,
            require_user_verification=True,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise Invalid({"credential": _REFUSED}) from error
    return PasskeyProof(row.id, row.login_id, shown.new_sign_count)


def _known(work: Work, login_id: int) -> Sequence[bytes]:
    return work.session.scalars(select(Passkey.credential_id).where(Passkey.login_id == login_id)).all()


def _origin(portal: Portal) -> str:
    address = urlsplit(portal.settings.base_url)
    return f"{address.scheme}://{address.netloc}"


def _challenge(portal: Portal, purpose: Purpose, login_id: int | None) -> bytes:
    name = f"{int(portal.clock.real().timestamp())}.{secrets.token_hex(16)}"
    return f"{name}.{_seal(portal, name, purpose, login_id)}".encode()


def _seal(portal: Portal, name: str, purpose: Purpose, login_id: int | None) -> str:
    return portal.keyring.digest("passkey-challenge", f"{name}|{purpose}|{login_id}".encode()).hex()[:32]


def _answered(portal: Portal, answer: str, purpose: Purpose, login_id: int | None) -> tuple[dict[str, Any], bytes]:
    """The browser's answer and the challenge that it names: one of ours for this purpose, young, and never used."""
    from webauthn.helpers import base64url_to_bytes

    try:
        credential = json.loads(answer[: LONGEST + 1])
        challenge = base64url_to_bytes(
            json.loads(base64url_to_bytes(credential["response"]["clientDataJSON"]))["challenge"]
        )
        name, _, seal = challenge.decode("ascii").rpartition(".")
    except (ValueError, KeyError, TypeError, AttributeError, NoBase64, RecursionError) as error:
        raise Invalid({"credential": _REFUSED}) from error
    made = name.partition(".")[0]
    ours = hmac.compare_digest(seal, _seal(portal, name, purpose, login_id)) and made.isdecimal()
    if not ours or int(portal.clock.real().timestamp()) - int(made) > LASTS:
        raise Invalid({"credential": _REFUSED})
    try:
        limits.hit(portal, "passkey-challenge", name, limit=1, seconds=2 * LASTS)
    except TooMany as error:
        raise Invalid({"credential": _REFUSED}) from error
    return credential, challenge


def _id_of(credential: dict[str, Any]) -> bytes:
    from webauthn.helpers import base64url_to_bytes

    try:
        return base64url_to_bytes(credential["rawId"])
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Invalid({"credential": _REFUSED}) from error
