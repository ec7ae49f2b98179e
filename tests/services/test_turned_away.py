"""Who is turned away leaves a trace where those who answer for the data look, and fills no trail (S-6)."""

import pytest
from sqlalchemy import select

from app.domain.permissions import ANONYMOUS, Actor
from app.models.ledger import TrailEntry
from app.queries.history import trail
from app.services import turned_away
from app.services.turned_away import EVENT, NOTED_AN_HOUR, Try
from app.web.desk.words import details
from tests.factories import House, person

WHAT = "GET /case/<reference>/moves/<move>/"


def tried(house: House, reference: str, who: Actor = ANONYMOUS) -> None:
    turned_away.note(house.portal, Try(who, WHAT, 404, reference=reference))


def test_it_stands_with_the_request_and_says_who(acme: House, borealis: House) -> None:
    reference = acme.filed()
    callers = (ANONYMOUS, person("AAAA-BBBB-CCCC"), borealis.staff("dpo"),
               Actor("staff", login_id=1, controller_id=1, scopes=frozenset({"cases:read"})))  # fmt: skip
    for who in callers:
        tried(acme, f" {reference.lower()}", who)
    with acme.reading("dpo") as work:
        rows = [row for row in trail(work, reference) if row.event == EVENT]
    assert [row.facts["by"] for row in rows] == ["anonymous", "person", "staff", "program"]
    assert rows[0].facts == {"by": "anonymous", "what": WHAT, "why": 404, "tries": 1}
    assert rows[2].facts["login"] == borealis.staff("dpo").login_id
    words = [str(details(row, {})) for row in rows]
    assert words[0] == "by a stranger, try 1 within an hour"
    assert words[2:] == ["by somebody of staff, try 3 within an hour", "by a program, try 4 within an hour"]


def test_a_flood_fills_no_trail(acme_on_sqlite: House) -> None:
    reference = acme_on_sqlite.filed()
    for _ in range(NOTED_AN_HOUR + 5):
        tried(acme_on_sqlite, reference)
    assert acme_on_sqlite.events(reference).count(EVENT) == NOTED_AN_HOUR


def test_it_is_no_word_of_staff_and_no_line_of_the_person(acme_on_sqlite: House) -> None:
    """A message waits for an answer all the same; the person's timeline does not show it."""
    reference = acme_on_sqlite.in_status("open")
    version = acme_on_sqlite.row(reference).version
    tried(acme_on_sqlite, reference, acme_on_sqlite.staff("auditor"))
    assert EVENT not in [row.event for row in acme_on_sqlite.view(reference, person(reference)).events]
    assert acme_on_sqlite.row(reference).version == version


@pytest.mark.parametrize("reference", ["2222-3333-4444", "nonsense", ""])
def test_what_does_not_exist_is_counted_all_the_same(acme_on_sqlite: House, reference: str) -> None:
    tried(acme_on_sqlite, reference)
    turned_away.note(acme_on_sqlite.portal, Try(ANONYMOUS, WHAT, 404, slug="nobody-of-that-name"))


def test_a_desk_and_a_program_without_a_request(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    turned_away.note(house.portal, Try(house.staff("auditor"), "GET /desk/<slug>/colleagues/", 403, slug="acme"))
    turned_away.note(house.portal, Try(house.staff("auditor"), "GET /api/v1/cases", 403))
    with house.reading() as work:
        rows = work.session.scalars(select(TrailEntry).where(TrailEntry.event == EVENT)).all()
        assert [(row.chain, row.case_id) for row in rows] == [("controller", None)] * 2
