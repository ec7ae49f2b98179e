"""The desk's own words: how late something is, what a trail entry says, which move comes next."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from typing import Any, Final

from app.domain import call_backs
from app.domain.disclosure import category_facts
from app.domain.labels import PROOF, label
from app.domain.letters import title_of
from app.domain.lifecycle import PACKAGED, Move
from app.domain.messages import Message
from app.domain.policy import ControllerFile
from app.queries.cases import CaseView
from app.queries.history import TrailRow
from app.web.language import language

ROLES: Final = {
    "dpo": Message("Data protection officer"),
    "handler": Message("Case handler"),
    "approver": Message("Approver"),
    "admin": Message("Administrator"),
    "auditor": Message("Auditor"),
}
LATENESS_CHOICES: Final = {
    "overdue": Message("Overdue"),
    "due_soon": Message("Due within 7 days"),
    "on_time": Message("Due later"),
}
CHANNELS: Final = {
    "web": Message("on this portal"),
    "api": Message("from another system"),
    "post": Message("by post"),
    "phone": Message("by phone"),
    "email": Message("by e-mail"),
    "desk": Message("at the desk"),
}
DONE: Final = {
    "evidence": Message("The files are kept with the request."),
    "form_arrived": Message("The form belongs to this request, and is kept with it."),
    "evidence_noted": Message("Your note is kept."),
    "evidence_destroyed": Message("The file and its key are destroyed."),
    "covers": Message("It is recorded: the answer goes to whoever acts for the person."),
    "revoke_representation": Message("Nobody acts for the person any more."),
    "assign": Message("The request is in other hands."),
    "recognise": Message("The request goes on as one for that right."),
    "collect": Message("The search has begun."),
    "approve": Message("You approved the answer."),
    "release": Message("The answer is released, and the person is being told."),
    "refuse": Message("The request is refused. The letter is being sent."),
    "cannot_identify": Message("The request is closed. The letter is being sent."),
    "refer": Message("The request is referred. The letter is being sent."),
    "answer_by_hand": Message("The request is answered. The letter is being sent."),
    "grant": Message("The request is answered. The letter is being sent."),
    "rectify": Message("The request is answered. The letter is being sent."),
    "erase": Message("The request is answered. The letter is being sent."),
    "restrict": Message("The request is answered. The letter is being sent."),
    "ask_proof": Message("The person is being asked for proof."),
    "accept_proof": Message("The proof is accepted."),
    "reject_proof": Message("The person is being told what is missing."),
    "ask_clarification": Message("The person is being asked."),
    "call_back": Message("What they said is recorded."),
    "record_contact": Message("The contact is recorded. Call back there now."),
    "clarify": Message("The answer is recorded."),
    "extend": Message("The time is extended, and the person is being told."),
    "quote_fee": Message("The person is being told what it would cost."),
    "record_fee": Message("The payment is recorded."),
    "withdraw": Message("The request is withdrawn. The letter is being sent."),
    "close": Message("The request is closed, and the person is being told."),
    "lift_restriction": Message("The person is being told from which day the data will be used again."),
    "complain": Message("The complaint is recorded as a request of its own."),
    "reopen": Message("The request is open again, with a new time for its answer."),
    "read": Message("The message counts as read."),
    "message": Message("Your message is there, and the person is being told."),
}
_MAILS: Final = {
    "case-filed": Message("receipt with a code"),
    "case-code": Message("a new code"),
    "case-confirmed": Message("the request is confirmed"),
    "case-released": Message("the answer is ready"),
    "case-message": Message("there is a message"),
    "case-refused": Message("the decision"),
}
_ANSWERS: Final = ("rectify", "erase", "restrict", "grant")
_NEXT: Final = {
    "proof_needed": ("accept_proof",), "waiting": ("clarify",), "open": ("recognise", "collect", "answer_by_hand"),
    "in_progress": ("collect",), "in_review": ("approve", *_ANSWERS), "ready": ("release",),
}  # fmt: skip


def due_words(due: date, today: date) -> Message:
    """How far a due date is from today, as people say it."""
    days = (due - today).days
    if days == 0:
        return Message("due today")
    if days > 0:
        return Message("%(count)s day left", {"count": days}, "%(count)s days left")
    return Message("%(count)s day late", {"count": -days}, "%(count)s days late")


def next_move(case: CaseView, *, search_first: bool = False) -> Move | None:
    """The move that leads on, if this reader may make it; while systems are being searched there is none.

    What a letter alone answers leads to that answer; `search_first`: others have to approve what was found before.
    """
    if case.status == "in_progress" and any(run.state in ("queued", "running") for run in case.runs):
        return None
    wanted = _NEXT.get(case.status, ())
    if case.status == "open" and case.right not in PACKAGED and not search_first:
        wanted = ("recognise", *_ANSWERS, "collect")
    if case.status == "closed" and case.new_message:
        wanted = ("reopen",)
    return next((move for name in wanted for move in case.moves if move.name == name), None)


def move_words(case: CaseView, move: Move) -> Message:
    """What the button says: a collection that only helps to decide, and a second one, are called what they are."""
    if move.name == "collect" and case.status != "open":
        return Message("Search again")
    if move.name == "collect" and case.right not in PACKAGED:
        return Message("See what is held")
    return move.label


def kinds_of_data(file: ControllerFile, categories: Iterable[str]) -> list[str]:
    """Data categories by the names under which the person will read about them in the report."""
    return [facts.title for facts in category_facts(file, categories, language())]


def details(row: TrailRow, names: Mapping[int, str]) -> Message | None:
    """What an entry adds to its sentence, out of its facts; None when it says everything itself."""
    if row.event == "case:assign":
        name = names.get(row.facts.get("assignee", 0))
        return Message("to %(name)s", {"name": name}) if name else Message("to somebody who no longer handles requests")
    tell = _TELL.get(row.event)
    return tell(row.facts) if tell is not None else None


def _filed(facts: Mapping[str, Any]) -> Message:
    channel = CHANNELS.get(str(facts.get("channel")), Message("somehow"))
    return Message("%(channel)s, under version %(version)s of the procedures", {
        "channel": channel, "version": facts.get("policy_version"),
    })  # fmt: skip


def _confirmed(facts: Mapping[str, Any]) -> Message:
    return Message("proven by: %(proof)s", {"proof": label(PROOF, facts.get("proof"))})


def _by_method(facts: Mapping[str, Any]) -> Message:
    return Message("by: %(proof)s", {"proof": label(PROOF, facts.get("method"))})


def _called(facts: Mapping[str, Any]) -> Message:
    return label(call_backs.RESULTS, facts.get("result"))


def _said_by(facts: Mapping[str, Any]) -> Message | None:
    return Message("recorded by staff") if facts.get("by") == "staff" else None


def _counted(facts: Mapping[str, Any]) -> Message | None:
    withheld = int(facts.get("withheld", 0))
    return Message("%(count)s thing withheld", {"count": withheld}, "%(count)s things withheld") if withheld else None


def _complained(facts: Mapping[str, Any]) -> Message:
    return Message("as request %(reference)s", {"reference": facts.get("complaint")})


def _amount(facts: Mapping[str, Any]) -> Message:
    return Message("%(amount)s", {"amount": facts.get("amount")})


def _found(facts: Mapping[str, Any]) -> Message:
    found = facts.get("found") or {}
    counted = ", ".join(f"{system} {count}" for system, count in sorted(found.items()))
    return Message("records found: %(found)s", {"found": counted}) if counted else Message("no records found")


def _failed(facts: Mapping[str, Any]) -> Message:
    return Message("failed: %(failed)s", {"failed": ", ".join(facts.get("failed", ()))})


def _approved(facts: Mapping[str, Any]) -> Message | None:
    if "needed" not in facts:
        return Message("by itself, as the procedures say")
    told = {"given": facts["given"], "count": facts["needed"]}
    return Message("%(given)s of %(count)s approval", told, "%(given)s of %(count)s approvals")


def _items(facts: Mapping[str, Any]) -> Message:
    return Message("%(count)s record", {"count": len(facts.get("items", ()))}, "%(count)s records")


def _mail(facts: Mapping[str, Any]) -> Message | None:
    return _MAILS.get(str(facts.get("mail")))


def _letter(facts: Mapping[str, Any]) -> Message:
    return title_of(str(facts.get("letter")))


_TURNED_AWAY: Final = {
    "staff": Message("somebody of staff"),
    "program": Message("a program"),
    "person": Message("somebody who was let into a request"),
}


def _turned_away(facts: Mapping[str, Any]) -> Message:
    who = _TURNED_AWAY.get(str(facts.get("by")), Message("a stranger"))
    return Message("by %(who)s, try %(tries)s within an hour", {"who": who, "tries": facts.get("tries", 1)})


_TELL: Final[dict[str, Callable[[Mapping[str, Any]], Message | None]]] = {
    "case:filed": _filed,
    "door:refused": _turned_away,
    "case:confirm": _confirmed,
    "case:collected": _found,
    "case:approve": _approved,
    "case:accept_proof": _by_method,
    "case:call_back": _called,
    "case:clarify": _said_by,
    "case:withdraw": _said_by,
    "case:quote_fee": _amount,
    "case:complain": _complained,
    "case:grant": _counted,
    "case:rectify": _counted,
    "case:erase": _counted,
    "case:restrict": _counted,
    "run:failed": _failed,
    "item:withheld": _items,
    "item:included": _items,
    "mail:sent": _mail,
    "letter:sent": _letter,
    "letter:printed": _letter,
    "letter:opened": _letter,
    "letter:held_back": _letter,
}
