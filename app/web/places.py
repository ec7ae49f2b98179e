"""Where somebody lives, works and was wronged: the three questions of the complaint finder (G-9; Art. 77(1)).

They stand in the address, nowhere else: nothing of them is kept, and the answer can be shared.
"""

from typing import Self
from urllib.parse import urlencode

from flask import request

from app.domain import complaints
from app.domain.complaints import Asked, Found
from app.domain.countries import countries
from app.domain.messages import Message
from app.queries.policies import Policy
from app.web import fields
from app.web.forms import Form
from app.web.language import language
from app.web.visitor import portal

_LABELS = {
    "residence": Message("Where do you live?"),
    "work": Message("Where do you work?"),
    "infringement": Message("Where do you think that the law was broken?"),
}


class PlacesForm(Form):
    """What the address says, for a GET and for what is sent from its page."""

    @classmethod
    def of_address(cls) -> Self:
        """The answers as the address has them, each held against the countries that there are."""
        form = cls(request.args)
        form.faults = []
        form.validate()
        return form

    def asked(self) -> Asked:
        """The answers that hold."""
        return Asked(**{field.name: field.data or "" for field in self if not field.errors})

    def query(self) -> str:
        """The same answers for another address; empty where nothing was answered."""
        said = list(self.asked().said())
        return f"?{urlencode(said)}" if said else ""


def form() -> PlacesForm:
    """The questions in the reader's language."""
    regions = tuple(
        (one.code, one.region)
        for regime in portal().regimes.values()
        for one in regime.complaint.authorities.values()
        if one.region
    )
    options = countries(language(), regions)
    made = {name: fields.select(label, options) for name, label in _LABELS.items()}
    kind: type[PlacesForm] = type("PlacesForm", (PlacesForm,), made)
    return kind.of_address()


def found(asked: Asked, policy: Policy) -> Found:
    """The authorities for a complaint about this organisation."""
    seat = policy.file.controller.country
    return complaints.find(asked, seat=seat, regime=policy.regime, others=portal().regimes)
