"""Filing through the API (Art. 12(2)): by anybody as on the page, by staff for what came on paper or by phone."""

from flask import Response

from app.domain.customers import Company
from app.domain.errors import Forbidden
from app.domain.filing import Filing, ProofNote
from app.domain.permissions import Actor, can
from app.domain.representation import STATEMENTS, Representing
from app.services import intake, policies
from app.services.policies import Policy
from app.web import limits
from app.web.api import bearer
from app.web.api.filing_shapes import FilingBody
from app.web.api.once import once
from app.web.api.operations import Operation, answer, operation
from app.web.api.shapes import FiledAnswer
from app.web.visitor import portal
from app.work import Work

STAFF_ONLY = ("received_at", "channel", "proof")
FILINGS_PER_HOUR = 30
FILE = Operation(
    "POST", "/controllers/{slug}/cases", "file_cases", "File a request: one case for each right", bearer.anyone(),
    status=201, body=FilingBody, answer=FiledAnswer, headers=("Idempotency-Key",),
    problems=(400, 401, 403, 404, 413, 415, 422, 429),
)  # fmt: skip


@operation(FILE)
def file_cases(slug: str, body: FilingBody) -> Response:
    """Without a token the request waits until the person confirms it with the code from the mail."""
    controller_id = policies.find(portal(), slug)
    _check_caller(bearer.caller(), controller_id, body)
    mails = bearer.caller().kind == "staff" or limits.mail_may_go()

    def perform(work: Work) -> dict[str, object]:
        policy = policies.current(work)
        filed = intake.file(work, policy, _filing(body, policy), mails=mails)
        return {"submission": filed.submission, "cases": list(filed.references)}

    return answer(FiledAnswer.model_validate(once(controller_id, perform)), status=201)


def _check_caller(caller: Actor, controller_id: int, body: FilingBody) -> None:
    if caller.kind != "staff":
        if any(getattr(body, name) is not None for name in STAFF_ONLY):
            raise Forbidden("Only staff may say when and how a request came in and what proves a person: use a token.")
        # The same counter as the form's: one way in does not open a second one beside it.
        limits.slow_down("file", limits.network(), limit=FILINGS_PER_HOUR, seconds=limits.HOUR)
        return
    if caller.controller_id != controller_id:
        raise Forbidden("This token belongs to another organisation.")
    if not can(caller, "case:file"):
        raise Forbidden("This token may not file requests: that takes cases:write and a role that handles requests.")


def _representing(body: FilingBody) -> Representing | None:
    told = body.representation
    if told is None:
        return None
    words = STATEMENTS.get(body.capacity)
    given = told.model_dump(exclude={"agrees", "scope"})
    return Representing(**given, scope=tuple(told.scope), statement=str(words) if told.agrees and words else "")


def _filing(body: FilingBody, policy: Policy) -> Filing:
    return Filing(
        rights=tuple(body.rights),
        name=body.name,
        identities=body.identities,
        details=body.details,
        grounds=body.grounds,
        language=body.language or policy.file.controller.language,
        capacity=body.capacity,
        company=Company(body.company.name, body.company.role) if body.company else None,
        representation=_representing(body),
        channel=body.channel or "api",
        received_at=body.received_at,
        proof=ProofNote(body.proof.method, body.proof.note) if body.proof else None,
    )
