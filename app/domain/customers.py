"""A company that is a customer asks (M-2, M-8, G-3): what it says of itself. Its contract number leads to the contacts
that are on file; who writes for it is shown by a letter and a call back, never by what is typed here."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.domain.identity import NAME_LENGTH, text_fault, tidy
from app.domain.messages import Message

CUSTOMER: Final = "customer"
NUMBER: Final = "customer_number"  # the identity that a company gives, and that its letter proves


@dataclass(frozen=True, slots=True)
class Company:
    """Which company asks, and what whoever writes is there. Their own name is the filing's."""

    name: str
    role: str

    @property
    def stored(self) -> dict[str, str]:
        """As it is kept with the request, sealed."""
        return {"name": self.name, "role": self.role}


def checked(
    told: Company | None, *, capacity: str, identities: Mapping[str, str], rights: Collection[str],
    allowed: Mapping[str, Collection[str]], proven: bool, faults: dict[str, Message],
) -> Company | None:  # fmt: skip
    """What a company told, tidied up; each fault with the way to mend it is added to `faults`. `allowed`: the
    capacities in which the law lets each right be used; `proven`: staff say that they saw proof already."""
    if capacity != CUSTOMER:
        if told is not None:
            faults["company"] = Message("Say this only if you ask for a company.")
        return None
    if any(CUSTOMER not in allowed.get(right, ()) for right in rights):
        faults["capacity"] = Message("A company cannot use this right: it belongs to the people whose data it is.")
    if NUMBER not in identities:
        faults[f"identities.{NUMBER}"] = Message("Enter the customer or contract number of the company.")
    if proven:
        faults["proof"] = Message(
            "A company's request is accepted after a call back to a contact that is on file. File it without proof."
        )
    tidied = Company(tidy(told.name), tidy(told.role)) if told else Company("", "")
    for field, text, needed in (
        ("name", tidied.name, Message("Enter the name of the company.")),
        ("role", tidied.role, Message("Say what you are in the company.")),
    ):
        fault = text_fault(text, max_length=NAME_LENGTH) if text else needed
        if fault is not None:
            faults[f"company.{field}"] = fault
    return tidied


def company_of(personal: Mapping[str, Any]) -> Company | None:
    """The company of a request, out of what was kept of it."""
    kept = personal.get("company")
    return Company(str(kept["name"]), str(kept["role"])) if kept else None
