"""How words become a mail of an organisation (Art. 12(1)): who sends it, where answers go, and what makes a repeat the
same message."""

from base64 import b64encode

from app.domain.policy import Controller
from app.gateways.mail import Mail
from app.portal import Portal
from app.services.stationery import Words
from app.work import Attempt


def mail_to(to: str, words: Words, *, portal: Portal, controller: Controller, key: str) -> Mail:
    """The mail to that address; answers go to the organisation's own."""
    return Mail(
        key=key,
        to=to,
        sender_name=controller.name,
        sender=f"no-reply@{portal.settings.host}",
        subject=words.subject,
        text=words.text,
        html=words.html,
        sent_at=portal.clock.real(),
        headers={"Reply-To": controller.contact.email},
    )


def message_key(portal: Portal, attempt: Attempt) -> str:
    """What the Message-ID is made of: the job, so that a second try is not a second message."""
    key = portal.keyring.digest("message-id", f"job/{attempt.job_id}".encode())
    return b64encode(key[:18], altchars=b"-_").decode()
