"""When an answer is due, and every step of the counting in plain words (GDPR Art. 12(3); Regulation 1182/71).

A clock is computed from facts and never stored. The law's date and the controller's own promise are counted apart;
the earlier one is the due date.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final, Literal

from app.domain import clock_words as words
from app.domain import counting
from app.domain.calendars import City, calendar_ends
from app.domain.clock import Clock, ClockState, Course, Fact, Lengthened, Pause, Step, merged, rounds
from app.domain.clock_checks import check_extension, check_pause, check_receipt, check_resume
from app.domain.counting import add, length
from app.domain.policy_values import Period, Span
from app.domain.regime import Restart, Rule

__all__ = [
    "SOON", "Clock", "ClockState", "Fact", "Lateness", "Step", "add", "check_extension", "check_pause",
    "check_receipt", "check_resume", "lateness", "length", "reckon",
]  # fmt: skip

Lateness = Literal["overdue", "due_soon", "on_time"]
SOON = timedelta(days=7)
_SOON_IN_HOURS = timedelta(hours=24)

# What a person is asked for, and the fact that begins the time anew once it is there (UK GDPR, Art. 12A(2)).
_AWAITED: Final[Mapping[str, Restart]] = {"identity": "id_received", "fee": "fee_paid"}


def reckon(
    facts: Iterable[Fact],
    *,
    rule: Rule,
    promise: Period | None,
    country: str,
    timezone: str,
    signed_form: bool = False,
) -> Clock:
    """The clock that these facts give under a rule of the law and, where there is one, a controller's promise.

    `signed_form`: a request counts only from the complete document on; its time is due, the law's stands beside it.
    """
    city = City(timezone)
    clocks: list[Clock] = []
    for one in rounds(facts):
        course = Course.of(one, timezone)
        if course.received is None:
            clocks.append(Clock("not_started"))
        elif rule.length.unit == "hours":
            clocks.append(_by_hours(course, course.received, rule))
        else:
            law = _Law(course, course.received.date(), rule, country)
            law.count(city, again=bool(clocks))
            own = _by_promise(course, law, promise, signed_form=signed_form)
            clocks.append(_put_together(course, law, own, signed_form=signed_form))
    return replace(clocks[-1], earlier=tuple(clocks[:-1]))


def lateness(
    clock_due: date | None, state: str, today: date, *, due_at: datetime | None = None, now: datetime | None = None
) -> Lateness | None:
    """How a running clock stands today; nothing can be late that has not begun, waits or has ended.

    A time in hours (`due_at`) is late the moment after, and due soon on its last day.
    """
    if state != "running" or clock_due is None:
        return None
    if due_at is not None and now is not None:
        if now > due_at:
            return "overdue"
        return "due_soon" if due_at - now <= _SOON_IN_HOURS else "on_time"
    if today > clock_due:
        return "overdue"
    return "due_soon" if clock_due - today <= SOON else "on_time"


def _by_hours(course: Course, received: datetime, rule: Rule) -> Clock:
    ends, steps = counting.by_hours(received, rule)
    if course.stopped is not None:
        steps = (*steps, words.stopped(course.stopped))
    return Clock(
        "stopped" if course.stopped else "running",
        due=ends.date(), statutory_due=ends.date(), due_at=ends, steps=steps,
    )  # fmt: skip


@dataclass(slots=True)
class _End:
    """Where a time ends while it is being counted: before and after rolling, and what still holds it up."""

    raw: date
    day: date
    waiting: Pause | None = None


class _Law:
    """The law's time: start, length, pauses, extension, and the one roll at the end."""

    def __init__(self, course: Course, received: date, rule: Rule, country: str) -> None:
        self.course, self.received, self.rule, self.country = course, received, rule, country
        self.steps: list[Step] = []
        self.awaited = self._awaited()
        restarts = [day for kind, day in course.restarts.items() if kind in rule.restarts]
        self.start = max([received, *restarts])
        for pause in self.awaited:
            # Asked when the time was over, nothing begins it again.
            if pause.start <= self._rolled(add(self.start, rule.length, country)):
                self.start = max(self.start, pause.end or pause.start)
        self.stops = merged(
            one for pause in course.pauses
            if pause.reason in rule.pauses and pause not in self.awaited and (one := pause.within(self.start))
        )  # fmt: skip
        self.base = self._end(rule.length, None)
        self.final, self.extended = self.base, False

    def count(self, city: City, *, again: bool) -> None:
        """Count to the end and tell each step."""
        self._tell_start(city, again=again)
        self._lengthen()
        if self.rule.receipt_may_count and not self.final.waiting:
            self.steps.append(words.target(self.final.day, self.rule.receipt_may_count))
        last, skipped = counting.last_day(self.start, self.final.raw, self.rule, self.country)
        if skipped:
            self.steps.append(counting.rolled(last, skipped, self.rule))
        self._tell_other_reading()
        asks_calendar = self.rule.rolls or self.rule.length.unit == "working_days"
        if asks_calendar and self.final.day > calendar_ends(self.country):
            self.steps.append(words.calendar_unknown(self.final.day, calendar_ends(self.country), self.country))

    @property
    def waiting(self) -> Pause | None:
        """What the time stands still for, now."""
        return self._unanswered() or self.final.waiting

    def _unanswered(self) -> Pause | None:
        return next((pause for pause in self.awaited if pause.end is None and pause.start <= self.base.day), None)

    def _awaited(self) -> tuple[Pause, ...]:
        """Where the law's time begins only with the answer, waiting for it is no pause but comes before the start."""
        return tuple(
            pause for pause in self.course.pauses
            if _AWAITED.get(pause.reason) in self.rule.restarts and pause.reason not in self.rule.pauses
        )  # fmt: skip

    def _end(self, span: Span, by: Span | None) -> _End:
        raw = add(self.start, span, self.country)
        if by is not None:
            raw = counting.add_both(self.start, span, by, self.country)
        end = _End(raw, self._rolled(raw))
        for pause in self.stops:
            if pause.start > end.day:
                break  # the time had run out before: waiting afterwards does not give it back
            if pause.end is None:
                end.waiting = pause
                break
            end.raw += pause.end - pause.start
            end.day = self._rolled(end.raw)
        return end

    def _rolled(self, raw: date) -> date:
        return counting.last_day(self.start, raw, self.rule, self.country)[0]

    def _tell_start(self, city: City, *, again: bool) -> None:
        first = counting.begins(self.received, self.rule, city)
        self.steps.append(words.taken_up_again(self.received, city) if again else first)
        if (pause := self._unanswered()) is not None:
            article = self.rule.restarts[_AWAITED[pause.reason]].article
            self.steps.append(words.begins_with_the_answer(pause, article))
        elif self.start > self.received:
            self.steps.append(self._restart())
        raw = add(self.start, self.rule.length, self.country)
        self.steps.append(counting.period(self.start, raw, self.rule, self.country))
        for pause in self.course.pauses:
            if pause.reason not in self.rule.pauses and pause not in self.awaited:
                self.steps.append(words.does_not_stop(pause))

    def _restart(self) -> Step:
        kinds = {kind: day for kind, day in self.course.restarts.items() if kind in self.rule.restarts}
        kinds |= {
            _AWAITED[pause.reason]: pause.end or pause.start for pause in self.awaited
            if (pause.end or pause.start) == self.start
        }  # fmt: skip
        kind = max(kinds, key=lambda one: (kinds[one], one))
        return words.restarted(kind, self.start, self.rule.restarts[kind].article)

    def _lengthen(self) -> None:
        """The extension that counts, and those that do not; pauses are told where their days are added."""
        granted: Lengthened | None = None
        refused: list[Step] = []
        for one in self.course.extensions:
            if self.rule.extension is None:
                refused.append(words.no_extension(one.day))
            elif granted is not None:
                refused.append(words.second_extension(one.day))
            elif self.base.waiting is None and one.day > self.base.day:
                refused.append(words.late_extension(one.day, self.base.day, self.rule.extension.article))
            else:
                granted = one
        if granted is None or self.rule.extension is None:
            self._tell_pauses(add(self.start, self.rule.length, self.country))
        else:
            most = self.rule.extension.by
            by = granted.by or most
            longest = counting.add_both(self.start, self.rule.length, most, self.country)
            if counting.add_both(self.start, self.rule.length, by, self.country) > longest:
                by = most
            self.final, self.extended = self._end(self.rule.length, by), True
            raw = counting.add_both(self.start, self.rule.length, by, self.country)
            self.steps.append(words.extended(granted.day, by, raw, self.rule.extension.article))
            self._tell_pauses(raw)
        self.steps += refused

    def _tell_pauses(self, until: date) -> None:
        for pause in self.stops:
            if pause.start > self._rolled(until):
                self.steps.append(words.too_late_to_pause(pause, self._rolled(until)))
            elif pause.end is not None:
                until += pause.end - pause.start
                self.steps.append(words.paused(pause, pause.end, until, self._article(pause)))

    def _article(self, pause: Pause) -> str:
        return next(told.article for reason, told in self.rule.pauses.items() if reason == pause.reason)

    def _tell_other_reading(self) -> None:
        """Where the law's words may be read to leave out one day more for each wait: told, never relied on."""
        waits = [one for one in self.stops if one.end is not None and one.end > one.start]
        told = next((told for told in self.rule.pauses.values() if told.both_days), None)
        if told is None or not waits or self.final.waiting is not None:
            return
        later = self._rolled(self.final.raw + timedelta(days=len(waits)))
        self.steps.append(words.other_reading(later, told.article))


@dataclass(frozen=True, slots=True)
class _Own:
    """The controller's own promise: its day, when it has begun, and the words for it."""

    day: date | None = None
    steps: tuple[Step, ...] = ()


def _by_promise(course: Course, law: _Law, promise: Period | None, *, signed_form: bool) -> _Own:
    """A promise is kept as it was given: it does not roll past days off, so its date is never later than promised.

    Whoever was told in time why it takes longer was told the new date with it: from then on that one counts (I-4).
    Where it stands in for the law's own time (`signed_form`), it never gives more than the law from the same day on.
    """
    if promise is None or (law.extended and not signed_form):
        return _Own()
    if promise.from_ == "received":
        ends = add(law.start, promise, law.country)
        return _Own(ends, (words.promised(promise, ends),))
    if course.duly_executed is None:
        return _Own(None, (words.promise_waits(promise, law.start),))
    complete = max(course.duly_executed, law.start)
    spans = (promise, law.rule.length) if signed_form else (promise,)
    ends, span = min(((add(complete, one, law.country), one) for one in spans), key=lambda found: found[0])
    return _Own(ends, (words.promised_from_complete(span, complete, ends, signed_form=signed_form),))


def _put_together(course: Course, law: _Law, own: _Own, *, signed_form: bool) -> Clock:
    steps = [*law.steps, *own.steps]
    statutory = law.final.day
    due = min(statutory, own.day) if own.day else statutory
    if signed_form and own.day:
        due = own.day
    if course.stopped is not None:
        state: ClockState = "stopped"
    elif law.waiting is not None:
        state = "paused"
    else:
        state = "running"
    if state == "paused":
        assert law.waiting is not None
        steps.append(words.waiting(law.waiting, due))
        return Clock(
            state, earliest_due=due, promised_due=own.day, paused_since=law.waiting.start, extended=law.extended,
            steps=tuple(steps),
        )  # fmt: skip
    steps.append(words.due(due, statutory, own.day, signed_form=signed_form))
    if course.stopped is not None:
        steps.append(words.stopped(course.stopped))
    return Clock(
        state, due=due, statutory_due=statutory, promised_due=own.day, base_due=law.base.day, extended=law.extended,
        steps=tuple(steps),
    )  # fmt: skip
