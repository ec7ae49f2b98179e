"""What staff see of two questions: when they were drawn, how often they were tried, how it ended; never an answer."""

from collections.abc import Iterator

import pytest

from tests import questions
from tests.factories import House
from tests.questions import asked
from tests.web.conftest import Browser
from tests.web.desk.conftest import case_url


@pytest.fixture(autouse=True)
def with_questions(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    yield from questions.put_in(monkeypatch)


def test_how_it_went_and_no_answer(dpo: Browser, acme: House) -> None:
    one = asked(acme)
    page = dpo.get(case_url(one.reference))
    assert "Not answered yet" in page.main
    one.answer({"first": "my-guess", "second": "another-guess"})
    one.answer(one.right())
    page = dpo.get(case_url(one.reference))
    assert "Both right" in page.main
    assert "1 time" in page.main
    assert not [word for word in ("guess", "LIEPA", "Called twice", "1 200,00") if word in page.main]


def test_somebody_and_nobody_look_the_same(dpo: Browser, acme: House) -> None:
    pages = []
    for name in ("ana", "nobody-here"):
        one = asked(acme, account=name)
        one.wrong()
        box = dpo.get(case_url(one.reference)).main.partition("Drawn from the systems")[2].partition("Answers are")[0]
        pages.append(box.partition("Asked")[0] + box.partition("Not answered right")[2])
    assert pages[0] == pages[1]


def test_nothing_asked_nothing_shown(dpo: Browser, acme: House) -> None:
    acme.apply()
    page = dpo.get(case_url(acme.in_status("open")))
    assert "Two questions" not in page.main
