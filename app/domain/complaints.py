"""To which supervisory authorities somebody can complain, and why (G-9; Art. 77): where they live, where they work,
where they think that the law was broken, and where the organisation has its seat. The choice is theirs."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from app.domain.authorities import Authority
from app.domain.calendars import Place
from app.domain.clock import Clock
from app.domain.messages import Message
from app.domain.regime import Complaint, Regime, Told

# The three questions, in the order of the law and of the answers.
QUESTIONS: Final = ("residence", "work", "infringement")
_PERHAPS: Final = Message(
    "The organisation answers under the law of another country. Ask this authority whether it can take your complaint."
)
_REGION: Final = Message("For most organisations the authority of a region is the right one, not this one.")
_WANTS: Final[Mapping[str, Message]] = {
    "asked_first": Message("It wants to see that you asked the organisation first."),
}


@dataclass(frozen=True, slots=True)
class Asked:
    """Where something is, as a country or a part of one; what was not said is empty."""

    residence: str = ""
    work: str = ""
    infringement: str = ""

    def said(self) -> Iterator[tuple[str, str]]:
        """Each question that was answered, with the place."""
        return ((name, where) for name in QUESTIONS if (where := getattr(self, name)))


@dataclass(frozen=True, slots=True)
class Way:
    """An authority, with every reason for it. `law`: what else the law says about going there; `perhaps`: whether it
    can take the complaint depends on more than the places; `regions`: parts of its country have their own."""

    authority: Authority
    because: tuple[Message, ...]
    law: Told | None = None
    perhaps: bool = False
    regions: bool = False

    @property
    def remarks(self) -> tuple[Message, ...]:
        """What else to know, in the portal's own words."""
        wants = _WANTS.get(self.authority.wants or "")
        told = {_PERHAPS: self.perhaps and self.law is None, _REGION: self.regions}
        return (*(words for words, holds in told.items() if holds), *((wants,) if wants else ()))


@dataclass(frozen=True, slots=True)
class Found:
    """The authorities, the surest first; `without`: the countries named where none is known."""

    ways: tuple[Way, ...]
    without: tuple[Place, ...] = ()


def find(asked: Asked, *, seat: str, regime: Regime, others: Mapping[str, Regime]) -> Found:
    """The authorities for a complaint about an organisation with its seat there, which answers under that law.

    Under a law with several authorities any of them may be asked, and one leads (Art. 56, 60). An authority acts on an
    organisation with its seat elsewhere only under conditions (Art. 3(2)): it is named after the others, with them.
    """
    own = regime.complaint
    held: dict[str, Way] = {}
    for way in (*_where(asked, own, seat), *_way(own, "seat", seat, law=own.leads), *_elsewhere(asked, own, others)):
        before = held.get(way.authority.code)
        held[way.authority.code] = way if before is None else _together(before, way)
    laws = [own, *(law.complaint for law in others.values())]
    unknown = dict.fromkeys(where for _, where in asked.said() if not any(law.lead(where) for law in laws))
    ways = sorted(held.values(), key=lambda one: one.perhaps)
    return Found(tuple(ways), tuple(Place(where) for where in unknown))


def late_by(clock: Clock, day: date) -> int:
    """By how many days the answer is or was late, on the day of the answer or, while none is there, today."""
    if clock.due is None or clock.state not in {"running", "stopped"}:
        return 0
    return max(0, (day - clock.due).days)


def _where(asked: Asked, own: Complaint, seat: str) -> Iterator[Way]:
    """Under the organisation's own law: by the places that were named."""
    abroad = own.lead(seat) is None
    for name, where in asked.said():
        yield from _way(own, name, where, law=own.abroad if abroad else None, perhaps=abroad)


def _elsewhere(asked: Asked, own: Complaint, others: Mapping[str, Regime]) -> Iterator[Way]:
    """Where another law holds than the organisation's own: its authority may be able to act, and says so itself."""
    for name, where in asked.said():
        if own.lead(where) is None:
            for law in (other.complaint for other in others.values()):
                yield from _way(law, name, where, law=law.abroad, perhaps=True)


def _way(held: Complaint, name: str, where: str, *, law: Told | None, perhaps: bool = False) -> Iterator[Way]:
    """The authority that is there for a place, if there is one."""
    authority = held.lead(where)
    if authority is not None:
        regions = any(code.startswith(f"{authority.code}-") for code in held.authorities)
        yield Way(authority, (_because(name, Place(where)),), law=law, perhaps=perhaps, regions=regions)


def _because(name: str, place: Place) -> Message:
    return {
        "residence": Message("Where you live: %(place)s", {"place": place}),
        "work": Message("Where you work: %(place)s", {"place": place}),
        "infringement": Message("Where you think that the law was broken: %(place)s", {"place": place}),
        "seat": Message("Where the organisation has its seat: %(place)s", {"place": place}),
    }[name]


def _together(one: Way, other: Way) -> Way:
    """The same authority for several reasons: it is named once, with all of them."""
    return replace(one, because=(*one.because, *other.because), law=one.law or other.law)
