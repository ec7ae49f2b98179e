"""The catalogue of every shipped controller, on a telephone and on a desk's screen, by eye and by keyboard."""

import re

import pytest
from playwright.sync_api import expect

from app.policies.loader import CONTROLLERS, read_controller
from tests.journeys.conftest import NewWalker
from tests.journeys.walker import sees

FILES = sorted(CONTROLLERS.glob("*.yaml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_the_catalogue_fits_every_screen_and_leads_to_the_forms(window: NewWalker, path) -> None:
    controller = read_controller(path).file.controller
    address = f"/c/{controller.slug}/catalogue/"
    for width, scripts in ((360, False), (1280, True)):
        walker = window(width=width, scripts=scripts)
        for language in controller.languages:
            walker.open(f"{address}?lang={language}")
            sees(walker, controller.legal_name)
        walker.page.locator("#right-access").scroll_into_view_if_needed()
        walker.page.locator(f'a.govuk-button[href="/c/{controller.slug}/access/"]').click()
        expect(walker.page).to_have_url(re.compile(rf"/c/{controller.slug}/access/$"))


def test_the_keyboard_gets_to_a_kind_of_data_and_back(window: NewWalker) -> None:
    walker = window(width=360)
    walker.open("/c/softmanager/catalogue/?lang=en")
    walker.page.get_by_role("link", name="Kinds of data").first.focus()
    walker.page.keyboard.press("Enter")
    expect(walker.page).to_have_url(re.compile("#kinds$"))
    walker.page.keyboard.press("Tab")  # on from there, not from the beginning
    expect(walker.page.locator(":focus")).to_have_attribute("href", re.compile("^#kind-"))
    walker.page.keyboard.press("Enter")
    expect(walker.page.locator(".govuk-summary-card__title").first).to_be_in_viewport()
