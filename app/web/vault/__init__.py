"""One person's request: the door with its typed code, where it stands, letters and the package (Art. 12(3), 15(3))."""

from app.web.vault import (
    complaint_pack,
    cosign,
    door,
    evidence,
    letters,
    messages,
    moves,
    on_file,
    package,
    signed_form,
    status,
    two_facts,
)
from app.web.vault.blueprint import blueprint

__all__ = [
    "blueprint", "complaint_pack", "cosign", "door", "evidence", "letters", "messages", "moves", "on_file", "package",
    "signed_form", "status", "two_facts",
]  # fmt: skip
