"""Packages through the API: opened with a POST that the trail keeps, fetched by addresses that are no secret (Art. 32).

The address of a part names what may be fetched and until when; it works only in a call that brings that token again.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from flask import Response, request, url_for
from itsdangerous import BadSignature, URLSafeSerializer

from app.domain.errors import NotFound
from app.services import packages
from app.services.packages import Opened
from app.web.api import bearer, etag
from app.web.api.once import once
from app.web.api.operations import Operation, answer, operation
from app.web.api.problems import document
from app.web.api.shapes import OpenedAnswer, PartAnswer
from app.web.ranges import RangeRefused, Slice, wanted
from app.web.transaction import reading
from app.web.visitor import portal
from app.work import Work

OPEN_FOR: Final = timedelta(minutes=15)


@operation(
    Operation(
        "POST", "/packages/{package_id}/open", "open_package", "Open a released package", bearer.token("package:fetch"),
        answer=OpenedAnswer, headers=("Idempotency-Key",), problems=(400, 401, 403, 404, 413, 422, 429),
    )
)  # fmt: skip
def open_package(package_id: str) -> Response:
    """Gives the addresses of its parts, good for 15 minutes and for this token only. The trail keeps who opened it."""
    caller = bearer.caller()
    assert caller.controller_id is not None

    def perform(work: Work) -> Mapping[str, Any]:
        reference = packages.fetch(work, package_id)
        held = packages.opened(work, reference, package_id)
        until = work.real_now + OPEN_FOR
        return {"reference": reference, "until": until.timestamp(), "bytes": held.size, "sha256": held.sha256}

    told = once(caller.controller_id, perform)
    ticket = _tickets().dumps([package_id, told["reference"], bearer.fingerprint(), told["until"]])
    part = PartAnswer(
        url=url_for("api.read_part", package_id=package_id, number=1, ticket=ticket),
        name=f"{told['reference']}.zip",
        bytes=told["bytes"],
        sha256=told["sha256"],
    )
    return answer(OpenedAnswer(package=package_id, parts=[part], expires_at=datetime.fromtimestamp(told["until"], UTC)))


@operation(
    Operation(
        "GET", "/packages/{package_id}/parts/{number}/{ticket}", "read_part", "The bytes of one part",
        bearer.token("package:fetch"), media_type="application/zip", headers=("Range", "If-None-Match"),
        problems=(401, 403, 404, 416, 429), more_answers={206: "The bytes asked for.", 304: "You have it already."},
    )
)  # fmt: skip
def read_part(package_id: str, number: int, ticket: str) -> Response:
    """Whole, or from where the last try stopped. The trail keeps what went out."""
    caller = bearer.caller()
    assert caller.controller_id is not None
    reference = _allowed(ticket, package_id)
    if number != 1 or reference is None:
        raise NotFound
    with reading(caller.controller_id, who=caller) as work:
        held = packages.opened(work, reference, package_id)
    if etag.still_holds(f'"{held.sha256}"'):
        return Response(status=304, headers={"ETag": f'"{held.sha256}"'})
    try:
        asked = wanted(
            request.headers.get("Range"), held.size, etag=held.sha256, if_range=request.headers.get("If-Range")
        )
    except RangeRefused:
        detail = f"The package has {held.size} bytes; the range begins behind them."
        return document(416, detail, kind=None, headers={"Content-Range": f"bytes */{held.size}"})
    return _sent(held, asked)


def _sent(held: Opened, asked: Slice) -> Response:
    caller = bearer.caller()
    headers = {
        "ETag": f'"{held.sha256}"',
        "Accept-Ranges": "bytes",
        "Content-Length": str(asked.length),
        "Content-Disposition": f'attachment; filename="{held.reference}.zip"',
        "Cache-Control": "private, no-store",
    }
    if asked.partial:
        headers["Content-Range"] = f"bytes {asked.start}-{asked.end - 1}/{held.size}"
    if request.method == "HEAD":
        return Response(status=206 if asked.partial else 200, mimetype="application/zip", headers=headers)
    assert caller.controller_id is not None
    with portal().work(caller, caller.controller_id) as work:
        packages.note_download(work, held.reference, held.package_id, start=asked.start, end=asked.end)
    return Response(
        packages.stream(portal(), held, asked.start, asked.end),
        status=206 if asked.partial else 200,
        mimetype="application/zip",
        headers=headers,
        direct_passthrough=True,
    )


def _allowed(ticket: str, package_id: str) -> str | None:
    """The reference that the ticket speaks for; None when it is made up, over, or another token's."""
    try:
        named, reference, holder, until = _tickets().loads(ticket)
    except (BadSignature, ValueError, TypeError):
        return None
    fits = named == package_id and holder == bearer.fingerprint() and until > portal().clock.real().timestamp()
    return str(reference) if fits else None


def _tickets() -> URLSafeSerializer:
    return URLSafeSerializer(portal().settings.secret_key, salt="api-package-part")
