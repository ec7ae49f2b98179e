"""ManaJet's procedures, each from the form to the end: users who are referred to the company whose Account they use, an
Account that is deleted early, consents at payment."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import expect

from app.cli.samples.manajet import SAMPLE
from tests.journeys.controllers.errand import Errand
from tests.samples_of_files import pdf

SLUG = "manajet"
IGOR = {"name": "Игорь Соколов", "email": "igor.sokolov@example.com"}  # a private customer
JANIS = {"name": "Jānis Bērziņš", "email": "janis.berzins@example.com"}  # a user of three companies' Accounts
KRISTINE = {"name": "Kristīne Liepiņa", "email": "kristine.liepina@example.com"}
MARIS = {"name": "Māris Krūmiņš", "email": "maris.krumins@example.com"}
ILZE = {"name": "Ilze Ozola", "email": "ozolu.gimene@example.com"}
NORA = {"name": "Nora O'Brien", "email": "nora.obrien@example.com"}
AGNESE = {"name": "Agnese Vītola", "email": "agnese.vitola@example.com"}
COMPANY = SAMPLE.generate()["customers"][3]
OWNER = f"{COMPANY['name']}, {COMPANY['email']}"
IN_A_MONTH, AT_ONCE = date(2026, 12, 23), date(2026, 11, 23)
BY_HAND = "The work in the systems is done by hand."
EARLY = "Please delete our Account before its licence ends."


def test_a_copy_for_a_private_customer(errand: Errand) -> None:  # M-1, M-3, M-5
    errand.ask("access", **IGOR, scope="everything")
    errand.due_is(IN_A_MONTH)
    errand.hand_over()
    errand.closed("granted")
    assert {"platform.accounts", "platform.licences", "platform.access_sessions", "support.contact_log"} <= (
        errand.found.keys()
    )
    assert (errand.found["platform.customers"], errand.found["platform.users"]) == (1, 1)


def test_nothing_is_held(errand: Errand, later: Callable[[int], None]) -> None:
    later(1)
    errand.ask("access", **AGNESE, scope="everything")
    errand.due_is(date(2026, 12, 28))  # Christmas and its Sunday are over
    errand.hand_over()
    errand.closed("no_data")
    assert not errand.found


@pytest.mark.parametrize(
    ("language", "who", "note", "passed_on"),
    [
        ("en", JANIS, "that company decides about your data", "Your request. We help the company to answer you."),
        ("lv", KRISTINE, "par Jūsu datiem tajā lemj šis uzņēmums", "Jūsu pieprasījums. Palīdzam uzņēmumam atbildēt."),
        ("ru", MARIS, "о Ваших данных в нём решает эта компания", "Ваш запрос. Мы помогаем компании ответить Вам."),
    ],
    ids=("en", "lv", "ru"),
)
def test_a_user_is_referred_to_the_company_whose_account_it_is(
    errand: Errand, who: dict[str, str], note: str, passed_on: str
) -> None:  # M-1, M-2
    errand.open_form("access")
    expect(errand.person.page.locator("main")).to_contain_text(note)
    errand.ask("access", **who, scope="everything")
    errand.due_is(IN_A_MONTH)
    referred(errand, passed_on)
    assert not errand.found  # the company decides before anything is looked for


def test_the_company_orders_what_its_user_asked_for(errand: Errand, tmp_path: Path) -> None:  # M-2
    as_company(errand, "Give us a copy of the data of our user Jānis Bērziņš: he asked for it.")
    send_letter(errand, tmp_path)
    called_back(errand)
    errand.decide("grant", result=f"You get the copy by post, to hand it to him. {BY_HAND}")
    errand.closed("granted")
    assert "You get the copy by post" in errand.letters()["answer"]


def test_what_a_user_agreed_to_towards_the_company_goes_to_the_company(errand: Errand) -> None:  # M-2, M-14
    errand.ask("consent_withdrawal", **JANIS, consents="other", wish="That my colleagues see my picture.")
    errand.due_is(AT_ONCE)
    referred(errand, "That you take this consent back.")


def test_a_user_who_wants_to_be_erased_is_referred_too(errand: Errand) -> None:  # M-2
    errand.ask("erasure", **NORA)
    errand.due_is(IN_A_MONTH)
    referred(errand, "That you want your data erased.")


def test_a_consent_of_the_payment_ends_on_the_same_day(errand: Errand) -> None:  # M-14
    errand.ask("consent_withdrawal", **IGOR, consents="licence_payment")
    errand.due_is(AT_ONCE)
    errand.decide("grant", consequences="Your data is no longer used to pay for licences.", continuing=BY_HAND)
    errand.closed("granted")
    assert "Use of your data when a licence is paid for" in errand.letters()["consent_withdrawn"]


def test_confirmation(errand: Errand) -> None:
    errand.ask("confirmation", **IGOR)
    errand.due_is(IN_A_MONTH)
    errand.decide("grant", confirmation="Yes: you are a customer, and you wrote to support.")
    errand.closed("granted")
    assert "you are a customer" in errand.letters()["answer"]


def test_data_to_take_along(errand: Errand) -> None:  # M-10
    errand.open_form("portability")
    expect(errand.person.page.locator("main")).to_contain_text("the Account needs a valid licence")
    errand.ask("portability", **IGOR)
    errand.due_is(IN_A_MONTH)
    errand.hand_over()
    errand.closed("granted")
    assert errand.found["platform.documents"] > 0
    assert "nothing was erased" in errand.letters()["portability"]


def test_a_wrong_telephone_number(errand: Errand) -> None:
    corrected = {"field": "My telephone number", "wrong": "+371 00 000 019", "right": "+371 00 000 091"}
    errand.ask("rectification", **IGOR, **{f"corrections.0.{name}": text for name, text in corrected.items()})
    errand.due_is(IN_A_MONTH)
    errand.decide("rectify", changes="From +371 00 000 019 to +371 00 000 091.", systems=f"Platform. {BY_HAND}")
    errand.closed("granted")
    assert "+371 00 000 091" in errand.letters()["rectified"]


def test_data_is_set_aside_while_it_is_checked(errand: Errand) -> None:
    errand.ask("restriction", **IGOR, grounds="accuracy_contested")
    errand.due_is(IN_A_MONTH)
    errand.decide("restrict", restriction_ground="accuracy_contested", ends_when="When the address is checked.")
    errand.closed("granted")
    errand.decide("lift_restriction", lifting_on="2026-12-14", check_outcome="The address was right.")
    assert errand.letters().keys() >= {"restricted", "lifting"}


def test_an_objection_to_the_analysis_of_the_work_of_modules(errand: Errand) -> None:
    errand.ask(
        "objection", **ILZE, grounds="own_situation", situation="We are a family, and the log shows who is at home."
    )
    errand.due_is(IN_A_MONTH)
    errand.decide("grant", result="The log of your Account is no longer analysed.")
    errand.closed("granted")
    assert "no longer analysed" in errand.letters()["objection"]


def test_who_got_the_data(errand: Errand) -> None:  # M-6, M-9
    errand.ask("disclosure_information", **IGOR, wish="The police.")
    errand.due_is(IN_A_MONTH)
    nobody = "No official request about you has come. Example Payments AS told us only that you paid."
    errand.decide("grant", recipients=nobody)
    errand.closed("granted")
    assert "No official request about you has come" in errand.letters()["answer"]


# --- early deletion


def test_an_account_of_ones_own_is_closed_for_thirty_days_and_then_deleted(
    errand: Errand, later: Callable[[int], None]
) -> None:  # M-8, M-11
    later(8)  # 1 December: the answer is due after New Year's Day and its weekend
    errand.open_form("erasure")
    expect(errand.person.page.locator("main")).to_contain_text("the Account is closed for 30 calendar days")
    errand.ask("erasure", **IGOR, grounds="not_necessary", wish="My whole Account.")
    errand.due_is(date(2027, 1, 4))
    closed = "Your Account is closed until 31 December 2026. If you ask before, it is restored; else it is deleted."
    write(errand, f"{closed} {BY_HAND}")
    assert closed in errand.see()
    later(31)
    assert errand.case.lateness == "due_soon"
    errand.decide("erase", scope="Your Account with all that was in it.", systems=BY_HAND, kept="Nothing.",
                  backups="The copies go with the Account; these are the latest days.")  # fmt: skip
    errand.closed("granted")
    letter = errand.letters()["erased"]
    for words in ("1 January 2027", "1 February 2027", "1 January 2028"):  # that day; daily and monthly copies
        assert words in letter, words


def test_who_asks_for_it_back_within_thirty_days_gets_it_back(
    errand: Errand, later: Callable[[int], None]
) -> None:  # M-8
    errand.ask("erasure", **ILZE, wish="The Account of our household.")
    write(errand, f"Your Account is closed until 23 December 2026. {BY_HAND}")
    later(29)
    errand.person.open(f"/case/{errand.reference}/moves/withdraw/")
    errand.person.answer("form#answers")
    errand.office.work()
    errand.closed("withdrawn")
    assert errand.letters().keys() >= {"withdrawn"}


def test_who_gives_up_the_thirty_days_has_it_deleted_at_once(errand: Errand) -> None:  # M-8, M-11
    errand.ask("erasure", **ILZE, wish="At once, please: I do not want the 30 days.")
    errand.due_is(IN_A_MONTH)
    errand.decide("erase", scope="Your Account, at once, as you wished.", systems=BY_HAND, kept="Nothing.")
    errand.closed("granted")
    letter = errand.letters()["erased"]
    assert "23 December 2026" in letter
    assert "23 November 2027" in letter


def test_a_company_writes_from_its_official_address(errand: Errand, tmp_path: Path) -> None:  # M-8
    as_company(errand, EARLY)
    mail = tmp_path / "request.eml"
    mail.write_bytes(a_mail(errand.reference, str(COMPANY["email"])))
    desk = errand.staff("handler")
    desk.open(errand.desk)
    desk.page.get_by_text("Add a file that came by post or at the counter").click()
    desk.page.get_by_label("Proof of authority to act for somebody").check()
    desk.page.locator("input[type=file]").set_input_files(mail)
    desk.press("Keep the files")
    expect(desk.page.locator("main")).to_contain_text("Yes: it is the address on file.")
    called_back(errand)
    decision = (
        "The Account is closed from today. It and all its backup copies are deleted on 24 December 2026, unless you"
    )
    errand.decide("grant", result=f"{decision} ask for it back by 23 December 2026. {BY_HAND}")
    errand.closed("granted")
    assert "deleted on 24 December 2026" in errand.letters()["answer"]


def test_a_company_sends_a_letter_on_its_letterhead_and_wants_its_account_back(
    errand: Errand, tmp_path: Path
) -> None:  # M-8
    as_company(errand, "Restore our Account. We asked for its deletion, and the 30 days are not over.")
    send_letter(errand, tmp_path)
    called_back(errand)
    errand.decide("grant", result=f"The Account is open again, and nothing was deleted. {BY_HAND}")
    errand.closed("granted")
    assert "open again" in errand.letters()["answer"]


def test_a_letter_of_which_the_company_knows_nothing_deletes_nothing(errand: Errand, tmp_path: Path) -> None:  # M-8
    as_company(errand, EARLY)
    send_letter(errand, tmp_path)
    errand.decide("call_back", by="handler", result="denied", note="Nobody there knows of it.")
    assert "does not suffice" in errand.see()
    assert "grant" not in {move.name for move in errand.case.moves}
    errand.decide("close", reason="The company did not confirm the letter. The Account stays as it is.")
    errand.closed("lapsed")


# --- what several have in common


def referred(errand: Errand, passed_on: str) -> None:
    """To the company whose Account it is: it decides, the person is told so, and the platform helps."""
    errand.decide("refer", responsible=OWNER, passed_on=passed_on)
    errand.closed("referred")
    letter = errand.letters()["referral"]
    assert str(COMPANY["email"]) in letter
    assert passed_on.removesuffix(".") in letter


def write(errand: Errand, words: str) -> None:
    """What staff tell the person while nothing is decided."""
    desk = errand.staff("dpo")
    desk.open(errand.desk)
    desk.page.locator("textarea[name=body]").fill(words)
    desk.press("Send the message")
    errand.office.work()


def as_company(errand: Errand, wish: str) -> None:
    """A company asks, and confirms by code that the writer's address works: its letter is awaited."""
    writer = "anda.direktore@example.net"
    errand.open_form("instruction")
    expect(errand.person.page.locator("main")).to_contain_text("a scan of a letter on its letterhead")
    errand.person.answer(
        "main form", capacity="customer", wish=wish, name="Anda Direktore", email=writer, account_name="",
        customer_number=str(COMPANY["number"]),
    )  # fmt: skip
    errand.person.answer("main form", company_name=str(COMPANY["name"]), company_role="Member of the board")
    errand.send(writer)
    errand.office.work()
    assert errand.case.status == "proof_needed"
    assert str(COMPANY["email"]) not in errand.see()  # who asks does not learn whom we call


def send_letter(errand: Errand, folder: Path) -> None:
    scan = folder / "letter.pdf"
    scan.write_bytes(pdf())
    errand.person.page.get_by_label("It shows that I may act for somebody else").check()
    errand.person.page.locator("input[type=file]").set_input_files(scan)
    errand.person.press("Send the files")
    errand.office.work()


def called_back(errand: Errand) -> None:
    """At a contact on file, where they confirm it; only then it counts."""
    errand.decide("call_back", by="handler", result="confirmed", note="The board confirmed each point.")
    errand.decide("accept_proof", by="handler", method="official_letter", note="Letter, confirmed by telephone.")
    errand.due_is(IN_A_MONTH)


def a_mail(reference: str, sender: str) -> bytes:
    """As it lies in the organisation's mailbox, with what its own server found."""
    domain = sender.rpartition("@")[2]
    return (
        f"Authentication-Results: mx.manajet.example.com;\r\n\tspf=pass smtp.mailfrom={domain};\r\n\tdkim=pass"
        f" header.d={domain};\r\n\tdmarc=pass header.from={domain}\r\nFrom: <{sender}>\r\nTo: privacy"
        f"@manajet.example.com\r\nDate: Mon, 23 Nov 2026 10:00:00 +0200\r\nSubject: {reference}\r\n\r\n{EARLY}\r\n"
    ).encode()
