"""Columns that nobody declared and whose names look like personal data: what an answer would lack (Art. 15)."""

import re

_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
        address addr avatar bank bic birth birthdate birthday birthplace card cell citizenship city contact
        cookie country customer device dob email ethnicity fax firstname forename fullname gender geo health
        iban ip isikukood ipaddress lastname lat latitude lng login lon longitude mail maidenname marital
        middlename mobile name nationality nickname passport patronymic pesel person phone photo picture
        postal postcode religion salary sex signature skype ssn street surname taxid tel telephone user
        useragent username vat zip zipcode cnp egn personas
        """,
    )
)
_PARTS = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")
# `name` and `address` of a thing are not a person's: product_name, file_name, ip of a server would cry wolf too often.
_THINGS = frozenset({"product", "file", "table", "server", "host", "column", "class", "event", "category", "currency"})


def looks_personal(column: str) -> bool:
    """Whether a column's name suggests personal data: a hint for whoever keeps the data map, never a decision."""
    words = [part.lower() for part in _PARTS.findall(column)]
    if _THINGS.intersection(words):
        return False
    return bool(_WORDS.intersection(words) or "".join(words) in _WORDS)
