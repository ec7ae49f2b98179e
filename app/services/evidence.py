"""Evidence (LAW 6): the least that shows who somebody is, taken in sealed, looked at with a trace, destroyed on time.

Nothing of a file is parsed here: what it is comes from its bytes, what is inside is opened in a process that can do
nothing else, and a scanner that does not answer makes a file wait, never pass.
"""

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from app.domain.errors import Forbidden, Invalid, NotFound, Refused, Unavailable
from app.domain.evidence import (
    FULL,
    LARGEST_FILE,
    MOST_FILES,
    MOST_OF_A_CASE,
    NOTHING_CHOSEN,
    PURPOSES,
    TOO_MANY,
    Kind,
    fault,
    file_name,
)
from app.domain.identity import text_fault, tidy
from app.domain.mail_checks import Head
from app.domain.messages import Message
from app.domain.permissions import SYSTEM, Actor, can
from app.domain.signed_form import codes_among
from app.gateways.previewing import Pages
from app.gateways.receiving import SealedUpload, bound_to
from app.gateways.scanner import Scan
from app.gateways.sniffing import Unfit, kind_of
from app.gateways.streams import decrypt_range
from app.models.cases import Case
from app.models.evidence import Evidence
from app.portal import Portal
from app.queries.policies import policy_of
from app.queries.reading import facts_of, load, load_by_id
from app.services import form_codes, mail_checks
from app.services.evidence_end import destroy as end
from app.work import Work

Upload = SealedUpload  # as the web names it, which knows no gateway
LONGEST_NOTE = 2000
_CLOSED = Message("This request is closed: no file can be added to it. Write a message instead.")


def incoming(portal: Portal) -> SealedUpload:
    """Where the bytes of one uploaded file go while they come."""
    return SealedUpload(portal.storage, largest=LARGEST_FILE)


@dataclass(frozen=True, slots=True)
class Examined:
    """A whole file after a look at it, outside of any transaction: what it is, or in one word why it is not taken."""

    upload: SealedUpload
    name: str
    kind: Kind | None
    fault: str | None
    scan: Scan | None  # none: the scanner did not answer
    mail: Head | None = None
    codes: tuple[str, ...] = ()  # of signed forms, where they were looked for


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file. With a `fault` it was not kept."""

    name: str
    id: str | None = None
    state: str | None = None
    fault: Message | None = None
    form: str | None = None  # whose signed form it is, where one is waited for


def take(
    portal: Portal, actor: Actor, controller_id: int, reference: str, *,
    files: Sequence[tuple[SealedUpload, str | None]], purpose: str,
) -> tuple[Taken, ...]:  # fmt: skip
    """Take in what was uploaded. A file that is not taken says why, and the others are kept all the same."""
    try:
        if not files:
            raise Invalid({"files": NOTHING_CHOSEN})
        if len(files) > MOST_FILES:
            raise Invalid({"files": TOO_MANY})
        with portal.reading(actor, controller_id) as work:
            case = load(work, reference)
            _check(work, case, purpose)
            codes = form_codes.row_of(work, case) is not None
        looked = [examine(portal, upload, name, codes=codes) for upload, name in files]
        with portal.work(actor, controller_id) as work:
            taken = tuple(receive(work, reference, one, purpose=purpose) for one in looked)
        for one, told in zip(looked, taken, strict=True):
            if told.fault is None:
                one.upload.keep()
        return taken
    finally:
        for upload, _ in files:
            upload.discard()


def examine(portal: Portal, upload: SealedUpload, given_name: str | None, *, codes: bool = False) -> Examined:
    """Size, kind, inside, virus scanner: in this order, so that the dear looks are at what passed the cheap ones.

    `codes`: also look for the codes of signed forms.
    """
    name = file_name(given_name)
    if upload.too_large:
        return Examined(upload, name, None, "too_large", None)
    data = b"".join(upload.chunks())
    try:
        kind = _look_into(portal, data)
        found = codes_among(portal.opener.codes(data, kind)) if codes else ()
    except Unfit as unfit:
        return Examined(upload, name, None, unfit.word, None)
    mail = portal.opener.mail(data) if kind == "eml" else None
    try:
        return Examined(upload, name, kind, None, portal.scanner.scan(upload.chunks()), mail, found)
    except Unavailable:
        return Examined(upload, name, kind, None, None, mail, found)


def _look_into(portal: Portal, data: bytes) -> Kind:
    kind = kind_of(data)
    portal.opener.check(data, kind)
    return kind


def receive(work: Work, reference: str, file: Examined, *, purpose: str) -> Taken:
    """Keep a file with its case, in one transaction with the trail. The same file once more is the one that is there;
    what the scanner found something in leaves its record, and nothing else."""
    case = load(work, reference)
    _check(work, case, purpose)
    if file.fault is not None or file.kind is None:
        return Taken(file.name, fault=fault(file.fault or "unknown", file.name))
    if (there := _same(work, case, file, purpose)) is not None:
        return _again(there, file)
    row = _row(work, case, file, purpose)
    row.form = form_codes.whose(work, case, file.codes)
    work.session.add(row)
    work.flush()
    told = {"evidence": row.public_id, "purpose": purpose, "kind": row.kind, "bytes": row.size, "sha256": row.sha256}
    work.audit("evidence:received", case=case, facts={**told, "scan": row.scan})
    form_codes.tell(work, case, row)
    if row.scan == "infected":
        end(work, case, row, how="infected")
        return Taken(file.name, row.public_id, row.state, fault("infected", file.name))
    return Taken(file.name, row.public_id, row.state, form=row.form)


def _check(work: Work, case: Case, purpose: str) -> None:
    """Whether the actor may send a file of that purpose to the case now."""
    if not can(work.actor, "case:view", facts_of(case)):
        raise NotFound
    if not can(work.actor, "evidence:send", facts_of(case)):
        raise Forbidden("Your role does not allow to add files.")
    if purpose not in PURPOSES:
        raise Invalid({"purpose": Message("Say what the file is for.")})
    if case.status == "closed" or case.data_key is None:
        raise Refused(_CLOSED)
    count = select(func.count(Evidence.id)).where(Evidence.case_id == case.id, Evidence.object_name.is_not(None))
    if work.session.scalars(count).one() >= MOST_OF_A_CASE:
        raise Invalid({"files": FULL})


def _same(work: Work, case: Case, file: Examined, purpose: str) -> Evidence | None:
    return work.session.scalars(
        select(Evidence).where(
            Evidence.case_id == case.id,
            Evidence.sha256 == file.upload.sha256,
            Evidence.purpose == purpose,
            Evidence.object_name.is_not(None),
        )
    ).first()


def _again(there: Evidence, file: Examined) -> Taken:
    """The second copy's object goes; the first one's stays."""
    file.upload.discard()
    return Taken(file.name, there.public_id, there.state, form=there.form)


def _row(work: Work, case: Case, file: Examined, purpose: str) -> Evidence:
    public_id, scan = secrets.token_urlsafe(16), file.scan
    return Evidence(
        public_id=public_id,
        case_id=case.id,
        purpose=purpose,
        state="waiting_for_scanner" if scan is None or scan.result == "infected" else "ready",
        kind=file.kind,
        name=work.seal_for(case, file.name, place=f"evidence/{public_id}/name"),
        object_name=file.upload.name,
        data_key=work.keyring.wrap(file.upload.key, bound_to=_key_place(public_id)),
        size=file.upload.size,
        sha256=file.upload.sha256,
        login_id=work.actor.login_id if work.actor.kind == "staff" else None,
        uploaded_at=work.now,
        scan=scan.result if scan is not None else "waiting",
        scanned_at=work.now if scan is not None and scan.result != "no_scanner" else None,
        finding=scan.finding if scan is not None else None,
        mail_checks=mail_checks.of_file(work, case, kind=file.kind, head=file.mail, public_id=public_id),
        destroy_by=(work.now + timedelta(days=policy_of(work, case).regime.evidence_days)).date(),
    )


@dataclass(frozen=True, slots=True)
class Opened:
    """A file that may be read: written into the trail already."""

    id: str
    name: str
    kind: Kind
    size: int
    object_name: str
    key: bytes


def open_(work: Work, reference: str, evidence_id: str, *, look: bool = False) -> Opened:
    """Staff open a file, or `look` at pictures of it; who and when stands in the trail. Never one that the scanner has
    not seen."""
    case, row = _found(work, reference, evidence_id)
    if row.state != "ready" or row.object_name is None:
        raise Refused(_NOT_NOW.get(row.state, _NOT_NOW["destroyed"]))
    event = "evidence:looked_at" if look else "evidence:opened"
    work.audit(event, case=case, facts={"evidence": row.public_id})
    return Opened(
        id=row.public_id,
        name=work.unseal_for(case, row.name or b"", place=f"evidence/{row.public_id}/name"),
        kind=row.kind,  # type: ignore[arg-type]  # only kinds are ever written there
        size=row.size,
        object_name=row.object_name,
        key=_key(work, row),
    )


_NOT_NOW = {
    "waiting_for_scanner": Message("The virus scanner has not seen this file yet. It can be opened once it has."),
    "rejected": Message("The virus scanner found something in this file, so it was not kept."),
    "destroyed": Message("This file was destroyed."),
}


def bytes_of(portal: Portal, file: Opened) -> Iterator[bytes]:
    """The file itself, as it came."""
    return decrypt_range(portal.storage, file.object_name, file.key, bound_to=bound_to(file.object_name))


def pages_of(portal: Portal, file: Opened) -> Pages:
    """The file as pictures made anew; none where it cannot be drawn."""
    try:
        return portal.opener.draw(b"".join(bytes_of(portal, file)), file.kind)
    except Unfit:
        return Pages()


def note(work: Work, reference: str, evidence_id: str, text: str) -> None:
    """What staff saw in it: the note stays when the file goes, and is what a later acceptance rests on."""
    case, row = _found(work, reference, evidence_id)
    said = tidy(text)
    wrong = text_fault(said, max_length=LONGEST_NOTE, lines=True)
    if wrong is not None or not said:
        raise Invalid({"note": wrong or Message("Write what you saw.")})
    row.note = work.seal_for(case, said, place=f"evidence/{row.public_id}/note")
    work.audit("evidence:noted", case=case, facts={"evidence": row.public_id}, personal={"note": said})


def destroy(work: Work, reference: str, evidence_id: str) -> None:
    """Staff destroy a file that is not needed, such as more than was asked for."""
    case, row = _found(work, reference, evidence_id)
    end(work, case, row, how="by_staff")


def _found(work: Work, reference: str, evidence_id: str) -> tuple[Case, Evidence]:
    case = load(work, reference)
    row = work.session.scalars(
        select(Evidence).where(Evidence.case_id == case.id, Evidence.public_id == evidence_id)
    ).one_or_none()
    if row is None or not can(work.actor, "case:view", facts_of(case)):
        raise NotFound
    if not can(work.actor, "evidence:open", facts_of(case)):
        raise Forbidden("Your role does not allow to open files.")
    return case, row


def destroy_due(portal: Portal, controller_id: int) -> int:
    """Every file whose latest date has come, whatever became of its case."""
    with portal.work(SYSTEM, controller_id) as work:
        due = work.session.scalars(
            select(Evidence)
            .where(Evidence.destroyed_at.is_(None), Evidence.destroy_by <= work.now.date())
            .order_by(Evidence.id)
            .limit(500)
        ).all()
        for row in due:
            end(work, load_by_id(work, row.case_id), row, how="latest_date")
        return len(due)


def scan_waiting(portal: Portal, controller_id: int) -> int:
    """Show the scanner what waits for it; a file for which it still does not answer waits on, and the others do not."""
    with portal.reading(SYSTEM, controller_id) as work:
        waiting = [
            (row.id, row.object_name or "", _key(work, row))
            for row in work.session.scalars(
                select(Evidence).where(Evidence.state == "waiting_for_scanner").order_by(Evidence.id).limit(100)
            )
        ]
    done = 0
    for number, name, key in waiting:
        try:
            scan = portal.scanner.scan(decrypt_range(portal.storage, name, key, bound_to=bound_to(name)))
        except (Unavailable, NotFound):  # away, or destroyed meanwhile
            continue
        done += _scanned(portal, controller_id, number, scan)
    return done


def _scanned(portal: Portal, controller_id: int, number: int, scan: Scan) -> int:
    with portal.work(SYSTEM, controller_id) as work:
        row = work.session.scalars(
            select(Evidence).where(Evidence.id == number, Evidence.state == "waiting_for_scanner").with_for_update()
        ).one_or_none()
        if row is None:
            return 0
        case = load_by_id(work, row.case_id)
        row.scan, row.finding = scan.result, scan.finding
        row.scanned_at = work.now if scan.result != "no_scanner" else None
        work.audit("evidence:scanned", case=case, facts={"evidence": row.public_id, "scan": scan.result})
        if scan.result == "infected":
            end(work, case, row, how="infected")
        else:
            row.state = "ready"
        return 1


def _key(work: Work, row: Evidence) -> bytes:
    return work.keyring.unwrap(row.data_key or b"", bound_to=_key_place(row.public_id))


def _key_place(public_id: str) -> bytes:
    return f"evidence/{public_id}/key".encode()
