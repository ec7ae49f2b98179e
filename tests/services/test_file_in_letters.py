"""What a controller file says stands in the letters that go out under it, and changes with it."""

from collections.abc import Mapping

import pytest

from app.domain.regime import LetterKind
from app.services import letters
from tests.factories import House
from tests.services.letters import ABOUT_CASES, of_right

MAILER = "recipients: [{name: Example Mailer, role: processor, country: DE, categories: [user.contact.email]}]\n"
BACKUPS = f"{MAILER}backups: [{{name: nightly, every: {{days: 1}}, keep: {{weeks: 2}}}}]\n"

# key: what is exchanged in the file, the letter, what stands there before (nothing: a thing is new) and after it.
LETTERS: Mapping[str, tuple[dict[str, str], LetterKind, str, str]] = {
    "legal_name": ({"legal_name: Acme SIA": "legal_name: Lamps AS"}, "acknowledgement", "Acme SIA", "Lamps AS"),
    "contact.email": ({"privacy@": "rights@"}, "acknowledgement", "privacy@acme", "rights@acme"),
    "contact.phone": ({"+371 20000000": "+371 20000001"}, "acknowledgement", "+371 20000000", "+371 20000001"),
    "contact.post": ({"1 Example Street": "2 Example Street"}, "acknowledgement", "1 Example", "2 Example"),
    "dpo.name": ({"Data Protection Officer": "Dace Ozola"}, "acknowledgement", "Data Protection Officer", "Dace Ozola"),
    "dpo.email": ({"email: dpo@": "email: officer@"}, "acknowledgement", "dpo@acme", "officer@acme"),
    "dpo.phone": ({"dpo@acme.example.com}": 'dpo@acme.example.com, phone: "+371 20000002"}'}, "acknowledgement", "",
                  "+371 20000002"),
    "look.colour": ({"rights:": '  look: {colour: "#7a0019"}\nrights:'}, "acknowledgement", "", "#7a0019"),
    "country": ({"country: LV": "country: EE"}, "refusal", "Data State Inspectorate", "Data Protection Inspectorate"),
    "backups.keep": ({MAILER: BACKUPS}, "erased", "", "7 December 2026"),
    "backups.name": ({MAILER: BACKUPS}, "erased", "", "nightly"),
    "recipients.name": ({"name: Example Mailer": "name: Other Post"}, "access", "Example Mailer", "Other Post"),
    "recipients.role": ({"role: processor": "role: controller"}, "access", "on the controller", "decides for itself"),
    "recipients.safeguards": ({"country: DE": "country: US, safeguards: Clauses"}, "access", "", "Clauses"),
    "purposes.title": ({"Providing the service": "Selling lamps"}, "access", "Providing the service", "Selling lamps"),
    "purposes.legal_basis": ({"legal_basis: contract": "legal_basis: consent"}, "access", "", "on your consent"),
    "purposes.law": ({"legal_basis: contract": "legal_basis: legal_obligation, law: Oil Act"}, "access", "", "Oil Act"),
    "categories.keep": ({"years: 2": "months: 7"}, "access", "2 years", "7 months"),
    "categories.criteria": ({"keep: {years: 2, from: last_use}": "criteria: Until you move"}, "access", "2 years",
                            "Until you move"),
    "categories.source": ({"{purposes: [service], keep": "{source: A public register, purposes: [service], keep"},
                          "access", "", "A public register"),
    "categories.title": ({"{purposes: [service], keep": "{title: All we know, purposes: [service], keep"}, "access", "",
                         "All we know"),
}  # fmt: skip


def letter(house: House, kind: LetterKind, changes: Mapping[str, str]) -> str:
    """That letter about a request that was filed under the file so changed."""
    right, inputs = ABOUT_CASES[kind]
    reference = of_right(house, right, changes=changes)
    with house.work("dpo") as work:
        return letters.preview(house.portal, work, reference, kind, inputs)


@pytest.mark.parametrize("key", LETTERS)
def test_a_letter_says_what_the_file_says(acme_on_sqlite: House, key: str) -> None:
    changes, kind, before, after = LETTERS[key]
    was, now = (letter(acme_on_sqlite, kind, one) for one in ({}, changes))
    assert before in was
    assert after in now
    assert after not in was
