"""What other systems may look up: the keys that check a package, and where things are (CONTRACT 4)."""

from flask import jsonify
from flask.typing import ResponseReturnValue

from app.services import keys
from app.web.guard import public
from app.web.ops.blueprint import blueprint
from app.web.visitor import portal


@blueprint.get("/.well-known/jwks.json")
@public
def jwks() -> ResponseReturnValue:
    """All public signing keys, retired ones too: an old package must stay checkable."""
    answer = jsonify(keys.published(portal()))
    answer.headers["Cache-Control"] = "public, max-age=300"
    # Anybody may check a package, from any page.
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


@blueprint.get("/.well-known/habeas.json")
@public
def habeas() -> ResponseReturnValue:
    """That this is a Habeas portal, and where its parts are."""
    base = portal().settings.base_url
    answer = jsonify(
        name="Habeas",
        home=f"{base}/",
        api=f"{base}/api/v1",
        openapi=f"{base}/api/v1/openapi.json",
        keys=f"{base}/.well-known/jwks.json",
        package_format="habeas-package/1",
    )
    answer.headers["Cache-Control"] = "public, max-age=300"
    return answer
