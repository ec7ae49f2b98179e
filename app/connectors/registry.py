"""Which connector reads which kind of system: the `kind` of a connection in the controller file."""

from collections.abc import Callable, Mapping

from app.connectors.base import Connector
from app.connectors.sql import SqlConnector
from app.domain.errors import Invalid
from app.domain.messages import Message
from app.policies.draft import DescribedTable

KINDS: Mapping[str, Callable[[str], Connector]] = {"sql": SqlConnector}


def connect(kind: str, url: str) -> Connector:
    """The connector for a system. Nothing is opened yet, and `url` is kept out of every message."""
    if kind not in KINDS:
        kinds = ", ".join(KINDS)
        words = Message(
            "There is no connector of the kind “%(kind)s”. Choose one of: %(kinds)s.", {"kind": kind, "kinds": kinds}
        )
        raise Invalid({"kind": words})
    return KINDS[kind](url)


def described(url: str) -> tuple[DescribedTable, ...]:
    """What a database says of itself: a draft of a data map is made of it."""
    return SqlConnector(url).described()
