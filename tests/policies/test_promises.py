"""Promises that give less than the law, each named with its article (LAW 4.7, C1 to C7)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from app.policies.loader import read_controller

Write = Callable[..., Path]
ACCESS = "  access: {proof: [email_code], respond_within: {days: 30}, approvers: 1}"
LATVIA = {"regime: gdpr": "regime: gdpr"}
RUSSIA = {"regime: gdpr": "regime: ru_152fz", "country: LV": "country: RU", "Europe/Riga": "Europe/Moscow"}
BRITAIN = {"regime: gdpr": "regime: uk_gdpr", "country: LV": "country: GB-ENG", "Europe/Riga": "Europe/London"}
MONTH = "1 month of the law (GDPR, Art. 12(3))"
WORKING = "10 working days of the law (152-FZ, Art. 14(3), 20(1))"


def remarks(write: Write, field: str, changes: dict[str, str]) -> list[str]:
    path = write(controller=changes)
    found = read_controller(path).warnings
    return [str(one).rpartition("acme.yaml:")[2].partition(": ")[2] for one in found if one.field == field]


@pytest.mark.parametrize(("where", "right", "promise", "expected"), [
    (LATVIA, "access", "days: 28", []),
    (LATVIA, "access", "working_days: 10", []),
    (LATVIA, "access", "months: 1", []),
    (LATVIA, "access", "days: 30", [f"30 days can be longer than the {MONTH}; the earlier date counts"]),  # C3, I-4
    (LATVIA, "access", "weeks: 5", [f"5 weeks is longer than the {MONTH}; the law's date counts"]),  # C5
    (LATVIA, "erasure", "days: 90", [f"90 days is longer than the {MONTH}; the law's date counts"]),  # C5, G-3
    (LATVIA, "access", "months: 2", [f"2 months is longer than the {MONTH}; the law's date counts"]),
    (LATVIA, "consent_withdrawal", "days: 1", [
        "1 day is longer than the time (at once) of the law (GDPR, Art. 7(3)); the law's date counts"]),
    (RUSSIA, "access", "working_days: 10", []),
    (RUSSIA, "access", "days: 15", [f"15 days can be longer than the {WORKING}; the earlier date counts"]),
    (RUSSIA, "access", "working_days: 10, from: duly_executed", [  # C4, R-3
        f"counts from the complete request, and the {WORKING} from the first one that arrives; both are shown, and from"
        " the signed form on, the promise counts"]),
    (LATVIA, "access", "working_days: 10, from: duly_executed", [
        f"counts from the complete request, and the {MONTH} from the first one that arrives; both are shown, and the"
        " earlier date counts"]),
])  # fmt: skip
def test_a_promise_beside_the_time_of_the_law(
    write: Write, where: dict[str, str], right: str, promise: str, expected: list[str]
) -> None:
    changes = where | {ACCESS: f"  {right}: {{respond_within: {{{promise}}}}}"}
    field = f"rights.{right}.respond_within"
    assert remarks(write, field, changes) == [f"{field}: {text}" for text in expected]


@pytest.mark.parametrize(("wait", "named"), [("days: 30", True), ("weeks: 4", True), ("weeks: 2", False)])
def test_time_to_think_again_that_passes_the_month(write: Write, wait: str, *, named: bool) -> None:
    # C1, M-8
    field = "rights.erasure.cooling_off"
    found = remarks(write, field, {ACCESS: f"  erasure: {{cooling_off: {{{wait}, effect: suspend}}}}"})
    assert bool(found) is named
    assert all("and the proof of identity can take longer than 1 month (GDPR, Art. 12(3)); answer" in f for f in found)


def test_backups_that_outlive_the_account(write: Write) -> None:
    # C2, M-7, M-11
    assert remarks(write, "backups[1].keep", {}) == [
        "backups[1].keep: 1 year is longer than these accounts are kept: commercial (120 days), demo (1 month);"
        " the copies go with the account, or the letter names the day when the last is gone (Art. 17)"
    ]
    assert remarks(write, "backups[0].keep", {}) == []


@pytest.mark.parametrize(("where", "proof", "named"), [
    (LATVIA, "[signed_form]", True),
    (BRITAIN, "[signed_form, {all_of: [email_code, signed_form]}]", True),
    (LATVIA, "[email_code, signed_form]", False),
    (LATVIA, "[{all_of: [email_code, account_session]}]", False),
    (RUSSIA, "[signed_form]", False),  # the law itself asks for a signature: R-2
])  # fmt: skip
def test_a_signed_form_as_the_only_way(write: Write, where: dict[str, str], proof: str, *, named: bool) -> None:
    # C4
    found = remarks(write, "rights.access.proof", where | {ACCESS: f"  access: {{proof: {proof}}}"})
    text = "can only be proven on signed paper, which makes asking hard (Art. 12(2)); another way beside it"
    assert [text in one for one in found] == ([True] if named else [])


def test_rights_that_are_left_out(write: Write) -> None:
    # C6
    (found,) = remarks(write, "rights", {ACCESS: "  access: {}\n  portability: {}\n  erasure: {}"})
    assert found == (
        "rights: leaves out what the law gives: rectification (Art. 16), restriction (Art. 18), objection (Art. 21),"
        " consent_withdrawal (Art. 7(3)), automated_decision_review (Art. 22); offer it; who asks for it must be"
        " answered in any case"
    )


@pytest.mark.parametrize(("changes", "field", "expected"), [
    ({}, "controller.contact.email", "“privacy@acme.example” is an example address, which nobody reads"),
    ({}, "controller.dpo.email", "“dpo@acme.example” is an example address, which nobody reads"),
    ({"privacy@acme.example": "privacy@acme.lv"}, "controller.contact.email", None),
    ({"privacy@acme.example": "a@notexample.com"}, "controller.contact.email", None),
    ({"privacy@acme.example": "a@mail.example.com"}, "controller.contact.email", "“a@mail.example.com” is an example"),
    ({"  dpo: {name: Data Protection Officer, email: dpo@acme.example}\n": ""}, "controller", "has no dpo"),
    ({', post: "1 Example Street, Riga"': ""}, "controller.contact", "has no post"),
])  # fmt: skip
def test_contacts_without_which_no_letter_goes_out(
    write: Write, changes: dict[str, str], field: str, expected: str | None
) -> None:
    # C7
    found = remarks(write, field, changes)
    assert len(found) == (expected is not None)
    assert all(f"{field}: {expected}" in one and "(Art. 13(1)(a), (b))" in one for one in found)


def test_a_language_that_the_portal_does_not_speak(write: Write) -> None:
    assert remarks(write, "controller.languages[1]", {"[en, lv]": "[en, de]"}) == [
        "controller.languages[1]: “de” is no language of the portal: its own words and the law's stay English there;"
        " complete: en, lv, ru, ro, bg"
    ]
