"""What the portal writes (Art. 12(1), 12(4)): mails that are one message however often they are sent, and refusals
that hold everything the law asks for."""

import hashlib
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.attempts import Attempt
from app.domain.errors import Forbidden, NotFound, Refused
from app.domain.letters import LETTERS, required
from app.domain.lifecycle import TRANSITIONS
from app.domain.permissions import ANONYMOUS
from app.domain.regime import Element, Regime, Regimes
from app.domain.representation import Representing
from app.gateways.mail import Mail
from app.gateways.pdf import WeasyPrinter
from app.gateways.rendering import TEMPLATES
from app.models.cases import Letter
from app.models.ledger import Job
from app.models.people import Membership
from app.policies.loader import load_regimes
from app.queries import history
from app.queries.policies import REGIMES
from app.queries.reading import load
from app.services import address_codes, housekeeping, intake, letters, moves, policies, review, verification
from app.services.jobs import take_due
from app.services.posting import message_key
from tests.factories import ANA, NOBODY, START, House, a_filing, person
from tests.services.letters import OFFERED, REASON, WITHOUT_CASE
from workers.handlers import HANDLERS
from workers.lease import perform

SNAPSHOTS = Path(__file__).parent / "snapshots"
MAILS = sorted(path.name for path in (TEMPLATES / "mail").iterdir() if path.is_dir())
MAILING = {"mail": "letter", "letter": "letter", "letter_mail": "letter", "login_mail": "login-notice",
           "on_file_notice": "on-file-notice", "own_code": "own-code", "own_closed": "own-closed"}  # fmt: skip
EVIDENCE = "The requests of 1, 8 and 15 November."
REFUSED = {"ground": "excessive", "reason": REASON, "evidence": EVIDENCE}


def all_mails(house: House) -> dict[str, Mail]:
    """Each kind of mail, as one request brings it about."""
    released = house.in_status("closed")
    with house.work(person(released)) as work:
        verification.send_code(work, released, "download")
    house.run()
    lapsed = house.filed()
    house.run()
    house.move(lapsed, "close", reason="You did not confirm it.")
    house.move(lapsed, "reopen", reason="You called us.")
    with house.work() as work:
        login_id = work.session.scalars(select(Membership.login_id).order_by(Membership.id)).first()
        work.enqueue("login_mail", login=login_id, notice="factor_reset", session="")
    address_codes.send(house.portal, "192.0.2.1", ANA, language="en")
    address_codes.say_closed(house.portal, ANA, language="en", stays=False)
    house.run()
    assert house.confirm(house.filed(identities={"email": "ana.new@example.net", "account_name": "ana"})).accepted
    house.run()
    _acted_for(house)
    found: dict[str, Mail] = {}
    with house.reading() as work:
        kinds = {
            message_key(house.portal, Attempt.of(job, goes_on=False)): job.arguments.get("template", MAILING[job.kind])
            for job in work.session.scalars(select(Job).where(Job.kind.in_(MAILING)))
        }
    for mail in house.mails.sent:
        found.setdefault(kinds.pop(mail.key), mail)
    assert not kinds
    return found


def _acted_for(house: House) -> None:
    """Somebody asks for Ana, who is asked whether that is right; then staff end it."""
    told = Representing("Ilze Ozola", "organisation", "ilze@example.org", organisation="Help SIA", statement="Yes.")
    reference = house.filed(capacity="agent", representation=told)
    house.run()
    assert house.confirm(reference, house.code()).accepted
    house.run()
    house.move(reference, "revoke_representation", note="She called on Monday.")


def masked(mail: Mail) -> str:
    """The mail without what is random in it."""
    text = f"{mail.subject.strip()}\n\n{mail.text.strip()}\n"
    text = re.sub(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b", "XXXX-XXXX-XXXX", text)
    return re.sub(r"^(\s*)\d{6}$", r"\g<1>000000", text, flags=re.MULTILINE)


def test_every_mail_reads_as_it_was_agreed(acme_on_sqlite: House) -> None:
    mails = all_mails(acme_on_sqlite)
    assert sorted(mails) == MAILS
    assert {move.mail for move in TRANSITIONS if move.mail} <= set(MAILS)
    assert {kind for move in TRANSITIONS for kind in move.letters} <= set(LETTERS)
    SNAPSHOTS.mkdir(exist_ok=True)
    for kind, mail in mails.items():
        place = SNAPSHOTS / f"{kind}.txt"
        if not place.exists():  # a new mail: read the file, then commit it
            place.write_text(masked(mail))
        assert masked(mail) == place.read_text(), f"mail/{kind} reads differently; delete {place.name} when it should"
        assert "<html" in mail.html
        assert mail.subject.count("\n") == 0
        message = mail.as_message()
        assert message.get_content_type() == "multipart/alternative"
        assert message["Reply-To"] == "privacy@acme.example.com"
        assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
        assert b"called twice" not in message.as_bytes()  # no data of the systems, ever


def test_a_repeated_mail_is_the_same_message(acme: House) -> None:
    acme.filed()
    (job,) = acme.jobs("mail")
    acme.run()
    again(acme, job.id)
    acme.run()
    first, second = (mail.as_message()["Message-ID"] for mail in acme.mails.sent)
    assert first == second
    acme.filed()
    acme.run()
    assert acme.mails.sent[-1].as_message()["Message-ID"] != first


def test_a_mail_server_that_is_away_loses_nothing(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.filed()
    house.mails.broken = True
    house.run()
    (job,) = house.jobs("mail")
    assert (job.state, job.attempts) == ("queued", 1)
    assert "mail server" in (job.error or "")
    house.mails.broken = False
    house.clock.advance(timedelta(minutes=1))
    assert house.confirm(reference) is not None
    assert len(house.mails.sent) == 1


@pytest.mark.parametrize("hostile", ["Ana\r\nBcc: all@example.com", "Ana\nX: y", "=?utf-8?q?x?=\r\n"])
def test_a_header_cannot_be_smuggled_in(hostile: str) -> None:
    mail = Mail(
        key="k", to="ana@example.com", sender_name="Acme", sender="no-reply@example.com", subject=f"About {hostile}",
        text="t", html="<p>t</p>", sent_at=START,
    )  # fmt: skip
    message = mail.as_message()
    assert message["Bcc"] is None
    assert message["X"] is None
    assert b"\nBcc:" not in message.as_bytes().partition(b"\r\n\r\n")[0]
    for field in ("to", "sender_name"):
        with pytest.raises(ValueError, match=r"."):
            replace(mail, **{field: hostile}).as_message()


def test_a_refusal_says_why_and_what_can_be_done_about_it(acme: House) -> None:
    reference = acme.in_status("open")
    acme.move(reference, "refuse", **REFUSED)
    view = acme.view(reference)
    assert (view.status, view.outcome) == ("closed", "refused")
    letter = view.letters[-1]
    with acme.work(person(reference)) as work:
        document = letters.open_letter(work, reference, letter.id)
    assert hashlib.sha256(document).hexdigest() == letter.sha256
    text = document.decode()
    for said in (REASON, "Art. 12(5)(b)", "goes far beyond", "complain", "court", reference, "Acme SIA"):
        assert said in text, said
    assert REASON in acme.mails.sent[-1].text
    assert acme.events(reference)[-2:] == ["letter:sent", "letter:opened"]
    with acme.reading("dpo") as work:
        entry = next(row for row in history.trail(work, reference) if row.event == "case:refuse")
    assert entry.personal == {"reason": REASON}
    assert REASON not in str(entry.facts)


def test_the_letter_is_a_real_pdf(acme_on_sqlite: House) -> None:
    house = replace(acme_on_sqlite, portal=replace(acme_on_sqlite.portal, pdf=WeasyPrinter()))
    reference = house.in_status("open")
    house.move(reference, "refuse", **{**REFUSED, "reason": "<script>alert(1)</script> & so on"})
    letter = house.view(reference).letters[-1]
    with house.work("dpo") as work:
        assert letters.open_letter(work, reference, letter.id).startswith(b"%PDF-1.7")


def test_nobody_else_opens_a_letter(acme: House, borealis: House) -> None:
    reference = acme.in_status("open")
    acme.move(reference, "refuse", **REFUSED)
    letter = acme.view(reference).letters[-1]
    for actor in (person(), person("2222-2222-2222"), acme.staff("admin"), borealis.staff("dpo")):
        with pytest.raises((NotFound, Forbidden)), acme.work(actor) as work:
            letters.open_letter(work, reference, letter.id)
    with pytest.raises(NotFound), borealis.work("dpo") as work:
        letters.open_letter(work, reference, letter.id)


def test_a_refusal_that_cannot_say_everything_is_not_made(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("open")
    lacking(house, lambda gdpr: {"court": gdpr.court.model_copy(update={"explanation": " "})})
    before = house.events(reference)
    with pytest.raises(Refused, match="lacks"), house.work("dpo") as work:
        moves.perform(work, reference, "refuse", REFUSED)
    assert house.events(reference) == before
    assert house.view(reference).status == "open"


def lacking(house: House, change: Callable[[Regime], dict[str, Any]]) -> None:
    """The law's pack says something else."""
    memo = house.portal.ground.memo
    gdpr = memo[REGIMES]["gdpr"]
    for key in [key for key in memo if isinstance(key, tuple)]:
        del memo[key]
    memo[REGIMES] = Regimes([gdpr.model_copy(update=change(gdpr))])


def test_a_letter_that_must_be_repeated_is_the_same_one(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("open")
    house.mails.sent.clear()
    house.mails.broken = True
    house.move(reference, "refuse", **REFUSED)
    job = house.jobs("letter")[-1]
    assert job.state == "queued"
    with house.reading() as work:
        kept = work.session.scalars(select(Letter).where(Letter.kind == "refusal")).one()
        assert kept.sent_at is None
        assert None not in {kept.sha256, kept.mail_sha256}, "written down before it is sent"
    house.mails.broken = False
    house.clock.advance(timedelta(minutes=5))
    house.apply(changes={"legal_name: Acme SIA": "legal_name: Acme AS"})
    assert perform(house.portal, job.id, HANDLERS)
    assert not perform(house.portal, job.id, HANDLERS)
    (mail,) = house.mails.sent
    assert hashlib.sha256(mail.as_bytes()).hexdigest() == kept.mail_sha256
    letter = house.view(reference).letters[-1]
    assert (letter.sha256, letter.mail_sha256) == (kept.sha256, kept.mail_sha256)


def mailed_only(house: House) -> tuple[str, Letter]:
    """A confirmed request whose acknowledgement is mailed, not yet printed."""
    reference = house.filed()
    assert house.confirm(reference).accepted
    for job_id, kind in take_due(house.portal):
        assert kind != "letter_pdf"
        perform(house.portal, job_id, HANDLERS)
    with house.reading() as work:
        return reference, work.session.scalars(select(Letter)).one()


def test_an_acknowledgement_is_mailed_at_once_and_printed_in_an_idle_moment(acme: House) -> None:
    reference, row = mailed_only(acme)
    mail = acme.mails.sent[-1]
    assert hashlib.sha256(mail.as_bytes()).hexdigest() == row.mail_sha256
    assert (row.document, row.sent_at) == (None, None)
    assert acme.events(reference)[-1] == "letter:sent"
    (letter,) = acme.view(reference).letters
    assert letter.words
    assert letter.words in mail.text, "its words are there to be read meanwhile"
    with pytest.raises(NotFound), acme.work(person(reference)) as work:
        letters.open_letter(work, reference, letter.id)
    mailed_at = acme.clock.now()
    acme.clock.advance(timedelta(hours=1))
    acme.apply(changes={"legal_name: Acme SIA": "legal_name: Acme AS"})
    acme.run()
    (letter,) = acme.view(reference).letters
    assert (letter.words, letter.sent_at) == (None, mailed_at), "sent when it was mailed, not when it was printed"
    with acme.work(person(reference)) as work:
        document = letters.open_letter(work, reference, letter.id)
    assert hashlib.sha256(document).hexdigest() == letter.sha256
    assert "Acme SIA" in document.decode(), "the letter as it was written"
    assert acme.events(reference)[-2:] == ["letter:printed", "letter:opened"]
    assert len(acme.mails.sent) == 2, "the code and the letter, each once"


def test_what_is_mailed_again_after_a_crash_is_the_same_letter(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.filed()
    assert house.confirm(reference).accepted
    house.mails.sent.clear()
    house.mails.broken = True
    house.run()
    (job,) = house.jobs("letter_mail")
    assert (job.state, house.jobs("letter_pdf")) == ("queued", [])
    with house.reading() as work:
        kept = work.session.scalars(select(Letter)).one()
    assert kept.mail_sha256 is not None, "written down before it is sent"
    house.mails.broken = False
    house.clock.advance(timedelta(minutes=5))
    house.run()
    (mail,) = house.mails.sent
    assert hashlib.sha256(mail.as_bytes()).hexdigest() == kept.mail_sha256
    (printed,) = house.jobs("letter_pdf")
    again(house, printed.id)
    before = house.view(reference).letters
    house.run()
    assert house.view(reference).letters == before, "printed twice, kept once"


def again(house: House, job_id: int) -> None:
    """Let the job be done once more."""
    with house.portal.unscoped("the test lets the job be done again") as work:
        row = work.session.get(Job, job_id)
        assert row is not None
        row.state = "queued"


def test_what_was_sent_is_kept_sealed(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.in_status("open")
    house.move(reference, "refuse", **REFUSED)
    with house.reading() as work:
        row = work.session.scalars(select(Letter).where(Letter.kind == "refusal")).one()
    for kept in (row.inputs, row.document, row.mail):
        assert kept is not None
        assert REASON.encode() not in kept
    entry = house.mails.sent[-1]
    assert hashlib.sha256(entry.as_bytes()).hexdigest() == row.mail_sha256


def test_one_acknowledgement_for_all_that_was_asked_together(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    house.apply(changes={**OFFERED, "approvers: 1}\n  portability": "respond_within: {days: 10}}\n  portability"})
    with house.work(ANONYMOUS) as work:
        filing = a_filing(rights=("portability", "access"), details={})
        filed = intake.file(work, policies.current(work), filing)
    assert house.confirm(filed.references[0]).accepted
    house.run()
    (letter,) = [one for reference in filed.references for one in house.view(reference).letters]
    assert letter.kind == "acknowledgement"
    text = house.mails.sent[-1].text
    assert text.index("Get a copy of your data: By 3 December 2026") < text.index("Take your data with you: By 23 Dec")
    assert all(reference in text for reference in filed.references)


def test_who_has_no_officer_answers_all_the_same(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    house.apply(changes={"  dpo: {name: Data Protection Officer, email: dpo@acme.example.com}\n": ""})
    reference = released(house)
    assert "letter:held_back" not in house.events(reference)
    refused = house.in_status("open")
    house.move(refused, "refuse", **REFUSED)
    assert [one.kind for one in house.view(refused).letters] == ["acknowledgement", "refusal"]
    assert "privacy@acme.example.com" in house.mails.sent[-1].text, "whom to write to is always said"
    for kind in ("breach_authority", "breach_person"):
        with house.reading("dpo") as work:
            assert "Acme SIA, privacy@acme.example.com" in letters.compose(work, kind, WITHOUT_CASE[kind])


def test_who_has_an_officer_names_them_in_every_letter() -> None:
    gdpr = load_regimes()["gdpr"]
    for kind in LETTERS:
        assert "officer" in {one.key for one in required(gdpr, kind, officer=True)}, kind
    assert "officer" not in {one.key for one in required(gdpr, "refusal")}


def test_nobodys_request_fails_because_a_letter_lacks_something(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = house.filed()
    house.run()
    more = Element(key="seal", title="A seal", article="Art. 0")
    lacking(house, lambda gdpr: {"letters": {**gdpr.letters, "acknowledgement": (more,)}})
    assert house.confirm(reference).accepted
    house.run()
    assert house.view(reference).letters == ()
    assert "letter:held_back" in house.events(reference)
    assert housekeeping.send_held_back(house.portal) == 0, "it lacks the same still"
    assert house.events(reference).count("letter:held_back") == 1
    lacking(house, lambda gdpr: {"letters": {**gdpr.letters, "acknowledgement": ()}})
    house.clock.advance(timedelta(days=1))
    assert housekeeping.send_held_back(house.portal) == 1
    house.run()
    assert [one.kind for one in house.view(reference).letters] == ["acknowledgement"]
    assert "We have received your request" in house.mails.sent[-1].subject
    assert housekeeping.send_held_back(house.portal) == 0


def released(house: House, *, withheld: bool = False, **changes: Any) -> str:
    reference = house.in_status("in_review", **changes)
    if withheld:
        with house.work("dpo") as work:
            collected = next(one for one in house.view(reference).collections if one.collection == "notes")
            review.withhold(
                work, load(work, reference), [f"{collected.id}-0"], ground="rights_of_others", reason="Staff only."
            )
    house.move(reference, "approve")
    house.move(reference, "release")
    return reference


def test_whoever_gets_less_reads_why_and_what_to_do(acme_on_sqlite: House) -> None:
    reference = released(acme_on_sqlite, withheld=True)
    view = acme_on_sqlite.view(reference)
    assert (view.outcome, view.letters[-1].kind) == ("partly_granted", "partial")
    text = acme_on_sqlite.mails.sent[-1].text
    for said in ("Notes: 1 record – A copy", "Art. 15(4)", "State Inspectorate", "court", "until 23 December 2026"):
        assert said in text, said
    assert "Staff only." not in text, "a note of staff stays with staff"


def test_whoever_is_unknown_reads_where_was_searched(acme_on_sqlite: House) -> None:
    reference = released(acme_on_sqlite, identities={"email": NOBODY})
    view = acme_on_sqlite.view(reference)
    assert (view.outcome, view.letters[-1].kind) == ("no_data", "no_data")
    text = acme_on_sqlite.mails.sent[-1].text
    for said in ("no personal data about you", "Customers", "Invoices", "We searched on 23 November 2026", "complain"):
        assert said in text, said
