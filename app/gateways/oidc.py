"""An organisation's own sign-in (OpenID Connect, authorization code with PKCE): who it says has come, and nothing that
was not signed for us, just now, for this very browser."""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import Lock
from typing import Any, Final, Protocol
from urllib.parse import urlsplit

import requests
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.requests_client import OAuth2Session
from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from app.domain.errors import Invalid, Unavailable
from app.domain.messages import Message

SECONDS: Final = 10
LARGEST: Final = 1_000_000
KEPT_SECONDS: Final = 3600
ASKED_AGAIN_SECONDS: Final = 60
# What two clocks may be apart.
SKEW: Final = 60
# Signed with the provider's private key: never `none`, never with a secret that both know.
ALGORITHMS: Final = ("RS256", "PS256", "ES256", "ES384", "RS384", "RS512", "EdDSA", "Ed25519")
# RFC 8176, and how providers say it in `acr`: more than one factor, or one that is bound to a device.
MORE_THAN_A_PASSWORD: Final = frozenset({"mfa", "otp", "hwk", "sc", "fpt", "face", "iris", "retina", "vbm"})
LEVELS: Final = frozenset({
    "phr", "phrh", "https://refeds.org/profile/mfa", "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
})  # fmt: skip
_DOWN: Final = Message("Your organisation's sign-in does not answer. Use your password and your app instead.")
_NOT_SOUND: Final = Message("What your organisation's sign-in answered does not hold. Begin again.")


@dataclass(frozen=True, slots=True)
class Claims:
    """Who came, as their organisation says it. `email` only where the organisation has verified it."""

    issuer: str
    subject: str
    email: str | None
    second_factor: bool


@dataclass(frozen=True, slots=True)
class Asked:
    """What was sent with somebody to their organisation, and must come back with them."""

    state: str
    nonce: str
    verifier: str = field(repr=False)
    redirect: str = ""


class SignOn(Protocol):
    """An organisation's sign-in as the portal uses it."""

    @property
    def offered(self) -> bool:
        """Whether there is one at all."""
        ...

    @property
    def issuer(self) -> str:
        """Who vouches."""
        ...

    def address(self, asked: Asked) -> str:
        """Where to send somebody; Unavailable when it does not answer."""
        ...

    def claims(self, asked: Asked, code: str, *, now: datetime) -> Claims:
        """Who came back with that code; Invalid for anything that does not hold."""
        ...


class NoSignOn:
    """The null twin: none is set up; what a test puts into `people` comes back by its code."""

    def __init__(self, people: Mapping[str, Claims] | None = None) -> None:
        self.people = dict(people or {})

    @property
    def offered(self) -> bool:
        return bool(self.people)

    @property
    def issuer(self) -> str:
        return "https://id.example"

    def address(self, asked: Asked) -> str:
        return f"{self.issuer}/authorize?state={asked.state}"

    def claims(self, asked: Asked, code: str, *, now: datetime) -> Claims:
        found = self.people.pop(code, None)
        if found is None:
            raise Invalid({"sso": _NOT_SOUND})
        return found


class OidcSignOn:
    """The real one. What it says of itself, and its keys, are kept for an hour; a key that is not among them is asked
    for again, at most once a minute."""

    offered = True

    def __init__(self, issuer: str, client_id: str, client_secret: str) -> None:
        self.issuer = issuer
        self._client_id, self._client_secret = client_id, client_secret
        self._lock = Lock()
        self._kept: dict[str, tuple[float, Any]] = {}

    def address(self, asked: Asked) -> str:
        """The provider's page with what must come back."""
        endpoint = self._endpoint("authorization_endpoint")
        with self._session(asked) as session:
            url, _ = session.create_authorization_url(
                endpoint, state=asked.state, nonce=asked.nonce, code_verifier=asked.verifier
            )
        return str(url)

    def claims(self, asked: Asked, code: str, *, now: datetime) -> Claims:
        """Exchange the code and look at every word of the answer."""
        found = self._verified(self._exchanged(asked, code), asked, now=now)
        methods, level = found.get("amr") or (), found.get("acr")
        email = found.get("email") if found.get("email_verified") is True else None
        return Claims(
            issuer=self.issuer,
            subject=str(found["sub"]),
            email=email if isinstance(email, str) else None,
            second_factor=not MORE_THAN_A_PASSWORD.isdisjoint(map(str, methods)) or level in LEVELS,
        )

    def _exchanged(self, asked: Asked, code: str) -> str:
        endpoint = self._endpoint("token_endpoint")
        try:
            with self._session(asked) as session:
                token = session.fetch_token(
                    endpoint, grant_type="authorization_code", code=code, code_verifier=asked.verifier,
                    allow_redirects=False,
                )  # fmt: skip
        except requests.RequestException as error:
            raise Unavailable(_DOWN) from error
        except (AuthlibBaseError, ValueError, TypeError) as error:
            raise Invalid({"sso": _NOT_SOUND}) from error
        id_token = token.get("id_token")
        if not isinstance(id_token, str) or len(id_token) > LARGEST:
            raise Invalid({"sso": _NOT_SOUND})
        return id_token

    def _verified(self, id_token: str, asked: Asked, *, now: datetime) -> CodeIDToken:
        at = int(now.timestamp())
        try:
            token = self._decoded(id_token)
            found = CodeIDToken(
                token.claims,
                token.header,
                options={
                    "iss": {"essential": True, "value": self.issuer},
                    "aud": {"essential": True, "value": self._client_id},
                    "sub": {"essential": True},
                    "nonce": {"essential": True, "value": asked.nonce},
                },
                params={"nonce": asked.nonce, "client_id": self._client_id},
            )
            found.validate(now=at, leeway=SKEW)
            fresh = at - KEPT_SECONDS - SKEW <= found["iat"] <= at + SKEW
        except (JoseError, AuthlibBaseError, ValueError, TypeError, KeyError) as error:
            raise Invalid({"sso": _NOT_SOUND}) from error
        subject = found["sub"]
        if not fresh or not isinstance(subject, str) or not 0 < len(subject) <= 255:
            raise Invalid({"sso": _NOT_SOUND})
        return found

    def _decoded(self, id_token: str) -> jwt.Token:
        try:
            return jwt.decode(id_token, self._keys(), algorithms=ALGORITHMS)
        except (JoseError, ValueError):
            # Perhaps the provider has new keys since.
            return jwt.decode(id_token, self._keys(anew=True), algorithms=ALGORITHMS)

    def _keys(self, *, anew: bool = False) -> KeySet:
        document = self._document(self._endpoint("jwks_uri"), anew=anew)
        usable = [key for key in document.get("keys", ()) if key.get("kty") != "oct"]
        return KeySet.import_key_set({"keys": usable})

    def _endpoint(self, name: str) -> str:
        described = self._document(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
        address = described.get(name)
        # It speaks for itself only (mix-up), and never over a weaker way than its own.
        secure = urlsplit(self.issuer).scheme != "https" or str(address).startswith("https://")
        if described.get("issuer") != self.issuer or not isinstance(address, str) or not secure:
            raise Unavailable(_DOWN)
        return address

    def _document(self, url: str, *, anew: bool = False) -> dict[str, Any]:
        with self._lock:
            at, known = self._kept.get(url, (0.0, None))
            age = time.monotonic() - at
            if known is None or age > (ASKED_AGAIN_SECONDS if anew else KEPT_SECONDS):
                known = _fetched(url)
                self._kept[url] = time.monotonic(), known
        found: dict[str, Any] = known
        return found

    def _session(self, asked: Asked) -> OAuth2Session:
        return OAuth2Session(
            self._client_id, self._client_secret, scope="openid email", redirect_uri=asked.redirect,
            code_challenge_method="S256", default_timeout=SECONDS,
        )  # fmt: skip


def _fetched(url: str) -> dict[str, Any]:
    try:
        with requests.get(url, timeout=SECONDS, stream=True, allow_redirects=False) as answer:
            if answer.status_code != requests.codes.ok:
                raise Unavailable(_DOWN)
            body = answer.raw.read(LARGEST + 1, decode_content=True)
        document = json.loads(body[:LARGEST])
    except (requests.RequestException, ValueError, OSError) as error:
        raise Unavailable(_DOWN) from error
    if not isinstance(document, dict):
        raise Unavailable(_DOWN)
    return document
