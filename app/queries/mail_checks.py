"""What a mail among a request's files shows of its sender, read again (M-8)."""

from base64 import b64decode

from app.domain.mail_checks import MailChecks, from_stored
from app.models.cases import Case
from app.models.evidence import Evidence
from app.work import Work


def place_of(public_id: str) -> str:
    """What the sealed sender is bound to."""
    return f"evidence/{public_id}/sender"


def checks_of(work: Work, case: Case, row: Evidence) -> MailChecks | None:
    """None for what is no mail; the sender is there as long as the case's key is."""
    if row.mail_checks is None:
        return None
    sealed, sender = row.mail_checks.get("from"), None
    if sealed and case.data_key is not None:
        sender = str(work.unseal_for(case, b64decode(sealed), place=place_of(row.public_id)))
    return from_stored(row.mail_checks, sender=sender)
