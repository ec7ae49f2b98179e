"""Words of one or two for the axes that people see: status, outcome, right, lateness, run and package states,
kinds of identity."""

from collections.abc import Mapping

from app.domain.messages import Message

STATUS_FOR_DESK = {
    "unverified": Message("Not confirmed"),
    "proof_needed": Message("Proof needed"),
    "open": Message("Open", context="of a request"),
    "waiting": Message("Waiting for the person"),
    "in_progress": Message("Collecting"),
    "in_review": Message("In review"),
    "ready": Message("Ready to release"),
    "cooling_off": Message("Cooling off"),
    "closed": Message("Closed"),
}
STATUS_FOR_PERSON = {
    "unverified": Message("Waiting for your confirmation"),
    "proof_needed": Message("We need proof from you"),
    "open": Message("Confirmed"),
    "waiting": Message("Waiting for you"),
    "in_progress": Message("We are collecting your data"),
    "in_review": Message("We are checking the answer"),
    "ready": Message("Nearly there"),
    "cooling_off": Message("Decided, can still be undone"),
    "closed": Message("Answered"),
}
OUTCOME = {
    "granted": Message("Granted"),
    "partly_granted": Message("Partly granted"),
    "refused": Message("Refused"),
    "withdrawn": Message("Withdrawn"),
    "referred": Message("Referred"),
    "no_data": Message("No data held"),
    "unidentified": Message("Person not identified"),
    "lapsed": Message("Lapsed"),
}
# What staff call a right; to the person it is a sentence of the law's pack.
RIGHT = {
    "access": Message("Access", context="a right"),
    "portability": Message("Portability", context="a right"),
    "rectification": Message("Rectification", context="a right"),
    "erasure": Message("Erasure", context="a right"),
    "restriction": Message("Restriction", context="a right"),
    "objection": Message("Objection", context="a right"),
    "consent_withdrawal": Message("Withdrawal of consent", context="a right"),
    "automated_decision_review": Message("Review of an automated decision", context="a right"),
    "confirmation": Message("Confirmation", context="a right"),
    "disclosure_information": Message("Recipients of the data", context="a right"),
    "transfer_mechanism_copy": Message("Safeguards of transfers", context="a right"),
    "instruction": Message("Instruction", context="a right"),
    "complaint": Message("Complaint", context="a right"),
    "other": Message("Other request", context="a right"),
}
LATENESS = {
    "overdue": Message("Overdue"),
    "due_soon": Message("Due soon"),
    "on_time": Message("On time"),
}
RUN = {
    "queued": Message("Waiting"),
    "running": Message("Searching"),
    "done": Message("Done"),
    "failed": Message("Failed"),
    "skipped": Message("Skipped"),
}
PACKAGE = {
    "preparing": Message("Being prepared"),
    "ready": Message("Ready", context="of a package"),
    "released": Message("Available"),
    "expired": Message("Destroyed", context="of a package"),
}
IDENTITY = {
    "email": Message("E-mail"),
    "phone": Message("Phone"),
    "customer_number": Message("Customer number"),
    "account_name": Message("Account name"),
}
STANDS_AS = {
    "parent": Message("a parent"),
    "court": Message("a guardian named by a court or an authority"),
    "other": Message("something else"),
    "person": Message("a person with a mandate"),
    "organisation": Message("an organisation with a mandate"),
}
PROOF = {
    "email_code": Message("code sent by e-mail"),
    "document_view": Message("document seen by staff"),
    "official_letter": Message("official letter"),
    "account_session": Message("signed-in account"),
    "phone_code": Message("code sent to the phone"),
    "two_facts": Message("two facts known to both sides"),
    "signed_form": Message("signed form"),
    "representative": Message("authority to act"),
}
# The functions of staff that the shipped files name; any other shows itself.
FUNCTION = {
    "operations": Message("Operations"),
    "customer_service": Message("Customer service"),
    "security": Message("Security"),
    "marketing": Message("Marketing"),
    "legal": Message("Legal"),
}

JOB = {
    "collect": Message("Searching the systems"),
    "assemble": Message("Putting the package together"),
    "mail": Message("Sending an e-mail"),
    "code": Message("Sending a code"),
    "look_up": Message("Asking the systems which contacts they hold"),
    "on_file": Message("Telling the contact on file"),
    "on_file_notice": Message("Telling the contact on file"),
    "letter": Message("Writing the letter"),
    "letter_mail": Message("Sending an e-mail"),
    "letter_pdf": Message("Writing the letter"),
    "own_code": Message("Sending an e-mail"),
    "own_closed": Message("Sending an e-mail"),
    "draw_facts": Message("Preparing questions from the systems"),
    "shred": Message("Destroying what is no longer needed"),
}


def label(words: Mapping[str, Message], key: str | None) -> Message:
    """The words for a key; a key without words shows itself."""
    return words.get(key or "") or Message(key or "")
