"""The queue: what waits, how late, for whom; filters, orders, pages, and words where nothing is found."""

from datetime import timedelta

import pytest

from tests.factories import ANA, START
from tests.web.checker import HTML, words

QUEUE = "/desk/acme/"


def rows(page) -> list[str]:
    """The lines of the table, in words."""
    return [words(row) for body in page.all("tbody") for row in body.iter(HTML + "tr")]


@pytest.fixture
def three(acme) -> dict[str, str]:
    """One late, one due soon, one on time."""
    ago = {"late": 40, "soon": 26, "fine": 2}
    made = {}
    for name, days in ago.items():
        acme.clock.moment = START - timedelta(days=days)
        made[name] = acme.in_status("open")
    acme.clock.moment = START
    return made


def test_the_most_urgent_comes_first_and_lateness_is_said_in_words(handler, three):
    page = handler.get(QUEUE)
    assert [three[name] in row for name, row in zip(("late", "soon", "fine"), rows(page), strict=True)] == [True] * 3
    assert "days late" in rows(page)[0]
    assert "days left" in rows(page)[1]
    assert "nobody" in rows(page)[0]
    assert "1 overdue 1 due within 7 days 3 nobody’s yet" in page.main


FILTERS = {
    "lateness=overdue": {"late"},
    "lateness=due_soon": {"soon"},
    "lateness=on_time": {"fine"},
    "assignee=me": {"soon"},
    "assignee=nobody": {"late", "fine"},
    "assignee=handler@acme.example.com": {"soon"},
    "status=open&right=access": {"late", "soon", "fine"},
    "status=in_review": set(),
    f"q={ANA}": {"late", "soon", "fine"},
    "q=ANA@example.com": {"late", "soon", "fine"},
    "q=ana@example.co": set(),
    "q=Ana": set(),
}


def test_filters(handler, acme, three):
    acme.move(three["soon"], "assign", assignee="handler@acme.example.com")
    for asked, found in FILTERS.items():
        page = handler.get(f"{QUEUE}?{asked}")
        assert {name for name, reference in three.items() if reference in page.main} == found, asked
        assert "Show all" in page.main


def test_a_reference_is_found_however_it_is_typed(handler, three):
    page = handler.get(f"{QUEUE}?q={three['fine'].lower().replace('-', '+')}")
    assert len(rows(page)) == 1
    assert three["fine"] in page.main


def test_orders_are_links_that_say_which_way(handler, three):
    for sort, first in {"due": "late", "-due": "fine", "received": "late", "-received": "fine"}.items():
        page = handler.get(f"{QUEUE}?sort={sort}")
        assert three[first] in rows(page)[0]
        ways = {words(cell).rstrip("↑↓↕"): cell.get("aria-sort") for cell in page.all("th") if cell.get("aria-sort")}
        here = "Due" if sort.endswith("due") else "Received"
        assert ways[here] == ("descending" if sort.startswith("-") else "ascending")


def test_pages_follow_a_cursor_and_keep_the_filter(handler, acme):
    references = {acme.filed() for _ in range(53)}
    page = handler.get(f"{QUEUE}?status=unverified&sort=-received")
    first = {reference for reference in references if reference in page.main}
    assert len(first) == 50
    onward = next(link for link in page.links() if "cursor=" in link)
    assert "status=unverified" in onward
    page = handler.get(QUEUE + onward)
    second = {reference for reference in references if reference in page.main}
    assert second == references - first
    assert "First page" in page.main
    assert "Next page" not in page.main


UNKNOWN = (
    "status=king", "right=immortality", "lateness=never", "assignee=dora@borealis.example.com", "sort=name",
    "cursor=zzz", "cursor=%00", "q=" + "x" * 300, "status=open%00", "lateness=%27%20OR%201=1--",
)  # fmt: skip


def test_what_does_not_exist_is_said_and_all_is_shown(handler, three):
    for asked in UNKNOWN:
        page = handler.get(f"{QUEUE}?{asked}", status=422)
        assert len(rows(page)) == 3, asked
        assert "There is a problem" in page.main


def test_empty_pages_say_what_to_do(handler, acme):
    assert "They appear here when somebody files one" in handler.get(QUEUE).main
    acme.filed()
    assert "Names cannot be searched" in handler.get(f"{QUEUE}?q=Ana+Liepa").main
    assert "Take a filter away" in handler.get(f"{QUEUE}?status=closed").main


def test_typed_search_is_shown_as_typed_and_not_as_markup(handler, acme):
    acme.filed()
    page = handler.get(f"{QUEUE}?q=%3Cscript%3Ealert(1)%3C/script%3E")
    assert page.value("q") == "<script>alert(1)</script>"
    assert "<script>alert" not in page.html


def test_an_administrator_reads_why_there_are_no_cases(desks, acme):
    reference = acme.filed()
    page = desks(acme, "admin").get(QUEUE, status=403)
    assert "Who has the keys need not have the data" in page.main
    assert reference not in page.html


def test_another_organisation_sees_none_of_it(desks, acme, borealis):
    reference = acme.filed()
    page = desks(borealis, "dpo").get("/desk/borealis/")
    assert reference not in page.html
    assert f"q={reference}" not in page.html
    found = desks(borealis, "dpo").get(f"/desk/borealis/?q={reference}")
    assert "Nothing found" in found.main


def test_staff_read_rights_as_nouns_and_the_person_as_sentences(handler, acme):
    reference = acme.in_status("open")
    queue = handler.get("/desk/acme/")
    assert "Access" in queue.main
    case = handler.get(f"/desk/acme/cases/{reference}/")
    assert "Access (Art. 15)" in case.main
    for page in (queue, case, handler.get(f"/desk/acme/cases/{reference}/moves/assign/")):
        assert "Get a copy of your data" not in page.main
    assert "Get a copy of your data" in str(acme.view(reference).right_title), (
        "the API and the person's page keep theirs"
    )
