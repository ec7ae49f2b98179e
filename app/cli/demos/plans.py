"""What a demo is made of: an organisation, its staff, and requests with the days on which things happened to them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from app.cli.samples.making import Sample
from app.domain.customers import Company

PERSON: Final = "person"
WITHHOLD: Final = "withhold"  # no move of its own: one record is left out while the findings are looked through
BROKEN: Final = "collect with a system that does not answer"
CODE: Final = "confirm"  # with the code that was mailed
FORM: Final = "no move of its own: the form is made that is printed and signed by hand"
LATER: Final = "in days: "  # a day to come, told by how far off it is


@dataclass(frozen=True, slots=True)
class Step:
    """Something done with a request, so many days ago; `by` a role or the person, `of`: with which of several that
    were asked for together."""

    days_ago: int
    move: str
    fields: Mapping[str, str] = field(default_factory=dict)
    by: str = "handler"
    of: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """One request to make: when it came in and how, what it asks, and what was done since.

    `language` None is the organisation's first one. `known`: from somebody whom the systems know. `company`: whom they
    write for, with its customer number."""

    days_ago: int
    channel: str
    steps: tuple[Step, ...] = ()
    rights: tuple[str, ...] = ("access",)
    details: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    grounds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    language: str | None = None
    known: bool = True
    proven: bool = True
    company: tuple[Company, str] | None = None


class Colleague(NamedTuple):
    """Somebody of the staff; the first of each role is the one whom a step's `by` means."""

    role: str
    email: str
    name: str
    functions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Demo:
    """One organisation of the demo. `known` gives names and addresses whom its systems know, each address once;
    `strangers` are known to none; `withheld` is why a record is left out; `breaks` is the connection that fails; `seen`
    is noted where staff filed for somebody."""

    sample: Sample
    staff: tuple[Colleague, ...]
    plans: tuple[Plan, ...]
    known: Callable[[], list[tuple[str, str]]]
    strangers: tuple[tuple[str, str], ...] = ()
    wishes: tuple[str, ...] = ("",)
    withheld: str = ""
    breaks: str = ""
    seen: str = "Identity card seen at the counter."


def asked_to_sign(days_ago: int) -> tuple[Step, ...]:
    """Confirmed by the person, who then gets the form that is to be signed."""
    return Step(days_ago, CODE, by=PERSON), Step(days_ago, FORM, by=PERSON)


def searched(days_ago: int) -> tuple[Step, ...]:
    """Taken over, and the systems searched."""
    return Step(days_ago, "assign"), Step(days_ago, "collect")


def ready(days_ago: int) -> tuple[Step, ...]:
    """Searched, looked through by a second pair of eyes."""
    return *searched(days_ago), Step(days_ago, "approve", by="approver")


def released(days_ago: int) -> tuple[Step, ...]:
    """The same, and handed over."""
    return *ready(days_ago), Step(days_ago, "release", by="dpo")


def one_step(days_ago: int, move: str, fields: Mapping[str, str], by: str = "handler") -> tuple[Step, ...]:
    """Taken over, and one thing done."""
    return Step(days_ago, "assign"), Step(days_ago, move, fields, by)
