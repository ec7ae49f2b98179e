"""ispmanager's procedures, each from the form to the end: thirty days that may become longer, data that is set aside or
kept in part, children, cookies, and servers that somebody else runs."""

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from lxml import html
from pypdf import PdfReader

from tests.journeys.controllers.errand import Errand
from tests.journeys.reader import text_of
from tests.journeys.steps import REFERENCE
from tests.samples_of_files import pdf

SLUG = "ispmanager"
ANA = {"name": "Ana-Maria Ionescu", "email": "ana.ionescu@example.com"}
JANIS = {"name": "Jānis Bērziņš", "email": "janis.berzins@example.com"}
IGOR = {"name": "Игорь Соколов", "email": "igor.sokolov@example.com"}
MARIA = {"name": "Maria Georgiou", "email": "maria.georgiou@example.com"}
LIAM = {"name": "Liam O'Connor", "email": "liam.oconnor@example.com"}
KATERINA = {"name": "Катерина Лазарева", "email": "katerina.lazareva@example.org"}
DMITRY = {"name": "Дмитрий Лебедев", "email": "dmitry.lebedev@example.com"}
MONTH_OF_30 = date(2026, 12, 23)  # thirty days from the day on which the office opens
HANDS = "Done by hand in the system on the same day."
Later = Callable[[int], None]


def test_a_copy_comes_with_what_it_is_used_for_and_who_gets_it(errand: Errand) -> None:  # I-1, I-4, I-7, I-8, I-10
    errand.ask("access", **JANIS, scope="everything")
    errand.due_is(MONTH_OF_30)
    errand.hand_over()
    errand.closed("granted")
    assert errand.found["clients.trusted_persons"] == 1
    assert errand.found["clients.payments"] == 2
    report = package_of(errand)
    for words in (
        "Licences and the client area", "a contract with you", "your consent", "a legal obligation",
        "a legitimate interest", "Removed without delay once the purpose is achieved", "Example Datacentre GmbH",
        "Germany", "runs the help desk on our instructions", "no transfer that needs safeguards is recorded",
    ):  # fmt: skip
        assert words in report, words


def test_who_is_signed_in_asks_without_a_code(errand: Errand) -> None:  # I-1
    person, email = errand.person, LIAM["email"]
    person.open("/")
    person.follow("Make a sign-in")
    person.answer("main form", email=email)
    person.answer("main form", code=errand.office.code(email))
    person.page.get_by_label("or older").check()
    person.press("Continue")
    errand.open_form("restriction")
    person.answer("main form", name=LIAM["name"], email=email, account_name="", customer_number="",
                  grounds="accuracy_contested")  # fmt: skip
    assert "no code is needed" in person.words
    person.answer("main form")
    errand.references += REFERENCE.findall(person.words)[:1]
    assert errand.case.status == "open"
    errand.decide("restrict", restriction_ground="accuracy_contested", scope=f"Your address. {HANDS}")
    errand.email = email
    errand.closed("granted")


@pytest.mark.parametrize("language", ["ru"])
def test_a_copy_of_two_accounts_that_were_made_one_in_russian(errand: Errand) -> None:  # I-1
    errand.ask("access", **IGOR, scope="everything")
    errand.due_is(MONTH_OF_30)
    errand.hand_over()
    errand.closed("granted")
    assert errand.found["clients.accounts"] == errand.found["clients.users"] == 2
    assert "Удаляются без промедления после достижения цели" in package_of(errand)


def test_nothing_is_held_about_him(errand: Errand) -> None:  # I-1
    errand.ask("access", **DMITRY, scope="everything")
    errand.hand_over()
    errand.closed("no_data")
    assert errand.letters()["no_data"]


def test_thirty_days_end_on_a_holiday_and_the_law_would_give_longer(errand: Errand, later: Later) -> None:  # I-4
    later(14)
    errand.ask("access", **LIAM, scope="everything")
    errand.due_is(date(2027, 1, 6))  # Epiphany
    later(30)
    assert errand.case.lateness == "due_soon"
    later(1)
    assert errand.case.lateness == "overdue"
    errand.hand_over()
    errand.closed("granted")


def test_who_has_to_wait_longer_is_told_why_before_the_thirty_days_are_over(
    errand: Errand, later: Later
) -> None:  # I-4
    why = "Three accounts were made one, and the tickets of the old ones are matched by hand."
    errand.ask("access", **JANIS, scope="everything")
    later(29)
    errand.decide("extend", reason="complexity", reasons=why, delivered_now="Your profile.")
    letter = errand.letters()["extension"]
    assert why in letter
    assert "23 February 2027" in letter
    errand.due_is(date(2027, 2, 23))
    later(40)
    assert errand.case.lateness == "on_time"
    errand.hand_over()
    errand.closed("granted")


def test_what_one_cannot_correct_in_ones_profile_is_corrected_here(errand: Errand) -> None:  # I-1
    page = errand.open_form("rectification")
    assert "in the client area under “Profile”" in page.inner_text("main")
    correction = {"corrections.0.field": "The VAT number on my invoices", "corrections.0.right": "CY00001234X"}
    errand.ask("rectification", **LIAM, **correction)
    errand.due_is(MONTH_OF_30)
    errand.decide("rectify", changes="The VAT number: now CY00001234X.", systems=f"Client area. {HANDS}")
    errand.closed("granted")
    assert HANDS in errand.letters()["rectified"]


def test_everything_is_erased(errand: Errand) -> None:  # I-1, I-10
    errand.ask("erasure", **ANA, grounds="not_necessary")
    errand.due_is(MONTH_OF_30)
    errand.decide("erase", scope="Both sign-ins, your tickets and their logs.", systems=f"All three. {HANDS}",
                  kept="Nothing.")  # fmt: skip
    errand.closed("granted")
    assert HANDS in errand.letters()["erased"]


def test_what_a_law_demands_is_kept_and_the_answer_says_which_why_and_until_when(errand: Errand) -> None:  # I-3
    page = errand.open_form("erasure")
    assert "which data, why and until when" in page.inner_text("main")
    why = "Invoices of 2025, which the tax law of Cyprus demands, until 31 December 2031."
    errand.ask("erasure", **MARIA, grounds="not_necessary,consent_withdrawn")
    errand.decide(
        "erase", **{"items.0.decision": "granted", "items.1.decision": "withheld", "items.1.ground": "kept_by_law",
                    "items.1.reason": why},
        scope="Your profile, tickets and logs.", systems=f"All three. {HANDS}", kept=why,
    )  # fmt: skip
    errand.closed("partly_granted")
    letter = errand.letters()["partial"]
    for words in (why, "A law or a public task demands that the data is kept", "Your profile, tickets and logs."):
        assert words in letter


def test_a_mother_has_the_data_of_her_child_erased(errand: Errand, tmp_path: Path) -> None:  # I-5
    for_child(errand, tmp_path)
    errand.decide(
        "accept_proof", by="handler", method="representative", note="Birth certificate, names her as the mother.",
        identities="email", answer_to="representative",
    )  # fmt: skip
    errand.decide("erase", scope="Sofia’s account and all that belongs to it.", systems=f"All three. {HANDS}",
                  kept="Nothing.")  # fmt: skip
    errand.closed("granted")
    assert "Sofia’s account and all that belongs to it." in errand.letters()["erased"]


def test_who_says_to_be_a_mother_and_does_not_show_it_gets_nothing(errand: Errand, tmp_path: Path) -> None:  # I-5
    for_child(errand, tmp_path)
    errand.decide("reject_proof", doubt="The certificate names somebody else.", items_asked="A certificate of Sofia’s.",
                  alternatives="Show it at our office.")  # fmt: skip
    assert "The certificate names somebody else." in errand.letters()["identity_request"]
    assert errand.case.status == "proof_needed"
    assert not errand.found


def test_data_set_aside_is_used_only_with_consent_or_against_claims(errand: Errand, later: Later) -> None:  # I-2
    page = errand.open_form("restriction")
    assert "nothing is done with it unless you agree" in page.inner_text("main")
    uses = "Nothing without your consent, except to defend against claims."
    errand.ask("restriction", **JANIS, grounds="accuracy_contested", wish="My address.")
    errand.due_is(MONTH_OF_30)
    errand.decide("restrict", restriction_ground="accuracy_contested", scope=f"Your address. {HANDS}",
                  permitted_uses=uses)  # fmt: skip
    errand.closed("granted")
    assert uses in errand.letters()["restricted"]
    later(10)
    errand.decide("lift_restriction", lifting_on="2026-12-15", check_outcome="The address is right.")
    assert "15 December 2026" in errand.letters()["lifting"]


def test_what_was_used_against_the_law_is_set_aside_too(errand: Errand) -> None:  # I-2
    errand.ask("restriction", **LIAM, grounds="unlawful_no_erasure")
    errand.decide("restrict", restriction_ground="unlawful_no_erasure", scope=f"Your usage statistics. {HANDS}")
    errand.closed("granted")


def test_a_written_objection_is_answered(errand: Errand) -> None:  # I-1, I-8
    errand.ask("objection", **MARIA, grounds="own_situation", situation="I do not want my usage to be measured.")
    errand.due_is(MONTH_OF_30)
    errand.decide("grant", result="Your usage is no longer measured.", restriction_status="No.")
    errand.closed("granted")
    assert "Your usage is no longer measured." in errand.letters()["objection"]


@pytest.mark.parametrize("language", ["ru"])
def test_offers_end_without_a_reason_in_russian(errand: Errand) -> None:  # I-1, I-8
    errand.ask("objection", **IGOR, grounds="direct_marketing")
    errand.decide("grant", result="Предложения Вам больше не отправляются.")
    errand.closed("granted")
    assert "Предложения Вам больше не отправляются." in errand.letters()["objection"]


def test_data_is_taken_along(errand: Errand) -> None:  # I-1
    page = errand.open_form("portability")
    assert "taken in where that is technically possible" in page.inner_text("main")
    errand.ask("portability", **LIAM, to="")
    errand.due_is(MONTH_OF_30)
    errand.hand_over()
    errand.closed("granted")
    assert errand.found["clients.payments"] == 2


def test_each_kind_of_cookie_but_the_needed_ones_can_be_refused(errand: Errand) -> None:  # I-1, I-9
    page = errand.open_form("consent_withdrawal")
    offered = page.locator("[name=consents]").evaluate_all("all => all.map(e => e.value)")
    assert [one for one in offered if one.endswith("_cookies")] == [
        "settings_cookies", "marketing_cookies", "analytics_cookies",
    ]  # fmt: skip
    assert "the client area does not work without them" in " ".join(page.inner_text("main").split())
    errand.ask("consent_withdrawal", **ANA, consents="marketing_cookies,analytics_cookies")
    errand.due_is(date(2026, 11, 23))
    errand.decide("grant", consequences=f"No such cookies are set any more. {HANDS}",
                  continuing="Cookies for signing in and for security, since the client area needs them.")  # fmt: skip
    errand.closed("granted")
    letter = errand.letters()["consent_withdrawn"]
    for words in ("Cookies for marketing", "Cookies for analytics and stability", "Cookies for signing in"):
        assert words in letter


@pytest.mark.parametrize("language", ["ru"])
def test_news_end_in_russian(errand: Errand) -> None:  # I-1
    page = errand.open_form("consent_withdrawal")
    assert "От рассылки можно отписаться и в личном кабинете" in page.inner_text("main")
    errand.ask("consent_withdrawal", **IGOR, consents="news")
    errand.decide("grant", consequences="Новости больше не приходят.", continuing="Письма о лицензии по договору.")
    errand.closed("granted")
    assert "Новости, вебинары и конкурсы" in errand.letters()["consent_withdrawn"]


def test_who_received_the_data_is_told_by_name(errand: Errand) -> None:  # I-7
    errand.person.open(f"/c/{SLUG}/catalogue/")
    for words in ("Example Desk OÜ", "Estonia", "runs the help desk on our instructions"):
        assert words in errand.person.words
    page = errand.open_form("disclosure_information")
    assert "in eight cases" in page.inner_text("main")
    errand.ask("disclosure_information", **JANIS)
    errand.decide("grant", recipients="Example Datacentre GmbH and Example Desk OÜ. No competent body has asked.")
    errand.closed("granted")
    assert "No competent body has asked." in errand.letters()["answer"]


@pytest.mark.parametrize("language", ["ru"])
def test_data_on_somebody_elses_server_is_asked_for_there(errand: Errand) -> None:  # I-6
    host = "Кедр Хостинг, privacy@kedr.example.net: эта компания сама управляет сервером."
    errand.ask("erasure", **KATERINA, wish="Мой сайт на сервере хостинговой компании.")
    errand.decide("refer", responsible=host, passed_on="Ничего.")
    errand.closed("referred")
    assert "Кедр Хостинг" in errand.letters()["referral"]
    assert not errand.found


def test_a_person_looks_at_what_a_machine_decided(errand: Errand) -> None:
    errand.ask("automated_decision_review", **MARIA, wish="My licence was switched off on Monday.")
    errand.decide("grant", new_result="The licence is on again.")
    errand.closed("granted")


def test_somebody_who_lives_elsewhere_finds_their_authority_beside_the_one_of_cyprus(errand: Errand) -> None:  # I-1
    errand.person.open(f"/c/{SLUG}/complain/")
    errand.person.answer("main form", residence="LV", work="", infringement="")
    for name in ("Datu valsts inspekcija", "Commissioner for Personal Data Protection"):
        assert name in errand.person.words


# --- what several have in common


def for_child(errand: Errand, folder: Path) -> None:
    """Two pages and a code; then the certificate from the telephone."""
    mother = "eleni.andreou@example.com"
    errand.open_form("erasure")
    errand.person.answer("main form", capacity="guardian", name="Eleni Andreou", email=mother)
    errand.person.answer(
        "main form", subject_name="Sofia Andreou", born_on="2013-09-14", stands_as="parent",
        subject_email="sofia.andreou@example.com", subject_account="", subject_number="", agrees="yes",
    )  # fmt: skip
    errand.send(mother)
    assert errand.case.status == "proof_needed"
    scan = folder / "certificate.pdf"
    scan.write_bytes(pdf())
    errand.see()
    errand.person.page.get_by_label("It shows that I may act").check()
    errand.person.page.locator("input[type=file]").last.set_input_files(scan)
    errand.person.press("Send the files")
    errand.office.work()


def package_of(errand: Errand) -> str:
    """All that stands on the package's first page and in its report, fetched with a fresh code."""
    person = errand.person
    link = person.get(f"/case/{errand.reference}/").xpath("//a[contains(@href, '/package/')]/@href")[0]
    page = person.get(link)
    person.post(f"{link}code", {"csrf_token": page.xpath("//input[@name='csrf_token']/@value")[0]})
    fetched = person.fetch(f"{link}open", page, code=errand.office.code(errand.email))
    with zipfile.ZipFile(io.BytesIO(fetched)) as package:
        report = package.read("report.pdf")
        person.keep_pdf(report)
        pages = [one.extract_text() for one in PdfReader(io.BytesIO(report)).pages]
        first = text_of(html.document_fromstring(package.read("index.html")))
    return re.sub(r"\s+", " ", " ".join([first, *pages]))
