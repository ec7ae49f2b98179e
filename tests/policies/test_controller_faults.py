"""A controller file with every kind of mistake: file, line, field, what is wrong, what is allowed."""

from collections.abc import Callable

import pytest

FaultsOf = Callable[..., list[str]]
SLUG_SHAPE = "small letters and digits, joined by single hyphens, a letter first"
KEYS = "allowed: about, contact, country, dpo, languages, legal_name, look, name, no_use_under, regime, slug, timezone"
WAYS = (
    "allowed: account_session, document_view, email_code, official_letter, phone_code, representative, signed_form,"
    " two_facts"
)
UNITS = "one of hours, days, working_days, weeks, months, years"

MISTAKES = [
    ("unknown key", "  slug: acme", "  slug: acme\n  langauges: [en]",
     f"acme.yaml:3: controller.langauges: is no key here (did you mean languages?); {KEYS}"),
    ("unknown section", "rights:", "color: red\nrights:",
     ("acme.yaml:12: color: is no key here; allowed: accounts, automated_decisions, backups, categories, connections,"
     " controller, erasure, purposes, recipients, rights")),
    ("decisions by machine in a foreign language", "rights:", "automated_decisions: {en: None, fr: Aucune}\nrights:",
     "acme.yaml:12: automated_decisions.fr: “fr” is no language of this controller; allowed: en, lv"),
    ("unknown key in a map of maps", "keep: {years: 2, from: last_use}", "keeps: {years: 2}",
     ("acme.yaml:20: categories.user.contact.keeps: is no key here (did you mean keep?); allowed: criteria, functions,"
     " keep, on_erasure, purposes, source, title")),
    ("key missing", "  legal_name: ACME SIA\n", "",
     "acme.yaml:1: controller.legal_name: is missing; it must be given"),
    ("text expected", "  name: ACME", "  name: 42",
     "acme.yaml:3: controller.name: is a number, not text; text, in quotes where it would be read as something else"),
    ("empty", "  name: ACME", "  name:",
     "acme.yaml:3: controller.name: is empty, not text; text, in quotes where it would be read as something else"),
    ("number expected", "approvers: 1", 'approvers: "one"',
     "acme.yaml:13: rights.access.approvers: is text, not a whole number; a whole number without quotes"),
    ("truth is no number", "approvers: 1", "approvers: true",
     "acme.yaml:13: rights.access.approvers: is true or false, not a whole number; a whole number without quotes"),
    ("too many", "approvers: 1", "approvers: 9",
     "acme.yaml:13: rights.access.approvers: is 9; at most 5"),
    ("list expected", "languages: [en, lv]", "languages: en",
     "acme.yaml:7: controller.languages: is text, not a list; a list: [a, b], or one `- a` a line"),
    ("map expected", "  dpo: {name: Data Protection Officer, email: dpo@acme.example}", "  dpo: Somebody",
     "acme.yaml:10: controller.dpo: is text, not a map; keys with values, indented below it"),
    ("bad slug", "slug: acme", "slug: Acme Shop",
     f"acme.yaml:2: controller.slug: is “Acme Shop”; {SLUG_SHAPE}"),
    ("unknown country", "country: LV", "country: XX",
     ("acme.yaml:5: controller.country: “XX” is unknown; a country whose holidays are known, such as LV, or a part of"
     " one such as GB-ENG")),
    ("no country", "country: LV", "country: Latvia",
     "acme.yaml:5: controller.country: is “Latvia”; a country such as LV, or a part of one such as GB-ENG"),
    ("unknown time zone", "Europe/Riga", "Europe/Rigga",
     "acme.yaml:6: controller.timezone: “Europe/Rigga” is unknown; a time zone such as Europe/Riga"),
    ("time zone that is a path", "Europe/Riga", "../../etc/passwd",
     "acme.yaml:6: controller.timezone: “../../etc/passwd” is unknown; a time zone such as Europe/Riga"),
    ("unknown language", "[en, lv]", "[en, qx]",
     "acme.yaml:7: controller.languages[1]: “qx” is unknown; a language such as en"),
    ("language twice", "[en, lv]", "[en, en]",
     "acme.yaml:7: controller.languages: names something twice; each once"),
    ("no language", "[en, lv]", "[]",
     "acme.yaml:7: controller.languages: is empty; something in it"),
    ("unknown regime", "regime: gdpr", "regime: gdprr",
     ("acme.yaml:8: controller.regime: “gdprr” is unknown (did you mean gdpr?); allowed: ccpa, gdpr, lgpd, ru_152fz,"
     " uk_gdpr")),
    ("unknown right", "  access: {", "  acess: {",
     ("acme.yaml:13: rights.acess: is “acess” (did you mean access?); allowed: access, automated_decision_review,"
     " confirmation, consent_withdrawal, disclosure_information, erasure, instruction, objection, portability,"
     " rectification, restriction, transfer_mechanism_copy")),
    ("no rights", "rights:\n  access: {proof: [email_code], respond_within: {days: 30}, approvers: 1}", "rights: {}",
     "acme.yaml:12: rights: is empty; something in it"),
    ("unknown proof", "proof: [email_code]", "proof: [email_cod]",
     f"acme.yaml:13: rights.access.proof[0]: is “email_cod” (did you mean email_code?); {WAYS}"),
    ("unknown proof among several", "proof: [email_code]", "proof: [{all_of: [email_code, passport]}]",
     f"acme.yaml:13: rights.access.proof[0].all_of[1]: is “passport”; {WAYS}"),
    ("no proof at all", "proof: [email_code]", "proof: []",
     "acme.yaml:13: rights.access.proof: is empty; something in it"),
    ("period of zero", "{days: 30}", "{days: 0}",
     "acme.yaml:13: rights.access.respond_within.days: is 0; at least 1"),
    ("negative period", "{days: 30}", "{days: -1}",
     "acme.yaml:13: rights.access.respond_within.days: is -1; at least 1"),
    ("period of nothing", "{days: 30}", "{}",
     f"acme.yaml:13: rights.access.respond_within: needs exactly one length; {UNITS}"),
    ("period of two units", "{days: 30}", "{days: 30, months: 1}",
     f"acme.yaml:13: rights.access.respond_within: needs exactly one length; {UNITS}"),
    ("period of hours", "{days: 30}", "{hours: 72}",
     ("acme.yaml:13: rights.access.respond_within: is in hours, and an answer is due on a day; days, working_days,"
      " weeks,"
     " months or years")),
    ("unknown start of a period", "{days: 30}", "{days: 30, from: recieved}",
     ("acme.yaml:13: rights.access.respond_within.from: is “recieved” (did you mean received?);"
     " allowed: duly_executed, received")),
    ("unknown legal basis", "legal_basis: contract", "legal_basis: contractual",
     ("acme.yaml:15: purposes.service.legal_basis: is “contractual” (did you mean contract?); allowed: consent,"
      " contract,"
     " legal_obligation, legitimate_interest, public_task, vital_interest")),
    ("text in no language of the controller", '{en: "Invoicing"}', '{en: "Invoicing", ro: "Facturare"}',
     "acme.yaml:16: purposes.billing.title.ro: “ro” is no language of this controller; allowed: en, lv"),
    ("text not in the first language", '{en: "Invoicing"}', '{lv: "Rēķini"}',
     "acme.yaml:16: purposes.billing.title: is missing in en, the first language; allowed: en, lv"),
    ("text that is none", '{en: "Invoicing"}', "{en: 5}",
     "acme.yaml:16: purposes.billing.title: is no text; a sentence, or one for each language: {en: …, ro: …}"),
    ("unknown kind of connection", "kind: sql", "kind: mongo",
     "acme.yaml:18: connections[0].kind: is “mongo”; allowed: sql"),
    ("password in an address", '"${ACME_SHOP_URL}"', "postgresql://reader:hunter2@db/shop",
     "acme.yaml:18: connections[0].url: holds a password; ${NAME} in its place, set in the environment"),
    ("password in the query", '"${ACME_SHOP_URL}"', "postgresql://db/shop?user=a&password=hunter2",
     "acme.yaml:18: connections[0].url: holds a password; ${NAME} in its place, set in the environment"),
    ("broken reference", '"${ACME_SHOP_URL}"', '"${acme shop}"',
     "acme.yaml:18: connections[0].url: holds a broken reference; ${NAME} in capitals, digits and _"),
    ("no address", '"${ACME_SHOP_URL}"', "db.example.com",
     'acme.yaml:18: connections[0].url: is no address; like "${ACME_SHOP_URL}" or postgresql://reader@host/shop'),
    ("no mail server", "privacy@acme.example,", "privacy@acme.example, mail_server: Mail,",
     "acme.yaml:9: controller.contact.mail_server: is no name of a mail server; in small letters, like mx.example.com"),
    ("no address at all", '"${ACME_SHOP_URL}"', '"http://[::1"',
     'acme.yaml:18: connections[0].url: is no address; like "${ACME_SHOP_URL}" or postgresql://reader@host/shop'),
    ("dataset file missing", "datasets/shop.yml", "datasets/shops.yml",
     "acme.yaml:18: connections[0].dataset: “datasets/shops.yml” is no file; a dataset file beside or below this file"),
    ("dataset file elsewhere", "datasets/shop.yml", "../../etc/hostname",
     "acme.yaml:18: connections[0].dataset: “../../etc/hostname” is no file; a dataset file beside or below this file"),
    ("connection key twice", "categories:",
     '  - {key: shop, kind: sql, url: "${OTHER}", dataset: datasets/shop.yml}\ncategories:',
     "acme.yaml:19: connections[1].key: “shop” stands here twice; each name once"),
    ("purpose that is not defined", "purposes: [billing]", "purposes: [biling]",
     ("acme.yaml:21: categories.user.financial.purposes[0]: “biling” is no purpose (did you mean billing?);"
     " allowed: billing, service")),
    ("unknown data category", "  user.financial:", "  user.finance:",
     ("acme.yaml:21: categories.user.finance: “user.finance” is no data category (did you mean user.financial?);"
     " the data categories of fideslang")),
    ("no data category", "  user.financial:", "  User Financial:",
     "acme.yaml:21: categories.User Financial: is “User Financial”; a data category such as user.contact.email"),
    ("unknown category of erasure", "user.contact.email: hash", "user.contact.mail: hash",
     ("acme.yaml:24: erasure.fields.user.contact.mail: “user.contact.mail” is no data category"
     " (did you mean user.contact.email?); the data categories of fideslang")),
    ("unknown effect of erasure", "default: nullify", "default: nulify",
     ("acme.yaml:23: erasure.default: is “nulify” (did you mean nullify?); allowed: delete_row, hash, keep, nullify,"
     " redact")),
    ("rows of a collection that is not there", "shop.orders: delete_row", "shop.order: delete_row",
     ("acme.yaml:25: erasure.rows.shop.order: “shop.order” is no collection (did you mean shop.orders?);"
     " allowed: shop.customers, shop.orders")),
    ("unknown country of a recipient", "country: DE", "country: EU",
     "acme.yaml:26: recipients[0].country: “EU” is unknown; a country such as LV"),
    ("unknown category of a recipient", "[user.contact.email]}]", "[user.contact.emial]}]",
     ("acme.yaml:26: recipients[0].categories[0]: “user.contact.emial” is no data category"
     " (did you mean user.contact.email?); the data categories of fideslang")),
    ("backup twice", "name: monthly", "name: daily",
     "acme.yaml:27: backups[1].name: “daily” stands here twice; each name once"),
    ("no colour", '"#1d4ed8"', "blue",
     'acme.yaml:11: controller.look.colour: is no colour; six hexadecimal digits in quotes, like "#1d4ed8"'),
    ("colour without quotes is a comment", '{colour: "#1d4ed8"}', "\n    colour: #1d4ed8",
     'acme.yaml:12: controller.look.colour: is empty: # begins a comment; in quotes, like "#1d4ed8"'),
    ("colour too light", "#1d4ed8", "#ffcc00",
     ("acme.yaml:11: controller.look.colour: is too light: white text on it has a contrast of 1.5:1; at least 4.5:1"
     " (WCAG 2.2, 1.4.3)")),
    ("no e-mail address", "privacy@acme.example", "privacy at acme",
     "acme.yaml:9: controller.contact.email: is no e-mail address; like privacy@example.com"),
    ("control character", "1 Example Street, Riga", r"1 Example\nStreet",
     "acme.yaml:9: controller.contact.post: is “1 Example\nStreet”; one line of text"),
    ("too long", "  name: ACME", "  name: " + "A" * 201,
     "acme.yaml:3: controller.name: is too long; up to 200"),
    ("no supervisory authority", "country: LV", "country: US",
     "acme.yaml:5: controller.country: “US” has no supervisory authority under gdpr; allowed: "),
    ("key twice", "  name: ACME", "  name: ACME\n  slug: other",
     "acme.yaml:4: controller.slug: stands here twice, first on line 2; each key once"),
    ("no YAML", "languages: [en, lv]", "languages: [en, lv",
     "acme.yaml:8: is no YAML: "),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), [row[1:] for row in MISTAKES], ids=[row[0] for row in MISTAKES])
def test_one_mistake_one_message(faults_of: FaultsOf, old: str, new: str, expected: str) -> None:
    found = faults_of(controller={old: new})
    if expected[-1] == " ":
        found = [text[: len(expected)] for text in found]
    assert found == [expected]


def test_a_right_that_the_law_does_not_give(faults_of: FaultsOf) -> None:
    found = faults_of(controller={"regime: gdpr": "regime: ccpa", "country: LV": "country: US-CA",
                                  "  access: {": "  portability: {}\n  access: {"})  # fmt: skip
    assert found == [
        "acme.yaml:13: rights.portability: “portability” is no right under ccpa; allowed: access, confirmation,"
        " disclosure_information, erasure, instruction, objection, rectification, restriction"
    ]


def test_all_mistakes_at_once_in_the_order_of_the_file(faults_of: FaultsOf) -> None:
    found = faults_of(
        controller={"slug: acme": "slug: A", "country: LV": "country: XX", "purposes: [billing]": "purposes: [none]",
                    "kind: sql": "kind: ftp", "legal_basis: contract": "legal_basis: whim", "#1d4ed8": "#ffffff"},
        dataset={"user.contact.email": "user.contact.mail", "customers.id": "customers.uid"},
    )  # fmt: skip
    assert [text.partition(": ")[0] for text in found] == [
        "acme.yaml:2", "acme.yaml:5", "acme.yaml:11", "acme.yaml:15", "acme.yaml:18", "acme.yaml:21",
        "datasets/shop.yml:11", "datasets/shop.yml:22",
    ]  # fmt: skip


def test_a_password_is_never_repeated_in_the_message(faults_of: FaultsOf) -> None:
    url = "postgresql://reader:hunter2@db/shop"
    found = faults_of(controller={'"${ACME_SHOP_URL}"': url, "kind: sql": "kind: 5", "slug: acme": "slug: 5"})
    assert "hunter2" not in "\n".join(found)


@pytest.mark.parametrize("content", ["", "- a\n- b\n", "just text\n", "# nothing\n"])
def test_a_file_that_is_no_map(faults_of: FaultsOf, content: str) -> None:
    from tests.policies.conftest import CONTROLLER

    (text,) = faults_of(controller={CONTROLLER: content})
    assert "is empty or no map; allowed: accounts, automated_decisions" in text
