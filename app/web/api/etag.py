"""Versions over HTTP: a case's version is its ETag, so that nobody overwrites what they never saw (RFC 9110, 13)."""

import re
from typing import Final

from flask import request

from app.web.api.problems import Malformed

_TAG: Final = re.compile(r'(?:W/)?"([\x21\x23-\x7e]*)"$')


def of(version: int) -> str:
    """The ETag of a version."""
    return f'"{version}"'


def demanded() -> int | None:
    """The version that If-Match insists on; None when it is absent or `*`.

    Proxies that compress turn a tag into a weak one; a version means the same either way, so both are understood.
    """
    given = request.headers.get("If-Match")
    if given is None or given.strip() == "*":
        return None
    tag = _TAG.match(given.strip())
    if tag is None:
        raise Malformed('If-Match must be one ETag in quotes, such as "3".')
    # A tag that no version of ours can have matches nothing, and nothing has version 0.
    return int(tag[1]) if tag[1].isdecimal() and len(tag[1]) < 10 else 0


def still_holds(etag: str) -> bool:
    """Whether If-None-Match names this ETag."""
    given = request.headers.get("If-None-Match", "")
    return given.strip() == "*" or etag.strip('"') in {
        tag[1] for piece in given.split(",") if (tag := _TAG.match(piece.strip()))
    }
