"""A small organisation whose data maps hold questions, and a request that waits for their answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from app.domain.facts import FactsResult
from app.domain.permissions import Actor
from app.models.ledger import TrailEntry
from app.models.proof import FactQuestion
from app.queries import two_facts as views
from app.queries.proof import Standing, standing
from app.queries.reading import load
from app.services import facts_drawing, two_facts
from tests import factories
from tests.factories import House, a_filing

PROOF = {"proof: [email_code], approvers": "proof: [{all_of: [email_code, two_facts]}, signed_form], approvers"}
META = """\
    meta:
      two_facts:
        - {field: customers.name, ask: {en: "Which name?", lv: "Kāds vārds?"}}
        - {field: notes.text, ask: {en: "What was noted?", lv: "Kas pierakstīts?"}}
"""
BILLS = """\
    meta:
      two_facts:
        - {field: invoices.total, kind: number, ask: {en: "How much was an invoice?", lv: "Cik bija rēķins?"}}
"""
EVE = "eve@example.net"


def put_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The data maps of the small organisation, with three facts in them, as long as the test goes on."""
    factories._loaded.cache_clear()
    monkeypatch.setattr(factories, "CRM", factories.CRM.replace("    collections:", META + "    collections:", 1))
    monkeypatch.setattr(
        factories, "BILLING", factories.BILLING.replace("    collections:", BILLS + "    collections:", 1)
    )
    yield
    factories._loaded.cache_clear()


RIGHT = {"customers.name": "ana LIEPA", "notes.text": "Called twice!", "invoices.total": "1 200,00"}


@dataclass
class Asked:
    """A request that waits for two answers."""

    house: House
    reference: str

    @property
    def who(self) -> Actor:
        return Actor("person", references=frozenset({self.reference}))

    def questions(self) -> list[FactQuestion]:
        with self.house.reading() as work:
            case = load(work, self.reference, lock=False)
            return list(work.session.scalars(
                select(FactQuestion).where(FactQuestion.case_id == case.id).order_by(FactQuestion.id)
            ))  # fmt: skip

    def right(self) -> dict[str, str]:
        places = [row.place.partition(".")[2] for row in self.questions()]
        return {name: RIGHT[place] for name, place in zip(views.NAMES, places, strict=True)}

    def answer(self, typed: dict[str, str], language: str = "lv") -> FactsResult:
        return two_facts.answer(
            self.house.portal, self.who, self.house.controller_id, self.reference, typed=typed, language=language
        )

    def wrong(self) -> FactsResult:
        return self.answer({"first": "no", "second": "idea"})

    @property
    def standing(self) -> Standing:
        with self.house.reading() as work:
            return standing(work, load(work, self.reference, lock=False))

    def status(self) -> str:
        with self.house.reading() as work:
            return load(work, self.reference, lock=False).status

    def events(self) -> list[str]:
        with self.house.reading() as work:
            case = load(work, self.reference, lock=False)
            return [row.event for row in work.session.scalars(
                select(TrailEntry).where(TrailEntry.case_id == case.id).order_by(TrailEntry.id)
            ) if row.event.startswith("facts:")]  # fmt: skip


def asked(house: House, *, account: str | None = "ana", email: str = EVE, drawn: bool = True, **changes: Any) -> Asked:
    house.apply(changes=PROOF)
    names = {"email": email} | ({"account_name": account} if account else {})
    reference = house.filed(a_filing(identities=names, **changes))
    assert house.confirm(reference).accepted
    if drawn:
        house.run()
        house.clock.advance(facts_drawing.BEAT)
    return Asked(house, reference)
