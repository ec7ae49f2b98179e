"""The catalogue's rows: everything that the file and its data maps say, nothing that they do not."""

import re
from pathlib import Path

import pytest

from app.domain.kinds_in_detail import called
from app.domain.policy import say
from app.policies.dataset_file import data_categories
from app.policies.loader import CONTROLLERS, load_regimes, read_controller
from app.queries.catalogue import Catalogue, Kind, catalogue
from app.queries.policies import Policy

FILE = """\
controller:
  slug: acme
  name: ACME
  legal_name: ACME SIA
  country: {country}
  timezone: Europe/Riga
  languages: [en, lv]
  regime: {regime}
  contact: {{email: privacy@acme.example}}
rights:
  access: {{proof: [{{all_of: [email_code, phone_code]}}, document_view, email_code]}}
  erasure: {{respond_within: {{days: 20}}, cooling_off: {{days: 3}}}}
  objection: {{respond_within: {{days: 20, from: duly_executed}}}}
  consent_withdrawal: {{}}
purposes:
  service: {{title: {{en: Service, lv: Pakalpojums}}, legal_basis: contract}}
  tax: {{title: Bookkeeping, legal_basis: legal_obligation, law: Accounting Act}}
  checks: {{title: Checks, legal_basis: legal_obligation}}
  safety: {{title: Safety, legal_basis: legitimate_interest}}
  news: {{title: News, legal_basis: consent}}
connections:
  - {{key: shop, kind: sql, url: "sqlite:///shop.db", dataset: shop.yml}}
categories:
  user: {{title: The rest}}
  user.contact: {{title: {{en: Contact, lv: Saziņa}}, purposes: [service, news], keep: {{years: 2, from: last_use}},
                  source: You gave it., functions: [operations, night_watch]}}
  user.payment: {{title: Payments, purposes: [tax, safety], criteria: As the law says, on_erasure: keep}}
  user.behavior: {{purposes: [checks]}}
erasure: {{fields: {{user.contact.phone_number: keep}}, rows: {{shop.visits: keep}}}}
recipients:
  - {{name: Host, role: processor, country: LT, categories: [user]}}
  - {{name: Bank, role: controller, country: GB, safeguards: Adequacy, categories: [user.payment]}}
  - {{name: Caller, role: processor, country: US, categories: [user.contact.phone_number]}}
backups:
  - {{name: weekly, every: {{weeks: 1}}, keep: {{months: 1}}}}
  - {{name: daily, every: {{days: 1}}, keep: {{days: 20}}}}
automated_decisions: {{en: A machine sets limits., lv: Mašīna nosaka robežas.}}
accounts:
  trial_account: {{delete_after_expiry: {{days: 120}}}}
"""
SHOP = """\
dataset:
  - fides_key: shop
    collections:
      - name: customers
        fields:
          - {name: id, data_categories: [user.unique_id], fides_meta: {primary_key: true}}
          - {name: mail_1, data_categories: [user.contact.email], fides_meta: {identity: email}}
          - {name: mail_2, data_categories: [user.contact.email]}
          - {name: tel, data_categories: [user.contact.phone_number],
             fides_meta: {title: {en: Number for the courier, lv: Numurs kurjeram}}}
          - {name: iban, description: Where refunds go, data_categories: [user.payment]}
          - {name: pin_of_old, data_categories: [user.contact.url], fides_meta: {secret: true}}
          - {name: owner, description: Who invited, data_categories: [user.contact.organization],
             fides_meta: {references: [{dataset: shop, field: customers.id}]}}
      - name: visits
        fields:
          - {name: id, data_categories: [user.behavior], fides_meta: {primary_key: true,
             references: [{dataset: shop, field: customers.id, direction: from}]}}
      - name: cache
        fides_meta: {skip_processing: true}
        fields:
          - {name: id, data_categories: [user.biometric.voice]}
"""


def policy_of(folder: Path, text: str = FILE, *, regime: str = "gdpr", country: str = "LV") -> Policy:
    (folder / "shop.yml").write_text(SHOP, encoding="utf-8")
    (folder / "acme.yaml").write_text(text.format(regime=regime, country=country), encoding="utf-8")
    loaded = read_controller(folder / "acme.yaml")
    return Policy(1, 1, loaded.file, loaded.datasets, load_regimes()[regime])


@pytest.fixture
def told(tmp_path: Path) -> Catalogue:
    return catalogue(policy_of(tmp_path), "en")


def kind(told: Catalogue, key: str) -> Kind:
    return next(one for one in told.kinds if one.facts.key == key)


def test_kinds_stand_as_in_the_file_and_the_rest_last(told):
    assert [one.facts.key for one in told.kinds] == ["user.contact", "user.payment", "user.behavior", "user"]
    assert [one.facts.title for one in told.kinds] == ["Contact", "Payments", "Behaviour", "The rest"]


def test_fields_are_told_in_words_each_once_and_secrets_by_their_kind(told):
    contact = kind(told, "user.contact")
    assert contact.fields == ("E-mail address", "Number for the courier", "Organisation")
    assert contact.secrets == ("Sign-in data",)
    assert kind(told, "user.payment").fields == ("Where refunds go",)
    assert kind(told, "user").fields == ("Number in the system",), "a collection that is left out is none of ours"


def test_the_readers_language_goes_before_what_is_there_in_english_only(tmp_path):
    told = catalogue(policy_of(tmp_path), "lv")
    contact, payment = kind(told, "user.contact"), kind(told, "user.payment")
    assert (contact.facts.title, contact.uses[0].facts.title) == ("Saziņa", "Pakalpojums")
    assert contact.fields == ("E-pasta adrese", "Numurs kurjeram", "Organizācija")
    assert payment.fields == ("Maksājumi",)


def test_a_description_is_in_the_organisations_first_language(tmp_path):
    text = FILE.replace("languages: [en, lv]", "languages: [lv, en]")
    policy = policy_of(tmp_path, text)
    assert kind(catalogue(policy, "lv"), "user.payment").fields == ("Where refunds go",)
    assert kind(catalogue(policy, "en"), "user.payment").fields == ("Payments",)


def test_what_the_file_leaves_open_is_empty(told):
    rest, contact = kind(told, "user"), kind(told, "user.contact")
    assert (rest.uses, rest.facts.keep, rest.facts.source, rest.functions) == ((), "", "", ())
    assert rest.is_open
    assert contact.is_open, "nobody says why the courier's number is kept"
    assert not any(one.is_open for one in told.receivers if one.facts.name == "Bank")
    assert told.is_open


def test_each_purpose_says_what_ends_it_and_which_law_is_not_named(told):
    uses = {use.key: use for use, _ in told.uses}
    assert (uses["news"].stop, uses["safety"].stop, uses["service"].stop) == ("consent_withdrawal", "objection", None)
    assert (uses["tax"].law_open, uses["checks"].law_open) == (False, True)
    assert {use.key: [one.facts.key for one in kinds] for use, kinds in told.uses} == {
        "service": ["user.contact"], "tax": ["user.payment"], "checks": ["user.behavior"], "safety": ["user.payment"],
        "news": ["user.contact"],
    }  # fmt: skip


def test_a_right_that_is_not_offered_leads_nowhere(tmp_path):
    text = FILE.replace("  objection: {{respond_within: {{days: 20, from: duly_executed}}}}\n", "")
    told = catalogue(policy_of(tmp_path, text), "en")
    assert {use.key: use.stop for use, _ in told.uses}["safety"] is None


def test_who_gets_what_is_told_for_the_kind_and_not_for_what_has_a_rule_of_its_own(told):
    def names(key: str) -> list[str]:
        return [one.name for one in kind(told, key).facts.recipients]

    assert names("user") == ["Host"]
    assert names("user.payment") == ["Host", "Bank"]
    assert set(names("user.contact")) == {"Host", "Caller"}


def test_a_branch_that_somebody_receives_is_no_kind_of_its_own(tmp_path):
    text = FILE.replace("  user: {{title: The rest}}\n", "").replace("categories: [user]}}", "categories: [user]}}\n"
        "  - {{name: Clinic, role: controller, country: LV, categories: [user.health_and_medical]}}")  # fmt: skip
    told = catalogue(policy_of(tmp_path, text), "en")
    assert [(one.facts.key, one.fields) for one in told.kinds] == [
        ("user.contact", ("E-mail address", "Number for the courier", "Organisation")),
        ("user.payment", ("Where refunds go",)), ("user.behavior", ("Behaviour",)),
        ("user.health_and_medical", ()), ("user.unique_id", ("Number in the system",)),
    ]  # fmt: skip


def test_safeguards_are_wanted_where_data_leaves_the_area(told):
    assert [(one.facts.name, one.facts.abroad, one.is_open) for one in told.receivers] == [
        ("Host", False, False), ("Bank", True, False), ("Caller", True, True),
    ]  # fmt: skip


def test_an_erasure_takes_what_no_rule_keeps(told):
    contact, payment = kind(told, "user.contact"), kind(told, "user.payment")
    assert (contact.goes, contact.stays) == (True, ("Number for the courier",))
    assert (payment.goes, payment.stays, payment.laws) == (False, ("Where refunds go",), ("Accounting Act",))
    assert (kind(told, "user.behavior").goes, kind(told, "user.behavior").stays) == (False, ("Behaviour",)), (
        "rows of a collection may be kept whatever they hold"
    )
    assert kind(told, "user").stays == ()


def test_the_longest_backup_decides_when_the_last_copy_is_gone(told):
    assert [(one.name, str(one.every), str(one.keep)) for one in told.copies] == [
        ("weekly", "one week", "one month"), ("daily", "one day", "20 days"),
    ]  # fmt: skip
    assert str(told.last_copy) == "one month"
    assert [(name, str(period)) for name, period in told.accounts] == [("trial account", "120 days")]


def test_rights_say_how_to_show_who_one_is_and_when_the_answer_comes(told):
    offers = {one.name: one for one in told.rights}
    assert list(offers) == ["access", "erasure", "objection", "consent_withdrawal", "other"]
    assert offers["access"].proofs == (("email_code",), ("document_view",)), "the least first; nobody can be called"
    assert [str(one) for one in offers["erasure"].times] == [
        "By law within one month (GDPR, Art. 12(3)).",
        "It can be lengthened once by 2 months, if you are told why (GDPR, Art. 12(3)).",
        "The organisation promises 20 days.",
        "The earlier date counts.",
    ]
    assert "The organisation promises 20 days from the signed form on." in map(str, offers["objection"].times)
    assert str(offers["consent_withdrawal"].times[0]) == "By law at once (GDPR, Art. 7(3))."


def test_decisions_by_a_machine_are_told_or_left_open(tmp_path, told):
    assert told.automated == "A machine sets limits."
    assert catalogue(policy_of(tmp_path), "lv").automated == "Mašīna nosaka robežas."
    without = re.sub("automated_decisions: .*\n", "", FILE)
    assert catalogue(policy_of(tmp_path, without), "en").automated == ""


def test_where_the_law_asks_for_a_signature_only_the_time_from_the_form_is_due(tmp_path, told):
    text = FILE.replace("  objection:", "  rectification:")
    signed = catalogue(policy_of(tmp_path, text, regime="ru_152fz", country="RU"), "en")
    times = {one.name: [*map(str, one.times)] for one in signed.rights}
    assert times["rectification"][-1] == "The organisation promises 20 days from the signed form on."
    assert times["erasure"][-1] == "The earlier date counts."


def test_articles_of_the_gdpr_are_cited_only_under_it(tmp_path, told):
    elsewhere = catalogue(policy_of(tmp_path, regime="ru_152fz", country="RU"), "en")
    assert str(told.uses[0][0].facts.legal_basis) == "a contract with you, or steps before one (Art. 6(1)(b))"
    assert str(elsewhere.uses[0][0].facts.legal_basis) == "a contract with you, or steps before one"


def test_a_file_without_systems_has_its_kinds_all_the_same(tmp_path):
    text = FILE.replace('  - {{key: shop, kind: sql, url: "sqlite:///shop.db", dataset: shop.yml}}\n', "")
    text = text.replace("connections:\n", "").replace(", rows: {{shop.visits: keep}}", "")
    told = catalogue(policy_of(tmp_path, text), "en")
    assert [one.fields for one in told.kinds] == [(), (), (), ()]
    assert all(one.is_open for one in told.kinds)
    assert kind(told, "user.payment").stays == ("Payments",)


@pytest.mark.parametrize("language", ["en", "lv", "ru", "ro", "bg"])
def test_every_category_has_a_plain_name_in_every_language(language):
    names = {name: called(name, language) for name in data_categories()}
    assert all(names.values())
    if language != "en":
        assert [name for name, said in names.items() if said == called(name, "en")] == []


@pytest.mark.parametrize("path", sorted(CONTROLLERS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_rule_of_each_shipped_file_has_its_row(path):
    loaded = read_controller(path)
    policy = Policy(1, 1, loaded.file, loaded.datasets, load_regimes()[loaded.file.controller.regime])
    for language in loaded.file.controller.languages:
        told = catalogue(policy, language)
        assert set(loaded.file.categories) <= {one.facts.key for one in told.kinds}
        assert [use.key for use, _ in told.uses] == list(loaded.file.purposes)
        assert {one.facts.name for one in told.receivers} == {say(one.name, language) for one in loaded.file.recipients}
        assert set(loaded.file.rights) <= {one.name for one in told.rights}
