"""A company asks (M-2, M-8, G-3): it confirms by code, writes from its address on file, is called back there, and only
then its request is handled; a letter that the company denies opens nothing."""

import re
from collections.abc import Callable
from pathlib import Path

from tests.journeys.conftest import Running
from tests.journeys.keys import choose, enter, hand_over, reach, tab_to, write
from tests.journeys.steps import CODE_FIELD, reference_on
from tests.journeys.walker import Walker, sees
from tests.samples_of_files import pdf

WRITER = "irina.director@example.net"
SERVER = "mx.softmanager.example.com"
WISH = "Delete the invoices of 2019 that you keep for us."


def a_company(portal: Running) -> tuple[str, str]:
    """A company of the sample system: its number and its address there."""
    import sqlite3

    (path,) = portal.data.rglob("*crm*.db")
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as crm:
        number, email = crm.execute(
            "SELECT code, email FROM clients WHERE kind = 'company' AND email IS NOT NULL ORDER BY id LIMIT 1"
        ).fetchone()
    crm.close()
    return str(number), str(email)


def file_it(person: Walker, number: str, writer: str) -> str:
    """From the form to a request that waits for the letter."""
    person.open("/c/softmanager/instruction/")
    person.page.get_by_label("For a company that is a customer").check()
    person.page.locator("textarea").first.fill(WISH)
    person.page.get_by_label("Your name").fill("Irina Director")
    person.page.get_by_label("Your e-mail address").fill(writer)
    person.page.get_by_label("Customer number").fill(number)
    person.press("Continue")
    person.page.get_by_label("Name of the company").fill("Alfa SRL")
    person.press("Continue")
    sees(person, "Say what you are in the company.")
    person.page.get_by_label("What you are in the company").fill("Director")
    person.press("Continue")
    sees(person, "Alfa SRL")
    person.press("Send my request")
    reference = reference_on(person)
    sent = person.page.url
    code = person.mailed_code(writer)
    person.open(sent)
    person.page.get_by_label(CODE_FIELD).first.fill(code)
    person.press("Confirm my request")
    person.until(lambda page: "Send a letter of the company" in page.inner_text("main"), what="the letter is awaited")
    return reference


def a_mail(reference: str, sender: str) -> bytes:
    """As it lies in the organisation's mailbox."""
    domain = sender.rpartition("@")[2]
    return (
        f"Authentication-Results: {SERVER};\r\n\tspf=pass smtp.mailfrom={domain};\r\n\tdkim=pass header.d={domain};\r\n"
        f"\tdmarc=pass header.from={domain}\r\nFrom: Alfa SRL <{sender}>\r\nTo: privacy@softmanager.example.com\r\n"
        f"Date: Mon, 23 Nov 2026 10:00:00 +0200\r\nSubject: {reference}\r\n\r\n{WISH}\r\n"
    ).encode()


def call_back(handler: Walker, reference: str, result: str, note: str) -> None:
    """Without a mouse."""
    handler.open(f"/desk/softmanager/cases/{reference}/")
    enter(handler, "Call the company back")
    choose(handler.page.locator("[name=contact]").first)
    choose(handler.page.get_by_label(result))
    write(handler.page.get_by_label("Note for the file"), note)
    enter(handler, "Call the company back")
    sees(handler, "What they said is recorded.")


def test_a_company_is_called_back_and_its_request_opens(
    portal: Running, window: Callable[..., Walker], desk: Callable[..., Walker], tmp_path: Path
) -> None:
    number, office = a_company(portal)
    person = window(width=360)
    reference = file_it(person, number, WRITER)
    assert office not in person.words

    handler = desk("handler")
    handler.open(f"/desk/softmanager/cases/{reference}/")
    sees(handler, office)
    mail = tmp_path / "request.eml"
    mail.write_bytes(a_mail(reference, office))
    reach(handler.page.locator("summary", has_text="Add a file that came by post or at the counter"))
    handler.page.keyboard.press("Enter")
    choose(handler.page.get_by_label("Proof of authority to act for somebody"))
    hand_over(handler.page.locator("input[type=file]"), mail)
    tab_to(handler.page, "Keep the files")
    handler.page.keyboard.press("Enter")
    handler.page.locator("[role=alert]:focus").wait_for()
    handler.look()
    sees(handler, "Yes: it is the address on file.")
    sees(handler, "The domain vouches for the sender’s address (DMARC)")

    handler.follow("Accept the proof")
    accept(handler)
    sees(handler, "Nobody at a contact on file has confirmed this letter yet.")
    call_back(handler, reference, "They confirmed that the letter is theirs", "The director confirmed each point.")
    handler.press("Accept the proof")
    accept(handler)
    sees(handler, "The proof is accepted.")
    person.open(f"/case/{reference}/")
    assert "Send a letter of the company" not in person.words


def accept(handler: Walker) -> None:
    handler.page.get_by_label("official letter").check()
    handler.page.get_by_label("Note for the file").fill("Mail of 23 November, confirmed by telephone.")
    handler.press("Accept the proof")


def test_a_letter_that_the_company_denies_opens_nothing(
    portal: Running, window: Callable[..., Walker], desk: Callable[..., Walker], tmp_path: Path
) -> None:
    number, office = a_company(portal)
    person = window()
    reference = file_it(person, number, "lia.nobody@example.net")
    scan = tmp_path / "letter.pdf"
    scan.write_bytes(pdf())
    person.page.get_by_label("It shows that I may act for somebody else").check()
    person.page.locator("input[type=file]").set_input_files(scan)
    person.press("Send the files")
    sees(person, "Your files are there.")

    handler = desk("handler")
    call_back(handler, reference, "They said that the letter is not theirs", "Nobody there knows of it.")
    sees(handler, "Somebody may be pretending to be this company")
    person.open(f"/case/{reference}/")
    sees(person, "What you sent does not suffice as proof")
    assert not re.search(r"impostor|denied|Nobody there knows", person.words)
    assert office not in person.words
