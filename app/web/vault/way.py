"""The way of a request as its person sees it: what is done and when, what is going on, what is to come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from app.domain.messages import Message
from app.queries.cases import CaseView

# Each step, the status in which it is going on, and the event by which it is done.
_BEGUN: Final = (
    (Message("Sent"), "unverified", "case:filed"),
    (Message("Your address is confirmed"), "unverified", "case:confirm"),
)
_WITH_PACKAGE: Final = (
    *_BEGUN,
    (Message("Somebody takes it on"), "open", "case:collect"),
    (Message("The systems are searched"), "in_progress", "case:collected"),
    (Message("The answer is checked"), "in_review", "case:assembled"),
    (Message("Answered"), "ready", "case:release"),
)
_BY_LETTER: Final = (
    *_BEGUN,
    (Message("Somebody decides on it"), "open", ""),
    (Message("Answered"), "", ""),
)
_ASKED: Final = {"proof_needed": Message("We wait for your proof"), "waiting": Message("We wait for your answer")}


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `at` is when it was done."""

    title: Message
    state: Literal["done", "now", "next"]
    at: datetime | None


def way(case: CaseView) -> tuple[Step, ...]:
    """The steps of a case that is still on its way; one that has ended has only its history."""
    if case.status == "closed":
        return ()
    when = _done(case)
    steps = _WITH_PACKAGE if case.packaged else _BY_LETTER
    if case.status in _ASKED:
        done = [Step(title, "done", when[event]) for title, _, event in steps if event in when]
        rest = [Step(title, "next", None) for title, _, event in steps[2:] if event not in when]
        return (*done, Step(_ASKED[case.status], "now", None), *rest)
    now = next((i for i, (_, status, event) in enumerate(steps) if status == case.status and event not in when), 2)
    return tuple(
        Step(title, "done" if i < now else "now" if i == now else "next", when.get(event) if i < now else None)
        for i, (title, _, event) in enumerate(steps)
    )


def _done(case: CaseView) -> dict[str, datetime]:
    """When what happened last; of a request that was taken up again, what happened since."""
    since = max((event.at for event in case.events if event.event == "case:reopen"), default=None)
    begun = {event for _, _, event in _BEGUN}
    return {
        event.event: event.at for event in case.events if since is None or event.at >= since or event.event in begun
    }
