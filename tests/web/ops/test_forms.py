"""Forms made from a move's field specifications: the same words, limits and choices as everywhere."""

from contextlib import ExitStack

import pytest
from flask import g

from app.domain.errors import Invalid
from app.domain.lifecycle import FieldSpec
from app.domain.messages import Message
from app.web import fields
from app.web.forms import Form, from_specs

SPECS = (
    FieldSpec("ground", "choice", Message("On which ground?"), source="refusal_grounds"),
    FieldSpec("reason", "long_text", Message("Reasons"), Message("State the facts."), max_length=50),
    FieldSpec("note", "text", Message("Note"), required=False, max_length=10),
)
FEW = [("a", Message("First"), Message("Explained")), ("b", Message("Second"))]


@pytest.fixture
def typed(app):
    """A form filled by a POST, as our own page sends it."""

    with ExitStack() as open_for_the_test:

        def fill(kind: type[Form], data: dict, *, proved: bool = True) -> Form:
            open_for_the_test.enter_context(app.test_request_context("/", method="POST", data=data))
            g.origin_proved = proved
            form = kind.of_request()
            form.holds = form.accepted()
            form.html = "".join(str(field()) for field in form)
            return form

        yield fill


def test_answers_that_hold_are_accepted(typed):
    form = typed(from_specs(SPECS, {"ground": FEW}), {"ground": "a", "reason": "x" * 50, "note": ""})
    assert form.holds
    assert form.data == {"ground": "a", "reason": "x" * 50, "note": ""}
    assert "Explained" in form.html
    assert "State the facts." in form.html


@pytest.mark.parametrize(
    ("data", "where"),
    [
        ({"reason": "x"}, "#ground"),
        ({"ground": "c", "reason": "x"}, "#ground"),
        ({"ground": "a"}, "#reason"),
        ({"ground": "a", "reason": "x" * 51}, "#reason"),
        ({"ground": "a", "reason": "x", "note": "x" * 11}, "#note"),
    ],
)
def test_each_fault_is_linked_to_its_field(typed, data, where):
    form = typed(from_specs(SPECS, {"ground": FEW}), data)
    assert not form.holds
    assert [problem["href"] for problem in form.problems] == [where]


def test_many_choices_become_a_list(typed):
    many = [(str(number), f"Choice {number}") for number in range(9)]
    form = typed(from_specs(SPECS[:1], {"ground": many}), {"ground": "8"})
    assert form.holds
    assert "<select" in form.html
    assert not typed(from_specs(SPECS[:1], {"ground": many}), {"ground": "9"}).holds
    assert not typed(from_specs(SPECS[:1], {"ground": many}), {"ground": ""}).holds


def test_a_form_that_is_not_proved_is_not_accepted(typed):
    form = typed(from_specs(SPECS[2:], {}), {"note": "x"}, proved=False)
    assert not form.holds
    assert form.failed
    assert form.note.data == "x"


def test_what_a_verb_finds_wrong_stands_beside_the_field(typed):
    form = typed(from_specs(SPECS[2:], {}), {"note": "x"})
    form.blame(Invalid({"details.note": "Not this.", "elsewhere": "And that."}), names={"details.note": "note"})
    form.blame_all(Message("As a whole."))
    assert form.problems == [
        {"text": "And that."}, {"text": "As a whole."}, {"text": "Not this.", "href": "#note"},
    ]  # fmt: skip


class Rest(Form):
    """The kinds of field that no move has yet."""

    several = fields.checkboxes(Message("Which?"), FEW, needed=Message("Choose one at least."))
    secret = fields.password(Message("Password"), needed=Message("Enter it."))
    code = fields.code(Message("Code"))


def test_several_choices_and_passwords(typed):
    form = typed(Rest, {"several": ["a", "b"], "secret": "hunter2", "code": "1"})
    assert form.holds
    assert "hunter2" not in form.html, "a password never comes back"
    assert not typed(Rest, {"several": ["a", "z"], "secret": "x", "code": "1"}).holds
    assert len(typed(Rest, {}).problems) == 3


def test_nobody_is_sent_back_what_cannot_be_seen():
    assert fields.showable("Ana\u202e\x00 👩‍👩‍👧\n") == "Ana 👩‍👩‍👧\n"
