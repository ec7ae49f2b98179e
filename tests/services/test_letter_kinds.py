"""Every letter that the law demands: complete in its words, refused where a part of it is missing (Art. 12 to 34)."""

import re
from dataclasses import replace
from pathlib import Path
from typing import cast

import pytest
from jinja2 import FunctionLoader

from app.domain.errors import Invalid, Refused
from app.domain.letters import KINDS, LETTERS, WITHOUT_CASE, lacks, required
from app.domain.policy_values import RightName
from app.domain.regime import Element, LetterKind, Regime
from app.gateways.rendering import TEMPLATES, Renderer
from app.gateways.speech import speech
from app.gateways.wording import parts_of
from app.policies.loader import load_regimes
from app.queries.reading import load
from app.services import letters
from app.services.stationery import STATIONERY, Stationery
from tests.factories import House, person
from tests.services.letters import ABOUT_CASES, ALL_RIGHTS, give_right, of_right, sent
from tests.services.letters import WITHOUT_CASE as OTHERS

SNAPSHOTS = Path(__file__).parent / "snapshots"
GDPR = load_regimes()["gdpr"]
SENT = tuple(ABOUT_CASES)


def test_every_kind_is_known_and_tried() -> None:
    assert set(KINDS) == set(LETTERS) == {*ABOUT_CASES, *OTHERS}
    assert set(OTHERS) == WITHOUT_CASE
    assert {f"{kind}.html" for kind in KINDS} <= {path.name for path in (TEMPLATES / "letters").iterdir()}


@pytest.mark.parametrize(("key", "version"), [(pack.key, pack.version) for pack in load_regimes().all()])
def test_every_law_says_what_each_of_its_letters_must_contain(key: str, version: int) -> None:
    pack = load_regimes().version(key, version)
    for kind, elements in pack.letters.items():
        assert {"controller", "reference", "date"} <= {one.key for one in elements}, kind
    assert "refusal" in pack.letters


@pytest.mark.parametrize(("law", "country"), [("uk_gdpr", "GB"), ("ru_152fz", "RU"), ("ccpa", "US-CA"), ("lgpd", "BR")])
def test_the_letters_hold_what_other_laws_ask_too(acme_on_sqlite: House, law: str, country: str) -> None:
    """Where a pack names the elements of a letter, and where it does not: then the least holds."""
    house = acme_on_sqlite
    pack = load_regimes()[law]
    rights = [name for name in ALL_RIGHTS if name in pack.rights]
    changes = {"regime: gdpr": f"regime: {law}", "country: LV": f"country: {country}"}
    reference = of_right(house, "access", rights=rights, changes=changes)
    with house.work("dpo") as work:
        case = load(work, reference)
        for kind, (right, inputs) in ABOUT_CASES.items():
            if kind != "answer" or right in rights:
                case.right = right if right in rights else "access"
                given = {**inputs, "ground": _own_ground(pack, case.right, kind, inputs.get("ground", ""))}
                assert letters.missing(work, case, kind, given) == (), kind
        for kind, inputs in OTHERS.items():
            assert letters.compose(work, kind, inputs)
        text = letters.preview(house.portal, work, reference, "acknowledgement", {})
    assert "1182/71" not in text or country == "GB"
    marked = set(
        parts_of("".join((TEMPLATES / f"letters/{name}.html").read_text() for name in ("report", "report_facts")))
    )
    assert {one.key for one in required(pack, "access")} <= marked


def _own_ground(pack: Regime, right: str, kind: LetterKind, ground: str) -> str:
    law = pack.rights[cast("RightName", right)]
    if kind == "extension" or not ground:
        return ground
    proven = [key for key, one in law.refusal_grounds.items() if one.evidence]
    return next(iter([*proven, *law.refusal_grounds, *law.grounds]))


def test_every_letter_reads_as_it_was_agreed(acme_on_sqlite: House) -> None:
    reference = of_right(acme_on_sqlite, "access")
    for kind in SENT:
        reads_as_agreed(acme_on_sqlite, reference, kind)


def reads_as_agreed(house: House, reference: str, kind: LetterKind) -> None:
    right, inputs = ABOUT_CASES[kind]
    give_right(house, reference, right)
    letter_id = sent(house, reference, kind, inputs)
    mail = house.mails.sent[-1]
    text = re.sub(r"\b[2-9A-Z]{4}-[2-9A-Z]{4}-[2-9A-Z]{4}\b", "XXXX-XXXX-XXXX", f"{mail.subject}\n\n{mail.text}")
    place = SNAPSHOTS / f"letter-{kind}.txt"
    if not place.exists():  # a new letter: read the file, then commit it
        place.write_text(text)
    assert text == place.read_text(), f"{kind} reads differently; delete {place.name} when it should"
    assert reference in mail.subject
    with house.work(person(reference)) as work:
        printed = letters.open_letter(work, reference, letter_id).decode()
    assert "Acme SIA" in printed
    words = re.sub(r"[-\s]+", " ", mail.text.partition("Hello Ana Liepa,")[2].partition("This letter as PDF")[0])
    if "You read this in the letter" not in words:
        said = re.sub(r"[-\s]+", " ", printed)
        assert [word for word in words.split() if word.strip("().:") not in said and not word[0].isdigit()] == []


def test_a_letter_without_a_case_is_complete(acme_on_sqlite: House) -> None:
    for kind, inputs in OTHERS.items():
        with acme_on_sqlite.reading("dpo") as work:
            html = letters.compose(work, kind, inputs)
        assert {one.key for one in required(GDPR, kind)} <= set(parts_of(html))
        assert inputs["reference"] in html


def test_a_late_notification_says_why(acme_on_sqlite: House) -> None:
    late = {**OTHERS["breach_authority"], "aware_at": "2026-11-20T10:00+02:00"}
    with acme_on_sqlite.reading("dpo") as work:
        with pytest.raises(Refused, match="Why the report is late"):
            letters.compose(work, "breach_authority", late)
        assert "was away" in letters.compose(work, "breach_authority", {**late, "late_reasons": "The log was away."})


def renamed(key: str) -> Renderer:
    """The templates as they are, with one element taken out of them by its name."""
    renderer = Renderer()

    def source(name: str) -> str:
        text = (TEMPLATES / name).read_text("utf-8")
        if name.startswith("letters/"):
            text = text.replace(f'element("{key}"', 'element("gone"').replace(f'data-element="{key}"', "")
            text = text.replace("element(one.key,", f'element("gone" if one.key == "{key}" else one.key,')
        return text

    renderer.environment.loader = FunctionLoader(source)
    return renderer


KEYS = sorted({one.key for kind in SENT for one in required(GDPR, kind, right=ABOUT_CASES[kind][0], evidence=True)})


def test_a_letter_that_lacks_an_element_is_not_sent_and_says_which(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = of_right(house, "access")
    before = house.jobs()
    memo = house.portal.ground.memo
    for key in KEYS:
        memo[STATIONERY] = replace(memo[STATIONERY], renderer=renamed(key))
        having = {kind: _wanted(kind, key) for kind in SENT if _wanted(kind, key)}
        assert having
        for kind, wanted in having.items():
            with pytest.raises(Refused) as refused:
                _send_as(house, reference, kind)
            assert str(refused.value) == str(lacks(wanted)), kind
    assert len(house.jobs()) == len(before)


def _wanted(kind: LetterKind, key: str) -> tuple[Element, ...]:
    right, _ = ABOUT_CASES[kind]
    return tuple(one for one in required(GDPR, kind, right=right, evidence=kind == "refusal") if one.key == key)


def _send_as(house: House, reference: str, kind: LetterKind) -> None:
    right, inputs = ABOUT_CASES[kind]
    with house.work("dpo") as work:
        case = load(work, reference)
        case.right = right
        letters.send(work, case, kind, inputs)


def test_a_letter_without_a_case_that_lacks_an_element_is_not_composed(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    for key in sorted({one.key for kind in OTHERS for one in required(GDPR, kind)}):
        house.portal.ground.memo[STATIONERY] = Stationery(renamed(key), "https://example.com")
        for kind, inputs in OTHERS.items():
            if key in {one.key for one in required(GDPR, kind)}:
                with house.reading("dpo") as work, pytest.raises(Refused, match="cannot be sent without it"):
                    letters.compose(work, kind, inputs)


def test_what_staff_must_write_cannot_be_left_empty(acme_on_sqlite: House) -> None:
    """The element is in the template; without words in it, it is missing all the same."""
    house = acme_on_sqlite
    reference = of_right(house, "access")
    with house.work("dpo") as work:
        case = load(work, reference)
        for kind, (right, inputs) in ABOUT_CASES.items():
            case.right = right
            assert letters.missing(work, case, kind, inputs) == ()
            for name in LETTERS[kind].inputs:
                if name in inputs and (kind, name) != ("complaint", "result"):
                    for empty in ("", "  \n ", None):
                        assert letters.missing(work, case, kind, {**inputs, name: empty}), f"{kind}: {name}"


def test_a_ground_of_another_right_is_no_reason(acme_on_sqlite: House) -> None:
    reference = of_right(acme_on_sqlite, "access")
    with acme_on_sqlite.reading("dpo") as work:
        case = load(work, reference)
        inputs = {**ABOUT_CASES["refusal"][1], "ground": "kept_by_law"}
        assert "ground" in {one.key for one in letters.missing(work, case, "refusal", inputs)}


def test_evidence_is_asked_only_where_it_must_be_proven(acme_on_sqlite: House) -> None:
    reference = of_right(acme_on_sqlite, "access")
    with acme_on_sqlite.reading("dpo") as work:
        case = load(work, reference)
        lacking = letters.missing(work, case, "refusal", {"ground": "excessive", "reasons": "Again."})
        assert [one.key for one in lacking] == ["evidence"]
        assert letters.missing(work, case, "refusal", {"ground": "rights_of_others", "reasons": "Secret."}) == ()


def test_new_values_stay_out_of_the_mail(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = of_right(house, "rectification")
    letter_id = sent(house, reference, "rectified", ABOUT_CASES["rectified"][1])
    mail = house.mails.sent[-1]
    assert "Brivibas" not in mail.text + mail.html
    with house.work(person(reference)) as work:
        assert "Brivibas" in letters.open_letter(work, reference, letter_id).decode()


def test_what_was_typed_is_only_words(acme_on_sqlite: House) -> None:
    house = acme_on_sqlite
    reference = of_right(house, "access")
    hostile = "</p><script>alert(1)</script>{{ 7*7 }}<section data-element='court'>%(x)s"
    sent(house, reference, "refusal", {**ABOUT_CASES["refusal"][1], "reasons": hostile})
    assert "<script>" not in house.mails.sent[-1].html
    assert hostile in house.mails.sent[-1].text


def test_a_language_that_the_portal_does_not_speak_is_answered_in_the_first_of_the_organisation(
    acme_on_sqlite: House,
) -> None:
    reference = of_right(acme_on_sqlite, "access")
    with acme_on_sqlite.work("dpo") as work:
        case = load(work, reference)
        for spoken, shown in (("lv", "lv"), ("xx", "en")):
            case.language = spoken
            page = letters.preview(acme_on_sqlite.portal, work, reference, "acknowledgement", {})
            assert f'<html lang="{shown}">' in page


def test_where_service_providers_have_the_data_they_must_be_named(acme_on_sqlite: House) -> None:
    reference = of_right(acme_on_sqlite, "erasure")
    inputs = {**ABOUT_CASES["erased"][1], "processors": ""}
    with acme_on_sqlite.reading("dpo") as work:
        lacking = letters.missing(work, load(work, reference), "erased", inputs)
        assert [one.key for one in lacking] == ["processors"]


def test_an_instant_that_is_none_is_said_so(acme_on_sqlite: House) -> None:
    with acme_on_sqlite.reading("dpo") as work, pytest.raises(Invalid):
        letters.compose(work, "breach_authority", {**OTHERS["breach_authority"], "aware_at": "yesterday"})


def test_what_is_lacking_is_said_in_the_language_of_whoever_reads_it() -> None:
    element = Element(key="court", title={"en": "The way to court", "lv": "Ceļš uz tiesu"}, article="Art. 12(4)")
    fault = lacks((element,))
    assert "The way to court (Art. 12(4))" in str(fault)
    assert "Ceļš uz tiesu (12. panta 4. punkts)" in speech("lv").sentence(fault)
    assert "The way to court" in speech("ro").sentence(fault)
