"""The forms by which a right is used, one per right (Art. 12(6): no more is asked than is needed)."""

from collections.abc import Mapping
from typing import Any, Final

from app.domain.filing import Filing
from app.domain.identity import NAME_LENGTH, TEXT_LENGTH
from app.domain.messages import Message
from app.web import fields
from app.web.forms import Form

_MORE: Final = 1000
# What the verbs call an answer, and what the form calls it.
NAMES: Final = {
    "identities.email": "email",
    "identities.account_name": "account_name",
    "identities.customer_number": "customer_number",
    "details.access.wish": "wish",
}


class AccessForm(Form):
    """A copy of one's data (Art. 15(3))."""

    name = fields.line(
        Message("Your name"),
        needed=Message("Enter your name."),
        longest=NAME_LENGTH,
        autocomplete="name",
        spellcheck="false",
    )
    email = fields.line(
        Message("Your e-mail address"),
        kind="email", longest=254, autocomplete="email", spellcheck="false",
        hint=Message(
            "Use the address that the organisation knows you by. We send a code to it: that is how we know it is you."
        ),
        needed=Message("Enter your e-mail address."),
    )  # fmt: skip
    scope = fields.radios(
        Message("What would you like a copy of?"),
        [
            ("everything", Message("Everything the organisation holds about me")),
            ("some", Message("Only some of it"), Message("For example one order, one year, or one conversation.")),
        ],
        needed=Message("Choose whether you want everything or only some of it."),
    )
    wish = fields.passage(
        Message("If only some: what exactly?"),
        hint=Message("You need not say why you ask."),
        longest=TEXT_LENGTH - _MORE - 2, rows=4,
    )  # fmt: skip
    account_name = fields.line(
        Message("Account or user name (optional)"), longest=NAME_LENGTH, autocomplete="username", spellcheck="false"
    )
    customer_number = fields.line(
        Message("Customer number (optional)"),
        longest=NAME_LENGTH,
        autocomplete="off",
        spellcheck="false",
        classes="govuk-input--width-20",
    )
    more = fields.passage(
        Message("Anything else that helps to find your data (optional)"),
        hint=Message("For example when you were a customer, or a former name."),
        longest=_MORE, rows=3,
    )  # fmt: skip

    def validate(self, extra_validators: Any = None) -> bool:
        """What exactly is asked only of those who want some of it, and of them it is asked in earnest."""
        super().validate(extra_validators)
        if self.scope.data != "some":
            self.wish.errors = []
        elif not self.wish.data:
            self.wrong("wish", Message("Say which data you want, or choose “Everything”."))
        return not any(field.errors for field in self)


FORMS: Final[Mapping[str, type[Form]]] = {"access": AccessForm}


def filing_of(right: str, answers: Mapping[str, Any], *, language: str) -> Filing:
    """The kept answers as the verb takes them; what the verb finds wrong it names by `NAMES`."""
    said = {
        name: str(answers.get(name) or "")
        for name in ("name", "email", "wish", "more", "account_name", "customer_number")
    }
    wish = said["wish"] if answers.get("scope") == "some" else ""
    texts = [text for text in (wish, said["more"]) if text]
    identities = {kind: said[kind] for kind in ("email", "account_name", "customer_number") if said[kind]}
    return Filing(
        rights=(right,),
        name=said["name"],
        identities=identities,
        details={right: {"wish": "\n\n".join(texts)}} if texts else {},
        language=language,
    )
