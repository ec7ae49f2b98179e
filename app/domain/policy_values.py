"""The words that controller files and regime packs are made of: texts in several languages, keys, spans of time."""

import re
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints, model_validator
from pydantic_core import PydanticCustomError

RightName = Literal[
    "access", "portability", "rectification", "erasure", "restriction", "objection", "consent_withdrawal",
    "automated_decision_review", "confirmation", "disclosure_information", "transfer_mechanism_copy", "instruction",
]  # fmt: skip
# What every controller takes, whether its file says so or not: a request in free words, and a complaint to it where the
# law sends the person there first.
AnyRight = Literal[RightName, "complaint", "other"]
# The ladder of proof (LAW 6), from the least to the most that is asked of a person.
Way = Literal[
    "account_session", "email_code", "phone_code", "two_facts",
    "signed_form", "official_letter", "document_view", "representative",
]  # fmt: skip
_T = TypeVar("_T")


def _text(value: object) -> object:
    if isinstance(value, str) and value.strip():
        return value
    if isinstance(value, dict) and value and all(isinstance(t, str) and t.strip() for t in value.values()):
        return value
    raise PydanticCustomError("text", "is no text; a sentence, or one for each language: {en: …, ro: …}")


def each_once(values: tuple[_T, ...]) -> tuple[_T, ...]:
    if len(set(values)) != len(values):
        raise PydanticCustomError("repeated", "names something twice; each once")
    return values


def some_each_once(values: tuple[_T, ...]) -> tuple[_T, ...]:
    if not values:
        raise PydanticCustomError("nothing", "is empty; something in it")
    return each_once(values)


Text = str | dict[str, str]
LocalText = Annotated[Text, BeforeValidator(_text)]
Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
]
Slug = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z][a-z0-9]*(-[a-z0-9]+)*$")]
Key = Annotated[str, StringConstraints(max_length=40, pattern=r"^[a-z][a-z0-9]*([_-][a-z0-9]+)*$")]
CategoryName = Annotated[str, StringConstraints(max_length=120, pattern=r"^[a-z_]+(\.[a-z_]+)*$")]
Country = Annotated[str, StringConstraints(pattern=r"^[A-Z]{2}(-[A-Z0-9]{1,3})?$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")]
Count = Annotated[int, Field(ge=1, le=100_000, strict=True)]


def say(text: Text, language: str) -> str:
    """The text in that language, else in English, else in the first one (by name) that there is."""
    if isinstance(text, str):
        return text
    wanted = (language, re.split("[-_]", language, maxsplit=1)[0], "en")
    return text[next((one for one in wanted if one in text), min(text))]


class Data(BaseModel):
    """Frozen, and a key that nobody knows is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)


UNITS = ("hours", "days", "working_days", "weeks", "months", "years")


class Span(Data):
    """A length of time in exactly one unit."""

    hours: Count | None = None
    days: Count | None = None
    working_days: Count | None = None
    weeks: Count | None = None
    months: Count | None = None
    years: Count | None = None

    @model_validator(mode="after")
    def _one_unit(self) -> Self:
        if sum(getattr(self, unit) is not None for unit in UNITS) != 1:
            raise PydanticCustomError("one_unit", "needs exactly one length; one of " + ", ".join(UNITS))
        return self

    @property
    def unit(self) -> str:
        return next(unit for unit in UNITS if getattr(self, unit) is not None)

    @property
    def count(self) -> int:
        return int(getattr(self, self.unit))


class AtOnce(Span):
    """No time at all: what the law wants done at once."""

    days: Literal[0] = 0


class Period(Span):
    """A time to answer in, counted from a fact of the case."""

    from_: Literal["received", "duly_executed"] = Field(default="received", alias="from")

    @model_validator(mode="after")
    def _ends_on_a_day(self) -> Self:
        if self.hours is not None:
            raise PydanticCustomError(
                "no_hours", "is in hours, and an answer is due on a day; days, working_days, weeks, months or years"
            )
        return self


def covers(prefix: str, category: str) -> bool:
    """Whether a rule for `prefix` holds for `category`: user.contact covers user.contact.email, not user.contacts."""
    return category == prefix or category.startswith(prefix + ".")


class Proof(Data):
    """One way that suffices: all of these together."""

    all_of: Annotated[tuple[Way, ...], AfterValidator(some_each_once)]

    @model_validator(mode="before")
    @classmethod
    def _one_alone(cls, value: object) -> object:
        return {"all_of": [value]} if isinstance(value, str) else value
