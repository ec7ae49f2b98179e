"""A lost second factor is taken away by two people, on a page that shows no case (Art. 32)."""

import pytest

from app.services import staff
from app.services.sessions import PROOF_LASTS
from tests.factories import House
from tests.offices import SECRET, code_now
from tests.web.desk.conftest import Desks

URL = "/desk/acme/colleagues/"


@pytest.fixture
def lost(acme: House) -> str:
    """A colleague with a second factor; the number by which the page names them."""
    login_id = acme.staff("handler").login_id
    assert login_id is not None
    staff.enrol_known(acme.portal, login_id, SECRET)
    return str(login_id)


def test_one_asks_and_another_confirms(acme: House, desks: Desks, lost: str) -> None:
    admin, dpo = desks(acme, "admin"), desks(acme, "dpo")
    page = admin.get(URL)
    assert "handler@acme" in page.main
    assert "Asked. A second colleague" in admin.post(URL, {"deed": "ask", "colleague": lost}).main
    assert "Somebody else must confirm" in admin.post(URL, {"deed": "confirm", "colleague": lost}, status=409).main
    page = dpo.get(URL)
    assert "asked for a new beginning" in page.main
    assert "is taken away" in dpo.post(URL, {"deed": "confirm", "colleague": lost}).main
    assert "no second factor yet" in dpo.get(URL).main


def test_it_can_be_dropped(acme: House, desks: Desks, lost: str) -> None:
    admin = desks(acme, "admin")
    admin.post(URL, {"deed": "ask", "colleague": lost})
    assert "nothing was reset" in admin.post(URL, {"deed": "drop", "colleague": lost}).main
    assert "Nobody has asked" in admin.post(URL, {"deed": "drop", "colleague": lost}, status=409).main


@pytest.mark.parametrize("role", ["handler", "approver", "auditor"])
def test_other_roles_have_no_such_page(acme: House, desks: Desks, lost: str, role: str) -> None:
    browser = desks(acme, role)
    assert browser.get(URL, status=403)
    assert browser.post(URL, {"deed": "ask", "colleague": lost}, status=403)
    assert URL not in browser.get("/desk/acme/").links()


def test_nonsense_is_no_deed(acme: House, desks: Desks) -> None:
    admin = desks(acme, "admin")
    for body in ({}, {"deed": "delete", "colleague": "1"}, {"deed": "ask", "colleague": "x"},
                 {"deed": "ask", "colleague": "999999999"}, {"deed": "ask", "colleague": "9" * 30}):  # fmt: skip
        admin.post(URL, body, status=404)


def test_it_asks_for_the_second_factor_of_who_does_it(acme: House, desks: Desks, lost: str) -> None:
    login_id = acme.staff("admin").login_id
    assert login_id is not None
    staff.enrol_known(acme.portal, login_id, SECRET)
    admin = desks(acme, "admin")
    acme.clock.advance(PROOF_LASTS / 2)
    admin.get(URL)
    acme.clock.advance(PROOF_LASTS / 2)
    body = {"deed": "ask", "colleague": lost}
    assert admin.post(URL, body).h1 == "Show your second factor again"
    assert "Asked" in admin.post(URL, {**body, "proof_code": code_now(acme.portal)}).main
