"""A sentence for a reader, kept apart from the language it will be said in.

`text` is the English source (also the translation key) with `%(name)s` places; `values` fill them. They may be
Messages, dates and countries: each is said in the reader's language where the sentence is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """One translatable sentence; `str()` gives the English one.

    Where a number decides how it is said, it is the value `count`, `text` is for one and `plural` for all others:
    `Message("%(count)s day", {"count": days}, "%(count)s days")`. Where English says two things with one word,
    `context` tells translators which: `Message("Open", context="of a request")`.
    """

    text: str
    values: Mapping[str, object] = field(default_factory=dict)
    plural: str = ""
    context: str = ""

    def __str__(self) -> str:
        text = self.plural if self.plural and self.values["count"] != 1 else self.text
        return text % self.values if self.values else text

    def __hash__(self) -> int:
        return hash(self.text)  # the values may be of any kind


@dataclass(frozen=True, slots=True)
class Listed:
    """Several sentences or words inside another sentence, each in the reader's language: one; two; three."""

    items: tuple[Message | str, ...]
    between: str = ", "

    def __str__(self) -> str:
        return self.between.join(str(item) for item in self.items)


class Worded(str):
    """A text of a law's pack inside a sentence: English by itself, and every language in which the pack has it."""

    texts: Mapping[str, str]

    @classmethod
    def of(cls, text: str | Mapping[str, str]) -> "Worded":
        texts = {"en": text} if isinstance(text, str) else text
        made = cls(texts.get("en") or next(iter(texts.values())))
        made.texts = texts
        return made
