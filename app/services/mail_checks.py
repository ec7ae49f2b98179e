"""Who a mail that was taken in is from, kept with the file (M-8): the address sealed, what it shows beside it."""

from base64 import b64encode
from typing import Any

from app.domain.evidence import Kind
from app.domain.mail_checks import Head, judge, stored
from app.models.cases import Case
from app.queries.mail_checks import place_of
from app.queries.policies import current
from app.work import Work


def of_file(work: Work, case: Case, *, kind: Kind | None, head: Head | None, public_id: str) -> dict[str, Any] | None:
    """As it is written beside a file; none for what is no mail. The controller's file of today names the server: the
    mail came in now, whatever held when the request was filed."""
    if kind != "eml":
        return None
    server = current(work).file.controller.contact.mail_server
    checks = judge(head, server=server, reference=case.reference, taken_by_staff=work.actor.kind == "staff")
    sealed = work.seal_for(case, checks.sender, place=place_of(public_id)) if checks.sender else None
    return stored(checks, sender=b64encode(sealed).decode() if sealed else None)
