from app.domain.disclosure import category_facts
from app.domain.policy import ControllerFile

FILE = ControllerFile.model_validate(
    {
        "controller": {
            "slug": "acme", "name": "ACME", "legal_name": "ACME SIA", "country": "LV", "timezone": "Europe/Riga",
            "languages": ["en", "lv"], "regime": "gdpr", "contact": {"email": "privacy@acme.example"},
        },
        "rights": {"access": {}},
        "purposes": {
            "service": {"title": {"en": "Service", "lv": "Pakalpojums"}, "legal_basis": "contract"},
            "billing": {"title": "Invoicing", "legal_basis": "legal_obligation", "law": "Accounting Act s. 10"},
        },
        "categories": {
            "user.contact": {"title": "Contact", "purposes": ["service"], "keep": {"years": 1, "from": "last_use"}},
            "user.financial": {"purposes": ["billing"], "criteria": "As long as tax law asks", "source": "Your bank"},
        },
        "recipients": [
            {"name": "Mailer", "role": "processor", "country": "DE", "categories": ["user.contact.email"]},
            {
                "name": "Cloud", "role": "processor", "country": "US", "safeguards": "Clauses", "categories": ["user"],
            },
        ],
    }
)  # fmt: skip


def test_each_rule_speaks_for_all_that_it_covers():
    found = [
        "user.contact.phone",
        "user.contact.email",
        "user.contact.email",
        "user.financial.bank_account",
        "user.gender",
    ]
    contact, financial, gender = category_facts(FILE, found, "lv")
    assert contact.title == "Contact"
    assert [purpose.title for purpose in contact.purposes] == ["Pakalpojums"]
    assert [(one.name, one.abroad) for one in contact.recipients] == [("Mailer", False), ("Cloud", True)]
    assert str(contact.keep) == "Kept for 1 year after the last use."
    assert contact.source == ""
    assert financial.title == "Finanšu dati"
    assert financial.purposes[0].law == "Accounting Act s. 10"
    assert (financial.keep, financial.source) == ("As long as tax law asks", "Your bank")
    assert (gender.title, gender.purposes, gender.keep) == ("Personas dati", (), "")


def test_nothing_found_needs_no_facts():
    assert category_facts(FILE, [], "en") == ()
