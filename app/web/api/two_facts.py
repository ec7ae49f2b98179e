"""Two questions through the API (Art. 12(6)): a system that speaks with the person, on the telephone or in its own
pages, asks them and hands on what was answered. It learns no more than the person does."""

from typing import Annotated

from flask import Response, request

from app.catalogs import LANGUAGES
from app.domain.errors import Invalid
from app.domain.facts import FactKind, FactsResult
from app.domain.messages import Message
from app.services import two_facts
from app.web.api import bearer
from app.web.api.operations import Operation, Query, answer, operation
from app.web.api.shapes import Line, Shape, one_of
from app.web.transaction import prove, reading
from app.web.visitor import portal


class QuestionRow(Shape):
    """One question: `name` is where its answer goes, `kind` how answers are compared."""

    name: Annotated[str, one_of(*two_facts.NAMES)]
    text: str
    kind: FactKind


class QuestionsAnswer(Shape):
    """Both questions, the same for a name that is on file and one that is not."""

    questions: list[QuestionRow]


class AnswersBody(Shape):
    """What the person answered; in which language decides how a day such as 3/2/1990 is read."""

    first: Line
    second: Line
    language: Annotated[str | None, one_of(*LANGUAGES, None)] = None


class ResultAnswer(Shape):
    """What became of it, never which answer was wrong; `detail` is what the person is told."""

    result: Annotated[str, one_of(*(one.name.lower() for one in FactsResult))]
    detail: str


@operation(
    Operation(
        "GET", "/cases/{reference}/two-facts", "ask_two_facts", "The two questions that the person is asked now",
        bearer.token("case:accept_proof"), answer=QuestionsAnswer,
        query=(Query("language", "The person's; left out, that of the request.", LANGUAGES),),
        problems=(401, 403, 404, 409, 422, 429),
    )
)  # fmt: skip
def ask_two_facts(reference: str) -> Response:
    """409 when they are not asked now, or still being prepared."""
    caller = bearer.caller()
    assert caller.controller_id is not None
    with reading(caller.controller_id, who=caller) as work:
        asked = two_facts.asked_now(work, reference, language=request.args.get("language"))
    return answer(QuestionsAnswer(questions=[QuestionRow(name=q.name, text=q.text, kind=q.kind) for q in asked]))


@operation(
    Operation(
        "POST", "/cases/{reference}/two-facts", "answer_two_facts", "Try the answers of the person",
        bearer.token("case:accept_proof"), body=AnswersBody, answer=ResultAnswer,
        problems=(400, 401, 403, 404, 409, 413, 415, 422, 429),
    )
)  # fmt: skip
def answer_two_facts(reference: str, body: AnswersBody) -> Response:
    """One try, counted like those on the person's page and together with them."""
    caller = bearer.caller()
    assert caller.controller_id is not None
    if body.language not in {None, *LANGUAGES}:
        raise Invalid({"language": Message("Choose from: %(allowed)s.", {"allowed": ", ".join(LANGUAGES)})})
    prove()
    typed = {"first": body.first, "second": body.second}
    result = two_facts.answer(portal(), caller, caller.controller_id, reference, typed=typed, language=body.language)
    return answer(ResultAnswer(result=result.name.lower(), detail=str(result.message)))
