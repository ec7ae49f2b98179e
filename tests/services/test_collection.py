"""Finding the person's data (Art. 15): only proven identities seed, a failing system never looks complete, and what
was found survives whatever else happens to the request meanwhile."""

import sqlite3
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from app.connectors.base import Connector, ConnectorFault
from app.domain.errors import NotFound, Refused, Tampered
from app.domain.filing import ProofNote
from app.domain.messages import Message
from app.models.cases import Approval, Identity
from app.models.fulfilment import Collected, Run
from app.queries import history, items
from app.queries.reading import load, spool_key
from app.services import collection, intake, moves, policies, review
from app.services.collection import AUTOMATIC_RETRIES
from tests.factories import ANA, ANAS_ROWS, House, a_filing


def found(house: House, reference: str) -> dict[str, int]:
    return {run.connection: run.found for run in house.view(reference).runs}


def collected(house: House, reference: str) -> dict[str, int]:
    return {f"{row.connection}.{row.collection}": row.rows for row in house.view(reference).collections}


def first_item(house: House, reference: str) -> str:
    with house.reading("dpo") as work:
        return items.items(house.portal, work, reference).rows[0].id


def test_everything_that_hangs_on_the_proven_address_is_found(acme: House) -> None:
    reference = acme.in_status("in_review")
    assert found(acme, reference) == ANAS_ROWS
    assert collected(acme, reference) == {"crm.customers": 1, "crm.notes": 2, "billing.invoices": 2}
    assert acme.events(reference)[-2:] == ["case:collect", "case:collected"]


def test_an_account_name_typed_beside_ones_own_address_yields_nothing(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("in_review", identities={"email": "stranger@example.com", "account_name": "ana"})
    assert found(house, reference) == {"crm": 0, "billing": 0}
    assert collected(house, reference) == {}


def test_a_name_never_seeds(acme_on_sqlite: House) -> None:
    reference = acme_on_sqlite.in_status("in_review", name="Ana Liepa", identities={"email": "stranger@example.com"})
    assert sum(found(acme_on_sqlite, reference).values()) == 0


def test_what_staff_saw_proof_for_seeds(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    filing = a_filing(
        identities={"account_name": "bob"}, channel="post", proof=ProofNote("document_view", "passport seen")
    )
    with house.work("handler") as work:
        reference = intake.file(work, policies.current(work), filing).references[0]
    house.move(reference, "collect")
    assert found(house, reference) == {"crm": 2, "billing": 1}


def test_metacharacters_in_an_identity_are_only_text(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    filing = a_filing(
        identities={"account_name": "ana' OR '1'='1"}, channel="post", proof=ProofNote("document_view", "seen")
    )
    with house.work("handler") as work:
        reference = intake.file(work, policies.current(work), filing).references[0]
    house.move(reference, "collect")
    assert sum(found(house, reference).values()) == 0


def test_without_proof_nothing_is_searched(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("open")
    with house.work() as work:
        for row in work.session.scalars(select(Identity)):
            row.proven_by = row.proven_at = None
    with pytest.raises(Refused, match="proven"):
        house.move(reference, "collect")


def test_a_missing_table_fails_that_run_in_plain_words_and_retry_heals(acme: House) -> None:
    path = acme.portal.environment["ACME_BILLING_URL"].removeprefix("sqlite:///")
    rename(path, "invoices", "invoices_gone")
    reference = acme.in_status("open")
    acme.move(reference, "collect")
    view = acme.view(reference)
    runs = {run.connection: run for run in view.runs}
    assert view.status == "in_progress"
    assert (runs["crm"].state, runs["billing"].state) == ("done", "failed")
    assert "invoices" in str(runs["billing"].error)
    assert "run:failed" in acme.events(reference)
    with pytest.raises(Refused, match="not possible"):
        acme.move(reference, "approve")
    rename(path, "invoices_gone", "invoices")
    acme.move(reference, "collect")
    assert acme.view(reference).status == "in_review"
    assert found(acme, reference) == ANAS_ROWS


def rename(path: str, old: str, new: str) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute(f"ALTER TABLE {old} RENAME TO {new}")
    connection.close()


def test_an_unresolved_address_fails_the_run_without_saying_the_secret(acme_on_sqlite: House) -> None:
    portal = acme_on_sqlite.portal
    environment = {key: value for key, value in portal.environment.items() if key != "ACME_BILLING_URL"}
    house = replace(acme_on_sqlite, portal=replace(portal, environment=environment))
    reference = house.in_status("open")
    house.move(reference, "collect")
    runs = {run.connection: run for run in house.view(reference).runs}
    assert runs["billing"].state == "failed"
    assert "ACME_BILLING_URL" in str(runs["billing"].error)
    assert house.view(reference).status == "in_progress"


def test_a_system_that_is_away_is_tried_again_by_itself_and_not_for_ever(acme_on_sqlite: House) -> None:
    away = True

    def fail() -> None:
        if away:
            raise ConnectorFault(Message("The system could not be reached."), retry=True)

    house = interrupted(acme_on_sqlite, fail)
    reference = house.in_status("open")
    house.move(reference, "collect")
    for _ in range(AUTOMATIC_RETRIES + 2):
        house.clock.advance(timedelta(hours=1))
        house.run()
    assert len(house.jobs("collect")) == 1 + AUTOMATIC_RETRIES
    assert house.view(reference).status == "in_progress"
    house.move(reference, "collect")
    away = False
    house.clock.advance(timedelta(minutes=3))
    house.run()
    assert house.view(reference).status == "in_review"
    assert found(house, reference) == ANAS_ROWS


@dataclass
class Interruption:
    """A connector that lets something happen while the systems are being read."""

    inner: Connector
    then: Callable[[], None]

    def schema(self, dataset: Any) -> Any:
        return self.inner.schema(dataset)

    def open(self, collections: Any) -> Any:
        self.then()
        return self.inner.open(collections)


def interrupted(house: House, then: Callable[[], None]) -> House:
    """The same house, whose billing system takes so long that `then` happens first."""
    connect = house.portal.connect

    def slow(kind: str, url: str) -> Connector:
        inner = connect(kind, url)
        return Interruption(inner, then) if "billing" in url else inner

    return replace(house, portal=replace(house.portal, connect=slow))


def test_assigning_during_the_collection_does_not_throw_away_what_is_found(acme: House) -> None:
    reference = acme.in_status("in_progress")

    def assign() -> None:
        with acme.work("dpo") as work:
            moves.perform(work, reference, "assign", {"assignee": "handler@acme.example.com"})

    interrupted(acme, assign).run()
    view = acme.view(reference)
    assert (view.status, view.assignee) == ("in_review", "Handler")
    assert found(acme, reference) == ANAS_ROWS


def test_refusing_during_the_collection_leaves_nothing_of_it(acme: House) -> None:
    reference = acme.in_status("in_progress")

    def refuse() -> None:
        with acme.work("dpo") as work:
            moves.perform(work, reference, "refuse", {"ground": "rights_of_others", "reason": "Because."})

    interrupted(acme, refuse).run()
    acme.run()
    view = acme.view(reference)
    assert (view.status, view.outcome, view.collections) == ("closed", "refused", ())
    assert acme.objects == {}
    assert all(job.state == "done" for job in acme.jobs())


def test_starting_again_during_the_collection_keeps_the_second_one(acme: House) -> None:
    reference = acme.in_status("in_progress")
    once: list[str] = []

    def again() -> None:
        if not once:
            once.append("done")
            with acme.work("dpo") as work:
                moves.perform(work, reference, "collect", {})

    interrupted(acme, again).run()
    acme.run()
    assert acme.view(reference).status == "in_review"
    assert found(acme, reference) == ANAS_ROWS
    with acme.reading("dpo") as work:
        assert len(items.items(acme.portal, work, reference).rows) == sum(ANAS_ROWS.values())
    assert len(acme.objects) == len(collected(acme, reference))


def test_collecting_again_voids_decisions_approvals_and_objects(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    house.apply(approvers=2)
    reference = house.in_status("in_review")
    old = set(house.objects)
    item = first_item(house, reference)
    with house.work("dpo") as work:
        review.withhold(work, load(work, reference), [item], ground="rights_of_others", reason="Names another person.")
    house.move(reference, "approve")
    house.move(reference, "collect")
    assert not old & set(house.objects)
    with house.reading("dpo") as work:
        assert {row.decision for row in items.items(house.portal, work, reference).rows} == {"include"}
        assert work.session.scalars(select(Approval)).all() == []


def test_the_spool_holds_no_plain_text(acme_on_sqlite: House) -> None:
    acme_on_sqlite.in_status("in_review")
    assert acme_on_sqlite.objects
    for data in acme_on_sqlite.objects.values():
        assert b"called twice" not in data
        assert ANA.encode() not in data


def test_items_page_by_page_are_each_row_once(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("in_review")
    seen: list[str] = []
    cursor = None
    while True:
        with house.reading("handler") as work:
            page = items.items(house.portal, work, reference, cursor=cursor, limit=2)
        seen += [row.id for row in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == sum(ANAS_ROWS.values())


@pytest.mark.parametrize("cursor", ["x", "1", "1-", "1-9999999999999999999999", "9" * 5000 + "-0", "²-1"])
def test_a_page_of_items_that_was_made_up_is_not_there(acme_on_sqlite: House, cursor: str) -> None:
    reference = acme_on_sqlite.in_status("in_review")
    with pytest.raises(NotFound), acme_on_sqlite.reading("handler") as work:
        items.items(acme_on_sqlite.portal, work, reference, cursor=cursor)


def test_after_release_the_spool_cannot_be_opened(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("closed")
    assert house.row(reference).spool_key is None
    assert len(house.objects) == 1  # the package
    with house.reading("dpo") as work:
        assert items.items(house.portal, work, reference).rows == ()
        assert all(row.spooled is None for row in work.session.scalars(select(Collected)))
        assert {row.state for row in work.session.scalars(select(Run))} == {"done"}
    with pytest.raises(Tampered), house.work() as work:
        spool_key(work, load(work, reference))


def test_a_collection_of_a_request_that_went_on_does_nothing(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("in_review")
    with house.work() as work:
        work.enqueue("collect", case=load(work, reference), retries=0)
    before = house.events(reference)
    house.run()
    assert house.events(reference) == before
    assert house.jobs("collect")[-1].state == "done"


def test_how_far_a_search_has_come_is_seen_while_it_goes_on(acme: House, monkeypatch: pytest.MonkeyPatch) -> None:
    reference = acme.in_status("in_progress")
    seen: list[list[tuple[str, str, int]]] = []
    read = collection.collect

    def slowly(*given: Any, progress: Any) -> Any:
        progress({"crm": 41})
        seen.append([(run.connection, run.state, run.found) for run in acme.view(reference).runs])
        return read(*given, progress=progress)

    monkeypatch.setattr(collection, "collect", slowly)
    acme.run()
    assert seen == [[("crm", "running", 41), ("billing", "running", 0)]]
    assert {run.connection: run.found for run in acme.view(reference).runs} == ANAS_ROWS


def test_a_cards_number_is_masked_and_staff_are_told(acme_on_sqlite: House) -> None:  # M-9
    house = acme_on_sqlite
    with sqlite3.connect(house.portal.environment["ACME_CRM_URL"].removeprefix("sqlite:///")) as crm:
        crm.execute("UPDATE notes SET text = 'card 4111 1111 1111 1111, by phone' WHERE id = 1")
    crm.close()
    reference = house.in_status("in_review")
    assert {row.collection: row.cards for row in house.view(reference).collections if row.cards} == {"notes": 1}
    with house.reading("dpo") as work:
        notes = [row for row in items.items(house.portal, work, reference).rows if row.collection == "notes"]
        entry = next(row for row in history.trail(work, reference) if row.event == "case:collected")
    assert notes[0].values["text"] == "card **** **** **** 1111, by phone"
    assert entry.facts["cards"] == 1
