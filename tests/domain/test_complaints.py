"""To which authority a complaint can go: the table of places, laws and seats (G-9; Art. 3(2), 56, 60, 77)."""

from datetime import date

import pytest

from app.domain.clock import Clock
from app.domain.complaints import Asked, Found, Way, find, late_by
from app.policies.loader import load_regimes

REGIMES = load_regimes()


def found(asked: Asked, seat: str = "LV", law: str = "gdpr") -> Found:
    return find(asked, seat=seat, regime=REGIMES[law], others=REGIMES)


def codes(asked: Asked, seat: str = "LV", law: str = "gdpr") -> list[str]:
    """Each authority; a question mark behind one that may not be able to act."""
    return [one.authority.code + "?" * one.perhaps for one in found(asked, seat, law).ways]


def why(way: Way) -> list[str]:
    return [str(one) for one in way.because]


@pytest.mark.parametrize(("asked", "seat", "law", "expected"), [
    # The residence, the work, the place of the infringement, then the one that leads: any of them.
    (Asked("RO", "BG", "EE"), "LV", "gdpr", ["RO", "BG", "EE", "LV"]),
    (Asked("RO"), "BG", "gdpr", ["RO", "BG"]),
    (Asked(work="BG"), "RO", "gdpr", ["BG", "RO"]),
    (Asked("NO"), "LV", "gdpr", ["NO", "LV"]),
    # Nothing said, or at home: the one of the seat.
    (Asked(), "LV", "gdpr", ["LV"]),
    (Asked("LV", "LV", "LV"), "LV", "gdpr", ["LV"]),
    # Regions with authorities of their own; of a region without one, the country's.
    (Asked("DE-BY", "DE"), "LV", "gdpr", ["DE-BY", "DE", "LV"]),
    (Asked("FR-75"), "LV", "gdpr", ["FR", "LV"]),
    (Asked("LV"), "DE-BE", "gdpr", ["LV", "DE-BE"]),
    # Outside of the EEA at an organisation in it.
    (Asked("IN"), "LV", "gdpr", ["LV"]),
    (Asked("GB"), "LV", "gdpr", ["LV", "GB?"]),
    (Asked("GB", "RO"), "LV", "gdpr", ["RO", "LV", "GB?"]),
    (Asked("US"), "LV", "gdpr", ["LV"]),
    (Asked("US-CA"), "LV", "gdpr", ["LV", "US-CA?"]),
    # One law, one authority, wherever the person is; theirs at home may be able to act.
    (Asked("GB"), "GB-ENG", "uk_gdpr", ["GB"]),
    (Asked("GB-SCT"), "GB", "uk_gdpr", ["GB"]),
    (Asked("LV"), "GB", "uk_gdpr", ["GB", "LV?"]),
    (Asked("RU"), "RU", "ru_152fz", ["RU"]),
    (Asked("BG", "RU"), "RU", "ru_152fz", ["RU", "BG?"]),
    (Asked("US-CA"), "US-CA", "ccpa", ["US-CA"]),
    (Asked("US"), "US-CA", "ccpa", ["US-CA"]),
    (Asked("BR"), "BR", "lgpd", ["BR"]),
    (Asked("BR"), "RO", "gdpr", ["RO", "BR?"]),
    # An organisation without a seat in the EEA: nobody leads, and it depends (Art. 3(2)).
    (Asked("RO", "BG"), "US", "gdpr", ["RO?", "BG?"]),
    (Asked("IN"), "US", "gdpr", []),
    (Asked(), "US", "gdpr", []),
])  # fmt: skip
def test_which_authorities_in_which_order(asked: Asked, seat: str, law: str, expected: list[str]) -> None:
    assert codes(asked, seat, law) == expected


def test_each_says_why() -> None:
    ways = found(Asked("RO", "BG", "EE")).ways
    assert [why(one) for one in ways] == [
        ["Where you live: Romania"], ["Where you work: Bulgaria"],
        ["Where you think that the law was broken: Estonia"], ["Where the organisation has its seat: Latvia"],
    ]  # fmt: skip
    assert [one.law.article if one.law else "" for one in ways] == ["", "", "", "Art. 56, 60"]


def test_the_same_authority_is_named_once_with_all_reasons() -> None:
    (only,) = found(Asked("LV", "LV", "LV")).ways
    assert why(only) == [
        "Where you live: Latvia", "Where you work: Latvia", "Where you think that the law was broken: Latvia",
        "Where the organisation has its seat: Latvia",
    ]  # fmt: skip
    assert only.law is not None
    assert only.law.article == "Art. 56, 60"


def test_a_country_without_a_known_authority_is_named() -> None:
    shown = found(Asked("IN", "IN", "US"))
    assert [str(one) for one in shown.without] == ["India", "United States"]
    assert found(Asked("GB", "LV")).without == ()


def test_it_says_on_what_it_depends() -> None:
    """Under Art. 3(2) in the words of that law; where no law of ours says it, ask."""
    (of_home,) = found(Asked("RO"), seat="US").ways
    assert of_home.law is not None
    assert (of_home.law.article, of_home.remarks) == ("Art. 3(2)", found(Asked("RO")).ways[0].remarks)
    british = found(Asked("GB")).ways[1]
    assert british.law is not None
    assert british.law.article == "Art. 3(2)"
    brazilian = found(Asked("BR")).ways[1]
    assert brazilian.law is None
    assert str(brazilian.remarks[0]).startswith("The organisation answers under the law of another country.")


def test_what_an_authority_wants_and_where_regions_have_their_own() -> None:
    german, romanian, latvian = found(Asked("DE", "RO")).ways
    assert "the authority of a region is the right one" in str(german.remarks[0])
    assert found(Asked("DE-BY")).ways[0].remarks == ()
    wants = ["It wants to see that you asked the organisation first."]
    assert [str(one) for one in romanian.remarks] == [str(one) for one in latvian.remarks] == wants


@pytest.mark.parametrize(("clock", "day", "late"), [
    (Clock("running", due=date(2026, 12, 23)), date(2026, 12, 23), 0),
    (Clock("running", due=date(2026, 12, 23)), date(2026, 12, 24), 1),
    (Clock("stopped", due=date(2026, 12, 23)), date(2027, 1, 2), 10),
    (Clock("stopped", due=date(2026, 12, 23)), date(2026, 12, 1), 0),
    (Clock("paused", earliest_due=date(2026, 12, 23)), date(2027, 1, 2), 0),
    (Clock("not_started"), date(2027, 1, 2), 0),
])  # fmt: skip
def test_by_how_many_days_it_is_late(clock: Clock, day: date, late: int) -> None:
    assert late_by(clock, day) == late


@pytest.mark.parametrize("law", sorted(REGIMES))
def test_every_law_names_an_authority_where_its_own_are(law: str) -> None:
    for code in REGIMES[law].complaint.authorities:
        ways = found(Asked(code), seat=code, law=law).ways
        assert [one.authority.code for one in ways] == [code]
        assert not ways[0].perhaps
