"""Asking for somebody else (LAW 6; Art. 8, 12(2), 80 GDPR): a guardian for a child, an agent with a mandate. What must
be said, how far it reaches, and when it ends."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from app.domain.ages import Ages, birthday, is_under
from app.domain.identity import NAME_LENGTH, TEXT_LENGTH, comparable, read_email, text_fault, tidy
from app.domain.messages import Message

Kind = Literal["guardian", "agent"]
AnswerTo = Literal["subject", "representative"]
KINDS: Final = ("guardian", "agent")
STANDS_AS: Final[Mapping[str, tuple[str, ...]]] = {
    "guardian": ("parent", "court", "other"),
    "agent": ("person", "organisation"),
}
# A mandate without an end of its own: long enough for every answer and its extension, and not for life.
LONGEST_MANDATE: Final = timedelta(days=365)
# How many requests one agent files: a lawyer or an association has this many clients, a machine that harvests data has
# more (LAW 6: portals that act in bulk). What staff take in on paper is not counted.
A_DAY, A_MONTH = 20, 200
# The person gets a mail with these names in it: nobody sends them anywhere by our hand.
_LINK: Final = re.compile(r"://|@|\bwww\.|\.\w{2,}/", re.IGNORECASE)
EARLIEST_BIRTH: Final = date(1900, 1, 1)

STATEMENTS: Final[Mapping[str, Message]] = {
    "guardian": Message(
        "I am a parent or guardian of this child and may decide for them. I make this request for the child and agree"
        " that what I write here is used to answer it. I know that I can take this back at any time."
    ),
    "agent": Message(
        "This person has asked me to make this request, and my mandate covers it. I agree that what I write here is"
        " used to answer it, and that the person is told of it."
    ),
}


@dataclass(frozen=True, slots=True)
class Representing:
    """Who asks for somebody else, and with what authority. `born_on` is the child's day of birth, `until` the last day
    of a mandate, `scope` the rights that it covers (none named: those asked for), `statement` the words agreed to."""

    name: str
    stands_as: str
    email: str = ""
    organisation: str = ""
    born_on: str = ""
    until: str = ""
    post: str = ""
    scope: tuple[str, ...] = ()
    statement: str = ""


@dataclass(frozen=True, slots=True)
class Room:
    """What the law of a place lets others do for a person there, on a day: which capacities for which right."""

    capacities: Mapping[str, Collection[str]]
    of_age: int
    today: date


def room_of(capacities: Mapping[str, Collection[str]], ages: Ages, country: str, today: date) -> Room:
    """What holds for requests that are made in that country on that day."""
    return Room(capacities, ages.of_age.at(country), today)


def last_day(kind: str, told: Representing, room: Room) -> date:
    """The mandate's last day, or the day before the child comes of age."""
    if kind == "guardian":
        return birthday(date.fromisoformat(told.born_on), room.of_age) - timedelta(days=1)
    return date.fromisoformat(told.until) if told.until else room.today + LONGEST_MANDATE


def stands(*, revoked: bool, ends_on: date | None, today: date) -> bool:
    """Whether somebody still acts for somebody else on that day: counted at every look, so that no job is needed."""
    return not revoked and (ends_on is None or today <= ends_on)


def checked(
    told: Representing | None, *, kind: str, name: str, rights: Sequence[str], own_email: str, by_themselves: bool,
    room: Room, faults: dict[str, Message],
) -> Representing | None:  # fmt: skip
    """What was told, tidied up; each fault with the way to mend it is added to `faults`. `name`, `own_email`: the
    subject's."""
    for right in rights:
        if kind not in room.capacities.get(right, ()):
            faults["capacity"] = Message("This right cannot be used for somebody else here.")
    if told is None:
        faults["representation"] = Message("Say who you are and with what authority you ask for somebody else.")
        return None
    tidied = replace(
        told,
        name=_text(told.name, "name", faults),
        organisation=_text(told.organisation, "organisation", faults),
        post=_text(told.post, "post", faults, most=TEXT_LENGTH),
        born_on=told.born_on.strip(),
        until=told.until.strip(),
        email=_email(told.email, own_email, faults),
        scope=told.scope or tuple(rights),
    )
    for path, value in _named(name, tidied):
        if _LINK.search(value):
            faults.setdefault(path, Message("A name has no web or e-mail address in it. Enter the name alone."))
    _missing(tidied, kind, by_themselves, faults)
    _reach(tidied, kind, rights, faults)
    if kind == "guardian":
        _child(tidied.born_on, room, faults)
    else:
        _mandate(tidied.until, room, faults)
    return tidied


def _named(name: str, told: Representing) -> tuple[tuple[str, str], ...]:
    own = ("representation.name", told.name), ("representation.organisation", told.organisation)
    return (("name", name), *own)


def _missing(told: Representing, kind: str, by_themselves: bool, faults: dict[str, Message]) -> None:
    if not told.name:
        faults.setdefault("representation.name", Message("Enter your name."))
    if told.stands_as not in STANDS_AS[kind]:
        to_child, as_agent = Message("Choose what you are to the child."), Message("Choose as what you act.")
        faults["representation.stands_as"] = to_child if kind == "guardian" else as_agent
    if told.stands_as == "organisation" and not told.organisation:
        faults.setdefault("representation.organisation", Message("Enter the name of the organisation."))
    if by_themselves and not told.email:
        faults.setdefault("representation.email", Message("Enter your e-mail address."))
    if by_themselves and not told.statement:
        faults["representation.statement"] = Message("Confirm the statement to go on.")


def _reach(told: Representing, kind: str, rights: Sequence[str], faults: dict[str, Message]) -> None:
    """A mandate that does not cover what is asked for is none for it."""
    if kind == "agent" and set(rights) - set(told.scope):
        faults["representation.scope"] = Message("Your mandate does not cover all that you ask for. Ask for less.")


def _child(text: str, room: Room, faults: dict[str, Message]) -> None:
    born_on = day_of(text)
    if born_on is None or born_on < EARLIEST_BIRTH:
        faults["representation.born_on"] = Message("Enter the child’s date of birth, such as 2015-03-27.")
    elif born_on > room.today:
        faults["representation.born_on"] = Message("This day is still to come. Enter the child’s date of birth.")
    elif not is_under(born_on, room.of_age, room.today):
        faults["representation.born_on"] = Message(
            "At this age they are no child any more: they ask themselves, or give you a mandate."
        )


def _mandate(text: str, room: Room, faults: dict[str, Message]) -> None:
    if not text:
        return
    until = day_of(text)
    if until is None:
        faults["representation.until"] = Message("Enter a day such as 2026-11-23.")
    elif until < room.today:
        faults["representation.until"] = Message("This mandate has ended. Ask the person for a new one.")


def day_of(text: str) -> date | None:
    """The day that was typed."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _text(value: str, name: str, faults: dict[str, Message], *, most: int = NAME_LENGTH) -> str:
    text = tidy(value)
    if fault := text_fault(text, max_length=most, lines=most > NAME_LENGTH):
        faults[f"representation.{name}"] = fault
    return text


def _email(value: str, own_email: str, faults: dict[str, Message]) -> str:
    """Who acts has an address of their own: an answer to the subject must not come to them."""
    if not value.strip():
        return ""
    address, fault = read_email(value.strip())
    if fault is not None:
        faults["representation.email"] = fault
    elif own_email and comparable("email", own_email) == comparable("email", address or ""):
        faults["identities.email"] = Message(
            "This is your own address. Enter theirs, or leave it empty and give an account name or a customer number."
        )
    return address or ""
