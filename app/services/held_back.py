"""Acknowledgements that were held back because they lacked something the law asks for (Art. 12(2), 12(3)): sent as soon
as they are complete, so that nobody stays without one."""

from sqlalchemy import exists, select

from app.domain.permissions import SYSTEM
from app.models.cases import Case, Letter
from app.models.ledger import TrailEntry
from app.portal import Portal
from app.services import letters


def send_due(portal: Portal, controller_id: int) -> int:
    """The sweep; a request that was answered meanwhile needs none any more."""
    sent = 0
    with portal.work(SYSTEM, controller_id) as work:
        waiting = (
            select(Case)
            .where(Case.status != "closed", Case.data_key.is_not(None))
            .where(
                exists().where(
                    TrailEntry.controller_id == Case.controller_id,
                    TrailEntry.case_id == Case.id,
                    TrailEntry.event == "letter:held_back",
                )
            )
            .where(~exists().where(Letter.case_id == Case.id, Letter.kind == "acknowledgement"))
            .order_by(Case.id)
            .limit(500)
            .with_for_update()
        )
        for case in work.session.scalars(waiting).all():
            if not letters.missing(work, case, "acknowledgement", {}):
                sent += letters.acknowledge(work, case) is not None
    return sent
