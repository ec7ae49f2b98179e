"""From which age somebody decides alone (Art. 8; R-4, I-5): country by country, the stricter of law and promise, and
the day on which a child comes of age."""

from datetime import date

import pytest

from app.domain.ages import ByCountry, birthday, is_under, strictest
from app.domain.representation import stands
from app.policies.loader import load_regimes

TODAY = date(2026, 11, 23)
SOFTFIRM = {"EU": 16, "US": 13}


@pytest.mark.parametrize(
    ("regime", "country", "age"),
    [
        ("gdpr", "LV", 13), ("gdpr", "BG", 14), ("gdpr", "RO", 16), ("gdpr", "DE", 16), ("uk_gdpr", "GB-ENG", 13),
        ("ccpa", "US-CA", 13), ("ru_152fz", "RU", 14), ("lgpd", "BR", 12),
    ],
)  # fmt: skip
def test_each_law_has_its_ages(regime: str, country: str, age: int) -> None:
    ages = load_regimes()[regime].ages
    assert (ages.alone.at(country), ages.of_age.at(country)) == (age, 18)


@pytest.mark.parametrize(
    ("country", "promise", "age"),
    [("LV", SOFTFIRM, 16), ("LV", {}, 13), ("RO", {"US": 13}, 16), ("BG", {"BG": 18}, 18)],
)
def test_the_strictest_of_law_and_promises_counts(country: str, promise: dict[str, int], age: int) -> None:
    """R-4: 16 in the EU, although Latvia's law says 13. The law's own age stays where the promise is lower."""
    assert strictest(load_regimes()["gdpr"].ages, promise, country) == age


def test_a_part_of_a_country_may_have_an_age_of_its_own() -> None:
    ages = ByCountry(otherwise=16, countries={"GB": 13, "GB-SCT": 12})
    assert [ages.at(place) for place in ("GB-SCT", "GB-ENG", "FR")] == [12, 13, 16]


@pytest.mark.parametrize(
    ("born_on", "day"),
    [
        (date(2008, 11, 23), date(2026, 11, 23)),
        (date(2008, 2, 29), date(2026, 3, 1)),
        (date(2008, 2, 28), date(2026, 2, 28)),
    ],
)
def test_the_day_on_which_a_child_comes_of_age(born_on: date, day: date) -> None:
    assert birthday(born_on, 18) == day
    assert is_under(born_on, 18, day.replace(day=day.day - 1) if day.day > 1 else date(2026, 2, 28))
    assert not is_under(born_on, 18, day)


@pytest.mark.parametrize(
    ("revoked", "ends_on", "holds"),
    [(False, None, True), (False, TODAY, True), (False, date(2026, 11, 22), False), (True, None, False)],
)
def test_whether_somebody_still_acts(revoked: bool, ends_on: date | None, holds: bool) -> None:
    assert stands(revoked=revoked, ends_on=ends_on, today=TODAY) is holds
