"""The signed form (R-2; 152-FZ, Art. 14(3)): made filled in, printed and signed by the person, and led back to its
request by its code, whatever way it comes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from io import BytesIO
from typing import Any, Final

import segno
from markupsafe import Markup

from app.catalogs import NAMES
from app.domain import signed_form as words
from app.domain.errors import Forbidden, Invalid, NotFound, Refused
from app.domain.evidence import fault
from app.domain.identity import text_fault, tidy
from app.domain.messages import Message
from app.domain.permissions import Actor, can
from app.domain.policy import say
from app.gateways.receiving import SealedUpload
from app.gateways.reporting import letter_style
from app.models.cases import Case
from app.models.proof import SignedForm
from app.portal import Portal
from app.queries.policies import policy_of
from app.queries.reading import facts_of, identities_of, load, personal_of
from app.queries.signed_form import wanted
from app.services import evidence, form_codes, letter_facts
from app.services.casework import moment_of
from app.services.evidence import Taken
from app.services.stationery import language_of
from app.work import Work

_CONTACTS: Final = ("email", "phone")
_NOT_NOW: Final = Message("This request does not wait for a signed form.")
_UNREAD: Final = Message(
    "No code was read from this file. Type the code that stands below the square on the form, or find the request by"
    " its reference and add the file there."
)
_UNKNOWN: Final = Message(
    "No form of this organisation has this code. Compare it with the paper; it may be the form of another organisation."
)
_SEVERAL: Final = Message("There are forms of several requests in this file. Send each form as a file of its own.")
_MISTYPED: Final = Message("Check the code: it has 16 letters and digits, and no 0, 1, I, L, O or U.")


def print_form(
    portal: Portal, actor: Actor, controller_id: int, reference: str, *, typed: Mapping[str, str]
) -> bytes:  # fmt: skip
    """The form as PDF. What is `typed` for the lines that the law asks for stands on the paper and is kept nowhere."""
    with portal.work(actor, controller_id) as work:
        case = load(work, reference)
        if not can(work.actor, "case:view", facts_of(case)):
            raise NotFound
        if not can(work.actor, "evidence:send", facts_of(case)):
            raise Forbidden("Your role does not allow to make the form.")
        if not wanted(work, case):
            raise Refused(_NOT_NOW)
        given = _given(work, case, typed)
        code = _code(work, case)
        facts, language = _facts(work, case, code, given, base_url=portal.settings.base_url)
    return portal.pdf.print(portal.renderer.render("forms/signed_form.html", language=language, **facts))


def as_made(portal: Portal, work: Work, reference: str) -> str | None:
    """The form's words as it was made, as HTML, to be laid beside what came back; none was made for some requests."""
    case = load(work, reference, lock=False)
    if not can(work.actor, "evidence:open", facts_of(case)):
        raise NotFound
    row = form_codes.row_of(work, case)
    if row is None or case.data_key is None:
        return None
    code = work.unseal_for(case, row.code, place="signed_form")
    facts, language = _facts(work, case, code, {}, base_url=portal.settings.base_url)
    return portal.renderer.render("forms/signed_form.html", language=language, **facts)


def _given(work: Work, case: Case, typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed for the lines of the form; Invalid for what cannot stand on paper."""
    law = policy_of(work, case).regime.signed_form
    names = {field.key for field in law.fields} if law is not None else set()
    given = {name: tidy(typed.get(name, "")) for name in sorted(names)}
    checked = ((name, text_fault(value, max_length=words.LONGEST_LINE)) for name, value in given.items())
    faults = {name: wrong for name, wrong in checked if wrong is not None}
    if faults:
        raise Invalid(faults)
    return given


def _code(work: Work, case: Case) -> str:
    """The code of the case's form: made once, and the same each time that it is printed."""
    row = form_codes.row_of(work, case)
    if row is not None:
        work.audit("form:printed", case=case)
        code: str = work.unseal_for(case, row.code, place="signed_form")
        return code
    code = words.new_code()
    work.session.add(
        SignedForm(
            case_id=case.id, code_hash=form_codes.digest(work, code),
            code=work.seal_for(case, code, place="signed_form"), made_at=work.now, defects=[],
        )
    )  # fmt: skip
    work.audit("form:made", case=case)
    return code


def _facts(
    work: Work, case: Case, code: str, given: Mapping[str, str], *, base_url: str
) -> tuple[dict[str, Any], str]:  # fmt: skip
    policy = policy_of(work, case)
    language = language_of(case.language, policy.file)
    right, law = policy.right(case.right), policy.regime.signed_form
    known = {row.kind: value for row, value in identities_of(work, case) if row.of == "subject"}
    return {
        **letter_facts.paper(policy.file, policy.regime, language, written_at=work.now),
        "language_name": NAMES.get(language, language),
        "reference": case.reference,
        "received_at": case.received_at,
        "right_title": say(right.title, language),
        "right_article": right.article,
        "name": personal_of(work, case)["name"],
        "contacts": [(kind, known[kind]) for kind in _CONTACTS if kind in known],
        "fields": [
            (say(field.title, language), field.article, given.get(field.key, ""))
            for field in (law.fields if law else ())
        ],
        "case_url": f"{base_url}/case/{case.reference}/",
        "code": words.shown(code),
        "square": square(code),
        "style": letter_style(),
    }, language


def square(code: str) -> Markup:
    """The code as a QR picture: the most redundant kind, large, with the white margin that a camera needs."""
    held = BytesIO()
    made = segno.make(words.MARK + code, error="h", micro=False, boost_error=False)
    made.save(held, kind="svg", scale=10, border=4, light="#fff", xmldecl=False, svgns=False, omitsize=True,
              title=words.shown(code), nl=False)  # fmt: skip
    return Markup(held.getvalue().decode())  # noqa: S704  # drawn here, from letters of ours


@dataclass(frozen=True, slots=True)
class Led:
    """Where a paper was led: the request that it belongs to, and the file as it is kept with it."""

    reference: str
    taken: Taken


def arrive(
    portal: Portal, actor: Actor, controller_id: int, *, file: tuple[SealedUpload, str | None], typed: str = "",
    received_on: date | None = None,
) -> Led:  # fmt: skip
    """A signed form came by post, by mail or at the counter: its code leads it to its request at this controller.

    `typed`: the code as staff read it, for a picture that no machine can read.
    """
    upload, name = file
    try:
        code = words.read_code(typed) if typed else None
        if typed and code is None:
            raise Invalid({"code": _MISTYPED})
        looked = evidence.examine(portal, upload, name, codes=True)
        if looked.fault is not None:
            raise Invalid({"files": fault(looked.fault, looked.name)})
        found = looked.codes or ((code,) if code else ())
        with portal.work(actor, controller_id) as work:
            led = _lead(work, looked, found, received_on)
        if led.taken.fault is None:
            upload.keep()
        return led
    finally:
        upload.discard()


def _lead(work: Work, looked: evidence.Examined, codes: tuple[str, ...], received_on: date | None) -> Led:
    if not codes:
        raise Invalid({"files": _UNREAD})
    cases = form_codes.cases_with(work, codes)
    if len(cases) > 1 or (cases and len(set(codes)) > 1):
        raise Invalid({"files": _SEVERAL})
    if not cases:
        raise Invalid({"files": _UNKNOWN})
    case = cases[0]
    if case.status == "closed" or case.data_key is None:
        raise Refused(
            Message(
                "The form belongs to request %(reference)s, which is closed: nothing can be added to it. Tell the"
                " person, or take the request up again first.",
                {"reference": case.reference},
            )
        )
    row = form_codes.row_of(work, case)
    assert row is not None
    at = moment_of(work, case, received_on, since=row.made_at, field="received_on")
    taken = evidence.receive(work, case.reference, replace(looked, codes=codes), purpose="identity")
    day = received_on or at.date()
    if taken.fault is None:
        work.audit("form:arrived", case=case, facts={"evidence": taken.id, "arrived_on": day.isoformat()})
    return Led(case.reference, taken)
