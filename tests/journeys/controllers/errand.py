"""One errand at one organisation of the demo: asked for in the browser by somebody at a telephone, moved on at the desk
in another, and whatever was written about it."""

import io
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date

from playwright.sync_api import Page
from pypdf import PdfReader

from app.gateways.speech import speech
from app.queries.cases import CaseView
from tests.journeys.office import Office
from tests.journeys.reader import Reader
from tests.journeys.steps import REFERENCE


@dataclass
class Errand:
    """What somebody wants of the organisation, and how it goes on. `staff` opens a colleague's window."""

    office: Office
    slug: str
    person: Reader
    staff: Callable[..., Reader]
    references: list[str] = field(default_factory=list)
    email: str = ""

    # --- the person

    def open_form(self, right: str) -> Page:
        """From the organisation's page, as people come."""
        self.person.open(f"/c/{self.slug}/")
        return self.person.go(self.person.page.locator(f'.habeas-picks a[href$="/{right}/"]').first)

    def ask(self, right: str, *, name: str, email: str, **answers: str) -> str:
        """Form, check, code, the request's own page; gives the reference. `answers` by the names of the fields."""
        self.open_form(right)
        about = {"name": name, "email": email, "account_name": "", "customer_number": ""}
        self.person.answer("main form", **about, **answers)
        return self.send(email)

    def send(self, email: str) -> str:
        """From the last look at the answers to the request's own page, with the code that was mailed."""
        self.email = email
        self.person.answer("main form")
        found = REFERENCE.search(self.person.words)
        assert found, self.person.words
        self.references.append(found[0])
        self.person.answer("main form", code=self.office.code(email))
        assert self.person.path == f"/case/{found[0]}/", self.person.words
        return found[0]

    def see(self) -> str:
        """The request's own page, as the person has it now: its words."""
        self.person.open(f"/case/{self.reference}/")
        return self.person.words

    # --- the desk

    @property
    def desk(self) -> str:
        """Where the desk has this request."""
        return f"/desk/{self.slug}/cases/{self.reference}/"

    def decide(self, move: str, *, by: str = "dpo", **given: str) -> None:
        """A move in the browser: its page, the letter read first where there is one, and back; then the work is done.

        What is not given is answered with the first choice or with a sentence.
        """
        desk = self.staff(by)
        desk.open(f"{self.desk}moves/{move}/")
        desk.answer("form#answers", **given)
        if "done=" not in desk.page.url:
            desk.go(desk.page.locator("button[name=step][value=send]"))
        assert f"done={move}" in desk.page.url, desk.words
        self.office.work()

    def hand_over(self, *, by: str = "dpo", approver: str = "approver") -> None:
        """Searched, approved by somebody else, released."""
        self.decide("collect", by=by)
        self.decide("approve", by=approver)
        self.decide("release", by=by)

    # --- what came of it

    @property
    def reference(self) -> str:
        return self.references[-1]

    @property
    def case(self) -> CaseView:
        """The case as the data protection officer has it."""
        return self.office.view(self.reference)

    @property
    def found(self) -> dict[str, int]:
        """How many rows of which collection."""
        return {f"{one.connection}.{one.collection}": one.rows for one in self.case.collections}

    def due_is(self, day: date) -> None:
        """The date by which it must be answered, in the case and in the words of the person's page."""
        assert self.case.clock.due == day
        assert speech(self.person.language).day(day) in self.see()

    def closed(self, outcome: str) -> None:
        """It ended like that, and every letter and mail speaks the person's language."""
        assert (self.case.status, self.case.outcome) == ("closed", outcome)
        for mail in self.office.mails(self.email):
            self.person.judge(f"{mail.subject}\n{mail.text}", f"mail {mail.subject}")
        self.letters()

    def letters(self) -> dict[str, str]:
        """The text of each letter that the person can open, by its kind; opened as the person would."""
        page = self.person.get(f"/case/{self.reference}/")
        kinds = {one.id: one.kind for one in self.case.letters}
        read = {}
        for action in page.xpath("//form[contains(@action, '/letter/')]/@action"):
            document = self.person.fetch(action, page)
            self.person.keep_pdf(document)
            text = " ".join(" ".join(one.extract_text() for one in PdfReader(io.BytesIO(document)).pages).split())
            self.person.judge(text, f"letter of {self.reference}")
            read[kinds[action.rpartition("/")[2]]] = text
        return read
