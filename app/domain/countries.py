"""The countries by their names in the reader's language, and which languages a country speaks."""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from typing import Final

from babel import Locale
from babel.languages import get_official_languages

# Babel's list also has groups of countries and codes for tests.
GROUPS: Final = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"})
# What a country's official language is called in general, and one of its forms: it is named once.
_FORMS: Final = frozenset({"nb", "nn", "gsw"})


@lru_cache(maxsize=64)
def countries(language: str, regions: Iterable[tuple[str, str]] = ()) -> tuple[tuple[str, str], ...]:
    """Code and name of every country, as an alphabet has them; `regions` stand behind their country."""
    names = Locale.parse(language).territories
    whole = {code: name for code, name in names.items() if len(code) == 2 and code not in GROUPS}
    parts = {code: f"{whole[code[:2]]} ({region})" for code, region in regions}
    return tuple(sorted({**whole, **parts}.items(), key=lambda one: _plain(one[1])))


def official_languages(country: str, language: str) -> tuple[str, ...]:
    """The languages of a country, or of the one that it is a part of, by their names in another language."""
    names = Locale.parse(language).languages
    found = get_official_languages(country[:2], de_facto=True)
    return tuple(names.get(code, code) for code in found if code not in _FORMS)


def _plain(name: str) -> tuple[str, str]:
    """Letters with a mark stand beside those without."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(one for one in letters if not unicodedata.combining(one)), name
