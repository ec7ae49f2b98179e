"""Mail out: SMTP, or `.eml` files in a folder when no server is configured (demo), or kept in memory (tests)."""

import smtplib
import ssl
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime, formataddr, parseaddr, parsedate_to_datetime
from pathlib import Path
from typing import Protocol, Self
from urllib.parse import parse_qs, unquote, urlsplit

from app.domain.errors import Unavailable

TIMEOUT_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Mail:
    """One message to one person. `key` makes the Message-ID, so a repeat is the same message.

    `kept`: the message as it was written down before it was first sent; then just these bytes go out.
    """

    key: str
    to: str
    sender_name: str
    sender: str
    subject: str
    text: str
    html: str
    sent_at: datetime
    headers: Mapping[str, str] = field(default_factory=dict)
    kept: bytes | None = field(default=None, repr=False)

    def as_bytes(self) -> bytes:
        """What goes out, byte for byte."""
        policy = SMTP if self.to.isascii() else SMTPUTF8
        return self.kept if self.kept is not None else self.as_message().as_bytes(policy=policy)

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
        message.set_boundary(f"=_{self.key}")  # not a random one: a repeat is the same message
        return message

    @classmethod
    def of(cls, kept: bytes, *, key: str) -> Self:
        """The mail as it was written down, to be sent again as it is."""
        message = message_from_bytes(kept, policy=SMTP)
        assert isinstance(message, EmailMessage)
        name, sender = parseaddr(str(message["From"]))
        parts = {part.get_content_type(): part.get_content().replace("\r\n", "\n") for part in message.iter_parts()}
        return cls(
            key=key,
            to=str(message["To"]),
            sender_name=name,
            sender=sender,
            subject=str(message["Subject"]),
            text=parts["text/plain"],
            html=parts["text/html"],
            sent_at=parsedate_to_datetime(str(message["Date"])),
            headers={"Reply-To": str(message["Reply-To"])} if "Reply-To" in message else {},
            kept=kept,
        )


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
                _hand_over(server, mail)
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


def _hand_over(server: smtplib.SMTP, mail: Mail) -> None:
    options: tuple[str, ...] = ()
    if not mail.to.isascii():
        server.ehlo_or_helo_if_needed()
        if not server.has_extn("smtputf8"):
            raise smtplib.SMTPNotSupportedError("the server takes no addresses in other alphabets")
        options = ("SMTPUTF8", "BODY=8BITMIME")
    server.sendmail(mail.sender, [mail.to], mail.as_bytes(), mail_options=options)


class FileMailer:
    """Writes each mail as `<key>.eml`; the same mail twice is the same file."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def send(self, mail: Mail) -> None:
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=self.folder, suffix=".part", delete=False) as file:
                file.write(mail.as_bytes())
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
