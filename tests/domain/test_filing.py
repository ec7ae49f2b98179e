"""A filing is checked as a whole: what comes out is tidy, and whatever goes in is either that or named as wrong."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.errors import Invalid
from app.domain.filing import CHANNELS, PROOF_METHODS, Filing, ProofNote, checked
from tests.domain.forms import FORMS

GOOD = Filing(rights=("access",), name=" Ana  ", identities={"email": " Ana@EXAMPLE.com "})
OFFERED = {"forms": FORMS, "languages": ("en", "lv"), "contact": "privacy@acme.example"}


def test_what_comes_out_is_tidy() -> None:
    done = checked(
        replace(GOOD, details={"access": {"wish": " a\r\nb "}, "erasure": {}}, grounds={"erasure": ()}), **OFFERED
    )
    assert (done.name, dict(done.identities)) == ("Ana", {"email": "Ana@example.com"})
    assert done.details == {"access": {"wish": "a\nb"}}


def test_empty_answers_are_no_answers() -> None:
    filing = replace(GOOD, identities={**GOOD.identities, "phone": "  "}, details={"access": {"wish": " "}})
    done = checked(filing, **OFFERED)
    assert set(done.identities) == {"email"}
    assert done.details == {}


def test_several_rights_at_once() -> None:
    filing = replace(GOOD, rights=("access", "erasure"), details={"erasure": {"wish": "all"}})
    assert checked(filing, **OFFERED).rights == ("access", "erasure")


@pytest.mark.parametrize("channel", CHANNELS)
def test_on_the_web_the_mail_is_the_way_back(channel: str) -> None:
    filing = replace(GOOD, channel=channel, identities={"phone": "+371 20000000"})
    if channel not in {"web", "api"}:
        assert checked(filing, **OFFERED)
        return
    with pytest.raises(Invalid) as invalid:
        checked(filing, **OFFERED)
    assert set(invalid.value.fields) == {"identities.email"}


@pytest.mark.parametrize("method", PROOF_METHODS)
def test_proof_says_what_was_seen(method: str) -> None:
    filing = replace(GOOD, proof=ProofNote(method, "a passport"))
    assert checked(filing, **OFFERED).proof == ProofNote(method, "a passport")


texts = st.one_of(st.text(max_size=30), st.integers(), st.none())


@given(
    name=texts,
    email=texts,
    kind=st.sampled_from(["phone", "account_name", "shoe_size"]),
    value=texts,
    wish=texts,
    right=st.sampled_from(["access", "erasure", "immortality"]),
)
def test_nothing_that_is_typed_breaks_it(
    name: object, email: object, kind: str, value: object, wish: object, right: str
) -> None:
    filing = Filing(
        rights=(right,),
        name=name,  # type: ignore[arg-type]
        identities={"email": email, kind: value},  # type: ignore[dict-item]
        details={right: {"wish": wish}},  # type: ignore[dict-item]
    )
    try:
        done: Filing | None = checked(filing, **OFFERED)
    except Invalid as invalid:
        done, faults = None, [str(message) for message in invalid.fields.values()]
    else:
        faults = []
    assert all(faults)
    assert bool(faults) is (done is None)
    assert done is None or checked(done, **OFFERED) == done
