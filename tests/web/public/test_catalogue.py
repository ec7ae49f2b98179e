"""The catalogue: what the file and its data maps say stands there in words, what they leave open is marked as open."""

import re
from pathlib import Path

import pytest

from app.domain.permissions import SYSTEM
from app.policies.loader import CONTROLLERS, load_regimes, read_controller
from app.queries import policies as known
from app.queries.catalogue import catalogue
from app.services import policies
from tests.web.conftest import CONTROLLER, DATASET

PAGE = "/c/acme/catalogue/"
OPEN = "Not stated"
RICH = """\
rights:
  access: {proof: [email_code], note: Write <soon> & often.}
  objection: {}
  consent_withdrawal: {respond_within: {days: 3}}
purposes:
  service: {title: {en: "Providing the service", lv: "Pakalpojums"}, legal_basis: contract}
  ads: {title: "Ads <b>& more</b>", legal_basis: consent}
  safety: {title: Safety, legal_basis: legitimate_interest}
  tax: {title: Bookkeeping, legal_basis: legal_obligation, law: Accounting Act}
connections:
  - {key: shop, kind: sql, url: "${SHOP_URL}", dataset: shop.yml}
categories:
  user: {title: Other data, purposes: [tax], criteria: As the law says, functions: [legal], on_erasure: keep}
  user.contact: {title: {en: "Contact <i>details</i>", lv: "Saziņa"}, purposes: [service, ads, safety],
                 keep: {years: 2, from: last_use}, source: "You & others", functions: [operations]}
recipients:
  - {name: "Cloud \\"West\\" <Inc>", role: processor, country: US, categories: [user]}
  - {name: Calls, role: controller, country: GB, safeguards: Adequacy decision, categories: [user.contact]}
backups:
  - {name: nightly, every: {days: 1}, keep: {months: 2}}
automated_decisions: No machine decides <alone>.
accounts:
  trial: {delete_after_expiry: {days: 120}}
"""
SECRETS = """\
          - name: chamber_of_pins
            description: The pins of the chamber
            data_categories: [user.contact.url]
            fides_meta: {secret: true}
          - name: pass_of_old
            data_categories: [user.authorization.password]
"""


def put(portal, folder: Path, text: str, dataset: str = DATASET) -> None:
    (folder / "shop.yml").write_text(dataset, encoding="utf-8")
    (folder / "acme.yaml").write_text(text, encoding="utf-8")
    policies.apply(portal, SYSTEM, read_controller(folder / "acme.yaml"))


@pytest.fixture
def rich(portal, tmp_path):
    head = CONTROLLER.format(slug="acme", name="ACME").partition("rights:\n")[0]
    put(portal, tmp_path, head + RICH, DATASET + SECRETS)


def section(page, name: str) -> str:
    """The words of one section: from its heading to the next one."""
    found = re.search(rf'id="{name}">(.*?)(?=<h[23] |</main>)', page.html, re.DOTALL)
    assert found, name
    return " ".join(re.sub(r"<[^>]+>", " ", found[1]).split())


def test_everything_of_the_file_stands_there(browser, rich):
    page = browser.get(PAGE)
    assert page.h1 == "What ACME holds"
    for words in (
        "Contact <i>details</i>", "Other data", "E-mail address", "Providing the service", "As the law says",
        "Kept for 2 years after the last use", "You & others", "Operations", "Legal", "Accounting Act",
        'Cloud "West" <Inc>', "United States", "Calls (United Kingdom)", "Adequacy decision", "nightly", "2 months",
        "120 days", "ACME SIA", "privacy@acme.example", "dpo@acme.example", "Write <soon> & often.", "version 2",
        "23 November 2026", "No machine decides <alone>.", "General Data Protection Regulation",
    ):  # fmt: skip
        assert words in page.main, words
    assert 'content="index"' in page.html


def test_words_of_the_file_are_never_markup(browser, rich):
    page = browser.get(PAGE)
    assert "Ads &lt;b&gt;&amp; more&lt;/b&gt;" in page.html
    assert not re.search(r"<i>|<b>|<Inc>|<soon>", page.html)


def test_a_secret_is_told_by_its_kind_and_never_by_its_name(browser, rich):
    page = browser.get(PAGE)
    assert "Never leaves the system, not even in a copy for you: Sign-in data." in page.main
    assert "not even in a copy for you: Password." in page.main
    for name in ("chamber", "pins", "pass_of_old"):
        assert name not in page.html


def test_what_a_person_can_stop_leads_to_the_form(browser, rich):
    uses = section(browser.get(PAGE), "kind-user-contact")
    assert re.search(r"your consent \(Art\. 6\(1\)\(a\)\)\. Take back your consent", uses)
    assert re.search(r"a legitimate interest \(Art\. 6\(1\)\(f\)\)\. Object", uses)
    assert {"/c/acme/objection/", "/c/acme/consent_withdrawal/", "/c/acme/access/", "/c/acme/other/"} <= set(
        browser.get(PAGE).links()
    )


def test_erasure_says_what_stays_and_why_and_when_the_last_copy_is_gone(browser, rich):
    page = browser.get(PAGE)
    assert "It is kept. The law asks for it: Accounting Act." in section(page, "kind-user")
    contact = section(page, "kind-user-contact")
    assert "It is erased. Time until the last copy in backups is gone: 2 months." in contact


def test_each_right_says_how_and_when(browser, rich):
    page = browser.get(PAGE)
    assert "Code sent by e-mail" in section(page, "right-access")
    assert "By law within one month (GDPR, Art. 12(3))." in section(page, "right-access")
    taken_back = section(page, "right-consent_withdrawal")
    assert "By law at once" in taken_back
    assert "The organisation promises 3 days. The earlier date counts." in taken_back


def test_what_is_left_open_is_marked_as_open(browser):
    page = browser.get(PAGE)
    for name in ("Recipients", "Backups", "Automated decisions"):
        assert section(page, name.partition(" ")[0].lower()).startswith(f"{name} {OPEN}")
    contact = section(page, "kind-user-contact")
    assert f"Where it comes from {OPEN}" in contact
    assert f"Which staff may see it {OPEN}" in contact
    assert f"How long it is kept {OPEN}" not in contact
    assert "marks what the organisation has left open" in page.main


def test_safeguards_that_nobody_named_are_open_and_only_those(browser, rich):
    recipients = section(browser.get(PAGE), "recipients")
    assert recipients.count(OPEN) == 1
    assert f"Safeguards for transfers to third countries: {OPEN}" in recipients
    assert "Safeguards for transfers to third countries: Adequacy decision" in recipients


def test_a_change_of_the_file_changes_the_page(browser, portal, tmp_path):
    assert "Kept for 2 years after the record was made." in browser.get(PAGE).main
    text = CONTROLLER.format(slug="acme", name="ACME").replace("keep: {years: 2}}", "keep: {years: 7}}")
    put(portal, tmp_path, text.replace("Other data", "All the rest"))
    page = browser.get(PAGE)
    assert "Kept for 7 years after the record was made." in page.main
    assert "All the rest" in page.main
    assert "version 2" in page.main
    assert "Other data" not in page.main


def test_the_page_speaks_the_organisations_languages(browser, rich):
    page = browser.get(f"{PAGE}?lang=lv")
    assert page.language == "lv"
    for words in ("Saziņa", "Pakalpojums", "E-pasta adrese", "Amerikas Savienotās Valstis"):
        assert words in page.main, words
    assert browser.get(f"{PAGE}?lang=ru").language != "ru", "not one of its own"


def test_no_organisation_no_page(browser):
    assert browser.get("/c/nobody/catalogue/", status=404).h1 == "There is no such page"


def test_the_organisations_page_leads_there_kind_by_kind(browser):
    links = set(browser.get("/c/acme/").links())
    assert {PAGE, f"{PAGE}#kind-user-contact", f"{PAGE}#kind-user"} <= links


@pytest.mark.parametrize("path", sorted(CONTROLLERS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_rule_of_every_shipped_controller_stands_there(browser, portal, path):
    loaded = read_controller(path)
    controller_id, _, _ = policies.apply(portal, SYSTEM, loaded)
    controller = loaded.file.controller
    for language in controller.languages:
        page = browser.get(f"/c/{controller.slug}/catalogue/?lang={language}")
        with portal.reading(SYSTEM, controller_id) as work:
            told = catalogue(known.current(work), language)
        assert page.language == language
        for kind in told.kinds:
            assert f'id="{kind.anchor}"' in page.html
            assert " ".join(kind.facts.title.split()) in page.main
        secrets = {field.name for data in loaded.datasets.values() for one in data.collections.values()
                   for field in one.fields.values() if field.secret and "_" in field.name}  # fmt: skip
        assert [name for name in secrets if name in page.html] == []
    assert load_regimes()[controller.regime].title
