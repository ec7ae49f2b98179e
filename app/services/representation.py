"""Acting for somebody else (LAW 6; Art. 8, 12(2), 80): a guardian or an agent is written down with what they may do,
their authority is accepted or taken back, and the person is told at a contact of their own."""

from datetime import date, timedelta

from sqlalchemy import select

from app.domain import representation as rules
from app.domain.errors import NotFound, Refused, TooMany
from app.domain.filing import Filing
from app.domain.messages import Message
from app.domain.permissions import can
from app.domain.representation import A_DAY, A_MONTH, Room, room_of
from app.models.cases import Case, Code, Identity
from app.models.proof import Representation
from app.queries import representation as known
from app.queries.policies import Policy, local_day
from app.queries.reading import facts_of, identity_digest, load
from app.services.casework import advance
from app.work import Work


def room(policy: Policy, today: date) -> Room:
    """Who may ask for whom under this policy on that day."""
    capacities = {name: policy.right(name).capacities for name in policy.forms}
    return room_of(capacities, policy.regime.ages, policy.file.controller.country, today)


def check_count(work: Work, filing: Filing) -> None:
    """Nobody harvests the data of many people by acting for them all. What staff take in themselves is not counted."""
    told = filing.representation
    if told is None or not told.email or not filing.by_themselves:
        return
    digest = identity_digest(work, "email", told.email)
    wanted = len(filing.rights)
    for most, length in ((A_DAY, timedelta(days=1)), (A_MONTH, timedelta(days=30))):
        if known.filed_by(work, digest, since=work.now - length) + wanted > most:
            one = "From this address %(count)s request was made for others lately. Try again later."
            many = "From this address %(count)s requests were made for others lately. Try again later."
            raise TooMany(Message(one, {"count": most}, many), retry_after=86400)


def write_down(work: Work, policy: Policy, case: Case, filing: Filing) -> None:
    """Who acts, as what and until when, beside the case; their address, which is written to and never searched for."""
    told = filing.representation
    if told is None:
        return
    today = local_day(work.now, policy.file.controller.timezone)
    said = {
        "name": told.name, "stands_as": told.stands_as, "organisation": told.organisation, "born_on": told.born_on,
        "post": told.post, "statement": told.statement,
    }  # fmt: skip
    digest = identity_digest(work, "email", told.email) if told.email else b""
    work.session.add(
        Representation(
            case_id=case.id,
            kind=filing.capacity,
            personal=work.seal_for(case, said, place="representation"),
            contact_digest=digest,
            scope=list(dict.fromkeys((*told.scope, *filing.rights))),
            filed_at=work.now,
            ends_on=rules.last_day(filing.capacity, told, room(policy, today)),
            accepted_at=work.now if filing.proof else None,
            answer_to="subject",
        )
    )
    if told.email:
        sealed = work.seal_for(case, told.email, place=known.EMAIL_PLACE)
        work.session.add(Identity(case_id=case.id, kind="email", value=sealed, digest=digest, of="representative"))


def carry_over(work: Work, case: Case, onto: Case) -> None:
    """A request that comes out of another one is made by the same person with the same authority."""
    row = known.row_of(work, case)
    if row is None:
        return
    copied = Representation(
        case_id=onto.id,
        personal=work.seal_for(onto, known.told(work, case), place="representation"),
        **{name: getattr(row, name) for name in _COPIED},
    )
    copied.scope = list(dict.fromkeys((*row.scope, onto.right)))
    work.session.add(copied)
    if (email := known.address_of_representative(work, case)) is not None:
        sealed = work.seal_for(onto, email, place=known.EMAIL_PLACE)
        one = Identity(case_id=onto.id, kind="email", value=sealed, digest=row.contact_digest, of="representative")
        one.proven_by, one.proven_at = "email_code", work.now
        work.session.add(one)


_COPIED = (
    "kind", "contact_digest", "filed_at", "ends_on", "cosigned_at", "accepted_at", "answer_to", "revoked_at",
    "revoked_by",
)  # fmt: skip


def accepted(work: Work, case: Case, *, answer_to: str) -> None:
    """Staff saw the authority: from now on it counts, to the day on which it ends. The answer goes to the person unless
    the authority covers receiving it."""
    row = known.row_of(work, case)
    if row is None:
        raise Refused("Nobody acts for somebody else in this request.")
    if known.standing(work, case) is None:
        raise Refused("This authority has ended or was taken back. It can be accepted no more.")
    row.accepted_at = row.accepted_at or work.now
    row.answer_to = answer_to or "subject"


def cover_answer(work: Work, reference: str, *, note: str) -> None:
    """Staff record that the authority covers receiving the answer, and what shows it."""
    case = load(work, reference)
    if not can(work.actor, "case:accept_proof", facts_of(case)):
        raise NotFound
    row = known.standing(work, case)
    if row is None or row.accepted_at is None:
        raise Refused("Accept the authority first.")
    row.answer_to = "representative"
    case.version += 1
    work.audit("representation:covers_answer", case=case, personal={"note": note})


def check_scope(work: Work, case: Case, right: str) -> None:
    """A request is not turned into one for which its maker has no mandate."""
    row = known.row_of(work, case)
    if row is not None and row.kind == "agent" and right not in row.scope:
        raise Refused("The mandate does not cover this right. Ask the person, or the agent for a wider mandate.")


def revoke(work: Work, case: Case, *, note: str = "") -> None:
    """From now on nobody acts for the person here: whoever did is let into nothing of the case any more."""
    if known.standing(work, case) is None:
        raise Refused("Nobody acts for somebody else in this request any more.")
    by = "staff"
    if work.actor.kind == "person":
        by = "representative" if case.reference in work.actor.representing else "subject"
    end(work, case, by=by)
    advance(work, case, "revoke_representation", facts={"by": by}, personal={"note": note} if note else None)


def end(work: Work, case: Case, *, by: str) -> None:
    """The mark itself; codes that are on their way to who acted open nothing; the person is told at their own contact,
    if there is one."""
    row = known.standing(work, case)
    if row is None:
        return
    row.revoked_at, row.revoked_by = work.now, by
    for code in work.session.scalars(select(Code).where(Code.case_id == case.id, Code.used_at.is_(None))):
        code.used_at = work.real_now
    work.flush()
    if by != "subject" and known.known_contact(work, case) is not None:
        work.enqueue("mail", case=case, template="representation-ended")
