"""A sentence for a reader, kept apart from the language it will be said in.

`text` is the English source (also the translation key) with `%(name)s` places; `values` fill them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Message:
    """One translatable sentence; `str()` gives the English one."""

    text: str
    values: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text % self.values if self.values else self.text
