"""Somebody with a sign-in of their own, for tests: asks for codes, reads them, types them."""

import re
from dataclasses import replace

from app.domain.permissions import ANONYMOUS
from app.gateways.mail import Mail, MemoryMailer
from app.portal import Portal
from app.services import address_codes, own_signin, sessions
from app.services.own_signin import Step
from app.services.signing_in import Caller
from tests.factories import ANA
from workers.idle import run_until_idle

__all__ = ["ANONYMOUS", "LAPTOP", "asked", "code_in", "login_of", "mails", "signed_in", "with_code"]

LAPTOP = Caller(network="203.0.113.5")


def mails(portal: Portal, to: str = ANA) -> list[Mail]:
    """What was mailed to that address."""
    run_until_idle(portal)
    assert isinstance(portal.mailer, MemoryMailer)
    return [mail for mail in portal.mailer.sent if mail.to == to]


def code_in(mail: Mail) -> str:
    found = re.search(r"^\s+(\d{6})\s*$", mail.text, re.MULTILINE)
    assert found, mail.text
    return found[1]


def asked(portal: Portal, email: str = ANA, caller: Caller = LAPTOP) -> str:
    return address_codes.send(portal, caller.network, email, language="en")


def with_code(portal: Portal, email: str = ANA, caller: Caller = LAPTOP) -> Step:
    """A code was asked for and typed."""
    token = asked(portal, email, caller)
    return own_signin.by_code(portal, caller, token, code_in(mails(portal, email)[-1]), old_enough=True)


def signed_in(portal: Portal, email: str = ANA, caller: Caller = LAPTOP) -> Caller:
    """The browser of somebody who is signed in with a code."""
    entered = with_code(portal, email, caller).entered
    assert entered is not None
    return replace(caller, token=entered.token, mark=entered.mark)


def login_of(portal: Portal, caller: Caller) -> int:
    with portal.unscoped("the test looks", reads_only=True) as work:
        seen = sessions.find(work, caller.token or "")
    assert seen is not None
    assert seen.login_id is not None
    return seen.login_id
