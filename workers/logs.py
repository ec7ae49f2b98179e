"""Structured logs without personal data: JSON in production, readable lines elsewhere; always to standard error."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from app.settings import Settings

# What may stand in a log line: names of things and numbers. A key that is not here is dropped, so that nobody can log
# a name, an address or a text of a person by accident (Art. 5(1)(f), 32 GDPR).
ALLOWED = frozenset({
    "event", "level", "timestamp", "job", "kind", "attempt", "dead", "error", "where", "sweep", "touched",
    "request", "method", "rule", "status", "milliseconds",
})  # fmt: skip


def configure(settings: Settings) -> None:
    """Set structlog up for this process; libraries speak up only when something is wrong."""
    logging.getLogger("weasyprint").setLevel(logging.WARNING)
    logging.getLogger("fontTools").setLevel(logging.WARNING)
    renderer: Any = (
        structlog.processors.JSONRenderer() if settings.production else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            only_allowed,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def only_allowed(_logger: object, _method: str, line: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Drops whatever is not known to be harmless."""
    return {key: value for key, value in line.items() if key in ALLOWED}
