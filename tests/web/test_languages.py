"""Pages, mails and letters speak the reader's language: chosen, remembered, never at the price of what was typed."""

import re
from datetime import UTC, date, datetime

import pytest
from flask.testing import FlaskClient
from markupsafe import Markup

from app import catalogs
from app.domain.calendars import Place
from app.domain.messages import Listed, Message
from app.gateways.mail import MemoryMailer
from app.gateways.rendering import Renderer
from app.gateways.speech import speech
from tests.web.checker import HTML, Page, check, words
from tests.web.conftest import ANSWERS
from workers.idle import run_until_idle

LATVIAN = {
    "Continue": "Turpināt",
    "Your name": "Jūsu vārds",
    "Enter your name.": "Ierakstiet savu vārdu.",
    "Error": "Kļūda",
    "Confirm your request %(reference)s": "Apstipriniet pieprasījumu %(reference)s",
    "Your reference: %(reference)s": "Jūsu numurs: %(reference)s",
    "Received on %(day)s.": "Saņemts %(day)s.",
    "You have %{count} characters remaining": "",
}
CONTEXTS = {"of a file": "Saņemta", "of a request": "Saņemts"}
PLURALS = ("%(num)s record", "%(num)s records"), ("ieraksts", "ieraksti", "ierakstu")
MOMENT = datetime(2026, 11, 2, 12, 5, tzinfo=UTC)


@pytest.fixture
def latvian(tmp_path, monkeypatch):
    """A small catalogue in place of the real ones, whose words may change."""
    folder = tmp_path / "catalogues" / "lv" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    lines = ['msgid ""', 'msgstr ""', '"Language: lv\\n"', '"Content-Type: text/plain; charset=utf-8\\n"']
    lines += ['"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2);\\n"', ""]
    for english, said in LATVIAN.items():
        lines += [f'msgid "{english}"', f'msgstr "{said}"', ""]
    for about, said in CONTEXTS.items():
        lines += [f'msgctxt "{about}"', 'msgid "Received"', f'msgstr "{said}"', ""]
    (one, many), forms = PLURALS
    lines += [f'msgid "{one}"', f'msgid_plural "{many}"']
    lines += [f'msgstr[{number}] "%(num)s {form}"' for number, form in enumerate(forms)]
    (folder / "habeas.po").write_text("\n".join(lines) + "\n", "utf-8")
    monkeypatch.setattr(catalogs, "FOLDER", folder.parents[1])
    _forget()
    yield folder
    monkeypatch.undo()
    _forget()


def _forget() -> None:
    catalogs.translation.cache_clear()
    speech.cache_clear()


def test_one_english_word_says_two_things_elsewhere(latvian):
    renderer = Renderer()
    for about, said in CONTEXTS.items():
        assert renderer.say(Message("Received", context=about), "lv") == said
        template = renderer.environment.from_string(f'{{{{ pgettext("{about}", "Received") }}}}')
        assert template.render(language="lv") == said
    assert renderer.say(Message("Received"), "lv") == "Received"
    assert renderer.say(Message("Received", context="of a day"), "lv") == "Received", "nothing is guessed"
    counted = Message("%(count)s record", {"count": 2}, "%(count)s records", context="of a request")
    assert renderer.say(counted, "lv") == "2 records"


def test_a_limit_is_counted_as_the_language_counts(latvian):
    """The room that a field has, and the fault where it does not suffice."""
    more = [f'msgid "{one}"\nmsgid_plural "{one}s"' for one in ("You can enter up to %(count)s character",)]
    forms = "\n".join(
        f'msgstr[{number}] "Līdz %(count)s {form}"' for number, form in enumerate(("zīmei", "zīmēm", "x"))
    )
    path = latvian / "habeas.po"
    path.write_text(path.read_text("utf-8") + "\n" + "\n".join(more) + "\n" + forms + "\n", "utf-8")
    _forget()
    told = speech("lv").sentence
    one, many = "You can enter up to %(count)s character", "You can enter up to %(count)s characters"
    assert told(Message(one, {"count": 21}, many)) == "Līdz 21 zīmei"
    assert told(Message(one, {"count": 40}, many)) == "Līdz 40 zīmēm"


def tongues(page: Page) -> dict[str, str | None]:
    """The language switch: each language with where it leads; None for the one that is spoken."""
    box = next(node for node in page.all("nav") if node.get("class") == "habeas-tongues")
    return {node.get("lang"): node.get("href") for node in box.iter() if node.get("lang")}


def fetched(client: FlaskClient, url: str, prefers: str = "") -> Page:
    return check(client.get(url, headers={"Accept-Language": prefers} if prefers else {}))


def test_what_the_browser_prefers_is_spoken(client):
    assert fetched(client, "/", "de, ro;q=0.8, en;q=0.5").language == "ro"
    assert fetched(client, "/", "lv-LV, en").language == "lv"
    assert fetched(client, "/", "de, fr").language == "en"
    assert fetched(client, "/", ";;;q=ru,,\t*").language == "en"


def test_what_the_reader_chose_is_remembered_and_goes_first(client):
    assert fetched(client, "/?lang=bg", "ro").language == "bg"
    assert fetched(client, "/case/", "ro").language == "bg"
    assert fetched(client, "/?lang=en").language == "en"
    assert fetched(client, "/case/", "ro").language == "en"


def test_an_unknown_language_changes_nothing(client):
    fetched(client, "/?lang=lv")
    for unknown in ("xx", "", "LV", "lv%00", "../ru", "e" * 5000):
        assert fetched(client, f"/?lang={unknown}").language == "lv"


def test_an_organisation_speaks_its_own_languages_only(client):
    page = fetched(client, "/c/acme/", "ru, lv;q=0.5")
    assert page.language == "lv"
    assert set(tongues(page)) == {"en", "lv"}
    assert fetched(client, "/c/acme/?lang=ru").language == "en", "its first one"
    assert fetched(client, "/").language == "ru", "asked for all the same"


def test_the_switch_keeps_the_address_and_names_each_language_by_itself(client):
    page = fetched(client, "/demo-of-nothing/?a=1&b=2&a=3&lang=ro")
    assert page.status == 404
    page = fetched(client, "/?a=1&b=2&a=3&lang=ro")
    assert tongues(page) == {
        "en": "?a=1&a=3&b=2&lang=en", "lv": "?a=1&a=3&b=2&lang=lv", "ru": "?a=1&a=3&b=2&lang=ru",
        "ro": None, "bg": "?a=1&a=3&b=2&lang=bg",
    }  # fmt: skip
    box = next(node for node in page.all("nav") if node.get("class") == "habeas-tongues")
    assert words(box) == "English Latviešu Русский Română Български"
    assert all(a.get("hreflang") == a.get("lang") for a in box.iter(HTML + "a"))
    assert [node.get("lang") for node in box.iter() if node.get("aria-current")] == ["ro"]


def test_an_address_that_takes_only_posts_is_left(browser, entered):
    page = browser.post(f"/case/{entered}/code", token=False, status=400)
    assert set(tongues(page).values()) >= {"/?lang=lv"}


@pytest.mark.usefixtures("latvian")
def test_a_half_filled_form_keeps_what_was_typed(browser):
    typed = {**ANSWERS, "name": "Ana <b>", "email": "ana@", "more": "a\nb"}
    page = browser.post("/c/acme/access/", {**typed, "lang": "lv"})
    assert page.language == "lv"
    assert [page.value(name) for name in ("name", "email", "more", "scope")] == [
        "Ana <b>",
        "ana@",
        "a\nb",
        "everything",
    ]
    assert page.problems == [], "it was not sent, so nothing is wrong with it"
    assert "Jūsu vārds" in page.main
    page = browser.post("/c/acme/access/", {**typed, "name": ""}, status=422)
    assert page.language == "lv", "remembered"
    assert "Ierakstiet savu vārdu." in page.main
    assert "Kļūda" in page.main


def test_the_first_button_of_a_form_sends_it(browser):
    """What Enter presses: never a language."""
    page = browser.get("/c/acme/access/")
    first = next(node for node in page.all("button") if node.get("form") == "answers")
    assert first.get("name") is None
    named = [node.get("value") for node in page.all("button") if node.get("name") == "lang"]
    assert named == ["lv"]


@pytest.mark.usefixtures("latvian")
def test_mail_and_page_of_a_request_speak_the_language_in_which_it_was_made(browser, another, portal):
    browser.get("/?lang=lv")
    browser.post("/c/acme/access/", ANSWERS)
    reference = re.search(r"[2-9A-Z]{4}(?:-[2-9A-Z]{4}){2}", browser.post("/c/acme/access/check/").main)
    assert reference
    run_until_idle(portal)
    assert isinstance(portal.mailer, MemoryMailer)
    mail = portal.mailer.sent[-1]
    assert mail.subject == f"Apstipriniet pieprasījumu {reference[0]}"
    assert f"Jūsu numurs: {reference[0]}" in mail.text
    assert '<html lang="lv">' in mail.html
    code = re.search(r"^\s+(\d{6})\s*$", mail.text, re.MULTILINE)
    assert code
    page = another.post(f"/case/{reference[0]}/enter", {"code": code[1]})
    assert page.language == "lv", "another browser, which chose nothing, gets the request's own"
    assert another.get(f"/case/{reference[0]}/?lang=en").language == "en", "what the reader chooses goes first"


def test_leaving_keeps_the_language(browser, entered):
    browser.get(f"/case/{entered}/?lang=lv")
    assert browser.post(f"/case/{entered}/leave").language == "lv"


@pytest.mark.usefixtures("latvian")
def test_plural_forms():
    renderer = Renderer()
    template = renderer.environment.from_string('{{ ngettext("%(num)s record", "%(num)s records", count) }}')
    shown = {count: template.render(language="lv", count=count) for count in (0, 1, 2, 10, 11, 21, 1234)}
    assert shown == {
        0: "0 ierakstu", 1: "1 ieraksts", 2: "2 ieraksti", 10: "10 ieraksti", 11: "11 ieraksti", 21: "21 ieraksts",
        1234: "1\u00a0234 ieraksti",
    }  # fmt: skip
    assert template.render(language="en", count=1234) == "1,234 records"
    assert template.render(language="xx", count=1) == "1 record"


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("en", "2 November 2026", "2 November 2026 at 14:05"),
        ("lv", "02.11.2026.", "02.11.2026. plkst. 14:05"),
        ("ru", "2 ноября 2026 г.", "2 ноября 2026 г. в 14:05"),
        ("ro", "2 noiembrie 2026", "2 noiembrie 2026, ora 14:05"),
        ("bg", "2 ноември 2026 г.", "2 ноември 2026 г. в 14:05 ч."),
    ],
)
def test_dates_of_all_languages(language, day, moment):
    template = Renderer().environment.from_string("{{ at.date() | day }}|{{ at | moment }}")
    assert template.render(language=language, at=MOMENT, timezone="Europe/Riga") == f"{day}|{moment}"


@pytest.mark.usefixtures("latvian")
def test_a_date_that_ends_with_a_point_ends_the_sentence():
    renderer = Renderer()
    day = date(2026, 11, 2)
    assert renderer.say(Message("Received on %(day)s.", {"day": day}), "lv") == "Saņemts 02.11.2026."
    assert renderer.say(Message("Received on %(day)s.", {"day": day}), "en") == "Received on 2 November 2026."
    source = "{% trans day=d | day %}Until <b>{{ day }}</b>.{% endtrans %}"
    assert renderer.environment.from_string(source).render(language="lv", d=day) == "Until <b>02.11.2026.</b>"


def test_what_stands_inside_a_sentence_is_said_too():
    inside = Message("a & b")
    values = {"one": inside, "list": Listed((inside, "c")), "place": Place("RO"), "count": 12345}
    message = Message("%(one)s; %(list)s; %(place)s; %(count)s", values)
    assert Renderer().say(message, "ro") == "a & b; a & b, c; România; 12.345"
    template = Renderer().environment.from_string("{{ _('%(x)s of 100%%', x=message | sentence) }}")
    assert template.render(language="en", message=inside) == Markup("a &amp; b of 100%")


def test_sizes_and_countries():
    assert [speech(one).size(1_400_000) for one in ("en", "ru")] == ["1.4 MB", "1,4 МБ"]
    assert [speech("en").size(count) for count in (0, 999, 1000, 10**12)] == [
        "0 bytes",
        "999 bytes",
        "1.0 kB",
        "1,000.0 GB",
    ]
    assert speech("lv").country("GB-ENG") == "Apvienotā Karaliste"
    assert speech("lv").country("XX") == "XX"


def test_a_template_without_a_language_is_a_fault():
    with pytest.raises(KeyError):
        Renderer().environment.from_string("{{ _('Hello') }}").render()


def test_a_catalogue_is_read_anew_when_its_source_changes(latvian):
    assert catalogs.translation("lv").gettext("Continue") == "Turpināt"
    assert (latvian / "habeas.mo").is_file()
    source = latvian / "habeas.po"
    source.write_text(source.read_text("utf-8").replace("Turpināt", "Tālāk"), "utf-8")
    catalogs.translation.cache_clear()
    assert catalogs.translation("lv").gettext("Continue") == "Tālāk"
    source.unlink()
    catalogs.translation.cache_clear()
    assert catalogs.translation("lv").gettext("Continue") == "Continue"


def test_a_text_of_the_law_in_the_languages_that_have_it(latvian):
    assert catalogs.translated("No such text") == {"en": "No such text"}
    assert catalogs.translated("Continue", "habeas")["en"] == "Continue"
