"""Files on their way in (FIELD, attack 17): only where an address takes some, only from whom its guard let in, sealed
while they come, and gone again unless a verb kept them."""

from typing import IO, Any, Final

from flask import Flask, g
from flask import Request as PlainRequest

from app.domain.evidence import MOST_AT_ONCE, MOST_FILES
from app.services import evidence
from app.services.evidence import Upload
from app.web.visitor import portal

# The other fields of a form that takes files, and the seams between its parts.
_BESIDE: Final = 100_000
_OTHER_FIELDS: Final = 20


class Request(PlainRequest):
    """A request whose files go where `accept` says; without it they stay small and in memory, and nobody asks for
    them."""

    def _get_file_stream(
        self,
        total_content_length: int | None,
        content_type: str | None,
        filename: str | None = None,
        content_length: int | None = None,
    ) -> IO[bytes]:
        held: list[Upload] | None = g.get("uploads")
        if held is None:
            return super()._get_file_stream(total_content_length, content_type, filename, content_length)
        upload: Any = evidence.incoming(portal())
        held.append(upload)
        opened: IO[bytes] = upload
        return opened


def install(app: Flask) -> None:
    """Every request may bring files; what was not kept goes with the request, also one that was cut off."""
    app.request_class = Request
    app.teardown_request(_discard)


def accept(request: PlainRequest) -> None:
    """This address takes files, and the caller may send some: only now may the body be large."""
    request.max_content_length = MOST_AT_ONCE + _BESIDE
    request.max_form_parts = 2 * MOST_FILES + _OTHER_FIELDS
    g.uploads = []


def received(request: PlainRequest, field: str) -> list[tuple[Upload, str | None]]:
    """The files of that field with the names they came with; a chooser that was left empty sends one without a name."""
    found: list[tuple[Any, str | None]] = [
        (file.stream, file.filename) for file in request.files.getlist(field) if file.filename
    ]
    return found


def _discard(_: BaseException | None) -> None:
    for upload in g.pop("uploads", ()):
        upload.discard()
