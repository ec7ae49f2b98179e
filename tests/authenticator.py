"""A security key in software: makes and shows passkeys as a browser would hand them over, honestly or not."""

import json
import secrets
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

import cbor2
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from webauthn.helpers import bytes_to_base64url

PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


@dataclass
class Authenticator:
    """One device with one passkey. `count` is what it claims to have signed; a synced passkey always says 0."""

    origin: str
    count: int = 0
    flags: int = PRESENT | VERIFIED
    rp: str = ""
    key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))
    number: bytes = field(default_factory=lambda: secrets.token_bytes(20))

    def create(self, options: str) -> str:
        """A new passkey, as the page's form sends it."""
        asked = json.loads(options)
        point = self.key.public_key().public_numbers()
        cose = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32), -3: point.y.to_bytes(32)}
        attested = bytes(16) + len(self.number).to_bytes(2) + self.number + cbor2.dumps(cose)
        data = self._data(asked["rp"]["id"], self.flags | ATTESTED) + attested
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        client = self._client("webauthn.create", asked["challenge"])
        return self._answer({"clientDataJSON": client, "attestationObject": attestation})

    def get(self, options: str) -> str:
        """The passkey, shown."""
        asked = json.loads(options)
        client = self._client("webauthn.get", asked["challenge"])
        data = self._data(asked["rpId"], self.flags)
        signature = self.key.sign(data + sha256(client).digest(), ec.ECDSA(SHA256()))
        return self._answer({"clientDataJSON": client, "authenticatorData": data, "signature": signature})

    def _client(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": self.origin}).encode()

    def _data(self, rp: str, flags: int) -> bytes:
        return sha256((self.rp or rp).encode()).digest() + bytes([flags]) + self.count.to_bytes(4)

    def _answer(self, response: dict[str, bytes]) -> str:
        number = bytes_to_base64url(self.number)
        encoded: dict[str, Any] = {name: bytes_to_base64url(value) for name, value in response.items()}
        made = {"id": number, "rawId": number, "type": "public-key", "response": encoded, "clientExtensionResults": {}}
        return json.dumps(made)
