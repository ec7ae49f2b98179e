"""SoftFirm's requests in the demo: signed by hand under Federal Law 152-FZ, and the one that needs no signature."""

from collections import Counter
from typing import Final

from app.cli.demos.plans import PERSON, Colleague, Demo, Plan, Step, asked_to_sign, one_step, released
from app.cli.samples.softfirm import SAMPLE

SIGNED: Final = {"method": "signed_form", "note": "Подписано и датировано, текст не изменён."}
UNSIGNED: Final = {"defects": "no_signature,no_date", "doubt": "Подписывать нужно ручкой, на самом листе."}
ERASED: Final = {
    "scope": "Ваша учетная запись, согласия и журнал входов.", "systems": "Реестр пользователей и сайт.",
    "processors": "ООО «Пример Хостинг».", "backups": "Резервных копий с Вашими данными больше нет.",
    "kept": "Ничего.", "recipients_told": "ООО «Пример Хостинг» — в тот же день.",
}  # fmt: skip
CORRECTED: Final = {
    "changes": "Мобильный телефон: с +7 000 111-00-19 на +7 000 111-00-91.", "systems": "Реестр пользователей.",
    "recipients_told": "Никому не сообщалось: этот номер никому не передавался.",
}  # fmt: skip
PHONE: Final = {
    "corrections.0.field": "Мобильный телефон", "corrections.0.wrong": "+7 000 111-00-19",
    "corrections.0.right": "+7 000 111-00-91",
}  # fmt: skip
NO_TRANSFERS: Final = {
    "consequences": "Ваши данные больше не передаются третьим лицам. Программы работают как прежде.",
    "continuing": "Передача, которой прямо требует закон, например по решению суда.",
}
TOLD: Final = {
    "recipients": "ООО «Пример Хостинг», где размещён сайт. Примерный районный суд: имя и адрес электронной почты, по "
    "решению суда. Больше никому; в другие страны данные не передаются.",
}  # fmt: skip


def signed(days_ago: int) -> tuple[Step, ...]:
    """The form came back duly executed: the ten working days begin."""
    return (Step(days_ago, "accept_proof", SIGNED),)


PLANS: Final = (
    Plan(0, "web", proven=False),
    Plan(3, "web", asked_to_sign(3), proven=False),
    Plan(6, "web", (*asked_to_sign(6), Step(4, "reject_proof", UNSIGNED)), ("erasure",), proven=False),
    Plan(9, "web", (*asked_to_sign(9), Step(8, "reject_proof", UNSIGNED), *signed(5)), ("disclosure_information",),
         proven=False),
    Plan(30, "web", (*asked_to_sign(30), *signed(27), Step(27, "assign")), ("rectification",),
         {"rectification": PHONE}, proven=False),
    Plan(19, "web", (*asked_to_sign(19), *signed(16), *released(9)), proven=False),
    Plan(24, "web", (*asked_to_sign(24), *signed(22), *one_step(14, "rectify", CORRECTED)), ("rectification",),
         {"rectification": PHONE}, proven=False),
    Plan(16, "web", (*asked_to_sign(16), *signed(15), *one_step(8, "erase", ERASED, "dpo")), ("erasure",),
         grounds={"erasure": ("not_necessary",)}, proven=False),
    Plan(12, "post", one_step(6, "grant", TOLD), ("disclosure_information",), language="en"),
    Plan(5, "web", (Step(5, "confirm", by=PERSON), *one_step(2, "grant", NO_TRANSFERS)), ("consent_withdrawal",),
         {"consent_withdrawal": {"consents": "transfer"}}, proven=False),
    Plan(40, "web", (*asked_to_sign(40), Step(2, "close", {
        "reason": "Подписанная форма так и не пришла, на наши письма ответа не было."})), proven=False),
)  # fmt: skip


def known() -> list[tuple[str, str]]:
    """Registered users, each with an address of their own."""
    found = [(str(row["Name"]), str(row["email"])) for row in SAMPLE.generate()["user"]]
    times = Counter(email for _, email in found)
    return [(name, email) for name, email in found if times[email] == 1]


DEMO: Final = Demo(
    SAMPLE,
    staff=(
        Colleague("dpo", "dpo@softfirm.example", "Дарья Полонская"),
        Colleague("handler", "handler@softfirm.example", "Харитон Дельцов"),
        Colleague("approver", "approver@softfirm.example", "Агния Проверкина"),
        Colleague("admin", "admin@softfirm.example", "Адам Минский"),
        Colleague("auditor", "auditor@softfirm.example", "Юлия Аудитова"),
    ),
    plans=PLANS,
    known=known,
    wishes=("", "Пришлите, пожалуйста, всё, что у вас есть обо мне.", "Особенно журнал входов."),
    seen="Паспорт показан в офисе; копия не снималась.",
)
