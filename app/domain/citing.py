"""How an article of law is cited in the reader's language: Art. 12(3) is 12. panta 3. punkts, or art. 12 alin. (3).

The packs cite as English lawyers do (`GDPR, Art. 15(1)(c)`); what does not read like that stays as it stands.
"""

import re
from functools import lru_cache

_PLACE = re.compile(r"(?P<number>\d+[A-D]?|)(?P<parts>(?:\([0-9a-zA-Z.]+\))*)")
_CITED = re.compile(r"(?:(?P<law>[\w .,-]*?), )?(?P<kind>Arts?\.|recital|§) (?P<rest>.+)")
_BETWEEN = re.compile(r"( and |, | to )")
_BULGARIAN = dict(zip("abcdefghijk", "абвгдежзийк", strict=True))
_LAWS = {
    "lv": {
        "GDPR": "VDAR",
        "UK GDPR": "Apvienotās Karalistes VDAR",
        "Civil Code": "Civilkodekss",
        "152-FZ": "Likums 152-FZ",
    },
    "ru": {"152-FZ": "152-ФЗ", "Civil Code": "Гражданский кодекс"},
    "ro": {"GDPR": "RGPD", "UK GDPR": "RGPD-ul Regatului Unit", "Civil Code": "Codul civil", "152-FZ": "Legea 152-FZ"},
    "bg": {
        "GDPR": "ОРЗД",
        "UK GDPR": "ОРЗД на Обединеното кралство",
        "Civil Code": "Граждански кодекс",
        "152-FZ": "Закон 152-ФЗ",
    },
}
_BEFORE = {"lv": "", "ru": "ст. ", "ro": "art. ", "bg": "чл. "}
_JOINED = {"lv": " un ", "ru": " и ", "ro": " și ", "bg": " и "}
_RECITAL = {"lv": "{}. apsvērums", "ru": "преамбула, п. {}", "ro": "considerentul {}", "bg": "съображение {}"}


class Article(str):
    """An article inside a sentence: as the pack cites it by itself, and for another language to cite its own way."""

    __slots__ = ()


@lru_cache(maxsize=4096)
def cite(article: str, language: str) -> str:
    """The article as it is cited in that language."""
    found = _CITED.fullmatch(article)
    if language not in _LAWS or found is None:
        return article
    law = found["law"]
    if law is not None and law not in _LAWS[language] and law not in {"GDPR", "UK GDPR"}:
        return article
    told = (
        _RECITAL[language].format(found["rest"]) if found["kind"] == "recital" else _articles(found["rest"], language)
    )
    if told is None:
        return article
    return f"{_LAWS[language].get(law, law)}, {told}" if law else told


def _articles(rest: str, language: str) -> str | None:
    """`14(3), 20(1)`: every place in turn, joined as that language joins them."""
    told: list[str] = []
    for index, piece in enumerate(_BETWEEN.split(rest)):
        if index % 2:
            told.append("–" if piece == " to " else _JOINED[language])
            continue
        place = _PLACE.fullmatch(piece)
        if place is None or not piece:
            return None
        parts = re.findall(r"\(([^)]+)\)", place["parts"])
        named = bool(place["number"]) and told[-1:] != ["–"]
        told.append((_BEFORE[language] if named else "") + _STYLES[language](place["number"], parts))
    return "".join(told)


def _latvian(number: str, parts: list[str]) -> str:
    names = [("punkts", "punkta") if part[0].isdigit() else ("apakšpunkts", "apakšpunkta") for part in parts]
    words = [f"{number}. {'panta' if parts else 'pants'}"] if number else []
    for index, (part, (last, between)) in enumerate(zip(parts, names, strict=True)):
        mark = f"{part}." if part[0].isdigit() else f"{part})"
        words.append(f"{mark} {last if index == len(parts) - 1 else between}")
    return " ".join(words)


def _russian(number: str, parts: list[str]) -> str:
    return number + "".join(f"({part})" for part in parts)


def _romanian(number: str, parts: list[str]) -> str:
    told = "".join(f" alin. ({part})" if part[0].isdigit() else f" lit. ({part})" for part in parts)
    if not number:  # the end of a range, whose kind was named at its beginning
        return told.removeprefix(" alin. ").removeprefix(" lit. ")
    return number + told


def _bulgarian(number: str, parts: list[str]) -> str:
    told = "".join(
        f"{', ' if number or index else ''}параграф {part}"
        if part[0].isdigit()
        else f", буква {_BULGARIAN.get(part, part)})"
        for index, part in enumerate(parts)
    )
    return number + told


_STYLES = {"lv": _latvian, "ru": _russian, "ro": _romanian, "bg": _bulgarian}
