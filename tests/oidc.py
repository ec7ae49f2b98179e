"""A small OpenID provider over HTTP, which keeps to the protocol (PKCE, codes that work once, signed tokens) and can be
told to break it in one way at a time."""

import base64
import json
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any
from urllib.parse import urlencode

import waitress
from flask import Flask, Response, abort, jsonify, redirect, request
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, RSAKey

from tests import servers

CLIENT, SECRET = "habeas", "a secret that both know"


def _new_key() -> RSAKey:
    return RSAKey.generate_key(2048, {"kid": secrets.token_hex(4), "use": "sig"}, auto_kid=False)


@dataclass
class Provider:
    """The running provider. `person` are the claims of whoever comes next; `changes` are put over every token."""

    issuer: str
    person: dict[str, Any] = field(default_factory=lambda: {"sub": "vera-1"})
    changes: dict[str, Any] = field(default_factory=dict)
    dropped: set[str] = field(default_factory=set)
    forged: Callable[[dict[str, Any]], str] | None = None
    clock: Callable[[], float] = time.time
    down: bool = False
    asked: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    key: RSAKey | ECKey = field(default_factory=_new_key)

    def token(self, nonce: str) -> str:
        """An ID token for whoever is there."""
        now = int(self.clock())
        claims = {"iss": self.issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce, **self.person}
        claims = {name: value for name, value in {**claims, **self.changes}.items() if name not in self.dropped}
        if self.forged is not None:
            return self.forged(claims)
        return jwt.encode({"alg": "RS256", "kid": self.key.kid}, claims, self.key, algorithms=["RS256"])

    def new_keys(self) -> None:
        self.key = _new_key()


def unsigned(claims: dict[str, Any]) -> str:
    """`alg: none`."""
    parts = [{"alg": "none", "typ": "JWT"}, claims]
    return ".".join(base64.urlsafe_b64encode(json.dumps(one).encode()).decode().rstrip("=") for one in parts) + "."


def _app(provider: Provider) -> Flask:
    app = Flask("provider")

    @app.before_request
    def _down() -> None:
        if provider.down:
            abort(503)

    @app.get("/.well-known/openid-configuration")
    def describe() -> Response:
        return jsonify({
            "issuer": provider.issuer, "authorization_endpoint": f"{provider.issuer}/authorize",
            "token_endpoint": f"{provider.issuer}/token", "jwks_uri": f"{provider.issuer}/keys",
            "response_types_supported": ["code"], "code_challenge_methods_supported": ["S256"],
        })  # fmt: skip

    @app.get("/keys")
    def keys() -> Response:
        return jsonify(KeySet([provider.key]).as_dict(private=False))

    @app.get("/authorize")
    def authorize() -> str:
        # What a person sees there; a test that needs no browser presses the button by itself.
        fields = "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in request.args.items())
        form = f'<h1>Id</h1><form method="post">{fields}<button>Go on as Vera</button></form>'
        return f'<!DOCTYPE html><html lang="en"><title>Id</title><main>{form}</main>'

    @app.post("/authorize")
    def agree() -> Any:
        given = request.form.to_dict()
        assert given["response_type"] == "code"
        assert given["client_id"] == CLIENT
        assert given["code_challenge_method"] == "S256"
        provider.asked.append(given)
        code = secrets.token_urlsafe(16)
        provider.codes[code] = given
        answer = {"code": code, "state": given["state"], "iss": provider.issuer}
        return redirect(f"{given['redirect_uri']}?{urlencode(answer)}", code=303)

    @app.post("/token")
    def exchange() -> Any:
        name = request.authorization
        assert name is not None
        given = provider.codes.pop(request.form["code"], None)
        challenge = base64.urlsafe_b64encode(sha256(request.form["code_verifier"].encode()).digest()).decode()
        if (
            given is None
            or (name.username, name.password) != (CLIENT, SECRET)
            or challenge.rstrip("=") != given["code_challenge"]
            or request.form["redirect_uri"] != given["redirect_uri"]
        ):
            return jsonify({"error": "invalid_grant"}), 400
        return jsonify({
            "access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": provider.token(given["nonce"]),
        })  # fmt: skip

    return app


@contextmanager
def running() -> Iterator[Provider]:
    """The provider at an address of its own."""
    held, port = servers.listening()
    provider = Provider(f"http://127.0.0.1:{port}")
    server = waitress.create_server(_app(provider), sockets=[held], threads=2)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.close()
        thread.join(10)
