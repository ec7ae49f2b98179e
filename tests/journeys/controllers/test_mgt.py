"""MGT Connect's procedures, each from the form to the end: functions, an objection with a restriction, two consents,
the clauses that protect data abroad, and a company that wants its profile erased."""

import io
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

from lxml import html
from pypdf import PdfReader

from app.cli.samples.mgt import SAMPLE
from tests.journeys.controllers.errand import Errand
from tests.journeys.reader import Reader, text_of
from tests.journeys.steps import REFERENCE
from tests.samples_of_files import pdf

SLUG = "mgt"
ANA = {"name": "Ana-Maria Ionescu", "email": "ana.ionescu@example.com"}
PATRICK = {"name": "Patrick O'Neill", "email": "patrick.oneill@example.com"}
KALINA = {"name": "Калина Бояджиева", "email": "kalina.boyadzhieva@example.com"}
MARIA = {"name": "Мария Георгиева", "email": "maria.georgieva@example.com"}
IRINA = {"name": "Ирина Пенчева", "email": "irina.pencheva@example.com"}
YANA = {"name": "Яна Щърбанова", "email": "yana.shtarbanova@example.com"}
HANDS = "Done by hand in the system on the same day."
STUDIES = "The studies in which I am asked how I work."
COMPANY = SAMPLE.generate()["companies"][4]


def test_a_report_about_all_that_is_stored(errand: Errand) -> None:  # G-1, G-2
    errand.ask("access", **ANA, scope="everything")
    errand.due_is(date(2026, 12, 23))
    errand.hand_over()
    errand.closed("granted")
    assert errand.found["exchange.accounts"] == 2
    report = package_of(errand)
    for words in (
        "Customer service", "Kept for 2 years after the record was made.", "90 days to 1 year, by the kind of entry",
        "Kept for 90 days after the purpose has ended.", "Until you erase your account",
        "Carrying documents between companies", "a contract with you", "a legitimate interest", "your consent",
        "a legal obligation", "Example Trading Partners AD", "Standard contractual clauses", "Binding corporate rules",
    ):  # fmt: skip
        assert words in report, words
    assert "Device data" in report


def test_a_month_that_ends_at_christmas_ends_after_it(errand: Errand, later: Callable[[int], None]) -> None:
    later(1)
    errand.ask("access", **KALINA, scope="everything")
    errand.due_is(date(2026, 12, 29))
    errand.person.open(f"/case/{errand.reference}/moves/withdraw/")
    errand.person.answer("main form")
    errand.closed("withdrawn")


EVERYBODY = {"Roles in companies"}  # the notice names no function for company data
DESK = {
    *EVERYBODY, "Accounts", "Consents", "Documents", "What was done with documents", "Requests to customer service",
    "Messages with customer service", "Activity",
}  # fmt: skip
STUDIES = {"Studies and surveys", "Answers in studies and surveys"}
SEEN = {
    "handler@mgt.example": {*DESK, *STUDIES, "Devices", "Legal matters"},
    "service@mgt.example": DESK,
    "security@mgt.example": {*DESK, "Devices", "Legal matters"},
    "marketing@mgt.example": {*EVERYBODY, *STUDIES},
    "legal@mgt.example": {*EVERYBODY, "Legal matters"},
}


def test_each_function_sees_what_it_needs_of_the_findings(  # G-1
    errand: Errand, colleague: Callable[..., Reader]
) -> None:
    errand.ask("access", **ANA, scope="everything")
    errand.decide("collect", by="handler")
    for email, collections in SEEN.items():
        desk = colleague(email)
        desk.open(errand.desk)
        shown = desk.page.locator(".habeas-found tbody a").all_inner_texts()
        assert set(shown) == collections, email
    dpo = colleague("dpo")
    dpo.open(errand.desk)
    assert set(dpo.page.locator(".habeas-found tbody a").all_inner_texts()) == set.union(*SEEN.values())
    errand.decide("approve", by="approver")
    errand.decide("release")
    errand.closed("granted")


def test_nothing_is_held_about_her(errand: Errand) -> None:
    errand.ask("access", **YANA, scope="everything")
    errand.hand_over()
    errand.closed("no_data")
    assert errand.letters()["no_data"]


def test_documents_are_taken_along(errand: Errand) -> None:
    errand.ask("portability", **IRINA, to="")
    errand.hand_over()
    errand.closed("granted")
    assert errand.found["exchange.documents"] == 4


def test_what_one_cannot_correct_in_ones_profile_is_corrected_here(errand: Errand) -> None:  # G-5
    page = errand.open_form("rectification")
    assert "in your profile. Data of a company is corrected by support" in page.inner_text("main")
    errand.ask("rectification", **PATRICK, **{"corrections.0.field": "The name on my request to support",
                                              "corrections.0.right": "Patrick O'Neill"})  # fmt: skip
    errand.due_is(date(2026, 12, 23))
    errand.decide("rectify", changes="The name on the request: now Patrick O'Neill.", systems=f"Service. {HANDS}")
    errand.closed("granted")
    assert HANDS in errand.letters()["rectified"]


def test_what_stays_after_an_account_is_erased_is_erased_here_in_part(errand: Errand) -> None:  # G-1, G-3
    page = errand.open_form("erasure")
    assert "You can erase your own account yourself at any time" in page.inner_text("main")
    errand.ask("erasure", **KALINA, grounds="not_necessary,consent_withdrawn")
    errand.decide(
        "erase", **{"items.0.decision": "granted", "items.1.decision": "withheld", "items.1.ground": "claims",
                    "items.1.reason": "The record of the terms that you accepted is kept for ten years."},
        scope="What you wrote to support.", systems=f"Service. {HANDS}",
        kept="One legal record, for ten years from the day on which it was made.",
    )  # fmt: skip
    errand.closed("partly_granted")
    assert "One legal record, for ten years" in errand.letters()["partial"]


def test_an_objection_goes_with_a_restriction_until_it_is_decided(errand: Errand) -> None:  # G-4
    first = object_to(errand, PATRICK, restrict="yes")
    (other,) = set(REFERENCE.findall(errand.see())) - {first}
    objection, restriction = sorted(map(errand.office.view, (first, other)), key=lambda one: one.right)
    assert (objection.right, restriction.right) == ("objection", "restriction")
    errand.references.append(restriction.reference)
    errand.decide("restrict", restriction_ground="objection_pending", scope=STUDIES)
    errand.closed("granted")
    errand.references.append(objection.reference)
    errand.decide("refuse", ground="compelling_grounds", reason="The log is what shows who has broken into an account.")
    errand.closed("refused")
    errand.references.append(restriction.reference)
    errand.decide("lift_restriction", lifting_on="2026-12-24", check_outcome="Our reasons weigh more.")
    assert "24 December 2026" in errand.letters()["lifting"]


def test_an_objection_to_studies_ends_them(errand: Errand) -> None:  # G-2, G-4
    object_to(errand, MARIA)
    errand.decide("grant", result="You are asked in no study any more.", restriction_status="No.")
    errand.closed("granted")
    assert errand.case.right == "objection"
    assert "You are asked in no study any more." in errand.letters()["objection"]


def test_advertising_is_not_weighed_and_nothing_is_set_aside_for_it(errand: Errand) -> None:  # G-4
    page = errand.open_form("objection")
    offered = page.locator("[name=restrict]")
    page.locator("[name=grounds][value=own_situation]").check()
    assert offered.is_visible()
    page.locator("[name=grounds][value=direct_marketing]").check()
    assert not offered.is_visible()
    errand.ask("objection", **ANA, grounds="direct_marketing")
    errand.decide("grant", result="You get no more offers.")
    errand.closed("granted")


def test_one_consent_ends_and_the_other_goes_on(errand: Errand) -> None:  # G-6
    page = errand.open_form("consent_withdrawal")
    assert page.locator("[name=consents]").evaluate_all("all => all.map(e => e.value)") == [
        "third_party_offers", "news", "other",
    ]  # fmt: skip
    errand.ask("consent_withdrawal", **ANA, consents="third_party_offers")
    errand.due_is(date(2026, 11, 23))
    errand.decide("grant", consequences="You get no offers of third parties.",
                  continuing="Our own news, to which you agreed in your account's settings.")  # fmt: skip
    errand.closed("granted")
    letter = errand.letters()["consent_withdrawn"]
    assert "Offers of third parties" in letter
    assert "Our own news, to which you agreed" in letter


def test_a_copy_of_the_clauses_is_given(errand: Errand) -> None:  # G-7
    page = errand.open_form("transfer_mechanism_copy")
    assert "standard contractual clauses or the binding corporate rules" in page.inner_text("main")
    errand.ask("transfer_mechanism_copy", **ANA, wish="To the service that answers support requests.")
    errand.due_is(date(2026, 12, 23))
    errand.decide("grant", safeguards="Standard contractual clauses with Example Helpdesk Inc.",
                  copy="The signed clauses are enclosed; prices are blacked out.")  # fmt: skip
    errand.closed("granted")
    assert "The signed clauses are enclosed" in errand.letters()["answer"]


def test_who_received_the_data_is_told(errand: Errand) -> None:  # G-8
    errand.ask("disclosure_information", **IRINA)
    errand.decide("grant", recipients="Example Trading Partners AD. No authority has asked, and there is no dispute.")
    errand.closed("granted")
    assert "No authority has asked" in errand.letters()["answer"]


def test_what_is_contested_is_set_aside_while_it_is_checked(errand: Errand) -> None:
    errand.ask("restriction", **IRINA, grounds="accuracy_contested")
    errand.decide("restrict", restriction_ground="accuracy_contested", scope=f"Your phone number. {HANDS}")
    errand.closed("granted")
    assert HANDS in errand.letters()["restricted"]


def test_no_decision_is_made_by_a_machine_alone(errand: Errand) -> None:
    errand.ask("automated_decision_review", **PATRICK, wish="My account was switched off.")
    errand.decide("refuse", ground="not_automated_only", reason="A colleague of security switched it off.")
    errand.closed("refused")
    assert "A colleague of security switched it off." in errand.letters()["refusal"]


def test_the_profile_of_a_company_is_erased_after_its_documents_are_handed_over(  # G-3
    errand: Errand, tmp_path: Path
) -> None:
    as_company(errand, "Please erase our whole profile.", tmp_path)
    errand.decide(
        "extend", reason="complexity", reasons="All documents that you submitted are extracted within 90 days.",
        delivered_now="A list of the documents.",
    )  # fmt: skip
    assert "within 90 days" in errand.letters()["extension"]
    errand.decide("grant", result=f"The secured archive was handed over, then the profile was erased. {HANDS}")
    errand.closed("granted")
    assert "The secured archive was handed over" in errand.letters()["answer"]


def test_data_of_a_company_is_corrected_by_support(errand: Errand, tmp_path: Path) -> None:  # G-5
    as_company(errand, "Our new address is ul. Primerna 17.", tmp_path)
    errand.decide("grant", by="handler", result=f"The address is now ul. Primerna 17. {HANDS}")
    errand.closed("granted")
    assert "The address is now" in errand.letters()["answer"]


def test_the_authority_of_where_one_lives_works_or_was_wronged_is_named(errand: Errand) -> None:  # G-9
    errand.person.open("/c/mgt/complain/")
    errand.person.answer("main form", residence="RO", work="LV", infringement="BG")
    for name in ("ANSPDCP", "Datu valsts inspekcija", "Комисия за защита на личните данни"):
        assert name in errand.person.words


# --- what several have in common


def object_to(errand: Errand, who: dict[str, str], **more: str) -> str:
    """To being studied, for a reason of one's own."""
    return errand.ask("objection", **who, grounds="own_situation", situation=STUDIES, **more)


def package_of(errand: Errand) -> str:
    """All that stands in the package's first page and report, fetched with a fresh code."""
    person = errand.person
    link = person.get(f"/case/{errand.reference}/").xpath("//a[contains(@href, '/package/')]/@href")[0]
    page = person.get(link)
    person.post(f"{link}code", {"csrf_token": page.xpath("//input[@name='csrf_token']/@value")[0]})
    fetched = person.fetch(f"{link}open", page, code=errand.office.code(errand.email))
    with zipfile.ZipFile(io.BytesIO(fetched)) as package:
        document = package.read("report.pdf")
        person.keep_pdf(document)
        report = " ".join(one.extract_text() for one in PdfReader(io.BytesIO(document)).pages)
        return " ".join(f"{text_of(html.document_fromstring(package.read('index.html')))} {report}".split())


def as_company(errand: Errand, wish: str, folder: Path) -> None:
    """A company asks: confirmed by code, shown by a letter, called back at its contact on file, accepted."""
    writer = "boss@example.net"
    errand.open_form("instruction")
    errand.person.answer(
        "main form", capacity="customer", wish=wish, name="Борис Управителев", email=writer, account_name="",
        customer_number=str(COMPANY["contract_no"]),
    )  # fmt: skip
    errand.person.answer("main form", company_name=str(COMPANY["legalName"]), company_role="Manager")
    errand.send(writer)
    errand.office.work()
    assert errand.case.status == "proof_needed"
    scan = folder / "letter.pdf"
    scan.write_bytes(pdf())
    errand.see()
    errand.person.page.locator("[name=purpose], [name=kind]").last.check()
    errand.person.page.locator("input[type=file]").set_input_files(scan)
    errand.person.press("Send the files")
    errand.office.work()
    errand.decide("call_back", by="handler", result="confirmed", note="The manager confirmed each point.")
    errand.decide("accept_proof", by="handler", method="official_letter", note="Letter, confirmed by telephone.")
