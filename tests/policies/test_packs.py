"""The laws as data: what each says, how one is laid over another, and that a published version never changes."""

import csv
import os
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

from app.domain.policy import RightName, Span
from app.domain.policy_values import AtOnce
from app.domain.regime import LetterKind, Regime
from app.policies.faults import PolicyFaults
from app.policies.loader import load_regimes
from app.policies.packs import REGIMES, digests, law_texts, read_regimes

HERE = Path(__file__).parent
PUBLISHED = HERE / "published_packs.txt"
PACKS = list(load_regimes().all())
NAMES = [f"{one.key} {one.version}" for one in PACKS]
EVERY = pytest.mark.parametrize("pack", PACKS, ids=NAMES)
KINDS = {
    "answer": "uk_gdpr", "access_10wd": "ru_152fz", "rectify_7wd": "ru_152fz", "destroy_7wd": "ru_152fz",
    "stop_demand_10wd": "ru_152fz", "incident_24h": "ru_152fz",
}  # fmt: skip
HEADER = {"controller", "reference", "date", "language"}


def vectors(name: str) -> list[dict[str, str]]:
    text = (HERE.parent / "vectors" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines()))


def test_a_published_version_never_changes() -> None:
    """Cases were filed under it: other words or periods are a new version. HABEAS_UPDATE=1 writes the digests anew."""
    now = [f"{key} {version} {digest}" for (key, version), digest in sorted(digests(REGIMES).items(), key=str)]
    if os.environ.get("HABEAS_UPDATE") == "1":
        PUBLISHED.write_text("\n".join(now) + "\n", encoding="utf-8")
    assert now == PUBLISHED.read_text(encoding="utf-8").splitlines()


def test_every_law_has_the_versions_that_held() -> None:
    regimes = load_regimes()
    assert sorted(regimes) == ["ccpa", "gdpr", "lgpd", "ru_152fz", "uk_gdpr"]
    days = [date(2024, 9, 3), date(2026, 2, 4), date(2026, 2, 5), date(2026, 6, 18), date(2026, 6, 19)]
    assert [regimes.at("uk_gdpr", day).version for day in days] == [1, 1, 2, 2, 3]
    assert regimes["uk_gdpr"].version == 3
    assert regimes.at("gdpr", date(2017, 1, 1)).version == 1


def test_every_kind_of_time_is_there() -> None:
    rows = vectors("deadlines.csv")
    wanted = {
        (row["regime"], kind[1] if (kind := re.search(r"kind=(\w+)", row["events"])) else "answer") for row in rows
    }
    wanted |= {(regime, kind) for kind, regime in KINDS.items()}
    assert not {(regime, kind) for regime, kind in wanted if kind not in load_regimes()[regime].periods}


@pytest.mark.parametrize(("regime", "right", "length", "unit"), [
    ("gdpr", "access", 1, "months"), ("gdpr", "consent_withdrawal", 0, "days"), ("uk_gdpr", "erasure", 1, "months"),
    ("ru_152fz", "access", 10, "working_days"), ("ru_152fz", "rectification", 7, "working_days"),
    ("ru_152fz", "erasure", 7, "working_days"), ("ru_152fz", "objection", 10, "working_days"),
    ("ru_152fz", "consent_withdrawal", 30, "days"), ("ru_152fz", "restriction", 0, "days"),
    ("ccpa", "access", 45, "days"), ("ccpa", "objection", 15, "working_days"),
    ("ccpa", "restriction", 15, "working_days"), ("lgpd", "access", 15, "days"),
])  # fmt: skip
def test_how_long_an_answer_may_take(regime: str, right: str, length: int, unit: str) -> None:
    span = load_regimes()[regime].rule(right).length
    assert (span.count, span.unit) == (length, unit)
    assert isinstance(span, AtOnce) is (length == 0)


def test_what_a_request_on_paper_must_hold() -> None:
    # the number of the identity document, when and by whom it was issued, the relation to the operator
    form = load_regimes()["ru_152fz"].signed_form
    assert form is not None
    keys = ["document_number", "document_issued_on", "document_issuer", "relation"]
    assert [field.key for field in form.fields] == keys
    assert {field.article for field in form.fields} == {"Art. 14(3)"}
    others = [pack.key for pack in PACKS if pack.signed_form is not None]
    assert others == ["ru_152fz"], "elsewhere name and contact are enough"


def test_what_stops_and_restarts_the_time() -> None:
    regimes = load_regimes()
    before, since = regimes.version("uk_gdpr", 1), regimes.version("uk_gdpr", 2)
    assert set(regimes["gdpr"].rule("access").pauses) == {"identity", "clarification"}
    assert set(before.rule("access").pauses) == {"clarification"}
    assert set(before.rule("access").restarts) == {"id_received"}
    assert set(since.rule("access").restarts) == set(since.rule("erasure").restarts) == {"id_received", "fee_paid"}
    assert set(since.rule("access").pauses) == {"clarification"}  # Art. 12A(5) names Art. 15 alone
    assert not since.rule("erasure").pauses
    for key in ("ru_152fz", "ccpa", "lgpd"):
        assert not any(rule.pauses or rule.restarts for rule in regimes[key].periods.values())


def test_the_time_of_a_complaint_to_the_controller() -> None:
    regimes = load_regimes()
    complaint = regimes["uk_gdpr"].complaint
    assert complaint.to_controller is not None
    assert "164A" in complaint.to_controller.article
    assert regimes["uk_gdpr"].periods[str(complaint.acknowledge)].length == Span(days=30)
    assert all(one.complaint.to_controller is None for one in PACKS if (one.key, one.version) != ("uk_gdpr", 3))


def test_the_general_data_protection_regulation() -> None:
    regime = load_regimes()["gdpr"]
    assert (regime.version, regime.holds_from) == (1, date(2018, 5, 25))
    assert set(regime.offered_by_choice()) == set(get_args(RightName))
    assert set(regime.letters) == set(get_args(LetterKind)) - {"answer"}  # that one holds what the right itself asks
    access = regime.rights["access"]
    must = {element.article for element in access.answer_must_contain}
    assert must >= {f"Art. 15(1)({letter})" for letter in "abcdefgh"}
    assert {ground.article for ground in access.refusal_grounds.values()} >= {"Art. 12(5)(b)", "Art. 15(4)", "Art. 23"}
    assert [one.article for one in regime.rights["erasure"].grounds.values()] == [f"Art. 17(1)({x})" for x in "abcdef"]
    assert [one.article for one in regime.rights["restriction"].grounds.values()] == [
        f"Art. 18(1)({x})" for x in "abcd"
    ]
    refused = {one.article for one in regime.rights["erasure"].refusal_grounds.values()}
    assert refused >= {f"Art. 17(3)({letter})" for letter in "abcde"}


def test_an_answer_names_the_rights_of_the_person_and_no_others() -> None:
    assert list(load_regimes()["gdpr"].rights_of_subjects()) == [
        "access", "portability", "rectification", "erasure", "restriction", "objection", "consent_withdrawal",
        "automated_decision_review",
    ]  # fmt: skip


@EVERY
def test_a_request_in_free_words_is_always_taken(pack: Regime) -> None:
    assert "other" in pack.rights
    assert "other" not in pack.offered_by_choice()
    assert ("complaint" in pack.rights) is (pack.complaint.to_controller is not None)


@EVERY
def test_nothing_refuses_the_end_of_a_consent_or_of_advertising(pack: Regime) -> None:
    if withdrawal := pack.rights.get("consent_withdrawal"):
        assert not withdrawal.refusal_grounds
    marketing = pack.rights["objection"].grounds.get("direct_marketing")
    assert (marketing is not None and marketing.absolute) is (pack.key != "lgpd")


@EVERY
def test_who_refuses_as_excessive_must_prove_it(pack: Regime) -> None:
    for right in pack.rights.values():
        for key, ground in right.refusal_grounds.items():
            assert ground.evidence is (key in {"unfounded", "excessive", "too_often", "repeated_too_soon"}), key
            assert ground.unidentified is (key in {"cannot_identify", "not_verifiable"}), key
    if any(ground.evidence for right in pack.rights.values() for ground in right.refusal_grounds.values()):
        assert [one.key for one in pack.letters["refusal"] if one.when == "evidence"] == ["evidence"]


@EVERY
def test_every_letter_says_who_writes_and_every_no_the_way_to_complain(pack: Regime) -> None:
    keys = {kind: {one.key for one in elements} for kind, elements in pack.letters.items()}
    for kind, found in keys.items():
        assert found >= (HEADER - {"language"} if kind == "breach_register" else HEADER), kind
    for kind in ("refusal", "partial"):
        assert keys[kind] >= {"person", "received", "reasons", "complaint", "court"}
    assert {"acknowledgement", "identity_request", "access", "no_data", "rectified", "erased", "referral"} <= set(keys)
    assert ("extension" in keys) is any(rule.extension for rule in pack.periods.values())


@EVERY
def test_the_letter_about_a_right_holds_what_the_answer_must_contain(pack: Regime) -> None:
    letters: dict[RightName, LetterKind] = {
        "access": "access", "portability": "portability", "rectification": "rectified", "erasure": "erased",
        "restriction": "restricted", "objection": "objection", "consent_withdrawal": "consent_withdrawn",
        "automated_decision_review": "automated_decision", "confirmation": "no_data",
    }  # fmt: skip
    for right, letter in letters.items():
        if right in pack.rights:
            must = {one.key for one in pack.rights[right].answer_must_contain}
            assert must <= {one.key for one in pack.letters[letter]}, right


def test_every_text_is_plain() -> None:
    """Short sentences, none of the words that only lawyers use: everybody has to understand them (Art. 12(1))."""
    jargon = (
        r"(?i)\b(data subject|processing|rectif\w+|shall|pursuant|herein|thereof|aforementioned|erasure of personal)\b"
    )
    for file, line, text in law_texts():
        assert not re.search(jargon, text), f"{file}:{line}: {text}"
        assert max(len(one.split()) for one in re.split(r"[.:] ", text)) <= 35, f"{file}:{line}: {text}"
        assert text == " ".join(text.split()), f"{file}:{line}: {text}"


def test_every_text_has_its_line() -> None:
    for file, line, text in law_texts():
        written = (REGIMES / file).read_text(encoding="utf-8").splitlines()[line - 1]
        assert text.split()[0] in written or ">-" in written, f"{file}:{line}: {text}"


@pytest.mark.parametrize(("regime", "country", "website"), [
    ("gdpr", "RO", "https://www.dataprotection.ro"), ("gdpr", "LV", "https://www.dvi.gov.lv"),
    ("gdpr", "BG", "https://cpdp.bg"), ("gdpr", "DE-BY", "https://www.lda.bayern.de"),
    ("gdpr", "FR-75", "https://www.cnil.fr"), ("gdpr", "US", None), ("gdpr", "GB", None),
    ("uk_gdpr", "GB-SCT", "https://ico.org.uk"), ("uk_gdpr", "LV", None), ("ru_152fz", "RU", "https://rkn.gov.ru"),
])  # fmt: skip
def test_the_lead_authority(regime: str, country: str, website: str | None) -> None:
    lead = load_regimes()[regime].complaint.lead(country)
    assert (lead.website if lead else None) == website


FAULTS = [
    ("holds_from: 2018-05-25", "holds_from: soon", "gdpr.yaml:6: holds_from: "),
    ("length: {months: 1}", "length: {months: 0}", "gdpr.yaml:12: periods.answer.length.months: is 0; at least 1"),
    ("length: {months: 1}", "length: {days: -1}", "periods.answer.length.days: is -1; at least 1"),
    ("by: {months: 2}", "by: {days: 0}", "periods.answer.extension.by.days: is 0; at least 1"),
    ("[eu, eea,", "[eu, efta,", "complaint.authorities[1]: “efta” is no part of the list of authorities; allowed: "),
    ("counted_by: eu_1182_71", "counted_by: fingers", "counted_by: is “fingers”; allowed: "),
    ("refusal_article:", "refusal_artikle:", "is no key here (did you mean refusal_article?)"),
    ("period: at_once", "period: at_one", "rights.consent_withdrawal.period: “at_one” is no period here (did you mean"),
    ("period: at_once", "period: breach_72h", "“breach_72h” is in hours, and an answer is due on a day; a period of d"),
    ("part_of: access", "part_of: acces", "rights.confirmation.part_of: “acces” is no right here (did you mean access"),
    ("{key: purposes, a", "{key: confirmation, a", "answer_must_contain[1].key: “confirmation” stands here twice; "),
    ("    capacities: [customer]", "    asks_for_ground: true", "asks_for_ground: is true, and there is no g"),
    ("title: We cannot tell which data is yours", "title: 7", "rights.access.refusal_grounds.cannot_identify.title: "),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "expected"), FAULTS)
def test_a_faulty_pack_names_its_fault(tmp_path: Path, old: str, new: str, expected: str) -> None:
    text = (REGIMES / "gdpr.yaml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "gdpr.yaml").write_text(text.replace(old, new), encoding="utf-8")
    assert expected in "\n".join(faults_in(tmp_path))


def faults_in(directory: Path) -> list[str]:
    with pytest.raises(PolicyFaults) as caught:
        read_regimes(directory)
    return [str(one) for one in caught.value.faults]


SECOND = """\
key: gdpr
version: 2
holds_from: 2030-01-01
extends: {key: gdpr, version: 1, without: [court]}
title: The law to come
periods:
  breach_72h: {title: Report, length: {hours: 96}}
  answer: {extension: null}
rights:
  access:
    answer_must_contain:
      purposes: {article: Art. 99}
      copy: null
      price: {article: Art. 100, title: What your data is worth}
  portability: null
court: {article: Art. 101, explanation: You can go to a court.}
"""


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "gdpr.yaml").write_text((REGIMES / "gdpr.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "next.yaml").write_text(SECOND, encoding="utf-8")
    return tmp_path


def test_a_pack_laid_over_another(folder: Path) -> None:
    regimes = read_regimes(folder)
    old, new = regimes.version("gdpr", 1), regimes["gdpr"]
    assert (new.version, new.refusal_article, new.court.article) == (2, old.refusal_article, "Art. 101")
    assert new.periods["breach_72h"].length == Span(hours=96)
    assert new.periods["breach_72h"].article == old.periods["breach_72h"].article
    assert (new.rule("access").extension, old.rule("access").extension is None) == (None, False)
    assert set(old.rights) - set(new.rights) == {"portability"}
    asked = {one.key: one.article for one in new.rights["access"].answer_must_contain}
    assert (asked["purposes"], asked["price"], "copy" in asked) == ("Art. 99", "Art. 100", False)
    assert asked["recipients"] == "Art. 15(1)(c)"


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("version: 1,", "version: 7,", "next.yaml:4: extends: “gdpr” 7 is no pack; allowed: gdpr 1"),
    ("version: 1,", "version: 2,", "next.yaml:4: extends: “gdpr” 2 leads back to this pack; allowed: gdpr 1"),
    ("[court]", "[courts]", "next.yaml:4: extends.without: “courts” is no section of it (did you mean court?); "),
    ("version: 1,", "", "next.yaml:4: version: is missing; it must be given"),
    ("version: 2", "version: 1", "next.yaml:2: version: “gdpr” 1 stands in gdpr.yaml too; a version of its own"),
    ("2030-01-01", "2018-05-25", ("next.yaml:3: holds_from: is 2018-05-25, not after the day from which version 1"
                                  " holds; a day after 2018-05-25")),
    ("{hours: 96}", "{hours: 0}", "next.yaml:7: periods.breach_72h.length.hours: is 0; at least 1"),
    ("      price: {article: Art. 100, ", "      price: {", "next.yaml:11: rights.access.answer_must_contain[10].art"),
    ("court: {article: Art. 101, explanation: You can go to a court.}", "", "next.yaml:1: court: is missing; it"),
])  # fmt: skip
def test_a_pack_laid_wrongly_over_another(folder: Path, old: str, new: str, expected: str) -> None:
    assert old in SECOND
    (folder / "next.yaml").write_text(SECOND.replace(old, new, 1), encoding="utf-8")
    found = faults_in(folder)
    assert [one[: len(expected)] for one in found] == [expected]
