"""What all forms share: nothing typed is lost, and every fault is named beside its field and at the top of the page."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, Self

from flask import current_app, g, request
from wtforms import Field
from wtforms import Form as PlainForm

from app.domain.errors import Invalid
from app.domain.lifecycle import FieldSpec
from app.domain.messages import Message
from app.web import fields
from app.web.fields import Option
from app.web.language import say, switching

TOO_OLD: Final = Message(
    "This page had been open for too long, so nothing was sent yet. "
    "Everything you typed is still here: check it and send it again."
)
NO_COOKIE: Final = Message(
    "No cookie came with what you sent: this page had been open for too long, or your browser refuses cookies, without "
    "which nothing can be sent here. Everything you typed is still here: send it again. If that does not help, allow "
    "cookies for this site, or write to the organisation."
)


class Form(PlainForm):
    """A form that a POST fills and a GET begins, perhaps with answers kept from before."""

    @classmethod
    def of_request(cls, data: Mapping[str, Any] | None = None) -> Self:
        """The form as typed; before anything was typed, with `data`."""
        form = cls(request.form if request.method == "POST" else None, data=dict(data or {}))
        form.faults = []
        return form

    faults: list[Message]

    def accepted(self) -> bool:
        """Whether this is a POST from our own page whose answers all hold. One that only asks for another language
        is none: the page comes back with everything typed."""
        if request.method != "POST" or switching():
            return False
        holds = self.validate()
        if not g.get("origin_proved", False):
            ours = current_app.config["SESSION_COOKIE_NAME"] in request.cookies
            self.faults.append(TOO_OLD if ours else NO_COOKIE)
            return False
        return holds

    def wrong(self, name: str, words: Message) -> None:
        """What is wrong with one answer."""
        field = self._fields[name]
        field.errors = [*field.errors, words]  # type: ignore[list-item]  # said in the reader's language when shown

    def blame(self, fault: Invalid, *, names: Mapping[str, str] | None = None) -> None:
        """Put what a verb found wrong beside the fields; `names` maps its paths (`identities.email`) to ours."""
        for path, words in fault.fields.items():
            name = (names or {}).get(path, path)
            if name in self._fields:
                self.wrong(name, words)
            else:
                self.faults.append(words)

    def blame_all(self, words: Message) -> None:
        """A fault of the whole rather than of a field."""
        self.faults.append(words)

    @property
    def failed(self) -> bool:
        return bool(self.faults or any(field.errors for field in self))

    @property
    def problems(self) -> list[dict[str, str]]:
        """The error summary: each fault in words, linked to its field."""
        linked = [{"text": say(field.errors[0]), "href": f"#{field.id}"} for field in self if field.errors]
        return [{"text": say(words)} for words in self.faults] + linked


def from_specs(specs: Sequence[FieldSpec], choices: Mapping[str, Sequence[Option]]) -> type[Form]:
    """A form class from a move's field specifications; `choices` holds the options of each choice by field name."""
    return type("MoveForm", (Form,), {spec.name: _from_spec(spec, choices.get(spec.name, ())) for spec in specs})


def _from_spec(spec: FieldSpec, options: Sequence[Option]) -> Field:
    needed = spec.needed if spec.required else None
    hint = spec.hint or ""
    if spec.kind == "choices":
        return fields.checkboxes(spec.label, options, hint=hint, needed=needed)
    if spec.kind == "choice" and needed and len(options) <= 8:
        return fields.radios(spec.label, options, hint=hint, needed=needed)
    if spec.kind == "choice":
        return fields.select(spec.label, options, hint=hint, needed=needed)
    if spec.kind == "long_text":
        return fields.passage(spec.label, hint=hint, needed=needed, longest=spec.max_length)
    return _line(spec, hint, needed)


def _line(spec: FieldSpec, hint: Message | str, needed: Message | None) -> Field:
    if spec.kind == "code":
        return fields.code(spec.label, hint=hint)
    if spec.kind == "date":
        return fields.line(spec.label, hint=hint, needed=needed, longest=spec.max_length, kind="date",
                           classes="govuk-input--width-10")  # fmt: skip
    if spec.kind == "money":
        return fields.line(spec.label, hint=hint, needed=needed, longest=spec.max_length, inputmode="decimal",
                           classes="govuk-input--width-5")  # fmt: skip
    classes = "govuk-input--width-3" if spec.max_length <= 3 else ""
    return fields.line(spec.label, hint=hint, needed=needed, longest=spec.max_length, classes=classes)


def typed_in(form: Form, specs: Sequence[FieldSpec]) -> dict[str, str]:
    """What was typed, as a move reads it: several choices are one text with commas between."""
    typed = {spec.name: form[spec.name].data or "" for spec in specs}
    return {name: value if isinstance(value, str) else ",".join(value) for name, value in typed.items()}
