"""What a column may hold, guessed from its name alone: a first word for whoever knows better (Art. 30).

A guess is never made from values, and none is better than a wrong one: what no row below names stays open.
"""

import re
from itertools import pairwise

OPEN = "open"  # stands in a draft where nothing was guessed; checking a file names each until somebody decides
INSIDE = "user.authorization"  # what never leaves a system, wherever it stands
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")

# The first row that fits wins: whole words of a column's name, each row one data category of fideslang.
_ROWS: tuple[tuple[str, str], ...] = (
    ("user.authorization.password", "password passwd pwd passhash password_hash hashed_password"),
    ("user.authorization.credentials", "token secret salt otp totp pin api_key access_key private_key recovery_code"),
    ("user.contact.email", "email e_mail mail email_address mail_address"),
    ("user.contact.phone_number", "phone telephone tel mobile cell msisdn phone_number"),
    ("user.contact.fax_number", "fax"),
    ("user.contact.address.street", "street address addr address_line house flat"),
    ("user.contact.address.city", "city town village"),
    ("user.contact.address.postal_code", "postcode zip zipcode postal_code plz"),
    ("user.contact.address.state", "county state region province"),
    ("user.contact.address.country", "country country_code"),
    ("user.contact.organization", "company employer organisation organization"),
    ("user.contact.url", "website homepage url"),
    ("user.name.first", "first_name firstname given_name forename"),
    ("user.name.last", "last_name lastname surname family_name"),
    ("user.account.username", "username login nickname user_name account_name"),
    ("user.account.settings", "settings preferences"),
    ("user.demographic.date_of_birth", "birth birthday birthdate dob born date_of_birth born_on"),
    ("user.demographic.gender", "gender sex"),
    ("user.demographic.marital_status", "marital marital_status"),
    ("user.demographic.language", "language lang locale"),
    ("user.demographic.religious_belief", "religion"),
    ("user.demographic.race_ethnicity", "ethnicity race"),
    ("user.government_id.national_identification_number",
     "ssn cnp egn pesel isikukood national_id personal_code personal_number personas_kods id_card identity_card"),
    ("user.government_id.passport_number", "passport"),
    ("user.government_id.drivers_license_number", "driving_licence driver_license licence_number"),
    ("user.financial.credit_card", "card_number pan credit_card"),
    ("user.financial.bank_account", "iban bic bank bank_account"),
    ("user.payment", "amount paid payment price total fee fine invoice_number vat"),
    ("user.health_and_medical", "diagnosis health allergy medical blood_type"),
    ("user.device.ip_address", "ip ip_address remote_addr"),
    ("user.device.cookie_id", "cookie cookie_id session_id"),
    ("user.device", "user_agent useragent device browser"),
    ("user.location.precise", "lat lon lng latitude longitude geo"),
    ("user.content.self_image", "photo avatar picture portrait"),
    ("user.content", "note notes comment message remark remarks body letter"),
    ("user.job_title", "job_title position"),
    ("user.privacy_preferences", "consent newsletter marketing opt_in opt_out subscribed"),
    ("user.unique_id", "customer_number customer_no client_number member_number card_no customer_code"),
    ("system.operations", "created updated deleted modified created_at updated_at deleted_at modified_at version"),
)  # fmt: skip
_WORDS = {word: category for category, words in _ROWS for word in words.split()}
# A name of a thing is not a person's.
_OF_PEOPLE = {"name": "user.name", "full_name": "user.name", "fullname": "user.name", "display_name": "user.name"}
# `email_verified_at` holds no address: what ends so says something about the word before it.
_ABOUT = frozenset({"at", "on", "by", "id", "verified", "confirmed", "sent", "count", "flag", "status", "type", "kind"})
_ADDRESSES = frozenset({"email", "mail", "email_address", "mail_address", "e_mail"})


def guess(column: str, *, of_people: bool = False) -> str | None:
    """The data category that a column's name suggests; None where it suggests nothing."""
    name = _snake(column)
    words = name.split("_")
    if name in _WORDS or (of_people and name in _OF_PEOPLE):
        return _WORDS.get(name) or _OF_PEOPLE[name]
    if words[-1] in _ABOUT:
        return None
    pairs = ["_".join(pair) for pair in pairwise(words)]
    return next((_WORDS[one] for one in (*pairs, *reversed(words)) if one in _WORDS), None)


def holds_address(column: str) -> bool:
    """Whether a column is named as one that holds an e-mail address, and no other than its row's own."""
    return _snake(column) in _ADDRESSES


def _snake(column: str) -> str:
    return "_".join(part.lower() for part in _PARTS.findall(column))
