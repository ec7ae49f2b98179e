"""Keys and sealing (Art. 32 GDPR): everything personal at rest is readable only while its own key exists.

Three layers: the master keys (settings) wrap data keys; a data key seals one case's values or one stored object;
destroying the wrapped data key destroys the data (crypto-shredding), in backups too once they have lapsed.
"""

import hashlib
import hmac
import os
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from app.domain.errors import Tampered

KEY_BYTES = 32
_NONCE_BYTES = 12
_KEY_ID_BYTES = 4
_TAG_BYTES = 16
_WRAPPED_BYTES = _KEY_ID_BYTES + _NONCE_BYTES + KEY_BYTES + _TAG_BYTES


def new_key() -> bytes:
    """A fresh 256-bit data key."""
    return os.urandom(KEY_BYTES)


def seal(plain: bytes, key: bytes, *, bound_to: bytes) -> bytes:
    """AES-256-GCM under a random nonce; `bound_to` must be given again to open (so a value cannot be moved
    elsewhere)."""
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + AESGCM(key).encrypt(nonce, plain, bound_to)


def unseal(sealed: bytes, key: bytes, *, bound_to: bytes) -> bytes:
    """The plain bytes; Tampered when key, place or bytes are not the ones used to seal."""
    try:
        return AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], bound_to)
    except (InvalidTag, ValueError) as error:
        raise Tampered("A stored value could not be opened: it was changed, moved, or its key is gone.") from error


class Keyring:
    """Master keys, newest first: wraps data keys and derives keyed digests. Older keys only unwrap (rotation)."""

    def __init__(self, master_keys: Sequence[bytes]) -> None:
        self._keys = {hashlib.sha256(b"key-id" + key).digest()[:_KEY_ID_BYTES]: key for key in master_keys}
        self._newest = next(iter(self._keys))

    def wrap(self, data_key: bytes, *, bound_to: bytes) -> bytes:
        """The data key sealed under the newest master key, led by that key's id."""
        return self._newest + seal(data_key, self._derive(self._newest, b"wrap"), bound_to=bound_to)

    def unwrap(self, wrapped: bytes, *, bound_to: bytes) -> bytes:
        """The data key; Tampered when no master key fits."""
        key_id = wrapped[:_KEY_ID_BYTES]
        if key_id not in self._keys:
            raise Tampered(
                "A data key was wrapped with a master key that is not configured: add it to HABEAS_MASTER_KEY."
            )
        return unseal(wrapped[_KEY_ID_BYTES:], self._derive(key_id, b"wrap"), bound_to=bound_to)

    def digest(self, purpose: str, value: bytes) -> bytes:
        """A keyed digest (32 bytes): the same value gives the same digest for one purpose, and tells nothing
        without the key.

        Always under the oldest key, so that what is looked up by digest survives a rotation.
        """
        oldest = next(reversed(self._keys))
        return hmac.new(self._derive(oldest, b"digest:" + purpose.encode()), value, hashlib.sha256).digest()

    def _derive(self, key_id: bytes, info: bytes) -> bytes:
        return HKDFExpand(algorithm=SHA256(), length=KEY_BYTES, info=b"habeas/" + info).derive(self._keys[key_id])

    def lock_up(self, plain: bytes, *, bound_to: bytes) -> bytes:
        """A value of its own: sealed under a fresh data key that travels, wrapped, in front of it."""
        key = new_key()
        return self.wrap(key, bound_to=bound_to) + seal(plain, key, bound_to=bound_to)

    def unlock(self, locked: bytes, *, bound_to: bytes) -> bytes:
        """What `lock_up` locked; Tampered when it is not what, or where, it was."""
        key = self.unwrap(locked[:_WRAPPED_BYTES], bound_to=bound_to)
        return unseal(locked[_WRAPPED_BYTES:], key, bound_to=bound_to)
