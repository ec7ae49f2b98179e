"""Every page there is, in every state that the demo has, one after the other in the window that may see it."""

import re
from collections.abc import Iterator

from tests.journeys.steps import ACCESS, answer_about, answer_form
from tests.journeys.walker import Walker

DESK = "/desk/softmanager/"
STATES = (
    "status=unverified", "status=open", "status=in_progress", "status=in_review", "status=ready", "lateness=overdue",
)  # fmt: skip
OUTCOMES = ("Granted", "Partly granted", "Refused", "No data held")
MOVES = {
    "status=open": ("assign", "refuse", "collect", "approve", "ask_proof", "extend", "quote_fee"),
    "status=unverified": ("accept_proof",), "status=in_review": ("approve", "collect"), "status=ready": ("release",),
}  # fmt: skip
NOWHERE = (
    "/nowhere/", "/c/nobody/", "/c/softmanager/complaint/", "/case/AAAA-AAAA-AAAA/", "/case/nonsense/",
    "/signin/invitation/x/",
)  # fmt: skip


def public_pages(walker: Walker) -> Iterator[str]:
    """What anybody sees."""
    for name, address in {"home": "/", "organisation": "/c/softmanager/", "form": ACCESS, "find": "/case/",
                          "signin": "/signin/", "codes": "/demo/codes/",
                          "complain": "/c/softmanager/complain/?residence=DE-MV&work=IN",
                          "mails": "/demo/mail/"}.items():  # fmt: skip
        walker.open(address)
        yield name
    with walker.page.expect_navigation():
        walker.page.locator('main a[href^="/demo/mail/"]').first.click()
    walker.look()
    yield "mail"
    for number, address in enumerate(NOWHERE):
        walker.open(address)
        yield f"nowhere-{number}"
    walker.open(ACCESS)
    walker.press("Continue")
    yield "form-errors"
    answer_form(walker, name="Bartholomew Featherstonehaugh-Cholmondeley " * 2, email="b@example.com")
    walker.page.get_by_label("Only some of it").check()
    walker.page.get_by_label("What exactly").fill("Donaudampfschifffahrtselektrizitätenhauptbetriebswerk" * 4)
    walker.look()
    yield "form-some"
    walker.press("Continue")
    yield "check"
    yield from _rights(walker)
    walker.open("/case/")
    walker.press("Continue")
    yield "find-errors"


def _rights(walker: Walker) -> Iterator[str]:
    """The form of each right, and its mistakes where there can be some; then several rights together."""
    walker.open("/c/softmanager/")
    links = walker.page.locator(".habeas-picks a").evaluate_all("all => all.map(a => a.pathname)")
    assert len(links) > 10
    for address in links[1:]:
        walker.open(address)
        yield address
    walker.open("/c/softmanager/rectification/")
    walker.press("Add another one")
    walker.press("Continue")
    yield "rectification-errors"
    walker.open("/c/softmanager/several/")
    yield "several"
    walker.page.get_by_label("Have data erased").check()
    walker.press("Continue")
    yield "several-erasure"
    walker.press("Continue")
    yield "several-you"
    answer_about(walker, name="Ana Pop", email="b@example.com")
    walker.press("Continue")
    yield "several-check"


def desk_pages(walker: Walker) -> Iterator[str]:
    """What staff sees, and where each kind of request can be looked at afterwards."""
    for name, query in {"": "", "-filtered": "?status=in_review&lateness=due_soon", "-nothing": "?q=nobody@example.org",
                        "-wrong": "?status=lost", "-mine": "?assignee=me&sort=-received"}.items():  # fmt: skip
        walker.open(DESK + query)
        yield f"queue{name}"
    walker.open("/signin/password/")
    yield "own-password"
    walker.press("Change the password")
    yield "own-password-errors"
    for reference, state in requests(walker):
        walker.open(f"{DESK}cases/{reference}/")
        yield f"case-{state}"
        yield from _moves(walker, reference, state)
    walker.open(f"{DESK}cases/AAAA-AAAA-AAAA/")
    yield "case-unknown"


def _moves(walker: Walker, reference: str, state: str) -> Iterator[str]:
    for move in MOVES.get(state, ()):
        walker.open(f"{DESK}cases/{reference}/moves/{move}/")
        yield f"move-{move}-{state.partition('=')[2]}"
    if state == "status=open":
        walker.open(f"{DESK}cases/{reference}/moves/refuse/")
        walker.press("Read the letter first")
        yield "move-refuse-errors"
        walker.page.locator("[name=ground]").first.check()
        walker.page.get_by_label("Reasons, as the person will read them").fill("It was answered on 2 November.")
        walker.press("Read the letter first")
        yield "move-refuse-letter"
    if state == "status=in_review":
        for number in range(2):
            walker.open(f"{DESK}cases/{reference}/")
            with walker.page.expect_navigation():
                walker.page.locator(".habeas-found a").nth(number).click()
            walker.look()
            yield f"records-{number}"
        walker.press("Withhold the chosen records")
        yield "records-errors"


def requests(walker: Walker) -> list[tuple[str, str]]:
    """One request of the demo in each state: its reference and what state that is."""
    found = []
    for state in STATES:
        walker.page.goto(f"{walker.base}{DESK}?{state}&sort=received")
        found.append((walker.page.locator(".habeas-cases .habeas-reference").first.inner_text(), state))
    walker.page.goto(f"{walker.base}{DESK}?status=closed&sort=received")
    for outcome in OUTCOMES:
        row = walker.page.locator(".habeas-cases tbody tr", has=walker.page.get_by_text(outcome, exact=True)).first
        found.append((row.locator(".habeas-reference").inner_text(), outcome))
    return found


def person_pages(walker: Walker, staff: Walker) -> Iterator[str]:
    """What a person sees of a request in each state; the code comes from the demo's mailbox."""
    for reference, state in requests(staff):
        staff.page.goto(f"{staff.base}{DESK}cases/{reference}/")
        email = re.search(r"\S+@\S+", staff.words)
        assert email, staff.words
        if state in {"status=unverified", "lateness=overdue"}:
            continue
        walker.open(f"/case/{reference}/")
        walker.press("Send me a code")
        yield f"door-{state}"
        page = walker.page.url
        code = walker.mailed_code(email[0])
        walker.open(page)
        walker.page.get_by_label("Code").first.fill(code)
        walker.press("Open my request")
        yield f"status-{state}"
        if walker.page.get_by_role("button", name="Get your data").count():
            walker.press("Get your data")
            yield f"package-{state}"
            walker.press("Download my data")
            yield f"package-errors-{state}"
