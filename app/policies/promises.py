"""Where a controller's promise and the law differ: named with the article, never hidden (LAW 4.7).

The file stays usable: a running case follows the law wherever a promise gives less.
"""

from collections.abc import Iterator
from datetime import date
from functools import cache
from math import ceil

from dateutil.relativedelta import relativedelta

from app.catalogs import LANGUAGES
from app.domain.policy import ControllerFile, Regime, RightOffer
from app.domain.policy_values import AtOnce, Period, Span
from app.policies.faults import Fault, Path
from app.policies.yaml_file import Document

PROOF_DAYS = 7  # how long it may take until it is certain who asks
LONGEST_HOLIDAYS = 10  # the most days off in a row beside weekends: New Year in Russia
ON_PAPER = {"signed_form", "official_letter"}
EXAMPLES = ("example", "example.com", "example.net", "example.org", "invalid", "test")  # RFC 2606
_STARTS = [date(2024, 1, 1) + relativedelta(months=month) - relativedelta(days=day) for month in range(48)
           for day in (0, 1)]  # fmt: skip


def conflicts(file: ControllerFile, document: Document, regime: Regime) -> Iterator[Fault]:
    """Every remark on what the file promises under this law."""
    yield from _languages(file, document)
    yield from _contacts(file, document, regime)
    yield from _left_out(file, document, regime)
    for right, offer in file.rights.items():
        here = ("rights", right)
        if offer.respond_within is not None:
            yield from _promise(offer.respond_within, regime, right, document)
        if right == "erasure" and offer.cooling_off is not None:
            yield from _cooling_off(offer.cooling_off, regime, document)
        if regime.facilitation and _on_paper_only(offer) and _of_subjects(right, regime):
            wrong = f"can only be proven on signed paper, which makes asking hard ({regime.facilitation})"
            yield document.fault((*here, "proof"), wrong, "another way beside it, such as email_code")
    yield from _backups(file, document, regime)


def _promise(promise: Period, regime: Regime, right: str, document: Document) -> Iterator[Fault]:
    rule, here = regime.rule(right), ("rights", right, "respond_within")
    law = f"{_words(rule.length)} of the law ({rule.article})"
    always, sometimes = _longer(promise, rule.length)
    if always:
        yield document.fault(here, f"{_words(promise)} is longer than the {law}", "the law's date counts")
    elif sometimes:
        yield document.fault(here, f"{_words(promise)} can be longer than the {law}", "the earlier date counts")
    if promise.from_ == "duly_executed":
        wrong = f"counts from the complete request, and the {law} from the first one that arrives"
        counts = (
            "the earlier date counts" if regime.signed_form is None else "from the signed form on, the promise counts"
        )
        yield document.fault(here, wrong, f"both are shown, and {counts}")


def _cooling_off(wait: Span, regime: Regime, document: Document) -> Iterator[Fault]:
    rule = regime.rule("erasure")
    if _days(wait)[1] + PROOF_DAYS > _days(rule.length)[0]:
        wrong = f"{_words(wait)} and the proof of identity can take longer than {_words(rule.length)} ({rule.article})"
        allowed = "answer once it is confirmed: set aside now, erased on a named day; the person may waive the wait"
        yield document.fault(("rights", "erasure", "cooling_off"), wrong, allowed)


def _of_subjects(right: str, regime: Regime) -> bool:
    return any(name == right and "self" in one.capacities for name, one in regime.rights.items())


def _on_paper_only(offer: RightOffer) -> bool:
    return bool(offer.proof) and all(ON_PAPER & set(proof.all_of) for proof in offer.proof)


def _backups(file: ControllerFile, document: Document, regime: Regime) -> Iterator[Fault]:
    """Copies that outlive the account: its deletion wins (M-7, M-11)."""
    for at, backup in enumerate(file.backups):
        ends = {name: account.delete_after_expiry for name, account in file.accounts.items()}
        outlived = [f"{name} ({_words(end)})" for name, end in ends.items() if any(_longer(backup.keep, end))]
        if outlived:
            wrong = f"{_words(backup.keep)} is longer than these accounts are kept: {', '.join(outlived)}"
            article = regime.rights["erasure"].article if "erasure" in regime.rights else regime.refusal_article
            allowed = f"the copies go with the account, or the letter names the day when the last is gone ({article})"
            yield document.fault(("backups", at, "keep"), wrong, allowed)


def _left_out(file: ControllerFile, document: Document, regime: Regime) -> Iterator[Fault]:
    missing = [f"{name} ({right.article})" for name, right in regime.rights_of_subjects().items()
               if name not in file.rights]  # fmt: skip
    if missing:
        wrong = f"leaves out what the law gives: {', '.join(missing)}"
        yield document.fault(("rights",), wrong, "offer it; who asks for it must be answered in any case")


def _contacts(file: ControllerFile, document: Document, regime: Regime) -> Iterator[Fault]:
    """Letters name the controller with a real address, and its officer where it has one (Art. 13(1)(b))."""
    who = file.controller
    article = next((one.article for one in regime.letters.get("acknowledgement", ()) if one.key == "contact"), "")
    why = f"letters must name it ({article})" if article else "letters must name it"
    if who.dpo is None:
        yield document.fault(("controller",), "has no dpo", f"{why} where there is one")
    if who.contact.post is None:
        yield document.fault(("controller", "contact"), "has no post", why)
    addresses: list[tuple[Path, str]] = [(("controller", "contact", "email"), who.contact.email)]
    addresses += [(("controller", "dpo", "email"), who.dpo.email)] if who.dpo else []
    for path, address in addresses:
        host = address.rpartition("@")[2].lower()
        if any(host == one or host.endswith("." + one) for one in EXAMPLES):
            yield document.fault(path, f"“{address}” is an example address, which nobody reads", why)


def _languages(file: ControllerFile, document: Document) -> Iterator[Fault]:
    for at, language in enumerate(file.controller.languages):
        if language not in LANGUAGES:
            wrong = f"“{language}” is no language of the portal: its own words and the law's stay English there"
            yield document.fault(("controller", "languages", at), wrong, "complete: " + ", ".join(LANGUAGES))


def _longer(one: Span, other: Span) -> tuple[bool, bool]:
    """Whether it always is longer than the other, and whether it sometimes is."""
    if one.unit == other.unit:
        return one.count > other.count, one.count > other.count
    (least, most), (other_least, other_most) = _days(one), _days(other)
    return least > other_most, most > other_least


def _days(span: Span) -> tuple[int, int]:
    return _lasts(span.unit, span.count)


@cache
def _lasts(unit: str, count: int) -> tuple[int, int]:
    """The fewest and the most days that so many of these units last."""
    if unit in {"months", "years"}:
        lengths = [(start + relativedelta(**{unit: count}) - start).days for start in _STARTS]  # type: ignore[arg-type]  # months or years
        return min(lengths), max(lengths)
    if unit == "working_days":
        return count + 2 * ((count - 1) // 5), count + 2 * ceil(count / 5) + LONGEST_HOLIDAYS
    if unit == "hours":
        return count // 24, ceil(count / 24)
    return (count * 7, count * 7) if unit == "weeks" else (count, count)


def _words(span: Span) -> str:
    if isinstance(span, AtOnce):
        return "time (at once)"
    unit = span.unit.replace("_", " ")
    return f"{span.count} {unit[:-1] if span.count == 1 else unit}"
