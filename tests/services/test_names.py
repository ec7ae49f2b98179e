"""Systems, collections and columns are called in the reader's language what the data map calls them (Art. 12(1))."""

import io
import json
import zipfile
from collections.abc import Iterator

import pytest

from app.policies.datasets import Dataset
from app.policies.loader import CONTROLLERS, LoadedController, read_controller
from app.services import letters, packages
from tests import factories
from tests.factories import House, person

SHIPPED = {path.stem: read_controller(path) for path in sorted(CONTROLLERS.glob("*.yaml"))}
SYSTEM = "    meta: {title: {en: Customer records, lv: Klientu uzskaite}}\n"
NOTES = "        fides_meta: {title: {en: What was noted, lv: Piezīmes}}\n"
WORDS = "text, data_categories: [user.content], fides_meta: {title: {en: Words, lv: Vārdi}}}"


@pytest.fixture
def named(monkeypatch: pytest.MonkeyPatch, acme_on_sqlite: House) -> Iterator[House]:
    """The small organisation's customer records, with names for people in two languages."""
    crm = factories.CRM.replace("    collections:", SYSTEM + "    collections:", 1)
    crm = crm.replace("      - name: notes\n", "      - name: notes\n" + NOTES)
    factories._loaded.cache_clear()
    monkeypatch.setattr(factories, "CRM", crm.replace("text, data_categories: [user.content]}", WORDS))
    acme_on_sqlite.apply()
    yield acme_on_sqlite
    factories._loaded.cache_clear()


def package_of(house: House, reference: str) -> zipfile.ZipFile:
    package_id = house.view(reference).packages[-1].id
    with house.reading(person(reference)) as work:
        place = packages.opened(work, reference, package_id)
    return zipfile.ZipFile(io.BytesIO(b"".join(packages.stream(house.portal, place))))


def test_a_package_speaks_of_its_data_in_the_persons_language(named: House) -> None:
    package = package_of(named, named.in_status("closed", language="lv"))
    index, report = (package.read(name).decode() for name in ("index.html", "report.pdf"))
    page = package.read("html/crm/notes/page-0001.html").decode()
    for shown in (index, report, page):
        assert "Klientu uzskaite" in shown
        assert "Piezīmes" in shown
        assert not any(word in shown for word in ("Customer records", "What was noted", "Notes"))
    assert '>Vārdi<span class="source" translate="no">text</span>' in page
    assert '>Numurs sistēmā<span class="source" translate="no">customer_id</span>' in page
    assert "Words" not in page
    assert {*json.loads(package.read("data/crm/notes.json"))[0]} == {"id", "customer_id", "text"}
    files = json.loads(package.read("manifest.json"))["files"]
    assert ("crm", "notes") in {(one.get("connection"), one.get("collection")) for one in files}


def test_a_letter_names_the_systems_in_the_persons_language(named: House) -> None:
    reference = named.in_status("in_review", language="lv")
    with named.reading("dpo") as work:
        letter = letters.preview(named.portal, work, reference, "no_data", {})
    assert "Klientu uzskaite" in letter
    assert "Customer records" not in letter


@pytest.mark.parametrize("loaded", SHIPPED.values(), ids=SHIPPED)
def test_all_that_the_shipped_files_name_has_a_name_in_each_language(loaded: LoadedController) -> None:
    spoken = set(loaded.file.controller.languages)
    for data in loaded.datasets.values():
        assert [one for one in called(data) if not isinstance(one, dict) or set(one) != spoken] == []


def called(data: Dataset) -> list[object]:
    return [data.title, *(one.title for one in data.collections.values() if not one.skip)]
