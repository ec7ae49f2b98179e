"""What the form asks of a company that is a customer (M-8): which one, and what whoever writes is there."""

from collections.abc import Mapping
from typing import Any, Final

from wtforms import Field

from app.domain.customers import CUSTOMER, Company
from app.domain.identity import NAME_LENGTH
from app.domain.messages import Message
from app.web import fields

NAME, ROLE = "company_name", "company_role"
FIELDS: Final = (NAME, ROLE)
# What the verbs call an answer, and what the form calls it.
NAMES: Final = {"company.name": NAME, "company.role": ROLE}
CHOICE: Final = (
    CUSTOMER, Message("For a company that is a customer"),
    Message("You write for the company. It is called back at the contact that the organisation has on file."),
)  # fmt: skip


def asked() -> dict[str, Field]:
    """The two fields; what is missing is said by the verb, since only companies are asked."""
    return {
        NAME: fields.line(Message("Name of the company"), longest=NAME_LENGTH, autocomplete="organization"),
        ROLE: fields.line(
            Message("What you are in the company"), longest=NAME_LENGTH, autocomplete="organization-title",
            hint=Message("Such as: managing director."),
        ),
    }  # fmt: skip


def told(about: Mapping[str, Any]) -> Company | None:
    """The company, out of what was typed; only for whom asks for one."""
    return Company(str(about.get(NAME) or ""), str(about.get(ROLE) or ""))
