"""Mail out: SMTP, or `.eml` files in a folder when no server is configured (demo), or kept in memory (tests)."""

import smtplib
import ssl
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr
from pathlib import Path
from typing import Protocol
from urllib.parse import parse_qs, unquote, urlsplit

from app.domain.errors import Unavailable

TIMEOUT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one person. `key` makes the Message-ID, so a repeat is the same message."""

    key: str
    to: str
    sender_name: str
    sender: str
    subject: str
    text: str
    html: str
    sent_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)

    def as_message(self) -> EmailMessage:
        """The MIME message: plain text first, HTML beside it, nothing attached (a case's page holds what there is)."""
        message = EmailMessage(policy=SMTP)
        message["From"] = formataddr((self.sender_name, self.sender))
        message["To"] = self.to
        message["Subject"] = " ".join(self.subject.split())
        message["Date"] = format_datetime(self.sent_at)
        message["Message-ID"] = f"<{self.key}@{self.sender.rpartition('@')[2]}>"
        message["Auto-Submitted"] = "auto-generated"
        for name, value in self.headers.items():
            message[name] = value
        message.set_content(self.text)
        message.add_alternative(self.html, subtype="html")
        return message


class Mailer(Protocol):
    """Hands one mail over, or raises Unavailable so that the job tries again."""

    def send(self, mail: Mail) -> None: ...


class SmtpMailer:
    """`smtp://user:password@host:25`, `smtp+starttls://…:587` or `smtps://…:465`; `?ca=FILE` trusts a private
    authority."""

    def __init__(self, url: str) -> None:
        self._parts = urlsplit(url)
        ca_file = parse_qs(self._parts.query).get("ca", [None])[0]
        self._tls = ssl.create_default_context(cafile=ca_file)

    def send(self, mail: Mail) -> None:
        try:
            with self._connect() as server:
                server.send_message(mail.as_message())
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable("The mail server did not take the message.") from error

    def _connect(self) -> smtplib.SMTP:
        host, port = self._parts.hostname or "localhost", self._parts.port
        if self._parts.scheme == "smtps":
            server: smtplib.SMTP = smtplib.SMTP_SSL(host, port or 465, timeout=TIMEOUT_SECONDS, context=self._tls)
        else:
            server = smtplib.SMTP(host, port or 25, timeout=TIMEOUT_SECONDS)
        if self._parts.scheme == "smtp+starttls":
            server.starttls(context=self._tls)
        if self._parts.username:
            server.login(unquote(self._parts.username), unquote(self._parts.password or ""))
        return server


class FileMailer:
    """Writes each mail as `<key>.eml`; the same mail twice is the same file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, mail: Mail) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as file:
                file.write(mail.as_message().as_bytes())
            Path(file.name).replace(self.folder / f"{mail.key}.eml")
        except OSError as error:
            raise Unavailable("The mail folder could not be written.") from error


class MemoryMailer:
    """The twin for tests: keeps what was sent; `broken` makes it refuse."""

    def __init__(self) -> None:
        self.sent: list[Mail] = []
        self.broken = False

    def send(self, mail: Mail) -> None:
        if self.broken:
            raise Unavailable("The mail server did not take the message.")
        self.sent.append(mail)
