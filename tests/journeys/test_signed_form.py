"""A request that is signed by hand (R-2, R-3): made, printed, signed with a pen, photographed and sent by telephone; a
defective one first, and the time that counts from the day of the good one."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from app.domain.permissions import SYSTEM
from app.gateways.clock import FixedClock
from app.policies.loader import read_controller
from app.services import policies as applied
from tests import scans
from tests.journeys import office as offices
from tests.journeys.keys import hand_over, tab_to, write
from tests.journeys.office import FILE, Office
from tests.journeys.steps import answer_form, reference_on
from tests.journeys.walker import Walker, sees
from tests.offices import PASSWORD, code_now, hired

SEND, CHOOSER = "Send the signed form", "Take a photo or choose a file"
SLUG, STAFF, ANA = "acme-ru", "dpo@acme-ru.example", "ana.en@example.com"
FORM = {"proof": "[signed_form]", "respond_within": "{working_days: 10, from: duly_executed}"}
NewWindow = Callable[..., Walker]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """An organisation under the law that asks for a signature."""
    folder = tmp_path_factory.mktemp("office")
    with offices.opened(folder) as made:
        access = f"  access: {{{', '.join(f'{name}: {value}' for name, value in FORM.items())}}}\n"
        named = {"SLUG": SLUG, "COUNTRY": "RU", "REGIME": "ru_152fz", "RIGHTS": access}
        path = folder / f"{SLUG}.yaml"
        path.write_text(re.sub("|".join(named), lambda found: named[found[0]], FILE))
        applied.apply(made.portal, SYSTEM, read_controller(path))
        hired(made.portal, STAFF, role="dpo", slug=SLUG)
        yield made


@pytest.fixture
def window(chromium: Browser, office: Office) -> Iterator[NewWindow]:
    opened: list[Walker] = []

    def new(width: int) -> Walker:
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="en-GB", timezone_id="Europe/Moscow",
            reduced_motion="reduce",
        )  # fmt: skip
        context.set_default_timeout(15_000)
        opened.append(Walker(context, office.base))
        return opened[-1]

    yield new
    for walker in opened:
        walker.settle()


def test_a_form_is_signed_by_hand(window: NewWindow, office: Office, tmp_path: Path) -> None:
    phone = window(360)
    reference = filed(phone, office)
    form = printed(phone, tmp_path / "form.pdf")

    sent(phone, tmp_path, scans.page(form))  # nobody signed it
    looked_at(window(1280), office, reference)
    told = office.mails(ANA)[-1].text
    assert "The form is not signed. Sign it by hand" in " ".join(told.split())
    assert office.view(reference).clock.promised_due is None

    later(office, days=2)
    again = window(360)
    come_back(again, office, reference)
    sees(again, "The form is not signed.")
    sent(again, tmp_path, scans.turned(scans.from_an_angle(scans.signed(form)), 4))
    sees(again, "What you sent is here since 25 November 2026")

    desk = window(1280)
    accepted(desk, office, reference)
    clock = office.view(reference).clock
    # Ten working days from Wednesday 25 November; the law's own, from Monday 23, beside it.
    assert (str(clock.due), str(clock.statutory_due)) == ("2026-12-09", "2026-12-07")
    again.open(f"/case/{reference}/")
    sees(again, "9 December 2026")
    sees(again, "Counted from the first paper the time of the law ends on 7 December 2026")


def test_what_fails_on_the_way_costs_neither_words_nor_place(window: NewWindow, office: Office, tmp_path: Path) -> None:
    """Without a mouse: no file chosen, no network, and a visit that is over."""
    phone = window(360)
    page = phone.page
    reference = filed(phone, office, "ana.lv@example.com")
    write(page.get_by_label("Who issued it"), "The office of Riga")
    write(page.get_by_label("Write to the organisation"), "Is a copy enough?")
    pressed(page, SEND)
    expect(page.locator(".govuk-error-summary:focus")).to_contain_text("Choose")
    expect(page.get_by_label("Who issued it")).to_have_value("The office of Riga")
    expect(page.get_by_label("Write to the organisation")).to_have_value("Is a copy enough?")

    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_label(CHOOSER)).to_be_focused()
    photo = tmp_path / "photo.png"
    photo.write_bytes(scans.saved(scans.Image.new("RGB", (400, 300), "white")))
    hand_over(page.get_by_label(CHOOSER), photo)
    phone.context.set_offline(True)
    pressed(page, SEND)
    expect(page.get_by_text("The files did not arrive.")).to_be_visible()
    expect(page.get_by_role("button", name=SEND)).to_be_focused()
    phone.context.set_offline(False)

    phone.context.clear_cookies()
    page.keyboard.press("Enter")
    expect(page.locator("main:focus")).to_contain_text("There is no such page")
    awaited = (f"/case/{reference}/proof/signed-form/scan", "ERR_INTERNET_DISCONNECTED")
    phone.faults = [fault for fault in phone.faults if not fault.endswith(awaited)]


def pressed(page: Page, button: str) -> None:
    tab_to(page, button)
    page.keyboard.press("Enter")


def filed(phone: Walker, office: Office, email: str = ANA) -> str:
    """Asked for and confirmed, and then a form is asked for."""
    phone.open(f"/c/{SLUG}/access/")
    answer_form(phone, name="Ana Ionescu", email=email)
    phone.press("Continue")
    phone.press("Send my request")
    reference = reference_on(phone)
    phone.page.get_by_label("Code").first.fill(office.code(email))
    phone.press("Confirm my request")
    sees(phone, "Sign a form by hand")
    return reference


def printed(phone: Walker, path: Path) -> bytes:
    """One line typed, the others left for the pen; printed again it is the same form."""
    phone.page.get_by_label("Who issued it").fill("The office of Riga")
    phone.download("Get the form (PDF)", path)
    first = path.read_bytes()
    phone.look()
    assert phone.page.get_by_label("Who issued it").input_value() == "The office of Riga"
    return first


def sent(phone: Walker, folder: Path, picture: scans.Image.Image) -> None:
    """The photo, from the telephone."""
    path = folder / "photo.jpg"
    path.write_bytes(scans.saved(picture, quality=40))
    phone.page.get_by_label(CHOOSER).set_input_files(path)
    phone.press(SEND)
    sees(phone, "Somebody looks at it now.")


def signed_in(desk: Walker, office: Office) -> None:
    desk.open("/signin/")
    desk.page.get_by_label("E-mail address").fill(STAFF)
    desk.page.get_by_label("Password", exact=True).fill(PASSWORD)
    desk.press("Continue")
    desk.page.get_by_label("Code from your app").fill(code_now(office.portal))
    desk.press("Sign in")


def beside(desk: Walker, office: Office, reference: str) -> None:
    """The paper beside the form."""
    signed_in(desk, office)
    desk.open(f"/desk/{SLUG}/cases/{reference}/")
    sees(desk, "Code of this request")
    desk.press(re.compile("Look at it beside the form"))
    sees(desk, "The code on it is the one of this request's form.")
    assert desk.page.locator("img.habeas-preview").count() == 1
    sees(desk, "Ana Ionescu")


def looked_at(desk: Walker, office: Office, reference: str) -> None:
    """Nobody signed it: the letter is read and sent."""
    beside(desk, office, reference)
    desk.page.get_by_label("It is not signed").check()
    desk.press("Read the letter first")
    sees(desk, "The form is not signed. Sign it by hand")
    desk.press(re.compile("Send this letter"))
    sees(desk, "Defective")


def accepted(desk: Walker, office: Office, reference: str) -> None:
    """Signed and dated, with its words unchanged."""
    beside(desk, office, reference)
    assert desk.page.get_by_label("When did it arrive?").input_value() == "2026-11-25"
    desk.page.get_by_label("Note for the file").fill("Signed and dated, words unchanged.")
    desk.press("Record it as duly executed")
    sees(desk, "Duly executed")
    sees(desk, "Counted from the signed form: 9 December 2026.")


def later(office: Office, *, days: int) -> None:
    assert isinstance(office.portal.clock, FixedClock)
    office.portal.clock.advance(timedelta(days=days))


def come_back(phone: Walker, office: Office, reference: str) -> None:
    """Days after, with a code from the mail."""
    phone.open(f"/case/{reference}/")
    phone.press("Send me a code")
    phone.page.get_by_label("Code").first.fill(office.code(ANA))
    phone.press("Open my request")
