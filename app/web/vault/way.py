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
_ANSWERED: Final = len(_STEPS) - 1


@dataclass(frozen=True, slots=True)
class Step:
    """One step; `at` is when it was done."""

    title: Message
    state: Literal["done", "now", "next"]
    at: datetime | None


def way(case: CaseView) -> tuple[Step, ...]:
    """The steps of this case. One that was refused never went the rest of the way, and its steps are not shown."""
    when = {event.event: event.at for event in case.events}
    if case.status == "closed":
        return tuple(_ended(case, when))
    now = next((i for i, (_, status, event) in enumerate(_STEPS) if status == case.status and event not in when), 0)
    return tuple(
        Step(title, "done" if i < now else "now" if i == now else "next", when.get(event) if i < now else None)
        for i, (title, _, event) in enumerate(_STEPS)
    )


def _ended(case: CaseView, when: dict[str, datetime]) -> list[Step]:
    last = case.events[-1].at if case.events else None
    answered = when.get("case:release") or when.get("case:refuse") or last
    done = [Step(title, "done", when[event]) for title, _, event in _STEPS[:_ANSWERED] if event in when]
    return [*done, Step(_STEPS[_ANSWERED][0], "done", answered)]
