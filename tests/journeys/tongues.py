"""What people in five languages type, and whether a text that they read has English left in it."""

import re
from collections.abc import Collection, Iterator
from functools import cache

from babel.messages.pofile import read_po

from app.catalogs import DOMAINS, FOLDER, LANGUAGES

LOCALES = {"en": "en-GB", "lv": "lv-LV", "ru": "ru-RU", "ro": "ro-RO", "bg": "bg-BG"}
PEOPLE = {"en": "Alice Everett", "lv": "Zane Šķēle", "ru": "Жанна Щукина", "ro": "Ștefania Țîrlea", "bg": "Щилян Жечев"}
# What is typed into the fields, one after the other: short as people write, with the letters that fonts lack first.
TYPED = {
    "en": (
        "Her phone number ends in 14, not in 41.",
        "We looked at the records of last year, and then once more at those of this year.",
        "By the end of next month at the latest.",
        "The marketing department no longer uses the address.",
    ),
    "lv": (
        "Tālruņa numurs beidzas ar 14, nevis ar 41.",
        "Mēs apskatījām pagājušā gada ierakstus un pēc tam vēlreiz šī gada ierakstus.",
        "Vēlākais līdz nākamā mēneša beigām.",
        "Mārketinga nodaļa šo adresi vairs neizmanto; ķēķis, žņaugs, ģērbtuve.",
    ),
    "ru": (
        "Номер телефона заканчивается на 14, а не на 41.",
        "Мы просмотрели записи прошлого года, а затем ещё раз записи этого года.",
        "Не позднее конца следующего месяца.",
        "Отдел рекламы больше не использует этот адрес; съешь ещё щавеля.",
    ),
    "ro": (
        "Numărul de telefon se termină cu 14, nu cu 41.",
        "Ne-am uitat la înregistrările de anul trecut și apoi încă o dată la cele de anul acesta.",
        "Cel târziu până la sfârșitul lunii viitoare.",
        "Departamentul de publicitate nu mai folosește adresa; țăranul își vâră.",
    ),
    "bg": (
        "Телефонният номер завършва на 14, а не на 41.",
        "Прегледахме записите от миналата година и след това още веднъж тези от тази година.",
        "Най-късно до края на следващия месец.",
        "Рекламният отдел вече не използва адреса; щъркелът яде жаби.",
    ),
}
_PLACE = re.compile(r"%(?:\(\w+\))?[sd]|%%|\{\w+\}|<[^>]+>")
_WORD = re.compile(r"\w[\w’'-]*")
_FEWEST = 3  # fewer words in a row may well be a name or the same in both languages
# Words in Latin letters that are the same where people write Cyrillic: names of files, formats and people.
_LATIN = re.compile(r"\b[A-Za-z][A-Za-z’'-]+\b")
_ADDRESS = re.compile(r"\S+@\S+|https?://\S*|[\w-]+(?:\.[\w-]+)+|\b[0-9A-Z]{4}(?:-[0-9A-Z]{4})+\b|[\w-]{20,}")
_SAME = re.compile(
    "ACME|SoftFirm|SIA|Habeas|PDF|ZIP|CSV|JSON|JWS|HTML|SHA|UTF|GDPR|EUR|Riga|Street|Example|ID|index|html|manifest|report|cookie"
    "|English|Latviešu|Română|Dora|dpo|Datu|valsts|inspekcija|[Ss]hop|[Cc]ustomers|Information|Commissioner[’']s|Office|ICO"
    "|Mac|habeas-package|Data|Protection|Act|Windows|Linux|PowerShell|Get-FileHash|shasum|flask|packages|verify|jwks|PNG|JPEG|TIFF|HEIC|EML|DOCX"
)


def words(text: str) -> list[str]:
    """The words of a text, as they are compared."""
    return [word.casefold().replace("'", "’") for word in _WORD.findall(text)]


@cache
def _english(language: str) -> dict[tuple[str, ...], list[tuple[str, ...]]]:
    """The pieces of our English sentences that this language says in another way, by their first words."""
    found: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    theirs: set[tuple[str, ...]] = set()
    for source, said in _sentences(language):
        theirs |= set(_pieces(said))
        for piece in _pieces(source):
            found.setdefault(piece[:_FEWEST], []).append(piece)
    return {start: [one for one in pieces if one not in theirs] for start, pieces in found.items()}


def _sentences(language: str) -> Iterator[tuple[str, str]]:
    for domain in DOMAINS:
        with (FOLDER / language / "LC_MESSAGES" / f"{domain}.po").open("rb") as file:
            for message in read_po(file, locale=language):
                sources = message.id if isinstance(message.id, tuple | list) else (message.id,)
                said = message.string if isinstance(message.string, tuple | list) else (message.string,)
                for source in sources:
                    if source and all(said) and source not in said:
                        yield source, " ".join(said)


def _pieces(text: str) -> Iterator[tuple[str, ...]]:
    for part in _PLACE.split(text):
        piece = tuple(words(part))
        if len(piece) >= _FEWEST:
            yield piece


def latin_in(text: str) -> list[str]:
    """Its words in Latin letters."""
    return _LATIN.findall(text)


def english_in(text: str, language: str, names: Collection[str] = ()) -> list[str]:
    """What stands there in English although this language has words for it; `names` are called the same in all."""
    if language == LANGUAGES[0]:
        return []
    known, said = _english(language), words(text)
    left = [
        " ".join(piece)
        for at in range(len(said) - _FEWEST + 1)
        for piece in known.get(tuple(said[at : at + _FEWEST]), ())
        if tuple(said[at : at + len(piece)]) == piece
    ]
    if language in {"ru", "bg"}:
        plain = _ADDRESS.sub(" ", text)
        left += [
            " ".join(plain[max(0, one.start() - 60) : one.end() + 30].split())
            for one in _LATIN.finditer(plain)
            if not _SAME.fullmatch(one[0].strip("-’")) and len(one[0]) > 2 and one[0] not in names
        ]
    return sorted(set(left))
