"""What staff would write into each kind of letter, and a house that offers every right."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from app.domain.policy_values import RightName
from app.domain.regime import LetterKind
from app.models.cases import Case
from app.queries.reading import load
from app.services import letters
from tests.factories import House

ALL_RIGHTS = (
    "access", "portability", "rectification", "erasure", "restriction", "objection", "consent_withdrawal",
    "automated_decision_review", "confirmation", "disclosure_information", "transfer_mechanism_copy", "instruction",
)  # fmt: skip
_ONE = "  access: {proof: [email_code], approvers: 1}\n"
OFFERED = {_ONE: "".join(_ONE.replace("access", name) for name in ALL_RIGHTS)}
PARAGRAPHS = "Two sentences of words. They say what there is to say.\n\nAnd a second paragraph."
REASON = "You asked for this last week as well, and nothing has changed."

# The right of the case, and the inputs.
ABOUT_CASES: dict[LetterKind, tuple[RightName, dict[str, Any]]] = {
    "acknowledgement": ("access", {}),
    "identity_request": ("access", {
        "doubt": "The address from which you write is not the one under which we know you.",
        "items_asked": "Your customer number\nThe date of your last invoice",
        "alternatives": "Sign in to your account and send the request from there",
        "defect": "The picture that you sent cannot be read.",
    }),
    "clarification": ("access", {
        "unclear_part": "We keep data about you in twelve systems, over nine years.",
        "options": "Invoices\nSupport calls",
    }),
    "extension": ("access", {"ground": "complexity", "reasons": "We have to search paper files in two archives."}),
    "refusal": ("access", {
        "ground": "excessive", "reasons": REASON, "evidence": "Your requests of 1, 8 and 15 November 2026.",
    }),
    "fee_notice": ("access", {
        "ground": "excessive", "amount": "12.50 EUR", "cost_basis": "Half an hour of work and the postage.",
        "evidence": "Your requests of 1, 8 and 15 November 2026.",
    }),
    "partial": ("erasure", {
        "granted": ["Support calls", "Newsletter address"],
        "withheld": [{"item": "Invoices", "ground": "A law obliges us to keep it", "article": "Art. 17(3)(b)"}],
        "reasons": "Invoices: the Accounting Act wants them kept for five years.",
    }),
    "access": ("access", {
        "copy": "Your file: your name, your address, nine letters.", "search_scope": "The paper archive",
        "searched_on": "2026-11-23",
    }),
    "no_data": ("access", {"search_scope": ["Customers", "Invoices"], "searched_on": "2026-11-23"}),
    "rectified": ("rectification", {
        "changes": "Street: “Brivibas 1” became “Brīvības iela 1”", "systems": "Customers\nInvoices",
        "recipients_told": "Example Mailer was told on 23 November 2026.",
    }),
    "erased": ("erasure", {
        "scope": "Support calls\nNewsletter address", "systems": "Customers",
        "processors": "Example Mailer, on 23 November 2026", "backups": "Daily copies: until 30 November 2026",
        "kept": "Invoices: five years (Accounting Act)", "recipients_told": "Example Mailer was told.",
    }),
    "restricted": ("restriction", {
        "ground": "accuracy_contested", "scope": "Your address", "permitted_uses": "It is stored.",
        "ends_when": "When we know which address is right.", "recipients_told": "Example Mailer was told.",
    }),
    "lifting": ("restriction", {
        "lifting_on": "2026-12-01", "lifting_reason": "The address is settled.",
        "check_outcome": "The register of residents shows the address that we have.",
    }),
    "portability": ("portability", {
        "data_sets": ["Customers: 3 records"], "access_link": "On your request's page, until 23 December 2026.",
    }),
    "objection": ("objection", {
        "result": "We no longer use your data for profiling.",
        "suppression": "Your address stays on the list of those who get no advertising.",
        "restriction_status": "It was set aside from the day of your objection.",
    }),
    "automated_decision": ("automated_decision_review", {
        "reviewer": "Head of credit", "view_considered": PARAGRAPHS, "new_result": "The contract is offered to you.",
        "logic": PARAGRAPHS,
    }),
    "consent_withdrawn": ("consent_withdrawal", {
        "consent": ["Newsletter"], "consequences": "You get no more newsletters.",
    }),
    "referral": ("access", {
        "responsible": "Example Hosting SAS\nprivacy@hosting.example.com", "passed_on": "Your request as you wrote it.",
        "passed_on_at": "2026-11-23",
    }),
    "withdrawn": ("access", {}),
    "lapsed": ("access", {"reasons": "The proof that we asked for on 2 November did not come."}),
    "complaint": ("access", {"result": "We looked into it and found that you were right."}),
    "answer": ("transfer_mechanism_copy", {
        "safeguards": "Standard contractual clauses of the Commission.", "copy": "https://example.com/clauses",
    }),
}  # fmt: skip
WITHOUT_CASE: dict[LetterKind, dict[str, Any]] = {
    "recipient_notice": {
        "recipient": "Example Mailer GmbH\nBerlin", "reference": "N-2026-14", "action": "erase",
        "person_reference": "Customer 4711", "scope": "Name\nE-mail address", "done_on": "2026-11-23",
    },
    "breach_authority": {
        "recipient": "Data State Inspectorate", "reference": "B-2026-02", "aware_at": "2026-11-22T10:00",
        "phase": "first", "nature": PARAGRAPHS, "numbers": "About 1,200 people and 4,000 records of customers.",
        "likely_consequences": PARAGRAPHS, "measures": PARAGRAPHS, "extent": "One system.", "data": "Names.",
        "impact": "None.", "action_plan": PARAGRAPHS,
    },
    "breach_person": {
        "person": "Ana Liepa\nBrīvības iela 1, Rīga", "reference": "B-2026-02", "nature": PARAGRAPHS,
        "likely_consequences": PARAGRAPHS, "measures": PARAGRAPHS, "advice": "Change your password\nTell your bank",
    },
    "breach_register": {
        "reference": "B-2026-02", "facts": PARAGRAPHS, "effects": PARAGRAPHS, "remedial_action": PARAGRAPHS,
    },
}  # fmt: skip


def of_right(
    house: House, right: str, *, rights: Sequence[str] = ALL_RIGHTS, changes: Mapping[str, str] | None = None
) -> str:
    """An open request for that right, at an organisation that offers all of these."""
    house.apply(changes={_ONE: "".join(_ONE.replace("access", name) for name in rights), **(changes or {})})
    reference = house.in_status("open")
    give_right(house, reference, right)
    return reference


def give_right(house: House, reference: str, right: str) -> None:
    """Make it a request for another right."""
    with house.work("dpo") as work:
        work.session.scalars(select(Case).where(Case.reference == reference)).one().right = right


def sent(house: House, reference: str, kind: LetterKind, inputs: dict[str, Any]) -> str:
    """Send one letter; its public id."""
    with house.work("dpo") as work:
        row = letters.send(work, load(work, reference), kind, inputs)
    house.run()
    return row.public_id
