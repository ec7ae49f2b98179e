"""The seal on a package (Art. 5(2) GDPR, accountability): Ed25519, as a detached JWS that anybody can check offline.

RFC 7515 (appendix F: the payload stays outside), RFC 8037 (keys), RFC 9864 (`alg: Ed25519`), RFC 7638 (`kid`).
"""

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from app.domain.errors import Tampered

ALGORITHM = "Ed25519"


@dataclass(frozen=True)
class SigningKey:
    """A private key. At rest only `to_bytes()` exists, sealed by whoever keeps it."""

    private: Ed25519PrivateKey

    @classmethod
    def generate(cls) -> "SigningKey":
        """A fresh key."""
        return cls(Ed25519PrivateKey.generate())

    @classmethod
    def from_bytes(cls, raw: bytes) -> "SigningKey":
        """The key that `to_bytes` gave."""
        return cls(Ed25519PrivateKey.from_private_bytes(raw))

    def to_bytes(self) -> bytes:
        """The 32 secret bytes."""
        return self.private.private_bytes_raw()

    @cached_property
    def public_jwk(self) -> dict[str, str]:
        """The public half, as it stands in a JWKS."""
        return public_jwk(self.private.public_key().public_bytes_raw())

    @property
    def kid(self) -> str:
        """The key's name: its RFC 7638 thumbprint, so the name cannot belong to another key."""
        return self.public_jwk["kid"]

    def sign(self, payload: bytes, *, header: Mapping[str, str] | None = None) -> str:
        """A detached JWS: `protected..signature`. `header` adds protected parameters."""
        protected = _b64(msgspec.json.encode({"alg": ALGORITHM, "kid": self.kid, **(header or {})}))
        signature = self.private.sign(_signing_input(protected, payload))
        return f"{protected}..{_b64(signature)}"


def public_jwk(public: bytes) -> dict[str, str]:
    """A public key (32 bytes) as a JWKS shows it."""
    key = {"kty": "OKP", "crv": "Ed25519", "x": _b64(public)}
    return key | {"kid": thumbprint(public), "alg": ALGORITHM, "use": "sig"}


def thumbprint(public: bytes) -> str:
    """RFC 7638: SHA-256 of the key's required members in order, without spaces."""
    return _b64(hashlib.sha256(b'{"crv":"Ed25519","kty":"OKP","x":"' + _b64(public).encode() + b'"}').digest())


def jwks(public_keys: Iterable[Mapping[str, str]]) -> dict[str, list[dict[str, str]]]:
    """The key set that `/.well-known/jwks.json` shows: retired keys too, for old packages stay checkable."""
    return {"keys": [dict(key) for key in public_keys]}


def verify_detached(jws: str, payload: bytes, keys: Mapping[str, object]) -> dict[str, str]:
    """The protected header when one of `keys` (a JWKS) signed exactly this payload; else Tampered with the reason."""
    protected, header, signature = _parse(jws)
    if header.get("alg") != ALGORITHM:
        raise Tampered("The signature was not made with the method Ed25519.")
    public = _known_keys(keys).get(header.get("kid", ""))
    if public is None:
        raise Tampered("The signature was made with a key that is not among the known ones.")
    try:
        public.verify(signature, _signing_input(protected, payload))
    except InvalidSignature as error:
        raise Tampered("The signature does not fit the manifest: one of the two was changed.") from error
    return header


def _parse(jws: str) -> tuple[str, dict[str, str], bytes]:
    try:
        protected, middle, signature = jws.split(".")
        header = msgspec.json.decode(_unb64(protected), type=dict[str, str])
        if middle:
            raise ValueError("not detached")
        return protected, header, _unb64(signature)
    except (ValueError, msgspec.MsgspecError) as error:
        raise Tampered("The signature file is not a detached JWS.") from error


def _known_keys(keys: Mapping[str, object]) -> dict[str, Ed25519PublicKey]:
    """By thumbprint computed here: what a set claims as `kid` is not believed."""
    found = {}
    listed = keys.get("keys")
    for key in listed if isinstance(listed, list) else []:
        if isinstance(key, Mapping) and key.get("kty") == "OKP" and key.get("crv") == "Ed25519":
            with suppress(ValueError):  # a key that cannot be read is a key that we do not know
                raw = _unb64(str(key.get("x", "")))
                found[thumbprint(raw)] = Ed25519PublicKey.from_public_bytes(raw)
    return found


def _signing_input(protected: str, payload: bytes) -> bytes:
    return protected.encode("ascii") + b"." + base64.urlsafe_b64encode(payload).rstrip(b"=")


def _b64(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")


def _unb64(text: str) -> bytes:
    """Strict: the one spelling only, so that no character of a signature file can change unnoticed."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError) as error:
        raise ValueError("not base64url") from error
    if _b64(raw) != text:
        raise ValueError("not the canonical spelling")
    return raw
