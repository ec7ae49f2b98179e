"""Articles as lawyers of each country cite them; whatever is not understood stays as it stands."""

import re

import pytest

from app.domain.citing import cite
from app.policies.loader import REGIMES
from app.policies.packs import read_regimes

ARTICLES = [
    ("Art. 12(3)", "12. panta 3. punkts", "ст. 12(3)", "art. 12 alin. (3)", "чл. 12, параграф 3"),
    ("GDPR, Art. 15(1)(c)", "VDAR, 15. panta 1. punkta c) apakšpunkts", "GDPR, ст. 15(1)(c)",
     "RGPD, art. 15 alin. (1) lit. (c)", "ОРЗД, чл. 15, параграф 1, буква в)"),
    ("Art. 15", "15. pants", "ст. 15", "art. 15", "чл. 15"),
    ("152-FZ, Art. 14(3), 20(1)", "Likums 152-FZ, 14. panta 3. punkts un 20. panta 1. punkts",
     "152-ФЗ, ст. 14(3) и ст. 20(1)",
     "Legea 152-FZ, art. 14 alin. (3) și art. 20 alin. (1)", "Закон 152-ФЗ, чл. 14, параграф 3 и чл. 20, параграф 1"),
    ("GDPR, recital 63", "VDAR, 63. apsvērums", "GDPR, преамбула, п. 63", "RGPD, considerentul 63",
     "ОРЗД, съображение 63"),
    ("Art. 22A to 22D", "22A. pants–22D. pants", "ст. 22A–22D", "art. 22A–22D", "чл. 22A–22D"),
    ("Art. 14(4) to (6)", "14. panta 4. punkts–6. punkts", "ст. 14(4)–(6)", "art. 14 alin. (4)–(6)",
     "чл. 14, параграф 4–параграф 6"),
    ("Civil Code, Art. 191", "Civilkodekss, 191. pants", "Гражданский кодекс, ст. 191", "Codul civil, art. 191",
     "Граждански кодекс, чл. 191"),
    ("DPA 2018, s. 164A", *["DPA 2018, s. 164A"] * 4),
]  # fmt: skip


@pytest.mark.parametrize("row", ARTICLES, ids=lambda row: row[0])
def test_each_language_cites_its_own_way(row: tuple[str, ...]) -> None:
    assert tuple(cite(row[0], language) for language in ("en", "lv", "ru", "ro", "bg")) == (row[0], *row[1:])


def test_no_article_of_a_pack_is_cited_half_in_english() -> None:
    for pack in read_regimes(REGIMES).all():
        for right in pack.rights.values():
            for language in ("lv", "ro", "bg"):
                told = cite(right.article, language)
                assert told == right.article or not re.search(r"\bArt\.|recital", told), told
