"""The way of a request as its person sees it: what is done and when, what is going on, what is to come."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal

from app.domain.messages import Message
from app.queries.cases import CaseView

# Each step, the status in which it is going on, and the event by which it is done.
_STEPS: Final = (
    (Message("Sent"), "unverified", "case:filed"),
    (Message("Your address is confirmed"), "unverified", "case:confirm"),
    (Message("Somebody takes it on"), "open", "case:collect"),
    (Message("The systems are searched"), "in_progress", "case:collected"),
    (Message("The answer is checked"), "in_review", "case:assembled"),
    (Message("Answered"), "ready", "case:release"),
)


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
    when = {event.event: event.at for event in case.events}
    now = next((i for i, (_, status, event) in enumerate(_STEPS) if status == case.status and event not in when), 0)
    return tuple(
        Step(title, "done" if i < now else "now" if i == now else "next", when.get(event) if i < now else None)
        for i, (title, _, event) in enumerate(_STEPS)
    )
