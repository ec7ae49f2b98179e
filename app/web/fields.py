"""The fields of all forms: GOV.UK components with our words, lengths and error sentences."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from govuk_frontend_wtf.wtforms_widgets import (
    GovCharacterCount,
    GovCheckboxesInput,
    GovFileInput,
    GovInput,
    GovPasswordInput,
    GovRadioInput,
    GovSelect,
)
from wtforms import Field, MultipleFileField, PasswordField, RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than the type stubs
from wtforms.validators import StopValidation

from app.domain.identity import text_fault
from app.domain.messages import Message
from app.services.passwords import SHORTEST
from app.web.language import counted, say

Words = Message | str
Option = tuple[str, Words] | tuple[str, Words, Words]
LONGEST_LINE: Final = 200
LONGEST_PASSAGE: Final = 4000
_ERROR: Final = Message("Error")
_PASSWORD: Final = {
    "showPasswordText": Message("Show"),
    "hidePasswordText": Message("Hide"),
    "showPasswordAriaLabelText": Message("Show password"),
    "hidePasswordAriaLabelText": Message("Hide password"),
    "passwordShownAnnouncementText": Message("Your password is visible"),
    "passwordHiddenAnnouncementText": Message("Your password is hidden"),
}


def showable(text: str) -> str:
    """A typed text as a page may show it again: what is refused because nobody can see it is not sent back."""
    if text_fault(text, max_length=len(text), lines=True) is None:
        return text
    return "".join(letter for letter in text if text_fault(letter, max_length=1, lines=True) is None)


class _Spoken:
    """Says label, hint and error in the reader's language, and leaves out a hint that is not there."""

    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        params: dict[str, Any] = super().map_gov_params(field, **kwargs)  # type: ignore[misc]  # a mixin beside GovFormBase
        for part in (
            params.get("label"),
            params.get("hint"),
            (params.get("fieldset") or {}).get("legend"),
            params.get("errorMessage"),
        ):
            if part and part.get("text"):
                part["text"] = say(part["text"])
        if params.get("errorMessage"):
            params["errorMessage"]["visuallyHiddenText"] = say(_ERROR)
        if isinstance(params.get("value"), str):
            params["value"] = showable(params["value"])
        if not (params.get("hint") or {}).get("text"):
            params["hint"] = None
        return params


class LineWidget(_Spoken, GovInput):  # type: ignore[misc]  # the library has no types
    """One line; `input_type` chooses the keyboard (email, tel)."""

    def __init__(self, input_type: str = "text") -> None:
        self.input_type = input_type


class PassageWidget(_Spoken, GovCharacterCount):  # type: ignore[misc]
    """Several lines with a counter, which a script of the kit keeps."""

    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        params = super().map_gov_params(field, **kwargs)
        room = {"count": int(params["maxlength"])}
        words = {
            "textareaDescriptionText": say(
                Message("You can enter up to %(count)s character", room, "You can enter up to %(count)s characters")
            ),
            "charactersUnderLimitText": counted(
                "You have %{count} character remaining", "You have %{count} characters remaining"
            ),
            "charactersAtLimitText": say(Message("You have 0 characters remaining")),
            "charactersOverLimitText": counted(
                "You have %{count} character too many", "You have %{count} characters too many"
            ),
        }
        return {**params, **words}


class FilesWidget(_Spoken, GovFileInput):  # type: ignore[misc]
    """A chooser of files."""


class PasswordWidget(_Spoken, GovPasswordInput):  # type: ignore[misc]
    """A password with a button that shows it."""

    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        words = {name: say(words) for name, words in _PASSWORD.items()}
        return {**super().map_gov_params(field, **kwargs), **words}


class SelectWidget(_Spoken, GovSelect):  # type: ignore[misc]
    """One of many."""

    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        params = super().map_gov_params(field, **kwargs)
        for item in params["items"]:
            item["text"] = say(item["text"])
        return params


class _Items(_Spoken):
    """Radios and checkboxes: an option may explain itself, and may bring the question that follows."""

    def __init__(self, hints: Mapping[str, Words], asks: Collection[str]) -> None:
        self.hints = hints
        self.asks = asks

    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        params = super().map_gov_params(field, **kwargs)
        for item in params["items"]:
            item["text"] = say(item["text"])
            if item["value"] in self.hints:
                item["hint"] = {"text": say(self.hints[item["value"]])}
            if item["value"] in self.asks:
                item["attributes"] = {"data-asks": ""}
        params["fieldset"]["legend"]["classes"] = "govuk-fieldset__legend--s"
        return params


class RadiosWidget(_Items, GovRadioInput):  # type: ignore[misc]
    """One of a few, all visible."""


class CheckboxesWidget(_Items, GovCheckboxesInput):  # type: ignore[misc]
    """Any of a few."""


def _stop(words: Words) -> StopValidation:
    return StopValidation(words)  # type: ignore[arg-type]  # said in the reader's language when shown


def _made(kind: Any, label: Words, **rest: Any) -> Field:
    """The library's types know only plain strings; ours are sentences that are said when the page is shown."""
    made: Field = kind(label, **rest)
    return made


class Needed:
    """There must be an answer; the sentence says which."""

    def __init__(self, words: Words) -> None:
        self.words = words

    def __call__(self, form: Any, field: Field) -> None:
        if not field.data:
            raise _stop(self.words)


class NoLonger:
    """The answer must fit; counted as the counter on the page counts."""

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def __call__(self, form: Any, field: Field) -> None:
        if len(field.data or "") > self.longest:
            one = "This is too long: use %(count)s character or fewer."
            many = "This is too long: use %(count)s characters or fewer."
            raise _stop(Message(one, {"count": self.longest}, many))


class OneOf:
    """The answer is one of those offered; nothing chosen is a fault only where an answer is needed."""

    def __init__(self, options: Sequence[Option], needed: Words | None) -> None:
        self.values = {option[0] for option in options}
        self.needed = needed

    def __call__(self, form: Any, field: Field) -> None:
        if field.data in self.values or (not field.data and self.needed is None):
            return
        raise _stop(self.needed or Message("Choose one of the answers offered."))


class AllOf:
    """Every answer is one of those offered."""

    def __init__(self, options: Sequence[Option]) -> None:
        self.values = {option[0] for option in options}

    def __call__(self, form: Any, field: Field) -> None:
        if not set(field.data or ()) <= self.values:
            raise _stop(Message("Choose from the answers offered."))


def tidy(text: str | None) -> str:
    """Browsers send lines ended by CR LF; answers are kept with LF and without space around them."""
    return (text or "").replace("\r\n", "\n").strip()


def _checks(needed: Words | None, longest: int | None = None) -> list[Callable[[Any, Field], None]]:
    first: list[Callable[[Any, Field], None]] = [Needed(needed)] if needed else []
    return first + ([NoLonger(longest)] if longest else [])


def line(
    label: Words, *, hint: Words = "", needed: Words | None = None, longest: int = LONGEST_LINE, kind: str = "text",
    classes: str = "", large: bool = False, **attributes: Any,
) -> Field:  # fmt: skip
    """One line of text; attributes such as `autocomplete` go to the input."""
    params = {"classes": classes, "label": {"classes": "govuk-label--s" if not large else "govuk-label--l"}}
    return _made(
        StringField,
        label, description=hint, filters=[tidy], validators=_checks(needed, longest), widget=LineWidget(kind),
        render_kw={"params": params, **attributes},
    )  # fmt: skip


def passage(
    label: Words, *, hint: Words = "", needed: Words | None = None, longest: int = LONGEST_PASSAGE, rows: int = 6
) -> Field:
    """Several lines, with a counter that appears when three quarters are used."""
    params = {"maxlength": longest, "threshold": 75, "rows": rows, "label": {"classes": "govuk-label--s"}}
    return _made(
        StringField,
        label, description=hint, filters=[tidy], validators=_checks(needed, longest), widget=PassageWidget(),
        render_kw={"params": params},
    )  # fmt: skip


def code(label: Words, *, hint: Words = "") -> Field:
    """A one-time code: paste-friendly, numeric keyboard, offered by the phone that received it."""
    return line(
        label, hint=hint, needed=Message("Enter the code from the e-mail."), longest=40, classes="habeas-code-input",
        autocomplete="one-time-code", inputmode="numeric", spellcheck="false",
    )  # fmt: skip


def password(label: Words, *, hint: Words = "", needed: Words, autocomplete: str = "current-password") -> Field:
    """A password; never sent back to the page."""
    params = {"autocomplete": autocomplete, "label": {"classes": "govuk-label--s"}}
    return _made(
        PasswordField,
        label,
        description=hint,
        validators=_checks(needed, 1000),
        widget=PasswordWidget(),
        render_kw={"params": params},
    )


def new_password(label: Words) -> Field:
    """One that is chosen here; what it needs is said before it is typed."""
    return password(
        label,
        hint=Message(
            "At least %(count)s character, for example four words in a row.",
            {"count": SHORTEST},
            "At least %(count)s characters, for example four words in a row.",
        ),
        needed=Message("Choose a password."),
        autocomplete="new-password",
    )


def files(label: Words, *, hint: Words = "", accept: str) -> Field:
    """One or more files. They are no text: the view takes them from the request, and says what is wrong with them."""
    return _made(
        MultipleFileField,
        label, description=hint, widget=FilesWidget(multiple=True),
        render_kw={"accept": accept, "params": {"label": {"classes": "govuk-label--s"}}},
    )  # fmt: skip


def radios(
    label: Words, options: Sequence[Option], *, hint: Words = "", needed: Words | None, asks: Collection[str] = ()
) -> Field:
    """One of a few, all visible, each explained where that helps; `asks`: those that bring what follows."""
    return _made(
        RadioField,
        label, description=hint, choices=_choices(options), validate_choice=False,
        validators=[OneOf(options, needed)], widget=RadiosWidget(_hints(options), asks),
    )  # fmt: skip


def checkboxes(
    label: Words, options: Sequence[Option], *, hint: Words = "", needed: Words | None = None,
    asks: Collection[str] = (),
) -> Field:  # fmt: skip
    """Any of a few."""
    return _made(
        SelectMultipleField,
        label, description=hint, choices=_choices(options), validate_choice=False,
        validators=[*_checks(needed), AllOf(options)], widget=CheckboxesWidget(_hints(options), asks),
    )  # fmt: skip


def select(label: Words, options: Sequence[Option], *, hint: Words = "", needed: Words | None = None) -> Field:
    """One of many; begins with nothing chosen. Without `needed` it may stay so."""
    return _made(
        SelectField,
        label, description=hint, choices=[SelectChoice("", ""), *_choices(options)], validate_choice=False,
        validators=[OneOf(options, needed)], widget=SelectWidget(), default="",
        render_kw={"params": {"label": {"classes": "govuk-label--s"}}},
    )  # fmt: skip


def _choices(options: Sequence[Option]) -> list[SelectChoice]:
    # Said when the page is shown: a form class is made once, for readers of all languages.
    return [SelectChoice(option[0], option[1]) for option in options]


def _hints(options: Sequence[Option]) -> dict[str, Words]:
    return {option[0]: option[2] for option in options if len(option) == 3}
