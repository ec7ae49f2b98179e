"""The two questions as fields (LAW 6): what is typed stays on the page, and nothing says which answer was wrong."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.domain.facts import LONGEST, FactKind
from app.domain.messages import Message
from app.queries.two_facts import Question
from app.services.two_facts import EMPTY
from app.web import fields
from app.web.forms import Form

_HINTS: Final[Mapping[FactKind, Message]] = {
    "text": Message("Capital letters, accents and spaces do not matter."),
    "digits": Message("Only the digits count."),
    "number": Message("With or without the currency: 1234.50, 1,234.50 and 1 234,50 are the same."),
    "date": Message("As you usually write it, for example 27.3.1985 or 27 March 1985."),
    "phone": Message("With or without the code of the country."),
}


def answers_form(questions: Sequence[Question]) -> Form:
    """One line for each question."""
    lines = {
        one.name: fields.line(
            Message("%(question)s", {"question": one.text}), hint=_HINTS[one.kind], needed=EMPTY, longest=LONGEST,
            autocomplete="off", spellcheck="false",
        )
        for one in questions
    }  # fmt: skip
    made: type[Form] = type("AnswersForm", (Form,), lines)
    return made.of_request()
