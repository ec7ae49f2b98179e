"""SoftManager's requests in the demo: every right that it offers, every status and outcome."""

from collections import Counter
from typing import Final

from app.cli.demos.plans import (
    BROKEN,
    LATER,
    PERSON,
    WITHHOLD,
    Colleague,
    Demo,
    Plan,
    Step,
    one_step,
    ready,
    released,
    searched,
)
from app.cli.samples.softmanager import SAMPLE

WISHES: Final = (
    "", "Please send me everything you hold about me.", "Mai ales facturile și istoricul plăților, vă rog.",
    "I would like to know where you got my phone number.",
)  # fmt: skip
REFUSED: Final = {
    "ground": "excessive",
    "reason": "The same data was sent to you three weeks ago, and nothing in it has changed since (see our letter).",
    "evidence": "Our letter of three weeks ago with the whole copy, and the log of the systems: no change since.",
}
PROOF: Final = {
    "doubt": "The address that wrote to us is not the one that we know this client by.",
    "items_asked": "Answer from the address on your last invoice, or name the number of that invoice.",
    "alternatives": "Show an identity card at our office; nothing of it is copied.",
}
UNCLEAR: Final = {
    "unclear_part": "We hold several thousand lines of log about you, over six years.",
    "options": "The last twelve months; one project; everything.",
    "answered_meanwhile": "Your contact details and your invoices are being put together.",
}
LONGER: Final = {
    "reason": "complexity",
    "reasons": "Your data is spread over an archive of 2019 that has to be read back from tape.",
    "delivered_now": "Nothing yet; what is found first is sent first.",
}
FEE: Final = {
    "ground": "excessive", "evidence": "The fourth request in two months, each for the same printed ledger.",
    "amount": "24.00", "currency": "RON", "cost_basis": "Paper and postage of 480 pages.",
}  # fmt: skip
TOLD: Final = "Example Hosting SAS was told on the same day."
CORRECTED: Final = {
    "changes": "The telephone number, from +40 244 000 019 to +40 244 000 091.", "systems": "CRM and invoicing.",
    "recipients_told": TOLD,
}  # fmt: skip
ERASED: Final = {
    "scope": "Your contact cards, notes and the log of your account.", "systems": "CRM.",
    "processors": "Example Hosting SAS.", "backups": "The last copy is gone seven days after that day.",
    "kept": "Invoices, for five years after the year in which they were issued (Accounting Act 82/1991, Art. 25).",
    "recipients_told": TOLD,
}  # fmt: skip
SET_ASIDE: Final = {
    "restriction_ground": "accuracy_contested", "scope": "Your address and your credit rating.",
    "permitted_uses": "It is kept, and used only for legal claims.", "recipients_told": TOLD,
    "ends_when": "When the land register has confirmed the address; we write to you before.",
}  # fmt: skip
NO_MORE_NEWS: Final = {
    "result": "You get no more news, offers or calls.",
    "suppression": "Your address on the list of those not to write to.",
    "restriction_status": "Yes, from the day on which you wrote.",
}  # fmt: skip
CONSENT_OVER: Final = {
    "consequences": "You get no more news about the product. Nothing else changes for you.",
    "continuing": "Invoices and notices about the service, which rest on the contract.",
}
LOOKED_AT: Final = {
    "reviewer": "The head of customer service",
    "new_result": "The account is open again.",
    "view_considered": "You said that the payment was made on time; the bank has confirmed it.",
    "logic": "An account with two unpaid invoices is closed by itself; one of yours was booked to a namesake.",
}
PHONE: Final = {
    "corrections.0.field": "My phone number", "corrections.0.wrong": "+40 244 000 019",
    "corrections.0.right": "+40 244 000 091",
}  # fmt: skip
TITLE: Final = {
    "corrections.1.field": "My title", "corrections.1.right": "Director",
    "corrections.1.evidence": "My card of this year.",
}  # fmt: skip

ACCESS: Final = (
    Plan(0, "web", proven=False), Plan(0, "web", proven=False, language="ro"), Plan(2, "email", proven=False),
    Plan(0, "phone"), Plan(1, "post"), Plan(5, "desk", (Step(4, "assign"),)),
    Plan(26, "post", (Step(20, "assign", by="dpo"),)), Plan(27, "email"),
    Plan(36, "post", (Step(30, "assign"),)), Plan(48, "email"),
    Plan(8, "desk", (Step(8, BROKEN),)),
    Plan(6, "email", searched(5)), Plan(12, "post", searched(9)), Plan(28, "desk", searched(20)),
    Plan(15, "email", (*searched(10), Step(9, WITHHOLD))),
    Plan(10, "post", ready(3), language="ro"), Plan(24, "email", ready(6)),
    Plan(14, "post", released(7), language="ro"), Plan(27, "desk", released(21)),
    Plan(18, "post", (*searched(14), Step(13, WITHHOLD), *ready(12)[2:], Step(11, "release", by="dpo"))),
    Plan(16, "email", one_step(8, "refuse", REFUSED)), Plan(9, "desk", one_step(2, "refuse", REFUSED)),
    Plan(11, "phone", released(4), known=False),
)  # fmt: skip
STOPPED: Final = (
    Plan(11, "email", one_step(10, "ask_proof", PROOF)),
    Plan(18, "email", (*one_step(17, "ask_proof", PROOF), Step(9, "reject_proof", PROOF))),
    Plan(22, "post", one_step(20, "ask_clarification", UNCLEAR), language="ro"),
    Plan(7, "post", one_step(6, "quote_fee", FEE)),
    Plan(24, "post", (*one_step(22, "quote_fee", FEE), Step(15, "record_fee"))),
    Plan(34, "email", one_step(20, "extend", LONGER, "dpo")),
    Plan(13, "email", (Step(12, "withdraw", by=PERSON),)),
    Plan(45, "email", (*one_step(43, "ask_clarification", UNCLEAR), Step(4, "close", {
        "reason": "We asked you twice which years you mean, and heard nothing."}))),
    Plan(23, "email", one_step(14, "cannot_identify", {
        "reason": "Three clients have your name, and nothing that you sent is known to us."})),
    Plan(16, "phone", one_step(13, "refer", {
        "responsible": "Example Accounting SRL, Str. Pieței 4, 100002 Ploiești", "passed_on": "Your letter."})),
    Plan(40, "email", (*one_step(32, "refuse", REFUSED), Step(5, "reopen", {
        "reason": "You showed that the copy of three weeks ago went to an old address."}, "dpo"))),
)  # fmt: skip
OTHERS: Final = (
    Plan(12, "email", one_step(4, "rectify", CORRECTED), ("rectification",), {"rectification": PHONE}, language="ro"),
    Plan(20, "post", one_step(9, "rectify", {
        **CORRECTED, "items.0.decision": "granted", "items.1.decision": "withheld",
        "items.1.ground": "accuracy_not_shown", "items.1.reason": "The trade register still names somebody else.",
    }), ("rectification",), {"rectification": {**PHONE, **TITLE}}),
    Plan(17, "email", one_step(6, "erase", {
        **ERASED, "items.0.decision": "granted", "items.1.decision": "withheld", "items.1.ground": "kept_by_law",
        "items.1.reason": "Invoices must be kept for five years (Accounting Act 82/1991, Art. 25).",
    }, "dpo"), ("erasure",), grounds={"erasure": ("not_necessary", "consent_withdrawn")}),
    Plan(4, "email", (), ("erasure",), {"erasure": {"wish": "My old account."}}, language="ro"),
    Plan(26, "post", one_step(2, "extend", LONGER), ("erasure",), grounds={"erasure": ("unlawful",)}),
    Plan(21, "email", (*one_step(15, "restrict", SET_ASIDE), Step(3, "lift_restriction", {
        "lifting_on": f"{LATER}11", "lifting_reason": "The address is right now.",
        "check_outcome": "The land register confirms the address that you gave."}, "dpo")),
        ("restriction",), grounds={"restriction": ("accuracy_contested",)}),
    Plan(5, "desk", (Step(4, "assign"),), ("restriction",), grounds={"restriction": ("needed_for_claims",)}),
    Plan(6, "email", one_step(5, "grant", NO_MORE_NEWS), ("objection",), grounds={"objection": ("direct_marketing",)}),
    Plan(19, "post", one_step(8, "refuse", {
        "ground": "compelling_grounds", "reason": "The log is what shows who has broken into an account; yours was "
        "broken into in May."}), ("objection",), {"objection": {"situation": "I do not want to be watched at work."}},
        {"objection": ("own_situation",)}),
    Plan(3, "email", one_step(3, "grant", CONSENT_OVER), ("consent_withdrawal",),
         {"consent_withdrawal": {"consents": "news"}}, language="ro"),
    Plan(2, "phone", (), ("consent_withdrawal",), {"consent_withdrawal": {"consents": "news"}}),
    Plan(13, "email", (*one_step(12, "ask_proof", PROOF), Step(9, "accept_proof", {
        "method": "document_view", "note": "Seen at the counter by Horia Manolescu; no copy kept."}),
        Step(2, "grant", LOOKED_AT)),
        ("automated_decision_review",), {"automated_decision_review": {
            "wish": "My account was closed on Monday without anybody looking at it."}}),
    Plan(10, "email", one_step(6, "grant", {"confirmation": "Yes: you are a contact person of two of our clients."}),
         ("confirmation",)),
    Plan(7, "email", one_step(5, "grant", {"recipients": "Example Hosting SAS in France, where the service runs. Your "
         "last invoice was also sent to the National Agency for Fiscal Administration, as the law requires."}),
         ("disclosure_information",)),
    Plan(15, "post", released(5), ("portability",)),
    Plan(8, "email", one_step(7, "grant", {"result": "The three entries were merged into one."}), ("instruction",),
         {"instruction": {"wish": "Merge the three cards of Delta Print into one."}}),
    Plan(2, "email", (), ("other",), {"other": {"wish": "De unde aveți numărul meu și de ce mă tot sunați?"}},
         language="ro"),
    Plan(9, "post", (Step(8, "recognise", {"right": "rectification"}),), ("other",),
         {"other": {"wish": "You write my name with one n. It has two."}}),
    Plan(5, "email", (Step(5, "grant", CONSENT_OVER, of=2),), ("access", "rectification", "consent_withdrawal"),
         {"rectification": PHONE, "consent_withdrawal": {"consents": "news"}}),
)  # fmt: skip


def known() -> list[tuple[str, str]]:
    """Contact persons and users, each with an address of their own."""
    rows = SAMPLE.generate()
    found = [(str(row["full_name"]), str(row["email"])) for row in rows["contacts"] if row["email"]]
    found += [(str(row["fullName"]), str(row["email"])) for row in rows["users"] if row["email"]]
    times = Counter(email for _, email in found)
    special = {person.email for person in SAMPLE.people}
    return [(name, email) for name, email in found if times[email] == 1 and email not in special]


DEMO: Final = Demo(
    SAMPLE,
    staff=(
        Colleague("dpo", "dpo@softmanager.example", "Daria Protopopescu", ("operations", "customer_service")),
        Colleague("handler", "handler@softmanager.example", "Horia Manolescu", ("operations", "customer_service")),
        Colleague("approver", "approver@softmanager.example", "Aura Popa", ("operations",)),
        Colleague("admin", "admin@softmanager.example", "Adrian Minea"),
        Colleague("auditor", "auditor@softmanager.example", "Iulia Auster"),
    ),
    plans=(*ACCESS, *STOPPED, *OTHERS),
    known=known,
    strangers=(("Vlad Necunoscut", "vlad.necunoscut@example.org"),),
    wishes=WISHES,
    withheld="It names a colleague of the client, who is not the one who asks.",
    breaks="billing",
)
