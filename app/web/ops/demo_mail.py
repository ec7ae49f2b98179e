"""The demo's mailbox: what a person would have received, readable in the browser. In the demo only."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from functools import lru_cache
from pathlib import Path
from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from app.domain.errors import NotFound
from app.web.guard import public
from app.web.ops.blueprint import blueprint
from app.web.visitor import portal

NEWEST: Final = 100
_NAME: Final = re.compile(r"[A-Za-z0-9._-]{1,120}")


@dataclass(frozen=True, slots=True)
class Letter:
    """One mail as the list and its page show it."""

    name: str
    to: str
    sender: str
    subject: str
    at: datetime
    text: str


@blueprint.get("/demo/mail/")
@public
def mails() -> ResponseReturnValue:
    """The newest mails, perhaps only those to one address."""
    wanted = request.args.get("to", "").strip().casefold()
    paths = sorted(_folder().glob("*.eml"), key=lambda path: path.stat().st_mtime, reverse=True)
    letters = [letter for letter in map(_read, paths[: NEWEST * 10]) if wanted in letter.to.casefold()]
    return render_template("demo/mails.html", letters=letters[:NEWEST], wanted=wanted)


@blueprint.get("/demo/mail/<name>/")
@public
def mail(name: str) -> ResponseReturnValue:
    """One mail as plain text: nothing in it may run or load."""
    path = _folder() / f"{name}.eml"
    if not _NAME.fullmatch(name) or not path.is_file():
        raise NotFound
    return render_template("demo/mail.html", letter=_read(path))


def _folder() -> Path:
    settings = portal().settings
    if not settings.demo or settings.mail_url:
        raise NotFound
    return settings.data_dir / "mail"


@lru_cache(maxsize=NEWEST * 10)
def _read(path: Path) -> Letter:
    """Read once: a mail never changes, and the list is loaded again and again while somebody waits for a code."""
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert isinstance(message, EmailMessage)
    body = message.get_body(("plain",))
    return Letter(
        name=path.stem,
        to=str(message["To"]),
        sender=str(message["From"]),
        subject=str(message["Subject"]),
        at=parsedate_to_datetime(str(message["Date"])),
        text=str(body.get_content()) if body is not None else "",
    )
