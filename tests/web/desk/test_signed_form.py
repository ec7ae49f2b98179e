"""A form signed by hand (R-2, R-3): four steps for the person, and at the desk the paper beside the form."""

import io
import re
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask

from app.services import sessions
from app.web.visitor import SID
from tests.factories import House
from tests.samples_of_files import locked_pdf, pdf, picture
from tests.services.test_signed_form import RUSSIA, asked, code_of, scan_of
from tests.web.conftest import Browser
from tests.web.desk.conftest import case_url, shown

FORMS = "/desk/acme/forms/"
BLURRED = picture(size=(300, 200))


@pytest.fixture
def office(acme: House) -> House:
    acme.apply(changes=RUSSIA)
    return acme


@pytest.fixture
def reference(office: House) -> str:
    return asked(office)


@pytest.fixture
def ana(app: Flask, office: House, reference: str) -> Browser:
    """The person's browser, let into the request."""
    client = app.test_client()
    with office.portal.unscoped("the test lets somebody in") as work:
        token = sessions.start(work, stage="person", references=[reference])
    with client.session_transaction() as session:
        session[SID] = token
    return Browser(client)


def upload(browser: Browser, url: str, *files: bytes, status: int = 200, **more: str) -> Any:
    """What the form sends."""
    fields: dict[str, Any] = {"csrf_token": browser.token(), **more}
    fields["files"] = [(io.BytesIO(data), f"scan {number}.jpg") for number, data in enumerate(files)]
    answer = browser.client.post(url, data=fields, content_type="multipart/form-data")
    return browser._shown(answer, url, status)


def test_the_person_is_led_through_four_steps(ana: Browser, reference: str) -> None:
    page = ana.get(f"/case/{reference}/")
    for words in (
        "Make the form and print it", "Sign it by hand", "Take a photo, or scan it", "Send it",
        "Number of your main identity document", "Who issued it", "kept nowhere else", "Send the form alone",
        "1 Example Street, Riga", "This request is made in writing, with your signature.",
    ):  # fmt: skip
        assert words in page.main, words
    assert 'accept="application/pdf,image/jpeg,image/png,image/tiff,image/heic,.heic"' in page.html
    assert page.html.count('type="file"') == 1


def test_the_form_is_a_pdf_with_what_was_typed(ana: Browser, reference: str, office: House) -> None:
    fields = {"csrf_token": ana.token(), "document_number": "4509 123456"}
    answer = ana.client.post(f"/case/{reference}/proof/signed-form", data=fields)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{reference}-form.pdf"'
    assert "no-store" in answer.headers["Cache-Control"]
    assert "4509 123456" in answer.get_data(as_text=True)
    long = ana.post(
        f"/case/{reference}/proof/signed-form", {"relation": "x" * 201, "document_issuer": "UVD"}, status=422
    )
    assert "too long" in long.main
    assert 'value="UVD"' in long.html
    assert "4509" not in ana.get(f"/case/{reference}/").html


def test_a_scan_is_taken_and_its_state_is_said(ana: Browser, reference: str, office: House) -> None:
    page = upload(ana, f"/case/{reference}/proof/signed-form/scan", scan_of(code_of(office, reference)))
    assert "What you sent is here since 23 November 2026. Somebody looks at it now." in page.main
    assert "We received your file" in page.main


def test_of_another_requests_form_no_more_is_said(ana: Browser, reference: str, office: House) -> None:
    code_of(office, reference)
    other = asked(office)
    url = f"/case/{reference}/proof/signed-form/scan"
    known = upload(ana, url, scan_of(code_of(office, other)), status=422)
    assert "This form belongs to another request: take the one from this page." in known.main
    assert other not in known.html
    unknown = upload(ana, url, scan_of("2222222222222222"), status=422)
    assert "This form belongs to another request: take the one from this page." in unknown.main


@pytest.mark.parametrize(("data", "said"), [(locked_pdf(), "locked with a password"), (b"", "is empty")])
def test_a_file_that_is_not_taken_says_why(ana: Browser, reference: str, data: bytes, said: str) -> None:
    assert said in upload(ana, f"/case/{reference}/proof/signed-form/scan", data, status=422).main


def test_nothing_chosen_is_said(ana: Browser, reference: str) -> None:
    page = ana.post(f"/case/{reference}/proof/signed-form/scan", status=422)
    assert "Choose a file." in page.main


def test_strangers_make_no_form(browser: Browser, reference: str) -> None:
    browser.post(f"/case/{reference}/proof/signed-form", status=404)
    browser.post(f"/case/{reference}/proof/signed-form/scan", status=404)


def test_staff_see_the_paper_beside_the_form_and_accept_it(
    ana: Browser, desks: Any, reference: str, office: House
) -> None:
    upload(ana, f"/case/{reference}/proof/signed-form/scan", scan_of(code_of(office, reference)))
    office.clock.advance(timedelta(days=2))
    dpo = desks(office, "dpo")
    case = dpo.get(case_url(reference))
    assert "Code of this request" in case.main
    assert "Arrived on 23 November 2026" in case.main
    (file,) = re.findall(r"proof/signed-form/([\w-]{10,})/", case.html)
    page = dpo.post(case_url(reference, f"proof/signed-form/{file}/"))
    for words in ("Ana Liepa", "Request, to be signed", "Signature, by hand", "is for you to see", "It is not signed"):
        assert words in page.main, words
    assert 'src="data:image/png;base64,' in page.html
    assert 'value="2026-11-23"' in page.html
    assert office.events(reference)[-1] == "evidence:looked_at"
    done = dpo.post(
        case_url(reference, "moves/accept_proof/"),
        {**shown(page), "method": "signed_form", "received_on": "2026-11-23", "note": "Signed and dated."},
    )
    assert "Duly executed" in done.main
    assert "Counted from the signed form: 7 December 2026" in done.main
    assert "ends on 7 December 2026" in done.main


def test_a_defect_is_told_in_a_letter_that_is_read_first(
    ana: Browser, dpo: Browser, reference: str, office: House
) -> None:
    upload(ana, f"/case/{reference}/proof/signed-form/scan", scan_of(code_of(office, reference)))
    asks = dpo.get(case_url(reference, "moves/reject_proof/"))
    assert "What is wrong with the form?" in asks.main
    fields = {**shown(asks), "defects": "no_signature", "doubt": ""}
    letter = dpo.post(case_url(reference, "moves/reject_proof/"), fields)
    assert "The form is not signed. Sign it by hand" in letter.main
    assert "Nothing is lost" in letter.main
    done = dpo.post(case_url(reference, "moves/reject_proof/"), {**fields, "step": "send"})
    assert "Defective" in done.main
    assert "It is not signed" in done.main
    again = ana.get(f"/case/{reference}/")
    assert "The form is not signed. Sign it by hand" in again.main
    assert "mend this and send it again" in again.main


def test_another_requests_paper_can_only_be_found_defective(
    ana: Browser, dpo: Browser, reference: str, office: House
) -> None:
    code_of(office, reference)
    upload(ana, f"/case/{reference}/proof/signed-form/scan", scan_of(code_of(office, asked(office))), status=422)
    case = dpo.get(case_url(reference))
    assert "Code of another request" in case.main
    (file,) = re.findall(r"proof/signed-form/([\w-]{10,})/", case.html)
    page = dpo.post(case_url(reference, f"proof/signed-form/{file}/"))
    assert "It proves nothing here." in page.main
    assert "moves/accept_proof/" not in page.html
    assert "moves/reject_proof/" in page.html


def test_a_form_that_came_by_post_is_led_to_its_request(desks: Any, reference: str, office: House) -> None:
    scan = scan_of(code_of(office, reference))
    office.clock.advance(timedelta(days=3))
    dpo = desks(office, "dpo")
    assert "A signed form has arrived" in dpo.get("/desk/acme/").html
    assert "Scan the form that came by post" in dpo.get(FORMS).main
    page = upload(dpo, FORMS, scan, received_on="2026-11-25")
    assert dpo.url.startswith(case_url(reference))
    assert "The form belongs to this request, and is kept with it." in page.main
    assert "Arrived on 25 November 2026" in page.main


@pytest.mark.parametrize(
    ("files", "typed", "said"),
    [
        ((), {}, "Choose the file of one form."),
        ((BLURRED, pdf()), {}, "Choose the file of one form."),
        ((BLURRED,), {}, "No code was read from this file."),
        ((BLURRED,), {"code": "7K2M"}, "Check the code: it has 16 letters and digits"),
        ((BLURRED,), {"code": "7K2M-9QXF-4TRB-8HWN"}, "No form of this organisation has this code."),
        ((BLURRED,), {"received_on": "2026-11-40"}, "Give a day such as 2026-11-23."),
    ],
)
def test_what_cannot_be_led_anywhere_says_why(
    dpo: Browser, office: House, files: tuple[bytes, ...], typed: dict[str, str], said: str
) -> None:
    page = upload(dpo, FORMS, *files, status=422, **typed)
    assert said in page.main
    assert "A signed form has arrived" in page.main


def test_a_form_for_a_closed_request_names_it(dpo: Browser, reference: str, office: House) -> None:
    scan = scan_of(code_of(office, reference))
    office.move(reference, "withdraw", note="By phone.")
    page = upload(dpo, FORMS, scan, status=409)
    assert f"The form belongs to request {reference}, which is closed" in page.main


def test_who_keeps_no_files_leads_none(desks: Any, office: House) -> None:
    auditor = desks(office, "auditor")
    auditor.get(FORMS, status=403)
    assert FORMS not in auditor.get("/desk/acme/").html


def test_staff_print_the_form_for_somebody_who_cannot(desks: Any, reference: str, office: House) -> None:
    handler = desks(office, "handler")
    assert "send it to them" in handler.get(case_url(reference)).main
    address, proof = case_url(reference, "proof/signed-form/"), {"csrf_token": handler.token()}
    answer = handler.client.post(address, data=proof)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    code = code_of(office, reference)
    assert "-".join(code[at : at + 4] for at in range(0, 16, 4)) in answer.get_data(as_text=True)
    office.move(reference, "withdraw", note="By phone.")
    assert handler.client.post(address, data=proof).status_code == 303
