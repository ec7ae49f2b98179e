"""Whose desk this is, who sits at it, and what day it is there: what every page of the desk shows or needs."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import render_template

from app.domain import labels
from app.domain.permissions import Actor, can
from app.queries import policies
from app.queries.cases import today
from app.queries.policies import Policy
from app.queries.staff import Workplace, workplaces
from app.web.desk.words import due_words
from app.web.owner import Owner, owner_of
from app.web.visitor import actor
from app.work import Work


@dataclass(frozen=True, slots=True)
class Desk:
    """One organisation's desk as the signed-in member of staff sees it."""

    slug: str
    owner: Owner
    me: Actor
    timezone: str
    today: date
    policy: Policy
    workplaces: tuple[Workplace, ...]

    @property
    def home(self) -> str:
        return f"/desk/{self.slug}/"

    @property
    def sees_colleagues(self) -> bool:
        """Whether the reader looks after colleagues' sign-ins."""
        return can(self.me, "staff:reset_factor")

    @property
    def takes_forms(self) -> bool:
        """Whether signed forms can arrive here, and the reader keeps them."""
        named = (ways.all_of for offer in self.policy.file.rights.values() for ways in offer.proof)
        return can(self.me, "evidence:send") and any("signed_form" in ways for ways in named)

    def case_url(self, reference: str) -> str:
        return f"{self.home}cases/{reference}/"


def controller_id() -> int:
    """The controller that the guard let this member of staff act for."""
    number = actor().controller_id
    assert number is not None
    return number


def desk_of(work: Work, slug: str) -> Desk:
    """The desk, read in the view's own transaction."""
    me = work.actor
    policy = policies.current(work)
    return Desk(
        slug=slug,
        owner=owner_of(policy),
        me=me,
        timezone=policy.file.controller.timezone,
        today=today(work, policy),
        policy=policy,
        workplaces=workplaces(work, me.login_id) if me.login_id is not None else (),
    )


def show(template: str, place: Desk, **shown: Any) -> str:
    """A page of the desk."""
    zone = ZoneInfo(place.timezone)

    def local(moment: datetime) -> date:
        return moment.astimezone(zone).date()

    frame = {"desk": place, "owner": place.owner, "timezone": place.timezone, "today": place.today, "local": local}
    return render_template(f"desk/{template}", labels=labels, due_words=due_words, **frame, **shown)
