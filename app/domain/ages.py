"""From which age somebody decides alone (Art. 8 GDPR): what laws say country by country, what an organisation promises
beyond it, and when a child comes of age."""

from datetime import date
from typing import Annotated, Final

from dateutil.relativedelta import relativedelta
from pydantic import AfterValidator, Field

from app.domain.citing import Article
from app.domain.policy_values import Country, Data, Line

Age = Annotated[int, Field(ge=1, le=21, strict=True)]

# A promise may be made for all of them at once, under the key EU.
EU: Final = frozenset({
    "AT", "BE", "BG", "CY", "CZ", "DE", "DK", "EE", "ES", "FI", "FR", "GR", "HR", "HU", "IE", "IT", "LT", "LU", "LV",
    "MT", "NL", "PL", "PT", "RO", "SE", "SI", "SK",
})  # fmt: skip


class ByCountry(Data):
    """An age, and where it is another one."""

    otherwise: Age
    countries: dict[Country, Age] = Field(default_factory=dict)

    def at(self, country: str) -> int:
        """The age in that country; a part of one has that of the whole unless it has its own."""
        for place in (country, country.partition("-")[0]):
            if place in self.countries:
                return self.countries[place]
        return self.otherwise


class Ages(Data):
    """`alone`: from when a child's own consent to an online service counts. `of_age`: until when guardians act."""

    article: Annotated[Line, AfterValidator(Article)]
    alone: ByCountry
    of_age: ByCountry = ByCountry(otherwise=18)


def promised(promise: dict[Country, Age], country: str) -> int:
    """From which age an organisation lets somebody there use what it offers; 0 where it promises nothing."""
    whole = country.partition("-")[0]
    places = (country, whole, *(("EU",) if whole in EU else ()))
    return next((promise[place] for place in places if place in promise), 0)


def birthday(born_on: date, age: int) -> date:
    """The day on which somebody becomes that old; who was born on 29 February on 1 March of a common year."""
    day = born_on + relativedelta(years=age)
    return day if day.day == born_on.day else day + relativedelta(days=1)


def is_under(born_on: date, age: int, today: date) -> bool:
    """Whether somebody is still younger than that."""
    return today < birthday(born_on, age)
