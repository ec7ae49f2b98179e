"""A complaint to the organisation itself (UK Data Protection Act 2018, s. 164A): a case of its own beside the one that
it is about, with its own clock, by somebody who is known already."""

from app.domain.errors import Refused
from app.domain.identity import new_reference
from app.models.cases import Case, Identity
from app.queries.policies import Policy, current
from app.queries.reading import identities_of, identity_digest, personal_of
from app.services import letters, representation
from app.services.casework import advance, record_fact
from app.work import Work

RIGHT = "complaint"


def complain(work: Work, case: Case, *, complaint: str) -> str:
    """File the complaint in the same submission, and give its reference; the person gets a confirmation that it
    arrived."""
    policy = current(work)
    if case.data_key is None or RIGHT not in policy.regime.rights:
        raise Refused("A complaint about this request goes to the supervisory authority.")
    row = _opened(work, case, policy)
    details = {"about": case.reference, "wish": complaint}
    said = {"name": personal_of(work, case)["name"], "details": details, "grounds": [], "items": []}
    row.personal = work.seal_for(row, said, place="personal")
    for known, value in identities_of(work, case):
        work.session.add(
            Identity(
                case_id=row.id,
                kind=known.kind,
                value=work.seal_for(row, value, place=f"identity/{known.kind}"),
                digest=identity_digest(work, known.kind, value),
                proven_by=known.proven_by,
                proven_at=known.proven_at,
            )
        )
    representation.carry_over(work, case, row)
    record_fact(work, row, "received")
    work.audit(
        "case:filed",
        case=row,
        facts={
            "right": RIGHT,
            "channel": row.channel,
            "policy_version": policy.number,
            "regime_version": policy.regime.version,
            "received_at": row.received_at.isoformat(),
            "about": case.reference,
        },
    )
    advance(work, case, "complain", facts={"complaint": row.reference})
    letters.acknowledge(work, row)
    return row.reference


def _opened(work: Work, case: Case, policy: Policy) -> Case:
    row = Case(
        reference=new_reference(),
        submission=case.submission,
        right=RIGHT,
        status="open",
        policy_version_id=policy.version_id,
        regime_version=str(policy.regime.version),
        language=case.language,
        channel="web" if work.actor.kind == "person" else "desk",
        capacity=case.capacity,
        personal=b"",
        received_at=work.now,
        filed_at=work.now,
    )
    work.give_key(row)
    work.session.add(row)
    work.flush()
    return row
