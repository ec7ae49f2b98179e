import base64
import hashlib
import json

import pytest

from app.domain.errors import Tampered
from app.gateways.signing import SigningKey, jwks, thumbprint, verify_detached

KEY = SigningKey.from_bytes(b"s" * 32)
PAYLOAD = b'{"files": []}'
KNOWN = jwks([KEY.public_jwk])


def test_a_signature_holds_for_its_payload_and_key_only():
    jws = KEY.sign(PAYLOAD, header={"zip_sha256": "00"})
    assert verify_detached(jws, PAYLOAD, KNOWN) == {"alg": "Ed25519", "kid": KEY.kid, "zip_sha256": "00"}
    assert KEY.sign(PAYLOAD) == SigningKey.from_bytes(KEY.to_bytes()).sign(PAYLOAD)
    with pytest.raises(Tampered, match="does not fit"):
        verify_detached(jws, PAYLOAD + b" ", KNOWN)
    with pytest.raises(Tampered, match="not among the known"):
        verify_detached(jws, PAYLOAD, jwks([SigningKey.generate().public_jwk]))
    with pytest.raises(Tampered, match="not among the known"):
        verify_detached(jws, PAYLOAD, {})


def test_it_is_a_detached_jws():
    protected, payload, signature = KEY.sign(PAYLOAD).split(".")
    assert payload == ""
    assert json.loads(base64.urlsafe_b64decode(protected + "==")) == {"alg": "Ed25519", "kid": KEY.kid}
    assert len(base64.urlsafe_b64decode(signature + "==")) == 64


def test_the_key_is_named_by_its_thumbprint():
    # the worked example of RFC 8037, appendix A.3
    public = base64.urlsafe_b64decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo=")
    assert thumbprint(public) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    required = {"crv": "Ed25519", "kty": "OKP", "x": KEY.public_jwk["x"]}
    digest = hashlib.sha256(json.dumps(required, sort_keys=True, separators=(",", ":")).encode()).digest()
    assert KEY.kid == base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    assert "d" not in KEY.public_jwk


def test_another_key_under_the_same_name_is_not_believed():
    jws = KEY.sign(PAYLOAD)
    impostor = {**SigningKey.generate().public_jwk, "kid": KEY.kid}
    with pytest.raises(Tampered, match="not among the known"):
        verify_detached(jws, PAYLOAD, jwks([impostor]))


def test_strange_keys_in_the_set_are_passed_over():
    keys = {"keys": [{"kty": "RSA", "n": "x"}, {"kty": "OKP", "crv": "Ed25519", "x": "%%"}, 7, KEY.public_jwk]}
    assert verify_detached(KEY.sign(PAYLOAD), PAYLOAD, keys)


def forged(header):
    encoded = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    return f"{encoded}..{KEY.sign(PAYLOAD).split('.')[2]}"


@pytest.mark.parametrize("alg", ["none", "EdDSA", "HS256", "ed25519"])
def test_no_other_method_is_taken(alg):
    with pytest.raises(Tampered, match="not made with the method"):
        verify_detached(forged({"alg": alg, "kid": KEY.kid}), PAYLOAD, KNOWN)


@pytest.mark.parametrize("jws", ["", "a.b", "a.b.c", "..", "!!..!!", "é..é", "a..b..c", "W10..W10"])
def test_what_is_no_detached_jws_is_refused(jws):
    with pytest.raises(Tampered):
        verify_detached(jws, PAYLOAD, KNOWN)


def test_every_changed_character_is_noticed():
    jws = KEY.sign(PAYLOAD)
    for at, character in enumerate(jws):
        for other in "AQgw_-.=":
            if other != character:
                with pytest.raises(Tampered):
                    verify_detached(jws[:at] + other + jws[at + 1 :], PAYLOAD, KNOWN)
