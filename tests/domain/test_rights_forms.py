"""What each right asks: the least that is needed, under every law; and each answer is read, told and decided on as it
was meant."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.filing import Filing, checked
from app.domain.messages import Message
from app.domain.policy import ControllerFile
from app.domain.questions import GROUNDS, Given, RightForm
from app.domain.rights_forms import ORDER, forms_of
from app.policies.loader import load_regimes
from tests.domain.forms import CONTROLLER, FILE, FORMS, GDPR, PURPOSES

EVERY_LAW = pytest.mark.parametrize("law", list(load_regimes().all()), ids=lambda one: f"{one.key}-{one.version}")
RIGHTS = pytest.mark.parametrize("right", FORMS)
# The least that the page takes for each right: details and grounds.
LEAST: dict[str, tuple[dict[str, str], tuple[str, ...]]] = {
    "access": ({}, ()),
    "confirmation": ({}, ()),
    "portability": ({}, ()),
    "rectification": ({"corrections.0.field": "My name", "corrections.0.right": "Ana"}, ()),
    "erasure": ({}, ()),
    "restriction": ({}, ("accuracy_contested",)),
    "objection": ({}, ("direct_marketing",)),
    "consent_withdrawal": ({"consents": "news"}, ()),
    "automated_decision_review": ({"wish": "The loan of May"}, ()),
    "disclosure_information": ({}, ()),
    "transfer_mechanism_copy": ({}, ()),
    "instruction": ({"wish": "Merge the two lists"}, ()),
    "other": ({"wish": "I want to know more."}, ()),
}


def asking(right: str, details: dict[str, Any] | None = None, grounds: tuple[str, ...] = (), **more: Any) -> Filing:
    return Filing(
        rights=(right,), name="Ana", identities={"email": "ana@example.com"}, details={right: details or {}},
        grounds={right: grounds}, **more,
    )  # fmt: skip


def read(filing: Filing, forms: dict[str, RightForm] = FORMS) -> Filing:
    return checked(filing, forms=forms, languages=("en", "lv"), contact="privacy@acme.example.com")


def faults(filing: Filing, forms: dict[str, RightForm] = FORMS) -> dict[str, str]:
    with pytest.raises(Invalid) as invalid:
        read(filing, forms)
    return {field: str(words) for field, words in invalid.value.fields.items()}


def test_every_right_has_a_form() -> None:
    assert set(LEAST) == set(FORMS)
    assert list(FORMS) == [name for name in ORDER if name in FORMS]


@EVERY_LAW
def test_every_law_has_a_form_for_each_of_its_rights(law: Any) -> None:
    rights = {name: {} for name in law.offered_by_choice()}
    file = ControllerFile.model_validate({"controller": CONTROLLER, "rights": rights, "purposes": PURPOSES})
    forms = forms_of(law, file)
    assert set(forms) == set(law.rights)
    for form in forms.values():
        for question in form.questions:
            assert question.kind not in {"choice", "choices", "tick"} or question.options, question.name
            assert not question.follows or form.question(question.follows), question.name
        if law.rights[form.right].asks_for_ground:
            assert form.implied or form.question(GROUNDS)


def test_free_words_are_taken_by_every_controller() -> None:
    file = ControllerFile.model_validate({"controller": CONTROLLER, "rights": {"access": {}}})
    assert list(forms_of(GDPR, file)) == ["access", "other"]
    assert read(asking("other", {"wish": "?"}), forms_of(GDPR, file)).details == {"other": {"wish": "?"}}


@RIGHTS
def test_the_least_is_enough(right: str) -> None:
    details, grounds = LEAST[right]
    done = read(asking(right, details, grounds))
    assert done.details.get(right, {}) == details
    assert tuple(done.grounds.get(right, ())) == grounds
    assert read(done) == done


@pytest.mark.parametrize(("right", "field", "words"), [
    ("rectification", "details.rectification.corrections.0.field", "at least one thing"),
    ("restriction", "grounds.restriction", "at least one reason"),
    ("objection", "grounds.objection", "Choose what you object to"),
    ("consent_withdrawal", "details.consent_withdrawal.consents", "no longer agree to"),
    ("automated_decision_review", "details.automated_decision_review.wish", "which decision"),
    ("instruction", "details.instruction.wish", "what should be done"),
    ("other", "details.other.wish", "what you would like"),
])  # fmt: skip
def test_what_is_needed_is_asked_for_in_words(right: str, field: str, words: str) -> None:
    assert {name: words in said for name, said in faults(asking(right)).items()} == {field: True}


@RIGHTS
def test_a_letter_on_paper_is_taken_as_it_came(right: str) -> None:
    assert read(asking(right, channel="post")).rights[0] == right


BAD: dict[str, tuple[Filing, str, str]] = {
    "a ground of another right": (asking("erasure", grounds=("accuracy_contested",)), "grounds.erasure", "not_necess"),
    "a ground of another law": (asking("objection", grounds=("sale",)), "grounds.objection", "own_situation"),
    "a ground where there is none": (asking("access", grounds=("unlawful",)), "grounds.access", "no grounds"),
    "a ground of a right not asked for": (
        replace(asking("access"), grounds={"erasure": ("unlawful",)}), "grounds.erasure", "not among those"),
    "a consent that was never given": (
        asking("consent_withdrawal", {"consents": "service"}), "details.consent_withdrawal.consents", "news, offers"),
    "something else, and nothing said": (
        asking("consent_withdrawal", {"consents": "other"}), "details.consent_withdrawal.wish", "which consent"),
    "an objection without its situation": (
        asking("objection", grounds=("own_situation",)), "details.objection.situation", "your situation"),
    "research without a situation": (
        asking("objection", grounds=("research",)), "details.objection.situation", "your situation"),
    "a correction without what is right": (
        asking("rectification", {"field": "Name"}), "details.rectification.corrections.0.right", "what is right"),
    "a sixth correction": (
        asking("rectification", {"corrections.5.right": "x"}), "details.rectification.corrections.5.right", "Choose"),
    "a correction of nothing known": (
        asking("rectification", {"field": "a", "right": "b", "corrections.0.colour": "x"}),
        "details.rectification.corrections.0.colour", "not offered"),
    "a line in a line": (
        asking("rectification", {"field": "a\nb", "right": "c"}),
        "details.rectification.corrections.0.field", "control"),
    "hidden characters": (asking("erasure", {"wish": "a\u202eb"}), "details.erasure.wish", "invisible"),
    "control characters": (asking("other", {"wish": "a\x07"}), "details.other.wish", "control"),
    "too much": (asking("other", {"wish": "x" * 4001}), "details.other.wish", "4000"),
    "no text": (asking("other", {"wish": 5}), "details.other.wish", "must be text"),
    "a tick that is none": (
        asking("objection", {"restrict": "maybe"}, ("direct_marketing",)), "details.objection.restrict", "yes"),
    "no question of this right": (asking("confirmation", {"colour": "red"}), "details.confirmation.colour", "nothing"),
    "for somebody else": (asking("access", capacity="agent"), "capacity", "privacy@acme.example.com"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_what_is_wrong_is_named_at_its_field(name: str) -> None:
    filing, field, words = BAD[name]
    assert {place: words in said for place, said in faults(filing).items()} == {field: True}, faults(filing)


def test_advertising_is_asked_nothing_and_needs_no_setting_aside() -> None:
    done = read(asking("objection", {"restrict": "yes"}, ("direct_marketing",)))
    assert done.rights == ("objection",)


def test_an_objection_may_bring_a_setting_aside_along() -> None:
    filing = asking("objection", {"situation": "I am ill.", "restrict": "yes"}, ("own_situation",))
    done = read(filing)
    assert done.rights == ("objection", "restriction")
    assert done.grounds["restriction"] == ("objection_pending",)
    assert read(done) == done
    together = replace(filing, rights=("restriction", "objection"), grounds={
        "objection": ("own_situation",), "restriction": ("accuracy_contested",),
    })  # fmt: skip
    assert read(together).grounds["restriction"] == ("accuracy_contested", "objection_pending")


def test_setting_aside_is_offered_only_where_it_can_be_asked_for() -> None:
    file = ControllerFile.model_validate({"controller": CONTROLLER, "rights": {"objection": {}}})
    assert [one.name for one in forms_of(GDPR, file)["objection"].questions] == [GROUNDS, "situation"]


def test_where_there_is_but_one_ground_that_nobody_refuses_it_is_meant() -> None:
    california = load_regimes()["ccpa"]
    form = forms_of(california, ControllerFile.model_validate({"controller": CONTROLLER, "rights": {"objection": {}}}))[
        "objection"
    ]
    (ground,) = california.rights["objection"].grounds
    assert form.questions == ()
    assert form.read({}, (), strict=True) == (Given({}, (ground,)), {})
    assert [line.text for told in form.told(Given({}, (ground,))) for line in told.lines]


def test_without_consents_by_name_the_consent_is_told_in_words() -> None:
    file = ControllerFile.model_validate({"controller": CONTROLLER, "rights": {"consent_withdrawal": {}}})
    (question,) = forms_of(GDPR, file)["consent_withdrawal"].questions
    assert (question.name, question.follows) == ("wish", "")


def test_corrections_are_numbered_without_gaps() -> None:
    done = read(asking("rectification", {
        "corrections.1.field": " ", "corrections.2.field": "Phone", "corrections.2.wrong": "1",
        "corrections.2.right": "2", "corrections.4.field": "Name", "corrections.4.right": "Ana",
    }))  # fmt: skip
    given = Given(done.details["rectification"])
    assert set(given.details) == {
        "corrections.0.field", "corrections.0.wrong", "corrections.0.right", "corrections.1.field",
        "corrections.1.right",
    }  # fmt: skip
    items = FORMS["rectification"].items(given, "en")
    assert [(one["key"], one["label"]) for one in items] == [("0", "Phone: 1 → 2"), ("1", "Name: Ana")]
    assert [str(one.label) for one in FORMS["rectification"].told(given)] == ["Correction 1", "Correction 2"]


def test_each_consent_is_decided_by_itself() -> None:
    done = read(asking("consent_withdrawal", {"consents": " news , news", "wish": "The photo at the fair"}))
    given = Given(done.details["consent_withdrawal"])
    assert given.details["consents"] == "news,other", "who says what else, means something else"
    items = FORMS["consent_withdrawal"].items(given, "lv")
    assert [(one["key"], one["label"]) for one in items] == [("news", "Jaunumi"), ("other", "The photo at the fair")]


@RIGHTS
def test_every_answer_is_told(right: str) -> None:
    details, grounds = LEAST[right]
    told = FORMS[right].told(Given({**details, "old_name": "kept"}, grounds))
    texts = {str(line.text) for one in told for line in one.lines if line.typed}
    assert "kept" in texts, "what an older form asked is shown too"
    for value in details.values():
        assert value in texts or value == "news"
    assert all(isinstance(one.label, Message) and one.anchor for one in told)
    assert [one for one in told if one.anchor == GROUNDS] or not grounds


def test_nothing_said_is_told_as_what_it_means() -> None:
    (told, *_) = FORMS["access"].told(Given())
    assert (str(told.label), [str(line.text) for line in told.lines]) == (
        "A copy of", ["Everything the organisation holds about me"],
    )  # fmt: skip


@pytest.mark.parametrize("form", FORMS.values(), ids=lambda form: form.right)
def test_no_form_asks_much(form: RightForm) -> None:
    """At most three things beside the person's own name and address, and at most two of them in earnest."""
    assert len(form.questions) <= 3
    assert sum(question.needed is not None for question in form.questions) <= 2


words = st.one_of(st.text(max_size=20), st.sampled_from(["yes", "some", "news", "other", "news,other", "", " "]))
names = st.sampled_from([
    "wish", "scope", "more", "to", "field", "right", "corrections.0.right", "corrections.3.field", "situation",
    "restrict", "consents", "view", "about", "grounds", "", "corrections.9.right", "x" * 80,
])  # fmt: skip
reasons = st.sampled_from(
    ["unlawful", "own_situation", "direct_marketing", "objection_pending", "accuracy_contested", ""]
)


@given(
    rights=st.lists(st.sampled_from([*FORMS, "immortality"]), min_size=1, max_size=3, unique=True),
    details=st.dictionaries(names, words, max_size=4),
    grounds=st.lists(reasons, max_size=2),
    channel=st.sampled_from(["web", "post"]),
)
def test_whatever_is_answered_is_taken_or_named(
    rights: list[str], details: dict[str, str], grounds: list[str], channel: str
) -> None:
    filing = Filing(
        rights=tuple(rights), name="Ana", identities={"email": "ana@example.com"}, channel=channel,
        details=dict.fromkeys(rights, details), grounds=dict.fromkeys(rights, tuple(grounds)),
    )  # fmt: skip
    try:
        done = read(filing)
    except Invalid:
        assert all(faults(filing).values())
        return
    assert read(done) == done
    for right in done.rights:
        given_ = Given(done.details.get(right, {}), tuple(done.grounds.get(right, ())))
        assert all(item["key"] for item in FORMS[right].items(given_, "en"))
        said = {line.text for told in FORMS[right].told(given_) for line in told.lines if line.typed}
        typed = {value for name, value in given_.details.items() if name not in {"consents", "restrict"}}
        assert typed <= said


def test_the_file_offers_all() -> None:
    assert set(FILE.rights) | {"other"} == set(FORMS)
