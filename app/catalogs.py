"""The languages that the portal speaks (Art. 12(1): intelligible, in plain language), and what each says.

Two catalogues for each: `habeas`, the portal's own words, and `law`, the texts of the regime packs.
"""

import contextlib
import hashlib
import io
import tempfile
from collections.abc import Mapping
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Final, Literal

Domain = Literal["habeas", "law"]
DOMAINS: Final[tuple[Domain, ...]] = ("habeas", "law")
LANGUAGES: Final = ("en", "lv", "ru", "ro", "bg")
NAMES: Final[Mapping[str, str]] = {
    "en": "English", "lv": "Latviešu", "ru": "Русский", "ro": "Română", "bg": "Български",
}  # fmt: skip
FOLDER: Final = Path(__file__).parent / "translations"
_MADE_OF: Final = "project-id-version"  # a header that every binary catalogue has


class _Absent(NullTranslations):
    """Says nothing where a catalogue has no word, so that `translated` can tell."""

    def gettext(self, message: str) -> str:
        return ""


@cache
def translation(language: str, domain: Domain = "habeas") -> NullTranslations:
    """What a language says; English, and what a catalogue lacks, is the source itself."""
    return _read(language, domain) or NullTranslations()


def translated(text: str, domain: Domain = "law") -> dict[str, str]:
    """An English text in all the languages that have it."""
    others = {language: _strict(language, domain).gettext(text) for language in LANGUAGES[1:]} if text else {}
    return {"en": text, **{language: said for language, said in others.items() if said}}


@cache
def _strict(language: str, domain: Domain) -> NullTranslations:
    catalogue = _read(language, domain) or _Absent()
    catalogue.add_fallback(_Absent())
    return catalogue


def _read(language: str, domain: Domain) -> GNUTranslations | None:
    source = FOLDER / language / "LC_MESSAGES" / f"{domain}.po"
    if language not in LANGUAGES or not source.is_file():
        return None
    text = source.read_bytes()
    made = source.with_suffix(".mo")
    if made.is_file():
        with made.open("rb") as file:
            found = GNUTranslations(file)
        if found.info().get(_MADE_OF, "").endswith(_digest(text)):
            return found
    return GNUTranslations(io.BytesIO(_made(made, text, language)))


def _made(target: Path, text: bytes, language: str) -> bytes:
    """The binary catalogue, kept beside its source where that may be written: a checkout of another user may not."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    catalogue = read_po(io.BytesIO(text), locale=language)
    for message in catalogue:
        if message.pluralizable and not all(message.string or ()):
            message.flags.add("fuzzy")  # a form that lacks would be English in the wrong number
    catalogue.project, catalogue.version = target.stem, _digest(text)
    made = io.BytesIO()
    write_mo(made, catalogue)
    with contextlib.suppress(OSError), tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        file.write(made.getvalue())
        Path(file.name).chmod(0o644)  # set-up may be another user than the one who serves
        Path(file.name).replace(target)
    return made.getvalue()


def make() -> None:
    """Every binary catalogue that is not as its source: what set-up does, so that the first reader need not wait."""
    for language in LANGUAGES[1:]:
        for domain in DOMAINS:
            _read(language, domain)


def _digest(text: bytes) -> str:
    return hashlib.sha256(text).hexdigest()[:32]


if __name__ == "__main__":
    make()
