"""Where the API describes itself."""

import json
from functools import cache

from flask import Response

from app.web.api import bearer, openapi
from app.web.api.operations import Operation, operation


@operation(Operation("GET", "/openapi.json", "read_openapi", "This description of the API", bearer.OPEN))
def read_openapi() -> Response:
    return Response(_described(), mimetype="application/json", headers={"Cache-Control": "public, max-age=300"})


@cache
def _described() -> str:
    return json.dumps(openapi.describe())
