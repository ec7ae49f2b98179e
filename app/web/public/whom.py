"""For whom somebody asks (LAW 6; Art. 8, 12(2)): for themselves, a child, somebody who asked them to, or a company; and
what is asked of whoever asks for another."""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar, Final

from wtforms import Field

from app.domain.customers import CUSTOMER
from app.domain.identity import NAME_LENGTH
from app.domain.messages import Message
from app.domain.representation import KINDS, STATEMENTS, Representing
from app.queries.policies import Policy
from app.web import fields
from app.web.forms import Form
from app.web.language import say
from app.web.public import companies

CAPACITY, AGE, YOUNGER = "capacity", "age", "younger"
OTHERS: Final = (*KINDS, CUSTOMER)
SUBJECT: Final = {"email": "subject_email", "account_name": "subject_account", "customer_number": "subject_number"}
# What the verbs call an answer of this page, and what the page calls it.
NAMES: Final = {
    "name": "subject_name",
    "identities": "subject_account",
    **{f"identities.{kind}": name for kind, name in SUBJECT.items()},
    **{f"representation.{name}": name for name in ("stands_as", "organisation", "born_on", "until", "post")},
    "representation.statement": "agrees",
    **companies.NAMES,
}
# Of who asks for somebody else, the first page asks for name and address.
OWN: Final = {**NAMES, "representation.name": "name", "representation.email": "email"}
_OPTIONS: Final[Mapping[str, fields.Option]] = {
    "self": ("self", Message("For myself")),
    "guardian": ("guardian", Message("For a child"), Message("You are a parent or guardian of somebody under age.")),
    "agent": ("agent", Message("For another person who asked me to"),
              Message("They are asked whether that is right, at a contact of their own.")),
    CUSTOMER: companies.CHOICE,
}  # fmt: skip
_STANDS_AS: Final = {
    "guardian": (
        Message("What are you to the child?"),
        (
            ("parent", Message("A parent")),
            ("court", Message("A guardian named by a court or an authority")),
            ("other", Message("Something else"), Message("You can explain it later, on the request’s page.")),
        ),
    ),
    "agent": (
        Message("As what do you act?"),
        (("person", Message("A person, such as a lawyer or a relative")),
         ("organisation", Message("An organisation, such as an association or a company"))),
    ),
}  # fmt: skip


def offered(policy: Policy, rights: Collection[str]) -> tuple[str, ...]:
    """For whom all of these rights can be used here. A private person may be a customer too (M-1)."""
    laws = [policy.right(name) for name in rights]
    return tuple(name for name in _OPTIONS if name == "self" or all(name in law.capacities for law in laws))


def question(capacities: Collection[str]) -> dict[str, Field]:
    """The first question of the form, where there is a choice. Who says nothing asks for themselves."""
    if not set(capacities) & set(OTHERS):
        return {}
    options = [_OPTIONS[name] for name in capacities]
    return {CAPACITY: fields.radios(Message("For whom do you ask?"), options, needed=None)}


def youngest(policy: Policy) -> int:
    """From which age the organisation lets people use its service, where it promises that anywhere; else 0."""
    return max(policy.file.controller.no_use_under.values(), default=0)


def age_question(age: int) -> dict[str, Field]:
    """Only whether, not when: nobody's day of birth is needed for that (Art. 5(1)(c))."""
    if not age:
        return {}
    options = (
        ("older", Message("I am %(age)d or older", {"age": age})),
        (YOUNGER, Message("I am younger"), Message("You can ask all the same.")),
    )
    return {AGE: fields.radios(Message("How old are you?"), options, needed=None)}


class WhomForm(Form):
    """What is asked about the other person, and with what authority."""

    kind: ClassVar[str] = ""

    def names(self) -> dict[str, str]:
        """What the verbs call an answer, and what this form calls it."""
        return NAMES


def form_of(kind: str, answers: Mapping[str, Any] | None) -> WhomForm:
    """The form as typed, or as it was kept."""
    made: dict[str, Any] = {"kind": kind, **(companies.asked() if kind == CUSTOMER else _of_another(kind))}
    form: type[WhomForm] = type("WhomForm", (WhomForm,), made)
    return form.of_request(answers)


def _of_another(kind: str) -> dict[str, Field]:
    child = kind == "guardian"
    words, options = _STANDS_AS[kind]
    needed = Message("Choose what you are to the child.") if child else Message("Choose as what you act.")
    return {
        "subject_name": fields.line(
            Message("The child’s name") if child else Message("The name of the person"),
            needed=Message("Enter the name of the person."), longest=NAME_LENGTH, autocomplete="off",
            spellcheck="false",
        ),
        **(_of_child() if child else {}),
        "stands_as": fields.radios(words, options, needed=needed),
        **({} if child else _organisation() | _of_mandate()),
        **_identities(child=child),
        "agrees": fields.checkboxes(
            Message("Your statement"), (("yes", STATEMENTS[kind]),),
            needed=Message("Confirm the statement to go on."),
        ),
    }  # fmt: skip


def _of_child() -> dict[str, Field]:
    return {
        "born_on": fields.line(
            Message("The child’s date of birth"), kind="date", longest=10, classes="govuk-input--width-10",
            hint=Message("It says until when you may decide for them."), needed=Message("Enter the date of birth."),
        )
    }  # fmt: skip


def _of_mandate() -> dict[str, Field]:
    return {
        "until": fields.line(
            Message("Until when does your mandate hold? (optional)"), kind="date", longest=10,
            classes="govuk-input--width-10", hint=Message("The last day. If it has none, we take one year."),
        )
    }  # fmt: skip


def _organisation() -> dict[str, Field]:
    return {
        "organisation": fields.line(
            Message("Name of the organisation, if you act as one"), longest=NAME_LENGTH, autocomplete="organization"
        )
    }


def _identities(*, child: bool) -> dict[str, Field]:
    theirs = Message("The child’s e-mail address, if they have one of their own (optional)")
    hint = Message("Not yours: we write to them there, and the answer may go there.")
    made = {
        "subject_email": fields.line(
            theirs if child else Message("Their e-mail address (optional)"), kind="email", longest=254, hint=hint,
            autocomplete="off", spellcheck="false",
        ),
        "subject_account": fields.line(
            Message("Their account or user name (optional)"), longest=NAME_LENGTH, autocomplete="off",
            spellcheck="false",
        ),
        "subject_number": fields.line(
            Message("Their customer number (optional)"), longest=NAME_LENGTH, autocomplete="off", spellcheck="false",
            classes="govuk-input--width-20",
        ),
    }  # fmt: skip
    if not child:
        made["post"] = fields.line(Message("Their postal address (optional)"), longest=NAME_LENGTH, autocomplete="off")
    return made


def identities(answers: Mapping[str, Any]) -> dict[str, str]:
    """By which names the organisation knows the other person."""
    said = {kind: str(answers.get(name) or "") for kind, name in SUBJECT.items()}
    return {kind: value for kind, value in said.items() if value}


def representing(kind: str, about: Mapping[str, Any], answers: Mapping[str, Any]) -> Representing:
    """Who asks and with what authority, out of what was typed on both pages."""

    def said(name: str) -> str:
        return str(answers.get(name) or "")

    return Representing(
        name=str(about.get("name") or ""),
        email=str(about.get("email") or ""),
        stands_as=said("stands_as"),
        organisation=said("organisation") if said("stands_as") == "organisation" else "",
        born_on=said("born_on"),
        until=said("until"),
        post=said("post"),
        statement=say(STATEMENTS[kind]) if answers.get("agrees") else "",
    )
