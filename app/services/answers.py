"""The facts of an access answer (Art. 15(1)(a)-(h), 15(2)): gathered from the pinned controller file, said in the
person's language."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from app.domain.citing import Article, cite
from app.domain.disclosure import category_facts, rights_facts
from app.domain.packaging import Answer, ControllerFacts, Withheld
from app.domain.policy import ControllerFile, say
from app.gateways.archive import Found
from app.models.cases import Case
from app.models.fulfilment import Collected, ItemDecision
from app.portal import Portal
from app.queries.policies import Policy
from app.queries.reading import identities_of
from app.work import Work

GENERATOR = "Habeas"


def gather(
    portal: Portal, work: Work, case: Case, *, policy: Policy, found: Sequence[Found], package_id: str
) -> Answer:
    """Everything that report, viewer and manifest say beside the data."""
    personal = work.unseal_for(case, case.personal, place="personal")
    regime, language = policy.regime, case.language
    authority = regime.complaint.lead(policy.file.controller.country)
    right = policy.right(case.right)
    names = sorted({category for one in found for category in one.categories})
    return Answer(
        package_id=package_id,
        reference=case.reference,
        controller=_controller(policy.file),
        right=case.right,
        right_title=say(right.title, language),
        right_article=Article(right.article),
        articles={one.key: one.article for one in right.answer_must_contain},
        law=say(regime.title, language),
        case_version=case.version,
        received_at=case.received_at,
        generated_at=work.now.replace(microsecond=0),
        generator=GENERATOR,
        person=personal["name"],
        subject={"name": personal["name"], "identities": _proven(work, case)},
        categories=category_facts(policy.file, names, language),
        rights=rights_facts(regime, language),
        authority=authority.called(language) if authority else "",
        authority_url=authority.website if authority else "",
        complaint=say(regime.complaint.explanation, language),
        court=say(regime.court.explanation, language),
        keys_url=f"{portal.settings.base_url}/.well-known/jwks.json",
        withheld=withheld(work, case, policy, language),
        automated=(say(decisions, language),) if (decisions := policy.file.automated_decisions) else (),
        searched=tuple(say(policy.datasets[spec.key].title, language) for spec in policy.file.connections),
        language=language,
        timezone=policy.file.controller.timezone,
    )


def _proven(work: Work, case: Case) -> list[dict[str, Any]]:
    return [
        {"kind": row.kind, "value": value, "proven_by": row.proven_by}
        for row, value in identities_of(work, case)
        if row.proven_by
    ]


def _controller(file: ControllerFile) -> ControllerFacts:
    who = file.controller
    return ControllerFacts(
        slug=who.slug,
        name=who.legal_name,
        email=who.contact.email,
        phone=who.contact.phone or "",
        post=who.contact.post or "",
        officer=who.dpo.name if who.dpo else "",
        officer_email=who.dpo.email if who.dpo else "",
        colour=who.look.colour,
    )


def withheld(work: Work, case: Case, policy: Policy, language: str) -> tuple[Withheld, ...]:
    """Decisions that deviate from "include", joined per collection and ground."""
    rows = work.session.execute(
        select(Collected, ItemDecision)
        .join(ItemDecision, ItemDecision.collected_id == Collected.id)
        .where(Collected.case_id == case.id)
        .order_by(Collected.id, ItemDecision.row_number)
    ).all()
    grounds = policy.right(case.right).refusal_grounds
    joined: dict[tuple[str, str, str], set[int]] = {}
    for collected, decision in rows:
        joined.setdefault((collected.connection, collected.collection, decision.ground), set()).add(decision.row_number)
    return tuple(
        Withheld(
            connection=connection,
            collection=collection,
            count=len(numbers),
            ground=f"{say(grounds[ground].title, language)} ({cite(grounds[ground].article, language)})",
            rows=frozenset(numbers),
            title=say(policy.datasets[connection].collections[collection].title, language),
        )
        for (connection, collection, ground), numbers in joined.items()
    )
