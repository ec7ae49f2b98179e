"""The demo's requests: each filed and moved on by the real verbs, on the days on which it would have happened."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from app.cli.demo_plans import APPROVER, BROKEN, DPO, HANDLER, LATER, PERSON, PLANS, WISHES, WITHHOLD, Plan, Step
from app.cli.samples.softmanager_rows import generate
from app.domain.errors import Refused
from app.domain.filing import Filing, ProofNote
from app.domain.permissions import ANONYMOUS, Actor
from app.portal import Portal
from app.queries import items, queue, reading
from app.queries.queue import QueueFilter
from app.services import intake, moves, policies, review, staff
from workers.idle import run_until_idle

SEED = 20261122
HOURS = 2  # each thing happened two hours earlier in the day than now, so that nothing lies ahead


@dataclass
class _Made:
    """One request, or several asked for together, on its way."""

    plan: Plan
    references: tuple[str, ...] = ()
    waiting: list[Step] = field(default_factory=list)


class _Maker:
    """Makes the requests of one organisation. Each has a person of its own, so that a second run finds it again."""

    def __init__(self, portal: Portal, controller_id: int, slug: str) -> None:
        self.portal, self.controller_id = portal, controller_id
        self.random = Random(SEED)  # noqa: S311  # sample data
        with portal.unscoped("the demo's staff are named by their address", reads_only=True) as work:
            found = {email: staff.member_by_email(work, email, slug) for email in (HANDLER, DPO, APPROVER)}
        self.staff: Mapping[str, Actor] = {email: actor for email, actor in found.items() if actor is not None}

    def make(self) -> int:
        """Day by day, so that the trail has the order in which things happened; gives how many were made."""
        missing = [(plan, name, email) for plan, name, email in self._people() if not self._known(email)]
        made = []
        days = {plan.days_ago for plan, _, _ in missing} | {
            step.days_ago for plan, _, _ in missing for step in plan.steps
        }
        for day in sorted(days, reverse=True):
            past = self._on(day)
            for plan, name, email in missing:
                if plan.days_ago == day:
                    made.append(_Made(plan, self._file(past, plan, name, email), list(plan.steps)))
            self._live(past, day, made)
        return sum(len(one.references) for one in made)

    def _live(self, past: Portal, day: int, made: list[_Made]) -> None:
        """What was done on that day, each step after the work that the one before it has brought about."""
        while True:
            due = [(one, one.waiting.pop(0)) for one in made if one.waiting and one.waiting[0].days_ago == day]
            broken = [(one, step) for one, step in due if step.move == BROKEN]
            for one, step in broken:
                self._move(past, one.references[step.of], replace(step, move="collect"))
            if broken:
                run_until_idle(
                    replace(past, environment={**past.environment, "SOFTMANAGER_BILLING_URL": ""}),
                    wait_for_others=False,
                )
            for one, step in due:
                self._do(past, one.references[step.of], step)
            run_until_idle(past, wait_for_others=False)
            if not due:
                return

    def _on(self, day: int) -> Portal:
        """The portal as it was then: real time goes on, the business day is an earlier one."""
        ago = timedelta(days=day, hours=HOURS) if day else timedelta()
        return replace(self.portal, ground=replace(self.portal.ground, clock=self.portal.clock.ago(ago)))

    def _people(self) -> Iterator[tuple[Plan, str, str]]:
        known = _known_people(self.random)
        strangers = [("Vlad Necunoscut", "vlad.necunoscut@example.org")]
        for plan in PLANS:
            yield plan, *(known.pop() if plan.known else strangers.pop())

    def _known(self, email: str) -> bool:
        with self.portal.work(self.staff[HANDLER], self.controller_id) as work:
            return bool(queue.queue(work, QueueFilter(q=email, limit=1)).rows)

    def _file(self, past: Portal, plan: Plan, name: str, email: str) -> tuple[str, ...]:
        actor = ANONYMOUS if plan.channel == "web" else self.staff[HANDLER]
        wish = self.random.choice(WISHES)
        details = {**({"access": {"wish": wish}} if wish and "access" in plan.rights else {}), **plan.details}
        with past.work(actor, self.controller_id) as work:
            filing = Filing(
                rights=plan.rights,
                name=name,
                identities={"email": email},
                details=details,
                grounds=plan.grounds,
                language=plan.language,
                channel=plan.channel,
                proof=ProofNote("document_view", "Identity card seen at the counter.") if plan.proven else None,
            )
            return tuple(intake.file(work, policies.current(work), filing).references)

    def _do(self, past: Portal, reference: str, step: Step) -> None:
        if step.move == WITHHOLD:
            self._withhold(past, reference)
        elif step.move != BROKEN:
            self._move(past, reference, step)

    def _move(self, past: Portal, reference: str, step: Step) -> None:
        actor = Actor("person", references=frozenset({reference})) if step.by == PERSON else self.staff[step.by]
        fields = {name: self._told(past, value) for name, value in step.fields.items()}
        if step.move == "assign":
            fields = {"assignee": step.by if step.by == DPO else self.random.choice((HANDLER, DPO))}
        with past.work(actor, self.controller_id) as work:
            moves.perform(work, reference, step.move, fields)

    @staticmethod
    def _told(past: Portal, value: str) -> str:
        if not value.startswith(LATER):
            return value
        return (past.clock.now() + timedelta(days=int(value.removeprefix(LATER)))).date().isoformat()

    def _withhold(self, past: Portal, reference: str) -> None:
        with past.work(self.staff[HANDLER], self.controller_id) as work:
            found = items.items(past, work, reference, limit=1).rows
            if not found:
                raise Refused("The demo expects that something is found about this person.")
            reason = "It names a colleague of the client, who is not the one who asks."
            review.withhold(
                work, reading.load(work, reference), [found[0].id], ground="rights_of_others", reason=reason
            )


def make_cases(portal: Portal, controller_id: int, *, slug: str) -> int:
    """Make the requests that are missing; gives how many."""
    return _Maker(portal, controller_id, slug).make()


def _known_people(random: Random) -> list[tuple[str, str]]:
    """Contact persons and users whom the sample systems know, each with an address of their own."""
    rows = generate()
    known = [(str(row["full_name"]), str(row["email"])) for row in rows["contacts"] if row["email"]]
    known += [(str(row["fullName"]), str(row["email"])) for row in rows["users"] if row["email"]]
    own = [(name, email) for name, email in known if sum(email == other for _, other in known) == 1]
    return random.sample(sorted(own), len(PLANS))
