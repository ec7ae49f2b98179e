"""Words of one or two for the axes that people see: status, outcome, lateness, run and package states, kinds of
identity."""

from app.domain.messages import Message

STATUS_FOR_DESK = {
    "unverified": "Not confirmed",
    "proof_needed": "Proof needed",
    "open": "Open",
    "waiting": "Waiting for the person",
    "in_progress": "Collecting",
    "in_review": "In review",
    "ready": "Ready to release",
    "cooling_off": "Cooling off",
    "closed": "Closed",
}
STATUS_FOR_PERSON = {
    "unverified": "Waiting for your confirmation",
    "proof_needed": "We need proof from you",
    "open": "Confirmed",
    "waiting": "Waiting for you",
    "in_progress": "We are collecting your data",
    "in_review": "We are checking the answer",
    "ready": "Nearly there",
    "cooling_off": "Decided, can still be undone",
    "closed": "Answered",
}
OUTCOME = {
    "granted": "Granted",
    "partly_granted": "Partly granted",
    "refused": "Refused",
    "withdrawn": "Withdrawn",
    "referred": "Referred",
    "no_data": "No data held",
    "unidentified": "Person not identified",
    "lapsed": "Lapsed",
}
LATENESS = {"overdue": "Overdue", "due_soon": "Due soon", "on_time": "On time"}
RUN = {"queued": "Waiting", "running": "Searching", "done": "Done", "failed": "Failed", "skipped": "Skipped"}
PACKAGE = {"preparing": "Being prepared", "ready": "Ready", "released": "Available", "expired": "Destroyed"}
IDENTITY = {"email": "E-mail", "phone": "Phone", "customer_number": "Customer number", "account_name": "Account name"}
PROOF = {
    "email_code": "code sent by e-mail",
    "document_view": "document seen by staff",
    "official_letter": "official letter",
    "account_session": "signed-in account",
}

JOB = {
    "collect": "Searching the systems",
    "assemble": "Putting the package together",
    "mail": "Sending an e-mail",
    "letter": "Writing the letter",
    "shred": "Destroying what is no longer needed",
}


def label(words: dict[str, str], key: str | None) -> Message:
    """The words for a key; a key without words shows itself."""
    return Message(words.get(key or "", key or ""))
