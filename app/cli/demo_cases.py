"""The demo's requests: one or more in each state, filed with past days of receipt, moved on by the real verbs."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from random import Random

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
WISHES = (
    "",
    "Please send me everything you hold about me.",
    "Mai ales facturile și istoricul plăților, vă rog.",
    "I would like to know where you got my phone number.",
)
REASON = "The same data was sent to you three weeks ago, and nothing in it has changed since (see our letter then)."
EVIDENCE = "Our letter of three weeks ago with the whole copy, and the log of the systems: no change since."
HANDLER = "handler@softmanager.example"
DPO = "dpo@softmanager.example"
APPROVER = "approver@softmanager.example"


@dataclass(frozen=True, slots=True)
class Plan:
    """One request to make: how far it goes, and how many days ago it came in."""

    state: str
    days_ago: int
    channel: str
    known: bool = True


PLANS = (
    Plan("unverified", 0, "web"), Plan("unverified", 0, "web"), Plan("unverified", 2, "email"),
    Plan("open", 0, "phone"), Plan("open", 1, "post"), Plan("open", 3, "email"), Plan("assigned", 5, "desk"),
    Plan("assigned", 26, "post"), Plan("open", 27, "email"), Plan("assigned", 29, "desk"),
    Plan("assigned", 36, "post"), Plan("open", 48, "email"),
    Plan("in_progress", 8, "desk"), Plan("in_progress", 25, "post"),
    Plan("in_review", 6, "email"), Plan("in_review", 12, "post"), Plan("in_review", 28, "desk"),
    Plan("withheld", 15, "email"),
    Plan("ready", 10, "post"), Plan("ready", 24, "email"),
    Plan("granted", 14, "post"), Plan("granted", 20, "email"), Plan("granted", 27, "desk"), Plan("partly", 18, "post"),
    Plan("refused", 16, "email"), Plan("refused", 9, "desk"),
    Plan("no_data", 11, "phone", known=False),
)  # fmt: skip


class _Maker:
    """Makes the requests of one organisation. Each has a person of its own, so that a second run finds it again."""

    def __init__(self, portal: Portal, controller_id: int, slug: str) -> None:
        self.portal, self.controller_id, self.slug = portal, controller_id, slug
        self.random = Random(SEED)  # noqa: S311  # sample data
        with portal.unscoped("the demo's staff are named by their address", reads_only=True) as work:
            found = {email: staff.member_by_email(work, email, slug) for email in (HANDLER, DPO, APPROVER)}
        self.staff: Mapping[str, Actor] = {email: actor for email, actor in found.items() if actor is not None}

    def make(self) -> int:
        """File what is missing, then let each go its way."""
        waiting = [(plan, reference) for plan, reference in self._file_all() if reference is not None]
        broken = replace(self.portal, environment={**self.portal.environment, "SOFTMANAGER_BILLING_URL": ""})
        self._each(waiting, {"in_progress": self._collect})
        run_until_idle(broken, wait_for_others=False)
        far = ("in_review", "withheld", "ready", "granted", "partly", "no_data")
        self._each(waiting, dict.fromkeys(far, self._collect))
        self._each(waiting, {"assigned": self._assign, "refused": self._refuse})
        run_until_idle(self.portal, wait_for_others=False)
        self._each(waiting, {"withheld": self._withhold, "partly": self._withhold})
        self._each(waiting, dict.fromkeys(("ready", "granted", "partly", "no_data"), self._approve))
        run_until_idle(self.portal, wait_for_others=False)
        self._each(waiting, dict.fromkeys(("granted", "partly", "no_data"), self._release))
        run_until_idle(self.portal, wait_for_others=False)
        return len(waiting)

    def _file_all(self) -> Iterator[tuple[Plan, str | None]]:
        known = list(_people(self.random))
        strangers = [("Vlad Necunoscut", "vlad.necunoscut@example.org")]
        for plan in PLANS:
            name, email = known.pop() if plan.known else strangers.pop()
            yield plan, self._file(plan, name, email)

    def _file(self, plan: Plan, name: str, email: str) -> str | None:
        actor = ANONYMOUS if plan.channel == "web" else self.staff[HANDLER]
        wish = self.random.choice(WISHES)
        with self.portal.work(self.staff[HANDLER], self.controller_id) as work:
            if queue.queue(work, QueueFilter(q=email, limit=1)).rows:
                return None
        with self.portal.work(actor, self.controller_id) as work:
            policy = policies.current(work)
            proven = plan.state != "unverified"
            filing = Filing(
                rights=("access",),
                name=name,
                identities={"email": email},
                details={"access": {"wish": wish}} if wish else {},
                channel=plan.channel,
                received_at=work.now - timedelta(days=plan.days_ago, hours=2) if plan.days_ago else None,
                proof=ProofNote("document_view", "Identity card seen at the counter.") if proven else None,
            )
            return intake.file(work, policy, filing).references[0]

    def _each(self, waiting: list[tuple[Plan, str]], steps: Mapping[str, Callable[[str], None]]) -> None:
        for plan, reference in waiting:
            if plan.state in steps:
                steps[plan.state](reference)

    def _move(self, reference: str, move: str, *, by: str = HANDLER, **fields: str) -> None:
        with self.portal.work(self.staff[by], self.controller_id) as work:
            moves.perform(work, reference, move, fields)

    def _assign(self, reference: str) -> None:
        self._move(reference, "assign", assignee=self.random.choice((HANDLER, DPO)))

    def _collect(self, reference: str) -> None:
        self._assign(reference)
        self._move(reference, "collect")

    def _approve(self, reference: str) -> None:
        self._move(reference, "approve", by=APPROVER)

    def _release(self, reference: str) -> None:
        self._move(reference, "release", by=DPO)

    def _refuse(self, reference: str) -> None:
        self._assign(reference)
        self._move(reference, "refuse", ground="excessive", reason=REASON, evidence=EVIDENCE)

    def _withhold(self, reference: str) -> None:
        with self.portal.work(self.staff[HANDLER], self.controller_id) as work:
            found = items.items(self.portal, work, reference, limit=1).rows
            if not found:
                raise Refused("The demo expects that something is found about this person.")
            reason = "It names a colleague of the client, who is not the one who asks."
            review.withhold(
                work, reading.load(work, reference), [found[0].id], ground="rights_of_others", reason=reason
            )


def make_cases(portal: Portal, controller_id: int, *, slug: str) -> int:
    """Make the requests that are missing; gives how many."""
    return _Maker(portal, controller_id, slug).make()


def _people(random: Random) -> list[tuple[str, str]]:
    """Contact persons and users whom the sample systems know, each with an address of their own."""
    rows = generate()
    known = [(str(row["full_name"]), str(row["email"])) for row in rows["contacts"] if row["email"]]
    known += [(str(row["fullName"]), str(row["email"])) for row in rows["users"] if row["email"]]
    own = [(name, email) for name, email in known if sum(email == other for _, other in known) == 1]
    return random.sample(sorted(own), len(PLANS))
