"""The catalogue for machines (Art. 12(7), 13, 14): the rows of the page, in one language."""

from datetime import datetime
from typing import Annotated

from flask import Response, request
from pydantic import Field

from app.catalogs import LANGUAGES
from app.domain.errors import Invalid
from app.domain.messages import Message
from app.domain.permissions import ANONYMOUS
from app.domain.policy import say
from app.queries import catalogue, policies
from app.queries.catalogue import Kind, Offer, Receiver, Use
from app.web.api import bearer
from app.web.api.operations import Operation, Query, answer, operation
from app.web.api.shapes import Shape
from app.web.visitor import portal

Open = Annotated[str | None, Field(description="`null`: the organisation has not said.")]


class PurposeRow(Shape):
    """Why; `stop` is the right that ends it here."""

    key: str
    title: str
    legal_basis: str
    words: str
    law: Open
    stop: str | None


class KindRow(Shape):
    """One kind of data; `purposes` and `recipients` name rows below, `never_leaves` are secrets."""

    key: str
    title: str
    fields: list[str]
    never_leaves: list[str]
    purposes: list[str]
    keep: Open
    source: Open
    recipients: list[str]
    functions: list[str]
    erased: bool
    kept_after_erasure: list[str]


class RecipientRow(Shape):
    """Who gets it; `abroad`: outside the law of the organisation's own area, so that safeguards are needed."""

    name: str
    role: str
    country: str
    abroad: bool
    safeguards: Open


class BackupRow(Shape):
    """One series of copies."""

    name: str
    every: str
    keep: str


class RightRow(Shape):
    """One right: each list in `proofs` is enough by itself, the least first; `form` is where it is used."""

    name: str
    title: str
    article: str
    explanation: str
    proofs: list[list[str]]
    times: list[str]
    note: str | None
    form: str


class CatalogueAnswer(Shape):
    """What an organisation holds, why, for how long and for whom, and which rights there are."""

    controller: str
    name: str
    legal_name: str
    language: str
    version: int
    since: datetime
    law: str
    kinds: list[KindRow]
    purposes: list[PurposeRow]
    recipients: list[RecipientRow]
    backups: list[BackupRow]
    last_copy: Open
    automated_decisions: Open
    rights: list[RightRow]


@operation(
    Operation(
        "GET", "/controllers/{slug}/catalogue", "read_catalogue",
        "What an organisation holds and why, and which rights there are", bearer.OPEN, answer=CatalogueAnswer,
        query=(Query("language", "One of the organisation's own; left out, its first.", LANGUAGES),),
        problems=(404, 422),
    )
)  # fmt: skip
def read_catalogue(slug: str) -> Response:
    with portal().reading(ANONYMOUS, policies.find(portal(), slug)) as work:
        policy = policies.current(work)
        since = catalogue.since(work, policy)
    controller = policy.file.controller
    language = request.args.get("language", controller.language)
    if language not in controller.languages:
        allowed = {"allowed": ", ".join(controller.languages)}
        raise Invalid({"language": Message("Choose from: %(allowed)s.", allowed)})
    told = catalogue.catalogue(policy, language)
    shown = CatalogueAnswer(
        controller=controller.slug, name=controller.name, legal_name=controller.legal_name, language=language,
        version=policy.number, since=since, law=say(policy.regime.title, language),
        kinds=[_kind(one, language) for one in told.kinds],
        purposes=[_purpose(use, language) for use, _ in told.uses],
        recipients=[_recipient(one, language) for one in told.receivers],
        backups=[BackupRow(name=one.name, every=_said(one.every, language), keep=_said(one.keep, language))
                 for one in told.copies],
        last_copy=_said(told.last_copy, language) if told.last_copy else None,
        automated_decisions=told.automated or None,
        rights=[_right(one, language, controller.slug) for one in told.rights],
    )  # fmt: skip
    return answer(shown, headers={"Cache-Control": "public, max-age=300"})


def _said(words: Message | str, language: str) -> str:
    return portal().renderer.say(words, language)


def _kind(one: Kind, language: str) -> KindRow:
    return KindRow(
        key=one.facts.key,
        title=one.facts.title,
        fields=list(one.fields),
        never_leaves=list(one.secrets),
        purposes=[use.key for use in one.uses],
        keep=_said(one.facts.keep, language) or None,
        source=_said(one.facts.source, language) or None,
        recipients=[receiver.name for receiver in one.facts.recipients],
        functions=list(one.functions),
        erased=one.goes,
        kept_after_erasure=list(one.stays),
    )


def _purpose(use: Use, language: str) -> PurposeRow:
    return PurposeRow(
        key=use.key, title=use.facts.title, legal_basis=use.basis, words=_said(use.facts.legal_basis, language),
        law=use.facts.law or None, stop=use.stop,
    )  # fmt: skip


def _recipient(one: Receiver, language: str) -> RecipientRow:
    return RecipientRow(
        name=one.facts.name, role=_said(one.facts.role, language), country=one.facts.country, abroad=one.facts.abroad,
        safeguards=one.facts.safeguards or None,
    )  # fmt: skip


def _right(one: Offer, language: str, slug: str) -> RightRow:
    return RightRow(
        name=one.name, title=one.facts.title, article=one.facts.article, explanation=one.facts.explanation,
        proofs=[list(ways) for ways in one.proofs], times=[_said(time, language) for time in one.times],
        note=one.note or None, form=f"{portal().settings.base_url}/c/{slug}/{one.name}/",
    )  # fmt: skip
