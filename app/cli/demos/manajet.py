"""ManaJet's requests in the demo: users who are referred to their company, early deletion, consents at payment."""

from collections import Counter
from typing import Final

from app.cli.demos.plans import CODE, PERSON, Colleague, Demo, Plan, Step, one_step, ready, released, searched
from app.cli.samples.manajet import SAMPLE
from app.domain.customers import Company

# M-2: the company whose Account it is decides; the platform helps.
REFERRED: Final = {
    "responsible": "SIA “Zaļā Sala 1”, birojs1@zalasala.example.com. You are a user of its Account, so it decides on "
    "your data there. We help it to answer you.",
    "passed_on": "Your request as you wrote it, with your name and address.",
}  # fmt: skip
REFERRED_LV: Final = {
    "responsible": "SIA “Jūras Vējš 1”, birojs3@jurasvejs.example.com. Jūs esat tās konta lietotājs, tāpēc par Jūsu "
    "datiem tajā lemj šis uzņēmums. Mēs palīdzam tam Jums atbildēt.",
    "passed_on": "Jūsu pieprasījums, kā to uzrakstījāt, Jūsu vārds un adrese.",
}  # fmt: skip
# M-8, and the person gives up the thirty days.
ERASED: Final = {
    "scope": "Your Account with its projects, documents and users, at once: you gave up the 30 days.",
    "systems": "Platform and support.", "processors": "Example Datacentre SIA.",
    "backups": "The copies of the Account go with it; the days below are the latest.",
    "kept": "Nothing.", "recipients_told": "Example Datacentre SIA was told on the same day.",
}  # fmt: skip
NO_CONSENT: Final = {
    "consequences": "Jūsu dati licences apmaksai vairs netiek izmantoti. Samaksātā licence ir spēkā līdz beigām.",
    "continuing": "Kontu nodrošināšana, kas balstās uz līgumu.",
}
SHARED: Final = {
    "recipients": "Example Datacentre SIA, where the platform runs, and Example Payments AS, which told us that your "
    "licence was paid. No authority has asked for data about you.",
}  # fmt: skip
PHONE: Final = {
    "corrections.0.field": "Мой телефон", "corrections.0.wrong": "+371 00 000 019",
    "corrections.0.right": "+371 00 000 091",
}  # fmt: skip

PLANS: Final = (
    Plan(0, "web", proven=False), Plan(1, "web", proven=False, language="lv"),
    Plan(33, "post", (Step(28, "assign"),), language="ru"),
    Plan(6, "desk", searched(5), language="lv"), Plan(25, "email", ready(9)),
    Plan(17, "post", released(8), language="lv"),
    Plan(12, "email", one_step(10, "refer", REFERRED)),
    Plan(7, "email", one_step(6, "refer", REFERRED_LV), ("rectification",),
         {"rectification": {"corrections.0.field": "Mans amats", "corrections.0.right": "Projektu vadītāja"}},
         language="lv"),
    Plan(9, "email", one_step(4, "erase", ERASED, "dpo"), ("erasure",),
         {"erasure": {"wish": "My whole Account, at once. I give up the 30 days in which it could be restored."}}),
    Plan(3, "web", (Step(3, CODE, by=PERSON),), ("erasure",), proven=False, language="ru"),
    Plan(2, "web", (Step(2, CODE, by=PERSON),), ("instruction",),
         {"instruction": {"wish": "Please delete our Account kiegelnica5 before its licence ends."}}, proven=False,
         company=(Company("SIA “Ķieģeļnīca 1”", "Member of the board"), "MJ-10005")),
    Plan(4, "email", one_step(4, "grant", NO_CONSENT), ("consent_withdrawal",),
         {"consent_withdrawal": {"consents": "licence_payment"}}, language="lv"),
    Plan(8, "email", one_step(2, "grant", SHARED), ("disclosure_information",)),
    Plan(5, "desk", (Step(4, "assign"),), ("rectification",), {"rectification": PHONE}, language="ru"),
    Plan(14, "email", released(6), ("portability",)),
)  # fmt: skip


def known() -> list[tuple[str, str]]:
    """Users of Accounts, each with an address of their own; nobody who is worth a look."""
    special = {person.email for person in SAMPLE.people}
    found = [(str(row["fullName"]), str(row["email"])) for row in SAMPLE.generate()["users"]]
    times = Counter(email for _, email in found)
    return [(name, email) for name, email in found if times[email] == 1 and email not in special]


DEMO: Final = Demo(
    SAMPLE,
    staff=(
        Colleague("dpo", "dpo@manajet.example", "Sintija Reinholde", ("operations", "customer_service")),
        Colleague("handler", "handler@manajet.example", "Artis Pumpurs", ("operations", "customer_service")),
        Colleague("approver", "approver@manajet.example", "Vita Grīnberga", ("operations",)),
        Colleague("auditor", "auditor@manajet.example", "Ojārs Siliņš"),
    ),
    plans=PLANS,
    known=known,
    wishes=("", "Everything that you hold about me, please."),
)
