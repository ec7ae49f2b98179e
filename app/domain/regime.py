"""What a law asks, as data: its rights with their periods, grounds and mandatory elements, and the ways to complain."""

from datetime import date
from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from app.domain.policy_values import Country, Data, Key, Line, LocalText, Period, RightName


class Ground(Data):
    """A reason that the law lets stand, or a right that it names, in plain words."""

    title: LocalText
    article: Line
    explanation: LocalText


class Element(Data):
    """Something that an answer must contain, or say that it does not apply."""

    key: Key
    title: LocalText
    article: Line


class RegimeRight(Data):
    """One right as the law gives it."""

    title: LocalText
    article: Line
    explanation: LocalText
    respond_within: Period
    period_article: Line
    counted_by: Literal["eu_1182_71"]
    refusal_grounds: dict[Key, Ground]
    answer_must_contain: tuple[Element, ...]


class Authority(Data):
    """A supervisory authority."""

    name: Line
    local_name: Line
    website: Annotated[str, StringConstraints(pattern=r"^https://[\w.-]+(/\S*)?$")]


class Complaint(Data):
    """The complaint to a supervisory authority, and which one leads in which country."""

    article: Line
    explanation: LocalText
    authorities: dict[Country, Authority]

    def lead(self, country: str) -> Authority | None:
        """The authority of the controller's region, else of its country."""
        return self.authorities.get(country) or self.authorities.get(country.partition("-")[0])


class Court(Data):
    """The way to a court."""

    article: Line
    explanation: LocalText


class Regime(Data):
    """A law as the portal runs it; a case keeps the version under which it was filed."""

    key: Key
    version: Annotated[int, Field(ge=1, strict=True)]
    holds_from: date
    title: LocalText
    rights: dict[RightName, RegimeRight]
    other_rights: dict[RightName, Ground] = Field(default_factory=dict)  # to be named in answers, Art. 15(1)(e)
    refusal_article: Line  # which article asks for reasons, complaint and court in every refusal
    complaint: Complaint
    court: Court
