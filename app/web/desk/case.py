"""One case: what was asked and by whom, how the time stands, what was found, what may be done, what was done."""

from functools import partial

from flask import request
from flask.typing import ResponseReturnValue

from app.domain import call_backs, mail_checks
from app.domain import evidence as evidence_words
from app.domain.ladder import LADDER
from app.domain.lifecycle import Move
from app.domain.permissions import can
from app.queries import (
    cases,
    contacts,
    conversation,
    evidence,
    history,
    official_letter,
    policies,
    proof,
    signed_form,
    two_facts,
)
from app.queries.cases import CaseView
from app.queries.official_letter import OfficialLetter
from app.queries.proof import Standing
from app.queries.reading import load
from app.services import triage
from app.web.desk.blueprint import blueprint
from app.web.desk.forms import CoversForm, FilesForm, MessageForm
from app.web.desk.place import controller_id, desk_of, show
from app.web.desk.words import CHANNELS, DONE, details, kinds_of_data, move_words, next_move
from app.web.forms import Form
from app.web.guard import staff
from app.web.language import language
from app.web.transaction import reading
from app.web.visitor import actor


@blueprint.get("/desk/<slug>/cases/<reference>/", endpoint="case")
@staff("case:view")
def case_page(slug: str, reference: str) -> ResponseReturnValue:
    """The page of a case; NotFound for an unknown and a foreign reference alike."""
    return page(slug, reference)


def page(
    slug: str, reference: str, *, writes: Form | None = None, sends: Form | None = None, covers: Form | None = None
) -> str:
    """The same; `writes` is a message with a fault, `sends` files with one, `covers` a note with one."""
    with reading(controller_id()) as work:
        place, case = desk_of(work, slug), cases.view(work, reference)
        people = {login.id: login for login in triage.handlers(work)}
        trail = history.trail(work, reference) if can(actor(), "case:trail") else ()
        names = {number: login.name for number, login in people.items()}
        messages = conversation.thread(work, reference)
        files = evidence.files_of(work, reference)
        me = people.get(place.me.login_id or 0)
        my_email = me.email if me is not None else None
        stands = proof.standing_of(work, reference)
        paper = signed_form.form_of(work, load(work, reference, lock=False))
        official = official_letter.look(work, reference)
        on_file = contacts.contacts_of(work, reference)
        pinned = policies.pinned(work, case.policy_version, case.regime_version)
        facts = two_facts.facts_view(work, reference, pinned, language=language())
    search_first = bool(pinned.offer(case.right).approvers > 1 and pinned.file.connections)
    onward = _letter_first(case, official) or next_move(case, search_first=search_first)
    return show(
        "case.html",
        place,
        case=case,
        trail=[(row, details(row, names)) for row in reversed(trail)],
        onward=onward,
        others=[move for move in case.moves if move is not onward],
        take_over=my_email if _may_take(case, my_email) else None,
        messages=messages,
        may_answer=can(actor(), "case:message"),
        form=sends or writes or covers or MessageForm.of_request(),
        writes=(writes or MessageForm.of_request()) if can(actor(), "case:message") else None,
        files=files,
        sends=(sends or FilesForm.of_request()) if _may_send(case) else None,
        may_open=can(actor(), "evidence:open"),
        evidence_words=evidence_words,
        standing=stands,
        paper=paper,
        facts=facts,
        official=official,
        mail_words=mail_checks,
        call_words=call_backs,
        contacts=on_file,
        desk_ways=[way for way in LADDER if way in _ways_of(case, stands)],
        covers=(covers or CoversForm.of_request()) if _may_cover(case) else None,
        done=DONE.get(request.args.get("done", "")),
        move_words=move_words,
        channels=CHANNELS,
        kinds=partial(kinds_of_data, place.policy.file),
    )


def _letter_first(case: CaseView, official: OfficialLetter | None) -> Move | None:
    """As long as nobody on file has confirmed a company's letter, that is what comes next."""
    if official is None or official.last == "confirmed":
        return None
    wanted = "call_back" if official.registered else "record_contact" if official.may_record else ""
    return next((move for move in case.moves if move.name == wanted), None)


def _ways_of(case: CaseView, stands: Standing) -> set[str]:
    """The rungs that have something to say: what is asked for, what was shown, and who acts for whom."""
    acting = {"representative"} if case.represented else set()
    return {rung.way for rung in stands.rungs} | {stands.asked or ""} | acting


def _may_cover(case: CaseView) -> bool:
    """Whether the reader can record that an authority which was accepted covers receiving the answer."""
    acting = case.represented
    accepted = acting is not None and acting.stands and acting.accepted_at is not None
    return accepted and acting is not None and acting.to_subject and can(actor(), "case:accept_proof")


def _may_send(case: CaseView) -> bool:
    """Whether the reader can add files now."""
    return case.status != "closed" and bool(case.name) and can(actor(), "evidence:send")


def _may_take(case: CaseView, my_email: str | None) -> bool:
    """Whether the reader can take the case over with one button."""
    takes = my_email is not None and case.assignee_email != my_email
    return takes and any(move.name == "assign" for move in case.moves)
