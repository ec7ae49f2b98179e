"""From which age somebody decides alone (Art. 8 GDPR): what laws say country by country, what an organisation promises
beyond it, and when a child comes of age."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated

from dateutil.relativedelta import relativedelta
from pydantic import AfterValidator, Field

from app.domain.citing import Article
from app.domain.policy_values import Country, Data, Line

Age = Annotated[int, Field(ge=1, le=21, strict=True)]


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


def strictest(ages: Ages, promise: Mapping[Country, Age], country: str) -> int:
    """From which age somebody decides alone by an organisation's law and by what it promises beyond it, whatever
    country they live in: where they live need not be asked for that (Art. 5(1)(c))."""
    return max((ages.alone.at(country), *promise.values()))


def birthday(born_on: date, age: int) -> date:
    """The day on which somebody becomes that old; who was born on 29 February on 1 March of a common year."""
    day = born_on + relativedelta(years=age)
    return day if day.day == born_on.day else day + relativedelta(days=1)


def is_under(born_on: date, age: int, today: date) -> bool:
    """Whether somebody is still younger than that."""
    return today < birthday(born_on, age)
