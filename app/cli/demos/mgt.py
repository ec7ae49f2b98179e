"""MGT Connect's requests in the demo: staff by function, an objection, a consent, safeguards, a company's profile."""

from collections import Counter
from typing import Final

from app.cli.demos.plans import Colleague, Demo, Plan, Step, one_step, ready, released, searched
from app.cli.samples.mgt import SAMPLE

TOLD: Final = "Example Hosting EAD was told on the same day."
SET_ASIDE: Final = {
    "restriction_ground": "objection_pending", "scope": "The log of what you did in your account.",
    "permitted_uses": "It is kept, and used only for legal claims.", "recipients_told": TOLD,
    "ends_when": "When it is decided whose reasons weigh more; we write to you before.",
}  # fmt: skip
ERASED: Final = {
    "scope": "What you wrote to support, and your answers in two surveys.", "systems": "Service.",
    "processors": "Example Helpdesk Inc. and Example Hosting EAD.",
    "backups": "The day is not known yet; you get a letter when the last copy is gone.",
    "kept": "Documents and transactions, and legal records: each for ten years from the day on which it was made.",
    "recipients_told": TOLD,
    "items.0.decision": "granted", "items.1.decision": "withheld", "items.1.ground": "kept_by_law",
    "items.1.reason": "Documents that your company sent are kept for ten years.",
}  # fmt: skip
CORRECTED: Final = {
    "changes": "Адресът на фирмата: от ул. Примерна 7 на ул. Примерна 17.", "systems": "Exchange.",
    "recipients_told": "Example Trading Partners AD бе уведомено същия ден.",
}  # fmt: skip
ADDRESS: Final = {
    "corrections.0.field": "Адресът на фирмата", "corrections.0.wrong": "ул. Примерна 7",
    "corrections.0.right": "ул. Примерна 17",
}  # fmt: skip
NO_OFFERS: Final = {
    "consequences": "Вече няма да получавате предложения от трети страни. За Вас нищо друго не се променя.",
    "continuing": "Обменът на документи и профилът Ви, които почиват на договора.",
}
CLAUSES: Final = {
    "safeguards": "Example Helpdesk Inc. in the United States has signed the standard contractual clauses.",
    "copy": "The signed clauses are enclosed; prices and names of employees are blacked out.",
}
SHARED: Final = {
    "recipients": "Example Trading Partners AD, to which you sent eleven documents. Nobody has asked for data about "
    "you because of a law or a dispute.",
}
EXTRACTION: Final = {
    "reason": "complexity",
    "reasons": "All documents that your company submitted are extracted first. That is done within 90 days.",
    "delivered_now": "A list of the documents by year. The secured archive follows before the profile is erased.",
}

PLANS: Final = (
    Plan(0, "web", proven=False), Plan(0, "web", proven=False, language="bg"),
    Plan(34, "post", (Step(30, "assign"),), language="bg"),
    Plan(8, "desk", searched(6), language="bg"), Plan(13, "email", ready(4)),
    Plan(20, "post", released(9)), Plan(19, "email", released(12), known=False, language="bg"),
    Plan(9, "email", (Step(8, "assign"), Step(8, "assign", of=1), Step(8, "restrict", SET_ASIDE, of=1)),
         ("objection", "restriction"),
         {"objection": {"situation": "My employer could read from your log when I work.", "restrict": "yes"}},
         {"objection": ("own_situation",)}),
    Plan(16, "email", one_step(7, "erase", ERASED, "dpo"), ("erasure",),
         grounds={"erasure": ("not_necessary", "objected")}),
    Plan(11, "post", one_step(5, "rectify", CORRECTED), ("rectification",), {"rectification": ADDRESS}, language="bg"),
    Plan(2, "email", one_step(2, "grant", NO_OFFERS), ("consent_withdrawal",),
         {"consent_withdrawal": {"consents": "third_party_offers"}}, language="bg"),
    Plan(7, "email", one_step(5, "grant", CLAUSES), ("transfer_mechanism_copy",),
         {"transfer_mechanism_copy": {"wish": "The service that answers support requests."}}),
    Plan(6, "email", one_step(4, "grant", SHARED), ("disclosure_information",)),
    Plan(24, "email", one_step(10, "extend", EXTRACTION, "dpo"), ("instruction",),
         {"instruction": {"wish": "Please erase the whole profile of our company, and hand over our papers first."}}),
)  # fmt: skip


def known() -> list[tuple[str, str]]:
    """Owners of accounts, each with an address of their own."""
    rows = SAMPLE.generate()["accounts"]
    times = Counter(str(row["email"]) for row in rows)
    return [(str(row["fullName"]), str(row["email"])) for row in rows if times[row["email"]] == 1]


DEMO: Final = Demo(
    SAMPLE,
    # Operations see all that the file opens to anybody; each of the others sees less (G-1).
    staff=(
        Colleague("dpo", "dpo@mgt.example", "Божидара Панова", ("operations", "legal")),
        Colleague("handler", "handler@mgt.example", "Огнян Хаджиев", ("operations",)),
        Colleague("handler", "service@mgt.example", "Сияна Куюмджиева", ("customer_service",)),
        Colleague("handler", "security@mgt.example", "Светлин Зидаров", ("security",)),
        Colleague("handler", "marketing@mgt.example", "Милица Рекламова", ("marketing",)),
        Colleague("handler", "legal@mgt.example", "Любен Правдов", ("legal",)),
        Colleague("approver", "approver@mgt.example", "Аспарух Печатов", ("operations", "security", "legal")),
        Colleague("auditor", "auditor@mgt.example", "Одилия Четникова"),
    ),
    plans=PLANS,
    known=known,
    strangers=(("Йордан Непознатов", "yordan.nepoznatov@example.org"),),
    wishes=("", "Please send me a report about everything you store about me.", "Моля, изпратете ми всичко."),
    withheld="It names a colleague, who is not the one who asks.",
    breaks="logs",
)
