"""SoftFirm's procedures, each from the form to the end: signed by hand, and counted from the paper that is in order."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from lxml import html

from tests import scans
from tests.journeys.controllers.errand import Errand
from tests.journeys.reader import text_of

SLUG = "softfirm"
IGOR = {"name": "Игорь Соколов", "email": "igor.sokolov@example.com"}
MARIA = {"name": "Мария Кузнецова", "email": "kuznetsovy@example.com"}
VERA = {"name": "Вера Ильина", "email": "vera.ilyina@example.com"}
ALEXEY = {"name": "Алексей Смирнов", "email": "alexey.smirnov@example.com"}  # has a namesake
ARTEM = {"name": "Артём Д'Анжело", "email": "artem.dangelo@example.com"}
YURI = {"name": "Юрий Щербаков", "email": "yuri.shcherbakov@example.com"}
ANNA = {"name": "Анна Озола", "email": "anna.ozola@example.com"}
FYOKLA = {"name": "Фёкла Ёлкина", "email": "fekla.yolkina@example.com"}
FATHER = {"name": "Марис Озолс", "email": "maris.ozols@example.com"}
FORM = 'form[action$="/proof/signed-form"]'
SIGNED = "Подписано и датировано, слова не изменены."
HANDS = "Сделано сотрудником в самой системе в тот же день."
Later = Callable[[int], None]


def test_access_counts_from_the_form_that_is_in_order(
    errand: Errand, later: Later, tmp_path: Path
) -> None:
    errand.ask("access", **IGOR, scope="everything")
    assert errand.case.status == "proof_needed"
    errand.office.work()
    assert "Нам нужно убедиться, что это Вы." in errand.letters()["acknowledgement"]
    form = printed(errand, tmp_path)
    sent(errand, tmp_path, scans.page(form))  # nobody signed it
    found_wanting(errand, "no_signature", "no_date")
    assert errand.case.clock.promised_due is None
    assert "На бланке нет подписи." in errand.see()

    later(2)
    errand.see()
    sent(errand, tmp_path, scans.from_an_angle(scans.signed(form)))
    found_in_order(errand)
    errand.due_is(date(2026, 12, 9))
    assert errand.case.clock.statutory_due == date(2026, 12, 7)  # ten working days from the first paper, beside it
    errand.hand_over()
    errand.closed("granted")
    assert (errand.found["registry.user"], errand.found["registry.consent"]) == (2, 6)


def test_nothing_is_held_about_her(errand: Errand, tmp_path: Path) -> None:
    errand.ask("access", **FYOKLA, scope="everything")
    sign(errand, tmp_path)
    errand.hand_over()
    errand.closed("no_data")
    assert errand.letters()["no_data"]


def test_who_received_the_data_is_told(errand: Errand, tmp_path: Path) -> None:
    errand.ask("disclosure_information", **IGOR)
    sign(errand, tmp_path)
    errand.due_is(date(2026, 12, 7))
    errand.decide("collect")
    assert errand.found["registry.transfer"] == 1
    errand.decide("grant", recipients="Примерный районный суд: имя и почта, по решению суда. Больше никто.")
    errand.closed("granted")
    assert "по решению суда" in errand.letters()["answer"]


def test_data_is_corrected_within_the_seven_days_of_the_law(errand: Errand, tmp_path: Path) -> None:
    errand.ask("rectification", **ARTEM, **{"corrections.0.field": "Имя", "corrections.0.right": "Артём Д'Анжело"})
    sign(errand, tmp_path)
    errand.due_is(date(2026, 12, 2))
    errand.decide("rectify", changes="Имя: теперь Артём Д'Анжело.", systems=f"Реестр пользователей. {HANDS}")
    errand.closed("granted")
    assert HANDS in errand.letters()["rectified"]


def test_data_is_erased_and_what_a_court_asked_for_is_kept(
    errand: Errand, later: Later, tmp_path: Path
) -> None:
    errand.ask("erasure", **VERA, grounds="not_necessary,unlawful")
    later(2)
    errand.see()
    sign(errand, tmp_path)
    errand.due_is(date(2026, 12, 4))  # seven working days from the form
    assert errand.case.clock.statutory_due == date(2026, 12, 2)
    errand.decide(
        "erase", **{"items.0.decision": "granted", "items.1.decision": "withheld", "items.1.ground": "kept_by_law",
                    "items.1.reason": "Запись о передаче по запросу нужна до конца дела."},
        scope="Учётная запись и журнал входов.", systems=f"Реестр и сайт. {HANDS}",
        kept="Запись о передаче, до конца дела.",
    )  # fmt: skip
    errand.closed("partly_granted")
    letter = errand.letters()["partial"]
    for words in ("Учётная запись и журнал входов.", HANDS, "Запись о передаче по запросу нужна до конца дела."):
        assert words in letter, words


@pytest.mark.parametrize("language", ["en"])
def test_a_form_that_comes_by_post_finds_its_request_by_its_code(
    errand: Errand, later: Later, tmp_path: Path
) -> None:
    errand.ask("access", **ALEXEY, scope="everything")
    path = tmp_path / "post.jpg"
    path.write_bytes(scans.saved(scans.noisy(scans.signed(printed(errand, tmp_path)))))
    later(3)
    desk = errand.staff("handler")
    desk.open(f"/desk/{SLUG}/forms/")
    desk.page.locator("input[type=file]").set_input_files(path)
    desk.go(desk.page.locator("#upload button[type=submit]"))
    found_in_order(errand)
    errand.due_is(date(2026, 12, 10))
    errand.hand_over()
    errand.closed("granted")
    assert errand.found["registry.user"] == 1


def test_the_form_of_another_request_says_nothing(errand: Errand, tmp_path: Path) -> None:
    errand.ask("access", **YURI, scope="everything")
    other = scans.signed(printed(errand, tmp_path))
    errand.ask("disclosure_information", **YURI)
    printed(errand, tmp_path)
    assert "относится к другому запросу" in turned_away(errand, other)
    assert (errand.case.status, errand.case.clock.promised_due) == ("proof_needed", None)
    errand.decide("withdraw")
    errand.closed("withdrawn")


@pytest.mark.parametrize("language", ["en"])
def test_who_cannot_sign_is_known_in_another_way(errand: Errand) -> None:  # nobody is shut out by a form
    errand.ask("access", **ARTEM, scope="everything")
    errand.decide("accept_proof", by="handler", method="document_view", note="Seen in a video call; no copy made.")
    errand.due_is(date(2026, 12, 7))  # no form, no promise: the law counts
    errand.hand_over()
    errand.closed("granted")


def test_a_form_that_never_comes(errand: Errand, later: Later) -> None:
    errand.ask("access", **MARIA, scope="everything")
    later(40)
    assert (errand.case.status, errand.case.clock.promised_due) == ("proof_needed", None)
    errand.decide("close", reason="Подписанная форма не пришла за сорок дней.")
    errand.closed("lapsed")
    assert "Подписанная форма не пришла" in errand.letters()["lapsed"]


@pytest.mark.parametrize(
    ("consent", "days", "due", "named"),
    [
        ("processing", 0, date(2026, 12, 7), "Обработка данных для работы с программами"),
        ("transfer", 0, date(2026, 12, 7), "Передача данных третьим лицам"),
        ("cookies", 28, date(2027, 1, 13), "Файлы cookie"),  # 31 December to 8 January are off
    ],
)
def test_each_consent_ends_by_itself_and_without_a_signature(
    errand: Errand, later: Later, consent: str, days: int, due: date, named: str
) -> None:
    later(days)
    errand.ask("consent_withdrawal", **VERA, consents=consent)
    assert errand.case.status == "open"
    errand.due_is(due)
    errand.decide("grant", by="handler", consequences=f"Согласие больше не действует. {HANDS}",
                  continuing="Остальные согласия действуют.")  # fmt: skip
    errand.closed("granted")
    letter = errand.letters()["consent_withdrawn"]
    assert named in letter
    assert "Остальные согласия действуют." in letter


def test_a_young_reader_may_ask_and_learns_how_a_parent_can_help(errand: Errand) -> None:
    errand.open_form("consent_withdrawal")
    about = {"account_name": "", "customer_number": ""}
    errand.person.answer("main form", **ANNA, **about, consents="cookies", age="younger")
    assert "SoftFirm" in errand.person.words
    assert "Если Вам меньше 16 лет" in errand.person.words
    errand.person.go(errand.person.page.locator("main a.govuk-button"))
    errand.send(ANNA["email"])
    errand.decide("grant", by="handler")
    errand.closed("granted")


def test_a_parent_consents_for_a_child_in_due_form(errand: Errand, tmp_path: Path) -> None:
    errand.open_form("other")
    errand.person.answer("main form", **FATHER, capacity="guardian",
                         wish="Я согласен, чтобы моя дочь пользовалась программами.")  # fmt: skip
    errand.person.answer("main form", subject_name=ANNA["name"], born_on="2011-05-09", stands_as="parent",
                         subject_email=ANNA["email"], subject_account="", subject_number="", agrees="yes")  # fmt: skip
    errand.send(FATHER["email"])
    assert errand.case.status == "proof_needed"
    path = tmp_path / "consent.jpg"
    path.write_bytes(scans.saved(scans.page(scans.printer().print("<p>Согласие"))))
    errand.see()
    page = errand.person.page
    page.locator("[name=purpose], [name=kind]").last.check()
    page.locator("input[type=file]").last.set_input_files(path)
    errand.person.go(page.locator("#upload button[type=submit], form[action$='/evidence/'] button").last)
    errand.decide("accept_proof", by="handler", method="representative", note="Свидетельство о рождении.",
                  identities="email", answer_to="representative")  # fmt: skip
    errand.decide("grant", result=f"Согласие принято, дочь может пользоваться программами. {HANDS}")
    errand.closed("granted")
    assert "Согласие принято" in errand.letters()["answer"]


@pytest.mark.parametrize(
    ("right", "asked", "due", "move", "told"),
    [
        ("confirmation", {}, date(2026, 12, 7), "grant", {"confirmation": "Да, ваши данные обрабатываются."}),
        ("restriction", {"grounds": "accuracy_contested"}, date(2026, 11, 23), "restrict",
         {"scope": f"Ваш мобильный телефон. {HANDS}"}),
        ("objection", {"grounds": "direct_marketing"}, date(2026, 12, 7), "grant",
         {"result": "Рекламы больше не будет."}),
    ],
)  # fmt: skip
def test_what_only_the_law_gives_needs_no_signature(
    errand: Errand, right: str, asked: dict[str, str], due: date, move: str, told: dict[str, str]
) -> None:
    errand.ask(right, **IGOR, **asked)
    errand.due_is(due)
    errand.decide(move, **told)
    errand.closed("granted")
    assert next(iter(told.values())) in " ".join(errand.letters().values())


# --- what several have in common


def printed(errand: Errand, folder: Path) -> bytes:
    """The form, as a telephone gets it."""
    page, path = errand.person.page, folder / f"{errand.reference}.pdf"
    with page.expect_download() as waiting:
        page.locator(f"{FORM} button[type=submit]").click()
    waiting.value.save_as(path)
    errand.person.keep_pdf(path.read_bytes())
    return path.read_bytes()


def sent(errand: Errand, folder: Path, picture: scans.Image.Image) -> None:
    """The photo, from the telephone."""
    path = folder / "photo.jpg"
    path.write_bytes(scans.saved(picture, quality=40))
    page = errand.person.page
    page.locator("#scan input[type=file]").set_input_files(path)
    errand.person.go(page.locator("#scan button[type=submit]"))


def turned_away(errand: Errand, picture: scans.Image.Image) -> str:
    """The photo of something else, sent without a script: what the page says then."""
    person, path = errand.person, f"/case/{errand.reference}/"
    token = person.get(path).xpath("//input[@name='csrf_token']/@value")[0]
    file = {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": scans.saved(picture, quality=40)}
    answer = person.context.request.post(
        f"{person.base}{path}proof/signed-form/scan", multipart={"csrf_token": token, "files": file}
    )
    assert answer.status == 422
    return " ".join(text_of(html.document_fromstring(answer.text())).split())


def laid_beside(errand: Errand) -> None:
    """What came, beside the form as it was made."""
    desk = errand.staff("handler")
    desk.open(errand.desk)
    desk.go(desk.page.locator('form[action*="/proof/signed-form/"] button.govuk-button').last)


def found_in_order(errand: Errand) -> None:
    """Duly executed: signed, dated, nothing changed."""
    laid_beside(errand)
    errand.staff("handler").answer("#accept_proof-form", note=SIGNED)
    errand.office.work()


def found_wanting(errand: Errand, *defects: str) -> None:
    """The letter that says how to mend it is read, and sent."""
    laid_beside(errand)
    desk = errand.staff("handler")
    for one in defects:
        desk.page.locator(f'#reject_proof-form [name="defects"][value="{one}"]').check()
    desk.go(desk.page.locator("#reject_proof-form button[type=submit]"))
    desk.go(desk.page.locator("button[name=step][value=send]"))
    errand.office.work()


def sign(errand: Errand, folder: Path) -> None:
    """Printed, signed, photographed, and found in order."""
    sent(errand, folder, scans.signed(printed(errand, folder)))
    found_in_order(errand)
