"""The person answers two questions whose answers both sides know, or chooses another way (Art. 12(2), 12(6))."""

from flask import redirect
from flask.typing import ResponseReturnValue

from app.domain.errors import Invalid, Refused
from app.domain.facts import FactsResult
from app.services import two_facts
from app.web import visitor
from app.web.guard import person
from app.web.language import language
from app.web.limits import HOUR, slow_down
from app.web.transaction import prove, writing
from app.web.vault import status
from app.web.vault.blueprint import blueprint
from app.web.vault.facts_form import answers_form
from app.web.vault.place import controller_of

TRIES_AN_HOUR = 20


@blueprint.post("/case/<reference>/proof/two-facts")
@person
def answer_two_facts(reference: str) -> ResponseReturnValue:
    """One try. Whatever is wrong is said of both answers together."""
    form = answers_form(status.look(reference)[1]["questions"])
    if not form.accepted():
        return status.page(reference, answers=form), 422
    prove()
    slow_down("facts-for", reference, limit=TRIES_AN_HOUR, seconds=HOUR)
    try:
        result = two_facts.answer(
            visitor.portal(), visitor.person(), controller_of(reference), reference,
            typed={field.name: str(field.data or "") for field in form}, language=language(),
        )  # fmt: skip
    except Refused as fault:
        form.blame_all(fault.message)
        return status.page(reference, answers=form), 422
    except Invalid as fault:
        form.blame(fault)
        return status.page(reference, answers=form), 422
    if result is FactsResult.RIGHT:
        return redirect(f"/case/{reference}/?done=two_facts", code=303)
    form.blame_all(result.message)
    return status.page(reference, answers=form), 422


@blueprint.post("/case/<reference>/proof/two-facts/another-way")
@person
def pass_two_facts_by(reference: str) -> ResponseReturnValue:
    """The person does not know the answers: the next way is asked for."""
    try:
        with writing(controller_of(reference), who=visitor.person()) as work:
            two_facts.pass_by(work, reference)
    except Refused:
        return status.page(reference), 422
    return redirect(f"/case/{reference}/?done=another_way", code=303)
