"""The supervisory authorities that people can complain to (Art. 77), as one list gives them."""

from datetime import date
from typing import Annotated, Literal

from pydantic import StringConstraints

from app.domain.policy_values import Country, Data, Line

Scope = Literal["eu", "eea", "eu-regional", "eu-institutions", "uk", "ru", "us-ca", "br"]
Website = Annotated[str, StringConstraints(pattern=r"^https://[\w.-]+(/\S*)?$")]


class Authority(Data):
    """A supervisory authority. `country` names its country in English, a region of one in brackets behind it.

    `source`: where the row comes from; `checked`: when somebody last saw that the page is its own, if anybody did.
    `wants`: what it asks of a complaint; one without a `website` has none that is known.
    """

    code: Country
    country: Line
    name: Line
    local_name: Line
    website: Website | Literal[""] = ""
    scope: Scope
    source: Line
    checked: date | None = None
    wants: Literal["asked_first"] | None = None

    @property
    def region(self) -> str:
        """The part of a country for which it is there; empty where that is the whole."""
        return self.country.partition(" (")[2].removesuffix(")")

    def called(self, language: str) -> str:
        """Its English name for whoever reads English; for all others the name that it has itself."""
        letters = " " not in self.local_name and sum(one.isupper() for one in self.local_name) > 1
        if language == "en" or letters:  # letters alone, such as CNIL, tell nobody what it is
            return self.name if self.local_name in self.name else f"{self.name} ({self.local_name})"
        return self.local_name
