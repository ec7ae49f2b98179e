"""Where staff answer requests: queue, case, moves, records (Art. 12, 15, 24)."""

from app.web.desk import (
    case,
    colleagues,
    evidence,
    home,
    items,
    letters,
    messages,
    moves,
    queue,
    representative,
    signed_form,
)
from app.web.desk.blueprint import blueprint

__all__ = [
    "blueprint", "case", "colleagues", "evidence", "home", "items", "letters", "messages", "moves", "queue",
    "representative", "signed_form",
]  # fmt: skip
