"""What was answered so far of a request that is not sent yet: right by right, and about the person."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any, Self

from app.domain.customers import CUSTOMER
from app.domain.filing import Filing
from app.domain.questions import RightForm
from app.domain.representation import KINDS
from app.services import intake
from app.web.owner import Place
from app.web.public import companies, drafts, whom
from app.web.public.forms import ABOUT, IDENTITIES, RIGHTS, AskingForm, given_in
from app.web.transaction import reading, writing

SEVERAL = "several"
TWICE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Kept:
    """The draft. `answers` by right as they were typed; `about` is empty until that page was filled in."""

    rights: tuple[str, ...] = ()
    answers: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    whom: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def of(cls, stored: Mapping[str, Any]) -> Self:
        """As it was stored."""
        return cls(tuple(stored[RIGHTS]), stored["answers"], stored["about"], stored.get("whom", {}))

    @property
    def stored(self) -> dict[str, object]:
        """As it is stored."""
        about = {"about": dict(self.about), "whom": dict(self.whom)}
        return {RIGHTS: list(self.rights), "answers": dict(self.answers), **about}

    @property
    def capacity(self) -> str:
        """For whom they ask."""
        return str(self.about.get(whom.CAPACITY) or "self")

    @property
    def lacks_whom(self) -> bool:
        """Whether the page about the other person is still to be filled in."""
        return self.capacity != "self" and self.whom.get(whom.CAPACITY) != self.capacity

    @property
    def is_young(self) -> bool:
        """Whether somebody who asks for themselves says that they are young."""
        return self.capacity == "self" and self.about.get(whom.AGE) == whom.YOUNGER

    def of_right(self, right: str) -> dict[str, Any]:
        """What a form about that right and the person begins with."""
        return {**self.answers.get(right, {}), **self.about}

    def with_typed(self, typed: AskingForm) -> "Kept":
        """The same with what one page was answered."""
        about = {name: value for name, value in typed.data.items() if name in ABOUT}
        answers = dict(self.answers)
        if typed.asked is not None:
            answers[typed.asked.right] = {name: value for name, value in typed.data.items() if name not in ABOUT}
        return Kept(self.rights, answers, about or self.about, self.whom)

    def with_whom(self, answers: Mapping[str, Any]) -> "Kept":
        """The same with what was said about the other person."""
        return Kept(self.rights, self.answers, self.about, {**answers, whom.CAPACITY: self.capacity})

    def waiting(self, forms: Mapping[str, RightForm]) -> Iterator[str]:
        """The rights whose questions are still to be answered."""
        return (name for name in self.rights if forms[name].questions and name not in self.answers)

    def filing(self, forms: Mapping[str, RightForm], *, language: str, youngest: int = 0) -> Filing:
        """As the verb takes it."""
        given = {right: given_in(forms[right], self.answers.get(right, {})) for right in self.rights}
        said = {kind: str(self.about.get(kind) or "") for kind in IDENTITIES}
        for_another = self.capacity in KINDS
        own = {kind: value for kind, value in said.items() if value}
        return Filing(
            rights=self.rights,
            name=str((self.whom.get("subject_name") if for_another else self.about.get("name")) or ""),
            identities=whom.identities(self.whom) if for_another else own,
            capacity=self.capacity,
            representation=whom.representing(self.capacity, self.about, self.whom) if for_another else None,
            company=companies.told(self.whom) if self.capacity == CUSTOMER else None,
            under=youngest if youngest and self.is_young else None,
            details={right: details for right, (details, _) in given.items() if details},
            grounds={right: grounds for right, (_, grounds) in given.items() if grounds},
            language=language,
        )


def read(here: Place, kind: str) -> Kept | None:
    """What this browser has answered for that right, or for several together."""
    token = drafts.held()
    if token is None:
        return None
    with reading(here.controller_id) as work:
        found = intake.read_draft(work, token)
    if found is None or found[0] != kind or RIGHTS not in found[1]:
        return None
    kept = Kept.of(found[1])
    # A newer version of the organisation's file may have taken a right away since.
    return replace(kept, rights=tuple(name for name in kept.rights if name in here.policy.forms))


def keep(here: Place, kind: str, kept: Kept) -> str:
    """Keep it for 24 hours; gives the token for this browser."""
    with writing(here.controller_id) as work:
        return intake.save_draft(work, token=drafts.held(), kind=kind, answers=kept.stored)


def sent(here: Place, *, pressed_twice: bool = False) -> tuple[str, ...]:
    """The references of what this browser's draft became. Of a button that is `pressed_twice` the first answer may not
    have arrived, so that nothing says yet who sent it: then it must have been sent a moment ago."""
    token = drafts.held()
    if token is None or not (pressed_twice or drafts.sent_here()):
        return ()
    with reading(here.controller_id) as work:
        filed = intake.already_filed(work, token, within=TWICE if pressed_twice else None)
    return filed.references if filed else ()
