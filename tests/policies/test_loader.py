"""Controller files as they are loaded, stored and loaded again."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from app.domain.policy import Period
from app.policies.faults import PolicyFaults
from app.policies.loader import CONTROLLERS, from_stored, read_controller

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
    assert [str(one).rpartition("/")[2] for one in read_controller(path).warnings][:4] == [
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


# What the published notices promise beside the law, and what the portal says of it.
MEANT = {
    "manajet": {"rights.erasure.cooling_off", "backups[1].keep"},  # M-8, M-11
    "ispmanager": {"respond_within"},  # I-4
    "softfirm": {"respond_within"},
}


@pytest.mark.parametrize("path", sorted(CONTROLLERS.glob("*.yaml")), ids=lambda path: path.stem)
def test_every_shipped_controller_is_sound_but_for_its_invented_addresses(path: Path) -> None:
    loaded = read_controller(path)
    remarks = [one for one in loaded.warnings if "is an example address" not in one.wrong]
    meant = MEANT.get(path.stem, set())
    assert [str(one) for one in remarks if not any(str(one.field).endswith(field) for field in meant)] == []
    assert {field for field in meant if any(str(one.field).endswith(field) for one in remarks)} == meant
    assert loaded.file.controller.slug == path.stem
    assert loaded.file.controller.contact.email.endswith("example.com")


def test_softmanager() -> None:
    # S-1, S-3, S-4, S-8 to S-12
    file = read_controller(CONTROLLERS / "softmanager.yaml").file
    assert (file.controller.country, file.controller.languages) == ("RO", ("en", "ro"))
    assert file.rights["access"].approvers == 1
    assert set(file.rights) == {
        "access", "portability", "rectification", "erasure", "restriction", "objection", "consent_withdrawal",
        "automated_decision_review", "confirmation", "disclosure_information", "instruction",
    }  # fmt: skip
    assert file.backups[0].keep.days == 7
    assert {spec.key: spec.url for spec in file.connections} == {
        "crm": "${SOFTMANAGER_CRM_URL}", "billing": "${SOFTMANAGER_BILLING_URL}",
    }  # fmt: skip
