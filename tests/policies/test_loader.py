"""Controller files and regime packs as they are loaded, stored and loaded again."""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from app.domain.policy import Period, Span
from app.policies.faults import PolicyFaults
from app.policies.loader import CONTROLLERS, REGIMES, from_stored, load_regimes, read_controller, read_regimes

Write = Callable[..., Path]


def test_every_section_of_the_file_is_kept(write: Write) -> None:
    file = read_controller(write()).file
    assert file.rights["access"].respond_within == Period(days=30)
    assert file.connections[0].url == "${ACME_SHOP_URL}"
    assert file.erasure.rows == {"shop.orders": "delete_row"}
    assert [backup.keep.unit for backup in file.backups] == ["months", "years"]
    assert file.accounts["commercial"].delete_after_expiry.count == 120
    assert file.categories["user.financial"].on_erasure == "keep"


def test_round_trip_through_storage(write: Write) -> None:
    loaded = read_controller(write())
    document, maps = json.loads(json.dumps([loaded.document, loaded.dataset_documents]))
    again = from_stored(document, maps)
    assert (again.file, again.datasets, again.digest) == (loaded.file, loaded.datasets, loaded.digest)


def test_the_digest_is_of_what_it_says_not_of_how_it_is_written(write: Write) -> None:
    digest = read_controller(write()).digest
    assert read_controller(write(controller={"rights:": "# a remark\nrights:"})).digest == digest
    assert read_controller(write(controller={"approvers: 1": "approvers: 2"})).digest != digest
    assert read_controller(write(dataset={"name: Shop": "name: The shop"})).digest != digest


def test_what_was_stored_incompletely_is_not_used(write: Write) -> None:
    loaded = read_controller(write())
    with pytest.raises(PolicyFaults, match=r"^controller file: connections\[0\].dataset: “datasets/shop.yml” is not"):
        from_stored(loaded.document, {})


def test_two_connections_may_share_a_data_map(write: Write) -> None:
    second = '  - {key: archive, kind: sql, url: "${ARCHIVE}", dataset: datasets/shop.yml}\ncategories:'
    loaded = read_controller(write(controller={"categories:": second}))
    assert loaded.datasets["archive"] is loaded.datasets["shop"]
    assert list(loaded.dataset_documents) == ["datasets/shop.yml"]


def test_remarks_on_what_a_valid_file_leaves_out(write: Write) -> None:
    lost = "      - {name: lost, fields: [{name: note, data_categories: [user.content]}]}\n      - name: orders\n"
    path = write(dataset={"      - name: orders\n": lost})
    assert [str(one).rpartition("/")[2] for one in read_controller(path).warnings] == [
        (
            "shop.yml:13: dataset[0].collections[1]: no proven identity leads from shop to lost, so nothing is ever"
            " found there; add an identity or a reference, or skip_processing"
        ),
        (
            "shop.yml:13: dataset[0].collections[1]: has no primary key: if the system cannot tell rows apart, equal"
            " ones count as one; fides_meta: {primary_key: true} on the key's fields"
        ),
        (
            "acme.yaml:19: categories: the data maps hold user.content, for which there is no purpose and no time of"
            " keeping; a rule for it or for a category above it (Art. 15(1)(a), (d))"
        ),
        (
            "acme.yaml:19: categories: the data maps hold user.unique_id, for which there is no purpose and no time of"
            " keeping; a rule for it or for a category above it (Art. 15(1)(a), (d))"
        ),
    ]


def test_the_direction_of_a_reference_decides_what_is_reached(write: Write) -> None:
    backwards = read_controller(write(dataset={"direction: from": "direction: to"}))
    assert any("leads from shop to orders" in one.wrong for one in backwards.warnings)


def test_a_dataset_that_cannot_be_read(write: Write, tmp_path: Path) -> None:
    path = write()
    (tmp_path / "datasets" / "shop.yml").write_bytes(b"\xff")
    with pytest.raises(PolicyFaults, match="not written in UTF-8") as caught:
        read_controller(path)
    assert len(caught.value.faults) == 1


def test_no_file_at_all(tmp_path: Path) -> None:
    with pytest.raises(PolicyFaults, match="cannot be read"):
        read_controller(tmp_path / "none.yaml")


def test_the_general_data_protection_regulation() -> None:
    regime = load_regimes()["gdpr"]
    assert (regime.version, regime.holds_from) == (1, date(2018, 5, 25))
    access = regime.rights["access"]
    assert regime.rule("access").length == Span(months=1)
    must = {element.article for element in access.answer_must_contain}
    assert must >= {f"Art. 15(1)({letter})" for letter in "abcdefgh"}
    assert {ground.article for ground in access.refusal_grounds.values()} >= {"Art. 12(5)(b)", "Art. 15(4)", "Art. 23"}


@pytest.mark.parametrize(("country", "website"), [
    ("RO", "https://www.dataprotection.ro"), ("LV", "https://www.dvi.gov.lv"), ("BG", "https://cpdp.bg"),
    ("DE-BY", "https://www.lda.bayern.de"), ("FR-75", "https://www.cnil.fr"), ("US", None),
])  # fmt: skip
def test_the_lead_authority(country: str, website: str | None) -> None:
    lead = load_regimes()["gdpr"].complaint.lead(country)
    assert (lead.website if lead else None) == website


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("holds_from: 2018-05-25", "holds_from: soon", "holds_from: "),
    ("length: {months: 1}", "length: {months: 0}", "periods.answer.length.months: is 0; at least 1"),
    ("    RO: {", "    XX: {", "complaint.authorities.XX: “XX” is no country; a country such as LV"),
    ("counted_by: eu_1182_71", "counted_by: fingers", "counted_by: is “fingers”; allowed: "),
    ("refusal_article:", "refusal_artikle:", "is no key here (did you mean refusal_article?)"),
    ("https://www.dataprotection.ro", "www.dataprotection.ro", "website: is “www.dataprotection.ro”; an address that"),
])  # fmt: skip
def test_a_faulty_pack_names_its_fault(tmp_path: Path, old: str, new: str, expected: str) -> None:
    text = (REGIMES / "gdpr.yaml").read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "gdpr.yaml"
    path.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(PolicyFaults) as caught:
        read_regimes(tmp_path)
    assert expected in str(caught.value)


@pytest.mark.parametrize("path", sorted(CONTROLLERS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_controller_is_without_fault_or_remark(path: Path) -> None:
    loaded = read_controller(path)
    assert loaded.warnings == ()
    assert loaded.file.controller.slug == path.stem
    assert loaded.file.controller.contact.email.endswith("example.com")


def test_softmanager() -> None:
    # S-1, S-12
    file = read_controller(CONTROLLERS / "softmanager.yaml").file
    assert (file.controller.country, file.controller.languages) == ("RO", ("en", "ro"))
    assert file.rights["access"].approvers == 1
    assert file.backups[0].keep.days == 7
    assert {spec.key: spec.url for spec in file.connections} == {
        "crm": "${SOFTMANAGER_CRM_URL}", "billing": "${SOFTMANAGER_BILLING_URL}",
    }  # fmt: skip
