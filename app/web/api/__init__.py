"""The API for other systems (`/api/v1`): the same verbs and the same `can()` as the pages, told as JSON."""

from app.web.api import (  # they add their routes
    cases,
    catalogue,
    document,
    evidence,
    filings,
    items,
    letters,
    messages,
    moves,
    packages,
    problems,
    signed_forms,
    two_facts,
)
from app.web.api.operations import blueprint

problems.install(blueprint)

__all__ = [
    "blueprint", "cases", "catalogue", "document", "evidence", "filings", "items", "letters", "messages", "moves",
    "packages", "signed_forms", "two_facts",
]  # fmt: skip
