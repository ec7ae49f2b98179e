"""A company's letter as the desk sees it (M-8, G-3): whether it comes from an address on file, what the mail shows, who
was called back where and what they said."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from app.domain.call_backs import PAPER
from app.domain.customers import Company, company_of
from app.domain.mail_checks import MailChecks, Sameness, compared
from app.domain.permissions import can
from app.domain.policy import Text
from app.models.cases import Case
from app.models.evidence import Evidence
from app.models.people import Login
from app.models.proof import CallBack, OnFile
from app.queries.mail_checks import checks_of
from app.queries.policies import policy_of
from app.queries.reading import by_letter, facts_of, load, personal_of
from app.queries.registered import may_record, registered_of
from app.work import Work


@dataclass(frozen=True, slots=True)
class Registered:
    """A contact on file for the company's number. `value` is empty for who may not call back; `answer`: what its owner
    said when they were told of the request."""

    id: int
    kind: str
    value: str
    from_paper: bool
    system: Text  # none for what stands in the company's papers
    answer: str | None


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail among the files, and how its sender stands to the addresses on file."""

    name: str
    checks: MailChecks
    sameness: Sameness
    uploaded_at: datetime


@dataclass(frozen=True, slots=True)
class Call:
    """One call back."""

    at: datetime
    who: str
    kind: str
    value: str
    from_paper: bool
    result: str
    note: str


@dataclass(frozen=True, slots=True)
class OfficialLetter:
    """All of it. `denied` warns of an impostor; `looked_up`: whether the systems have been asked yet."""

    company: Company | None
    registered: tuple[Registered, ...]
    mails: tuple[Mail, ...]
    calls: tuple[Call, ...]
    looked_up: bool
    may_record: bool

    @property
    def last(self) -> str | None:
        """What was said the last time that somebody could say anything."""
        return next((one.result for one in reversed(self.calls) if one.result != "not_reached"), None)


def look(work: Work, reference: str) -> OfficialLetter | None:
    """None for a request to which no letter belongs, and for one whose key is gone."""
    case = load(work, reference, lock=False)
    if case.data_key is None or not by_letter(work, case):
        return None
    rows, seen = registered_of(work, case), can(work.actor, "case:call_back", facts_of(case))
    values = {row.id: value_of(work, case, row) for row in rows}
    addresses = [values[row.id] for row in rows if row.kind == "email"]
    systems = policy_of(work, case).datasets
    return OfficialLetter(
        company=company_of(personal_of(work, case)),
        registered=tuple(
            Registered(row.id, row.kind, values[row.id] if seen else "", row.connection == PAPER,
                       "" if row.connection == PAPER else systems[row.connection].title,
                       row.answer) for row in rows
        ),
        mails=tuple(_mails(work, case, addresses)),
        calls=tuple(_calls(work, case, {row.id: row for row in rows}, values if seen else {})),
        looked_up=case.looked_up_at is not None,
        may_record=may_record(work, case, rows),
    )  # fmt: skip


def value_of(work: Work, case: Case, row: OnFile) -> str:
    """The contact itself, for who may call it."""
    return str(work.unseal_for(case, row.value, place=f"on_file/{row.digest.hex()}"))


def _mails(work: Work, case: Case, addresses: Sequence[str]) -> list[Mail]:
    files = select(Evidence).where(Evidence.case_id == case.id, Evidence.mail_checks.is_not(None)).order_by(Evidence.id)
    found = []
    for row in work.session.scalars(files):
        checks = checks_of(work, case, row)
        name = work.unseal_for(case, row.name, place=f"evidence/{row.public_id}/name") if row.name else ""
        if checks is not None:
            found.append(Mail(str(name), checks, compared(checks.sender, addresses), row.uploaded_at))
    return found


def _calls(work: Work, case: Case, rows: dict[int, OnFile], values: dict[int, str]) -> list[Call]:
    found = work.session.execute(
        select(CallBack, Login.name)
        .join(Login, Login.id == CallBack.login_id)
        .where(CallBack.case_id == case.id)
        .order_by(CallBack.id)
    )
    return [
        Call(
            at=one.called_at, who=who, kind=rows[one.on_file_id].kind, value=values.get(one.on_file_id, ""),
            from_paper=rows[one.on_file_id].connection == PAPER, result=one.result,
            note=str(work.unseal_for(case, one.note, place="call_back/note")),
        )
        for one, who in found
    ]  # fmt: skip
