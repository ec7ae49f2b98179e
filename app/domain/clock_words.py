"""What is said of each thing that moves a deadline (Art. 12(3), 12(4)): one sentence each, with its article."""

from datetime import date, timedelta

from app.domain.calendars import City, Day, Place
from app.domain.clock import Pause, Step
from app.domain.counting import length
from app.domain.messages import Message
from app.domain.policy_values import Period, Span


def taken_up_again(day: date, city: City) -> Step:
    """A new clock beside the old one."""
    return Step(day, "reopened", Message(
        "Taken up again on %(day)s (%(city)s time): a new time begins, and that day itself is not counted.",
        {"day": Day.of(day), "city": city}))  # fmt: skip


def restarted(kind: str, day: date, article: str) -> Step:
    """The law counts from something that came after the request."""
    values = {"day": Day.of(day), "article": article}
    if kind == "fee_paid":
        return Step(day, "restart", Message(
            "The time begins on %(day)s, the day on which the fee was paid (%(article)s).", values))  # fmt: skip
    return Step(day, "restart", Message(
        "The time begins on %(day)s, the day on which the proof of identity that was asked for came in (%(article)s).",
        values))  # fmt: skip


def begins_with_the_answer(pause: Pause, article: str) -> Step:
    """The law counts from an answer that has not come."""
    return Step(pause.start, "restart", Message(
        "A question was sent on %(day)s; the time begins only with its answer (%(article)s), on that day at the"
        " earliest.", {"day": Day.of(pause.start), "article": article}))  # fmt: skip


def paused(pause: Pause, answered: date, until: date, article: str) -> Step:
    """Waiting that stopped the time: so many days are added to the unrolled date."""
    days = (answered - pause.start).days
    values = {
        "asked": Day.of(pause.start), "answered": Day.of(answered), "article": article, "until": Day.of(until),
        "length": length(Span(days=days)) if days else None,
    }  # fmt: skip
    if not days:
        return Step(until, "pause", Message(
            "Asked and answered on %(asked)s: the time did not stand still.", values))  # fmt: skip
    if pause.reason == "identity":
        return Step(until, "pause", Message(
            "From %(asked)s to %(answered)s proof of identity was awaited. The time stood still for %(length)s"
            " (%(article)s): until %(until)s.", values))  # fmt: skip
    return Step(until, "pause", Message(
        "From %(asked)s to %(answered)s an answer about what the request covers was awaited. The time stood still for"
        " %(length)s (%(article)s): until %(until)s.", values))  # fmt: skip


def does_not_stop(pause: Pause) -> Step:
    """Waiting that the law gives no time for."""
    return Step(pause.start, "no_pause", Message(
        "A question was sent on %(day)s. Under this law, waiting for the answer does not stop the time.",
        {"day": Day.of(pause.start)}))  # fmt: skip


def too_late_to_pause(pause: Pause, ended: date) -> Step:
    """Waiting that began when the time was over."""
    return Step(pause.start, "late_pause", Message(
        "A question was sent on %(day)s, but the time had ended on %(ended)s: waiting does not give it back.",
        {"day": Day.of(pause.start), "ended": Day.of(ended)}))  # fmt: skip


def waiting(pause: Pause, earliest: date) -> Step:
    """The time stands still now."""
    values = {"day": Day.of(pause.start), "earliest": Day.of(earliest)}
    if pause.reason == "identity":
        return Step(earliest, "waiting", Message(
            "The time stands still since %(day)s, as proof of identity is awaited. The answer is due on %(earliest)s at"
            " the earliest; each day of waiting is added.", values))  # fmt: skip
    if pause.reason == "fee":
        return Step(earliest, "waiting", Message(
            "The time stands still since %(day)s, as the fee is awaited. The answer is due on %(earliest)s at the"
            " earliest; each day of waiting is added.", values))  # fmt: skip
    return Step(earliest, "waiting", Message(
        "The time stands still since %(day)s, as an answer about what the request covers is awaited. The answer is due"
        " on %(earliest)s at the earliest; each day of waiting is added.", values))  # fmt: skip


def extended(told: date, by: Span, until: date, article: str) -> Step:
    """The one extension that counts."""
    return Step(until, "extension", Message(
        "On %(told)s, in time, an extension by %(length)s was announced (%(article)s). Both times are counted together"
        " from the same start: until %(until)s.",
        {"told": Day.of(told), "length": length(by), "article": article, "until": Day.of(until)}))  # fmt: skip


def late_extension(told: date, last: date, article: str) -> Step:
    """An extension that was told too late to count."""
    return Step(told, "late_extension", Message(
        "On %(told)s an extension was announced. That was too late, as it could be announced only until %(last)s"
        " (%(article)s): the time stays as it was.",
        {"told": Day.of(told), "last": Day.of(last), "article": article}))  # fmt: skip


def second_extension(told: date) -> Step:
    """The time is extended once only."""
    return Step(told, "second_extension", Message(
        "On %(told)s another extension was announced. The time can be lengthened only once: it stays as it was.",
        {"told": Day.of(told)}))  # fmt: skip


def no_extension(told: date) -> Step:
    """This law knows none."""
    return Step(told, "no_extension", Message(
        "On %(told)s an extension was announced. This law gives none: the time stays as it was.",
        {"told": Day.of(told)}))  # fmt: skip


def other_reading(later: date, article: str) -> Step:
    """Information only: the portal keeps to the earlier date, which is in time under every reading."""
    return Step(later, "other_reading", Message(
        "Read by the letter, %(article)s leaves out the day of the question and the day of the answer alike; the answer"
        " would then be due on %(day)s. The earlier date counts here.",
        {"article": article, "day": Day.of(later)}))  # fmt: skip


def target(last: date, article: str) -> Step:
    """Where the law may be read to count the day of receipt too, a day less is right under both readings."""
    aim = last - timedelta(days=1)
    return Step(aim, "target", Message(
        "Aim at %(day)s: who counts the day of receipt too (%(article)s) ends there, so it is in time under every"
        " reading.", {"day": Day.of(aim), "article": article}))  # fmt: skip


def calendar_unknown(day: date, last: date, country: str) -> Step:
    """Days off that are decreed year by year may still move the date."""
    return Step(day, "calendar", Message(
        "The days off of %(country)s are known only until %(last)s: this date may still move.",
        {"country": Place(country), "last": Day.of(last)}))  # fmt: skip


def promised(promise: Period, ends: date) -> Step:
    """The controller's own word."""
    return Step(ends, "promise", Message(
        "The organisation promises an answer within %(length)s of receipt: by %(day)s.",
        {"length": length(promise), "day": Day.of(ends)}))  # fmt: skip


def promise_waits(promise: Period, start: date) -> Step:
    """The promise hangs on a document that has not come; the law's time does not."""
    return Step(start, "promise_waits", Message(
        "The organisation promises an answer within %(length)s of the complete request. That time has not begun: the"
        " complete request is not here yet. The time of the law runs all the same.",
        {"length": length(promise)}))  # fmt: skip


def promised_from_complete(span: Span, complete: date, ends: date, *, signed_form: bool) -> Step:
    """The clock that a complete document starts, beside the law's own from the first receipt."""
    values = {"length": length(span), "complete": Day.of(complete), "day": Day.of(ends)}
    if signed_form:
        return Step(ends, "signed_form", Message(
            "The request was complete on %(complete)s. Counted from there, %(length)s end on %(day)s.",
            values))  # fmt: skip
    return Step(ends, "promise", Message(
        "The organisation promises an answer within %(length)s of the complete request, which came on %(complete)s: by"
        " %(day)s.", values))  # fmt: skip


def due(day: date, statutory: date, promised: date | None, *, signed_form: bool) -> Step:
    """The end of the counting, and which of two dates counts."""
    values = {"day": Day.of(day), "other": Day.of(promised if promised and day == statutory else statutory)}
    if promised is None or promised == statutory:
        return Step(day, "due", Message("The answer is due by the end of %(day)s.", values))
    if signed_form and statutory < promised:
        return Step(day, "due", Message(
            "The answer is due by the end of %(day)s. Counted from the first paper the time of the law ends on"
            " %(other)s: an answer by then is in time under every reading.", values))  # fmt: skip
    if promised < statutory:
        return Step(day, "due", Message(
            "The promise is earlier than the law asks (%(other)s), so it counts: the answer is due by the end of"
            " %(day)s.", values))  # fmt: skip
    return Step(day, "due", Message(
        "The law is stricter than the promise (%(other)s), so it counts: the answer is due by the end of %(day)s.",
        values))  # fmt: skip


def stopped(day: date) -> Step:
    """The time has ended with the answer."""
    return Step(day, "stopped", Message(
        "Answered on %(day)s: the time stopped running then.", {"day": Day.of(day)}))  # fmt: skip
