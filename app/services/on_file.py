"""The contact on file is told, and may object (Art. 5(1)(f), 12(6); FIELD, attack 3): nobody is taken for another
person because they know that person's customer number.

The one who asks learns nothing of it. An answer proves, or closes, only the name by which the contact was found; no
answer leaves the other rungs of the ladder as they are.
"""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Final, NamedTuple

from sqlalchemy import func, select

from app.domain.citing import Article
from app.domain.codes import CodeResult, same_code
from app.domain.contacts import masked
from app.domain.errors import NotFound
from app.domain.identity import comparable
from app.domain.permissions import SYSTEM
from app.domain.policy import say
from app.domain.policy_values import Way
from app.domain.representation import KINDS
from app.models.cases import Case, Code, Identity
from app.models.proof import OnFile, ProofStep
from app.portal import Portal
from app.queries.policies import policy_of
from app.queries.reading import address_of, identities_of, identity_digest, load
from app.services import cosigning, ladder, mail_caps, rungs
from app.services.look_up import together, value_of
from app.services.mails import Addressed, post
from app.services.stationery import language_of
from app.services.verification import ON_FILE, asked_together, judge, new_code, newest_code, plain_code
from app.work import Attempt, Work

TEMPLATE: Final = "mail/on-file-notice"
MOST_TOLD: Final = 3
CODES_PER_HOUR: Final = 3
# By these the portal itself would take a name as shown; after an objection only staff can.
CHEAP: Final[tuple[Way, ...]] = ("phone_code", "two_facts")


class Told(NamedTuple):
    """A contact by which one of the requests of a submission was told, or is to be."""

    case: Case
    row: OnFile
    address: str


def announce(portal: Portal, attempt: Attempt) -> None:
    """The job: a code for the contacts on file, and a notice to each that is not the address in the request.

    The code is made where nobody is on file too: whoever types one learns nothing from how it is judged, or how fast.
    """
    again = bool(attempt.arguments.get("again"))
    with portal.work(SYSTEM, attempt.controller_id) as work:
        cases = together(work, attempt.case_id or 0)
        if cases and cases[0].capacity in KINDS:  # the person is asked whether somebody acts for them
            cosigning.begin(work, cases[0])
            work.finish(attempt)
            return
        known = newest_code(work, cases, ON_FILE) if cases else None
        if cases and cases[0].looked_up_at is not None and (again or known is None):
            code = new_code(work, cases[0], ON_FILE)
            for one in _to_tell(work, cases[0]):
                work.enqueue("on_file_notice", case=cases[0], on_file=one.row.id, code=code.id)
        work.finish(attempt)


def _contacts(work: Work, cases: Sequence[Case]) -> list[Told]:
    """Every e-mail address on file for these requests."""
    by_id = {case.id: case for case in cases if case.data_key is not None}
    rows = work.session.scalars(
        select(OnFile).where(OnFile.case_id.in_(by_id), OnFile.kind == "email").order_by(OnFile.id)
    )
    return [Told(by_id[row.case_id], row, value_of(work, by_id[row.case_id], row)) for row in rows]


def _to_tell(work: Work, case: Case) -> list[Told]:
    """One row for each address on file that has not answered, of names under which the address in the request is not on
    file too."""
    named = [value for row, value in identities_of(work, case) if row.kind == "email"]
    given = {comparable("email", value) for value in (*named, address_of(work, case)) if value is not None}
    on_file = [(comparable("email", one.address), one) for one in _contacts(work, [case])]
    known = {"email"} | {one.row.claimed for address, one in on_file if address in given}
    found: dict[str, Told] = {}
    for address, one in on_file:
        if one.row.answer is None and one.row.claimed not in known:
            found.setdefault(address, one)
    return list(found.values())[:MOST_TOLD]


def notify(portal: Portal, attempt: Attempt) -> None:
    """The job: tell one contact on file, if they still have something to say and were not told too often today."""
    with portal.reading(SYSTEM, attempt.controller_id) as work:
        cases = together(work, attempt.case_id or 0)
        found = [one for one in _contacts(work, cases) if one.row.id == attempt.arguments["on_file"]]
        waiting = [one for one in found if one.row.answer is None and one.case.status != "closed"]
        letters = [_gather(portal, work, cases, one, code_id=attempt.arguments["code"]) for one in waiting]
    goes = [one for one in letters if attempt.number > 1 or mail_caps.may_tell(portal, str(one.to))]
    for one in goes:
        post(portal, attempt, one, template=TEMPLATE)
    with portal.work(SYSTEM, attempt.controller_id) as work:
        cases = together(work, attempt.case_id or 0)
        for one in goes:
            _note_told(work, attempt, cases, str(one.to))
        if len(goes) < len(letters):
            work.audit("mail:held_back", case=cases[0], facts={"mail": "on-file-notice", "job": attempt.job_id})
        work.finish(attempt)


def _note_told(work: Work, attempt: Attempt, cases: Sequence[Case], address: str) -> None:
    for one in _contacts(work, cases):
        if comparable("email", one.address) == comparable("email", address):
            one.row.told_at = one.row.told_at or work.now
    for case in cases:
        work.audit("contact:told", case=case, facts={"job": attempt.job_id})


def _gather(portal: Portal, work: Work, cases: Sequence[Case], one: Told, *, code_id: int) -> Addressed:
    """What the notice says. Nothing that the one who asks has typed: it would be their words in our mail."""
    policy = policy_of(work, one.case)
    controller, language = policy.file.controller, language_of(one.case.language, policy.file)
    code = work.session.scalars(select(Code).where(Code.id == code_id)).one()
    given = address_of(work, one.case)
    rights = [policy.right(case.right) for case in cases]
    return Addressed(
        to=one.address,
        language=language,
        controller=controller,
        context={
            "controller": controller,
            "rights": [(say(right.title, language), Article(right.article)) for right in rights],
            "reference": one.case.reference,
            "received_at": one.case.received_at,
            "timezone": controller.timezone,
            "from_address": masked("email", given) if given else None,
            "code": plain_code(work, code, to=identity_digest(work, "email", one.address)),
            "on_file_url": f"{portal.settings.base_url}/case/{one.case.reference}/on-file/",
            "base_url": portal.settings.base_url,
        },
    )


def ask_again(work: Work, reference: str) -> None:
    """Another code for the contacts on file. What there is to it is looked at afterwards, and nothing is said."""
    try:
        case = load(work, reference)
    except NotFound:
        return
    codes = select(Case.id).where(Case.submission == case.submission).scalar_subquery()
    recent = work.session.scalars(
        select(func.count(Code.id)).where(
            Code.case_id.in_(codes), Code.purpose == ON_FILE, Code.created_at > work.real_now - timedelta(hours=1)
        )
    ).one()
    if recent < CODES_PER_HOUR:
        work.enqueue(ON_FILE, case=case, again=True)


def answer(work: Work, reference: str, typed: str, *, mine: bool) -> CodeResult:
    """Whoever reads the mail of the contact on file says whether the request is theirs.

    A wrong code is WRONG however many were typed: the page counts them, for requests without such a code too.
    """
    cases = [case for case in asked_together(work, reference) if case.data_key is not None]
    code = newest_code(work, cases, ON_FILE) if cases else None
    told = [one for one in _contacts(work, cases) if one.row.told_at is not None] if cases else []
    digits = {one.address: _digits(work, code, one.address) for one in told} if code is not None else {}
    theirs = {address for address, expected in digits.items() if same_code(typed, expected)}
    before = code.attempts if code is not None else 0
    result = judge(work, code, right=bool(theirs))
    if code is not None and not theirs:
        if code.attempts > before:  # once it is used up, who goes on typing fills no trail
            work.audit("code:failed", case=cases[0], facts={"purpose": ON_FILE, "tries": code.attempts})
        return CodeResult.WRONG
    if result.accepted:
        for case in cases:
            _note_answer(work, case, [one for one in told if one.case is case and one.address in theirs], mine=mine)
    return result


def _digits(work: Work, code: Code, address: str) -> str:
    return plain_code(work, code, to=identity_digest(work, "email", address))


def _note_answer(work: Work, case: Case, answered: Sequence[Told], *, mine: bool) -> None:
    fresh = [one.row for one in answered if one.row.answer is None]
    if not fresh or case.status == "closed":
        return
    for row in fresh:
        row.answer, row.answered_at = "mine" if mine else "not_mine", work.now
    work.flush()
    claimed = {row.claimed for row in fresh}
    work.audit("contact:agreed" if mine else "contact:objected", case=case, facts={"identities": sorted(claimed)})
    if not mine:
        _object(work, case, claimed)
    elif shown := sorted(claimed - _doubtful(work, case)):
        ladder.show(work, case, "email_code", identities=shown, facts={"contact": "on_file"})


def _doubtful(work: Work, case: Case) -> set[str]:
    """Names that prove nothing by a contact: several people share them in one system, or somebody else objected."""
    rows = work.session.scalars(select(OnFile).where(OnFile.case_id == case.id, OnFile.kind == "email")).all()
    places = [(row.claimed, row.connection) for row in rows]
    shared = {claimed for claimed, connection in places if places.count((claimed, connection)) > 1}
    return shared | {row.claimed for row in rows if row.answer == "not_mine"}


def _object(work: Work, case: Case, claimed: Collection[str]) -> None:
    """What the portal would accept by itself is closed, and no longer counts where it did: whoever really is that
    person shows it to staff. What the next rung is, is asked for without a word of why."""
    asked = ladder.standing(work, case).asked
    _take_back(work, case, claimed)
    for way in CHEAP:
        if way == asked:
            ladder.close(work, case, way, facts={"contact": "on_file"})
        else:
            rungs.shut(work, case, way, facts={"contact": "on_file"})
    work.flush()
    ladder.settle(work, case)


def _take_back(work: Work, case: Case, claimed: Collection[str]) -> None:
    """What the portal accepted for these names, also where another contact on file had said yes: a no is always
    heard, whoever answers first."""
    ways = (*CHEAP, "email_code")
    names = select(Identity).where(
        Identity.case_id == case.id, Identity.kind.in_(claimed), Identity.proven_by.in_(ways)
    )
    for name in work.session.scalars(names).all():
        name.proven_by = name.proven_at = None
    steps = select(ProofStep).where(ProofStep.case_id == case.id, ProofStep.way.in_(ways))
    for step in work.session.scalars(steps).all():
        step.shown_at = step.shown_to_id = None
