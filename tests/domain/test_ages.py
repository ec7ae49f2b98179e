"""From which age somebody decides alone (Art. 8; R-4, I-5): country by country, the stricter of law and promise, and
the day on which a child comes of age."""

from datetime import date

import pytest

from app.domain.ages import ByCountry, birthday, is_under, promised
from app.domain.representation import stands, too_young
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


@pytest.mark.parametrize(("country", "age"), [("LV", 16), ("FR", 16), ("US-CA", 13), ("US", 13), ("RU", 0), ("GB", 0)])
def test_a_promise_for_the_whole_union_holds_in_each_of_its_countries(country: str, age: int) -> None:
    assert promised(SOFTFIRM, country) == age


@pytest.mark.parametrize(
    ("country", "born_on", "young"),
    [
        ("LV", date(2010, 11, 24), True), ("LV", date(2010, 11, 23), False), ("US", date(2013, 11, 24), True),
        ("US", date(2013, 11, 23), True), ("US", date(2010, 11, 23), False),
    ],
)  # fmt: skip
def test_the_stricter_of_law_and_promise_counts(country: str, born_on: date, young: bool) -> None:
    """R-4: 16 in the EU, although Latvia's law says 13. The law's own age stays where the promise is lower."""
    ages = load_regimes()["gdpr"].ages
    assert too_young(born_on, TODAY, ages=ages, promise=SOFTFIRM, country=country) is young


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
