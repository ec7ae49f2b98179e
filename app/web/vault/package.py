"""The package: a page that says honestly how it stands, a code, and parts that can be resumed (Art. 15(3)).

Opening is a POST with a fresh code and is written into the trail; it gives addresses that work for an hour, in this
browser session only. The bytes come by GET with `Range`, so that a broken download goes on where it stopped.
"""

import hashlib
from collections.abc import Iterator
from itertools import chain
from typing import Final

from flask import Response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from itsdangerous import BadSignature, URLSafeTimedSerializer

from app.domain.errors import NotFound
from app.queries.cases import CaseView
from app.queries.findings import PackageRow
from app.services import packages, verification
from app.services.packages import Opened
from app.web import visitor
from app.web.guard import person
from app.web.limits import HOUR, slow_down
from app.web.ranges import RangeRefused, Slice, wanted
from app.web.transaction import looking, prove, reading, writing
from app.web.vault import status
from app.web.vault.blueprint import blueprint
from app.web.vault.forms import CodeForm
from app.web.vault.place import controller_of

OPEN_FOR: Final = HOUR


@blueprint.get("/case/<reference>/package/<package_id>/")
@person
def package(reference: str, package_id: str) -> ResponseReturnValue:
    """Preparing, ready, or gone: said in words, with what to do."""
    return _page(reference, package_id, CodeForm.of_request())


@blueprint.post("/case/<reference>/package/<package_id>/code")
@person
def send_download_code(reference: str, package_id: str) -> ResponseReturnValue:
    """Mail a fresh code: whoever sits at an open browser must also have the mailbox."""
    prove()
    _found(status.look(reference)[0], package_id)
    slow_down("codes-for", reference, limit=5, seconds=HOUR)
    with writing(controller_of(reference), who=visitor.person()) as work:
        verification.send_code(work, reference, "download")
    return redirect(f"/case/{reference}/package/{package_id}/?code=sent", code=303)


@blueprint.post("/case/<reference>/package/<package_id>/open")
@person
def open_package(reference: str, package_id: str) -> ResponseReturnValue:
    """Spend the code; the download is written into the trail, and this browser may fetch it for an hour."""
    typed = CodeForm.of_request()
    if typed.accepted():
        with writing(controller_of(reference), who=visitor.person()) as work:
            result = packages.open_(work, reference, package_id, str(typed.code.data))
        if result.accepted:
            return redirect(f"/case/{reference}/package/{package_id}/part/1/{_ticket(package_id)}/", code=303)
        typed.wrong("code", result.message)
    return _page(reference, package_id, typed)


@blueprint.get("/case/<reference>/package/<package_id>/part/<int:number>/<ticket>/")
@person
def part(reference: str, package_id: str, number: int, ticket: str) -> ResponseReturnValue:
    """The bytes, whole or from where the last try stopped; that they went out is written into the trail."""
    if number != 1 or not _fits(ticket, package_id):
        raise NotFound
    with reading(controller_of(reference), who=visitor.person()) as work:
        opened = packages.opened(work, reference, package_id)
    try:
        asked = wanted(
            request.headers.get("Range"), opened.size, etag=opened.sha256, if_range=request.headers.get("If-Range")
        )
    except RangeRefused:
        return Response(status=416, headers={"Content-Range": f"bytes */{opened.size}"})
    return _download(opened, asked)


def _download(opened: Opened, asked: Slice) -> Response:
    body: Iterator[bytes] = iter(())
    if request.method != "HEAD":
        body = _begun(packages.stream(visitor.portal(), opened, asked.start, asked.end))
        with looking(controller_of(opened.reference), who=visitor.person()) as work:
            packages.note_download(work, opened.reference, opened.package_id, start=asked.start, end=asked.end)
    response = Response(body, status=206 if asked.partial else 200, mimetype="application/zip", direct_passthrough=True)
    response.headers["Content-Disposition"] = f'attachment; filename="{opened.reference}.zip"'
    response.headers["Content-Length"] = str(asked.length)
    response.headers["Accept-Ranges"] = "bytes"
    response.set_etag(opened.sha256)
    if asked.partial:
        response.headers["Content-Range"] = f"bytes {asked.start}-{asked.end - 1}/{opened.size}"
    return response


def _begun(body: Iterator[bytes]) -> Iterator[bytes]:
    """The first bytes are fetched before anything is answered: what is broken becomes a page, not a broken file."""
    first = next(body, b"")
    return chain((first,), body)


def _page(reference: str, package_id: str, form: CodeForm) -> ResponseReturnValue:
    case, shown = status.look(reference)
    held = _found(case, package_id)
    sent = request.args.get("code") == "sent"
    page = render_template("vault/package.html", case=case, package=held, form=form, sent=sent, **shown)
    return page, 422 if form.failed else 200


def _found(case: CaseView, package_id: str) -> PackageRow:
    found = next((row for row in case.packages if row.id == package_id), None)
    if found is None:
        raise NotFound
    return found


def _ticket(package_id: str) -> str:
    """Opens nothing by itself: it must meet the session that it was given to."""
    return str(_signer().dumps([package_id, _session_mark()]))


def _fits(ticket: str, package_id: str) -> bool:
    try:
        said = _signer().loads(ticket, max_age=OPEN_FOR)
    except BadSignature:
        return False
    return bool(said == [package_id, _session_mark()])


def _session_mark() -> str:
    return hashlib.sha256(b"part/" + (visitor.token() or "").encode()).hexdigest()[:32]


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(visitor.portal().settings.secret_key, salt="package-part")
