"""The ladder of proof (Art. 12(6), recital 64; LAW 6): the least that suffices to know who asks, and why it is that.

An alternative is a set of ways that together suffice. What a controller's file names comes first, else what the law's
pack says; what stands on file, and what was tried in vain, decides which alternative is still open.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from app.domain.messages import Message, Worded
from app.domain.policy_values import Proof, Way, covers
from app.domain.regime import ProofRules

LADDER: Final[tuple[Way, ...]] = get_args(Way)
# What has to be printed, signed or shown: never for what must be as easy as it was to consent (Art. 7(3), 21(2)).
PAPERS: Final = frozenset[Way]({"signed_form", "official_letter", "document_view"})
# Where a member of staff saw something and stands behind it by name.
JUDGED_BY_STAFF: Final = frozenset[Way]({"signed_form", "official_letter", "document_view", "representative"})
# Who is signed in has shown that the address is theirs.
IMPLIES: Final[dict[Way, frozenset[Way]]] = {"account_session": frozenset({"email_code"})}
# What a person has when they file, or has not: nobody is asked for it afterwards.
UNASKED: Final = frozenset[Way]({"account_session"})

_FILE: Final = Message("The organisation's rules name what suffices for this right.")
_LAW: Final = Message("Whoever reads the mail of the address that was given has shown enough.")
_EASY: Final = Message("This right must be as easy to use as it was to consent: no papers are ever asked for.")
_AGENT: Final = Message("Somebody acts for another person, so their authority has to be shown as well.")
_COMPANY: Final = Message("A company asks: its request is confirmed at a contact that the organisation has on file.")
_JUDGED: Final = Message("A member of staff saw what shows who this is, and stands behind it.")
_MORE: Final = Message("The organisation asked for more, and wrote down why.")


def rank(way: Way) -> int:
    """How much a way asks of a person; 0 is the least."""
    return LADDER.index(way)


def in_order(ways: Iterable[Way]) -> list[str]:
    """The least first, each once."""
    found = set(ways)
    return [way for way in LADDER if way in found]


@dataclass(frozen=True, slots=True)
class Demand:
    """What suffices for one case: alternatives, the least first, and the reasons for them."""

    alternatives: tuple[frozenset[Way], ...]
    because: tuple[Message, ...]
    no_papers: bool = False
    spare: bool = True  # where all is closed a document may be looked at; never a clerk's own, for their company

    def met_by(self, shown: Collection[Way]) -> bool:
        """Whether one of the alternatives was shown whole."""
        have = with_implied(shown)
        return any(ways <= have for ways in self.alternatives)

    def judged(self, shown: Collection[Way]) -> "Demand":
        """The demand where staff accepted what they saw: that suffices, whatever the ladder would have asked for."""
        if not JUDGED_BY_STAFF & frozenset(shown):
            return self
        return Demand((frozenset(shown),), (_JUDGED,), self.no_papers, self.spare)

    def and_also(self, more: Collection[Way]) -> "Demand":
        """The demand with what staff asked for besides."""
        if not more:
            return self
        raised = tuple(ways | frozenset(more) for ways in self.alternatives)
        return Demand(_least_first(raised), (*self.because, _MORE), self.no_papers, self.spare)


def with_implied(shown: Collection[Way]) -> frozenset[Way]:
    """What was shown, and what that shows by itself."""
    return frozenset(shown).union(*(IMPLIES.get(way, frozenset()) for way in shown))


def demand(
    named: Sequence[Proof], rules: ProofRules, *, right: str, capacity: str, categories: Collection[str],
    unrefusable: bool = False,
) -> Demand:  # fmt: skip
    """What this case needs. `categories` are those of the data that the systems hold; `unrefusable`: it rests on a
    ground that is never weighed, such as advertising (Art. 21(2))."""
    easy = unrefusable or right in rules.no_papers
    if capacity in ("guardian", "agent"):
        return Demand((frozenset[Way]({"email_code", "representative"}),), (_AGENT,), easy)
    if capacity == "customer" and not easy:
        return Demand((frozenset[Way]({"email_code", "official_letter"}),), (_COMPANY,), spare=False)
    suffices, why = _suffices(named, rules, right=right, categories=categories)
    alternatives = _least_first(frozenset(one.all_of) for one in suffices)
    if not easy:
        return Demand(alternatives, (why,))
    light = tuple(ways for ways in alternatives if not ways & PAPERS)
    return Demand(light or _least_first(frozenset(one.all_of) for one in rules.suffices), (_EASY,), True)


def _suffices(
    named: Sequence[Proof], rules: ProofRules, *, right: str, categories: Collection[str]
) -> tuple[Sequence[Proof], Message]:
    if named:
        return named, _FILE
    for more in rules.more:
        if right in more.rights and any(covers(one, held) for one in more.categories for held in categories):
            return more.suffices, Message("%(why)s", {"why": Worded.of(more.why)})
    return rules.suffices, _LAW


def _least_first(alternatives: Iterable[frozenset[Way]]) -> tuple[frozenset[Way], ...]:
    return tuple(sorted(dict.fromkeys(alternatives), key=lambda ways: sorted(map(rank, ways), reverse=True)))


def next_way(asked: Demand, shown: Collection[Way], closed: Collection[Way]) -> Way | None:
    """The least that is still to be shown: of the first alternative that is open, its lowest rung. None when the demand
    is met, or when nothing that may be asked for is open any more: then staff look at it."""
    if asked.met_by(shown):
        return None
    have = with_implied(shown)
    for ways in asked.alternatives:
        missing = ways - have
        if not missing & (UNASKED | frozenset(closed)):
            return min(missing, key=rank)
    spare: Way = "document_view"
    return None if asked.no_papers or not asked.spare or spare in have or spare in closed else spare


def least_more(asked: Demand, shown: Collection[Way], closed: Collection[Way]) -> tuple[Way, ...]:
    """What staff may ask for beyond what was shown, the least first; whoever asks for a later one says why not the
    first."""
    have = with_implied(shown)
    self_service: tuple[Way, ...] = ("two_facts",)
    ways = self_service if asked.no_papers else (*self_service, "signed_form", "document_view")
    return tuple(way for way in ways if way not in have and way not in closed)
