"""Our own files (style, scripts, letters, pictures), served here under an address that changes with their content."""

import hashlib
from collections.abc import MutableMapping
from pathlib import Path
from typing import Final

from flask import Flask
from whitenoise import WhiteNoise

STATIC: Final = Path(__file__).resolve().parents[2] / "static"
_HEADERS: Final = {"X-Content-Type-Options": "nosniff", "Cross-Origin-Resource-Policy": "same-origin"}


def install(app: Flask, folder: Path = STATIC) -> None:
    """Serve `folder` for a year at a time, and give templates `asset('built/site.css')`."""
    prefix = f"/static/{_mark_of(folder)}/"
    files = WhiteNoise(
        app.wsgi_app,
        root=str(folder),
        prefix=prefix,
        immutable_file_test=lambda *_: True,
        add_headers_function=_add_headers,
    )
    app.wsgi_app = files  # type: ignore[method-assign]  # as WhiteNoise documents it for Flask
    app.add_template_global(lambda name: prefix + name, "asset")


def _add_headers(headers: MutableMapping[str, str], *_: str) -> None:
    for name, value in _HEADERS.items():
        headers[name] = value


def _mark_of(folder: Path) -> str:
    """One mark for all files together: style sheets name their letters and pictures by relative address."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            digest.update(
                path.relative_to(folder).as_posix().encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest()
            )
    return digest.hexdigest()[:12]
