"""The demo's requests: each filed and moved on by the real verbs, on the days on which it would have happened."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random

from app.cli.demos.plans import BROKEN, CODE, FORM, LATER, PERSON, WITHHOLD, Demo, Plan, Step
from app.domain.customers import CUSTOMER, NUMBER
from app.domain.errors import Refused
from app.domain.filing import Filing, ProofNote
from app.domain.permissions import ANONYMOUS, Actor
from app.portal import Portal
from app.queries import items, queue, reading
from app.queries.queue import QueueFilter
from app.services import intake, moves, policies, review, signed_form, staff, verification
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

    def __init__(self, portal: Portal, controller_id: int, demo: Demo) -> None:
        self.portal, self.controller_id, self.demo = portal, controller_id, demo
        self.random = Random(SEED)  # noqa: S311  # sample data
        self.staff: dict[str, Actor] = {}
        with portal.unscoped("the demo's staff are named by their address", reads_only=True) as work:
            for one in reversed(demo.staff):
                actor = staff.member_by_email(work, one.email, demo.sample.slug)
                if actor is not None:
                    self.staff[one.role] = actor

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
                run_until_idle(self._broken(past), wait_for_others=False)
            for one, step in due:
                self._do(past, one.references[step.of], step)
            run_until_idle(past, wait_for_others=False)
            if not due:
                return

    def _broken(self, past: Portal) -> Portal:
        """The portal while one system does not answer."""
        variable = self.demo.sample.variables[self.demo.breaks]
        return replace(past, environment={**past.environment, variable: ""})

    def _on(self, day: int) -> Portal:
        """The portal as it was then: real time goes on, the business day is an earlier one."""
        ago = timedelta(days=day, hours=HOURS) if day else timedelta()
        return replace(self.portal, ground=replace(self.portal.ground, clock=self.portal.clock.ago(ago)))

    def _people(self) -> Iterator[tuple[Plan, str, str]]:
        known, strangers = self.random.sample(sorted(self.demo.known()), len(self.demo.plans)), [*self.demo.strangers]
        for plan in self.demo.plans:
            yield plan, *(known.pop() if plan.known else strangers.pop())

    def _known(self, email: str) -> bool:
        with self.portal.work(self.staff["handler"], self.controller_id) as work:
            return bool(queue.queue(work, QueueFilter(q=email, limit=1)).rows)

    def _file(self, past: Portal, plan: Plan, name: str, email: str) -> tuple[str, ...]:
        actor = ANONYMOUS if plan.channel == "web" else self.staff["handler"]
        wish = self.random.choice(self.demo.wishes)
        details = {**({"access": {"wish": wish}} if wish and "access" in plan.rights else {}), **plan.details}
        company, number = plan.company or (None, "")
        with past.work(actor, self.controller_id) as work:
            policy = policies.current(work)
            filing = Filing(
                rights=plan.rights,
                name=name,
                identities={"email": email, **({NUMBER: number} if number else {})},
                details=details,
                grounds=plan.grounds,
                language=plan.language or policy.file.controller.language,
                channel=plan.channel,
                capacity=CUSTOMER if company else "self",
                company=company,
                proof=ProofNote("document_view", self.demo.seen) if plan.proven else None,
            )
            return tuple(intake.file(work, policy, filing).references)

    def _do(self, past: Portal, reference: str, step: Step) -> None:
        if step.move == WITHHOLD:
            self._withhold(past, reference)
        elif step.move == CODE:
            self._confirm(past, reference)
        elif step.move == FORM:
            signed_form.print_form(past, self._actor(step, reference), self.controller_id, reference, typed={})
        elif step.move != BROKEN:
            self._move(past, reference, step)

    def _actor(self, step: Step, reference: str) -> Actor:
        return Actor("person", references=frozenset({reference})) if step.by == PERSON else self.staff[step.by]

    def _move(self, past: Portal, reference: str, step: Step) -> None:
        actor = self._actor(step, reference)
        fields = {name: self._told(past, value) for name, value in step.fields.items()}
        if step.move == "assign":
            role = step.by if step.by == "dpo" else self.random.choice(("handler", "dpo"))
            fields = {"assignee": next(one.email for one in self.demo.staff if one.role == role)}
        with past.work(actor, self.controller_id) as work:
            moves.perform(work, reference, step.move, fields)

    @staticmethod
    def _told(past: Portal, value: str) -> str:
        if not value.startswith(LATER):
            return value
        return (past.clock.now() + timedelta(days=int(value.removeprefix(LATER)))).date().isoformat()

    def _confirm(self, past: Portal, reference: str) -> None:
        with past.work(ANONYMOUS, self.controller_id) as work:
            code = verification.newest_code(work, [reading.load(work, reference)], CODE)
            if code is None:
                raise Refused("The demo expects that a code was mailed.")
            verification.confirm(work, reference, verification.plain_code(work, code))

    def _withhold(self, past: Portal, reference: str) -> None:
        with past.work(self.staff["handler"], self.controller_id) as work:
            found = items.items(past, work, reference, limit=1).rows
            if not found:
                raise Refused("The demo expects that something is found about this person.")
            case = reading.load(work, reference)
            review.withhold(work, case, [found[0].id], ground="rights_of_others", reason=self.demo.withheld)


def make_cases(portal: Portal, controller_id: int, demo: Demo) -> int:
    """Make the requests that are missing; gives how many."""
    return _Maker(portal, controller_id, demo).make()
