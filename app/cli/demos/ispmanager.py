"""ispmanager's requests in the demo: what its notice asks for and others' do not, in English and in Russian."""

from typing import Final

from app.cli.demos.plans import LATER, Colleague, Demo, Plan, Step, one_step, released, searched
from app.cli.samples.ispmanager import SAMPLE

# I-4: who needs longer says why, before the first 30 days are over.
LONGER: Final = {
    "reason": "complexity",
    "reasons": "Three accounts were made one in 2023, and the tickets of the old ones have to be matched by hand.",
    "delivered_now": "Your profile, licences and payments; the tickets follow.",
}
# I-3: the ground, the data and the day on which it ends.
KEPT: Final = {
    "scope": "Профиль, согласия, обращения и журналы.", "systems": "Личный кабинет, служба поддержки, журналы.",
    "processors": "Example Desk OÜ, Example Mailings SAS.",
    "backups": "Резервных копий с этими данными больше нет.",
    "kept": "Платежи и реквизиты счетов: их хранение предписывает налоговое законодательство Кипра.",
    "recipients_told": "Example Desk OÜ и Example Mailings SAS уведомлены в тот же день.",
    "items.0.decision": "granted", "items.1.decision": "withheld", "items.1.ground": "kept_by_law",
    "items.1.reason": "Платежи за 2025 год: обязанность хранить учетные документы, до 31 декабря 2031 года.",
}  # fmt: skip
# I-2: nothing is done with it without consent, except to defend against claims.
SET_ASIDE: Final = {
    "restriction_ground": "accuracy_contested", "scope": "Your name, address and VAT number.",
    "permitted_uses": "It is kept. Nothing else without your consent, except to defend against claims.",
    "recipients_told": "Example Payments Ltd was told on the same day.",
    "ends_when": "When the register of companies has confirmed the number; we write to you before.",
}  # fmt: skip
# I-6: the panel runs at somebody else's, who answers for what is done with it.
NOT_OURS: Final = {
    "responsible": "Кедр Хостинг, privacy@kedr.example.net: эта компания сама управляет сервером с панелью.",
    "passed_on": "Ничего: Вы сами решаете, обращаться ли к ней.",
}
NO_MORE_COOKIES: Final = {
    "consequences": "Cookies for analytics and stability are no longer set. Nothing stops working.",
    "continuing": "Cookies for signing in and for security (contract): without them the client area does not work.",
}
NO_MORE_OFFERS: Final = {
    "result": "Вы больше не получаете предложений.", "suppression": "Ваш адрес в списке тех, кому их не отправляют.",
    "restriction_status": "Да, со дня Вашего обращения.",
}  # fmt: skip
TOLD: Final = {
    "recipients": "Example Datacentre GmbH, Example Desk OÜ and Example Payments Ltd. Since March also the trusted "
    "person whom you added in your client area.",
}

PLANS: Final = (
    Plan(19, "email", released(6), language="ru"),
    Plan(31, "desk", searched(12)),  # I-4: later than promised
    Plan(38, "email", one_step(24, "extend", LONGER, "dpo")),
    Plan(23, "email", one_step(5, "erase", KEPT, "dpo"), ("erasure",), language="ru",
         grounds={"erasure": ("not_necessary", "consent_withdrawn")}),
    Plan(16, "email", (*one_step(14, "restrict", SET_ASIDE), Step(2, "lift_restriction", {
        "lifting_on": f"{LATER}12", "lifting_reason": "The number is right now.",
        "check_outcome": "The register of companies confirms the number that you gave."}, "dpo")),
        ("restriction",), grounds={"restriction": ("accuracy_contested",)}),
    Plan(8, "email", one_step(7, "refer", NOT_OURS), ("erasure",), language="ru", known=False),
    Plan(11, "email", one_step(10, "grant", NO_MORE_COOKIES), ("consent_withdrawal",),
         {"consent_withdrawal": {"consents": "analytics_cookies"}}),
    Plan(13, "post", one_step(9, "grant", NO_MORE_OFFERS), ("objection",), language="ru",
         grounds={"objection": ("direct_marketing",)}),
    Plan(6, "email", one_step(2, "grant", TOLD), ("disclosure_information",)),
)  # fmt: skip


def known() -> list[tuple[str, str]]:
    """Users of companies, each with an address of their own: nobody here acts for a child or shares a mailbox."""
    rows = SAMPLE.generate()
    companies = {row["id"] for row in rows["accounts"] if row["kind"] == "company"}
    special = {person.email for person in SAMPLE.people}
    users = [row for row in rows["users"] if row["account_id"] in companies and row["email"] not in special]
    return [(str(row["fullName"]), str(row["email"])) for row in users]


DEMO: Final = Demo(
    SAMPLE,
    staff=(
        Colleague("dpo", "dpo@ispmanager.example", "Eleni Nicolaou"),
        Colleague("handler", "handler@ispmanager.example", "Никита Журавлёв"),
        Colleague("approver", "approver@ispmanager.example", "Petros Vasiliou"),
        Colleague("auditor", "auditor@ispmanager.example", "Olga Auster"),
    ),
    plans=PLANS,
    known=known,
    strangers=(("Катерина Лазарева", "katerina.lazareva@example.org"),),
)
