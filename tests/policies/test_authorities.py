"""The list of supervisory authorities: whole, honest about what nobody checked, and found by every law."""

import csv
from pathlib import Path

import pytest

from app.policies.authorities import LIST, load_authorities, read_authorities
from app.policies.faults import PolicyFaults
from app.policies.loader import load_regimes

VECTORS = Path(__file__).parents[1] / "vectors" / "authorities.csv"
BY_CODE = {one.code: one for one in load_authorities()}
HEAD = "code,country,name,local_name,website,scope,source,checked,wants"
ROW = "LV,Latvia,Data State Inspectorate,Datu valsts inspekcija,https://www.dvi.gov.lv,eu,seen,2026-11-22,asked_first"


def test_every_row_of_the_vectors_is_there() -> None:
    rows = list(csv.DictReader(VECTORS.read_text(encoding="utf-8").splitlines()))
    for row in rows:
        one = BY_CODE[row["code"]]
        held = (one.country, one.name, one.website, one.scope, one.source)
        assert held == tuple(row[name] for name in ("country", "name", "website", "scope", "source"))
        assert one.local_name.startswith(row["local_name"])  # letters alone are said in full where we know them
        assert (one.checked is not None) is (row["verified"] == "yes"), row["code"]
    assert set(BY_CODE) - {row["code"] for row in rows} == {"US-CA", "BR"}


@pytest.mark.parametrize(
    ("code", "language", "name"),
    [
        ("RU", "ru", "Роскомнадзор"), ("LV", "lv", "Datu valsts inspekcija"), ("DK", "ro", "Datatilsynet"),
        ("FR", "ru", "National Commission on Informatics and Liberty (CNIL)"),
        ("LV", "en", "Data State Inspectorate (Datu valsts inspekcija)"),
    ],
)  # fmt: skip
def test_an_authority_is_called_as_it_calls_itself(code: str, language: str, name: str) -> None:
    assert BY_CODE[code].called(language) == name


def test_nothing_from_knowledge_alone_counts_as_checked() -> None:
    for one in BY_CODE.values():
        assert (one.checked is None) is (one.source == "from knowledge"), one.code


def test_each_law_has_its_own_and_none_those_of_the_institutions() -> None:
    held = [code for pack in load_regimes().values() for code in pack.complaint.authorities]
    assert sorted(held) == sorted(set(BY_CODE) - {"EU"})
    for pack in load_regimes().all():
        assert pack.complaint.authorities, f"{pack.key} {pack.version}"
        assert all(code == one.code for code, one in pack.complaint.authorities.items())


def test_a_region_is_named_behind_its_country() -> None:
    assert (BY_CODE["DE-BY"].region, BY_CODE["US-CA"].region, BY_CODE["LV"].region) == ("Bavaria", "California", "")


@pytest.mark.parametrize(("code", "language", "name"), [
    ("LV", "en", "Data State Inspectorate (Datu valsts inspekcija)"), ("LV", "bg", "Datu valsts inspekcija"),
    ("RO", "ro", "ANSPDCP – Autoritatea Națională de Supraveghere a Prelucrării Datelor cu Caracter Personal"),
    ("BG", "ru", "Комисия за защита на личните данни"), ("DE-BE", "ro", "BlnBDI"),
])  # fmt: skip
def test_what_it_is_called(code: str, language: str, name: str) -> None:
    assert BY_CODE[code].called(language) == name


@pytest.mark.parametrize(("old", "new", "expected"), [
    ("LV,", "Latvia,", "authorities.csv:2: code: is “Latvia”; a country such as LV, or a part of one such as GB-ENG"),
    ("https://", "http://", "authorities.csv:2: website: is “http://www.dvi.gov.lv”; an address that begins with"),
    (",eu,", ",efta,", "authorities.csv:2: scope: is “efta”; allowed: br, eea, eu, "),
    ("2026-11-22", "lately", "authorities.csv:2: checked: "),
    ("asked_first", "tea", "authorities.csv:2: wants: is “tea”"),
    (ROW, f"{ROW}\n{ROW}", "authorities.csv:3: code: “LV” stands here twice; each once"),
    (ROW, f"{ROW},more", "authorities.csv:2: "),
])  # fmt: skip
def test_a_faulty_row_is_named(tmp_path: Path, old: str, new: str, expected: str) -> None:
    path = tmp_path / LIST.name
    path.write_text(f"{HEAD}\n{ROW.replace(old, new)}\n", encoding="utf-8")
    with pytest.raises(PolicyFaults) as caught:
        read_authorities(path)
    assert str(caught.value.faults[0]).startswith(expected)


def test_an_authority_may_have_no_page(tmp_path: Path) -> None:
    path = tmp_path / LIST.name
    path.write_text(f"{HEAD}\n{ROW.replace('https://www.dvi.gov.lv', '')}\n", encoding="utf-8")
    assert read_authorities(path)[0].website == ""
