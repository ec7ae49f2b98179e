"""The forms by which rights are used, made from the one specification of their questions (Art. 12(6): no more is asked
than is needed)."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any, ClassVar, Final

from flask import request
from wtforms import Field

from app.domain.citing import Article
from app.domain.identity import NAME_LENGTH
from app.domain.messages import Message
from app.domain.policy_values import say as text_in
from app.domain.questions import GROUNDS, Option, Question, RightForm, Words
from app.domain.representation import KINDS
from app.web import fields
from app.web.forms import Form
from app.web.language import language
from app.web.public import whom

IDENTITIES: Final = ("email", "account_name", "customer_number")
ABOUT: Final = ("name", *IDENTITIES, whom.CAPACITY, whom.AGE)
ADD: Final = "add"
RIGHTS: Final = "rights"


class AskingForm(Form):
    """The questions of one right, those about the person, or both."""

    asked: ClassVar[RightForm | None] = None

    def accepted(self) -> bool:
        """One more row is asked for by a button of its own: the page comes back with it, and nothing is checked yet."""
        return not wants_row() and super().accepted()

    def validate(self, extra_validators: Any = None) -> bool:
        """What follows is asked only of those whose answer brings it; of rows that were left empty nothing is asked."""
        super().validate(extra_validators)
        for field in self._spared():
            field.errors = []
        return not any(field.errors for field in self)

    def _spared(self) -> Iterator[Field]:
        if self.asked is None:
            return
        details, grounds = given_in(self.asked, self.data)
        for question in self.asked.questions:
            if question.kind == "rows":
                yield from self._empty_rows(question)
            elif question.follows and not self.asked.brought(question, details, grounds):
                yield self[question.name]

    def _empty_rows(self, question: Question) -> Iterator[Field]:
        rows = [list(self.row(question, number)) for number in range(self.rows(question))]
        filled = [any(field.data for field in row) for row in rows]
        for number, row in enumerate(rows):
            if not filled[number] and (number > 0 or any(filled)):
                yield from row

    def names(self) -> dict[str, str]:
        """What the verbs call an answer, and what this form calls it."""
        for_another = self.data.get(whom.CAPACITY) in KINDS
        names = dict(whom.OWN) if for_another else {f"identities.{kind}": kind for kind in IDENTITIES}
        if self.asked is not None:
            right = self.asked.right
            names |= {f"details.{right}.{name}": name for name in self._fields} | {f"grounds.{right}": GROUNDS}
        return names

    def row(self, question: Question, number: int) -> Iterator[Field]:
        """The fields of one row."""
        return (self[f"{question.name}.{number}.{column.name}"] for column in question.columns)

    def rows(self, question: Question) -> int:
        """How many rows the page shows."""
        return sum(name.startswith(f"{question.name}.") for name in self._fields) // len(question.columns)


def form_of(
    right: RightForm | None, answers: Mapping[str, Any] | None, *, about: bool, capacities: Collection[str] = (),
    youngest: int = 0,
) -> AskingForm:  # fmt: skip
    """The form as typed, or as it was kept; `about`: the questions about the person too, first of all for whom they
    ask, where `capacities` leave a choice, and whether they are younger than `youngest`."""
    made: dict[str, Any] = {"asked": right, **(whom.question(capacities) if about else {})}
    for question in right.questions if right else ():
        made |= _fields_of(question, _rows_shown(question, answers or {}))
    if about:
        made |= _about() | whom.age_question(youngest)
    form: type[AskingForm] = type("RightForm", (AskingForm,), made)
    return form.of_request(answers)


def choosing(forms: Iterable[tuple[str, Words]], answers: Mapping[str, Any] | None) -> Form:
    """Which rights to use together."""
    options = [(name, _said(title)) for name, title in forms]
    field = fields.checkboxes(
        Message("What do you want to ask for?"), options, needed=Message("Choose at least one."),
        hint=Message("Choose all that you want."),
    )  # fmt: skip
    form: type[Form] = type("ChoosingForm", (Form,), {RIGHTS: field})
    return form.of_request(answers)


def given_in(right: RightForm, answers: Mapping[str, Any]) -> tuple[dict[str, str], tuple[str, ...]]:
    """The typed answers as the verb takes them; what was not asked for after all is left out."""
    relied = answers.get(GROUNDS) or ()
    grounds = (relied,) if isinstance(relied, str) else tuple(relied)
    texts = {name: _flat(value) for name, value in answers.items() if name != GROUNDS and right.knows(name)}
    asked = {
        name: text
        for name, text in texts.items()
        if (question := right.question(name)) is None or right.brought(question, texts, grounds)
    }
    return {name: text for name, text in asked.items() if text}, grounds


def wants_row() -> bool:
    """Whether the button for one more row was pressed."""
    return request.method == "POST" and ADD in request.form


def _flat(value: object) -> str:
    return ",".join(value) if isinstance(value, list) else str(value or "")


def _rows_shown(question: Question, answers: Mapping[str, Any]) -> int:
    """As many as were typed or kept, one more if that is asked for, at least one."""
    names = request.form if request.method == "POST" else answers
    numbers = [int(found[1]) for name in names if (found := re.fullmatch(rf"{question.name}\.(\d)\.\w+", name))]
    shown = max(numbers, default=0) + 1 + (1 if wants_row() else 0)
    return min(shown, question.most)


def _fields_of(question: Question, rows: int) -> dict[str, Field]:
    if question.kind != "rows":
        return {question.name: _field(question)}
    return {
        f"{question.name}.{number}.{column.name}": _field(column)
        for number in range(rows)
        for column in question.columns
    }


def _field(question: Question) -> Field:
    hint, needed = question.hint or "", question.needed
    options = [_option(option) for option in question.options]
    asks = {option.value for option in question.options if option.asks}
    if question.kind == "choice":
        return fields.radios(question.label, options, hint=hint, needed=needed, asks=asks)
    if question.kind in {"choices", "tick"}:
        return fields.checkboxes(question.label, options, hint=hint, needed=needed, asks=asks)
    if question.kind == "passage":
        return fields.passage(question.label, hint=hint, needed=needed, longest=question.longest, rows=4)
    return fields.line(question.label, hint=hint, needed=needed, longest=question.longest, autocomplete="off")


def _option(option: Option) -> fields.Option:
    """Plain words first, the article behind them."""
    label, hint = _said(option.label), _said(option.hint) if option.hint else ""
    if option.article:
        values = {"words": hint, "article": Article(option.article)}
        hint = Message("%(words)s (%(article)s)", values) if hint else Message("%(article)s", values)
    return (option.value, label, hint) if hint else (option.value, label)


def _said(words: Words) -> Message | str:
    return words if isinstance(words, Message) else text_in(words, language())


def _about() -> dict[str, Field]:
    return {
        "name": fields.line(
            Message("Your name"), needed=Message("Enter your name."), longest=NAME_LENGTH, autocomplete="name",
            spellcheck="false",
        ),
        "email": fields.line(
            Message("Your e-mail address"),
            kind="email", longest=254, autocomplete="email", spellcheck="false",
            hint=Message(
                "Use the address that the organisation knows you by. We send a code to it: that is how we know it is"
                " you."
            ),
            needed=Message("Enter your e-mail address."),
        ),
        "account_name": fields.line(
            Message("Account or user name (optional)"), longest=NAME_LENGTH, autocomplete="username",
            spellcheck="false",
        ),
        "customer_number": fields.line(
            Message("Customer number (optional)"), longest=NAME_LENGTH, autocomplete="off", spellcheck="false",
            classes="govuk-input--width-20",
        ),
    }  # fmt: skip
