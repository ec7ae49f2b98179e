"""The complaint finder: the authorities by the places in the address, why each, how sure its page is (G-9)."""

from dataclasses import replace

import pytest

from app.domain.regime import Regimes
from tests.web.checker import words

HERE = "/c/acme/complain/"
LATVIAN = "Data State Inspectorate (Datu valsts inspekcija)"


def test_before_any_answer_it_names_the_one_that_leads(browser):
    page = browser.get(HERE)
    assert page.h1 == "Complain about ACME"
    assert f"{LATVIAN} Why this one Where the organisation has its seat: Latvia" in page.main
    assert "this authority leads the case" in page.main
    assert "It wants to see that you asked the organisation first." in page.main
    assert "This address was last checked on 22 November 2026." in page.main
    assert "Languages there Latvian" in page.main
    assert "https://www.dvi.gov.lv" in page.links()


def test_it_says_what_to_write_whom_to_ask_and_which_court(browser):
    page = browser.get(HERE)
    for said in ("What to write", "ACME SIA", "You need not", "Data Protection Officer", "Art. 79", "go to a court"):
        assert said in page.main
    assert "mailto:dpo@acme.example" in page.links()


def test_the_answers_stand_in_the_address_and_choose(browser):
    page = browser.get(f"{HERE}?residence=RO&work=BG&infringement=FR")
    names = [words(one) for one in page.all("h3")]
    assert [name.split(" (")[0] for name in names] == [
        "National Supervisory Authority for Personal Data Processing", "Commission for Personal Data Protection",
        "National Commission on Informatics and Liberty", "Data State Inspectorate",
    ]  # fmt: skip
    assert "The choice is yours." in page.main
    assert "Where you live: Romania" in page.main
    assert "Nobody has checked this address yet." in page.main, "the French one is known by name only"
    chosen = [one.get("value") for one in page.all("option") if one.get("selected") is not None and one.get("value")]
    assert chosen == ["RO", "BG", "FR"], "what was answered stays"


def test_somebody_in_india_finds_the_one_of_the_seat(browser):
    page = browser.get(f"{HERE}?residence=IN")
    assert "We know no authority in this country: India." in page.main
    assert LATVIAN in page.main


def test_somebody_under_another_law_reads_on_what_it_depends(browser):
    page = browser.get(f"{HERE}?residence=GB&work=BR")
    assert page.main.index(LATVIAN) < page.main.index("Information Commissioner's Office")
    assert "seat outside the United Kingdom" in page.main
    assert "Ask this authority whether it can take your complaint." in page.main


def test_germany_is_offered_with_its_regions(browser):
    page = browser.get(f"{HERE}?residence=DE-BY&work=DE")
    assert "BayLDA (private sector)" in page.main
    assert "For most organisations the authority of a region is the right one" in page.main
    assert "Germany (Bavaria)" in page.main


@pytest.mark.parametrize("wrong", ["XX", "ZZ", "EU", "riga", "<b>"])
def test_what_is_no_country_is_named_beside_its_question(browser, wrong):
    page = browser.get(f"{HERE}?residence={wrong}&work=RO", status=422)
    assert "Choose one of the answers offered." in page.main
    assert "Where you work: Romania" in page.main, "the other answer holds"


def test_countries_and_reasons_are_named_in_the_reader_s_language(browser):
    page = browser.get(f"{HERE}?residence=RO&lang=lv")
    assert "Rumānija" in page.main
    assert "rumāņu" in page.main
    assert "Datu valsts inspekcija" in page.main


def test_an_authority_without_a_page_is_named_without_a_link(browser, app, portal):
    law = portal.regimes["uk_gdpr"]
    bare = law.complaint.authorities["GB"].model_copy(update={"website": "", "checked": None})
    complaint = law.complaint.model_copy(update={"authorities": {"GB": bare}})
    others = [one for one in portal.regimes.all() if one.key != "uk_gdpr"]
    regimes = Regimes([law.model_copy(update={"complaint": complaint}), *others])
    app.extensions["habeas"] = replace(portal, regimes=regimes)
    page = browser.get(f"{HERE}?residence=GB")
    assert "Information Commissioner's Office" in page.main
    assert "We know no page of it. Look for it by its name." in page.main
    assert "https://ico.org.uk" not in page.links()


def test_an_unknown_organisation_has_none(browser):
    browser.get("/c/nobody/complain/", status=404)
