"""The complaint pack on the request's page: which authority, what about, and the PDF; nothing of it is kept (G-9)."""

from app.web.vault.complaint_pack import MADE_AN_HOUR


def test_from_the_request_s_page_to_the_paper(browser, entered, client):
    assert f"/case/{entered}/complaint-pack/" in browser.get(f"/case/{entered}/").links()
    here = f"/case/{entered}/complaint-pack/?residence=RO"
    page = browser.get(here)
    assert page.h1 == "Complain to an authority"
    assert "Where you live: Romania" in page.main
    sent = {"csrf_token": page.token(), "authority": "RO", "typed": "They never answered."}
    answer = client.post(here, data=sent)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    assert f"{entered}-complaint.pdf" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert b"They never answered." in answer.data
    assert b"ANSPDCP" in answer.data
    assert "You made a complaint pack" in browser.get(f"/case/{entered}/").main


def test_the_one_that_comes_first_is_chosen_already(browser, entered):
    page = browser.get(f"/case/{entered}/complaint-pack/?residence=BG")
    assert page.value("authority") == "BG"


def test_what_is_wrong_is_named_and_nothing_typed_is_lost(browser, entered):
    here = f"/case/{entered}/complaint-pack/?residence=RO"
    page = browser.post(here, {"authority": "FR", "typed": "They never answered."}, status=422)
    assert ("#authority", "Choose an authority.") in page.problems
    assert page.value("typed") == "They never answered."
    page = browser.post(here, {"authority": "RO", "typed": "a\u202eb"}, status=422)
    assert [where for where, _ in page.problems] == ["#typed"]
    page = browser.post(here, {"authority": "RO", "typed": "x" * 4001}, status=422)
    assert [where for where, _ in page.problems] == ["#typed"]


def test_an_address_with_no_country_in_it_is_named(browser, entered):
    page = browser.get(f"/case/{entered}/complaint-pack/?work=XX", status=422)
    assert page.problems == [("#work", "Choose one of the answers offered.")]


def test_another_language_keeps_what_was_typed(browser, entered):
    page = browser.post(f"/case/{entered}/complaint-pack/?work=RO", {"typed": "Tikai tas.", "lang": "lv"})
    assert page.language == "lv"
    assert page.value("typed") == "Tikai tas."


def test_it_is_for_whoever_was_let_in_alone(browser, another, entered, client):
    another.get(f"/case/{entered}/complaint-pack/", status=404)
    assert client.post(f"/case/{entered}/complaint-pack/", data={"authority": "LV"}).status_code in {400, 422}


def test_it_is_not_made_without_end(browser, entered, client):
    here = f"/case/{entered}/complaint-pack/"
    sent = {"csrf_token": browser.get(here).token(), "authority": "LV", "typed": ""}
    seen = [client.post(here, data=sent).status_code for _ in range(MADE_AN_HOUR + 1)]
    assert seen == [200] * MADE_AN_HOUR + [429]
